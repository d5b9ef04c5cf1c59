"""RD103, order-of-dates: dates that contradict each other.

What: `review_date` or `valid_until` is not after `effective_date`; or the `review_date` of a draft has
already passed.

Why: A document that must be reviewed before it takes effect is overdue from its first day.

Good: `effective_date: 2026-06-01` and `review_date: 2028-05-31`.

Bad: `effective_date: 2026-06-01` and `review_date: 2026-05-31`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import BROKEN_FRONT, Family, rule
from isodocs.rules.candidates import candidates
from isodocs.rules.examples import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.rules.candidates import Candidate


def check(library: Library) -> Iterator[Problem]:
    """Compare the dates of each text that is not yet history."""
    for one in candidates(library):
        for key, message in _faults(one, library):
            fix = f"Write a later `{key}`, or remove it."
            yield Problem("RD103", message, fix, one.path, one.span(key), one.id)


def _faults(one: Candidate, library: Library) -> Iterator[tuple[str, str]]:
    effective, review = one.document.effective_date, one.document.review_date
    if effective and review and review <= effective:
        yield "review_date", f"The review is due on {review}, but the document takes effect on {effective}."
    elif review and not one.approval and review < library.today:
        yield "review_date", f"The review date {review} has passed before the revision is approved."
    until = one.valid_until
    if until and effective and until <= effective:
        yield "valid_until", f"The document ends on {until}, but takes effect on {effective}."


RULE = rule(
    __doc__,
    "RD103",
    "order-of-dates",
    Family.REVIEW,
    check,
    good=document(effective_date="2026-06-01", review_date="2028-05-31"),
    bad=document(effective_date="2026-06-01", review_date="2026-05-31"),
    requires=(*BROKEN_FRONT, "ID102"),
)
