"""Where the links of documents lead.

A link to a document is resolved by the id at the start of its target's file name, so that a moved file
breaks no signed text. ``isodocs:SOP-002#anchor`` names the id directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.document import DOCUMENTS, is_document
from isodocs.core.identity import id_in_filename
from isodocs.core.suggest import closest
from isodocs.rules.base import judged_sheets, remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from isodocs.core.document import Document
    from isodocs.core.library import Library
    from isodocs.core.problem import Span
    from isodocs.core.sheet import Reference, Sheet

MOST_GUESSES = 100
_MARKDOWN = (".md", ".markdown")
_INDEX = ("", ".md", "/index.md", "/README.md")


@dataclass(frozen=True, slots=True)
class Target:
    """A link of a document, followed as far as it leads.

    Attributes:
        sheet: the document that has the link.
        span: where the target is written.
        written: the target as written.
        place: its path in the repository; empty if an id is named; None if it lies outside.
        name: the id of the document it means, if it means one.
        path: where it was found; empty if it was not.
        anchor: the anchor asked for, if one is.
    """

    sheet: Sheet
    span: Span
    written: str
    place: str | None
    name: str = ""
    path: str = ""
    anchor: str = ""

    @property
    def source(self) -> str:
        """The id of the document that has the link."""
        return self.sheet.called


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
    return tuple(target for sheet in judged_sheets(library) for target in _of(library, sheet))


def _of(library: Library, sheet: Sheet) -> Iterator[Target]:
    for one in sheet.references:
        if one.kind == "file":
            yield _linked(library, sheet, one)
        elif one.kind == "page":
            yield Target(sheet, one.span, one.written, sheet.path, sheet.called, sheet.path, one.anchor)
        elif one.kind == "id" or not library.defaults:
            name = one.written.partition("#")[0]
            yield Target(sheet, one.span, one.written, "", name, path_of(library, name), one.anchor)


def _linked(library: Library, sheet: Sheet, one: Reference) -> Target:
    place = one.place
    if library.defaults:
        return _foreign(library, sheet, one)
    if is_outside(one):
        return Target(sheet, one.span, one.written, None)
    if place is not None and _is_there(library, place):
        return Target(sheet, one.span, one.written, place, _id_at(library, place), place, one.anchor)
    name = id_in_filename(place or "") or "" if is_document(place or "") else ""
    return Target(sheet, one.span, one.written, place, name, path_of(library, name), one.anchor)


def _is_there(library: Library, place: str) -> bool:
    known = library.sheets is not None and is_document(place) and place in library.sheets
    return known or place in library.files


def _id_at(library: Library, place: str) -> str:
    """The id of the readable document at a path; empty if there is none."""
    there: Sheet | Document | None
    if library.sheets is None:
        there = library.state.tree.document_at(place)
    else:
        there = library.sheets.get(place) if is_document(place) else None
    return there.id if there is not None else ""


def is_outside(one: Reference) -> bool:
    """Whether a link to a file leads out of what is published."""
    return one.place is None or not one.place.startswith(DOCUMENTS)


def _foreign(library: Library, sheet: Sheet, one: Reference) -> Target:
    """A link in a document written for another program, whose ways with links we do not know in full."""
    place = one.place
    if place is None or one.written.startswith("/") or not place.lower().endswith(_MARKDOWN):
        return Target(sheet, one.span, one.written, sheet.path, path=sheet.path)
    path = next((place + end for end in _INDEX if place + end in library.files), "")
    return Target(sheet, one.span, one.written, place, path=path)


def path_of(library: Library, name: str) -> str:
    """Where the document with an id stands; empty if nowhere."""
    if library.sheets is None or library.touched_only or library.share is not None:
        return min(library.state.tree.paths.get(name, ()), default="")
    paths = library.bundles.paths if library.bundles is not None else remembered(library, _first_paths)
    return paths.get(name, "")


def _first_paths(library: Library) -> dict[str, str]:
    """The first path of each id, by the sheets, which a check of everything asks for anyway."""
    sheets = library.sheets or {}
    return {sheets[path].id: path for path in sorted(sheets, reverse=True) if sheets[path].id}
