"""Names, numbers, dates and times as documents write them.

Everything here is strict: ASCII, one way to write a thing, ``None`` instead of a guess.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from abc import ABC, abstractmethod
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

MAX_PREFIX = 12
MAX_DIGITS = 9
MAX_PERSON = 64
MAX_NUMBER = 6
ID_PATTERN: Final = re.compile(rf"[A-Z][A-Z0-9]{{0,{MAX_PREFIX - 1}}}-[0-9]{{1,{MAX_DIGITS}}}")
PERSON_PATTERN: Final = re.compile(rf"[a-z0-9-]{{1,{MAX_PERSON}}}")
_FILE_ID = re.compile(rf"({ID_PATTERN.pattern})(?:[-_. ].*)?", re.DOTALL)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_TIME_PARTS = ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_id(text: str) -> bool:
    """Whether ``text`` is a document id: a prefix of 1 to 12 characters, a hyphen, 1 to 9 digits."""
    return ID_PATTERN.fullmatch(text) is not None


def split_id(text: str) -> tuple[str, int] | None:
    """Prefix and number of an id, ``SOP-007`` → ``("SOP", 7)``; None if it is none."""
    if not is_id(text):
        return None
    prefix, _, digits = text.rpartition("-")
    return prefix, int(digits)


def fold_id(text: str) -> str:
    """What two ids must not share: NFC and case folding, any text at all.

    Leading zeros count: ``SOP-1`` and ``SOP-01`` are two ids here.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def id_in_filename(name: str) -> str | None:
    """The id at the start of a file's name, if ``-``, ``_``, ``.``, a space or the end follows it.

    ``name`` may be a path with ``/``; its last part counts.
    """
    found = _FILE_ID.fullmatch(name.rpartition("/")[2])
    return found[1] if found else None


def is_person_id(text: str) -> bool:
    """Whether ``text`` can name a person or a role: lower case letters, digits, hyphens, at most 64."""
    return PERSON_PATTERN.fullmatch(text) is not None


class Scheme(ABC):
    """How the revisions of a document type are numbered."""

    name: str
    example: str

    @abstractmethod
    def parse(self, text: str) -> tuple[int, ...] | None:
        """A value that sorts as the revisions do, or None if ``text`` is not of this scheme."""

    @abstractmethod
    def first(self) -> tuple[str, ...]:
        """The numbers a document may begin with, the usual one first."""

    @abstractmethod
    def next(self, text: str) -> tuple[str, ...]:
        """The numbers that may follow ``text``, the usual one first; of a malformed number: ``first()``."""

    def compare(self, one: str, other: str) -> int:
        """Negative, zero or positive as ``one`` is before, equal to or after ``other``.

        Raises:
            ValueError: one of them is not of this scheme.
        """
        left, right = self.parse(one), self.parse(other)
        if left is None or right is None:
            raise ValueError(f"{one!r} and {other!r} are not both revisions like {self.example}")
        return (left > right) - (left < right)

    def is_skip(self, old: str | None, new: str) -> bool:
        """Whether ``new`` lies above ``old`` (None: nothing yet) but is no number that may follow."""
        if self.parse(new) is None:
            return False
        if old is None or self.parse(old) is None:
            return new not in self.first()
        return self.compare(new, old) > 0 and new not in self.next(old)


class _Integer(Scheme):
    name = "integer"
    example = "1, 2, 3"
    _form = re.compile(rf"[1-9][0-9]{{0,{MAX_NUMBER - 1}}}")

    def parse(self, text: str) -> tuple[int, ...] | None:
        return (int(text),) if self._form.fullmatch(text) else None

    def first(self) -> tuple[str, ...]:
        return ("1",)

    def next(self, text: str) -> tuple[str, ...]:
        value = self.parse(text)
        return (str(value[0] + 1),) if value else self.first()


