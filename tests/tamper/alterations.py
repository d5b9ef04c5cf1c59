"""Every byte of a file, three ways, and the small signed company whose files are altered.

A bit is turned, the byte is lost, the byte comes twice. Turning a bit makes another character, and so another
word, number or key; which of the eight follows from the place, so that each turns up often. Losing and
doubling shift all that follows, and in a text they are what most survives reading: a blank line more, a blank
less. Doubling stands for inserting: a byte that fits where it stands is the one least likely to be noticed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from support.company import Held, Settings, usual_register
from support.statements import content_digest, content_of
from tamper import paper
from tamper.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SWITCH: Final = "ISODOCS_TAMPER"
SLICE: Final = 37  # prime, and so no stranger to any file or way
PICTURE: Final = bytes(range(0, 256, 11))
WAYS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "turned": lambda data, at: data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :],
    "lost": lambda data, at: data[:at] + data[at + 1 :],
    "doubled": lambda data, at: data[:at] + data[at : at + 1] + data[at:],
}


@dataclass(frozen=True)
class Alteration:
    """One byte of one file, altered."""

    path: str
    at: int
    way: str
    honest: bytes

    @property
    def altered(self) -> bytes:
        """The file with the byte altered."""
        return WAYS[self.way](self.honest, self.at)

    def __str__(self) -> str:
        """As a failing test names it."""
        near = self.honest[max(0, self.at - 12) : self.at + 12]
        return f"{self.path}: byte {self.at} {self.way}, near {near!r}"


def alterations(path: str, data: bytes) -> Iterator[Alteration]:
    """Every byte of a file, three ways."""
    return (Alteration(path, at, way, data) for at in range(len(data)) for way in WAYS)


def everything() -> bool:
    """Whether all of them are wanted, not a slice."""
    return os.environ.get(SWITCH, "") == "all"


@cache
def company() -> Ledger:
    """A root, a change of people signed by a quorum of two, a first revision and a second with a picture.

    The root is signed by nobody but him who pins it; all that comes after is signed.
    """
    register = usual_register()
    ledger = Ledger()
    settings = Settings(quorum=2).text().encode()
    tree = {"isodocs.yml": settings, "people.yml": register.text().encode(), **paper.document("WI-001", "1")}
    ledger.commit({**tree, **paper.approved(tree, "WI-001", "jane")}, when="2026-01-05")
    register = register.with_keys("bob", Held("bob", until="2027-01-01"), Held("bob-new", since="2026-12-01"))
    before = paper.set_digest(ledger.tree)
    tree = {**ledger.tree, "people.yml": register.text().encode()}
    both = {**paper.authorised(tree, "jane", before), **paper.authorised(tree, "bob", before)}
    ledger.commit({**tree, **both}, by="jane", when="2026-01-26")
    first = content_digest(content_of(tree[paper.place("WI-001")], {}))
    words = "As the picture shows.\n\n![The valve](img/valve.png)"
    tree = {
        **ledger.tree,
        **paper.document("WI-001", "2", words, effective_date="2026-01-30"),
        "documents/img/valve.png": PICTURE,
    }
    return ledger.commit({**tree, **paper.approved(tree, "WI-001", "jane", first)}, when="2026-01-30")
