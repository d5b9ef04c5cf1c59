"""Files of entries that are written once and never changed: bytes by a name of 16 bytes.

The entries lie one after the other, then their index, sorted by name, and last how many there are. Who reads
one needs no lock, and reads on when it is removed.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from bisect import bisect_left
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAME = 16
SEGMENT = re.compile(r"[0-9a-f]{32}\.segment")
TEMPORARY = re.compile(r"[0-9a-f]{32}\.new")

_RECORD = struct.Struct(f">{NAME}sQI")
_END = struct.Struct(">Q16s")
_MAGIC = b"isodocs cache 1\n"


class Segment:
    """One file of entries, sorted by name; whatever is wrong with it, nothing is found in it."""

    def __init__(self, path: Path, data: mmap, count: int, written: float) -> None:
        self.path, self.written = path, written
        self._data, self._count = data, count
        self._index = len(data) - _END.size - count * _RECORD.size

    @classmethod
    def open(cls, path: Path) -> Segment | None:
        """The segment in a file; None where it is no regular file, gone again, or not laid out as one."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size < _END.size:
                return None
            data = mmap(descriptor, 0, access=ACCESS_READ)
        except (OSError, ValueError):
            return None
        finally:
            os.close(descriptor)
        count, magic = _END.unpack_from(data, len(data) - _END.size)
        if magic != _MAGIC or count * _RECORD.size > len(data) - _END.size:
            return None
        return cls(path, data, count, status.st_mtime)

    def __len__(self) -> int:
        return self._count

    @property
    def size(self) -> int:
        """Of the file, in bytes."""
        return len(self._data)

    def find(self, name: bytes) -> bytes | None:
        """The entry of that name, with its keyed digest before it."""
        place = bisect_left(range(self._count), name, key=self._name_at)
        if place == self._count or self._name_at(place) != name:
            return None
        return self._entry_at(place)

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of them, by name."""
        return ((self._name_at(place), self._entry_at(place)) for place in range(self._count))

    def remove(self) -> None:
        """Take the file away; those who have it open read on."""
        with suppress(OSError):
            self.path.unlink()

    def _name_at(self, place: int) -> bytes:
        start = self._index + place * _RECORD.size
        return self._data[start : start + NAME]

    def _entry_at(self, place: int) -> bytes:
        _, offset, size = _RECORD.unpack_from(self._data, self._index + place * _RECORD.size)
        return self._data[offset : offset + size]


def laid_out(entries: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """A segment's bytes: the entries, their index sorted by name, and the end that says how many."""
    records, offset = [], 0
    for name, data in entries:
        records.append((name, offset, len(data)))
        offset += len(data)
        yield data
    yield from (_RECORD.pack(*record) for record in sorted(records))
    yield _END.pack(len(records), _MAGIC)


def open_all(folder: Path) -> Iterator[Segment]:
    """The segments in a folder, in any order."""
    if not is_folder(folder):
        return
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names alone
    except OSError:
        return
    for name in names:
        segment = Segment.open(folder / name) if SEGMENT.fullmatch(name) else None
        if segment is not None:
            yield segment


def is_folder(path: Path) -> bool:
    """Whether it is a folder itself, and no link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def exists(path: Path) -> bool:
    """Whether anything stands there, be it a link that leads nowhere."""
    return os.path.lexists(path)
