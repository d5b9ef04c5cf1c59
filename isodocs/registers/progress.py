"""Where documents stand on a branch: their status on the mainline, the branch's text as what is coming.

A text with all its signatures is approved when it arrives on the mainline, not before (DESIGN, *Approval*).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.lazy import Lazy
from isodocs.core.library import Judged as Kind
from isodocs.core.policy import requirement
from isodocs.core.statement import Content, Meaning
from isodocs.core.status import DocumentView, Draft, Status
from isodocs.registers import documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isodocs.core.authority import Register
    from isodocs.core.brief import Listed
    from isodocs.core.library import Library
    from isodocs.core.life import Authority, Life


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a document waits for.

    Attributes:
        sentences: what is known and what is missing, without full stops.
        command: what to do next; empty where nothing is to be done.
    """

    sentences: tuple[str, ...] = ()
    command: str = ""


def standing(library: Library) -> Mapping[str, DocumentView]:
    """Every document as the mainline has it, with the text of the judged tree as its draft, by id.

    Where no mainline is behind the judged tree, the tree speaks for itself.
    """
    if library.base is None:
        return library.views

    def one(name: str) -> DocumentView | None:
        before, here = library.base_views.get(name), library.views.get(name)
        return _standing(before, here) if before or here else None

    def everything() -> Iterator[tuple[str, DocumentView]]:
        for name in sorted(library.base_views.keys() | library.views.keys()):
            yield name, _standing(library.base_views.get(name), library.views.get(name))

    return Lazy(one, everything)


def lines(library: Library) -> Iterable[Listed]:
    """The same, sorted by id, as far as a list shows it: in brief, where that is kept."""
    base, views = library.base, standing(library)
    if base is None:
        return documents.lines(library)
    briefs = documents.briefs_of(library, base.time)
    if briefs is None or base.authority is None:
        return [views[name] for name in sorted(views)]
    found = documents.in_brief(library, briefs, base.authority.settings.timezone)
    for name in {*library.index.drafts, *library.state.changed, *library.touched}:
        found.pop(name, None)
        if (view := views.get(name)) is not None:
            found[name] = view
    return [found[name] for name in sorted(found)]


def _standing(before: DocumentView | None, here: DocumentView | None) -> DocumentView:
    if here is None:
        assert before is not None  # noqa: S101 - one of the two has the name
        return replace(before, draft=None)
    draft = here.draft or _complete(before, here)
    if before is not None and before.life.approvals:
        return replace(before, draft=draft)
    status = draft.status if draft else here.status
    return DocumentView(
        id=here.id,
        status=Status.IN_REVIEW if status is Status.APPROVED else status,
        in_force=None,
        upcoming=(),
        draft=draft,
        review_due=None,
        overdue=False,
        challenged=False,
        revisions=(),
        life=before.life if before else replace(here.life, approvals=(), reaffirmations=(), withdrawals=()),
    )


def _complete(before: DocumentView | None, here: DocumentView) -> Draft | None:
    """The text that has all its signatures and is not on the mainline yet."""
    known = len(before.life.approvals) if before else 0
    if len(here.life.approvals) <= known:
        return None
    approval = here.life.approvals[-1]
    return Draft(approval.document, approval.path, Status.APPROVED, approval.content)


def outlook(library: Library, view: DocumentView) -> Outlook:
    """What a document waits for, and the next command.

    Args:
        library: as judged.
        view: of ``standing``.
    """
    ahead = tuple(_ahead(library, view))
    draft, authority = view.draft, library.state.authority
    if draft is None or authority is None:
        return Outlook(ahead, _merge(library) if ahead else "")
    if draft.status is Status.APPROVED:
        since = draft.document.effective_date
        date = f", but not before {since}" if since and since > library.today else ""
        arrives = f"has all its signatures; it counts when it is {_arrival(library)}{date}"
        return Outlook((*ahead, f"revision {draft.revision} {arrives}"), _merge(library))
    if draft.content is None:
        return Outlook((*ahead, "it embeds a file that is missing or cannot be read"), "isodocs check")
    if (known := library.state.life(view.id).approved(draft.content)) is not None:
        sentence = f"the text is again that of revision {known.revision}"
        return Outlook((*ahead, sentence), "isodocs explain RV102")
    life = library.state.life(view.id)
    void = tuple(_void(library.register, life, draft.content))
    if judging.barred(life, draft.content):
        returns = tuple(_returns(library.register, life, draft.content))
        return Outlook((*ahead, *returns, *void), "change the text and commit it")
    sentences, command = _missing(library, view, draft, authority)
    return Outlook((*ahead, *sentences, *void), command)


