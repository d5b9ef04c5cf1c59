"""RD101, review-overdue: the day of the periodic review has passed.

What: The revision in force should have been reviewed by a day that lies behind us: its `review_date`, or
the next date of its last reaffirmation, at most its type's interval after it came. Within the grace period
of the settings it is a warning; so it is in the first push of a mainline, which brings a whole past.

Why: A procedure nobody has looked at for years describes a company that no longer exists (ISO 9001, 7.5.2).

Good: The owner reaffirmed it in time, or a new revision was approved.

Bad: The review was due in March; it is May, and the document is touched but not reviewed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import ERROR, WARNING, Family, rule, span_at, views_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


_APART = timedelta(days=2)  # the days of two time zones at one moment


def check(library: Library) -> Iterator[Problem]:
    """Compare the due date of each document in force with today."""
    grace = library.settings.review.grace_days
    today, arrives = library.today, library.push is not None and library.push.old is None
    for name, view in views_of(library, RULE, lambda: library.index.due(today + _APART)):
        if not view.overdue or view.review_due is None:
            continue
        days = (today - view.review_due).days
        message = f"The review of {name} was due on {view.review_due}, {days} day{'s'[: days > 1]} ago."
        fix = f"If it still holds: isodocs reaffirm {name}. Else write its next revision."
        severity = WARNING if days <= grace or arrives else ERROR
        span = span_at(library, view.path, "review_date")
        yield Problem("RD101", message, fix, view.path, span, name, severity)


RULE = rule(__doc__, "RD101", "review-overdue", Family.REVIEW, check, draft=WARNING)
