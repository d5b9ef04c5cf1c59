"""What the statements together prove of each document: a line a document for whoever audits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isodocs.core.identity import format_time
from isodocs.core.statement import Content, Meaning
from isodocs.core.status import Status
from isodocs.registers.chain import links
from isodocs.registers.progress import standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isodocs.core.authority import Register
    from isodocs.core.library import Library
    from isodocs.core.status import DocumentView, RevisionView
    from isodocs.registers.signatures import Finding

Row = dict[str, Any]


def summaries(library: Library, found: Iterable[Finding], name: str | None = None) -> list[Row]:
    """What is approved of each document, and whether its evidence is whole.

    Args:
        library: as for ``signatures.findings``.
        found: the findings about at least these documents.
        name: of this document only.
    """
    failing = {(one.id, one.statement.content) for one in found if one.fails and one.statement}
    views = standing(library)
    return [_summary(library.register, views[one], failing) for one in sorted(views) if name in {None, one}]


def authority(library: Library) -> Row | None:
    """Which set of settings, people and protected files governs, and whether the tree's is another one."""
    state = library.base or library.state
    governing, here = state.authority, library.state.protected
    if governing is None or not governing.digest:
        return None
    adopted = library.state.authority
    adoption = state.adoptions[-1]
    items = {item.digest: item for item in state.authority_log}
    signed = [items[digest].statement for digest in adoption.statements]
    return {
        "content": governing.digest,
        "commit": governing.commit or None,
        "since": format_time(adoption.time) if signed else None,
        "root": governing.commit == state.root,
        "signed_by": sorted({library.register.name_on(statement) for statement in signed}),
        "recovered": governing.recovered,
        "challenged": not links(library)[-1].holds,
        "changed_here": here is not None and here.digest != governing.digest,
        "change_signed": adopted is not None and adopted.digest != governing.digest,
    }


def _summary(register: Register, view: DocumentView, failing: set[tuple[str, Content]]) -> Row:
    one = view.in_force or (view.revisions[-1] if view.revisions else None)
    document = view.document
    return {
        "id": view.id,
        "title": document.title if document else "",
        "status": view.status.value,
        "revision": one.approval.revision if one else None,
        "effective_from": format_time(one.effective_from) if one and one.effective_from is not None else None,
        "approved_by": _approvers(register, one) if one else [],
        "content": one.approval.content.digest if one else None,
        "assurance": one.assurance.value if one else None,
        "challenged": bool(one and one.challenged and one.status is Status.EFFECTIVE),
        "verified": one is not None and (view.id, one.approval.content) not in failing,
    }


def _approvers(register: Register, one: RevisionView) -> list[str]:
    """Who approved it, in which role, by claimed time."""
    items = [item for item in one.signatures if item.valid and item.statement.meaning is Meaning.APPROVED]
    counting = [item.statement for item in items if one.approval.requirement.counts(item)]
    ordered = sorted(counting, key=lambda item: item.time)
    return [f"{register.name_on(item)} as {item.role}" for item in ordered]
