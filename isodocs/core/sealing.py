"""From what a mainline holds to a seal: all that entered, by document, and the sets that governed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.core.identity import format_time
from isodocs.core.problem import CannotRun
from isodocs.core.seal import VOID, Counts, InForce, Seal, SealedAuthority, SealedDocument, SealedSet
from isodocs.core.statement import Meaning, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isodocs.core.library import Library
    from isodocs.core.life import Adoption, Approval, Judged, Life, State

_NAMED = 12

Within = Callable[[int, int], bool]
"""Whether what happened at a step and a time belongs to what is described."""


@dataclass(frozen=True, slots=True)
class Described:
    """What had entered a mainline, up to a step or a time."""

    authority: SealedAuthority
    documents: dict[str, SealedDocument]


def make(library: Library, *, signer: str, name: str) -> Seal:
    """The seal of a mainline as it stands at the library's moment.

    Args:
        library: the mainline, as reading commands open it.
        signer: who is going to sign it, and his printed name.
        name: his printed name.

    Raises:
        CannotRun: nothing has begun there yet.
    """
    state = library.state
    if state.root is None or not state.adoptions:
        raise CannotRun("The mainline has no trust root yet, so there is nothing to seal.")
    found = describe(state, library.moment)
    return Seal(
        qms=library.settings.qms,
        title=library.settings.title,
        mainline=library.settings.mainline,
        made=format_time(library.moment),
        signer=signer,
        name=name,
        commit=state.commit,
        time=format_time(state.time),
        steps=state.number - state.adoptions[0].step + 1,
        root=state.root,
        object_format="sha1" if len(state.commit) == 40 else "sha256",  # noqa: PLR2004 - digits of a SHA-1
        authority=found.authority,
        counts=_counts(found),
        documents=found.documents,
    )


def describe(state: State, moment: int, within: Within | None = None) -> Described:
    """All that entered, and what was in force at a moment (seconds since 1970); ``within`` leaves out."""
    chosen = within or (lambda _step, _time: True)
    lives = {name: _cut(life, chosen) for name, life in sorted(state.lives.items())}
    documents = {name: _document(life, moment) for name, life in lives.items() if life.judged}
    sets = [one for one in state.adoptions if chosen(one.step, one.time)]
    judged = [one for one in state.authority_log if chosen(one.step, one.time)]
    return Described(_authority(sets, judged), documents)


def _cut(life: Life, within: Within) -> Life:
    return replace(
        life,
        approvals=tuple(one for one in life.approvals if within(one.step, one.time)),
        reaffirmations=tuple(one for one in life.reaffirmations if within(one.step, one.time)),
        withdrawals=tuple(one for one in life.withdrawals if within(one.step, one.time)),
        judged=tuple(one for one in life.judged if within(one.step, one.time)),
    )


def _document(life: Life, moment: int) -> SealedDocument:
    approval = life.in_force(moment)
    return SealedDocument(
        entered=_entered(life.judged),
        revisions={one.revision: format_time(one.effective_from) for one in life.approvals},
        in_force=_in_force(life, approval) if approval else None,
        withdrawn=format_time(life.withdrawals[-1].time) if life.withdrawn else None,
        digest=_digest(_lines(life)),
    )


def _entered(judged: Iterable[Judged]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for item in _in_order(judged):
        found.setdefault(format_time(item.time), []).append(name_of(item))
    return {time: tuple(names) for time, names in found.items()}


def name_of(item: Judged) -> str:
    """What a seal calls a statement: as its file is called, and whether it was void."""
    statement = item.statement
    void = f"{VOID}{item.code}" if item.code else ""
    revision = f"{statement.revision}/" if statement.id else ""
    return f"{revision}{statement.meaning}.{statement.person}.{item.digest[:_NAMED]}{void}"


def _in_order(items: Iterable[Judged]) -> list[Judged]:
    return sorted(items, key=lambda item: (item.step, item.digest))


def _in_force(life: Life, approval: Approval) -> InForce:
    approving = [
        item.digest
        for item in life.valid(Meaning.APPROVED, approval.content)
        if not item.weak and approval.requirement.counts(item)
    ]
    return InForce(
        revision=approval.revision,
        content=approval.content.digest,
        effective_from=format_time(approval.effective_from),
        approved_by=tuple(sorted(approving)),
    )


def _statements(judged: Iterable[Judged]) -> list[str]:
    return [
        f"statement {item.digest} {format_time(item.time)} {item.code or '-'}" for item in _in_order(judged)
    ]


def _lines(life: Life) -> list[str]:
    """What the digest of a document is made over."""
    lines = _statements(life.judged)
    for one in life.approvals:
        since = format_time(one.effective_from)
        lines.append(f"approved {one.revision} {one.content.digest} {format_time(one.time)} {since}")
    lines += [
        f"reaffirmed {one.content.digest} {format_time(one.time)} {one.due or '-'}"
        for one in life.reaffirmations
    ]
    lines += [f"withdrawn {one.digest} {format_time(one.time)}" for one in life.withdrawals]
    return lines


def _authority(sets: list[Adoption], judged: list[Judged]) -> SealedAuthority:
    known = {item.digest: name_of(item) for item in judged}
    chain = [
        " ".join(("set", one.digest, format_time(one.time), one.predecessor or "-", *one.statements))
        for one in sets
    ]
    found = tuple(
        SealedSet(
            content=one.digest,
            entered=format_time(one.time),
            signed=tuple(known[digest] for digest in one.statements),
            recovered=one.recovered,
        )
        for one in sets
    )
    content = sets[-1].digest if sets else sha256(b"")
    return SealedAuthority(
        content=content, sets=found, entered=_entered(judged), digest=_digest([*_statements(judged), *chain])
    )


def _digest(lines: Iterable[str]) -> str:
    return sha256("".join(f"{line}\n" for line in lines).encode("utf-8"))


def _counts(found: Described) -> Counts:
    documents = found.documents.values()
    statements = sum(len(one.names) for one in documents) + len(found.authority.names)
    return Counts(
        documents=len(found.documents),
        revisions=sum(len(one.revisions) for one in documents),
        statements=statements,
        in_force=sum(one.in_force is not None for one in documents),
        withdrawn=sum(one.withdrawn is not None for one in documents),
        sets=len(found.authority.sets),
    )
