"""What a text still lacks before it is approved: who must sign, and with which command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.library import Judged
from isodocs.core.policy import requirement
from isodocs.core.statement import Meaning
from isodocs.rules.approval.void import said_by
from isodocs.rules.base import quote_list
from isodocs.rules.premises import adopted, kind_of

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.policy import Requirement
    from isodocs.core.status import DocumentView, Draft


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What one draft waits for.

    Attributes:
        id: the document.
        revision: the number of the text.
        why: why it is not approved, as a sentence.
        fix: the way out, as a sentence.
        roles: who must still sign: each role with the people who hold it and may.
        writers: who wrote it and so may not approve it, as far as it is known.
    """

    id: str
    revision: str
    why: str
    fix: str
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()
    writers: frozenset[str] = frozenset()

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that come next, one a role."""
        return tuple(f"isodocs approve {self.id} --role {role}" for role, _ in self.roles)


def outstanding(library: Library, view: DocumentView) -> Outstanding | None:
    """What the draft of a document waits for; None if it has no draft."""
    draft = view.draft
    if draft is None:
        return None
    why, fix = _before_signing(library, view, draft) or ("", "")
    if why:
        return Outstanding(view.id, draft.revision, why, fix)
    asked = requirement(adopted(library), draft.document, Meaning.APPROVED)
    if asked is None or draft.content is None:
        why = f"Revision {draft.revision} is not approved, and nothing says who must approve it."
        return Outstanding(view.id, draft.revision, why, "Define the document's type in the settings first.")
    wrote = _writers(library, view, draft)
    missing = asked.missing(judging.counting(view.life, draft.content))
    if not missing:
        why, fix = _nothing_missing(library, view, draft)
        return Outstanding(view.id, draft.revision, why, fix, writers=wrote)
    roles = tuple((role, _holders(library, role, wrote)) for role in sorted(missing))
    why = f"Revision {draft.revision} is not approved: {_who(roles)} must still sign."
    found = Outstanding(view.id, draft.revision, why, "", roles, wrote)
    return Outstanding(view.id, draft.revision, why, _next_step(found, asked), roles, wrote)


def _before_signing(library: Library, view: DocumentView, draft: Draft) -> tuple[str, str] | None:
    """Why signing would not help."""
    revision, life = draft.revision, view.life
    if draft.content is None:
        why = f"Revision {revision} cannot be approved: files that it embeds are missing here."
        return why, "Add them where the document expects them, or remove them from the text."
    if life.approved(draft.content):
        last = life.approvals[-1].revision
        why = f"The text is that of revision {revision}, but revision {last} was approved last."
        return why, f"Restore revision {last}, or give the old text the next number and have it signed."
    if judging.barred(life, draft.content):
        item = life.valid(Meaning.RETURNED, draft.content)[-1].statement
        reason = f": {item.reason.rstrip('.')}" if item.reason else ""
        why = f"Revision {revision} is not approved: {said_by(item)} returned it{reason}."
        return why, f"Change the text and ask again, or {item.person} approves it after all."
    if any(one.revision == revision for one in life.approvals):
        why = f"This text is not approved: revision {revision} was approved with another one."
        return why, "First write the next revision's number (RV101), or restore the approved text; then sign."
    if draft.document.type not in library.settings.types and draft.document.type in adopted(library).types:
        why = (
            f"Revision {revision} is not approved: its type {draft.document.type} comes with the same change."
        )
        return (
            why,
            "A new type and its first document take two pushes: settings first, then sign the document.",
        )
    return None


def _nothing_missing(library: Library, view: DocumentView, draft: Draft) -> tuple[str, str]:
    kind = kind_of(library, view.id)
    if kind is not None and kind.prepared == "signed":
        why = f"Revision {draft.revision} is not approved: its writers must sign that they wrote it."
        return why, f"Each writer runs: isodocs author {view.id}"
    why = f"Revision {draft.revision} is not approved: its signatures are from before the policy changed."
    return why, f"One of the signers signs again: isodocs approve {view.id}"


def _writers(library: Library, view: DocumentView, draft: Draft) -> frozenset[str]:
    """Who may not approve because they wrote it."""
    authority, kind = library.state.authority, kind_of(library, view.id)
    if authority is None or draft.content is None or library.judged is Judged.SNAPSHOT:
        return frozenset()
    if kind is None or kind.independence == "none":
        return frozenset()
    found = judging.writers(library.state, view.id, view.life, draft.content, authority, library.evidence)
    return found.people


def _holders(library: Library, role: str, wrote: frozenset[str]) -> tuple[str, ...]:
    authority = library.state.authority
    if authority is None:
        return ()
    holders = authority.register.holders(role, library.moment, authority.settings.zone)
    return tuple(who for who in holders if who not in wrote)


def _who(roles: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return quote_list(
        [
            f"{role} ({quote_list(people, 'or')})"
            if people
            else f"{role} (nobody who holds it and did not write the text)"
            for role, people in roles
        ]
    )


def _next_step(found: Outstanding, asked: Requirement) -> str:
    vacant = [role for role, people in found.roles if not people]
    if vacant:
        return f"Give somebody else the role {quote_list(vacant)}, in people.yml."
    apart = " Each role needs another person." if asked.distinct_people and len(found.roles) > 1 else ""
    return f"Next: {quote_list(found.commands)}.{apart}"
