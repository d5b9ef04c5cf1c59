"""RD104, review-interval: a review date later than the type allows.

What: `review_date` lies more than the type's `review_months` after today, or after the day the revision
takes effect, whichever is later.

Why: The interval is the company's own rule. The due list goes by it whatever is written, so that the
written date would mislead (ISO 9001, 7.5.2).

Good: The interval is 24 months, and the review is in a year and a half.

Bad: The interval is 24 months, and the review is in ten years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.identity import add_months
from isodocs.core.problem import Problem
from isodocs.rules.base import BROKEN_FRONT, Family, rule
from isodocs.rules.candidates import candidates
from isodocs.rules.examples import document
from isodocs.rules.premises import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Compare the review date of each text that is not yet history with its type's interval."""
    for one in candidates(library):
        kind, review = kind_of(library, one.id), one.document.review_date
        if kind is None or kind.review_months is None or review is None:
            continue
        since = max(library.today, one.document.effective_date or library.today)
        latest = add_months(since, kind.review_months)
        if review > latest:
            message = f"The review date {review} is more than {kind.review_months} months ahead."
            fix = f"Write `review_date: {latest}` or an earlier day."
            yield Problem("RD104", message, fix, one.path, one.span("review_date"), one.id)


RULE = rule(
    __doc__,
    "RD104",
    "review-interval",
    Family.REVIEW,
    check,
    good=document(review_date="2027-06-30"),
    bad=document(review_date="2036-06-30"),
    requires=(*BROKEN_FRONT, "ID102", "RD103"),
)
