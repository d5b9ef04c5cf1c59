"""AP107, assurance: a statement that is weaker than the policy asks.

What: A valid statement is unsigned, witnessed or legacy where the type's policy asks for more, so it does
not count.

Why: How sure we are that a person meant it is part of the policy (21 CFR Part 11 and Annex 11 ask for it).

Good: The type asks for `signed`, and the approver signs with his own key.

Bad: The type asks for `signed`, and the statement says `unsigned`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.policy import requirement
from isodocs.core.problem import Problem
from isodocs.core.statement import Assurance
from isodocs.rules.approval.void import describe, is_outweighed, path_of
from isodocs.rules.base import ERROR, WARNING, Family, adopted, entered_now, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.document import Document
    from isodocs.core.library import Library
    from isodocs.core.statement import Statement


def check(library: Library) -> Iterator[Problem]:
    """Look for statements that would help if they were stronger."""
    for digest in library.state.tree.statements:
        item = library.state.judged.get(digest)
        if item is None or item.statement.assurance is Assurance.SIGNED or not item.valid:
            continue
        document = _document(library, item.statement)
        asked = requirement(adopted(library), document, item.statement.meaning) if document else None
        if asked is None or item.statement.role not in asked.roles or asked.counts(item.statement):
            continue
        if is_outweighed(library.state, item):
            continue
        message = f"{describe(item.statement)} is {item.statement.assurance}, and the policy asks for more."
        fix = f"It must be {asked.assurance}: sign it anew."
        severity = ERROR if entered_now(library, item.step) else WARNING
        path = path_of(library, digest)
        yield Problem("AP107", message, fix, path, id=item.statement.id or "", severity=severity)


def _document(library: Library, statement: Statement) -> Document | None:
    """The text a statement names, if it still waits or was approved."""
    view = library.views.get(statement.id or "")
    if view is None:
        return None
    approval = view.life.approved(statement.content)
    if approval is not None:
        return approval.document
    draft = view.draft
    return draft.document if draft is not None and draft.content == statement.content else None


RULE = rule(__doc__, "AP107", "assurance", Family.APPROVAL, check)
