"""Texts and pictures of documents, as they grow from revision to revision."""

from __future__ import annotations

import random
import struct
import zlib
from typing import TYPE_CHECKING

from benchmarks.generator.plan import has, picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.generator.plan import Act
    from benchmarks.generator.shape import Shape

HEADINGS = ("Purpose", "Scope", "Responsibilities", "Procedure", "Records")
SENTENCE = (
    "the operator measures each part before it leaves the station and writes the value down with the serial "
    "number of the gauge so that anybody can see later which gauge was used and if it was in calibration"
)
WORDS = tuple(SENTENCE.split(" "))
PARAGRAPH = 70  # words
SECTION = 600  # bytes of one, about
PIXELS = 48  # of a picture's side


class Author:
    """Writes the revisions of one document, one after the other."""

    def __init__(self, shape: Shape, document: int) -> None:
        self._shape = shape
        self._document = document
        self._sections: list[str] = []
        self._crlf = has(shape.crlf, "crlf", document, shape.seed)
        self._illustrated = has(shape.pictures, "picture", document, shape.seed)
        self._drawing = b""

    def write(self, act: Act) -> tuple[bytes, bytes]:
        """The text of a revision, and its picture; empty where the document has none."""
        chance = random.Random(f"{self._shape.seed}/{self._document}/{act.revision}")  # noqa: S311 - no secret
        count = max(1, self._shape.size // SECTION)
        if act.rewrite:
            self._sections = [_section(number, chance) for number in range(count)]
            self._drawing = _png(chance) if self._illustrated else b""
        else:
            number = chance.randrange(count)
            self._sections[number] = _section(number, chance)
        text = "\n".join(self._lines(act)).encode()
        return text.replace(b"\n", b"\r\n") if self._crlf else text, self._drawing

    def _lines(self, act: Act) -> Iterator[str]:
        title = f"Procedure number {self._document + 1}"
        yield from ("---", f"id: {act.id}", f"title: {title}", "type: SOP", "owner: process-owner")
        yield from (f"revision: {act.revision}", "review_date: 2069-12-31")
        if act.revision > 1:
            yield f"change: Step {act.revision} was made clearer."
        yield from ('clauses: ["7.5", "8.5.1"]', "---", "", f"# {title}", "")
        if self._illustrated:
            file = picture(act.path).rpartition("/")[2]
            yield from (f"![The station](img/{file})", "")
        yield from self._sections
        yield from (f"Revision {act.revision}. See [the other one]({act.link}).", "")


def _section(number: int, chance: random.Random) -> str:
    words = " ".join(chance.choices(WORDS, k=PARAGRAPH))
    heading = f"## {HEADINGS[number % len(HEADINGS)]} {number + 1}"
    return f"{heading}\n\n{words}.\n\n1. {words[:80].strip()}.\n2. {words[80:160].strip()}.\n"


def _png(chance: random.Random) -> bytes:
    """A picture of noise, in grey."""
    rows = b"".join(b"\0" + chance.randbytes(PIXELS) for _ in range(PIXELS))
    header = struct.pack(">IIBBBBB", PIXELS, PIXELS, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
