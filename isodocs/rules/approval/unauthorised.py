"""AP103, unauthorised-signature: somebody signed who may not.

What: The signer is not in the register, did not hold the role when the statement entered, signed for
another person, or counts only by a role that the same push grants.

Why: An approval is worth what the right to give it is worth. That right is judged as it was before the
change, so that nobody can grant it to himself on the way.

Good: A quality manager signs as quality-manager.

Bad: A push grants somebody the role of quality manager, and brings his approval with it.
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
    yield from void(library, "AP103")


RULE = rule(__doc__, "AP103", "unauthorised-signature", Family.APPROVAL, check)
