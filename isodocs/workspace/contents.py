"""What stands in a tree: its blobs, its documents, its settings, and how it differs from another."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from isodocs.core import status
from isodocs.core.document import is_document
from isodocs.core.history import ABSENT_MODE, Change, Entry
from isodocs.core.lazy import Lazy, loaded
from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_document, read_register, read_settings
from isodocs.core.settings import ALWAYS_PROTECTED, REGISTER_FILE, SETTINGS_FILE, Settings
from isodocs.git.tree import FEW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from isodocs.core.authority import Register
    from isodocs.core.library import Blobs, Reading
    from isodocs.core.life import Evidence, State
    from isodocs.core.problem import Problem
    from isodocs.core.status import DocumentView
    from isodocs.git.repository import Repository
    from isodocs.git.tree import Tree


def required(tree: Tree) -> tuple[Settings, Register]:
    """Settings and register of a tree.

    Raises:
        CannotRun: one is missing or cannot be read; the text holds every problem with its place.
    """
    missing = [path for path in ALWAYS_PROTECTED if path not in tree.entries]
    if missing:
        raise CannotRun(f"There is no {' and no '.join(missing)} here. Run 'isodocs init' to begin.")
    for path in ALWAYS_PROTECTED:
        if not tree.entries[path].regular:
            raise CannotRun(f"{path} is a link or a submodule here; it must be an ordinary file. Restore it.")
    settings, faults = read_settings(tree.read(SETTINGS_FILE))
    register, more = read_register(tree.read(REGISTER_FILE))
    if settings is None or register is None:
        raise CannotRun("\n".join(_line(problem) for problem in (*faults, *more)))
    return settings, register


def _line(problem: Problem) -> str:
    place = f"{problem.path}:{problem.span.line}:{problem.span.column}"
    return f"{place}: {problem.code} {problem.message} {problem.fix}".rstrip()


def differences(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> tuple[Change, ...]:
    """What differs between two trees, sorted by path."""
    absent = Entry(ABSENT_MODE, "")
    return tuple(
        Change(path, old.mode, new.mode, old.oid, new.oid)
        for path in sorted(before.keys() | after.keys())
        if (old := before.get(path, absent)) != (new := after.get(path, absent))
    )


class Documents(Lazy[str, "Reading"]):
    """Every document file of a tree by its path, read in full as it is asked for."""

    def __init__(self, tree: Tree, settings: Settings) -> None:
        super().__init__(partial(_document, tree, settings), partial(_documents, tree, settings))
        self._tree, self._settings = tree, settings

    def passing(self, paths: Iterable[str]) -> Iterator[Reading]:
        """Some of them, read in one go in the order asked for; they are not remembered."""
        return _readings(self._tree, self._settings, paths)


def _document(tree: Tree, settings: Settings, path: str) -> Reading | None:
    entry = tree.entries.get(path) if is_document(path) else None
    if entry is None or not entry.regular:
        return None
    return read_document(path, tree.read(path), settings.fields)


def _documents(tree: Tree, settings: Settings) -> Iterator[tuple[str, Reading]]:
    paths = [path for path in tree.entries if is_document(path)]
    return ((one.path, one) for one in _readings(tree, settings, paths))


def read_paths(tree: Tree, paths: Iterable[str], settings: Settings) -> dict[str, Reading]:
    """Files of a tree read as documents, those that are ordinary files."""
    return {one.path: one for one in _readings(tree, settings, paths)}


def _readings(tree: Tree, settings: Settings, paths: Iterable[str]) -> Iterator[Reading]:
    regular = [path for path in paths if tree.entries[path].regular]
    for path, data in tree.read_many(regular):
        yield read_document(path, data, settings.fields)


def views(state: State, evidence: Evidence, moment: int) -> dict[str, DocumentView]:
    """Status of every document, by id, worked out as it is asked for."""
    authority = state.authority
    if authority is None:
        return {}

    def one(name: str) -> DocumentView | None:
        if not state.life(name).approvals and name not in state.tree.paths:
            return None
        return status.document_view(state, name, evidence, moment, authority)

    return Lazy(one, lambda: ((one.id, one) for one in status.view(state, evidence, moment)))


def contents_of(
    tree: Tree | None, repository: Repository | None
) -> Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]:
    """Blobs by object name: from the tree where it has them, from git otherwise."""
    own = {entry.oid: path for path, entry in _own(tree)}

    def read(oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = list(oids)
        here = [oid for oid in wanted if oid in own]
        if tree is not None:
            for oid, (_, data) in zip(here, tree.read_many([own[oid] for oid in here]), strict=True):
                yield oid, data
        elsewhere = [oid for oid in wanted if oid not in own]
        if repository is not None and len(elsewhere) <= FEW:
            yield from ((oid, repository.asking.blob(oid)) for oid in elsewhere)
        elif repository is not None:
            yield from repository.blobs(elsewhere)

    return read


def _own(tree: Tree | None) -> Iterator[tuple[str, Entry]]:
    """The files of a tree that git may not have."""
    if tree is not None and tree.base is None:
        yield from tree.entries.items()
    elif tree is not None:
        yield from ((path, entry) for path, entry in tree.changes.items() if entry is not None)


def by_digest(evidence: Evidence, tree: Tree | None, repository: Repository | None) -> Blobs:
    """Files by SHA-256, read where they lie."""
    contents = contents_of(tree, repository)

    def read(digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        asked = list(digests)
        names = {digest: oid for oid, digest in loaded(evidence.digests).items()}
        if evidence.named is not None:
            missing = [digest for digest in asked if digest not in names]
            names |= {digest: oid for digest in missing if (oid := evidence.named(digest)) is not None}
        wanted = {names[digest]: digest for digest in asked if digest in names}
        for oid, data in contents(wanted):
            yield wanted[oid], data

    return read


def now() -> int:
    """The clock: seconds since 1970."""
    return int(time.time())
