"""From bytes to text: UTF-8 without a byte order mark and without control characters, or a problem.

The text is always given, as well as it can be read, so that the check can go on.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from isodocs.core.problem import Problem, Span

CODE = "FM107"
_LINE_BREAK = re.compile(r"\r\n?|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_VISIBLE = bytes((9, 10, 13, *range(32, 127)))
_NO_UTF8 = b"\xff"  # a byte that stands nowhere in UTF-8
_CONTROL_BYTES = bytes({*range(32), 127} - {*_VISIBLE})
_FOLDED = bytes.maketrans(b"\t\n\r" + _CONTROL_BYTES, b"   " + _NO_UTF8 * len(_CONTROL_BYTES))
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_WIDE_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_SAVE_AS_UTF8 = "Save the file as UTF-8 without a byte order mark."


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file and what is wrong with its encoding (FM107).

    A byte order mark is not part of the text. Bytes that are no UTF-8 become U+FFFD.
    """
    wide = _wide(data)
    if wide:
        return wide
    problems: list[Problem] = []
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        message = "The file begins with a byte order mark (BOM), an invisible character."
        problems.append(Problem(CODE, message, _SAVE_AS_UTF8))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        problems.append(_not_utf8(data, error))
        found = _CONTROL.search(text)
    else:  # what is left without the ordinary letters is short, and UTF-8 still
        rest = data.translate(None, _VISIBLE)
        found = _CONTROL.search(text) if rest and _CONTROL.search(rest.decode("utf-8")) else None
    if found:
        problems.append(_control(text, found.start()))
    return text, tuple(problems)


def words(data: bytes, start: int = 0) -> bytes | None:
    """What stands in UTF-8 from a place on, with runs of white space folded to a blank.

    None if ``decode`` finds bytes that are no UTF-8, or control characters, anywhere. Byte order marks are
    not looked for.

    Args:
        data: a file.
        start: where to begin: between two characters.
    """
    blanks = data.translate(_FOLDED)
    if _NO_UTF8 in blanks:
        return None
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return None
        rest = data.translate(None, _VISIBLE).decode("utf-8")  # short, and UTF-8 still
        if _CONTROL.search(rest):
            return None
        if _WIDE_SPACE.search(rest):
            return " ".join(data[start:].decode("utf-8").split()).encode("utf-8")
    return b" ".join([row for part in blanks[start:].rsplit(b"  ") if (row := part.strip())])


def without_controls(text: str) -> str:
    """The text with each control character replaced by U+FFFD; places stay as they are."""
    return _CONTROL.sub("\ufffd", text)


def visible(line: str) -> str:
    """A line in which no character can act on the terminal that shows it; such characters are escaped."""
    return "".join(mark if mark.isprintable() or mark == "\t" else _escaped(mark) for mark in line)


def _escaped(mark: str) -> str:
    return mark.encode("unicode_escape").decode("ascii")


def span_at(text: str, start: int, end: int | None = None) -> Span:
    """The span from the offset ``start`` to ``end`` (default: one character), in code points."""
    line, column = place(text, start)
    end_line, end_column = place(text, start + 1 if end is None else end)
    if end is None and end_line != line:
        end_line, end_column = line, column + 1
    return Span(line, column, end_line, end_column)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset; lines end with LF, CRLF or CR."""
    head = text[:offset]
    if "\r" not in head:
        return head.count("\n") + 1, offset - head.rfind("\n")
    if head.endswith("\r") and text[offset : offset + 1] == "\n":
        head = head[:-1]
    line, start = 1, 0
    for found in _LINE_BREAK.finditer(head):
        line, start = line + 1, found.end()
    return line, offset - start + 1


def _wide(data: bytes) -> tuple[str, tuple[Problem, ...]] | None:
    """The text of a file in UTF-16 or UTF-32, as some editors of Windows save it."""
    for mark, codec, name in _WIDE_MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(codec, "replace")
            return text, (Problem(CODE, f"The file is written in {name}, not in UTF-8.", _SAVE_AS_UTF8),)
    head = data[:64]
    for codec, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(zeros) > 1 and not any(zeros) and all(letters):
            text = data.decode(codec, "replace")
            return text, (Problem(CODE, "The file is written in UTF-16, not in UTF-8.", _SAVE_AS_UTF8),)
    return None


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Problem:
    before = data[: error.start].decode("utf-8")
    line, column = place(before, len(before))
    message = f"The byte 0x{data[error.start]:02X} here is not UTF-8."
    return Problem(CODE, message, _SAVE_AS_UTF8, span=Span(line, column, line, column + 1))


def _control(text: str, offset: int) -> Problem:
    character = text[offset]
    names = {"\x00": "a NUL character", "\x1b": "an escape character", "\x7f": "a delete character"}
    name = names.get(character, f"the control character U+{ord(character):04X}")
    if unicodedata.category(character) == "Cn":
        name = f"U+{ord(character):04X}, which is no character"
    message = f"Here stands {name}, which no reader can see."
    return Problem(CODE, message, "Remove it.", span=span_at(text, offset))


def line_start(text: str, line: int) -> int:
    """The offset at which a line, counted from 1, begins; beyond the last line the end of the text."""
    if line <= 1:
        return 0
    for number, found in enumerate(_LINE_BREAK.finditer(text), 2):
        if number == line:
            return found.end()
    return len(text)


def offset(text: str, span: Span, *, end: bool) -> int:
    """The offset of a span's start or end."""
    if end:
        return line_start(text, span.end_line) + span.end_column - 1
    return line_start(text, span.line) + span.column - 1


def line_end(text: str) -> str:
    """The line end of the text's first line; LF if it has none."""
    found = _LINE_BREAK.search(text)
    return found[0] if found else "\n"
