"""Judging statements: each once, at the first commit whose tree holds it and what it names.

The order of the checks is the order in which their codes are given; the first failure is the verdict. A
statement that cannot be judged yet (what it names is not here, or its signature does not verify over its
bytes) waits and leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from isodocs.core.document import type_of
from isodocs.core.identity import SCHEMES
from isodocs.core.life import Approval, Judged
from isodocs.core.lineage import present_content_of
from isodocs.core.statement import (
    ON_APPROVED_REVISION,
    UNKNOWN_WRITER,
    Assurance,
    Content,
    Meaning,
    Statement,
)
from isodocs.core.warrant import check_role, check_signer
from isodocs.core.writing import writers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.document import Document
    from isodocs.core.life import Authority, Evidence, Life, State, Verdict
    from isodocs.core.settings import Settings
    from isodocs.core.tree import Text
    from isodocs.core.writing import Writers

__all__ = [
    "Entered",
    "barred",
    "counting",
    "frozen_writers",
    "hoped",
    "judge_document",
    "judgement",
    "naming",
    "prepared",
    "signature",
    "waits_for_files",
    "writers",
]

_UNSIGNED = frozenset({Assurance.UNSIGNED, Assurance.LEGACY})
_FOR_ISSUE = frozenset({Meaning.APPROVED, Meaning.AUTHORED, Meaning.REVIEWED})
_NONE: frozenset[str] = frozenset()
_NOTHING: Mapping[str, frozenset[str]] = {}


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement with what it names: an approved revision, or the text that stands in the tree."""

    digest: str
    statement: Statement
    verdict: Verdict | None
    approval: Approval | None
    document: Document


@dataclass(frozen=True, slots=True)
class Entered:
    """What was judged of one document in a step.

    Attributes:
        items: its statements.
        text: the document, as it stands in the step's tree.
        writers: who wrote that text, where it was asked and none of the items became void by the answer.
    """

    items: tuple[Judged, ...]
    text: Text | None
    writers: Writers | None = None


def judge_document(
    state: State, name: str, governing: Authority, evidence: Evidence, *, snapshot: bool = False
) -> Entered | None:
    """Judge what the tree holds about one document and was not judged before; None where there is nothing.

    Args:
        state: with the tree of C(n), its time and number, and the lives of S(n−1).
        name: the document's id.
        governing: the authority of S(n−1), or of the root at the root.
        evidence: what stands in the blobs.
        snapshot: whether predecessors and commits are unknown.
    """
    if len(state.tree.paths.get(name, ())) > 1:
        return None
    life = state.life(name)
    fresh = state.tree.about.get(name, _NOTHING).keys() - {item.digest for item in life.judged}
    if not fresh:
        return None
    text = state.tree.text(name, evidence.digests)
    cases = [
        case
        for digest in sorted(fresh)
        if (case := _case(state, name, digest, life, text, governing, evidence)) is not None
    ]
    if not cases:
        return None
    judged = [_judge(case, state, life, governing, snapshot=snapshot) for case in cases]
    judged = _require_later_independence(judged, cases, life, governing)
    if text is None or text.content is None or life.approved(text.content):
        return Entered(tuple(judged), text)
    return _require_independence(judged, state, name, life, text, governing, evidence, snapshot=snapshot)


def _case(
    state: State,
    name: str,
    digest: str,
    life: Life,
    text: Text | None,
    governing: Authority,
    evidence: Evidence,
) -> _Case | None:
    """The statement ready to be judged, or None where it has to wait."""
    found = state.tree.statement(digest, name)
    statement = found[1].statement if found else None
    if statement is None or statement.qms != governing.settings.qms or statement.id is None:
        return None
    approval = life.approved(statement.content)
    if approval is not None:
        document = approval.document
    elif text is None or statement.meaning in ON_APPROVED_REVISION or statement.content != text.content:
        return None
    else:
        document = text.document
    verdict = None
    if statement.assurance not in _UNSIGNED:
        verdict = signature(state, digest, evidence, name)
        if verdict is None or not verdict.ok:
            return None
    return _Case(digest, statement, verdict, approval, document)


def signature(state: State, digest: str, evidence: Evidence, name: str | None = None) -> Verdict | None:
    """The verdict on the signature beside a statement; where it lies in several places, the best.

    Without the name of what it is about, all that is in the tree is looked through.
    """
    tree, verdict = state.tree, None
    held = tree.statements.get(digest, _NONE) if name is None else tree.holding(name, digest)
    for path in sorted(held):
        beside = state.tree.files.get(path + ".sig")
        if beside is not None and beside.regular:
            verdict = evidence.check(state.tree.files[path].oid, beside.oid)
            if verdict.ok:
                return verdict
    return verdict


