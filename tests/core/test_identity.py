"""Ids and revision numbers: strict, one way to write each."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.identity import (
    SCHEMES,
    Scheme,
    fold_id,
    id_in_filename,
    is_id,
    is_person_id,
    scheme,
    split_id,
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
