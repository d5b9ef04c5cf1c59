"""The words of a document: its body line by line, with code and comments blanked out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isodocs.core.problem import Span
from isodocs.core.text import place
from isodocs.rules.base import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading

_LINE_BREAK = re.compile(r"\r\n?|\n")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_TARGET = re.compile(r"\]\([^()\n]*\)|<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*>|<[^<>\s@]+@[^<>\s]+>")
_NOT_BREAK = re.compile(r"[^\n]")


def lines(reading: Reading) -> list[str]:
    """The lines of the body as they are; the first is the file's line ``reading.parsed.body_line``."""
    body = reading.parsed.body
    return _LINE_BREAK.split(body) if "\r" in body else body.split("\n")


def prose(reading: Reading) -> str:
    """The same lines, with code, comments, link targets and addresses replaced by blanks of their length."""
    return remembered(reading, _prose)


def _prose(reading: Reading) -> str:
    rows = lines(reading)
    first = reading.parsed.body_line
    for fence in reading.outline.fences:
        for number in range(fence.span.line - first, min(fence.span.end_line - first + 1, len(rows))):
            rows[number] = ""
    text = "\n".join(rows)
    for pattern, sign in ((_COMMENT, "<!--"), (_CODE_SPAN, "`"), (_TARGET, "")):
        if sign in text:
            text = pattern.sub(_blank, text)
    return text


def found(reading: Reading, pattern: re.Pattern[str]) -> Iterator[tuple[str, Span]]:
    """What a pattern matches in the prose, with its place."""
    text = prose(reading)
    for match in pattern.finditer(text):
        line, column = place(text, match.start())
        end_line, end_column = place(text, match.end())
        first = reading.parsed.body_line - 1
        yield " ".join(match[0].split()), Span(first + line, column, first + end_line, end_column)


def _blank(match: re.Match[str]) -> str:
    return _NOT_BREAK.sub(" ", match[0])
