"""HX102, history-truncated: the history is not all there.

What: The clone is shallow or partial, or its history is replaced, grafted or damaged. Every command that
needs history ends with exit status 2.

Why: Status, approvals and writers follow from the whole mainline. From a part of it one would get a
plausible wrong answer, so there is none.

Good: A full clone; in CI, a checkout with all history (`fetch-depth: 0`).

Bad: `git clone --depth 2`. `git fetch --unshallow` mends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.rules.base import Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem


def check(_library: Library) -> Iterator[Problem]:
    """Nothing: without its history no library is made, and the command ends."""
    return iter(())


RULE = rule(__doc__, "HX102", "history-truncated", Family.HISTORY, check)
