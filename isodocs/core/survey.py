"""What is out of the ordinary in a state, as short lists: what rules ask of documents that nobody touched.

It is worked out once for a state and kept with it. For the next state only what changed is looked at again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from isodocs.core import status
from isodocs.core.document import DOCUMENTS, SIGNATURES, is_document
from isodocs.core.identity import fold_id
from isodocs.core.statement import AUTHORITY_ID, Assurance, place_of
from isodocs.core.tree import is_statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from isodocs.core.history import Entry
    from isodocs.core.life import Authority, Evidence, Judged, State

Placed = tuple[str, str]
"""A statement of the tree: what it is about (``_authority`` for settings and people), and its digest."""

Due = tuple[int, int | None, str]
"""From when until when a revision is in force (seconds since 1970; None: open), and its review date."""

_UNSIGNED = frozenset({Assurance.UNSIGNED, Assurance.LEGACY})


@dataclass(frozen=True, slots=True)
class Survey:
    """Of one state; ``index.Index`` says what each list holds.

    ``gone`` are the ids that once were judged and have no readable file; ``due`` tells of each revision in
    force at the state's time or later, by the set that ``governs`` (its digest); ``claims`` are
    by path what readable documents seem to supersede; ``qms`` is whose statements belong here.
    """

    drafts: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    here: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()
    irregular: frozenset[str] = frozenset()
    strays: frozenset[str] = frozenset()
    waiting: frozenset[Placed] = frozenset()
    unproven: frozenset[Placed] = frozenset()
    lesser: frozenset[Placed] = frozenset()
    collisions: frozenset[tuple[str, ...]] = frozenset()
    due: Mapping[str, tuple[Due, ...]] = field(default_factory=dict)
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    qms: str = ""
    governs: str = ""

    def to_bytes(self) -> bytes:
        """Written down."""
        row: dict[str, Any] = {name: sorted(getattr(self, name)) for name in _LISTS}
        row |= {"due": {name: self.due[name] for name in sorted(self.due)}, "qms": self.qms}
        row |= {"governs": self.governs, "claims": {path: self.claims[path] for path in sorted(self.claims)}}
        row["collisions"] = sorted(self.collisions)
        return json.dumps(row, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Survey:
        """What ``to_bytes`` wrote; nothing else may be given."""
        row = json.loads(data)
        lists: dict[str, Any] = {name: frozenset(row[name]) for name in _NAMES}
        lists |= {name: frozenset(map(tuple, row[name])) for name in (*_PLACED, "collisions")}
        due = {name: tuple(map(tuple, rows)) for name, rows in row["due"].items()}
        claims = {path: tuple(names) for path, names in row["claims"].items()}
        return cls(**lists, due=due, claims=claims, qms=row["qms"], governs=row["governs"])

    def updated(
        self,
        state: State,
        evidence: Evidence,
        names: frozenset[str],
        paths: frozenset[str],
        listing: Callable[[str], Iterable[str]],
    ) -> Survey:
        """The survey of a later state, which differs from this one in some ids and paths.

        Args:
            state: the later state.
            evidence: what it was folded with.
            names: all ids that may differ.
            paths: all paths that may differ.
            listing: the names of what lies in a folder, at any moment since; too many do not matter.
        """
        names |= _signed_at(state, evidence, paths)
        paths |= {f"{path}.sig" for path in paths}

        def proven(placed: Placed, held: frozenset[str]) -> bool:
            """Whether a statement was proven before, and its files are those of then."""
            return placed not in self.unproven and not any(
                one in paths or f"{one}.sig" in paths for one in held
            )

        fresh = survey(state, evidence, names, paths, proven)
        if fresh.qms != self.qms:
            return everything(state, evidence)
        groups = collided(self.collisions, paths, state.tree.files, listing)
        fresh = replace(fresh, collisions=groups)

        def merged(name: str) -> frozenset[Any]:
            old = getattr(self, name)
            if name in _PLACED:
                old = frozenset(one for one in old if one[0] not in names)
            else:
                old = old - (paths if name in _PATHS else names)
            found: frozenset[Any] = old | getattr(fresh, name)
            return found

        others = self.due
        if fresh.governs != self.governs:  # other settings, other intervals
            others = dict(_all_due(state, self.here | self.gone))
        due = {name: rows for name, rows in others.items() if name not in names} | dict(fresh.due)
        claims = {path: one for path, one in self.claims.items() if path not in paths} | dict(fresh.claims)
        lists: dict[str, Any] = {name: merged(name) for name in _LISTS}
        return replace(fresh, **lists, due=due, claims=claims)


_PATHS = ("unreadable", "irregular", "strays")
_PLACED = ("waiting", "unproven", "lesser")
_OTHERS = frozenset({"collisions", "due", "claims", "qms", "governs"})
_LISTS = tuple(one.name for one in fields(Survey) if one.name not in _OTHERS)
_NAMES = tuple(name for name in _LISTS if name not in _PLACED)


def survey(
    state: State,
    evidence: Evidence,
    names: Iterable[str],
    paths: Iterable[str],
    proven: Callable[[Placed, frozenset[str]], bool] | None = None,
) -> Survey:
    """Look at some documents and files of a state, by id and by path.

    The state must have an authority.

    Args:
        state: the state.
        evidence: what it was folded with.
        names: the ids.
        paths: the paths.
        proven: whether it is known that a statement in these files lies beside the signature by which it
            entered; that is a signature less to be checked.
    """
    authority = state.authority
    assert authority is not None  # noqa: S101 - nothing else is ever kept or judged
    found: dict[str, set[Any]] = {name: set() for name in _LISTS}
    names = tuple(names)
    for name in names:
        for kind in _kinds(state, evidence, name):
            found[kind].add(name)
        for kind, digest in _statements(state, evidence, name, proven):
            found[kind].add((name, digest))
    qms, claims = authority.settings.qms, dict[str, tuple[str, ...]]()
    for path in paths:
        entry = state.tree.files.get(path)
        if entry is not None:
            for kind in _faults(state, evidence, qms, path, entry):
                found[kind].add(path)
            document = evidence.documents[entry.oid] if is_document(path) and entry.regular else None
            if document is not None and document.supersedes:
                claims[path] = document.supersedes
    lists: dict[str, Any] = {name: frozenset(values) for name, values in found.items()}
    due = dict(_all_due(state, names))
    return Survey(**lists, due=due, claims=claims, qms=qms, governs=authority.digest)


def everything(state: State, evidence: Evidence) -> Survey:
    """Look at all of a state."""
    names = {*state.lives, *state.tree.paths, *state.tree.about}
    found = survey(state, evidence, names, [path for path in state.tree.files if "/" in path])
    return replace(found, collisions=_collisions(state.tree.files))


def united(parts: Iterable[Survey], paths: Iterable[str]) -> Survey:
    """The survey of a state from surveys of its parts.

    Args:
        parts: one at least; all by the same settings.
        paths: of all files of the state.
    """
    lists: dict[str, set[Any]] = {name: set() for name in _LISTS}
    due: dict[str, tuple[Due, ...]] = {}
    claims: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for name, values in lists.items():
            values.update(getattr(part, name))
        due |= part.due
        claims |= part.claims
    whole: dict[str, Any] = {name: frozenset(values) for name, values in lists.items()}
    return replace(part, **whole, due=due, claims=claims, collisions=_collisions(paths))


def _collisions(paths: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """The groups of document files whose paths differ in capital and small letters only."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        if path.startswith(DOCUMENTS):
            groups[folded(path)].append(path)
    return frozenset(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def folded(path: str) -> str:
    """A path as Windows and macOS tell paths apart."""
    return path.lower() if path.isascii() else fold_id(path)


def collided(
    known: Iterable[tuple[str, ...]],
    paths: Iterable[str],
    files: Mapping[str, Entry],
    listing: Callable[[str], Iterable[str]],
) -> frozenset[tuple[str, ...]]:
    """The groups of files whose paths differ in capital and small letters only, where some paths changed."""
    changed = [path for path in paths if path.startswith(DOCUMENTS) and path in files]
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for group in known:
        groups[folded(group[0])].update(group)
    for path in changed:
        groups[folded(path)].update((path, *_variants(path, listing)))
    here = [tuple(sorted(path for path in group if path in files)) for group in groups.values()]
    return frozenset(group for group in here if len(group) > 1)


def _variants(path: str, listing: Callable[[str], Iterable[str]]) -> list[str]:
    """The paths that may differ from one in capital and small letters only."""
    found = [""]
    for part in path.split("/"):
        wanted = folded(part)
        found = [f"{before}{name}/" for before in found for name in listing(before) if folded(name) == wanted]
    return [one.rstrip("/") for one in found]


def _kinds(state: State, evidence: Evidence, name: str) -> Iterator[str]:
    """In which of the lists of ids a document belongs."""
    if name == AUTHORITY_ID:
        return
    life, paths = state.life(name), state.tree.paths.get(name, frozenset())
    if status.draft_of(state, name, life, evidence) is not None:
        yield "drafts"
    if life.approvals and not life.withdrawn and not paths:
        yield "missing"
    if len(paths) > 1:
        yield "repeated"
    if life.withdrawn:
        yield "withdrawn"
    if paths:
        yield "here"
    elif life.judged:
        yield "gone"


def _all_due(state: State, names: Iterable[str]) -> Iterator[tuple[str, tuple[Due, ...]]]:
    authority = state.authority
    if authority is None:
        return
    for name in names:
        if rows := tuple(_due(state, name, authority)):
            yield name, rows


def _due(state: State, name: str, authority: Authority) -> Iterator[Due]:
    life = state.life(name)
    for since, until, approval in status.times(life):
        if until is not None and until <= state.time:
            continue
        day = status.review_due(life, approval, authority)
        if day is not None:
            yield since, until, day.isoformat()


def _signed_at(state: State, evidence: Evidence, paths: Iterable[str]) -> frozenset[str]:
    """What the statements are about whose signature files changed."""
    beside = {path.removesuffix(".sig") for path in paths if path.endswith(".json.sig")}
    entries = (state.tree.files.get(path) for path in beside if is_statement(path))
    readings = (evidence.statements.get(entry.oid) for entry in entries if entry and entry.regular)
    return frozenset(one.statement.about for one in readings if one and one.statement)


def due_at(rows: Iterable[Due], moment: int) -> date | None:
    """When the review of what is in force at a moment is due."""
    for since, until, day in rows:
        if since <= moment and (until is None or moment < until):
            return date.fromisoformat(day)
    return None


def _statements(
    state: State, evidence: Evidence, name: str, proven: Callable[[Placed, frozenset[str]], bool] | None
) -> Iterator[tuple[str, str]]:
    """In which of the lists of statements those about a document belong."""
    items = state.authority_log if name == AUTHORITY_ID else state.life(name).judged
    known = {item.digest: item for item in items}
    for digest, paths in state.tree.about.get(name, {}).items():
        item = known.get(digest)
        if item is None:
            yield "waiting", digest
        elif item.valid and (item.weak or item.statement.assurance is not Assurance.SIGNED):
            yield "lesser", digest
        known_before = item is not None and proven is not None and proven((name, digest), paths)
        if not known_before and not is_proven(state, evidence, item, paths):
            yield "unproven", digest


def is_proven(state: State, evidence: Evidence, item: Judged | None, paths: frozenset[str]) -> bool:
    """Whether a statement lies in one place, beside the signature by which it entered."""
    if item is not None and item.statement.assurance in _UNSIGNED:
        return True
    if item is None or not item.key or len(paths) != 1:
        return False
    (path,) = paths
    files = state.tree.files
    beside = files.get(f"{path}.sig")
    if beside is None or not beside.regular:
        return False
    verdict = evidence.check(files[path].oid, beside.oid)
    return verdict.ok and verdict.key == item.key


def _faults(state: State, evidence: Evidence, qms: str, path: str, entry: Entry) -> Iterator[str]:
    """In which of the lists of paths a file belongs."""
    if path.startswith(DOCUMENTS) and not entry.regular:
        yield "irregular"
    elif is_document(path) and not evidence.documents[entry.oid].id:
        yield "unreadable"
    elif path.startswith(SIGNATURES) and not fits(state.tree.files, evidence, qms, path, entry):
        yield "strays"


def fits(files: Mapping[str, Entry], evidence: Evidence, qms: str, path: str, entry: Entry) -> bool:
    """Whether a file is a statement of this QMS in its place, or the signature beside a statement."""
    if not entry.regular:
        return False
    if path.endswith(".json.sig"):
        return path[: -len(".sig")] in files
    reading = evidence.statements.get(entry.oid) if path.endswith(".json") else None
    if reading is None or reading.statement is None or reading.statement.qms != qms:
        return False
    return path == place_of(reading.statement, reading.digest)
