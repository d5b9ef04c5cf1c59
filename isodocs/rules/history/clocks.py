"""HX104, order-of-time: a commit whose clock is wrong.

What: A pushed commit of the mainline is dated more than ten minutes ahead of the gate's clock; or one with
which a signature comes in is dated more than seven days behind it (the push that brings the trust root
excepted). Or settings correct the date of a commit that does not lie in the future, or no longer correct one
that they did. A commit that is dated before the one below it is a warning.

Why: The time of a mainline commit decides since when a revision is in force and whether a key was valid.
Whoever could set it freely could sign with a key that has ended.

Good: `git merge --no-ff` makes a commit of today, however old the branch is.

Bad: A branch of last year is pushed to the mainline by fast-forward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.identity import format_time
from isodocs.core.moment import CLOCK_TOLERANCE
from isodocs.core.problem import Problem
from isodocs.core.settings import SETTINGS_FILE
from isodocs.rules.base import WARNING, Family, judged_now, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.history import Commit
    from isodocs.core.library import Library, Push

LONGEST_DELAY = 7 * 24 * 60 * 60


def check(library: Library) -> Iterator[Problem]:
    """Compare the commits of a push with the gate's clock and with each other."""
    yield from _dropped(library)
    if library.push is None:
        return
    time = library.base.time if library.base else 0
    bringing = _bringing(library)
    for commit in _since_root(library, library.push):
        yield from _judge(commit, library, time, brings=commit.oid in bringing)
        time = max(time, commit.time)
    for commit in library.push.corrected:
        yield from _judge_corrected(commit, library)


def _since_root(library: Library, push: Push) -> tuple[Commit, ...]:
    """The commits of the push that count: those before the trust root are not judged."""
    roots = [number for number, commit in enumerate(push.commits) if commit.oid == library.state.root]
    return push.commits[roots[0] if roots else 0 :]


def _judge(commit: Commit, library: Library, before: int, *, brings: bool) -> Iterator[Problem]:
    what = f"Commit {commit.oid[:12]} is dated {format_time(commit.time)}"
    if commit.time > library.moment + CLOCK_TOLERANCE:
        message = f"{what}, ahead of the clock here ({format_time(library.moment)})."
        fix = "Set the clock of that machine right, and make the commit anew: git commit --amend --no-edit"
        yield Problem("HX104", message, fix)
    elif brings and library.base is not None and commit.time < library.moment - LONGEST_DELAY:
        message = f"{what}, more than seven days ago, and brings signatures."
        yield Problem("HX104", message, "Merge the branch with git merge --no-ff, or rebase it.")
    elif commit.time < before:
        message = f"{what}, before the one below it; it counts from {format_time(before)} on."
        yield Problem("HX104", message, "Check the clock of that machine.", severity=WARNING)


def _judge_corrected(commit: Commit, library: Library) -> Iterator[Problem]:
    """What is past is past: only a date ahead of the clock may be set right."""
    if commit.time > library.moment:
        return
    message = (
        f"The settings correct the date of commit {commit.oid[:12]}, {format_time(commit.time)}, "
        "which does not lie in the future."
    )
    yield Problem("HX104", message, f"Remove the correction from {SETTINGS_FILE}.", path=SETTINGS_FILE)


def _dropped(library: Library) -> Iterator[Problem]:
    """A date that was set right stays so: else all that came after it would have another date."""
    before, after = (
        one.authority.settings.corrections if one and one.authority else ()
        for one in (library.base, library.state)
    )
    for gone in sorted({one.commit for one in before} - {one.commit for one in after}):
        message = (
            f"The settings no longer correct the date of commit {gone[:12]}: what came after it would count "
            "from another date."
        )
        yield Problem("HX104", message, f"Put the correction back into {SETTINGS_FILE}.", path=SETTINGS_FILE)


def _bringing(library: Library) -> frozenset[str]:
    """The commits at which statements entered."""
    return frozenset(item.commit for item in judged_now(library) if item.valid)


RULE = rule(__doc__, "HX104", "order-of-time", Family.HISTORY, check, everywhere=True)
