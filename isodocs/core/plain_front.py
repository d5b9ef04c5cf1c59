"""Front matter that is written in the plainest way, read without a YAML parser and without places.

The fold asks of every version of every document for a few values only, and most front matter is lines of
``key: value``. What is not as plain as that is not guessed at: whoever asks then reads it in full. The tests
hold this against ``isodocs.core.frontmatter``.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from isodocs.core import text as texts

Value: TypeAlias = str | tuple[str, ...]

LONGEST = 8 * 1024
_OPEN, _CLOSE = "---\n", "\n---\n"
_CHARACTERS = re.compile(
    "[\n -~\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff]*+"
)
_QUOTED = r"\"[^\"\\\n]*+\"|'[^'\n]*+'"
_PLAIN = r"[^\W_](?:[^\s:#]++|:(?=[^\s])|(?<=[^\s])#|[ ]++(?=[^\s#]))*+"
_ITEM = rf"{_QUOTED}|[^\W_](?:[\w./()+-]++|[ ]++(?=[\w./()+-]))*+"
_LIST = rf"\[[ ]*+(?:(?:{_ITEM})(?:[ ]*+,[ ]*+(?:{_ITEM}))*+)?[ ]*+\]"
_LINE = re.compile(
    rf"(?:([A-Za-z_][A-Za-z0-9_-]*+):|([ ]{{0,4}}-))(?:[ ]++(?:({_PLAIN})|({_QUOTED})|({_LIST})))?+"
)
_ITEMS = re.compile(_ITEM)


def read(data: bytes) -> tuple[dict[str, Value], str] | None:
    """Keys with values, and the body, of a document; None where it must be read in full.

    A value is a text, empty where nothing stands behind the colon, or the texts of a list.
    """
    text, problems = texts.decode(data)
    if problems or not text.startswith(_OPEN):
        return None
    end = text.find(_CLOSE, len(_OPEN), LONGEST)
    head = text[len(_OPEN) : end]
    if end < 0 or not _CHARACTERS.fullmatch(head):
        return None
    values = _values(head.split("\n"))
    return None if values is None else (values, text[end + len(_CLOSE) :])


def _values(lines: list[str]) -> dict[str, Value] | None:
    values: dict[str, Value] = {}
    key, margin, takes_items = "", "", False
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        name, dash, plain, quoted, listed = found.groups()
        value = plain or (quoted[1:-1] if quoted else "")
        if dash is None:
            if name in values:
                return None
            key, margin, takes_items = name, "", not (plain or quoted or listed)
            values[name] = _items(listed) if listed else value
        elif not takes_items or (margin or dash) != dash or not (plain or quoted):
            return None
        else:
            margin, values[key] = dash, (*(values[key] or ()), value)
    return values


def _items(listed: str) -> tuple[str, ...]:
    return tuple(item[1:-1] if item[0] in "\"'" else item for item in _ITEMS.findall(listed))
