"""The sheets of a library's documents, kept from one check to the next: no file is read twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache as once
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING
from zlib import crc32

from isodocs.core.document import DOCUMENTS, is_document
from isodocs.core.history import Entry
from isodocs.rules.bundles import Bundle, Bundles, bundle
from isodocs.rules.premises import premises_of
from isodocs.rules.sheets import Sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from isodocs.core.library import Library
    from isodocs.core.sheet import Sheet
    from isodocs.git.cache import Cache
    from isodocs.git.repository import Repository
    from isodocs.rules.premises import Premises

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

    def keep(path: str, data: bytes) -> None:
        cache.put(KIND, question(path, library.files[path]), data)

    sheets = Sheets(lambda: sorted(documents()), library.readings.get, premises, kept, keep)
    if library.touched_only:
        return replace(library, sheets=sheets)
    return replace(library, sheets=sheets, bundles=LazyBundles(cache, documents, sheets, premises))


class LazyBundles:
    """The bundles of all documents, each kept by all that it follows from; made when they are asked for."""

    def __init__(
        self,
        cache: Cache,
        documents: Callable[[], Mapping[str, Entry]],
        sheets: Mapping[str, Sheet],
        premises: Premises,
    ) -> None:
        self._cache, self._documents, self._sheets, self._premises = cache, documents, sheets, premises

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
        return Bundles(self._bundle(sorted(groups[number])) for number in sorted(groups))

    def _bundle(self, rows: list[tuple[bytes, str, str]]) -> Bundle:
        question = blake2b(self._premises.digest.encode("ascii"), digest_size=32)
        for name, _, oid in rows:
            question.update(b"%d %b %b\n" % (len(name), name, oid.encode("ascii")))
        data = self._cache.get(BUNDLES, question.digest())
        if data is not None:
            return Bundle.from_bytes(data)
        made = bundle(self._sheets[path] for _, path, _ in rows)
        self._cache.put(BUNDLES, question.digest(), made.to_bytes())
        return made


def _documents(library: Library, repository: Repository) -> dict[str, Entry]:
    """The document files that are ordinary files: only the folders of documents are listed."""
    commit = library.commit if library.push is None else library.state.commit
    entries = dict(repository.asking.files(commit, DOCUMENTS)) if commit else {}
    if library.push is None:
        entries |= {change.path: Entry(change.new_mode, change.new) for change in library.changes}
    return {path: entry for path, entry in entries.items() if is_document(path) and entry.regular}
