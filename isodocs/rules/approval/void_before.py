"""AP102, void-signature: a signature on the waiting text that came to nothing earlier.

What: A statement on the text that waits for approval was judged when it came to the mainline, and found
void. It stays void, whatever changes later. It is a warning.

Why: Somebody may believe that this signature counts, and wait for the others.

Good: The person signs anew once the reason is mended.

Bad: A person signs without holding the role; a week later the role is granted, and everybody waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.approval.void import describe, earlier, id_in, path_of
from isodocs.rules.base import WARNING, Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Tell of void statements that somebody could still count on."""
    for item in earlier(library):
        message = f"{describe(item.statement)} is void since it came ({item.code}): {item.why}."
        path = path_of(library, item)
        yield Problem("AP102", message, "Sign it anew.", path, id=id_in(item), severity=WARNING)


RULE = rule(__doc__, "AP102", "void-signature", Family.APPROVAL, check)