class _MajorMinor(Scheme):
    name = "major.minor"
    example = "1.0, 1.1, 2.0"
    _part = rf"(0|[1-9][0-9]{{0,{MAX_NUMBER - 1}}})"
    _form = re.compile(rf"{_part}\.{_part}")

    def parse(self, text: str) -> tuple[int, ...] | None:
        found = self._form.fullmatch(text)
        if not found or text == "0.0":
            return None
        return int(found[1]), int(found[2])

    def first(self) -> tuple[str, ...]:
        return ("1.0", "0.1")

    def next(self, text: str) -> tuple[str, ...]:
        value = self.parse(text)
        if not value:
            return self.first()
        return f"{value[0]}.{value[1] + 1}", f"{value[0] + 1}.0"


class _Letter(Scheme):
    name = "letter"
    example = "A, B, … Z, AA"
    _form = re.compile(r"[A-Z]{1,3}")

    def parse(self, text: str) -> tuple[int, ...] | None:
        if not self._form.fullmatch(text):
            return None
        value = 0
        for letter in text:
            value = value * 26 + ord(letter) - ord("A") + 1
        return (value,)

    def first(self) -> tuple[str, ...]:
        return ("A",)

    def next(self, text: str) -> tuple[str, ...]:
        value = self.parse(text)
        return (_letters(value[0] + 1),) if value else self.first()


def _letters(value: int) -> str:
    text = ""
    while value:
        value, rest = divmod(value - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


SCHEMES: Final[dict[str, Scheme]] = {s.name: s for s in (_Integer(), _MajorMinor(), _Letter())}


def scheme(name: str) -> Scheme | None:
    """The scheme settings name: ``integer``, ``major.minor`` or ``letter``."""
    return SCHEMES.get(name)


def parse_date(text: str) -> date | None:
    """A calendar date from the year 1900 on, written exactly ``YYYY-MM-DD``, else None."""
    if text < "1900" or not _DATE.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


def parse_time(text: str) -> int | None:
    """Seconds since 1970 of a time written exactly ``YYYY-MM-DDThh:mm:ssZ``, else None. No leap seconds."""
    if not _TIME.fullmatch(text):
        return None
    try:
        year, month, day, hour, minute, second = (int(text[at : at + width]) for at, width in _TIME_PARTS)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(seconds=1)


def format_time(epoch: int) -> str:
    """``epoch`` (seconds since 1970) as ``2026-03-01T10:15:00Z``; the years 1 to 9999.

    Raises:
        OverflowError: the year is not one of those.
    """
    return (_EPOCH + timedelta(seconds=epoch)).replace(tzinfo=None).isoformat() + "Z"


def add_months(day: date, months: int) -> date:
    """``day`` some months later (or earlier); where that month is shorter, its last day.

    Beyond the calendar it is its first or last day: a date far away, not an error.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=16)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone of the IANA list, such as Europe/Berlin") from error


def midnight(day: date, zone_name: str) -> int:
    """The first second of ``day`` there, in seconds since 1970.

    Where the clock jumps over midnight it is the moment of the jump; where midnight comes twice, the first.
    """
    start = datetime(day.year, day.month, day.day, tzinfo=zone(zone_name))
    epoch = int((start - _EPOCH).total_seconds())
    return epoch if local_day(epoch, zone_name) == day else _first_second(day, zone_name, epoch)


def end_of_day(day: date, zone_name: str) -> int:
    """The last second of ``day`` there, in seconds since 1970."""
    if day == date.max:
        return midnight(day, zone_name) + 86399
    return midnight(day + timedelta(days=1), zone_name) - 1


def local_day(epoch: int, zone_name: str) -> date:
    """The calendar day there at ``epoch`` (seconds since 1970); beyond the calendar its last or first day."""
    try:
        return (_EPOCH + timedelta(seconds=epoch)).astimezone(zone(zone_name)).date()
    except OverflowError:
        return date.max if epoch > 0 else date.min


def _first_second(day: date, zone_name: str, near: int) -> int:
    """Search the first second of ``day`` within a day of ``near``: for clocks that skip midnight."""
    low, high = near - 86400, near + 86400
    while low < high:
        middle = (low + high) // 2
        if local_day(middle, zone_name) < day:
            low = middle + 1
        else:
            high = middle
    return low
