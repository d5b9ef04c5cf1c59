"""What waits for a person's signature on a branch: the documents that `--waiting` takes up, by meaning."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.policy import requirement
from isodocs.core.statement import Content, Meaning
from isodocs.core.status import Status
from isodocs.registers.acknowledgements import audience
from isodocs.registers.progress import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.document import Document
    from isodocs.core.library import Library
    from isodocs.core.life import Authority, Judged
    from isodocs.core.status import DocumentView, Draft

_OF_DRAFTS = frozenset({Meaning.APPROVED, Meaning.REVIEWED, Meaning.AUTHORED})
CAN_WAIT = frozenset(Meaning) - {Meaning.RETURNED, Meaning.AUTHORITY}


def waiting(library: Library, meaning: Meaning, person: str) -> tuple[str, ...]:
    """The documents that wait for this person's signature in this meaning, by id.

    Args:
        library: what is committed on a branch, as the next step of the mainline.
        meaning: of those in ``CAN_WAIT``.
        person: who would sign, or is signed for.

    What waits: for ``approved``, drafts nobody returned in which a role of his is missing and of which he
    wrote nothing; for ``reviewed``, the same under a policy of its own; for ``authored``, what he wrote
    where policy asks the writer to sign; for ``reaffirmed``, what is due soon or overdue; for
    ``acknowledged``, what is in force for an audience he belongs to; for ``withdrawn``, what others have
    begun to withdraw.
    """
    authority = (library.base or library.state).authority
    if authority is None:
        return ()
    one = _Person(library, authority, person)
    asks = {
        Meaning.APPROVED: one.approves,
        Meaning.REVIEWED: one.reviews,
        Meaning.AUTHORED: one.authors,
        Meaning.REAFFIRMED: one.reaffirms,
        Meaning.ACKNOWLEDGED: one.acknowledges,
        Meaning.WITHDRAWN: one.withdraws,
    }[meaning]
    views = standing(library)
    return tuple(name for name in sorted(_candidates(library, meaning, views)) if asks(views[name]))


def _candidates(library: Library, meaning: Meaning, views: Mapping[str, DocumentView]) -> Iterable[str]:
    """The documents that could wait, by the index where it tells: nobody else's life is read."""
    if meaning in _OF_DRAFTS:
        return library.index.drafts
    before, here = (library.base or library.state).authority, library.state.authority
    if meaning is not Meaning.REAFFIRMED or before is None or here is None or before.digest != here.digest:
        return views
    soon = timedelta(days=before.settings.review.due_soon_days)
    names = {*library.index.due(library.today + soon), *library.touched, *library.state.changed}
    return [name for name in names if name in views]


class _Person:
    """One person before the documents of a library."""

    def __init__(self, library: Library, authority: Authority, person: str) -> None:
        self.library = library
        self.authority = authority
        self.person = person

    def holds(self, roles: Iterable[str]) -> bool:
        """Whether he holds one of these roles now."""
        register, zone = self.authority.register, self.authority.settings.zone
        return any(register.holds(self.person, role, self.library.moment, zone) for role in roles)

    def approves(self, view: DocumentView) -> bool:
        """Whether a draft waits for his approval."""
        draft = _open_draft(view)
        if draft is None or self.wrote(view.id, draft, barring=True):
            return False
        life = self.library.state.life(view.id)
        done = judging.counting(life, draft.content) if draft.content else []
        return self.lacks(draft.document, Meaning.APPROVED, done)

    def reviews(self, view: DocumentView) -> bool:
        """Whether a draft waits for his review before issue, under a policy that asks for one."""
        draft = _open_draft(view)
        kind = self.authority.settings.types.get(draft.document.type) if draft else None
        if draft is None or kind is None or kind.reviewed is None:
            return False
        return self.lacks(
            draft.document, Meaning.REVIEWED, self.said(view.id, Meaning.REVIEWED, draft.content)
        )

    def authors(self, view: DocumentView) -> bool:
        """Whether the writer's own statement is asked, he wrote, and has not said so yet."""
        draft = _open_draft(view)
        kind = self.authority.settings.types.get(draft.document.type) if draft else None
        if draft is None or kind is None or kind.prepared != "signed" or not self.wrote(view.id, draft):
            return False
        return not self.has_said(view.id, Meaning.AUTHORED, draft.content)

    def reaffirms(self, view: DocumentView) -> bool:
        """Whether the periodic review of what is in force is due, and a role of his is missing."""
        if view.in_force is None or view.review_due is None:
            return False
        soon = timedelta(days=self.authority.settings.review.due_soon_days)
        life, content = self.library.state.life(view.id), view.in_force.approval.content
        last = max((one.step for one in life.reaffirmations if one.content == content), default=-1)
        complete = len(life.reaffirmations) > len(view.life.reaffirmations)  # on this branch already
        if complete or view.review_due - self.library.today > soon:
            return False
        done = [item for item in self.said(view.id, Meaning.REAFFIRMED, content) if item.step > last]
        return self.lacks(view.in_force.approval.document, Meaning.REAFFIRMED, done)

    def acknowledges(self, view: DocumentView) -> bool:
        """Whether what is in force is for him to know, and he has not said that he read it."""
        if view.in_force is None:
            return False
        approval = view.in_force.approval
        return self.holds(audience(self.library, approval)) and not self.has_said(
            view.id, Meaning.ACKNOWLEDGED, approval.content
        )

    def withdraws(self, view: DocumentView) -> bool:
        """Whether others began to withdraw what is approved, and a role of his is missing."""
        life = self.library.state.life(view.id)
        if life.withdrawn or not life.approvals:
            return False
        last = life.approvals[-1]
        done = self.said(view.id, Meaning.WITHDRAWN, last.content)
        return bool(done) and self.lacks(last.document, Meaning.WITHDRAWN, done)

    def lacks(self, document: Document, meaning: Meaning, done: Iterable[Judged]) -> bool:
        """Whether a role that is still missing is one of his."""
        asked = requirement(self.authority.settings, document, meaning)
        return asked is not None and self.holds(asked.missing(done))

    def said(self, name: str, meaning: Meaning, content: Content | None) -> list[Judged]:
        """The valid statements of a meaning about a content."""
        return self.library.state.life(name).valid(meaning, content) if content else []

    def has_said(self, name: str, meaning: Meaning, content: Content | None) -> bool:
        """Whether one of these is his."""
        return any(item.statement.person == self.person for item in self.said(name, meaning, content))

    def wrote(self, name: str, draft: Draft, *, barring: bool = False) -> bool:
        """Whether he wrote part of a draft; with ``barring``, where that keeps him from approving it."""
        kind = self.authority.settings.types.get(draft.document.type)
        if draft.content is None or (barring and kind is not None and kind.independence == "none"):
            return False
        state, life = self.library.state, self.library.state.life(name)
        seen = judging.writers(state, name, life, draft.content, self.authority, self.library.evidence)
        return self.person in seen.people | judging.frozen_writers(life, draft.content)


def _open_draft(view: DocumentView) -> Draft | None:
    """The draft, if signatures can still be given: not returned, not complete."""
    draft = view.draft
    return draft if draft and draft.status in {Status.DRAFT, Status.IN_REVIEW} else None
