"""Ids, revision numbers, dates and times: strict, one way to write each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.identity import (
    SCHEMES,
    Scheme,
    add_months,
    end_of_day,
    fold_id,
    format_time,
    id_in_filename,
    is_id,
    is_person_id,
    local_day,
    midnight,
    parse_date,
    parse_time,
    scheme,
    split_id,
    zone,
)


def numbering(name: str) -> Scheme:
    found = scheme(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SOP-001", ("SOP", 1)),
        ("WI-12", ("WI", 12)),
        ("A-0", ("A", 0)),
        ("ISO9001-7", ("ISO9001", 7)),
        ("ABCDEFGHIJKL-123456789", ("ABCDEFGHIJKL", 123456789)),
    ],
)
def test_an_id(text: str, parts: tuple[str, int]) -> None:
    assert is_id(text)
    assert split_id(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "SOP",
            "SOP-",
            "-001",
            "sop-001",
            "SOP001",
            "SOP-1a",
            "SOP-001\n",
            " SOP-001",
            "SOP-001 ",
            "1SOP-1",
        ),
        *(
            "SOP_001",
            "SOP--1",
            "SOP-٣",
            "SOP-1²",
            "ＳＯＰ-1",
            "SÖP-1",
            "SOP‑1",
            "S-P-1",
            "ABCDEFGHIJKLM-1",
            "A-1234567890",
        ),
        *("SOP-001/../x", "SOP-\x00", "SOP-+1"),
    ],
)
def test_no_id(text: str) -> None:
    assert not is_id(text)
    assert split_id(text) is None


def test_ids_collide_after_folding() -> None:
    assert fold_id("SOP-001") == fold_id("sop-001") == fold_id("Sop-001")
    assert fold_id("e\u0301") == fold_id("\xc9")
    assert fold_id("straße") == fold_id("STRASSE")
    assert fold_id("SOP-1") != fold_id("SOP-01")


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_id(fold_id(text)) == fold_id(text)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("SOP-001.md", "SOP-001"),
        ("SOP-001-control-of-documents.md", "SOP-001"),
        ("SOP-001_control.md", "SOP-001"),
        ("SOP-001 Control of documents.md", "SOP-001"),
        ("SOP-001", "SOP-001"),
        ("documents/core/SOP-001-x.md", "SOP-001"),
        ("SOP-001-SOP-002.md", "SOP-001"),
        ("SOP-0015.md", "SOP-0015"),
        ("SOP-001a.md", None),
        ("SOP-001é.md", None),
        ("sop-001.md", None),
        ("xSOP-001.md", None),
        ("SOP.md", None),
        ("", None),
        ("SOP-001/index.md", None),
        ("-SOP-001.md", None),
    ],
)
def test_the_id_in_a_file_name(name: str, found: str | None) -> None:
    assert id_in_filename(name) == found


@pytest.mark.parametrize("text", ["jane-doe", "quality-manager", "a", "1", "x" * 64])
def test_a_person_or_role(text: str) -> None:
    assert is_person_id(text)


@pytest.mark.parametrize("text", ["", "Jane", "jane_doe", "jane doe", "jané", "jane\n", "x" * 65, "٣"])
def test_no_person_or_role(text: str) -> None:
    assert not is_person_id(text)


def test_the_schemes_are_those_of_the_settings() -> None:
    assert set(SCHEMES) == {"integer", "major.minor", "letter"}
    assert scheme("roman") is None


@pytest.mark.parametrize(
    ("name", "ascending"),
    [
        ("integer", ["1", "2", "9", "10", "11", "100", "999999"]),
        ("major.minor", ["0.1", "0.9", "0.10", "1.0", "1.1", "1.9", "1.10", "2.0", "10.0", "999999.999999"]),
        ("letter", ["A", "B", "I", "O", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]),
    ],
)
def test_revisions_sort_as_numbers(name: str, ascending: list[str]) -> None:
    numbers = numbering(name)
    values = [numbers.parse(text) for text in ascending]
    assert None not in values
    assert sorted(values, key=lambda value: value or ()) == values
    assert [numbers.compare(a, b) for a, b in pairwise(ascending)] == [-1] * (len(values) - 1)
    assert numbers.compare(ascending[0], ascending[0]) == 0
    assert numbers.compare(ascending[-1], ascending[0]) == 1


@pytest.mark.parametrize(
    ("name", "malformed"),
    [
        (
            "integer",
            ["", "0", "01", "-1", "+1", "1.0", "1 ", " 1", "1\n", "A", "٣", "²", "1000000", "1_0", "1e1"],
        ),
        (
            "major.minor",
            ["", "1", "1.", ".1", "0.0", "01.0", "1.00", "1.01", "1.0.0", "1,0", "v1.0", "1.0\n", "١.٠"],
        ),
        ("letter", ["", "a", "1", "A1", "Ä", "A ", "A\n", "AAAA", "Α"]),
    ],
)
def test_malformed_revisions(name: str, malformed: list[str]) -> None:
    numbers = numbering(name)
    assert [text for text in malformed if numbers.parse(text) is not None] == []
    for text in malformed:
        assert not numbers.is_skip(numbers.first()[0], text)
        with pytest.raises(ValueError, match="not both revisions"):
            numbers.compare(text, numbers.first()[0])


@pytest.mark.parametrize(
    ("name", "old", "allowed"),
    [
        ("integer", "1", ("2",)),
        ("integer", "9", ("10",)),
        ("integer", "x", ("1",)),
        ("major.minor", "1.0", ("1.1", "2.0")),
        ("major.minor", "1.9", ("1.10", "2.0")),
        ("major.minor", "0.1", ("0.2", "1.0")),
        ("major.minor", "x", ("1.0", "0.1")),
        ("letter", "A", ("B",)),
        ("letter", "H", ("I",)),
        ("letter", "Z", ("AA",)),
        ("letter", "AZ", ("BA",)),
        ("letter", "ZZ", ("AAA",)),
        ("letter", "1", ("A",)),
    ],
)
def test_the_next_number(name: str, old: str, allowed: tuple[str, ...]) -> None:
    assert numbering(name).next(old) == allowed


@pytest.mark.parametrize(
    ("name", "old", "new", "skips"),
    [
        ("integer", None, "1", False),
        ("integer", None, "2", True),
        ("integer", "1", "2", False),
        ("integer", "1", "3", True),
        ("integer", "3", "2", False),
        ("integer", "3", "3", False),
        ("integer", "x", "1", False),
        ("major.minor", None, "0.1", False),
        ("major.minor", None, "1.0", False),
        ("major.minor", None, "1.1", True),
        ("major.minor", "1.1", "1.3", True),
        ("major.minor", "1.1", "2.0", False),
        ("major.minor", "1.1", "2.1", True),
        ("major.minor", "1.1", "3.0", True),
        ("letter", None, "A", False),
        ("letter", "A", "C", True),
        ("letter", "Z", "AA", False),
    ],
)
def test_a_skip(name: str, old: str | None, new: str, skips: bool) -> None:  # noqa: FBT001 - a case of a table
    assert numbering(name).is_skip(old, new) is skips


@given(st.sampled_from(sorted(SCHEMES)), st.integers(0, 400))
def test_every_next_number_is_above(name: str, steps: int) -> None:
    numbers = SCHEMES[name]
    text = numbers.first()[0]
    for step in range(steps % 60):
        following = numbers.next(text)
        for candidate in following:
            assert numbers.compare(candidate, text) > 0
            assert not numbers.is_skip(text, candidate)
        text = following[step % len(following)]


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
