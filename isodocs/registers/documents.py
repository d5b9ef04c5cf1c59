"""The master document list, and the history of each document, as rows for people and machines alike.

Keys are those of FORMATS.md. Times are UTC texts, days ISO dates, absent values None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isodocs.core.document import type_of
from isodocs.core.identity import format_time
from isodocs.core.statement import Assurance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.brief import Brief, Listed
    from isodocs.core.library import Library
    from isodocs.core.life import Judged
    from isodocs.core.status import DocumentView, RevisionView

Row = dict[str, Any]


def master_list(library: Library) -> list[Row]:
    """One row a document, sorted by id: the master document list."""
    return [row(one) for one in lines(library)]


def lines(library: Library) -> Iterable[Listed]:
    """Every document, sorted by id, as far as a list shows it: in brief, where that is kept."""
    briefs = briefs_of(library, library.state.time)
    if briefs is None:
        return [library.views[name] for name in sorted(library.views)]
    found = in_brief(library, briefs, library.settings.timezone)
    found |= {name: library.views[name] for name in library.index.drafts}
    return [found[name] for name in sorted(found)]


def in_brief(library: Library, briefs: Mapping[str, Brief], zone: str) -> dict[str, Listed]:
    """The lines of all documents by id, as if none had a draft."""
    here = frozenset(library.index.here)
    return {
        name: one.line(name, library.moment, zone, None)
        for name, one in briefs.items()
        if one.terms or name in here
    }


def briefs_of(library: Library, time: int) -> Mapping[str, Brief] | None:
    """The kept briefs, if they tell of the library's moment: it must not be before the state they are of."""
    return library.briefs() if library.briefs is not None and library.moment >= time else None


def row(view: Listed) -> Row:
    """One document's row."""
    document, in_force = view.document, view.in_force
    return {
        "id": view.id,
        "title": document.title if document else "",
        "type": type_of(view.id),
        "owner": document.owner if document else "",
        "revision": document.revision if document else "",
        "status": view.status.value,
        "overdue": view.overdue,
        "challenged": view.challenged,
        "effective_from": _time(in_force.effective_from if in_force else _next_from(view)),
        "review_due": view.review_due.isoformat() if view.review_due else None,
        "path": view.path,
        "assurance": in_force.assurance.value if in_force else None,
        "upcoming": [
            {"revision": one.revision, "effective_from": _time(one.effective_from)} for one in view.upcoming
        ],
        "draft": None
        if view.draft is None
        else {
            "revision": view.draft.revision,
            "path": view.draft.path,
            "status": view.draft.status.value,
        },
    }


def _next_from(view: Listed) -> int | None:
    return view.upcoming[-1].effective_from if view.upcoming else None


def history(library: Library, view: DocumentView) -> list[Row]:
    """One row an approved revision, oldest first, with its signatures."""
    return [_revision(library, one) for one in view.revisions]


def _revision(library: Library, one: RevisionView) -> Row:
    approval = one.approval
    return {
        "revision": approval.revision,
        "status": one.status.value,
        "commit": approval.commit or None,
        "path": approval.path,
        "entered": _time(approval.time),
        "effective_from": _time(one.effective_from),
        "effective_until": _time(one.effective_until),
        "reason": approval.document.change or None,
        "title": approval.document.title,
        "writers": writers(one),
        "challenged": one.challenged,
        "approved_by_author": one.approved_by_author,
        "content": {"document": approval.content.document, "embedded": dict(approval.content.embedded)},
        "signatures": signatures(library, one.signatures),
    }


def writers(one: RevisionView) -> list[str]:
    """Who wrote a revision: as the commits show, and as its approvers named them."""
    named = {writer for item in one.signatures if item.valid for writer in item.statement.writers}
    return sorted(one.approval.seen_writers | named)


def signatures(library: Library, items: Iterable[Judged]) -> list[Row]:
    """Statements as rows, by claimed time."""
    ordered = sorted(items, key=lambda item: (item.statement.time, item.digest))
    return [_signature(library, item) for item in ordered]


def _signature(library: Library, item: Judged) -> Row:
    statement = item.statement
    role = library.register.roles.get(statement.role or "")
    return {
        "person": statement.person,
        "signer": statement.signer,
        "name": library.register.name_on(statement),
        "role": statement.role,
        "role_title": role.title if role else None,
        "meaning": statement.meaning.value,
        "time": statement.time,
        "claimed": statement.assurance is not Assurance.WITNESSED,
        "entered": _time(item.time),
        "assurance": statement.assurance.value,
        "fingerprint": item.fingerprint or None,
        "reason": statement.reason,
        "next_review": statement.next_review,
        "valid": item.valid,
        "why": f"{item.code}: {item.why}" if item.code else "",
        "statement": item.digest,
    }


def _time(moment: int | None) -> str | None:
    return None if moment is None else format_time(moment)
