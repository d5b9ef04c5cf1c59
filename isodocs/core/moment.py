"""The day or time a command is asked about, ``--as-of``, as a point in time."""

from __future__ import annotations

from dataclasses import dataclass

from isodocs.core.identity import end_of_day, parse_date, parse_time
from isodocs.core.problem import CannotRun

_LAST_SECOND = 253402300799  # 9999-12-31T23:59:59Z: no output can name a later one

CLOCK_TOLERANCE = 600
"""How far, in seconds, a commit may be ahead of the reader's clock."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """What was asked: a day (its end, in the company's time zone), a time, or nothing: now.

    Attributes:
        text: as it was written; empty for now.
        now: the clock, in seconds since 1970.
    """

    text: str
    now: int

    @classmethod
    def read(cls, text: str | None, now: int) -> AsOf:
        """Read ``--as-of``.

        Raises:
            CannotRun: it is neither a date nor a UTC time.
        """
        if text and parse_date(text) is None and parse_time(text) is None:
            raise CannotRun(
                f"'{text}' is no date such as 2026-03-01, and no UTC time such as 2026-03-01T10:15:00Z."
            )
        return cls(text or "", now)

    def moment(self, zone: str) -> int:
        """The point in time, in seconds since 1970, for a company in this time zone."""
        if not self.text:
            return self.now
        day = parse_date(self.text)
        if day is not None:
            return min(end_of_day(day, zone), _LAST_SECOND)
        return parse_time(self.text) or 0

    def clock(self, zone: str) -> int:
        """The later of now and what was asked: nothing on the mainline may be later."""
        return max(self.now, self.moment(zone))
