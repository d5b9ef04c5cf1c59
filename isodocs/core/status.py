"""Status of documents at a time, read from a state of the fold. Nothing is decided here, only told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.identity import local_day
from isodocs.core.lifecycle import capped
from isodocs.core.statement import Assurance, Content, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from isodocs.core.document import Document
    from isodocs.core.life import Approval, Authority, Evidence, Judged, Life, State


class Status(StrEnum):
    """Where a document, or a revision of it, stands."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    RETURNED = "returned"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Draft:
    """The text in the tree where it is not what was approved last."""

    document: Document
    path: str
    status: Status
    content: Content | None

    @property
    def revision(self) -> str:
        """The number the text gives itself."""
        return self.document.revision


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One approved revision: from when until when it was in force. Times in seconds since 1970."""

    approval: Approval
    status: Status
    effective_from: int | None
    effective_until: int | None
    signatures: tuple[Judged, ...]
    assurance: Assurance
    challenged: bool
    approved_by_author: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document at a time: what is in force, what is coming, what is being drafted."""

    id: str
    status: Status
    in_force: RevisionView | None
    upcoming: tuple[Approval, ...]
    draft: Draft | None
    review_due: date | None
    overdue: bool
    challenged: bool
    revisions: tuple[RevisionView, ...]
    life: Life

    @property
    def document(self) -> Document | None:
        """The text that speaks for the document: in force, else approved last, else the draft."""
        if self.in_force:
            return self.in_force.approval.document
        if self.draft and not self.life.approvals:
            return self.draft.document
        return self.life.approvals[-1].document if self.life.approvals else None

    @property
    def path(self) -> str:
        """Where that text stands, or stood."""
        if self.in_force:
            return self.in_force.approval.path
        if self.draft and not self.life.approvals:
            return self.draft.path
        return self.life.approvals[-1].path if self.life.approvals else ""


def view(state: State, evidence: Evidence, moment: int) -> tuple[DocumentView, ...]:
    """Every document of the state at a time, sorted by id.

    Args:
        state: the fold up to the last step not later than ``moment``.
        evidence: what the fold was made with.
        moment: seconds since 1970.
    """
    authority = state.authority
    if authority is None:
        return ()
    names = {name for name, life in state.lives.items() if life.approvals} | state.tree.paths.keys()
    return tuple(document_view(state, name, evidence, moment, authority) for name in sorted(names))


def document_view(
    state: State, name: str, evidence: Evidence, moment: int, authority: Authority
) -> DocumentView:
    """One document at a time; see ``view``."""
    life = state.life(name)
    revisions = tuple(revision(life, number, moment, authority) for number in range(len(life.approvals)))
    in_force = next((one for one in revisions if one.status is Status.EFFECTIVE), None)
    upcoming = tuple(one.approval for one in revisions if one.status is Status.APPROVED)
    draft = draft_of(state, name, life, evidence)
    due = review_due(life, in_force.approval, authority) if in_force else None
    today = local_day(moment, authority.settings.timezone)
    return DocumentView(
        id=name,
        status=standing(in_force, upcoming, draft, withdrawn=life.withdrawn),
        in_force=in_force,
        upcoming=upcoming,
        draft=draft,
        review_due=due,
        overdue=due is not None and today > due,
        challenged=in_force is not None and in_force.challenged,
        revisions=revisions,
        life=life,
    )


def standing(in_force: object, upcoming: object, draft: Draft | None, *, withdrawn: bool) -> Status:
    """Of a document, by what it has."""
    if in_force:
        return Status.EFFECTIVE
    if upcoming:
        return Status.APPROVED
    if withdrawn:
        return Status.WITHDRAWN
    return draft.status if draft else Status.DRAFT


def review_due(life: Life, approval: Approval, authority: Authority) -> date | None:
    """The day by which a revision must be reviewed; None if its type asks for no review."""
    reaffirmed = [item for item in life.reaffirmations if item.content == approval.content]
    if reaffirmed:
        return reaffirmed[-1].due
    document = approval.document
    return capped(document.review_date, document.type, approval.time, authority.settings)


