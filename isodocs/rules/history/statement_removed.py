"""HX105, statement-removed: a signature that counts was taken away.

What: A statement that entered, in this push or before, or its `.sig` file, is no longer in the tree, and the
revision it is about is neither superseded nor withdrawn.

Why: Removing it changes no status, since the mainline remembers; but the proof would have to be dug out of
the history, and whoever removes it has something in mind.

Good: The signatures of revision 1 are removed after revision 2 is in force.

Bad: `git revert` of a merge takes the signatures of the revision in force with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.core.statement import encode, file_name
from isodocs.core.status import Status
from isodocs.core.tree import is_statement
from isodocs.rules.approval.void import describe
from isodocs.rules.base import Family, judged_now, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Judged, State

PAST = frozenset({Status.SUPERSEDED, Status.WITHDRAWN})


def check(library: Library) -> Iterator[Problem]:
    """Look at what the change removed or replaced under ``signatures/``."""
    yield from _lost_on_the_way(library)
    base = library.base
    if base is None:
        return
    for change in library.changes:
        path = change.path.removesuffix(".sig")
        if not is_statement(path):
            continue
        entry = base.tree.files.get(path)
        reading = library.evidence.statements.get(entry.oid) if entry and entry.regular else None
        statement = reading.statement if reading else None
        if reading is None or statement is None:
            continue
        item = base.judgement(statement.about, reading.digest)
        if item is None or not item.valid:
            continue
        lost = _lost(library.state, item, signed=f"{path}.sig" in base.tree.files)
        if lost and not _is_past(library, item):
            message = f"{describe(item.statement)} has lost its {lost}."
            fix = f'Restore it: git checkout {base.commit[:12]} -- "{path}" "{path}.sig"'
            yield Problem("HX105", message, fix, path, id=item.statement.id or "")


def _lost_on_the_way(library: Library) -> Iterator[Problem]:
    """Statements that one commit of a push brought and a later one took away."""
    for item in judged_now(library) if library.push is not None else ():
        if not item.valid:
            continue
        lost = _lost(library.state, item, signed=bool(item.key))
        if lost and not _is_past(library, item):
            path = file_name(encode(item.statement), item.statement)
            message = f"{describe(item.statement)} came with this push and has lost its {lost}."
            fix = f'Restore it: git checkout {item.commit[:12]} -- "{path}" "{path}.sig"'
            yield Problem("HX105", message, fix, path, id=item.statement.id or "")


def _lost(state: State, item: Judged, *, signed: bool) -> str:
    """What of a statement is gone from every place in the tree where it lay."""
    paths = state.tree.holding(item.statement.about, item.digest)
    if not paths:
        return "file"
    if signed and not any(f"{path}.sig" in state.tree.files for path in paths):
        return "signature file"
    return ""


def _is_past(library: Library, item: Judged) -> bool:
    """Whether what a statement is about is superseded, withdrawn or overtaken."""
    content = item.statement.content
    if item.statement.id is None:
        authority = library.state.authority
        return authority is not None and authority.digest != content.digest
    view = library.views.get(item.statement.id)
    if view is None:
        return False
    for revision in view.revisions:
        if revision.approval.content == content:
            return revision.status in PAST
    return any(approval.step > item.step for approval in view.life.approvals)


RULE = rule(__doc__, "HX105", "statement-removed", Family.HISTORY, check, everywhere=True)
