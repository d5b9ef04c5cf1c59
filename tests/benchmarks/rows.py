"""Rows of the budget's table: what was measured, beside what, and if the bound is kept."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measure import Taken

MEGA = 1_000_000
TICK = 0.001  # no process takes less


@dataclass(frozen=True)
class Bound:
    """What must be reached; what is None is not asked.

    Attributes:
        seconds: at most these.
        ratio: at most this many times the other's seconds.
        beyond: at most these seconds more than the other.
        memory: at most these bytes.
        rate: at least so many a second.
    """

    seconds: float | None = None
    ratio: float | None = None
    beyond: float | None = None
    memory: int | None = None
    rate: int | None = None

    def __str__(self) -> str:
        words = (
            (self.seconds, "≤ {:g} s"),
            (self.ratio, "≤ {:g} ×"),
            (self.beyond, "≤ {:g} s more"),
            (self.memory and self.memory // MEGA, "≤ {:,} MB"),
            (self.rate, "≥ {:,} a second"),
        )
        return ", ".join(form.format(value) for value, form in words if value is not None)


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        key: which line of the budget it belongs to.
        work: what was measured.
        scale: on which repository.
        ours: how long it takes; None where it was not measured.
        beside: what it stands beside.
        other: how long that takes, in the same run; None where there is nothing.
        memory: of ours and all children, at most, in bytes; 0 where it was not looked at.
        count: how many things were done; 0 where rates say nothing.
        bound: what must be reached; None on repositories for which nothing is asked.
        note: what else is to be said.
        busy: whether the machine was busy, so that seconds of processors count.
    """

    key: str
    work: str
    scale: str
    ours: Taken | None
    beside: str = ""
    other: Taken | None = None
    memory: int = 0
    count: int = 0
    bound: Bound | None = None
    note: str = ""
    busy: bool = False

    def counted(self, taken: Taken) -> float:
        """The seconds that count."""
        return taken.cpu if self.busy else taken.clock

    @property
    def ratio(self) -> float | None:
        """Our seconds over the other's."""
        if self.ours is None or self.other is None:
            return None
        return self.counted(self.ours) / max(self.counted(self.other), TICK)

    @property
    def rate(self) -> float:
        """How many things we do a second."""
        return self.count / max(self.counted(self.ours), TICK) if self.ours else 0.0

    @property
    def reached(self) -> bool | None:
        """Whether the bound is kept; None where there is none, or nothing was measured."""
        bound = self.bound
        if bound is None or bound == Bound() or self.ours is None:
            return None
        seconds, other = self.counted(self.ours), self.counted(self.other or Taken())
        kept = (
            bound.seconds is None or seconds <= bound.seconds,
            bound.ratio is None or (self.ratio is not None and self.ratio <= bound.ratio),
            bound.beyond is None or seconds - other <= bound.beyond,
            bound.memory is None or 0 < self.memory <= bound.memory,
            bound.rate is None or self.rate >= bound.rate,
        )
        return all(kept)
