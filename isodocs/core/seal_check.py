"""What became of what was sealed: is the sealed tip still on the mainline, and if not, what is other now.

As long as the sealed commit stands on the mainline's first-parent chain, git's own hashes hold all before it.
It is compared all the same: another trust root, or an isodocs that reads otherwise, would show here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from isodocs.core.identity import parse_time
from isodocs.core.seal import VOID
from isodocs.core.sealing import Described, describe
from isodocs.core.tree import AUTHORITY_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import State
    from isodocs.core.lineage import Lineage
    from isodocs.core.seal import InForce, Seal, SealedAuthority, SealedDocument, SealedSet


class _Signed(Protocol):
    """What statements entered about, by name and time."""

    @property
    def names(self) -> dict[str, str]: ...


class Kind(StrEnum):
    """What happened to something that was sealed."""

    MISSING = "missing"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was sealed.

    Attributes:
        kind: ``new`` means: by its date it was there when the seal was made, and the seal has it not.
        id: the document; ``_authority`` for settings and people; empty for the history as a whole.
        item: ``commit``, ``trust root``, ``authority set``, ``document``, ``revision``, ``statement``, ``in
            force``, ``withdrawal`` or ``digest``.
        name: which one; empty where there is only one.
        sealed: what the seal says; None for what is new.
        found: what the history says now; None for what is missing.
    """

    kind: Kind
    id: str
    item: str
    name: str
    sealed: str | None
    found: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A seal beside the mainline of today.

    Attributes:
        stands: the sealed tip is on the mainline's first-parent chain.
        grown: how many steps came since; None where the tip is not there.
        differences: what is not as it was sealed.
    """

    stands: bool
    grown: int | None
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing that was sealed has changed."""
        return self.stands and not self.differences


def compare(seal: Seal, library: Library) -> Comparison:
    """Hold a seal against a mainline.

    Args:
        seal: as it was read.
        library: the mainline of the same management system, as reading commands open it.
    """
    state = library.state
    step = step_on_mainline(library.evidence.lineage, state.commit, seal.commit)
    made, tip_time = parse_time(seal.made) or 0, parse_time(seal.time) or 0
    now = describe(state, made, lambda at, time: time <= tip_time if step is None else at <= step)
    ever = describe(state, made)
    differences = (
        *_history(seal, state, step),
        *_authority(seal.authority, now.authority, ever.authority),
        *_documents(seal, now, ever),
    )
    return Comparison(step is not None, None if step is None else state.number - step, differences)


def step_on_mainline(lineage: Lineage, tip: str, commit: str) -> int | None:
    """The number of a commit on the first-parent chain that ends at a tip; None if it is not there."""
    chain, following = list[str](), tip
    while following in lineage.commits:
        chain.append(following)
        parents = lineage.commits[following].parents
        following = parents[0] if parents else ""
    return len(chain) - 1 - chain.index(commit) if commit in chain else None


def _history(seal: Seal, state: State, step: int | None) -> Iterator[Difference]:
    if step is None:
        yield Difference(Kind.MISSING, "", "commit", "", seal.commit, None)
    if seal.root != state.root:
        yield Difference(Kind.CHANGED, "", "trust root", "", seal.root, state.root)


def _authority(sealed: SealedAuthority, now: SealedAuthority, ever: SealedAuthority) -> Iterator[Difference]:
    differences = [*_sets(sealed, now, ever), *_statements(AUTHORITY_ID, sealed, now, ever)]
    if not differences and sealed.digest != now.digest:
        differences.append(_other_digest(AUTHORITY_ID, sealed.digest, now.digest))
    yield from differences


def _other_digest(name: str, sealed: str, found: str | None) -> Difference:
    return Difference(Kind.CHANGED, name, "digest", "of all that entered", sealed, found)


def _sets(sealed: SealedAuthority, now: SealedAuthority, ever: SealedAuthority) -> Iterator[Difference]:
    known = {_key(one): one for one in ever.sets}
    for one in sealed.sets:
        same = known.get(_key(one))
        if same != one:
            kind = Kind.MISSING if same is None else Kind.CHANGED
            found = None if same is None else _set(same)
            yield Difference(kind, AUTHORITY_ID, "authority set", one.content[:16], _set(one), found)
    had = {_key(one) for one in sealed.sets}
    for one in now.sets:
        if _key(one) not in had:
            yield Difference(Kind.NEW, AUTHORITY_ID, "authority set", one.content[:16], None, _set(one))


