"""What a check needs of a document's body: headings with their anchors, links, pictures, fenced blocks.

Anchors are those the published site will have. Text in code and comments points nowhere.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from isodocs.core import markdown_blocks as blocks
from isodocs.core import markdown_inline as inline
from isodocs.core import markdown_plain as plain
from isodocs.core.anchors import Anchors, heading_attributes, slug
from isodocs.core.nodes import Mapping, Scalar, Sequence
from isodocs.core.problem import Span
from isodocs.core.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isodocs.core.nodes import Node

_LINE_BREAK = re.compile(r"\r\n?")
_REFERENCE = re.compile(
    r"^[ \t>]*\[(?!\^)([^\[\]]+)\]:[ ]*(?:\n[ ]*)?(\S+)[ ]*"
    r"(?:\n?[ ]*(?:\"[^\"\n]*\"|'[^'\n]*'|\([^)\n]*\)))?[ ]*$",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(r"^[ \t>]*\[\^([^\[\]\n]+)\]:", re.MULTILINE)
_PICTURE_TAG = re.compile("<img", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]++(?:[ ][^\W_]++)*+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ELSEWHERE = re.compile(r"[/\\]{2}")
_BREAKS = re.compile(r"[\t\r\n]")
_BLANKS = "".join(map(chr, range(33)))


class Heading(NamedTuple):
    """A heading: level 1 to 6, its text as a reader sees it, its anchor on the site, its line's text."""

    level: int
    text: str
    anchor: str
    span: Span


class Link(NamedTuple):
    """A link. ``span`` is where the target is written; of a reference link the whole link."""

    target: str
    text: str
    span: Span


class Picture(NamedTuple):
    """A picture. ``span`` as for a link."""

    target: str
    alt: str
    span: Span


class Fence(NamedTuple):
    """A fenced block; ``language`` is the first word after the fence, such as ``mermaid``, or empty."""

    language: str
    span: Span


@dataclass(frozen=True, slots=True)
class Outline:
    """What a body holds. ``anchors`` are all names a link can point to, those of headings included."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    fences: tuple[Fence, ...]
    anchors: frozenset[str]


def outline(body: str, first_line: int = 1) -> Outline:
    """Read a body that begins in the file's line ``first_line``."""
    return _Outliner(_with_line_feeds(body), first_line).run()


def picture_targets(body: str) -> list[str]:
    """Where the pictures of an outline point, without working out the rest of it."""
    return _Outliner(_with_line_feeds(body), 1).picture_targets() if _may_hold_pictures(body) else []


def _with_line_feeds(body: str) -> str:
    return _LINE_BREAK.sub("\n", body) if "\r" in body else body


def local_target(target: str) -> tuple[str, str] | None:
    """Path and fragment of a target in this repository, percent signs decoded; None if it lies elsewhere.

    Elsewhere is what has a scheme (``https:``, ``mailto:``, also ``isodocs:``) or begins with ``//``, which
    browsers also take two backslashes for. The path is empty for the same page. A query is left out.
    """
    address = _BREAKS.sub("", target).strip(_BLANKS)
    if _SCHEME.match(address) or _ELSEWHERE.match(address):
        return None
    path, _, fragment = address.partition("#")
    return unquote(path.partition("?")[0]), unquote(fragment)


def embedded(front: Mapping | None, body: str) -> tuple[str, ...]:
    """The local files that are signed with a document: its pictures, and its ``payload``.

    Paths are relative to the document's folder, with ``/``, normalised, sorted, each once. They may begin
    with ``../``; one that begins with ``/`` is as the document says it and lies outside the repository.
    """
    return embedded_files(_payloads(front.get("payload") if front else None), body)


def embedded_files(payloads: Iterable[str], body: str) -> tuple[str, ...]:
    """The same, of a front matter whose payloads are known."""
    targets = [*payloads, *picture_targets(body)]
    if not targets:
        return ()
    local = (local_target(target) for target in targets)
    return tuple(sorted({posixpath.normpath(found[0]) for found in local if found and found[0]}))


def embedded_in(payloads: Iterable[str], body: bytes) -> tuple[str, ...]:
    """The same, of a body that is known to be UTF-8."""
    may_hold = (b"!" in body and b"![" in body) or b"<" in body
    return embedded_files(payloads, body.decode("utf-8") if may_hold else "")


def body_digest(body: str) -> str:
    """SHA-256 of the body with runs of white space folded, as 64 hexadecimal digits."""
    data = body.encode("utf-8", "surrogatepass")
    folded = words(data)
    if folded is None:
        folded = " ".join(body.split()).encode("utf-8", "surrogatepass")
    return hashlib.sha256(folded).hexdigest()


def _may_hold_pictures(body: str) -> bool:
    """Whether the signs of a picture stand in a text, where ever."""
    if "!" in body and "![" in body:
        return True
    return "<" in body and _PICTURE_TAG.search(body) is not None


