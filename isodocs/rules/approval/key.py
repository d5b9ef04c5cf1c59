"""AP106, key-not-valid: a key that does not count at that time.

What: The key that signed a statement is in nobody's entry of people.yml, or was not valid when the
statement came to the mainline.

Why: A key stands for a person only as long as the register says so: after a rotation, a loss or a leave
it may be in other hands.

Good: After a rotation the approver signs the open texts anew with the new key.

Bad: A branch signed with the old key is merged after the key has ended.
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
    yield from void(library, "AP106")


RULE = rule(__doc__, "AP106", "key-not-valid", Family.APPROVAL, check)
