"""What changed between two texts, for a terminal."""

from __future__ import annotations

import difflib

from isodocs.core.text import visible

_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_RESET = "\x1b[0m"
_NO_LINE_END = "\\ No line end at the end of the file"
CONTEXT = 3


def text(old: bytes | None, new: bytes, names: tuple[str, str], *, colour: bool) -> str:
    """A unified difference; of a first text, the whole of it. Empty if nothing differs.

    Args:
        old: the text before; None where there was none.
        new: the text now.
        names: what to call the two.
        colour: whether to colour what came and went.
    """
    lines = difflib.unified_diff(
        _lines(old or b""),
        _lines(new),
        *(names if old is not None else ("nothing", names[1])),
        n=CONTEXT,
        lineterm="",
    )
    return "\n".join(_coloured(line) if colour else line for line in lines)


def _lines(data: bytes) -> list[str]:
    lines = [visible(line) for line in data.decode("utf-8", "backslashreplace").split("\n")]
    if lines[-1]:
        return [*lines, _NO_LINE_END]
    return lines[:-1]


def _coloured(line: str) -> str:
    colour = "" if line.startswith(("--- ", "+++ ")) else _COLOURS.get(line[:1], "")
    return f"{colour}{line}{_RESET}" if colour else line
