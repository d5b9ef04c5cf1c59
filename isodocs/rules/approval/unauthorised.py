"""AP103, unauthorised-signature: somebody signed who may not.

What: Who is named is not in the register or did not hold the role when the statement entered; or somebody
signed for another person and held no role with `deputy_for` that role; or it counts only by a role that the
same push grants. A deputy has no deputy, a person named in a role's place has none, and nobody reads, writes
or recovers for another. A signature that prints another name than people.yml has for the signer is a warning;
it is shown under his own.

Why: An approval is worth what the right to give it is worth. That right is judged as it was before the
change, so that nobody can grant it to himself on the way.

Good: A quality manager signs as quality-manager, or while she is away her deputy for her.

Bad: A push grants somebody the role of quality manager, and brings his approval with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.approval.void import describe, id_in, path_of, void
from isodocs.rules.base import WARNING, Family, judged_now, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """The statements that are void for this, and those under a false name."""
    yield from void(library, "AP103")
    yield from _misnamed(library)


def _misnamed(library: Library) -> Iterator[Problem]:
    """What enters and prints another name than the register's: most often that has changed meanwhile."""
    for item in judged_now(library):
        if not item.valid:
            continue
        statement = item.statement
        printed = library.register.printed(statement.person, statement.signer)
        if statement.name != printed:
            message = f"{describe(statement)} says {statement.name}; people.yml says {printed}."
            fix = "It is shown under the name of people.yml. Sign it anew if readers should not wonder."
            path = path_of(library, item)
            yield Problem("AP103", message, fix, path, id=id_in(item), severity=WARNING)


RULE = rule(__doc__, "AP103", "unauthorised-signature", Family.APPROVAL, check)