def _ahead(library: Library, view: DocumentView) -> list[str]:
    """What is signed for the revision in force and takes effect with the judged tree."""
    if library.base is None:
        return []
    before, here = library.base.life(view.id), library.state.life(view.id)
    found = []
    if len(here.withdrawals) > len(before.withdrawals):
        found.append(f"its withdrawal is signed; it counts when it is {_arrival(library)}")
    if len(here.reaffirmations) > len(before.reaffirmations):
        due = here.reaffirmations[-1].due
        found.append(
            f"its review is signed, the next one due {due}; it counts when it is {_arrival(library)}"
        )
    return found


def _arrival(library: Library) -> str:
    name = library.settings.mainline
    return f"committed to {name}" if library.branch == name else f"merged into {name}"


def _merge(library: Library) -> str:
    name = library.settings.mainline
    if library.branch in {None, name}:
        return "git commit"
    return f"git switch {name} && git merge --no-ff {library.branch} (or a pull request)"


def _missing(
    library: Library, view: DocumentView, draft: Draft, authority: Authority
) -> tuple[list[str], str]:
    """Who still has to sign, a sentence a role, and the next command."""
    asked = requirement(authority.settings, draft.document, Meaning.APPROVED)
    if asked is None or draft.content is None:
        return [f"the settings that govern know no type {draft.document.type}"], ""
    life = library.state.life(view.id)
    wrote = _writers(library, view.id, life, draft.content, authority)
    signed = judging.counting(life, draft.content)
    kind = authority.settings.types[draft.document.type]
    barred = frozenset() if kind.independence == "none" else wrote
    missing = sorted(asked.missing(signed))
    sentences = [
        f"approval by {role} is missing: {_people(library, authority, role, barred)}" for role in missing
    ]
    if sentences:
        open_to = any(set(_holders(library, authority, role)) - barred for role in missing)
        vacant = f"give somebody else the role {' and '.join(missing)}, in people.yml"
        return sentences, f"isodocs approve {view.id}" if open_to else vacant
    said = life.valid(Meaning.AUTHORED, draft.content)
    authored = {item.statement.person for item in said if not item.weak}
    if kind.prepared == "signed" and (left := sorted(wrote - authored)):
        return [f"the author's signature is missing: {' and '.join(left)}"], f"isodocs author {view.id}"
    return [
        "every role has signed, but not as policy asks now; one fresh approval makes it count"
    ], f"isodocs approve {view.id}"


def _writers(
    library: Library, name: str, life: Life, content: Content, authority: Authority
) -> frozenset[str]:
    if library.judged is Kind.SNAPSHOT:
        return frozenset()
    return judging.writers(library.state, name, life, content, authority, library.evidence).people


def _people(library: Library, authority: Authority, role: str, barred: frozenset[str]) -> str:
    holders = _holders(library, authority, role)
    names = [authority.register.people[who].name for who in holders if who not in barred]
    if names:
        return " or ".join(names) + _deputies(library, authority, role, barred | frozenset(holders))
    return "whoever holds it wrote the text" if holders else "nobody holds it"


def _deputies(library: Library, authority: Authority, role: str, without: frozenset[str]) -> str:
    """Who else may sign, for those who hold the role."""
    register, zone = authority.register, authority.settings.zone
    found = [who for who in register.deputies(role, library.moment, zone) if who not in without]
    return f" (or a deputy: {' or '.join(map(register.name, found))})" if found else ""


def _holders(library: Library, authority: Authority, role: str) -> tuple[str, ...]:
    return tuple(authority.register.holders(role, library.moment, authority.settings.zone))


def _returns(register: Register, life: Life, content: Content) -> list[str]:
    return [
        f"returned by {register.name_on(item.statement)}: {item.statement.reason or 'no reason was given'}"
        for item in life.valid(Meaning.RETURNED, content)
    ]


def _void(register: Register, life: Life, content: Content) -> list[str]:
    """The void statements on the text that waits."""
    found = [item for item in life.judged if item.code and item.statement.content == content]
    return [
        f"{register.name_on(item.statement)}'s signature ({item.statement.meaning}) is void: "
        f"{item.why} [{item.code}]"
        for item in found
    ]
