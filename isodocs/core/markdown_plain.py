"""A Markdown body of the plainest kind, sorted without looking at each of its lines.

Most documents are headings, paragraphs, lists and tables, and there are few links in them. Of those only the
stretches of text are asked for in which something can point somewhere. What is not as plain as that is not
guessed at: whoever asks then sorts it line by line. The tests hold this against ``markdown_blocks``.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from isodocs.core.markdown_blocks import Blocks, Title

if TYPE_CHECKING:
    from collections.abc import Iterator

_ITEM = r"(?:[*+-]|[0-9]++\.)[ ]++"
# What a line of text can begin with so that nothing but text begins there.
_TEXT = r"(?:[^\s#>|<=+*_!?:/\[0-9~-]|[0-9]++(?!\.[ \t])|(?:\*{1,3}+|_{1,3}+)(?=[^\W_])|!?\[)[^\n]*+"
_FIRST = rf"(?:[ ]{{0,3}}+(?:{_ITEM})?+{_TEXT}|\|[^\n]*+)"
_NEXT = rf"(?:[ ]*+(?:{_ITEM})?+{_TEXT}|\|[^\n]*+)"
_BODY = re.compile(
    rf"(?:[ ]*+\n|#[^\n\\]*+(?:\n|\Z)|{_FIRST}(?:\n{_NEXT})*+(?:\n(?=[ ]*+(?:\n|\Z))|\Z))*+[ ]*+"
)
_UNUSUAL = ("```", "~~~", "]:")
_MARKS = "[<{"
_LOWEST = 6
_BEGINS = re.compile(rf"(?:[ ]{{0,3}}+{_ITEM}|\|)")
_BEGINS_ROW = re.compile(r"\|")


def read(body: str) -> Blocks | None:
    """What stands in a body whose line ends are LF; None where it must be sorted line by line.

    ``texts`` are those with a bracket, a brace or an angle bracket: nothing in the others is a link, a
    picture or a name. No definition of a reference or a note stands in such a body.
    """
    if any(sign[0] in body and sign in body for sign in _UNUSUAL) or not _BODY.fullmatch(body):
        return None
    lengths = [len(line) + 1 for line in body.split("\n")]
    return Blocks(titles=_titles(body), texts=_texts(body), starts=[0, *accumulate(lengths[:-1])])


def _titles(body: str) -> list[Title]:
    """The headings: each line that begins with a hash."""
    found = []
    for start in _places(body, "#"):
        if start and body[start - 1] != "\n":
            continue
        end = body.find("\n", start)
        written = body[start : end if end >= 0 else len(body)]
        level = min(len(written) - len(written.lstrip("#")), _LOWEST)
        found.append(Title(level, start + level, start + level + len(written[level:].rstrip("#"))))
    return found


def _places(text: str, sign: str) -> Iterator[int]:
    """Where a sign stands in a text."""
    place = text.find(sign)
    while place >= 0:
        yield place
        place = text.find(sign, place + 1)


def _texts(body: str) -> list[tuple[int, int]]:
    """The stretches of text with a mark in them."""
    found: list[tuple[int, int]] = []
    marks = sorted(place for mark in _MARKS for place in _places(body, mark))
    end = 0
    for place in marks:
        if place < end:
            continue
        start = body.rfind("\n", 0, place) + 1
        end = (body.find("\n", place) + 1) or len(body)
        if body[start] != "#":
            start, end = _top(body, start), _bottom(body, end)
            found += [
                one
                for one in _stretches(body, start, end)
                if any(body.find(mark, *one) >= 0 for mark in _MARKS)
            ]
    return found


def _top(body: str, start: int) -> int:
    """Where the block begins to which the line at ``start`` belongs."""
    while start:
        above = body.rfind("\n", 0, start - 1) + 1
        if body[above] == "#" or not body[above:start].strip():
            break
        start = above
    return start


def _bottom(body: str, below: int) -> int:
    """Where the block ends of whose lines one ends at ``below``."""
    while below < len(body):
        end = (body.find("\n", below) + 1) or len(body)
        if not body[below:end].strip():
            break
        below = end
    return below


def _stretches(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a block: a table's row is one, and of a list an item."""
    begins = _BEGINS if body[start] != "|" and _BEGINS.match(body, start) else _BEGINS_ROW
    last = start
    while line := body.find("\n", start, end) + 1:
        if line < end and begins.match(body, line):
            yield last, line
            last = line
        start = line
    yield last, end
