"""The sheets of a library's documents, kept from one check to the next: no file is read twice."""

from __future__ import annotations

from dataclasses import replace
from functools import cache as once
from typing import TYPE_CHECKING

from isodocs.core.document import DOCUMENTS, is_document
from isodocs.core.history import Entry
from isodocs.rules.premises import premises_of
from isodocs.rules.sheets import Sheets
from isodocs.workspace.contents import Documents

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.git.repository import Repository

KIND = "check"
MOST = 256 << 20
"""So many bytes all sheets may take: some hundred thousand of them."""


def with_sheets(library: Library, repository: Repository) -> Library:
    """The library with sheets that are looked up in the cache: by a file's bytes, its path, the settings."""
    cache = repository.cache
    if not cache.kept or library.defaults:
        return library
    cache.limit(KIND, MOST)
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

    readings = library.readings
    passing = readings.passing if isinstance(readings, Documents) else None
    sheets = Sheets(lambda: sorted(documents()), readings.get, premises, kept, keep, passing)
    if library.touched_only:
        return replace(library, sheets=sheets)
    from isodocs.workspace.bundles import KeptBundles  # noqa: PLC0415 - a hook needs none of it

    bundles = KeptBundles(cache, documents, sheets, premises, fresh, keep)
    return replace(library, sheets=sheets, bundles=bundles)


def _documents(library: Library, repository: Repository) -> dict[str, Entry]:
    """The document files that are ordinary files: only the folders of documents are listed."""
    commit = library.commit if library.push is None else library.state.commit
    entries = dict(repository.asking.files(commit, DOCUMENTS)) if commit else {}
    if library.push is None:
        entries |= {change.path: Entry(change.new_mode, change.new) for change in library.changes}
    return {path: entry for path, entry in entries.items() if is_document(path) and entry.regular}