def _payloads(node: Node | None) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _payloads(item)


class _Outliner:
    """Collects the outline of one body."""

    def __init__(self, body: str, first_line: int) -> None:
        self.body = body
        self.first_line = first_line
        quick = plain.read(body)
        self.blocks = quick or blocks.read(body)
        self.defines = quick is None and "]:" in body
        self.starts = self.blocks.starts
        self.references: dict[str, str] = {}
        self.named: set[str] = set()
        self.taken: set[str] = set()
        self.links: list[Link] = []
        self.pictures: list[Picture] = []

    def run(self) -> Outline:
        for start, text in self._texts():
            self._collect(start, text)
        for start, end in self.blocks.raw:
            self._collect_tags(start, self.body[start:end])
        headings = self._headings()
        return Outline(
            headings,
            tuple(sorted(self.links, key=lambda link: link.span)),
            tuple(sorted(self.pictures, key=lambda picture: picture.span)),
            tuple(Fence(_language(one.info), self._span(one.start, one.end)) for one in self.blocks.fences),
            frozenset(self.named | self.taken).union(heading.anchor for heading in headings),
        )

    def picture_targets(self) -> list[str]:
        """Where the pictures point; stretches without the sign of one are passed over."""
        for start, text in self._texts():
            if _may_hold_pictures(text):
                self._collect(start, text)
        for start, end in self.blocks.raw:
            if _may_hold_pictures(text := self.body[start:end]):
                self._collect_tags(start, text)
        for title in self.blocks.titles:
            if _may_hold_pictures(text := self.body[title.start : title.end]):
                self._collect(title.start, heading_attributes(text.strip())[0])
        return [picture.target for picture in self.pictures]

    def _texts(self) -> list[tuple[int, str]]:
        """Each stretch of text and where it begins; what references mean is known from then on."""
        texts = [(start, self.body[start:end]) for start, end in self.blocks.texts]
        if not self.defines:
            return texts
        return [(start, self._take_references(text)) for start, text in texts]

    def _take_references(self, text: str) -> str:
        """Remember the definitions ``[name]: target`` and blank them out."""

        def take(found: re.Match[str]) -> str:
            target = found[2].lstrip("<").rstrip(">")
            self.references[inline.reference_name(found[1])] = inline.resolved(target)
            return re.sub(r"[^\n]", " ", found[0])

        if "]:" not in text:
            return text
        for note in _FOOTNOTE.finditer(text):
            self.references[f"^{note[1]}"] = f"#fn:{note[1]}"
            self.named.update((f"fn:{note[1]}", f"fnref:{note[1]}"))
        return _REFERENCE.sub(take, text)

    def _collect(self, start: int, text: str) -> None:
        for piece in inline.pieces(text, self.references):
            self._add(start, piece)

    def _collect_tags(self, start: int, text: str) -> None:
        for piece in inline.tags(text):
            self._add(start, piece)

    def _add(self, start: int, piece: inline.Piece) -> None:
        if piece.kind == "link":
            self.links.append(
                Link(piece.target, piece.text, self._span(start + piece.at, start + piece.until))
            )
        elif piece.kind == "picture":
            span = self._span(start + piece.at, start + piece.until)
            self.pictures.append(Picture(piece.target, piece.text, span))
        elif piece.kind == "anchor":
            self.taken.add(piece.target)
        elif piece.kind == "name":
            self.named.add(piece.target)

    def _headings(self) -> tuple[Heading, ...]:
        """The headings with their anchors; ids written in the text are taken before any is made."""
        written: list[tuple[int, str, str | None, int, int]] = []
        anchors = Anchors()
        for title in self.blocks.titles:
            raw = self.body[title.start : title.end]
            start = title.start + len(raw) - len(raw.lstrip())
            text = raw.strip()
            if _WORDS.fullmatch(text):  # nothing in it but what a reader sees
                written.append((title.level, text, None, start, len(text)))
                continue
            text, values = heading_attributes(text)
            self._collect(start, text)
            written.append(
                (title.level, inline.plain_text(text, self.references), values.get("id"), start, len(text))
            )
            if "id" in values:
                anchors.taken.add(values["id"])
        anchors.taken |= self.taken
        return tuple(
            Heading(level, text, name or anchors.take(slug(text)), self._span(start, start + length))
            for level, text, name, start, length in written
        )

    def _span(self, start: int, end: int) -> Span:
        row = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end) - 1
        return Span(
            self.first_line + row,
            start - self.starts[row] + 1,
            self.first_line + last,
            end - self.starts[last] + 1,
        )


def _language(info: str) -> str:
    found = re.match(r"\{?\s*\.?([\w#+-]*)", info)
    return found[1] if found else ""
