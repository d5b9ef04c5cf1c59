"""What changed between two texts, for a terminal that must not be fooled."""

from __future__ import annotations

import pytest

from isodocs.reports import redline

NAMES = ("revision 1", "revision 2")


def lines(old: bytes | None, new: bytes, *, colour: bool = False) -> list[str]:
    return redline.text(old, new, NAMES, colour=colour).splitlines()


def test_a_change_with_its_surroundings() -> None:
    old = b"".join(b"line %d\n" % number for number in range(10))
    assert lines(old, old.replace(b"line 5", b"new")) == [
        "--- revision 1",
        "+++ revision 2",
        "@@ -3,7 +3,7 @@",
        " line 2",
        " line 3",
        " line 4",
        "-line 5",
        "+new",
        " line 6",
        " line 7",
        " line 8",
    ]


def test_a_first_text_is_shown_as_a_whole() -> None:
    assert lines(None, b"a\nb\n") == ["--- nothing", "+++ revision 2", "@@ -0,0 +1,2 @@", "+a", "+b"]


def test_nothing_differs() -> None:
    assert lines(b"a\n", b"a\n") == []


def test_a_line_end_that_went_is_seen() -> None:
    assert lines(b"a\n", b"a")[-1] == "+\\ No line end at the end of the file"


def test_line_ends_that_changed_are_seen() -> None:
    assert lines(b"a\n", b"a\r\n")[-2:] == ["-a", "+a\\r"]


def test_colours() -> None:
    assert lines(b"a\nb\n", b"a\nc\n", colour=True)[-2:] == ["\x1b[31m-b\x1b[0m", "\x1b[32m+c\x1b[0m"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x07\x08\x00", "\\x07\\x08\\x00"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u00a0b", "a\\xa0b"),
        ("a\x9bb", "a\\x9bb"),
        ("a\tb ä 漢 …", "a\tb ä 漢 …"),
    ],
)
def test_nothing_acts_on_the_terminal_unseen(text: str, shown: str) -> None:
    assert lines(b"", f"{text}\n".encode())[-1] == f"+{shown}"


def test_what_is_no_utf8_is_shown_as_bytes() -> None:
    assert lines(b"", b"a\xffb\n")[-1] == "+a\\xffb"
