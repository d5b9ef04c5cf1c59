"""Reading settings and register: a file of a later format is refused with the one sentence that helps."""

from __future__ import annotations

import pytest

from isodocs.core.reading import read_register, read_settings


@pytest.mark.parametrize("read", [read_settings, read_register])
def test_a_later_format_asks_for_a_newer_isodocs(read: object) -> None:
    assert callable(read)
    value, problems = read(b"# ours\nformat: 2\nnew: {}\n")
    assert value is None
    (one,) = problems
    assert (one.code, one.span.line, one.span.column) == ("FM105", 2, 9)
    assert one.message == "This file has format 2; this isodocs reads format 1."
    assert "newer isodocs" in one.fix


@pytest.mark.parametrize("stated", ["0", "one", "01x", "-1"])
def test_something_else_is_no_later_format(stated: str) -> None:
    value, problems = read_register(f"format: {stated}\n".encode())
    assert value is None
    assert not any("newer" in one.fix for one in problems)


def test_a_table_is_needed() -> None:
    value, problems = read_settings(b"- one\n")
    assert value is None
    assert [one.message for one in problems] == ["This is not a table of keys and values."]
