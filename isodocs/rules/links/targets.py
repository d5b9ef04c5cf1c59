"""Where the links of documents lead.

A link to a document is resolved by the id at the start of its target's file name, so that a moved file
breaks no signed text. ``isodocs:SOP-002#anchor`` names the id directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core import markdown
from isodocs.core.document import DOCUMENTS, is_document, resolve
from isodocs.core.identity import id_in_filename
from isodocs.core.nodes import Scalar, Sequence
from isodocs.core.suggest import closest
from isodocs.rules.base import id_of, judged_readings, remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from isodocs.core.library import Library, Reading
    from isodocs.core.problem import Span

SCHEME = "isodocs:"
MOST_GUESSES = 100
NAMED_IN = ("related", "parent", "replaced_by", "translation_of")
_MARKDOWN = (".md", ".markdown")
_INDEX = ("", ".md", "/index.md", "/README.md")


@dataclass(frozen=True, slots=True)
class Target:
    """A link of a document, followed as far as it leads.

    Attributes:
        reading: the document that has the link.
        span: where the target is written.
        written: the target as written.
        place: its path in the repository; empty if an id is named; None if it lies outside.
        name: the id of the document it means, if it means one.
        path: where it was found; empty if it was not.
        anchor: the anchor asked for, if one is.
    """

    reading: Reading
    span: Span
    written: str
    place: str | None
    name: str = ""
    path: str = ""
    anchor: str = ""

    @property
    def source(self) -> str:
        """The id of the document that has the link."""
        return id_of(self.reading)


class Nearby:
    """What a wrong name was most likely meant to be; each is looked up once, and not endlessly many.

    For documents written for another program nothing is suggested: too much may be missing there.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, str], str | None] = {}

    def names(self, folder: str) -> Collection[str]:
        """The files that lie directly in a folder."""
        return () if self._library.defaults else self._library.index.names_in(folder)

    def file(self, place: str) -> str | None:
        """The name of the file in the same folder that was meant."""
        folder, _, name = place.rpartition("/")
        return self._closest((folder, name), self.names(folder))

    def document(self, name: str) -> str | None:
        """The id that was meant."""
        return self._closest(("", name), self._library.index.here)

    def _closest(self, asked: tuple[str, str], candidates: Collection[str]) -> str | None:
        if asked not in self._known:
            known = len(self._known) < MOST_GUESSES
            self._known[asked] = closest(asked[1], candidates) if known else None
        return self._known[asked]


def targets(library: Library) -> tuple[Target, ...]:
    """Every local link of the judged documents, and the ids named in their front matter."""
    return remembered(library, _targets)


def _targets(library: Library) -> tuple[Target, ...]:
    return tuple(target for reading in judged_readings(library) for target in _of(library, reading))


def _of(library: Library, reading: Reading) -> Iterator[Target]:
    for link in reading.outline.links:
        if link.target.startswith(SCHEME):
            yield _named(library, reading, link.target.removeprefix(SCHEME), link.span)
        elif (found := markdown.local_target(link.target)) is not None:
            yield _linked(library, reading, link.target, found, link.span)
    if not library.defaults:
        yield from _in_front_matter(library, reading)


def _in_front_matter(library: Library, reading: Reading) -> Iterator[Target]:
    for key in NAMED_IN:
        node = reading.parsed.front.get(key) if reading.parsed.front else None
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Scalar) and item.text:
                yield _named(library, reading, item.text.split()[0], item.span)


def _named(library: Library, reading: Reading, written: str, span: Span) -> Target:
    name, _, anchor = written.partition("#")
    path = path_of(library, name)
    return Target(reading, span, written, "", name, path, anchor)


def _linked(library: Library, reading: Reading, written: str, found: tuple[str, str], span: Span) -> Target:
    path, anchor = found
    if not path:
        return Target(reading, span, written, reading.path, id_of(reading), reading.path, anchor)
    place = resolve(reading.path, path)
    if library.defaults:
        return _foreign(library, reading, written, place, span)
    if place is None or not place.startswith(DOCUMENTS):
        return Target(reading, span, written, None)
    if place in library.files:
        there = library.state.tree.document_at(place)
        return Target(reading, span, written, place, there.id if there else "", place, anchor)
    name = id_in_filename(place) or "" if is_document(place) else ""
    return Target(reading, span, written, place, name, path_of(library, name), anchor)


def _foreign(library: Library, reading: Reading, written: str, place: str | None, span: Span) -> Target:
    """A link in a document written for another program, whose ways with links we do not know in full."""
    if place is None or written.startswith("/") or not place.lower().endswith(_MARKDOWN):
        return Target(reading, span, written, reading.path, path=reading.path)
    path = next((place + end for end in _INDEX if place + end in library.files), "")
    return Target(reading, span, written, place, path=path)


def path_of(library: Library, name: str) -> str:
    """Where the document with an id stands; empty if nowhere."""
    return min(library.state.tree.paths.get(name, ()), default="")
