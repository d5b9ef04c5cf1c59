"""The sheets of a library's documents, kept from one check to the next: no file is read twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.core.document import is_document
from isodocs.rules.premises import premises_of
from isodocs.rules.sheets import Sheets

if TYPE_CHECKING:
    from isodocs.core.history import Entry
    from isodocs.core.library import Library
    from isodocs.git.repository import Repository

KIND = "check"


def with_sheets(library: Library, repository: Repository) -> Library:
    """The library with sheets that are looked up in the cache: by a file's bytes, its path, the settings."""
    cache = repository.cache
    if not cache.kept or library.defaults:
        return library
    premises = premises_of(library)

    def paths() -> list[str]:
        return [path for path, one in library.files.items() if is_document(path) and one.regular]

    def question(path: str, entry: Entry) -> bytes:
        return f"{entry.oid} {premises.digest} {path}".encode("utf-8", "surrogateescape")

    def kept(path: str) -> bytes | None:
        entry = library.files.get(path) if is_document(path) else None
        return cache.get(KIND, question(path, entry)) if entry is not None and entry.regular else None

    def keep(path: str, data: bytes) -> None:
        cache.put(KIND, question(path, library.files[path]), data)

    return replace(library, sheets=Sheets(paths, library.readings.get, premises, kept, keep))
