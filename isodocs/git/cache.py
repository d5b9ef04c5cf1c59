"""What was worked out once, kept beside the repository: opaque bytes by what they were worked out from.

A cache can be thrown away at any moment and is never believed: it lies in git's folder, and whoever hands
over a repository hands that over too. So each entry is named and sealed by keyed digests under a secret of
this user, which lies in his own folder (``user_secret``), and stands in a folder for the very program that
answered. What is foreign, damaged or of another version is therefore not found, and worked out again.

Entries lie in segments, files that are written once, renamed into place and never changed: readers need no
lock, writers do not wait for each other, and a kill leaves nothing half done. Where nothing can be written (a
full disk, a repository of somebody else), isodocs does without.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import time
from atexit import register
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING

from isodocs.git.user_secret import program, secret_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

FOLDER = "isodocs"
OFF = "ISODOCS_NO_CACHE"
MOST_SEGMENTS = 12
FORGOTTEN = 30 * 24 * 3600
"""Seconds after which what another version of isodocs left, or a killed one, is cleared away."""

_NAME = 16
_RECORD = struct.Struct(f">{_NAME}sQI")
_END = struct.Struct(">Q16s")
_MAGIC = b"isodocs cache 1\n"
_SEGMENT = re.compile(r"[0-9a-f]{32}\.segment")
_TEMPORARY = re.compile(r"[0-9a-f]{32}\.new")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of one kind: entries (some may be there twice), bytes, files."""

    kind: str
    entries: int
    size: int
    files: int


class Cache:
    """Bytes by question; every question has exactly one right answer, so that order never matters.

    Args:
        place: the folder of this user and this version of the program; None: nothing is kept.
        secret: the user's.
    """

    def __init__(self, place: Path | None, secret: bytes = b"") -> None:
        self.place = place
        self._secret = secret
        self._segments: dict[str, list[_Segment]] = {}
        self._fresh: dict[str, dict[bytes, bytes]] = {}
        self._registered = False

    @classmethod
    def beside(cls, common_dir: Path, environ: Mapping[str, str]) -> Cache:
        """The cache of a repository, by the folder that its work trees share; opening it never fails."""
        secret = None if environ.get(OFF) else secret_of(environ)
        folder = common_dir / FOLDER
        if secret is None or (_exists(folder) and not _is_folder(folder)):
            return cls(None)
        tag = blake2b(program(), key=secret, digest_size=8, person=b"isodocs tag").hexdigest()
        place = folder / "cache" / tag
        if any(_exists(one) and not _is_folder(one) for one in (place.parent, place)):
            return cls(None)
        return cls(place, secret)

    @property
    def kept(self) -> bool:
        """Whether anything can be remembered at all."""
        return self.place is not None

    def get(self, kind: str, question: bytes) -> bytes | None:
        """What was kept under a question; None if nothing was, or if it is not ours."""
        if self.place is None:
            return None
        name = self._name(kind, question)
        fresh = self._fresh.get(kind, {}).get(name)
        if fresh is not None:
            return fresh
        for segment in self._of(kind):
            found = segment.find(name)
            if found is not None and compare_digest(found[:_NAME], self._seal(name, found[_NAME:])):
                return found[_NAME:]
        return None

    def put(self, kind: str, question: bytes, answer: bytes) -> None:
        """Keep an answer; ``flush`` writes it, at the latest when the program ends."""
        if self.place is not None:
            if not self._registered:
                self._registered = True
                register(self.flush)
            self._fresh.setdefault(kind, {})[self._name(kind, question)] = answer

    def flush(self) -> None:
        """Write what is new; where that is impossible it is forgotten, without a word."""
        for kind, entries in self._fresh.items():
            if entries:
                self._write(kind, ((name, self._seal(name, data) + data) for name, data in entries.items()))
        self._fresh.clear()
        for kind, segments in self._segments.items():
            if len(segments) > MOST_SEGMENTS and self.place is not None:
                self._merge(kind, None)
                _tidy(self.place.parent)

    def keep_only(self, kind: str, questions: Iterable[bytes]) -> None:
        """Forget all entries of a kind but these."""
        self.flush()
        self._merge(kind, {self._name(kind, question) for question in questions})

    def size(self, kind: str) -> int:
        """How many bytes the entries of a kind take."""
        return sum(segment.size for segment in self._of(kind))

    def _name(self, kind: str, question: bytes) -> bytes:
        return blake2b(question, key=self._secret, digest_size=_NAME, person=kind.encode("ascii")).digest()

    def _seal(self, name: bytes, data: bytes) -> bytes:
        digest = blake2b(name, key=self._secret, digest_size=_NAME, person=b"isodocs entry")
        digest.update(data)
        return digest.digest()

    def _of(self, kind: str) -> list[_Segment]:
        found = self._segments.get(kind)
        if found is None:
            found = list(_open_all(self.place / kind)) if self.place is not None else []
            self._segments[kind] = found
        return found

    def _write(self, kind: str, entries: Iterable[tuple[bytes, bytes]]) -> _Segment | None:
        """A new segment, found by this process from now on; None where it cannot be written."""
        assert self.place is not None  # noqa: S101 - nothing is put where nothing is kept
        segments = self._of(kind)
        folder, name = self.place / kind, os.urandom(_NAME).hex()
        fresh = folder / f"{name}.new"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with fresh.open("xb") as file:
                file.writelines(_laid_out(entries))
            segment = _Segment.open(fresh)  # now: another run may merge it, and remove it, at any moment
            written = fresh.rename(folder / f"{name}.segment")
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            return None
        if segment is not None:
            segment.path = written
            segments.insert(0, segment)
        return segment

    def _merge(self, kind: str, wanted: Collection[bytes] | None) -> None:
        """Put all segments of a kind into one, with the entries that are wanted; None: with all."""
        old = list(self._of(kind))
        entries: dict[bytes, bytes] = {}
        for segment in old:
            for name, data in segment.entries():
                if (wanted is None or name in wanted) and name not in entries:
                    entries[name] = data
        if entries and self._write(kind, entries.items()) is None:
            return
        for segment in old:
            segment.remove()
            self._segments[kind].remove(segment)


