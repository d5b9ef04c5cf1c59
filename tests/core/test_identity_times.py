"""Dates and times: strict, one way to write each; days where the company is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.identity import (
    add_months,
    end_of_day,
    format_time,
    local_day,
    midnight,
    parse_date,
    parse_time,
    zone,
)


@pytest.mark.parametrize("text", ["2026-03-01", "2024-02-29", "1900-01-01", "9999-12-31"])
def test_a_date(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.isoformat() == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "2026-3-1",
            "2026-02-30",
            "2025-02-29",
            "2026-13-01",
            "2026-00-01",
            "20260301",
            "2026-W01-1",
            "2026-060",
        ),
        *(
            "2026-03-01T00:00:00Z",
            "2026-03-01 ",
            "2026-03-01\n",
            "٢٠٢٦-٠٣-٠١",
            "1899-12-31",
            "0001-01-01",
            "01.03.2026",
        ),
    ],
)
def test_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-03-01T10:15:00Z", 1772360100),
        ("2038-01-19T03:14:08Z", 2**31),
        ("1969-12-31T23:59:59Z", -1),
        ("9999-12-31T23:59:59Z", 253402300799),
        ("0001-01-01T00:00:00Z", -62135596800),
    ],
)
def test_a_time(text: str, epoch: int) -> None:
    assert parse_time(text) == epoch
    assert format_time(epoch) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "2026-03-01",
            "2026-03-01T10:15:00",
            "2026-03-01T10:15:00+00:00",
            "2026-03-01T10:15:00z",
            "2026-03-01T10:15Z",
        ),
        *(
            "2026-03-01t10:15:00Z",
            "2026-03-01 10:15:00Z",
            "2026-03-01T10:15:00.0Z",
            "2026-03-01T24:00:00Z",
            "0000-01-01T00:00:00Z",
        ),
        *(
            "2026-03-01T23:59:60Z",
            "2026-03-01T23:60:00Z",
            "2026-02-30T00:00:00Z",
            "2026-03-01T10:15:00Z\n",
            "٢٠٢٦-03-01T10:15:00Z",
        ),
    ],
)
def test_no_time(text: str) -> None:
    assert parse_time(text) is None


@given(st.integers(-62135596800, 253402300799))
def test_times_come_back(epoch: int) -> None:
    assert parse_time(format_time(epoch)) == epoch


@pytest.mark.parametrize("epoch", [-62135596801, 253402300800, 10**20])
def test_a_time_beyond_the_calendar(epoch: int) -> None:
    with pytest.raises(OverflowError):
        format_time(epoch)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", 24, "2028-03-31"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-05-15", 0, "2026-05-15"),
        ("2026-12-01", 1, "2027-01-01"),
        ("9999-12-01", 1, "9999-12-31"),
        ("2026-12-01", 10**9, "9999-12-31"),
    ],
)
def test_months_later(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_months_before_the_calendar() -> None:
    assert add_months(date(1, 1, 31), -1) == date.min


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("day", "place", "start", "end"),
    [
        ("2026-01-15", "Europe/Berlin", "2026-01-14T23:00:00", "2026-01-15T22:59:59"),
        ("2026-07-15", "Europe/Berlin", "2026-07-14T22:00:00", "2026-07-15T21:59:59"),
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00", "2026-03-29T21:59:59"),  # 23 hours
        ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00", "2026-10-25T22:59:59"),  # 25 hours
        ("2026-01-15", "UTC", "2026-01-15T00:00:00", "2026-01-15T23:59:59"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00", "2018-11-05T01:59:59"),  # no midnight
        ("2018-11-03", "America/Sao_Paulo", "2018-11-03T03:00:00", "2018-11-04T02:59:59"),
        (
            "2018-02-17",
            "America/Sao_Paulo",
            "2018-02-17T02:00:00",
            "2018-02-18T02:59:59",
        ),  # 23:00 comes twice
        ("2026-01-15", "Pacific/Kiritimati", "2026-01-14T10:00:00", "2026-01-15T09:59:59"),
        ("2026-01-15", "Asia/Kathmandu", "2026-01-14T18:15:00", "2026-01-15T18:14:59"),
        ("2025-10-05", "Australia/Lord_Howe", "2025-10-04T13:30:00", "2025-10-05T12:59:59"),
        (
            "2011-12-29",
            "Pacific/Apia",
            "2011-12-29T10:00:00",
            "2011-12-30T09:59:59",
        ),  # the day before the lost one
        ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00", "2011-12-31T09:59:59"),
    ],
)
def test_a_day_begins_and_ends_where_the_company_is(day: str, place: str, start: str, end: str) -> None:
    assert midnight(date.fromisoformat(day), place) == utc(start)
    assert end_of_day(date.fromisoformat(day), place) == utc(end)


@given(
    st.dates(date(1905, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Africa/Cairo"]),
)
def test_every_second_belongs_to_one_day(day: date, place: str) -> None:
    start, end = midnight(day, place), end_of_day(day, place)
    assert local_day(start, place) == local_day(end, place) == day
    assert local_day(start - 1, place) < day < local_day(end + 1, place)


def test_the_last_day_of_the_calendar() -> None:
    assert end_of_day(date.max, "UTC") == 253402300799
    assert end_of_day(date.max, "America/New_York") - midnight(date.max, "America/New_York") == 86399
    assert local_day(end_of_day(date.max, "Asia/Tokyo"), "Asia/Tokyo") == date.max
    assert local_day(10**13, "UTC") == date.max
    assert local_day(-(10**13), "UTC") == date.min


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe/Berlin\x00", "Europe", "x" * 5000]
)
def test_no_time_zone(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        zone(name)
