"""One pass over a text: what it found, the edits it asks for, and what is prose and what is code."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from isodocs.edition import html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isodocs.edition.links import Target

MARK: Final = "isodocs-mark"
IN_ADDRESSES: Final = "%-._~:/?#@!$&'*+,;="
_FENCE: Final = re.compile(r"^([ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_ACTING: Final = re.compile(
    r"(\bon\w+(?=\s*=)|\b(?:style|\w*href|src\w*|\w*action|data|background|poster)(?=\s*=)|\.(?=isodocs))",
)
_PLACE_OF_LINK: Final = re.compile(r"\][(:]\s*+")
_DECIDES: Final = re.compile(r"[\s)/?]")
_ENOUGH: Final = 200
_INDENTED: Final = re.compile(r"(?: {4}|\t| {1,3}\t)")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from ``start`` to ``end``."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Open:
    """A raw tag that waits for its end."""

    name: str
    edit: int
    start: int
    end: int
    target: Target | None = None


@dataclass(slots=True)
class Scan:
    """One pass over a text; the edits it found."""

    text: str
    link: Callable[[str], Target]
    picture: Callable[[str], Target]
    edits: list[Edit] = field(default_factory=list)
    definitions: dict[str, Target] = field(default_factory=dict)
    brackets: list[tuple[int, bool]] = field(default_factory=list)
    tags: list[Open] = field(default_factory=list)
    open_names: Counter[str] = field(default_factory=Counter)
    paragraph_end: int = -1
    no_closing: dict[int, int] = field(default_factory=dict)
    no_comment_end: int = -1


def apply(text: str, edits: list[Edit]) -> str:
    """The text with its edits made; of two that overlap the first one holds."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            continue
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


def stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    """The text in order as prose and fenced code; a fence that nobody closes is prose."""
    at = 0
    opening = _FENCE.search(text)
    unclosed: dict[str, int] = {}
    while opening:
        fence = opening[2]
        closing = None
        if "`" not in opening[3] and unclosed.get(fence[0], 10**9) > len(fence):
            closing = re.compile(rf"^[ \t>]*{fence}{fence[0]}*[ \t]*$", re.MULTILINE).search(
                text, opening.end()
            )
            if closing is None:
                unclosed[fence[0]] = min(unclosed.get(fence[0], 10**9), len(fence))
        if closing is None:
            opening = _FENCE.search(text, opening.end())
            continue
        yield at, opening.start(), False
        yield opening.start(), closing.end(), True
        at = closing.end()
        opening = _FENCE.search(text, at)
    yield at, len(text), False


def code(scan: Scan, start: int, end: int) -> None:
    """Code stays as it is unless a renderer that sees no code here would make something of it."""
    text = scan.text[start:end]
    safe = html.harmless_code(text).replace("--8<--", f"--8<{html.WORD_JOINER}--")
    if "{" in safe:
        safe = "\n".join(_without_acting_lists(line) for line in safe.split("\n"))
    if "](" in safe or "]:" in safe:
        safe = _PLACE_OF_LINK.sub(_joined_if_unsafe, safe)
    if safe != text:
        scan.edits.append(Edit(start, end, safe))


def _without_acting_lists(line: str) -> str:
    """A line of code in which no attribute list could give an element something that acts."""
    start, end = line.find("{"), line.rfind("}")
    if not 0 <= start < end:
        return line
    return line[:start] + _ACTING.sub(rf"\1{html.WORD_JOINER}", line[start:end]) + line[end:]


def _joined_if_unsafe(found: re.Match[str]) -> str:
    return found[0] + html.WORD_JOINER if leads_astray(found.string, found.end()) else found[0]


def leads_astray(text: str, at: int) -> bool:
    """Whether a parser that sees a link's target here would see an unsafe one, or one too long to tell."""
    target = text[at : at + _ENOUGH]
    scheme = html.scheme_of(target)
    if scheme:
        return not html.is_safe_scheme(scheme)
    return len(target) == _ENOUGH and not _DECIDES.search(target)


def shown(scan: Scan, at: int) -> None:
    """Show the ``<`` at this place as a character. In indented text, which may be code, without an entity."""
    scan.edits.append(_text_edit(scan, at))


def _text_edit(scan: Scan, at: int) -> Edit:
    line = scan.text.rfind("\n", 0, at) + 1
    indented = _INDENTED.match(scan.text, line)
    return Edit(at, at + 1, f"<{html.WORD_JOINER}" if indented else "&lt;")


def marked(target: Target) -> str:
    """The words behind something that is no link or picture any more."""
    return f' <em class="{MARK}">({target.mark})</em>'


def show_as_text(scan: Scan, waiting: Open) -> None:
    """Show a tag that never ends as the text it is."""
    scan.edits[waiting.edit] = _text_edit(scan, waiting.start)
