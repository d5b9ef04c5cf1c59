"""Void statements of the judged tree: those that were judged and count for nothing.

One that entered in the judged change is a problem of its own code, unless valid statements make it
superfluous; then it is a warning. One from before is told, as AP102, only where somebody could still
believe that it counts: on the text that waits for approval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.core.statement import Meaning
from isodocs.core.tree import AUTHORITY_ID
from isodocs.rules.base import ERROR, WARNING, entered_now, judged_now, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Judged, State
    from isodocs.core.statement import Statement

_FIX = {
    "AP103": "Have it signed by somebody who holds the role.",
    "AP104": "Have it signed by somebody who did not write it.",
    "AP106": "Sign it anew with a valid key; `isodocs enrol` takes a new one in.",
    "RV102": "Give the document the next free number and sign it anew.",
    "RV105": "Correct the number and sign it anew.",
    "RV106": "Bring the branch up to date, take the next number, and sign it anew.",
}


def void(library: Library, code: str) -> Iterator[Problem]:
    """What the judged change brings that is void for one reason, also as the authority before it sees it."""
    yield from (problem for problem in remembered(library, _void_now) if problem.code == code)


def _void_now(library: Library) -> tuple[Problem, ...]:
    here = [void_problem(library, one) for one in judged_now(library) if one.code and is_here(library, one)]
    return (*here, *_held(library))


def void_problem(library: Library, item: Judged) -> Problem:
    """A void statement as a problem of its code."""
    severity = WARNING if is_outweighed(library.state, item) else ERROR
    message = f"{describe(item.statement)} is void: {item.why}."
    path = path_of(library, item)
    return Problem(
        item.code, message, _FIX.get(item.code, "Sign it anew."), path, id=id_in(item), severity=severity
    )


def earlier(library: Library) -> Iterator[Judged]:
    """The void statements from before on texts that still wait for approval."""
    for name in library.index.drafts:
        view = library.views.get(name)
        if view is None or view.draft is None:
            continue
        for item in view.life.judged:
            waits = item.code and is_here(library, item) and item.statement.content == view.draft.content
            if waits and not entered_now(library, item.step) and not is_outweighed(library.state, item):
                yield item


def _held(library: Library) -> Iterator[Problem]:
    """What counts only by an authority that came with the push, as the old authority sees it."""
    if library.held is None or library.base is None:
        return
    state, held, after = library.state, library.held, library.base.number
    for name in library.index.changed:
        if state.lives.get(name) is held.lives.get(name):
            continue
        differing = events(state, name, after) ^ events(held, name, after)
        if differing:
            yield from _only_now(library, name, held, {content for _, _, content in differing})


def _only_now(library: Library, name: str, held: State, contents: set[object]) -> Iterator[Problem]:
    """Why what differs between the two folds does not count by the old authority."""
    reasons = [
        item
        for item in held.life(name).judged
        if item.code and entered_now(library, item.step) and item.statement.content in contents
    ]
    for item in reasons:
        message = f"{describe(item.statement)} counts only by what the same push changes: {item.why}."
        fix = "Push the change of settings or people first, and this afterwards, signed anew."
        yield Problem(item.code, message, fix, path_of(library, item), id=name)
    if not reasons:
        message = f"What happens to {name} here counts only by settings or people that the push brings."
        fix = "Push the change of settings or people first, and this afterwards."
        yield Problem("AP103", message, fix, _place(library, name), id=name)


def events(state: State, name: str, after: int) -> frozenset[tuple[str, str, object]]:
    """What happened to a document after a step: approvals, reaffirmations and withdrawals."""
    life = state.life(name)
    found: set[tuple[str, str, object]] = set()
    found |= {("approved", one.revision, one.content) for one in life.approvals if one.step > after}
    found |= {("reaffirmed", "", one.content) for one in life.reaffirmations if one.step > after}
    ended = [one for one in life.withdrawals if one.step > after]
    found |= {("withdrawn", "", life.approvals[one.ended - 1].content) for one in ended}
    return frozenset(found)


def is_outweighed(state: State, item: Judged) -> bool:
    """Whether valid statements already satisfy the document and the meaning of a void one."""
    statement = item.statement
    if statement.meaning is Meaning.AUTHORITY:
        authority = state.authority
        return authority is not None and (
            authority.digest == statement.content.digest or authority.step >= item.step
        )
    life = state.life(statement.id or "")
    if statement.meaning is Meaning.WITHDRAWN:
        return life.withdrawn or any(one.step >= item.step for one in life.withdrawals)
    if statement.meaning is Meaning.REAFFIRMED:
        return any(one.step >= item.step for one in life.reaffirmations)
    if statement.meaning is Meaning.ACKNOWLEDGED:
        valid = life.valid(Meaning.ACKNOWLEDGED, statement.content)
        return any(one.statement.person == statement.person for one in valid)
    return life.approved(statement.content) is not None or any(
        one.step >= item.step for one in life.approvals
    )


def describe(statement: Statement) -> str:
    """A statement as the subject of a sentence."""
    who, role = said_by(statement), f" as {statement.role}" if statement.role else ""
    if statement.meaning is Meaning.AUTHORITY:
        return f"The signature of {who}{role} on settings and people"
    return f"The signature of {who}{role} ({statement.meaning}, revision {statement.revision})"


def said_by(statement: Statement) -> str:
    """Who signed and, where that is a deputy, for whom; by their ids."""
    himself = statement.signer == statement.person
    return statement.person if himself else f"{statement.signer} for {statement.person}"


def path_of(library: Library, item: Judged) -> str:
    """Where a statement lies in the judged tree; empty if it does not."""
    return min(library.state.tree.holding(item.statement.about, item.digest), default="")


def is_here(library: Library, item: Judged) -> bool:
    """Whether a statement lies in the judged tree."""
    return bool(library.state.tree.holding(item.statement.about, item.digest))


def id_in(item: Judged) -> str:
    """The document a statement is about; empty for settings and people."""
    name = item.statement.id or ""
    return "" if name == AUTHORITY_ID else name


def _place(library: Library, name: str) -> str:
    view = library.views.get(name)
    return view.path if view else ""
