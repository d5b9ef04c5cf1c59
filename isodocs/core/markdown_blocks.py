"""The lines of a Markdown body: which are code, which are headings, which hold text.

It reads as Python-Markdown with the extensions of the published site does (``admonition``,
``pymdownx.superfences``, ``pymdownx.details``, ``pymdownx.tabbed``, ``md_in_html``, lists of four spaces).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

TAB = 4
_FENCE = re.compile(
    r"(?P<fence>~{3,}|`{3,})[ \t]*(?P<info>(?:\.?[\w#.+-]++(?=[ \t]|$))?(?:[ \t]*\{[^\n]*\}"
    r"|(?:[ \t]*[a-zA-Z][a-zA-Z0-9_]*(?:=(?:\"[^\"\n]*\"|'[^'\n]*'))?(?=[ \t]|$))+)?)[ \t]*$"
)
_PREFIX = re.compile(r"[> \t]*")
_CONTAINER = re.compile(
    r"[*+-][ \t]|[0-9]+\.[ \t]|!!! ?[\w-]|\?{3}\+?[ \t]|===[+!]* +\"|\[\^[^\]]*\]:|:[ \t]{1,3}\S|///"
)
_OPENS = frozenset("*+-0123456789!?=[:/")
_ITEM = re.compile(r"(?:[*+-]|[0-9]+\.)[ \t]+(?=\S)")
_QUOTE = re.compile(r"[ ]{0,3}>[ \t]?")
_DEFINITION = re.compile(r"[ ]{0,3}\[[^\[\]]*\]:[ ]*\S+")
_ATX = re.compile(r"(#{1,6})((?:\\.|[^\\])*?)#*$")
_UNDERLINE = re.compile(r"(=+|-+)[ ]*$")
_RULE = re.compile(r"[ ]{0,3}(?:-(?:[ ]{0,2}-){2,}|_(?:[ ]{0,2}_){2,}|\*(?:[ ]{0,2}\*){2,})[ ]*$")
_RULE_BEGINS = frozenset("-_* ")
_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "canvas",
        "center",
        "colgroup",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "group",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "iframe",
        "legend",
        "li",
        "main",
        "map",
        "math",
        "menu",
        "nav",
        "noscript",
        "object",
        "ol",
        "option",
        "output",
        "p",
        "pre",
        "progress",
        "script",
        "section",
        "style",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "video",
    ]
)
_HTML_START = re.compile(r"[ ]{0,3}<([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_COMMENT = re.compile(r"[ ]{0,3}<!--")
_COMMENT_END = re.compile("-->")
_CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_MARKDOWN = re.compile(r"\smarkdown(?:\s*=|\s|$)")
_HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|<!--")


class Fence(NamedTuple):
    """A fenced block: offsets of its first and last line, and the words after the opening fence."""

    info: str
    start: int
    end: int


class Title(NamedTuple):
    """A heading as written: its level, and where its text stands."""

    level: int
    start: int
    end: int


@dataclass(slots=True)
class Blocks:
    """What ``read`` found; pairs of numbers are offsets in the body, the end exclusive.

    ``starts`` is where each line begins.
    """

    fences: list[Fence] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    raw: list[tuple[int, int]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)


def read(body: str) -> Blocks:
    """Sort the lines of a body whose line ends are LF."""
    return _Reader(body).run()


class _Reader:
    """Walks over the lines, keeping what the meaning of a line depends on.

    ``depth`` counts the lists, notes and tabs that are open, four columns each, ``quotes`` the marks of
    block quotes. ``fresh`` says that no line of the same block stands above, ``after_blank`` that an empty
    line (or code) does.
    """

    def __init__(self, body: str) -> None:
        self.body = body
        self.lines = body.split("\n")
        self.starts = [0, *accumulate([len(line) + 1 for line in self.lines])]
        self.found = Blocks(starts=self.starts[:-1])
        self.fenced = _fences(self.lines) if "```" in body or "~~~" in body else {}
        self.depth = self.quotes = 0
        self.fresh = self.after_blank = True
        self.text_from: int | None = None
        self.comments_close = True

    def run(self) -> Blocks:
        row = 0
        while row < len(self.lines):
            row = self._line(row)
        self._flush(row)
        return self.found

    def _flush(self, row: int) -> None:
        """End the stretch of text above this line."""
        if self.text_from is not None:
            self.found.texts.append((self.text_from, min(self.starts[row], len(self.body))))
            self.text_from = None

    def _line(self, row: int) -> int:
        """Sort one line; gives the next line to look at."""
        if row in self.fenced:
            return self._fence(row)
        text = self.lines[row]
        if ">" in text or self.quotes:
            text = self._unquoted(text)
        if not text.strip():
            self._flush(row)
            self.fresh = self.after_blank = True
            return row + 1
        if "<" in text and (end := self._html(row)):
            return end
        return self._text(row, text)

    def _unquoted(self, line: str) -> str:
        """The line without the marks of block quotes; a quote that begins or ends closes lists and notes."""
        quotes = end = 0
        while ">" in line and (mark := _QUOTE.match(line, end)):
            quotes, end = quotes + 1, mark.end()
        if quotes != self.quotes and self.after_blank and line.strip():
            self.quotes, self.depth = quotes, 0
        return line[end:]

    def _fence(self, row: int) -> int:
        self._flush(row)
        last, info = self.fenced[row]
        self.found.fences.append(Fence(info, self.starts[row], self.starts[last] + len(self.lines[last])))
        if self.after_blank:
            self.depth = min(self.depth, self._columns(self.lines[row]) // TAB)
        self.fresh = self.after_blank = False
        return last + 1

    @staticmethod
    def _columns(text: str) -> int:
        """How far a line is indented."""
        return len(text[: len(text) - len(text.lstrip(" \t"))].expandtabs(TAB)) if text[0] in " \t" else 0

    def _text(self, row: int, text: str) -> int:
        margin = columns = level = 0
        if text[0] in " \t":
            margin, columns = len(text) - len(text.lstrip(" \t")), self._columns(text)
            level = columns // TAB
        if self.fresh and level > self.depth:
            return row + 1
        if self.after_blank:
            self.depth = level
        self.after_blank = False
        inner = text[margin:] if columns % TAB == 0 else text[margin - columns % TAB :]
        may_head = inner[0] == "#" or self.fresh or self.depth
        if may_head and level <= self.depth and (end := self._heading(row, inner, level)):
            return end
        if inner[0] in _RULE_BEGINS and _RULE.match(inner):
            self._flush(row)
            self.fresh = True
            return row + 1
        if self._opens(text, margin, level):
            self.depth = level + 1
            self._flush(row)
        elif text[margin] == "|":
            self._flush(row)
        if self.text_from is None:
            self.text_from = self.starts[row]
        self.fresh = self.fresh and _DEFINITION.match(inner) is not None
        return row + 1

    def _opens(self, text: str, margin: int, level: int) -> bool:
        """Whether a list item, note or tab begins here; a list cannot begin in the middle of a paragraph."""
        if level > self.depth or text[margin] not in _OPENS or not _CONTAINER.match(text, margin):
            return False
        return self.fresh or level < self.depth or not _ITEM.match(text, margin)

    def _heading(self, row: int, inner: str, level: int) -> int:
        """The line below a heading that begins here, or 0."""
        line_end = self.starts[row] + len(self.lines[row])
        item = _ITEM.match(inner) if self.fresh or self.depth else None
        candidate = inner[item.end() :] if item else inner
        found = _ATX.match(candidate) if candidate[0] == "#" else None
        if found:
            start = line_end - len(candidate)
            self.depth = level + 1 if item else self.depth
            return self._title(
                row, row + 1, Title(len(found[1]), start + found.start(2), start + found.end(2))
            )
        if not self.fresh or row + 1 >= len(self.lines) or row + 1 in self.fenced:
            return 0
        below = _UNDERLINE.match(self.lines[row + 1].lstrip(" \t>"))
        if not below:
            return 0
        return self._title(
            row, row + 2, Title(1 if below[1][0] == "=" else 2, line_end - len(inner), line_end)
        )

    def _title(self, row: int, below: int, title: Title) -> int:
        self._flush(row)
        self.found.titles.append(title)
        self.fresh = True
        return below

    def _html(self, row: int) -> int:
        """The line below a raw HTML block or comment that begins here, or 0."""
        start = self.starts[row]
        if comment := _COMMENT.match(self.body, start):
            close = self.body.find("-->", comment.end()) if self.comments_close else -1
            self.comments_close = close >= 0
            return self._raw(row, close + 3, keep=False) if close >= 0 else 0
        opening = _HTML_START.match(self.body, start)
        if not opening or opening[1].lower() not in _BLOCK_TAGS or _MARKDOWN.search(opening[2]):
            return 0
        return self._raw(row, _html_end(self.body, opening.start(1) - 1), keep=True)

    def _raw(self, row: int, end: int, *, keep: bool) -> int:
        """Take the lines up to the offset ``end`` as raw HTML; text behind it in its line stays text."""
        self._flush(row)
        if keep:
            self.found.raw.append((self.starts[row], end))
        row = bisect_right(self.starts, max(end - 1, self.starts[row])) - 1
        line_end = self.starts[row] + len(self.lines[row])
        if self.body[end:line_end].strip():
            self.found.texts.append((end, line_end))
        self.fresh, self.after_blank, self.depth = True, False, 0
        return row + 1


def _html_end(body: str, start: int) -> int:
    """Where the element that begins at ``start`` ends; an element never closed ends with the body."""
    stack: list[str] = []
    counts: Counter[str] = Counter()
    position = start
    while tag := _HTML_TAG.search(body, position):
        position = tag.end()
        name = (tag[2] or "").lower()
        if not name:
            close = _COMMENT_END.search(body, position)
            position = close.end() if close else len(body)
        elif tag[1]:
            while counts[name]:
                last = stack.pop()
                counts[last] -= 1
                if last == name:
                    break
            if not stack:
                return position
        elif not tag[0].endswith("/>") and name != "hr":
            stack.append(name)
            counts[name] += 1
            if name in _CLOSING:
                close = _CLOSING[name].search(body, position)
                position = close.start() if close else len(body)
        if not stack:
            return position
    return len(body)


def _fences(lines: list[str]) -> dict[int, tuple[int, str]]:
    """The fenced blocks: first line → last line and info. A fence that is never closed is none."""
    found: dict[int, tuple[int, str]] = {}
    first, mark, width, quotes, info = -1, "", 0, 0, ""
    for row, line in enumerate(lines):
        if first < 0:
            if "```" not in line and "~~~" not in line:
                continue
            margin = _margin(line)
            opening = _FENCE.match(line, len(margin))
            if opening:
                first, mark, info = row, opening["fence"], opening["info"].strip()
                width, quotes = len(margin.expandtabs(TAB)), margin.count(">")
            continue
        margin = _margin(line).expandtabs(TAB)[:width] if width else ""
        content = line.expandtabs(TAB)[len(margin) :].rstrip()
        if not content and not quotes:
            continue
        if margin.count(">") != quotes or (not quotes and len(margin) < width):
            first = -1
        elif content == mark and len(margin) == width:
            found[first] = (row, info)
            first = -1
    return found


def _margin(line: str) -> str:
    found = _PREFIX.match(line)
    return found[0] if found else ""
