"""A history without the signatures of the documents that other machines judge.

Statements and signatures are most of what a history holds, and what it takes longest to read and to verify.
So the part of one machine leaves those of the other documents out, by the folders in which they lie. Nothing
is guessed: each statement left out was seen to be about the document in whose folder it lies, and where
settings protect files below ``signatures/`` nothing is left out. All commits and all documents stay, so that
authors, embedded files, links and ids are what they are for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from isodocs.core import document, reading
from isodocs.core.document import SIGNATURES, is_document
from isodocs.core.history import REGULAR_MODES, Commit, Step
from isodocs.core.lazy import Lazy
from isodocs.core.settings import SETTINGS_FILE
from isodocs.core.shard import Shard, signed_in
from isodocs.core.tree import StatementFile, is_statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from isodocs.core.history import Change
    from isodocs.core.library import Library
    from isodocs.core.status import DocumentView

    Blobs = Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]

_WITHDRAWN = b'\n  "meaning": "withdrawn",\n'


@dataclass(slots=True)
class _Seen:
    """What a history says before anything but settings and statements is read.

    Attributes:
        statements: the places of each statement, by object name.
        signed: the documents of other parts that have a folder of signatures.
        named: the object names of the documents of the newest tree, by place.
        settings: the object names of all settings.
    """

    statements: dict[str, set[str]] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)
    named: dict[str, str] = field(default_factory=dict)
    settings: dict[str, None] = field(default_factory=dict)


def left_out(
    steps: Sequence[Step], extra: Sequence[Step], blobs: Blobs, share: Shard
) -> tuple[Shard, Callable[[str], bool]]:
    """The part, which then says what it knows, and whether a file is left out, by its path.

    Args:
        steps: the mainline from its very first commit on.
        extra: the steps after it; they stay as they are.
        blobs: gives the contents of blobs by object name.
        share: the part.
    """
    found = _look_through(steps, extra, share)
    if any(_protects_signatures(data) for _, data in blobs(found.settings)):
        return share, lambda _path: False
    others, misplaced = _read(found, blobs)
    others |= found.signed - _with_file(found, blobs)
    part = replace(share, others=frozenset(others), narrowed=True)
    kept = misplaced | {f"{path}.sig" for path in misplaced}
    folders: dict[str, bool] = {}

    def goes(path: str) -> bool:
        """Whether a file is left out; asked for each change, so by what is known of its folder."""
        if not path.startswith(SIGNATURES):
            return False
        folder = path[len(SIGNATURES) :].partition("/")[0]
        if folder not in folders:
            folders[folder] = not part.reads(path)
        return folders[folder] and path not in kept

    return part, goes


def narrowed(
    steps: Sequence[Step], extra: Sequence[Step], blobs: Blobs, share: Shard
) -> tuple[list[Step], Shard]:
    """The steps as one part reads them, and the part; see ``left_out``."""
    part, goes = left_out(steps, extra, blobs, share)
    if not part.narrowed:
        return list(steps), part
    known: dict[str, Commit] = {}

    def left(commit: Commit) -> Commit:
        if commit.oid not in known:
            known[commit.oid] = _without(commit, goes)
        return known[commit.oid]

    return [Step(left(step.commit), tuple(map(left, step.arrivals))) for step in steps], part


def _look_through(steps: Sequence[Step], extra: Sequence[Step], share: Shard) -> _Seen:
    found = _Seen()
    mine: dict[str, bool] = {}
    for step in (*steps, *extra):
        for change in step.commit.diffs[0]:
            if is_document(change.path):
                _note_document(found.named, change)
        for commit in step.arrivals:
            for change in (change for diff in commit.diffs for change in diff):
                if change.path.startswith(SIGNATURES):
                    name = signed_in(change.path)
                    if name not in mine:
                        mine[name] = not name or share.has(name)
                        found.signed |= set() if mine[name] else {name}
                    if is_statement(change.path) and change.new_mode in REGULAR_MODES:
                        found.statements.setdefault(change.new, set()).add(change.path)
                elif change.path == SETTINGS_FILE and change.new_mode in REGULAR_MODES:
                    found.settings[change.new] = None
    return found


def _note_document(named: dict[str, str], change: Change) -> None:
    named.pop(change.path, None)
    if change.new_mode in REGULAR_MODES:
        named[change.path] = change.new


def _protects_signatures(data: bytes) -> bool:
    """Whether settings could protect a file below ``signatures/``: then its changes are everybody's."""
    settings = reading.read_settings(data)[0]
    globs = settings.authority.protects if settings is not None else ()
    starts = (glob.partition("*")[0].partition("?")[0] for glob in globs)
    return any(start.startswith(SIGNATURES) or SIGNATURES.startswith(start) for start in starts)


def _read(found: _Seen, blobs: Blobs) -> tuple[set[str], set[str]]:
    """The documents that every part reads, and the statements in wrong folders."""
    others, misplaced = set[str](), set[str]()
    for oid, data in blobs(found.statements):
        ends = _WITHDRAWN in data
        for path in found.statements[oid]:
            name = signed_in(path)
            if not _is_about(data, name):
                said = StatementFile.from_bytes(data).statement
                if said is not None:
                    misplaced.add(path)
                    others.add(said.about)
            if ends:
                others.add(name)
    return others, misplaced


def _is_about(data: bytes, name: str) -> bool:
    """Whether a statement can be about no other document: it has one way to be written, a key on a line."""
    return b'\n  "id": "%s",\n' % name.encode("ascii") in data


def _with_file(found: _Seen, blobs: Blobs) -> set[str]:
    """The ids of all documents of the newest tree that can be read."""
    return {document.read(data).id for _, data in blobs(dict.fromkeys(found.named.values()))}


def _without(commit: Commit, goes: Callable[[str], bool]) -> Commit:
    """A commit without what is not read here."""
    if not any(goes(change.path) for diff in commit.diffs for change in diff):
        return commit
    diffs = tuple(tuple(change for change in diff if not goes(change.path)) for diff in commit.diffs)
    return replace(commit, diffs=diffs)


def divided(library: Library, share: Shard) -> Library:
    """The library with its part noted; what is looked through, that part only is worked out."""
    part = library.share or share
    if library.defaults:
        return library
    views = _views(library, part) if part.narrowed else library.views
    return replace(library, share=part, views=views, bundles=None, briefs=None)


def _views(library: Library, part: Shard) -> Mapping[str, DocumentView]:
    """The views that are known in full; any other is none."""
    known, state = library.views, library.state

    def one(name: str) -> DocumentView | None:
        return known.get(name) if part.knows(name) else None

    def everything() -> Iterator[tuple[str, DocumentView]]:
        names = state.lives.keys() | state.tree.paths.keys()
        for name in sorted(filter(part.knows, names)):
            view = one(name)
            if view is not None:
                yield name, view

    return Lazy(one, everything)