def revision(life: Life, number: int, moment: int, authority: Authority) -> RevisionView:
    """One approved revision at a time, by its number in the document's life, from 0."""
    approval = life.approvals[number]
    end = end_of(life, number)
    began = approval.effective_from if end is None or approval.effective_from < end else None
    statements = tuple(item for item in life.judged if item.statement.content == approval.content)
    counting = [
        item
        for item in statements
        if item.valid and item.statement.meaning is Meaning.APPROVED and approval.requirement.counts(item)
    ]
    return RevisionView(
        approval=approval,
        status=standing_of(began, end, moment, withdrawn=was_withdrawn(life, number, end)),
        effective_from=began,
        effective_until=end if began is not None else None,
        signatures=statements,
        assurance=min((item.statement.assurance for item in counting), key=lambda one: one.rank),
        challenged=_challenged(approval, counting, authority),
        approved_by_author=_by_author(approval, counting),
    )


def times(life: Life) -> Iterator[tuple[int, int | None, Approval]]:
    """Each revision that was not withdrawn and came into force, or will: from when until when."""
    for number, approval in enumerate(life.approvals):
        end = end_of(life, number)
        withdrawn = any(number < one.ended and one.time == end for one in life.withdrawals)
        if not withdrawn and (end is None or approval.effective_from < end):
            yield approval.effective_from, end, approval


def end_of(life: Life, number: int) -> int | None:
    """When a revision stopped being in force, or will: a later one's date, or a withdrawal."""
    withdrawal = next((item for item in life.withdrawals if number < item.ended), None)
    ends = [
        later.effective_from
        for index, later in enumerate(life.approvals[number + 1 :], number + 1)
        if _came_into_force(life, index)
    ]
    if withdrawal:
        ends.append(withdrawal.time)
    return min(ends, default=None)


def _came_into_force(life: Life, number: int) -> bool:
    """Whether a revision's date comes before a withdrawal ends it."""
    withdrawal = next((item for item in life.withdrawals if number < item.ended), None)
    return withdrawal is None or life.approvals[number].effective_from < withdrawal.time


def was_withdrawn(life: Life, number: int, end: int | None) -> bool:
    """Whether a revision that ended then was ended by a withdrawal."""
    withdrawal = next((item for item in life.withdrawals if number < item.ended), None)
    return withdrawal is not None and end == withdrawal.time


def standing_of(began: int | None, end: int | None, moment: int, *, withdrawn: bool) -> Status:
    """Of a revision, by when it was in force."""
    if withdrawn:
        return Status.WITHDRAWN
    if end is not None and end <= moment:
        return Status.SUPERSEDED
    if began is not None and began <= moment:
        return Status.EFFECTIVE
    return Status.APPROVED


def _challenged(approval: Approval, counting: list[Judged], authority: Authority) -> bool:
    """Whether the approvals whose keys are not in doubt no longer satisfy the policy they once did."""
    register, zone = authority.register, authority.settings.zone
    sound = [
        item
        for item in counting
        if not any(key.compromised(item.time, zone) for _, key in register.keys_of(item.key))
    ]
    return not approval.requirement.satisfied(sound)


def _by_author(approval: Approval, counting: list[Judged]) -> bool:
    wrote = approval.seen_writers | {writer for item in counting for writer in item.statement.writers}
    return any(item.people & wrote for item in counting)


def draft_of(state: State, name: str, life: Life, evidence: Evidence) -> Draft | None:
    """The text in the tree, unless it is what was approved last."""
    found = state.tree.find(name)
    if found is None:
        return None
    path, document = found
    content = state.tree.content(name, evidence.digests)
    if content is not None and life.approvals and life.approvals[-1].content == content:
        return None
    return Draft(document, path, _draft_status(state, found, life, content, evidence), content)


def _draft_status(
    state: State, found: tuple[str, Document], life: Life, content: Content | None, evidence: Evidence
) -> Status:
    if content is None:
        (path, document), authority = found, state.authority
        waits = authority is not None and judging.waits_for_files(state, document, path, authority, evidence)
        return Status.IN_REVIEW if waits else Status.DRAFT
    if life.approved(content):
        return Status.DRAFT
    if judging.barred(life, content):
        return Status.RETURNED
    return Status.IN_REVIEW if judging.naming(life, content) else Status.DRAFT
