"""What a statement would be about: the text in the tree, or a revision that the mainline has approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.document import resolve
from isodocs.core.life import Life
from isodocs.core.problem import CannotRun
from isodocs.core.statement import ON_APPROVED_REVISION, Content, Meaning
from isodocs.core.suggest import closest

if TYPE_CHECKING:
    from isodocs.core.document import Document
    from isodocs.core.library import Library
    from isodocs.core.life import Approval, Authority


@dataclass(frozen=True, slots=True)
class Subject:
    """What a statement is about: a content under a number, and what it follows.

    Attributes:
        id: the document.
        document: its text.
        path: where it stands, or stood.
        content: what is signed.
        predecessor: what the statement names as the revision before.
        approval: set where the mainline has approved the revision before.
        before: what happened to the document on the mainline.
    """

    id: str
    document: Document
    path: str
    content: Content
    predecessor: str | None
    approval: Approval | None
    before: Life


def life_before(library: Library, name: str) -> Life:
    """What happened to a document before the step that is being prepared."""
    return library.base.life(name) if library.base else Life()


def subject(library: Library, name: str, meaning: Meaning, revision: str | None = None) -> Subject:
    """The text that a statement of this meaning would name.

    Approved revisions for periodic review, acknowledgement and withdrawal; else the text in the tree.

    Raises:
        CannotRun: there is no such text; the sentence says what to do.
    """
    before = life_before(library, name)
    if meaning in ON_APPROVED_REVISION:
        approval = _approved(library, name, meaning, revision)
        return Subject(
            name, approval.document, approval.path, approval.content, approval.predecessor, approval, before
        )
    path, document, content = _text(library, name)
    found = before.approved(content)
    if found is None:
        return Subject(name, document, path, content, before.predecessor, None, before)
    if meaning is not Meaning.APPROVED:
        raise CannotRun(f"Nothing of {name} waits for this: revision {found.revision} is approved already.")
    return Subject(name, document, path, content, found.predecessor, found, before)


def _text(library: Library, name: str) -> tuple[str, Document, Content]:
    """The committed text of a document, with the content that can be signed."""
    tree = library.state.tree
    paths = sorted(tree.paths.get(name, ()))
    if len(paths) > 1:
        raise CannotRun(
            f"{len(paths)} files have the id {name}: {', '.join(paths)}. "
            "Remove one of them, or give it another id."
        )
    found = tree.find(name)
    if found is None:
        raise CannotRun(_no_document(library, name))
    path, document = found
    content = tree.content(name, library.evidence.digests)
    if content is None:
        raise CannotRun(_lacking(library, path, document))
    return path, document, content


def _no_document(library: Library, name: str) -> str:
    near = closest(name, library.views)
    hint = (
        f"Did you mean {near}?"
        if near
        else "Is it committed here, and does 'isodocs check' find its front matter readable?"
    )
    return f"There is no document {name} among the committed files. {hint}"


def _lacking(library: Library, path: str, document: Document) -> str:
    for target in document.embeds:
        place = resolve(path, target)
        if place is None:
            return f"{path} embeds {target}, which lies outside the repository, so it cannot be signed."
        entry = library.files.get(place)
        if entry is None:
            return f"{path} embeds {target}, which is not among the committed files: commit {place} first."
        if not entry.regular:
            return f"{path} embeds {target}, but {place} is no ordinary file, so it cannot be signed."
    return f"{path} embeds a file that cannot be read, so it cannot be signed."


def _approved(library: Library, name: str, meaning: Meaning, revision: str | None) -> Approval:
    view = library.base_views.get(name) if library.base else None
    if view is None or not view.life.approvals:
        if name in library.views:
            raise CannotRun(f"No revision of {name} was approved on {library.settings.mainline} yet.")
        raise CannotRun(_no_document(library, name))
    if meaning is Meaning.WITHDRAWN:
        if view.life.withdrawn:
            raise CannotRun(f"{name} is withdrawn already.")
        return view.life.approvals[-1]
    if revision is not None:
        for one in view.revisions:
            if one.approval.revision == revision:
                return one.approval
        known = ", ".join(one.approval.revision for one in view.revisions)
        raise CannotRun(f"Revision {revision} of {name} was never approved; approved are: {known}.")
    if view.in_force is None:
        raise CannotRun(f"No revision of {name} is in force; it is {view.status}.")
    return view.in_force.approval


def governing(library: Library) -> Authority:
    """The authority under which the next step will be judged.

    Raises:
        CannotRun: there is none.
    """
    state = library.base or library.state
    if state.authority is None:
        raise CannotRun("No settings govern here. Run 'isodocs init' to begin.")
    return state.authority


def people_for(library: Library, roles: frozenset[str], without: frozenset[str] = frozenset()) -> str:
    """Each role with the people who hold it now, as text; ``without`` some of them."""
    authority = governing(library)
    parts = []
    for role in sorted(roles):
        people = authority.register.holders(role, library.moment, authority.settings.zone)
        names = " or ".join(name_of(authority, one) for one in people if one not in without) or "nobody"
        parts.append(f"{role} ({names})")
    return "; ".join(parts)


def name_of(authority: Authority, person: str) -> str:
    """The name of a person of the register; the id of somebody unknown."""
    return authority.register.name(person)
