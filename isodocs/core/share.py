"""The fold divided by documents: each share knows what happened to some of them, and together they are S(n).

What happens to one document follows from its own files, from the commits that touch them, and from who
governed at each step (its *reign*). So the protected files are folded first, and then the documents in shares
that need not know of each other. The result is that of ``lifecycle.advance`` over all steps.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zlib import crc32

from isodocs.core import lifecycle
from isodocs.core.history import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from isodocs.core.history import Change, Commit
    from isodocs.core.life import Authority, Evidence, State


@dataclass(frozen=True, slots=True)
class Reign:
    """Who governed a mainline when.

    Attributes:
        state: S at its last step, as far as the protected files and the statements on them go.
        root: the number of the trust root's step.
        times: t(n) of each step.
        newest: the latest date of a commit from the root on.
        since: the numbers of the steps at which another authority began to govern, the root's first.
        authorities: these, in that order.
    """

    state: State
    root: int
    times: Sequence[int]
    newest: int
    since: Sequence[int]
    authorities: Sequence[Authority]

    def over(self, number: int) -> Authority | None:
        """By whom a step is judged: the authority of the step before, at the root its own; before, nobody."""
        if number <= self.root:
            return self.authorities[0] if number == self.root else None
        return self.authorities[bisect_left(self.since, number) - 1]


def reign(
    steps: Sequence[Step], telling: Callable[[Change], bool], evidence: Evidence, pinned: str | None
) -> Reign | None:
    """Fold the protected files of a mainline; None where nobody ever governed.

    Args:
        steps: the mainline from its very first commit on.
        telling: whether a change is one of protected files or of statements on them.
        evidence: what stands in those.
        pinned: the pinned trust root.
    """
    state = lifecycle.start(evidence)
    times: list[int] = []
    since: list[int] = []
    authorities: list[Authority] = []
    time = 0
    for number, step in enumerate(steps):
        changes = tuple(change for change in step.commit.diffs[0] if telling(change))
        if changes or step.commit.oid == pinned:
            state.number, state.time = number - 1, time
            seen = Step(replace(step.commit, diffs=(changes,)), ())
            lifecycle.advance(state, seen, evidence, root=pinned)
            time = state.time
            if state.authority is not None and state.authority not in authorities[-1:]:
                since.append(number)
                authorities.append(state.authority)
        time = max(time, step.commit.time)
        times.append(time)
    if not since:
        return None
    _arrive(state, steps, times)
    newest = max(step.commit.time for step in steps[since[0] :])
    return Reign(state, since[0], times, newest, since, authorities)


def fold_share(
    steps: Sequence[Step],
    numbers: Iterable[int],
    over: Reign,
    evidence: Evidence,
    mine: Callable[[str], bool],
) -> State:
    """S at the last step, as far as some documents go.

    Args:
        steps: the mainline from its very first commit on.
        numbers: of the steps that change anything of these documents.
        over: who governed.
        evidence: what stands in their files and statements.
        mine: whether an id is one of theirs.
    """
    state = lifecycle.start(evidence)
    waiting = sorted(numbers, reverse=True)
    while waiting:
        number = waiting.pop()
        commit = steps[number].commit
        _advance(state, number, commit, commit.diffs[0], over, evidence, mine)
        while state.pending and number + 1 < len(steps) and number + 1 not in waiting[-1:]:
            number += 1
            _advance(state, number, steps[number].commit, (), over, evidence, mine)
    _arrive(state, steps, over.times)
    state.root, state.authority = over.state.root, over.state.authority
    return state


def _advance(
    state: State,
    number: int,
    commit: Commit,
    changes: Sequence[Change],
    over: Reign,
    evidence: Evidence,
    mine: Callable[[str], bool],
) -> None:
    state.number = number - 1
    dirty = lifecycle.enter(state, commit, changes, evidence)
    state.time = over.times[number]
    governing = over.over(number)
    if governing is None:
        return
    if number == over.root:
        dirty = set(state.tree.about)
    lifecycle.take_effect(state, set(filter(mine, dirty)), governing, evidence)


def _arrive(state: State, steps: Sequence[Step], times: Sequence[int]) -> None:
    """Stand at the last step, where nothing is changed."""
    state.number, state.commit, state.time = len(steps) - 1, steps[-1].commit.oid, times[-1]


def share_of(name: str, shares: int) -> int:
    """In which of so many shares a document belongs, by its id."""
    return crc32(name.encode("utf-8", "surrogateescape")) % shares


def numbers_of(steps: Sequence[Step], paths: Collection[str]) -> set[int]:
    """The steps with which a change of one of these paths came."""
    return {
        number
        for number, step in enumerate(steps)
        for commit in step.arrivals
        for diff in commit.diffs
        if any(change.path in paths for change in diff)
    }
