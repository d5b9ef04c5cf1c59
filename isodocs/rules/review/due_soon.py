"""RD102, review-due-soon: a periodic review is due within the next weeks.

What: The review of the revision in force is due within `review.due_soon_days` of the settings (60 if they
do not say).

Why: A review takes time, and people are on holiday.

Good: The review is due in half a year.

Bad: The review is due next week.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import WARNING, Family, rule, span_at, views_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Compare the due date of each document in force with the days to come."""
    today = library.today
    for name, view in views_of(library, RULE, lambda: library.index.due(_horizon(library))):
        if view.overdue or view.review_due is None:
            continue
        days = (view.review_due - today).days
        if days <= library.settings.review.due_soon_days:
            when = "today" if days == 0 else f"in {days} day{'s'[: days > 1]}"
            message = f"The review of {name} is due on {view.review_due}, {when}."
            fix = f"If it still holds: isodocs reaffirm {name}. Else write its next revision."
            span = span_at(library, view.path, "review_date")
            yield Problem("RD102", message, fix, view.path, span, name)


def _horizon(library: Library) -> date:
    """The last day that counts as soon."""
    days = min(library.settings.review.due_soon_days, (date.max - library.today).days)
    return library.today + timedelta(days)


RULE = rule(__doc__, "RD102", "review-due-soon", Family.REVIEW, check, draft=WARNING, release=WARNING)
