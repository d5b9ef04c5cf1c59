"""What was worked out once, kept beside the repository: opaque bytes by what they were worked out from.

A cache can be thrown away at any moment and is never believed: it lies in git's folder, and whoever hands
over a repository hands that over too. So each entry is named and sealed by keyed digests under a secret of
this user, which lies in his own folder (``user_secret``), and stands in a folder for the very program that
answered. What is foreign, damaged or of another version is therefore not found, and worked out again.

Entries lie in segments, files that are written once, renamed into place and never changed: readers need no
lock, writers do not wait for each other, and a kill leaves nothing half done. Where nothing can be written (a
full disk, a repository of somebody else), isodocs does without. ``upkeep`` keeps all of it within bounds.
"""

from __future__ import annotations

import os
from atexit import register
from contextlib import suppress
from hashlib import blake2b
from hmac import compare_digest
from typing import TYPE_CHECKING

from isodocs.git import upkeep
from isodocs.git.segments import NAME, Segment, exists, is_folder, laid_out, open_all
from isodocs.git.user_secret import program, secret_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

OFF = "ISODOCS_NO_CACHE"
MOST_SEGMENTS = 12


class Cache:
    """Bytes by question; every question has exactly one right answer, so that order never matters.

    Args:
        place: the folder of this user and this version of the program; None: nothing is kept.
        secret: the user's.
    """

    def __init__(self, place: Path | None, secret: bytes = b"") -> None:
        self.place = place
        self._secret = secret
        self._segments: dict[str, list[Segment]] = {}
        self._fresh: dict[str, dict[bytes, bytes]] = {}
        self._limits: dict[str, int] = {}
        self._registered = False

    @classmethod
    def beside(cls, common_dir: Path, environ: Mapping[str, str]) -> Cache:
        """The cache of a repository, by the folder that its work trees share; opening it never fails."""
        secret = None if environ.get(OFF) else secret_of(environ)
        folder = common_dir / upkeep.FOLDER
        if secret is None or (exists(folder) and not is_folder(folder)):
            return cls(None)
        tag = blake2b(program(), key=secret, digest_size=8, person=b"isodocs tag").hexdigest()
        place = folder / "cache" / tag
        if any(exists(one) and not is_folder(one) for one in (place.parent, place)):
            return cls(None)
        if upkeep.mark_used(place):
            upkeep.tidy(place)
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
            if found is not None and compare_digest(found[:NAME], self._seal(name, found[NAME:])):
                return found[NAME:]
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
            if len(segments) > MOST_SEGMENTS:
                self._merge(kind, _small(segments), None)
            if self.size(kind) > self._limits.get(kind, self.size(kind)):
                self._shorten(kind, self._limits[kind])

    def keep_only(self, kind: str, questions: Iterable[bytes]) -> None:
        """Forget all entries of a kind but these."""
        self.flush()
        self._merge(kind, list(self._of(kind)), {self._name(kind, question) for question in questions})

    def limit(self, kind: str, most: int) -> None:
        """Let the entries of a kind take no more bytes than that; the oldest go first."""
        self._limits[kind] = most

    def size(self, kind: str) -> int:
        """How many bytes the entries of a kind take."""
        return sum(segment.size for segment in self._of(kind))

    def _name(self, kind: str, question: bytes) -> bytes:
        return blake2b(question, key=self._secret, digest_size=NAME, person=kind.encode("ascii")).digest()

    def _seal(self, name: bytes, data: bytes) -> bytes:
        digest = blake2b(name, key=self._secret, digest_size=NAME, person=b"isodocs entry")
        digest.update(data)
        return digest.digest()

    def _of(self, kind: str) -> list[Segment]:
        found = self._segments.get(kind)
        if found is None:
            found = list(open_all(self.place / kind)) if self.place is not None else []
            self._segments[kind] = found
        return found

    def _write(self, kind: str, entries: Iterable[tuple[bytes, bytes]]) -> Segment | None:
        """A new segment, found by this process from now on; None where it cannot be written."""
        assert self.place is not None  # noqa: S101 - nothing is put where nothing is kept
        segments = self._of(kind)
        folder, name = self.place / kind, os.urandom(NAME).hex()
        fresh = folder / f"{name}.new"
        first = not exists(self.place)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with fresh.open("xb") as file:
                file.writelines(laid_out(entries))
            segment = Segment.open(fresh)  # now: another run may merge it, and remove it, at any moment
            written = fresh.rename(folder / f"{name}.segment")
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            return None
        if segment is not None:
            segment.path = written
            segments.insert(0, segment)
        if first:
            upkeep.tidy(self.place)
        return segment

    def _merge(self, kind: str, old: list[Segment], wanted: Collection[bytes] | None) -> None:
        """Put segments of a kind into one, with the entries that are wanted; None: with all."""
        entries: dict[bytes, bytes] = {}
        for segment in old:
            for name, data in segment.entries():
                if (wanted is None or name in wanted) and name not in entries:
                    entries[name] = data
        if entries and self._write(kind, entries.items()) is None:
            return
        self._remove(kind, old)

    def _shorten(self, kind: str, most: int) -> None:
        """Forget what was written first, but never what was written last."""
        oldest = sorted(self._of(kind), key=lambda one: one.written)
        while len(oldest) > 1 and self.size(kind) > most:
            self._remove(kind, [oldest.pop(0)])

    def _remove(self, kind: str, old: Iterable[Segment]) -> None:
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


def _small(segments: Iterable[Segment]) -> list[Segment]:
    """Those that are worth putting together: what is large already is not written again for a little more."""
    by_size = sorted(segments, key=lambda one: one.size)
    found = by_size[: MOST_SEGMENTS // 2]
    size = sum(one.size for one in found)
    for one in by_size[len(found) :]:
        if one.size > size:
            break
        found.append(one)
        size += one.size
    return found
