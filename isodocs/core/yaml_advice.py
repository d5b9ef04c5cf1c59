"""What the YAML parser could not read, said so that an author can mend it.

The parser speaks of tokens and contexts; authors forget a quotation mark or press the tab key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem, Span

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

SYNTAX = "FM102"
_LINES = re.compile(r"\r\n?|\n")
_INDENT_TAB = re.compile(r"[ \-]*\t")
_QUOTE = "Put the whole value in quotes."
_ALIKE = "Indent it like its neighbours."


@dataclass(frozen=True, slots=True)
class _Advice:
    """What to say when the parser's words match; ``opened`` points to where the thing at fault begins."""

    words: str
    message: str
    fix: str
    opened: bool = False


# The words are those of libyaml and of the parser in Python: the context, a bar, the problem.
_ADVICE = (
    _Advice(
        r"quoted scalar\|.*(end of stream|document separator)",
        "This quotation mark is never closed.",
        "Close it at the end of the value.",
        opened=True,
    ),
    _Advice("alias", "A value that begins with `*` has a meaning of its own in YAML.", _QUOTE, opened=True),
    _Advice("anchor", "A value that begins with `&` has a meaning of its own in YAML.", _QUOTE, opened=True),
    _Advice("tag", "A value that begins with `!` has a meaning of its own in YAML.", _QUOTE, opened=True),
    _Advice("directive", "A line cannot begin with `%`.", _QUOTE, opened=True),
    _Advice(
        "escape|hexa?decimal",
        "A backslash in double quotes begins an escape that YAML does not know.",
        "Write two backslashes for one, or use single quotes.",
    ),
    _Advice(
        "flow sequence",
        "The bracket `[` is not closed by `]`, or a comma is missing behind it.",
        "Close it, or put the value in quotes if the bracket is part of the text.",
        opened=True,
    ),
    _Advice(
        "flow mapping",
        "The brace `{` is not closed by `}`, or a comma is missing behind it.",
        "Close it, or put the value in quotes if the brace is part of the text.",
        opened=True,
    ),
    _Advice(
        "could not find expected ':'",
        "This line is neither a key with a colon nor part of a value.",
        "Write it as `key: value`.",
        opened=True,
    ),
    _Advice(
        "block scalar",
        "Only a line break may follow `|` or `>`, and the lines below must be indented alike.",
        "Begin the text in the next line, or put it in quotes.",
    ),
    _Advice("block collection|'-' indicator|sequence entries", "A list does not fit here.", _ALIKE),
)


def explain(error: MarkedYAMLError, text: str, line: int) -> Problem:
    """The problem behind a parser's error. ``line`` is the file's line at which ``text`` begins."""
    lines = _LINES.split(text)
    mark = error.problem_mark or error.context_mark
    row, column = (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
    words = f"{error.context or ''}|{error.problem or ''}"
    tab = _INDENT_TAB.match(lines[row])
    if tab and "quoted scalar" not in words:
        message = "A tab stands in the indentation; YAML allows only spaces there."
        return _problem(message, "Replace it with spaces.", line + row, tab.end())
    advice = _advice(words, lines[row], column)
    if advice.opened and error.context_mark:
        row, column = error.context_mark.line, error.context_mark.column
    return _problem(advice.message, advice.fix, line + row, column + 1)


def _problem(message: str, fix: str, line: int, column: int) -> Problem:
    return Problem(SYNTAX, message, fix, span=Span(line, column, line, column + 1))


def _advice(words: str, line: str, column: int) -> _Advice:
    """The advice that fits the parser's words and the line."""
    if "start any token" in words or "node content" in words:
        return _bad_start(line[column : column + 1])
    if "mapping values are not allowed" in words:
        return _colon(line[:column])
    for advice in _ADVICE:
        if re.search(advice.words, words):
            return advice
    if line[column : column + 1] == ":":
        return _Advice("", "The key before this colon is missing.", "Write it as `key: value`.")
    return _structure(words, line[:column])


def _bad_start(character: str) -> _Advice:
    if character == "\t":
        return _Advice("", "A tab stands where YAML allows only spaces.", "Replace it with spaces.")
    shown = {"`": "a backtick", "": "nothing"}.get(character, f"`{character}`")
    return _Advice("", f"A value cannot begin with {shown}.", _QUOTE)


def _colon(before: str) -> _Advice:
    """A colon where none can stand; ``before`` is the line up to it."""
    if ": " in before:
        return _Advice("", "A second colon with a space stands in this line.", _QUOTE)
    if before[:1] in {" ", "-"}:
        fix = "Remove the indentation, or put the text above in quotes."
        return _Advice("", "A key cannot stand here: the value above it has not ended.", fix)
    return _Advice("", "The line above this key is no `key: value`.", "Give it a colon and a space.")


def _structure(words: str, before: str) -> _Advice:
    if "expected key" not in words and "block end" not in words and "document start" not in words:
        return _Advice(
            "", f"YAML cannot be read here ({words.strip('|')}).", "Write each line as `key: value`."
        )
    if before.strip():
        return _Advice("", "Text follows a value that has ended with a quotation mark or bracket.", _QUOTE)
    return _Advice("", "The indentation of this line fits no level above.", _ALIKE)
