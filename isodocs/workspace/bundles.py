"""What the sheets of all documents ask of each other, kept from one check to the next in small bundles.

A bundle follows from the sheets of its documents, so it is kept by the paths and the bytes of their files and
by the premises.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from isodocs.rules.bundles import Bundle, Bundles, bundle
from isodocs.workers import GivenUp, cores, shared_out

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from isodocs.core.history import Entry
    from isodocs.core.library import Library
    from isodocs.git.cache import Cache
    from isodocs.rules.premises import Premises
    from isodocs.rules.sheets import Sheets

WORTH_IT = 300
"""Documents below which one process reads them as quickly."""
PARTS = 8
"""At most; else as many as there are cores: the documents of each are read in one go."""
_Result = TypeVar("_Result")

KIND = "bundles"
NUMBER = 256
"""Of bundles: after a change one is made anew, and all of them are read by each check of everything."""
MOST = 256 << 20
"""So many bytes all bundles may take."""


class KeptBundles:
    """The bundles of all documents, each kept by all that it follows from; made when they are asked for."""

    def __init__(
        self,
        cache: Cache,
        documents: Callable[[], Mapping[str, Entry]],
        sheets: Sheets,
        premises: Premises,
        fresh: Mapping[str, bytes],
        keep: Callable[[str, bytes], None],
    ) -> None:
        self._cache, self._documents, self._sheets, self._premises = cache, documents, sheets, premises
        self._fresh, self._keep = fresh, keep
        cache.limit(KIND, MOST)

    @property
    def paths(self) -> Mapping[str, str]:
        """The first path of each id."""
        return self._bundles.paths

    def suspects(self, library: Library) -> Collection[str]:
        """The paths of all documents that a rule may report that goes by sheets; sorted."""
        return self._bundles.suspects(library)

    @cached_property
    def _bundles(self) -> Bundles:
        groups: defaultdict[int, list[tuple[bytes, str, str]]] = defaultdict(list)
        for path, entry in self._documents().items():
            name = path.encode("utf-8", "surrogateescape")
            groups[crc32(name) % NUMBER].append((name, path, entry.oid))
        every = [sorted(groups[number]) for number in sorted(groups)]
        kept = [self._cache.get(KIND, self._question(rows)) for rows in every]
        missing = [number for number, data in enumerate(kept) if data is None]
        few = sum(len(every[number]) for number in missing) < WORTH_IT
        parts = _alike({number: len(every[number]) for number in missing}, min(cores(), PARTS))

        def made(part: int) -> list[tuple[int, bytes, dict[str, bytes]]]:
            self._sheets.look_up(path for number in parts[part] for _, path, _ in every[number])
            return [(number, *self._made(every[number])) for number in parts[part]]

        for part in _worked_out(made, range(len(parts)), few=few):
            for place, data, sheets in part:
                kept[place] = data
                self._cache.put(KIND, self._question(every[place]), data)
                for path, sheet in sheets.items():
                    self._keep(path, sheet)
        return Bundles(Bundle.from_bytes(data) for data in kept if data is not None)

    def _made(self, rows: Iterable[tuple[bytes, str, str]]) -> tuple[bytes, dict[str, bytes]]:
        """A bundle, and those of its sheets that nobody kept."""
        paths = [path for _, path, _ in rows]
        data = bundle(self._sheets[path] for path in paths).to_bytes()
        return data, {path: self._fresh[path] for path in paths if path in self._fresh}

    def _question(self, rows: Iterable[tuple[bytes, str, str]]) -> bytes:
        question = blake2b(self._premises.digest.encode("ascii"), digest_size=32)
        for name, _, oid in rows:
            question.update(b"%d %b %b\n" % (len(name), name, oid.encode("ascii")))
        return question.digest()


def _alike(sizes: Mapping[int, int], number: int) -> list[list[int]]:
    """So many parts, about equally large, of things whose sizes are given."""
    parts: list[list[int]] = [[] for _ in range(number)]
    filled = [0] * number
    for one, size in sizes.items():
        least = filled.index(min(filled))
        parts[least].append(one)
        filled[least] += size
    return parts


def _worked_out(work: Callable[[int], _Result], tasks: Sequence[int], *, few: bool) -> Iterator[_Result]:
    """What a function makes of each number; side by side, unless there is little to do or a worker died."""
    done = 0
    with suppress(GivenUp):
        for result in shared_out(work, tasks) if not few else ():
            done += 1
            yield result
    yield from map(work, tasks[done:])
