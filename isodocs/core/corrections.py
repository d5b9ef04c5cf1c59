"""Corrections of a date on the mainline that lies in the future, as the quorum signed them in the settings.

The time of a mainline commit decides what was in force when, and whether a key counted. One commit of a
machine whose clock ran ahead would move the time of everything after it; so it stops every command until the
settings name it, with the time that it should have (``corrections``), and the quorum signed them.

A correction holds where, with it applied, the settings that bring it are adopted and still govern, and where
no commit from the corrected one up to that adoption is dated as late as the corrected one (other corrected
ones by their new dates). History alone cannot tell a commit that was dated in the future from one that
somebody wants to make older; gates can, by their clock, and readers are told (``hold_by_themselves``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.core import lifecycle
from isodocs.core.identity import format_time, parse_time
from isodocs.core.settings import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from isodocs.core.history import Commit, Step
    from isodocs.core.life import Evidence
    from isodocs.core.settings import Correction


def accepted(steps: Sequence[Step], evidence: Evidence, root: str | None = None) -> tuple[Correction, ...]:
    """The corrections that hold on a mainline, as its newest adopted settings have them.

    Args:
        steps: the mainline as git has it.
        evidence: what stands in its blobs.
        root: the pinned trust root.
    """
    commits = [step.commit for step in steps]
    for wanted in _written(steps, evidence):
        if _holds(wanted, steps, commits, evidence, root):
            return wanted
    return ()


def applicable(corrections: Iterable[Correction], commits: Iterable[Commit]) -> tuple[Correction, ...]:
    """Those that name one of the commits, and an earlier time than its own."""
    times = {commit.oid: commit.time for commit in commits}
    return tuple(one for one in corrections if _time(one) < times.get(one.commit, 0))


def corrected(steps: Sequence[Step], corrections: Iterable[Correction]) -> list[Step]:
    """The mainline with the corrected times."""
    times = {one.commit: _time(one) for one in corrections}
    return [_retimed(step, times) for step in steps]


def notes(corrections: Iterable[Correction], steps: Iterable[Step]) -> tuple[str, ...]:
    """What readers are told: a sentence for each correction.

    Args:
        corrections: those that hold.
        steps: the mainline as git has it.
    """
    dated = {step.commit.oid: format_time(step.commit.time) for step in steps}
    return tuple(
        f"Commit {one.commit[:12]} is dated {dated[one.commit]}; by the signed settings it counts as made at "
        f"{one.time} ({one.reason})."
        for one in corrections
    )


def hold_by_themselves(
    corrections: Iterable[Correction], steps: Iterable[Step], evidence: Evidence, root: str | None = None
) -> bool:
    """Whether the settings that hold them were adopted by keys that count by git's dates too.

    Args:
        corrections: those that hold.
        steps: the mainline as git has it.
        evidence: what stands in its blobs.
        root: the pinned trust root.
    """
    state = lifecycle.start(evidence)
    for step in steps:
        lifecycle.advance(state, step, evidence, root=root)
    return set(corrections) <= set(state.authority.settings.corrections if state.authority else ())


def _time(one: Correction) -> int:
    return parse_time(one.time) or 0


def _retimed(step: Step, times: dict[str, int]) -> Step:
    time = times.get(step.commit.oid)
    if time is None:
        return step
    commit = replace(step.commit, time=time)
    return replace(step, commit=commit, arrivals=(*step.arrivals[:-1], commit))


def _written(steps: Sequence[Step], evidence: Evidence) -> Iterator[tuple[Correction, ...]]:
    """The different sets of corrections that settings on the mainline held, newest first."""
    commits = [step.commit for step in steps]
    seen: set[tuple[Correction, ...]] = {()}
    for step in reversed(steps):
        for change in step.commit.diffs[0]:
            if change.path != SETTINGS_FILE:
                continue
            settings = evidence.settings.get(change.new)
            wanted = applicable(settings.corrections, commits) if settings else ()
            if wanted not in seen:
                seen.add(wanted)
                yield wanted


def _holds(
    wanted: tuple[Correction, ...],
    steps: Sequence[Step],
    commits: Sequence[Commit],
    evidence: Evidence,
    root: str | None,
) -> bool:
    """Whether, with these corrections applied, the settings that hold them are adopted and govern at last."""
    state = lifecycle.start(evidence)
    adopted: dict[Correction, int] = {}
    for number, step in enumerate(corrected(steps, wanted)):
        lifecycle.advance(state, step, evidence, root=root)
        for one in state.authority.settings.corrections if state.authority else ():
            adopted.setdefault(one, number)
    governing = state.authority.settings.corrections if state.authority else ()
    retimed = [step.commit for step in corrected(steps, wanted)]
    if applicable(governing, commits) != wanted:
        return False
    return all(_was_ahead(one, commits, retimed, adopted[one]) for one in wanted)


def _was_ahead(one: Correction, commits: Sequence[Commit], retimed: Sequence[Commit], adopted: int) -> bool:
    """Whether the commit was dated later than every one after it, up to the one that corrected it."""
    where = next(number for number, commit in enumerate(commits) if commit.oid == one.commit)
    later = [commit.time for commit in retimed[where + 1 : adopted + 1]]
    return bool(later) and max(later) < commits[where].time
