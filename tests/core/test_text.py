"""Places in a text: lines end with LF, CRLF or CR; columns are code points; offsets and places agree."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.problem import Span
from isodocs.core.text import decode, line_end, line_start, offset, place, span_at, without_controls


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("", 0, (1, 1)),
        ("ab", 1, (1, 2)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\r\nb", 2, (1, 3)),
        ("a\rb", 2, (2, 1)),
        ("🛠e\u0301\nx", 3, (1, 4)),
        ("\n\n", 2, (3, 1)),
    ],
)
def test_a_place(text: str, where: int, expected: tuple[int, int]) -> None:
    assert place(text, where) == expected


@given(st.text(alphabet="ab\u0301🛠\n\r", max_size=30), st.integers(0, 30))
def test_places_and_offsets_agree(text: str, number: int) -> None:
    where = min(number, len(text))
    line, column = place(text, where)
    lines = re.split(r"\r\n?|\n", text)
    assert 1 <= line <= len(lines)
    assert line_start(text, line) + column - 1 == where
    assert offset(text, Span(line, column, line, column), end=False) == where
    assert offset(text, Span(1, 1, line, column), end=True) == where


def test_a_span_is_one_character_by_default() -> None:
    assert span_at("ab\ncd", 1) == Span(1, 2, 1, 3)
    assert span_at("ab\ncd", 2) == Span(1, 3, 1, 4)
    assert span_at("ab\ncd", 0, 5) == Span(1, 1, 2, 3)


def test_beyond_the_last_line_is_the_end() -> None:
    assert line_start("a\nb", 9) == len("a\nb")


@pytest.mark.parametrize(
    ("text", "end"), [("a\r\nb\n", "\r\n"), ("a\nb", "\n"), ("a\rb", "\r"), ("a", "\n"), ("", "\n")]
)
def test_the_line_end_is_that_of_the_first_line(text: str, end: str) -> None:
    assert line_end(text) == end


def test_controls_are_replaced_one_by_one() -> None:
    assert without_controls("a\x00\x1b\tb\n") == "a\ufffd\ufffd\tb\n"


@given(st.text(max_size=60))
def test_sound_text_comes_back(text: str) -> None:
    decoded, problems = decode(text.encode("utf-8", "ignore"))
    if not problems:
        assert decoded == text.encode("utf-8", "ignore").decode()


@given(st.binary(max_size=60))
def test_any_bytes_give_a_text(data: bytes) -> None:
    text, problems = decode(data)
    assert all(problem.code == "FM107" for problem in problems)
    text.encode("utf-8")
