"""RV102, revision-backwards: a revision below one that was approved.

What: The text bears a number below the last approved one, or is an older approved text put back. Or a
signature was given for a number that was not above every approved one.

Why: Numbers only go up, so that the higher one is always the later one. Going back to an older text is a
new decision, and gets the next number.

Good: Revision 3 was a mistake; its text of revision 2 comes back as revision 4.

Bad: After revision 3 was approved, `git revert` puts the text of revision 2 back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.approval.void import void
from isodocs.rules.base import BROKEN_FRONT, Family, rule
from isodocs.rules.candidates import candidates
from isodocs.rules.revision.unchanged_number import next_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Compare each draft with the last approved number; add the statements that are void for this."""
    for one in candidates(library):
        if one.approval or not one.before:
            continue
        number, last = one.number(one.revision), one.number(one.before[-1].revision)
        if number is None or last is None or number >= last:
            continue
        approved = one.before[-1].revision
        message = f"Revision {one.revision} is older than {approved}, which was approved last."
        fix = f"Restore the text of revision {approved}, or write `revision: {next_number(one)}`."
        yield Problem("RV102", message, fix, one.path, one.span("revision"), one.id)
    yield from void(library, "RV102")


RULE = rule(
    __doc__,
    "RV102",
    "revision-backwards",
    Family.REVISION,
    check,
    requires=(*BROKEN_FRONT, "ID102", "RV105"),
)
