"""The sheets of a library's documents, kept from one check to the next: no file is read twice."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from functools import cache as once
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from isodocs.core.document import DOCUMENTS, is_document
from isodocs.core.history import Entry
from isodocs.rules.bundles import Bundle, Bundles, bundle
from isodocs.rules.premises import premises_of
from isodocs.rules.sheets import Sheets
from isodocs.workers import GivenUp, shared_out

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from isodocs.core.library import Library
    from isodocs.core.sheet import Sheet
    from isodocs.git.cache import Cache
    from isodocs.git.repository import Repository
    from isodocs.rules.premises import Premises

WORTH_IT = 300
"""Documents below which one process reads them as quickly."""
PARTS = 8
_Result = TypeVar("_Result")

KIND = "check"
BUNDLES = "bundles"
NUMBER = 256
"""Of bundles: after a change one is made anew, and all of them are read by each check of everything."""
MOST = 256 << 20
"""So many bytes all sheets, and all bundles, may take: some hundred thousand documents."""


def with_sheets(library: Library, repository: Repository) -> Library:
    """The library with sheets that are looked up in the cache: by a file's bytes, its path, the settings."""
    cache = repository.cache
    if not cache.kept or library.defaults:
        return library
    cache.limit(KIND, MOST)
    cache.limit(BUNDLES, MOST)
    premises = premises_of(library)

    @once
    def documents() -> dict[str, Entry]:
        return _documents(library, repository)

    def question(path: str, entry: Entry) -> bytes:
        return f"{entry.oid} {premises.digest} {path}".encode("utf-8", "surrogateescape")

    def kept(path: str) -> bytes | None:
        entry = library.files.get(path) if is_document(path) else None
        return cache.get(KIND, question(path, entry)) if entry is not None and entry.regular else None

    fresh: dict[str, bytes] = {}

    def keep(path: str, data: bytes) -> None:
        fresh[path] = data
        cache.put(KIND, question(path, library.files[path]), data)

    sheets = Sheets(lambda: sorted(documents()), library.readings.get, premises, kept, keep)
    if library.touched_only:
        return replace(library, sheets=sheets)
    return replace(
        library, sheets=sheets, bundles=LazyBundles(cache, documents, sheets, premises, fresh, keep)
    )


class LazyBundles:
    """The bundles of all documents, each kept by all that it follows from; made when they are asked for."""

    def __init__(
        self,
        cache: Cache,
        documents: Callable[[], Mapping[str, Entry]],
        sheets: Mapping[str, Sheet],
        premises: Premises,
        fresh: Mapping[str, bytes],
        keep: Callable[[str, bytes], None],
    ) -> None:
        self._cache, self._documents, self._sheets, self._premises = cache, documents, sheets, premises
        self._fresh, self._keep = fresh, keep

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
        kept = [self._cache.get(BUNDLES, self._question(rows)) for rows in every]
        missing = [number for number, data in enumerate(kept) if data is None]
        few = sum(len(every[number]) for number in missing) < WORTH_IT
        parts = [missing[start::PARTS] for start in range(PARTS)]

        def made(part: int) -> list[tuple[int, bytes, dict[str, bytes]]]:
            return [(number, *self._made(every[number])) for number in parts[part]]

        for part in _worked_out(made, range(PARTS), few=few):
            for number, data, sheets in part:
                kept[number] = data
                self._cache.put(BUNDLES, self._question(every[number]), data)
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


def _worked_out(work: Callable[[int], _Result], tasks: Sequence[int], *, few: bool) -> Iterator[_Result]:
    """What a function makes of each number; side by side, unless there is little to do or a worker died."""
    done = 0
    with suppress(GivenUp):
        for result in shared_out(work, tasks) if not few else ():
            done += 1
            yield result
    yield from map(work, tasks[done:])


def _documents(library: Library, repository: Repository) -> dict[str, Entry]:
    """The document files that are ordinary files: only the folders of documents are listed."""
    commit = library.commit if library.push is None else library.state.commit
    entries = dict(repository.asking.files(commit, DOCUMENTS)) if commit else {}
    if library.push is None:
        entries |= {change.path: Entry(change.new_mode, change.new) for change in library.changes}
    return {path: entry for path, entry in entries.items() if is_document(path) and entry.regular}
