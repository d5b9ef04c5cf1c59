"""The search index: a list of entries, one for each section of each page.

Entries are handled as the text they are in the file, so that what is put together again is the same to the
byte.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

INDEX: Final = "search/search_index.json"
_DOCS: Final = '"docs":['


@dataclass(slots=True)
class Index:
    """What stands before the entries, and the entries of each page by its address, as text."""

    head: str
    entries: dict[str, list[str]]

    @classmethod
    def read(cls, site_dir: str) -> Index | None:
        """The index of a site; None if the site has none.

        Raises:
            ValueError: it is not laid out as Material does.
        """
        path = Path(site_dir, INDEX)
        return cls.parse(path.read_text("utf-8")) if path.is_file() else None

    @classmethod
    def parse(cls, text: str) -> Index:
        """An index from its text."""
        start = text.index(_DOCS) + len(_DOCS)
        found = cls(text[:start], {})
        decode = json.JSONDecoder().raw_decode
        while text[start] != "]":
            entry, end = decode(text, start)
            page = entry["location"].partition("#")[0]
            found.entries.setdefault(page, []).append(text[start:end])
            start = end + (text[end] == ",")
        if text[start:] != "]}":
            raise ValueError("something stands behind the entries")
        return found

    def write(self, site_dir: str, pages: Iterable[str]) -> None:
        """Write the index with the entries of these pages, in this order."""
        with Path(site_dir, INDEX).open("w", encoding="utf-8") as file:
            file.write(self.head)
            between = ""
            for page in pages:
                for entry in self.entries.get(page, ()):
                    file.write(between + entry)
                    between = ","
            file.write("]}")