class Scratch(Cache):
    """What one run keeps for itself, where nothing can be kept for the next one."""

    def __init__(self) -> None:
        super().__init__(None)
        self._answers: dict[tuple[str, bytes], bytes] = {}

    @property
    def kept(self) -> bool:
        """It is, until the run ends."""
        return True

    def get(self, kind: str, question: bytes) -> bytes | None:
        """What was kept under a question; None if nothing was."""
        return self._answers.get((kind, question))

    def put(self, kind: str, question: bytes, answer: bytes) -> None:
        """Keep an answer."""
        self._answers[kind, question] = answer

    def flush(self) -> None:
        """There is nothing to write."""

    def size(self, kind: str) -> int:
        """How many bytes the answers of a kind take."""
        return sum(len(answer) for (of, _), answer in self._answers.items() if of == kind)

    def keep_only(self, kind: str, questions: Iterable[bytes]) -> None:
        """Nothing is forgotten before the run ends."""


def sizes(common_dir: Path) -> list[Size]:
    """What all users and versions keep beside a repository, by kind."""
    found: dict[str, list[_Segment]] = {}
    for folder in sorted((common_dir / FOLDER / "cache").glob("*/*")):
        found.setdefault(folder.name, []).extend(_open_all(folder))
    return [
        Size(kind, sum(len(one) for one in segments), sum(one.size for one in segments), len(segments))
        for kind, segments in sorted(found.items())
    ]


def clear(common_dir: Path) -> int:
    """Remove what is kept beside a repository, by whomever; the number of bytes that went.

    Only files of our making go, and the folders that are empty then. Links are not followed.

    Args:
        common_dir: the folder that the repository's work trees share.

    Raises:
        OSError: something could not be removed.
    """
    top = common_dir / FOLDER / "cache"
    return _clear(top, time.time()) if _is_folder(common_dir / FOLDER) and _is_folder(top) else 0


def _tidy(top: Path) -> None:
    """Clear away what other versions, and killed runs, left long ago."""
    with suppress(OSError):
        _clear(top, time.time() - FORGOTTEN)


def _clear(top: Path, latest: float) -> int:
    gone = 0
    for folder, _folders, names in os.walk(top, topdown=False):
        for name in names:
            path = top.__class__(folder) / name
            status = path.lstat()
            if (_SEGMENT.fullmatch(name) or _TEMPORARY.fullmatch(name)) and status.st_mtime <= latest:
                path.unlink(missing_ok=True)
                gone += status.st_size
        with suppress(OSError):
            os.rmdir(folder)  # noqa: PTH106 - only where it is empty
    return gone


class _Segment:
    """One file of entries, sorted by name; whatever is wrong with it, nothing is found in it."""

    def __init__(self, path: Path, data: mmap, count: int) -> None:
        self.path, self._data, self._count = path, data, count
        self._index = len(data) - _END.size - count * _RECORD.size

    @classmethod
    def open(cls, path: Path) -> _Segment | None:
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
        return cls(path, data, count)

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
        return self._data[start : start + _NAME]

    def _entry_at(self, place: int) -> bytes:
        _, offset, size = _RECORD.unpack_from(self._data, self._index + place * _RECORD.size)
        return self._data[offset : offset + size]


def _laid_out(entries: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """A segment's bytes: the entries, their index sorted by name, and the end that says how many."""
    records, offset = [], 0
    for name, data in entries:
        records.append((name, offset, len(data)))
        offset += len(data)
        yield data
    yield from (_RECORD.pack(*record) for record in sorted(records))
    yield _END.pack(len(records), _MAGIC)


def _open_all(folder: Path) -> Iterator[_Segment]:
    """The segments in a folder, in any order."""
    if not _is_folder(folder):
        return
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names alone
    except OSError:
        return
    for name in names:
        segment = _Segment.open(folder / name) if _SEGMENT.fullmatch(name) else None
        if segment is not None:
            yield segment


def _is_folder(path: Path) -> bool:
    """Whether it is a folder itself, and no link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _exists(path: Path) -> bool:
    return os.path.lexists(path)
