"""What the naive model answers about a document's past: its revisions and the statements about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answers import as_of
from support.play import iso

if TYPE_CHECKING:
    from model.fold import Fold
    from model.naive import Approved, Life


def past(fold: Fold, identity: str, now: int) -> list[dict[str, object]]:
    """One entry an approved revision, oldest first."""
    life = as_of(fold.life(identity), now)
    return [_revision(fold, identity, life, one, now) for one in life.approved]


def end(life: Life, one: Approved) -> int | None:
    """When a revision ceases to be in force or to be coming: a later one begins, or a withdrawal enters."""
    ends = [other.start for other in life.approved if other.step > one.step]
    ends += [other.time for other in life.withdrawn if other.step >= one.step]
    return min(ends, default=None)


def _revision(fold: Fold, identity: str, life: Life, one: Approved, now: int) -> dict[str, object]:
    until = end(life, one)
    came = until is None or one.start < until
    over = until is not None and until <= now
    return {
        "revision": one.number,
        "status": _status(life, one, now),
        "commit": fold.steps[one.step].id,
        "path": one.text.path,
        "entered": iso(one.time),
        "effective_from": iso(one.start) if came else None,
        "effective_until": iso(until) if until is not None and over and came else None,
        "signatures": sorted(
            (verdict.statement.sha, verdict.code or "valid")
            for verdict in fold.verdicts.values()
            if verdict.statement.said("id") == identity
            and verdict.statement.says
            and verdict.statement.content == one.content
        ),
    }


def _status(life: Life, one: Approved, now: int) -> str:
    current = life.in_force(now)
    if current is one:
        return "effective"
    ends = [other for other in life.withdrawn if other.step >= one.step]
    later = [other.start for other in life.approved if other.step > one.step]
    if ends and not any(start < ends[0].time for start in later[: _count(life, one, ends[0].step)]):
        return "withdrawn"
    return "superseded" if any(start <= now for start in later) else "approved"


def _count(life: Life, one: Approved, step: int) -> int:
    """How many revisions were approved after this one up to a step."""
    return sum(one.step < other.step <= step for other in life.approved)
