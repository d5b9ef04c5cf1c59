"""A part of the work of one check or export, where several machines do it together.

Documents are dealt out by their ids, and document files by the id at the start of their names, or else by
their paths. Which part one belongs to follows from its name alone, so it is the same on every machine and
stays the same while others come and go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from isodocs.core.document import SIGNATURES
from isodocs.core.identity import id_in_filename, is_id

MOST = 1000
_WRITTEN = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts.

    Attributes:
        number: which one, from 1.
        count: how many there are.
        others: the documents of other parts that are folded in full all the same, since rules ask after them
            from everywhere: what is withdrawn, and what was signed and has no file any more.
        narrowed: what the other parts' documents were signed with was not read, ``others`` left out.
    """

    number: int
    count: int
    others: frozenset[str] = frozenset()
    narrowed: bool = False

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read ``2/4``.

        Raises:
            ValueError: it is not written so, or there is no such part.
        """
        found = _WRITTEN.fullmatch(text)
        number, count = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 1 <= number <= count <= MOST:
            raise ValueError(text)
        return cls(number, count)

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.number}/{self.count}"

    def has(self, name: str) -> bool:
        """Whether a document is one of this part, by its id."""
        return _number(name) % self.count == self.number - 1

    def has_file(self, path: str) -> bool:
        """Whether a file below ``documents/`` is looked at in this part."""
        return self.has(id_in_filename(path) or path)

    def knows(self, name: str) -> bool:
        """Whether all that is known about a document was read here."""
        return not self.narrowed or name in self.others or self.has(name)

    def reads(self, path: str) -> bool:
        """Whether a file below ``signatures/`` belongs to what is read here, by its place."""
        folder = signed_in(path)
        return not folder or self.knows(folder)


def signed_in(path: str) -> str:
    """The document in whose folder below ``signatures/`` a file lies; empty if in none."""
    if not path.startswith(SIGNATURES):
        return ""
    return _id_of(path[len(SIGNATURES) :].partition("/")[0])


@lru_cache(1 << 16)
def _id_of(folder: str) -> str:
    return folder if is_id(folder) else ""


@lru_cache(1 << 16)
def _number(name: str) -> int:
    """What decides in which part a document is; a check asks it many times for each."""
    return int.from_bytes(sha256(name.encode("utf-8", "surrogatepass")).digest()[:8])
