"""Anchors as the published site has them: what Python-Markdown's ``toc`` makes of a heading.

Source: the modules ``toc`` and ``attr_list`` of Python-Markdown 3; the tests hold this against them.
"""

from __future__ import annotations

import re
import unicodedata

_NO_LETTERS, _GAPS = re.compile(r"[^\w\s-]"), re.compile(r"[-\s]+")
_NUMBERED = re.compile(r"(.*)_([0-9]+)", re.DOTALL)
_LIST_START = re.compile(r" \{:?[ ]*+(?=[^\} ])")
_ATTRIBUTE = re.compile(r"""([^ =}]+)=(?:"(.*?)"|'(.*?)'|([^ =}]+))|([^ =}]+)""")
_NOT_A_NAME = re.compile(r"[^A-Z_a-z\u00c0-\ufffd:\-.0-9\u00b7]+")


def slug(text: str) -> str:
    """The anchor of a heading with this text, before duplicates are told apart."""
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return _GAPS.sub("-", _NO_LETTERS.sub("", plain).strip().lower())


class Anchors:
    """The anchors given out so far; a second ``scope`` becomes ``scope_1``, and an empty one ``_1``."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._free: dict[tuple[str, int], int] = {}

    def take(self, wanted: str) -> str:
        """``wanted``, or it with the next free number."""
        name = wanted
        if not wanted or wanted in self.taken:
            numbered = _NUMBERED.fullmatch(wanted)
            base, count = (numbered[1], int(numbered[2]) + 1) if numbered else (wanted, 1)
            name = f"{base}_{self._next(base, count)}"
        self.taken.add(name)
        return name

    def _next(self, base: str, count: int) -> int:
        """The first free number from ``count`` on; remembers where the search ended."""
        number = self._free.get((base, count), count)
        while f"{base}_{number}" in self.taken:
            number += 1
        self._free[base, count] = number
        return number


def attributes(text: str) -> dict[str, str]:
    """The attributes in an attribute list, ``#id .class key="value"``; classes are left out."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        key, word = match[1], match[5]
        if key is not None:
            found[_NOT_A_NAME.sub("_", key)] = next(v for v in match.group(2, 3, 4) if v is not None)
        elif word.startswith("#"):
            found["id"] = word[1:]
    return found


def heading_attributes(text: str) -> tuple[str, dict[str, str]]:
    """A heading's text without the attribute list at its end, and its attributes."""
    written = text.rstrip(" ")
    found = _LIST_START.search(written) if written.endswith("}") else None
    inside = written[found.end() : -1] if found else ""
    if not found or not inside or "}" in inside:
        return text, {}
    return text[: found.start()].rstrip(" ").rstrip("#").rstrip(), attributes(inside)
