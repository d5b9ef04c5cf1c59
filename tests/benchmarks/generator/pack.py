"""Git objects, written into one pack with its index, without asking git.

``git fast-import`` sorts and prints every tree anew for each commit: with 10,000 entries that takes 4 ms,
100,000 times. Here a tree is spliced, and a delta is what was spliced. The formats are git's own
(gitformat-pack(5)); the tests have ``git fsck`` read all of it.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from pathlib import Path

COMMIT, TREE, BLOB, DELTA = 1, 2, 3, 6
WORDS = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob"}
DEEPEST = 50  # as git's own packs
LARGEST_COPY = 0xFFFFFF
LARGEST_INSERT = 0x7F
FAST = 1
CHUNK = 1 << 20


class Packed(NamedTuple):
    """An object as a pack holds it.

    Attributes:
        oid: its id, binary.
        kind: of the object, or ``DELTA``.
        size: of what is compressed.
        body: that, compressed.
        base: the id of the object that a delta changes.
        depth: how many deltas lie on top of each other.
    """

    oid: bytes
    kind: int
    size: int
    body: bytes
    base: bytes = b""
    depth: int = 0


def oid_of(kind: int, data: bytes) -> bytes:
    """The id of an object."""
    return hashlib.sha1(b"%b %d\0" % (WORDS[kind], len(data)) + data, usedforsecurity=False).digest()


def packed(kind: int, data: bytes, old: tuple[Packed, bytes] | None = None) -> Packed:
    """An object for a pack; as a delta on an older one, where that is allowed to carry one more."""
    oid = oid_of(kind, data)
    if not data or old is None or old[0].depth >= DEEPEST or old[0].oid == oid:
        return Packed(oid, kind, len(data), zlib.compress(data, FAST))
    change = delta(old[1], data)
    return Packed(oid, DELTA, len(change), zlib.compress(change, FAST), old[0].oid, old[0].depth + 1)


def delta(old: bytes, new: bytes) -> bytes:
    """What makes the new bytes from the old: their common beginning, something between, their common end."""
    first = _same(old, new, min(len(old), len(new)))
    last = _same_end(old, new, min(len(old), len(new)) - first)
    between = new[first : len(new) - last]
    parts = [_number(len(old)), _number(len(new)), _copy(0, first)]
    for at in range(0, len(between), LARGEST_INSERT):
        piece = between[at : at + LARGEST_INSERT]
        parts.append(bytes([len(piece)]) + piece)
    return b"".join([*parts, _copy(len(old) - last, last)])


def _same(old: bytes, new: bytes, most: int) -> int:
    """How many bytes both begin with."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if old[low:middle] == new[low:middle] else (low, middle - 1)
    return low


def _same_end(old: bytes, new: bytes, most: int) -> int:
    """How many bytes both end with."""
    low, high = 0, most
    ends = len(old), len(new)
    while low < high:
        middle = (low + high + 1) // 2
        same = old[ends[0] - middle : ends[0] - low] == new[ends[1] - middle : ends[1] - low]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _copy(start: int, size: int) -> bytes:
    """Instructions that copy from the old bytes."""
    out = bytearray()
    while size:
        part = min(size, LARGEST_COPY)
        numbers = struct.pack("<I", start) + struct.pack("<I", part)[:3]
        present = [place for place, byte in enumerate(numbers) if byte]
        out.append(0x80 | sum(1 << place for place in present))
        out += bytes(numbers[place] for place in present)
        start, size = start + part, size - part
    return bytes(out)


class Pack:
    """A pack being written into a repository's ``objects/pack``, each object once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "tmp_pack_of_the_generator"
        self._file = self._path.open("w+b", buffering=CHUNK)
        self._file.write(struct.pack(">4sII", b"PACK", 2, 0))
        self._size = 12
        self._places: dict[bytes, tuple[int, int]] = {}

    def add(self, one: Packed) -> None:
        """Write an object; one that a delta changes must be there before it."""
        if one.oid in self._places:
            return
        head = _header(one.kind, one.size)
        if one.kind == DELTA:
            head += _distance(self._size - self._places[one.base][0])
        self._places[one.oid] = (self._size, zlib.crc32(one.body, zlib.crc32(head)))
        self._file.write(head)
        self._file.write(one.body)
        self._size += len(head) + len(one.body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        """Close the pack, and write its index if nothing went wrong."""
        with self._file:
            if kind is None:
                checksum = self._close()
        if kind is not None:
            self._path.unlink()
            return
        name = self._folder / f"pack-{checksum.hex()}"
        name.with_suffix(".idx").write_bytes(self._index(checksum))
        self._path.rename(name.with_suffix(".pack"))

    def _close(self) -> bytes:
        self._file.seek(8)
        self._file.write(struct.pack(">I", len(self._places)))
        self._file.seek(0)
        whole = hashlib.sha1(usedforsecurity=False)
        while chunk := self._file.read(CHUNK):
            whole.update(chunk)
        self._file.seek(0, os.SEEK_END)
        self._file.write(whole.digest())
        return whole.digest()

    def _index(self, checksum: bytes) -> bytes:
        """Version 2: a fan-out, ids, checksums, places; those beyond 2 GiB in a table of their own."""
        found = sorted((oid, *place) for oid, place in self._places.items())
        counts = [0] * 256
        for oid, _, _ in found:
            counts[oid[0]] += 1
        fan = [sum(counts[: first + 1]) for first in range(256)]
        far = [place for _, place, _ in found if place >= 1 << 31]
        order = {place: number for number, place in enumerate(far)}
        near = [1 << 31 | order[place] if place in order else place for _, place, _ in found]
        body = b"".join(
            (
                b"\xfftOc\0\0\0\2",
                struct.pack(">256I", *fan),
                b"".join(oid for oid, _, _ in found),
                struct.pack(f">{len(found)}I", *(crc for _, _, crc in found)),
                struct.pack(f">{len(near)}I", *near),
                struct.pack(f">{len(far)}Q", *far),
                checksum,
            )
        )
        return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _header(kind: int, size: int) -> bytes:
    """Kind and size: four bits of the size in the first byte, seven in each that follows."""
    first, size = kind << 4 | size & 0x0F, size >> 4
    return bytes([first | 0x80]) + _number(size) if size else bytes([first])


def _distance(back: int) -> bytes:
    """How far back a delta's base lies, in git's own way: no number can be written twice."""
    out = [back & 0x7F]
    back >>= 7
    while back:
        back -= 1
        out.append(0x80 | back & 0x7F)
        back >>= 7
    return bytes(reversed(out))
