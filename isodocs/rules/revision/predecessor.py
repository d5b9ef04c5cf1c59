"""RV106, predecessor: a signature that was given on another last revision.

What: A statement names as its predecessor another revision than the one that was approved last when it
entered: two revisions raced. Or it withdraws a revision that is not the last, or reaffirms one that was
not in force.

Why: An approver compares the new text with the one it replaces. If another revision came between, he has
not seen that comparison, and somebody's change would be lost.

Good: After revision 2 of a colleague was merged first, the branch is brought up to date, becomes revision 3
and is signed anew.

Bad: Revisions 2 and 3 are both written on revision 1; 2 is merged, then 3 with its old signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.rules.approval.void import void
from isodocs.rules.base import Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem


def check(library: Library) -> Iterator[Problem]:
    """The statements that are void for this."""
    yield from void(library, "RV106")


RULE = rule(__doc__, "RV106", "predecessor", Family.REVISION, check)
