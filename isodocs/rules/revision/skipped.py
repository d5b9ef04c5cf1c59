"""RV103, revision-skipped: a number is left out.

What: The number is none that may follow the last approved one. For a draft it is a warning where drafts
may stand on the mainline, since a revision in between may still be approved; so it is for the first
revision of a document.

Why: A gap makes every auditor ask for the missing revision.

Good: Revision 3 follows revision 2.

Bad: Revision 4 follows revision 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.library import Judged
from isodocs.core.problem import Problem, Severity
from isodocs.rules.base import BROKEN_FRONT, ERROR, WARNING, Family, quote_list, rule
from isodocs.rules.candidates import Candidate, candidates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Look at each text that is not yet history."""
    if library.judged is Judged.SNAPSHOT:
        return
    for one in candidates(library):
        last = one.before[-1].revision if one.before else None
        if one.scheme is None or not one.scheme.is_skip(last, one.revision):
            continue
        wanted = quote_list([f"`revision: {number}`" for number in _allowed(one, last)], "or")
        if last is None:
            message = f"{one.revision} is no first revision of a document."
        else:
            message = f"Revision {one.revision} does not follow {last}, which was approved last."
        severity = _ceiling(one, library)
        fix = f"Write {wanted}."
        yield Problem("RV103", message, fix, one.path, one.span("revision"), one.id, severity)


def _allowed(one: Candidate, last: str | None) -> tuple[str, ...]:
    if one.scheme is None:
        return ()
    return one.scheme.first() if last is None else one.scheme.next(last)


def _ceiling(one: Candidate, library: Library) -> Severity:
    open_still = one.approval is None and library.settings.drafts_on_mainline
    return WARNING if open_still or not one.before else ERROR


RULE = rule(
    __doc__,
    "RV103",
    "revision-skipped",
    Family.REVISION,
    check,
    requires=(*BROKEN_FRONT, "ID102", "RV105", "HX101"),
)