def _judge(case: _Case, state: State, life: Life, governing: Authority, *, snapshot: bool) -> Judged:
    code, why = (
        check_signer(case.statement, case.verdict, state.time, governing)
        or check_role(case.statement, state.time, governing)
        or ("", "")
    )
    if not code and not snapshot:
        code, why = _check_predecessor(case, state, life) or ("", "")
    if not code:
        code, why = _check_number(case, life, governing) or ("", "")
    weak = _is_weak(case, governing.settings)
    return judgement(case.digest, case.statement, case.verdict, state, code, why, weak=weak)


def _is_weak(case: _Case, settings: Settings) -> bool:
    """Whether its assurance is below what the policy of its meaning asks."""
    statement, kind = case.statement, settings.types.get(type_of(case.statement.id or ""))
    if kind is None:
        return False
    policy = kind.policy(statement.meaning)
    asked = policy.assurance
    if statement.meaning is Meaning.AUTHORED and kind.prepared == "signed":
        asked = Assurance.SIGNED
    if policy.user_verification and not (case.verdict is not None and case.verdict.user_verified):
        return True
    return statement.assurance.rank < max(asked.rank, 1)


def judgement(
    digest: str,
    statement: Statement,
    verdict: Verdict | None,
    state: State,
    code: str,
    why: str,
    *,
    weak: bool = False,
) -> Judged:
    """What became of a statement at this step; without a code it is valid."""
    return Judged(
        digest,
        statement,
        state.number,
        state.commit,
        state.time,
        code,
        why,
        verdict.key if verdict else "",
        verdict.fingerprint if verdict else "",
        weak,
        verdict is not None and verdict.user_verified,
    )


def hoped(statement: Statement) -> Judged:
    """A statement that is only about to be signed, as if it had entered, as strong as it can be."""
    return Judged("", statement, -1, "", 0, user_verified=True)


def _check_predecessor(case: _Case, state: State, life: Life) -> tuple[str, str] | None:
    expected = case.approval.predecessors if case.approval else life.predecessors
    if case.statement.predecessor not in expected:
        return "RV106", "it was signed on another predecessor than the last approved revision"
    if case.statement.meaning is Meaning.WITHDRAWN and case.approval is not life.approvals[-1]:
        return "RV106", "it withdraws a revision that is not the last approved one"
    if case.statement.meaning is Meaning.REAFFIRMED and case.approval is not life.in_force(state.time):
        return "RV106", "it reaffirms a revision that was not in force"
    return None


def _check_number(case: _Case, life: Life, governing: Authority) -> tuple[str, str] | None:
    stated = case.approval.revision if case.approval else case.document.revision
    if case.statement.revision != stated:
        return "RV102", f"it names revision {case.statement.revision}, the document says {stated}"
    kind = governing.settings.types.get(case.document.type)
    if case.approval or kind is None:
        return None
    number = _number(kind.revision, stated)
    if number is None:
        return "RV105", f"revision {stated!r} is not written as the type asks ({kind.revision})"
    for approval in life.approvals:
        earlier = _number(kind.revision, approval.revision)
        if earlier is not None and number <= earlier:
            return "RV102", f"revision {stated} is not above revision {approval.revision}, approved before"
    return None


@lru_cache(maxsize=4096)
def _number(scheme: str, revision: str) -> tuple[int, ...] | None:
    return SCHEMES[scheme].parse(revision)


def _require_independence(
    judged: list[Judged],
    state: State,
    name: str,
    life: Life,
    text: Text,
    governing: Authority,
    evidence: Evidence,
    *,
    snapshot: bool,
) -> Entered:
    """Void the approvals of people who wrote what they approve."""
    kind, content = governing.settings.types.get(text.document.type), text.content
    asked = any(item.valid and item.statement.meaning is Meaning.APPROVED for item in judged)
    if content is None or not asked or kind is None or kind.independence == "none":
        return Entered(tuple(judged), text)
    here = life.entered(judged)
    seen = None if snapshot else writers(state, name, here, content, governing, evidence)
    people = seen.people if seen is not None else _NONE
    wrote = people | frozen_writers(here, content)
    refuse_unknown = _refuses(governing, people)
    items = tuple(_independent(item, content, wrote, refuse_unknown=refuse_unknown) for item in judged)
    unchanged = all(item is before for item, before in zip(items, judged, strict=True))
    return Entered(items, text, seen if unchanged else None)


