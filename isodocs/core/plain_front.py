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
_ENTRIES_KNOWN = 4096  # versions of a document have most of theirs in common
_CHARACTERS = re.compile(
    "[\n -~\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff]*+"
)
_KEY = r"[A-Za-z_][A-Za-z0-9_-]*+"
_QUOTED = r"\"[^\"\\\n]*+\"|'[^'\n]*+'"
_PLAIN = r"[^\W_](?:[^\s:#]++|:(?=[^\s])|(?<=[^\s])#|[ ]++(?=[^\s#]))*+"
_ITEM = rf"{_QUOTED}|[^\W_](?:[\w./()+-]++|[ ]++(?=[\w./()+-]))*+"
_LIST = rf"\[[ ]*+(?:(?:{_ITEM})(?:[ ]*+,[ ]*+(?:{_ITEM}))*+)?[ ]*+\]"
_VALUE = rf"(?:({_PLAIN})|({_QUOTED})|({_LIST}))"
_NEXT_ENTRY = re.compile(r"\n(?![ -])")
_FIRST_LINE = re.compile(rf"({_KEY}):(?:[ ]++{_VALUE})?+")
_LINE_BELOW = re.compile(rf"([ ]*+)(-[ ]++)?+(?:({_KEY}):[ ]++)?+{_VALUE}")
_ITEMS = re.compile(_ITEM)


class Plain(NamedTuple):
    """A document that was read quickly.

    Attributes:
        values: by key: a text, empty where nothing or keys with values stand behind the colon, or the texts
            of a list; items that are keys with values are left out.
        body: what stands below the front matter.
        words: the same with white space folded.
    """

    values: dict[str, Value]
    body: bytes
    words: bytes


def read(data: bytes) -> Plain | None:
    """The values and the body of a document; None where it must be read in full."""
    if not data.startswith(_OPEN):
        return None
    end = data.find(_CLOSE, len(_OPEN), LONGEST)
    words = texts.words(data, end + len(_CLOSE))
    if end < 0 or words is None:
        return None
    values = _values(data[len(_OPEN) : end].decode("utf-8"))
    return None if values is None else Plain(values, data[end + len(_CLOSE) :], words)


def _values(head: str) -> dict[str, Value] | None:
    values: dict[str, Value] = {}
    for found in map(_entry, _NEXT_ENTRY.split(head)):
        if found is None or found[0] in values:
            return None
        values[found[0]] = found[1]
    return values


@lru_cache(_ENTRIES_KNOWN)
def _entry(text: str) -> tuple[str, Value] | None:
    """A key and its value, of a line and those below it that are indented or items."""
    first, *below = text.split("\n")
    found = _FIRST_LINE.fullmatch(first)
    if found is None or not _CHARACTERS.fullmatch(text):
        return None
    key, plain, quoted, listed = found.groups("")
    if not below:
        return key, _items(listed) if listed else plain or quoted[1:-1]
    value = None if plain or quoted or listed else _below(below)
    return None if value is None else (key, value)


def _below(lines: list[str]) -> Value | None:
    """What stands below a key: texts of a list without those items that are keys with values; "" for such."""
    texts: list[str] = []
    keys: set[str] = set()
    margin = column = len(lines[0]) - len(lines[0].lstrip(" "))
    is_list = lines[0].startswith("-", margin)
    for line in lines:
        found = _LINE_BELOW.fullmatch(line)
        if found is None:
            return None
        indent, dash, key, plain, quoted, _ = found.groups("")
        if dash and is_list and len(indent) == margin:
            column, keys = found.start(3), set()
        elif dash or len(indent) != column:
            return None
        if key in keys or not (key or (dash and (plain or quoted))):
            return None
        if key:
            keys.add(key)
        else:
            texts.append(plain or quoted[1:-1])
    return tuple(texts) if is_list else ""


def _items(listed: str) -> tuple[str, ...]:
    return tuple(item[1:-1] if item[0] in "\"'" else item for item in _ITEMS.findall(listed))
