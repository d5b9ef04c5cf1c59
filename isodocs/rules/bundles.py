"""What many sheets ask of the rest of the library, gathered: every role, id, place and mark that they name.

A check of everything would follow each reference of each document. But most are right, and the same names
occur again and again. So they are gathered by bundles of documents, and looked up once each. A document of
which all names are found, and whose own text is in order, could not be reported by any rule that goes by
sheets: its sheet need not be read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from isodocs.core.identity import is_id
from isodocs.rules.base import remembered
from isodocs.rules.front_matter.unknown_people import known_names
from isodocs.rules.links.targets import is_outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from isodocs.core.library import Library
    from isodocs.core.sheet import Reference, Sheet

Named = dict[str, list[int]]
"""A name, with the numbers of the documents that name it."""


class Bundle(NamedTuple):
    """Some documents, by number.

    Attributes:
        paths: of the files.
        ids: their ids; empty where a file cannot be read as a document.
        anchors: what a link to each can ask for.
        faulty: the numbers of those with something in their own text that a rule may report.
        people: the roles and people that they name.
        names: the ids that they name.
        links: the files that they link to.
        embedded: the files that they embed.
        marks: id, file (one of the two is empty), anchor and number, where a link asks for an anchor.
    """

    paths: list[str]
    ids: list[str]
    anchors: list[list[str]]
    faulty: list[int]
    people: Named
    names: Named
    links: Named
    embedded: Named
    marks: list[tuple[str, str, str, int]]

    def to_bytes(self) -> bytes:
        """As JSON."""
        return json.dumps(self, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Bundle:
        """What ``to_bytes`` gave; nothing else may be given."""
        return cls(*json.loads(data))


def bundle(sheets: Iterable[Sheet]) -> Bundle:
    """The bundle of some sheets."""
    people, names, links, embedded = (defaultdict[str, list[int]](list) for _ in range(4))
    made = Bundle([], [], [], [], people, names, links, embedded, [])
    for number, sheet in enumerate(sheets):
        made.paths.append(sheet.path)
        made.ids.append(sheet.id)
        made.anchors.append(sorted(sheet.anchors))
        if sheet.problems or not is_id(sheet.written):
            made.faulty.append(number)
        for who in {name for _, name, _ in sheet.people}:
            people[who].append(number)
        for place in {one.place for one in sheet.embedded if one.place is not None}:
            embedded[place].append(number)
        for one in sheet.references:
            _refer(made, number, sheet, one)
    return made


def _refer(made: Bundle, number: int, sheet: Sheet, one: Reference) -> None:
    """Gather one reference."""
    if one.kind == "page":
        if one.anchor and one.anchor not in sheet.anchors:
            made.faulty.append(number)
    elif one.kind == "file" and one.place is not None and not is_outside(one):
        made.links[one.place].append(number)
        if one.anchor:
            made.marks.append(("", one.place, one.anchor, number))
    elif one.kind != "file":
        name = one.written.partition("#")[0]
        made.names[name].append(number)
        if one.anchor:
            made.marks.append((name, "", one.anchor, number))


class Bundles:
    """The bundles of all document files that are ordinary files."""

    def __init__(self, bundles: Iterable[Bundle]) -> None:
        self._bundles = list(bundles)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The first path of each id."""
        found: dict[str, str] = {}
        for one in self._bundles:
            for path, name in zip(one.paths, one.ids, strict=True):
                if name and path < found.get(name, "\U0010ffff"):
                    found[name] = path
        return found

    def suspects(self, library: Library) -> list[str]:
        """The paths of the documents that some rule may report; it may hold too many, never too few."""
        found = []
        for one in self._bundles:
            numbers = {*one.faulty, *self._unmet(library, one), *self._astray(one)}
            found += [one.paths[number] for number in numbers]
        return sorted(found)

    @cached_property
    def _places(self) -> Mapping[str, tuple[Bundle, int]]:
        return {path: (one, number) for one in self._bundles for number, path in enumerate(one.paths)}

    def _unmet(self, library: Library, one: Bundle) -> Iterator[int]:
        """The numbers of those who name something that is not found, or that is withdrawn."""
        withdrawn, known = library.index.withdrawn, remembered(library, known_names)
        met: tuple[tuple[Named, Callable[[str], bool]], ...] = (
            (one.people, known.__contains__),
            (one.names, lambda name: name in self.paths and name not in withdrawn),
            (one.links, partial(self._leads, library)),
            (one.embedded, lambda place: (entry := library.files.get(place)) is not None and entry.regular),
        )
        for named, is_met in met:
            for name, who in named.items():
                if not is_met(name):
                    yield from who

    def _leads(self, library: Library, place: str) -> bool:
        """Whether a link to a file leads somewhere, and not to what is withdrawn."""
        there = self._places.get(place)
        if there is None:
            return place in library.files
        return there[0].ids[there[1]] not in library.index.withdrawn

    def _astray(self, one: Bundle) -> Iterator[int]:
        """The numbers of those whose links ask for a mark that is not there."""
        for name, place, anchor, number in one.marks:
            there = self._places.get(self.paths.get(name, "") if name else place)
            if there is not None and anchor not in there[0].anchors[there[1]]:
                yield number
