"""A large table in small pieces that are kept in the cache: one key costs one piece, one change rewrites one.

A piece is known by the digest of its bytes, so tables that have most in common share most of their pieces.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from isodocs.git.cache import Cache

KIND = "state"
NUMBER = 64
V = TypeVar("V")


class Lost(Exception):
    """Something that was kept cannot be found any more."""


def keep(cache: Cache, data: bytes) -> str:
    """Keep bytes; by what they are found again."""
    name = blake2b(data, digest_size=16)
    cache.put(KIND, name.digest(), data)
    return name.hexdigest()


def find(cache: Cache, name: str) -> bytes:
    """The bytes that were kept under a name.

    Raises:
        Lost: they are gone.
    """
    data = cache.get(KIND, bytes.fromhex(name))
    if data is None:
        raise Lost(name)
    return data


class Pieces(Generic[V]):
    """A table from texts to what JSON can hold.

    Args:
        cache: where the pieces lie.
        names: theirs, as ``kept`` gave them; none for an empty table.
    """

    def __init__(self, cache: Cache, names: Sequence[str] = ()) -> None:
        self._cache = cache
        self.names = list(names) or [""] * NUMBER
        self._read: dict[int, dict[str, V]] = {}

    def get(self, key: str) -> V | None:
        """The value of a key.

        Raises:
            Lost: the piece is gone; so for all that reads.
        """
        return self._piece(_number(key)).get(key)

    def items(self) -> Iterator[tuple[str, V]]:
        """All keys with their values."""
        for number in range(NUMBER):
            yield from self._piece(number).items()

    def kept(self, changes: Mapping[str, V | None]) -> Pieces[V]:
        """The table with these keys changed (None: removed), its pieces kept."""
        made: Pieces[V] = Pieces(self._cache, self.names)
        made._read = {number: dict(piece) for number, piece in self._read.items()}
        touched = set()
        for key, value in changes.items():
            number = _number(key)
            piece = made._piece(number)
            touched.add(number)
            if value is None:
                piece.pop(key, None)
            else:
                piece[key] = value
        for number in touched:
            made.names[number] = made._written(number)
        return made

    def piece(self, number: int) -> Mapping[str, V]:
        """The part of the table that lies in one piece."""
        return self._piece(number)

    def _piece(self, number: int) -> dict[str, V]:
        found = self._read.get(number)
        if found is None:
            name = self.names[number]
            read: Any = json.loads(find(self._cache, name)) if name else {}
            found = self._read[number] = read
        return found

    def _written(self, number: int) -> str:
        piece = self._read[number]
        if not piece:
            return ""
        return keep(self._cache, json.dumps(piece, sort_keys=True, separators=(",", ":")).encode("ascii"))


def _number(key: str) -> int:
    return blake2b(key.encode("utf-8", "surrogateescape"), digest_size=1).digest()[0] % NUMBER