def _key(one: SealedSet) -> tuple[str, tuple[str, ...]]:
    return one.content, one.signed


def _set(one: SealedSet) -> str:
    signed = f", signed {', '.join(one.signed)}" if one.signed else ""
    return f"since {one.entered}{signed}{', recovered' if one.recovered else ''}"


def _documents(seal: Seal, now: Described, ever: Described) -> Iterator[Difference]:
    for name, sealed in sorted(seal.documents.items()):
        if name not in ever.documents:
            statements, revisions = len(sealed.names), len(sealed.revisions)
            yield Difference(
                Kind.MISSING, name, "document", "", f"statements: {statements}, revisions: {revisions}", None
            )
            continue
        yield from _document(name, sealed, now.documents.get(name), ever.documents[name])
    for name in sorted(now.documents.keys() - seal.documents.keys()):
        text = f"statements: {len(now.documents[name].names)}"
        yield Difference(Kind.NEW, name, "document", "", None, text)


def _document(
    name: str, sealed: SealedDocument, now: SealedDocument | None, ever: SealedDocument
) -> Iterator[Difference]:
    differences = [
        *_statements(name, sealed, now, ever),
        *_revisions(name, sealed, now, ever),
        *_standing(name, sealed, now),
    ]
    if not differences and (now is None or now.digest != sealed.digest):
        differences.append(_other_digest(name, sealed.digest, now.digest if now else None))
    yield from differences


def _statements(name: str, sealed: _Signed, now: _Signed | None, ever: _Signed) -> Iterator[Difference]:
    known = _by_file(ever.names)
    for one, (code, time) in _by_file(sealed.names).items():
        then = _entry(code, time)
        if one not in known:
            yield Difference(Kind.MISSING, name, "statement", one, then, None)
        elif known[one] != (code, time):
            yield Difference(Kind.CHANGED, name, "statement", one, then, _entry(*known[one]))
    had = _by_file(sealed.names)
    for one, (code, time) in _by_file(now.names if now else {}).items():
        if one not in had:
            yield Difference(Kind.NEW, name, "statement", one, None, _entry(code, time))


def _by_file(names: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Code of the verdict (empty: valid) and time of entry, by the statement's own name."""
    found = {}
    for name, time in names.items():
        file, _, code = name.partition(VOID)
        found[file] = (code, time)
    return found


def _entry(code: str, time: str) -> str:
    return f"entered {time}{f', void ({code})' if code else ''}"


def _revisions(
    name: str, sealed: SealedDocument, now: SealedDocument | None, ever: SealedDocument
) -> Iterator[Difference]:
    for number, since in sealed.revisions.items():
        found = ever.revisions.get(number)
        if found is None:
            yield Difference(Kind.MISSING, name, "revision", number, f"effective from {since}", None)
        elif found != since:
            then, today = f"effective from {since}", f"effective from {found}"
            yield Difference(Kind.CHANGED, name, "revision", number, then, today)
    for number, since in (now.revisions if now else {}).items():
        if number not in sealed.revisions:
            yield Difference(Kind.NEW, name, "revision", number, None, f"effective from {since}")


def _standing(name: str, sealed: SealedDocument, now: SealedDocument | None) -> Iterator[Difference]:
    """What was in force, and what was withdrawn, when the seal was made."""
    then, today = sealed.in_force, now.in_force if now else None
    if (then and (then.revision, then.content)) != (today and (today.revision, today.content)):
        yield Difference(Kind.CHANGED, name, "in force", "", _said(then), _said(today))
    ended = now.withdrawn if now else None
    if sealed.withdrawn != ended:
        kind = Kind.NEW if sealed.withdrawn is None else Kind.MISSING if ended is None else Kind.CHANGED
        yield Difference(kind, name, "withdrawal", "", sealed.withdrawn, ended)


def _said(one: InForce | None) -> str:
    return f"revision {one.revision}, content {one.content[:16]}" if one else "nothing"
