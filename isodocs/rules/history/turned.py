"""HX103, mainline-turned: the push would rewrite the past of the mainline.

What: The old tip is not on the first-parent chain of the new one: history was rewritten, or the mainline
was merged into something else, as `git pull` on the mainline does.

Why: The first-parent chain is the record of what was in force and since when. Turned around it tells
another story, and git itself sees nothing wrong with it.

Good: Work on a branch and merge it with `git merge --no-ff`; on the mainline, `git pull --ff-only`.

Bad: A commit on the local mainline, then `git pull`, then `git push`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Ask whether the old tip is still where it was."""
    push = library.push
    if push is None or not push.turned or push.old is None:
        return
    old, main = push.old[:12], library.settings.mainline
    message = f"The new tip {push.new[:12]} does not continue {main} at {old}: its past would be another one."
    fix = (
        f"Keep your work on a branch (git branch work {push.new[:12]}), take {main} as it was "
        f"(git checkout {main}; git reset --hard {old}), and merge: git merge --no-ff work"
    )
    yield Problem("HX103", message, fix)


RULE = rule(__doc__, "HX103", "mainline-turned", Family.HISTORY, check, everywhere=True, alone=True)