def _require_later_independence(
    judged: list[Judged], cases: list[_Case], life: Life, governing: Authority
) -> list[Judged]:
    """A further approval of an approved revision is held against those who wrote that revision."""
    if all(case.approval is None for case in cases):
        return judged
    here = life.entered(judged)
    found = []
    for item, case in zip(judged, cases, strict=True):
        approval = case.approval
        if approval is None or approval.independence == "none":
            found.append(item)
            continue
        wrote = approval.seen_writers | frozen_writers(here, approval.content)
        refuse_unknown = _refuses(governing, approval.seen_writers)
        found.append(_independent(item, approval.content, wrote, refuse_unknown=refuse_unknown))
    return found


def _refuses(governing: Authority, seen: frozenset[str]) -> bool:
    return governing.settings.unknown_writers == "refuse" and UNKNOWN_WRITER in seen


def _independent(item: Judged, content: Content, wrote: frozenset[str], *, refuse_unknown: bool) -> Judged:
    statement = item.statement
    if not item.valid or statement.meaning is not Meaning.APPROVED or statement.content != content:
        return item
    if dependent := sorted(item.people & wrote):
        return replace(item, code="AP104", why=_dependence(statement, dependent[0]))
    if refuse_unknown:
        return replace(
            item, code="AP104", why="part of it was written by somebody the register does not know"
        )
    return item


def _dependence(statement: Statement, writer: str) -> str:
    """Why an approval is not independent: nobody hands on what he may not do himself."""
    if statement.signer == statement.person:
        return f"{writer} wrote part of it, so cannot approve it"
    if writer == statement.signer:
        return f"{writer} wrote part of it, so cannot approve it for {statement.person} either"
    return f"{writer} wrote part of it, so a deputy cannot approve it for {writer} either"


def naming(life: Life, content: Content) -> list[Judged]:
    """The valid statements of any meaning that name a content."""
    return life.naming(content)


def frozen_writers(life: Life, content: Content) -> frozenset[str]:
    """The writers whom the statements on a content name; what is too weak to count names nobody."""
    return frozenset(
        writer for item in naming(life, content) if not item.weak for writer in item.statement.writers
    )


def counting(life: Life, content: Content) -> list[Judged]:
    """The approvals of a content that stand: on the right predecessor, and not barred by a return."""
    if barred(life, content):
        return []
    approvals, expected = life.valid(Meaning.APPROVED, content), life.predecessors
    return [item for item in approvals if life.snapshot or item.statement.predecessor in expected]


def barred(life: Life, content: Content) -> bool:
    """Whether somebody returned this exact content and has not approved it since."""
    returned = [item for item in life.valid(Meaning.RETURNED, content) if not item.weak]
    if not returned:
        return False
    approved = [item for item in life.valid(Meaning.APPROVED, content) if not item.weak]
    return any(
        all(one.statement.person != bar.statement.person or not _later(one, bar) for one in approved)
        for bar in returned
    )


def _later(item: Judged, bar: Judged) -> bool:
    return (item.step, item.statement.time) > (bar.step, bar.statement.time)


def prepared(life: Life, content: Content, seen: frozenset[str], approvals: Iterable[Judged]) -> bool:
    """Whether every writer has signed that he wrote it."""
    wrote = seen | {writer for item in approvals for writer in item.statement.writers}
    return wrote <= {item.statement.person for item in life.valid(Meaning.AUTHORED, content) if not item.weak}


def waits_for_files(
    state: State, document: Document, path: str, governing: Authority, evidence: Evidence
) -> bool:
    """Whether a statement that would be valid waits for files that the document embeds and that miss."""
    name, partial = document.id, present_content_of(document, path, state.tree.files.get, evidence.digests)
    known = {item.digest for item in state.life(name).judged}
    for digest in state.tree.about.get(name, _NOTHING).keys() - known:
        held = state.tree.statement(digest, name)
        statement = held[1].statement if held else None
        if (
            statement is None
            or statement.meaning not in _FOR_ISSUE
            or statement.qms != governing.settings.qms
        ):
            continue
        rest = dict(statement.content.embedded).items() >= dict(partial.embedded).items()
        if statement.content.document != partial.document or not rest:
            continue
        verdict = None if statement.assurance in _UNSIGNED else signature(state, digest, evidence, name)
        if statement.assurance in _UNSIGNED or (verdict is not None and verdict.ok):
            case = _Case(digest, statement, verdict, None, document)
            if _judge(case, state, state.life(name), governing, snapshot=state.life(name).snapshot).valid:
                return True
    return False
