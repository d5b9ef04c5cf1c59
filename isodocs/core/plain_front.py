"""Documents that are written in the plainest way, read without a YAML parser, without places, and as bytes.

The fold asks of every version of every document for a few values only, and most front matter is lines of
``key: value``. What is not as plain as that is not guessed at: whoever asks then reads it in full. The tests
hold this against ``isodocs.core.frontmatter``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from isodocs.core import text as texts

Value: TypeAlias = str | tuple[str, ...]

LONGEST = 8 * 1024
_OPEN, _CLOSE = b"---\n", b"\n---\n"
_LINES_KNOWN = 4096  # versions of a document have most of their lines in common
_CHARACTERS = re.compile(
    "[ -~\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff]*+"
)
_QUOTED = r"\"[^\"\\\n]*+\"|'[^'\n]*+'"
_PLAIN = r"[^\W_](?:[^\s:#]++|:(?=[^\s])|(?<=[^\s])#|[ ]++(?=[^\s#]))*+"
_ITEM = rf"{_QUOTED}|[^\W_](?:[\w./()+-]++|[ ]++(?=[\w./()+-]))*+"
_LIST = rf"\[[ ]*+(?:(?:{_ITEM})(?:[ ]*+,[ ]*+(?:{_ITEM}))*+)?[ ]*+\]"
_LINE = re.compile(
    rf"(?:([A-Za-z_][A-Za-z0-9_-]*+):|([ ]{{0,4}}-))(?:[ ]++(?:({_PLAIN})|({_QUOTED})|({_LIST})))?+"
)
_ITEMS = re.compile(_ITEM)


class Plain(NamedTuple):
    """A document that was read quickly.

    Attributes:
        values: by key: a text, empty where nothing stands behind the colon, or the texts of a list.
        body: what stands below the front matter.
        words: the same with white space folded.
    """

    values: dict[str, Value]
    body: bytes
    words: bytes


class _Line(NamedTuple):
    """A line of front matter: a key or, below one, the margin and dash of an item; and what follows."""

    key: str
    dash: str
    value: Value
    is_bare: bool


def read(data: bytes) -> Plain | None:
    """The values and the body of a document; None where it must be read in full."""
    if not data.startswith(_OPEN):
        return None
    end = data.find(_CLOSE, len(_OPEN), LONGEST)
    words = texts.words(data, end + len(_CLOSE))
    if end < 0 or words is None:
        return None
    values = _values(data[len(_OPEN) : end].decode("utf-8").split("\n"))
    return None if values is None else Plain(values, data[end + len(_CLOSE) :], words)


def _values(lines: list[str]) -> dict[str, Value] | None:
    values: dict[str, Value] = {}
    key, margin, takes_items = "", "", False
    for found in map(_line, lines):
        if found is None:
            return None
        name, dash, value, is_bare = found
        if name:
            if name in values:
                return None
            key, margin, takes_items = name, "", is_bare
            values[name] = value
        elif not takes_items or (margin or dash) != dash or is_bare or not isinstance(value, str):
            return None
        else:
            margin, values[key] = dash, (*(values[key] or ()), value)
    return values


@lru_cache(_LINES_KNOWN)
def _line(line: str) -> _Line | None:
    found = _LINE.fullmatch(line)
    if found is None or not _CHARACTERS.fullmatch(line):
        return None
    name, dash, plain, quoted, listed = found.groups("")
    value = _items(listed) if listed else plain or quoted[1:-1]
    return _Line(name, dash, value, not (plain or quoted or listed))


def _items(listed: str) -> tuple[str, ...]:
    return tuple(item[1:-1] if item[0] in "\"'" else item for item in _ITEMS.findall(listed))
