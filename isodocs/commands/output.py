"""How results leave a command: text for people, one JSON envelope for machines, colour only where wanted."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import IO, TYPE_CHECKING, Any

from isodocs.core.identity import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.library import Library

FORMAT = 1


def colourful(stream: IO[str] | None = None, environment: Mapping[str, str] | None = None) -> bool:
    """Whether to write colours: never under NO_COLOR, always under FORCE_COLOR, else on a terminal.

    A variable that is there but empty says nothing (no-color.org). Without ``stream`` it is standard output.
    """
    environment = os.environ if environment is None else environment
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    stream = sys.stdout if stream is None else stream
    return stream.isatty() and environment.get("TERM") != "dumb"


def width(stream: IO[str] | None = None) -> int | None:
    """How many columns the terminal has; None where no terminal watches, and lines may be of any length."""
    stream = sys.stdout if stream is None else stream
    return shutil.get_terminal_size().columns if stream.isatty() else None


def say(text: str) -> None:
    """Write to standard output, ending the last line."""
    _write(sys.stdout, text)


def remark(text: str) -> None:
    """Write beside the result, to standard error: notes and progress for the person who watches."""
    _write(sys.stderr, text)


def _write(stream: IO[str], text: str) -> None:
    if text:
        stream.write(text if text.endswith("\n") else f"{text}\n")


def envelope(
    command: str, library: Library | None, items: Iterable[Mapping[str, Any]], **more: object
) -> dict[str, Any]:
    """The envelope of every ``--format json`` (FORMATS.md, outputs for machines).

    Without a library (``rules``, ``explain``) commit, time and mainline are null. ``more`` stands beside the
    items, such as the counts of ``check``.
    """
    return {
        "format": FORMAT,
        "command": command,
        "commit": library.commit if library else None,
        "as_of": format_time(library.moment) if library else None,
        "mainline": library.settings.mainline if library else None,
        "items": list(items),
        **more,
    }


def say_json(value: Mapping[str, Any]) -> None:
    """Write one JSON value, in ASCII: it survives every terminal and pipe."""
    say(json.dumps(value, indent=2, ensure_ascii=True))
