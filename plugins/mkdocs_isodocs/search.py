"""The search index: a list of entries, one for each section of each page.

Entries are handled as the text they are in the file, so that what is put together again is the same to the
byte. A browser builds its own index from the file: what it can bear, it is given; of a manual with very many
sections, a page is one entry.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isodocs.edition import registers
from isodocs.edition.pages import HISTORY_HEADING

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger("mkdocs.plugins.isodocs")
INDEX: Final = "search/search_index.json"
MOST_SECTIONS: Final = 20_000
_DOCS: Final = '"docs":['
_EXCLUDED: Final = ' data-search-exclude="true"'
_HISTORY: Final = re.compile(rf'<h2 id="[^"]*"(?=>{HISTORY_HEADING})')


def leave_out(html: str, *, path: str, is_document: bool) -> str:
    """A page's HTML, marked where it says what other pages say better.

    Lists of documents would find a document's title a second and a third time; the heading of the revision
    history stands on every page. The list of withdrawn documents is the only place that names them.
    """
    if is_document:
        ends = [found.end() for found in _HISTORY.finditer(html)]
        return f"{html[: ends[-1]]}{_EXCLUDED}{html[ends[-1] :]}" if ends else html
    if path in {registers.WITHDRAWN, registers.RULES}:
        return html
    return html.replace("<table>", f"<table{_EXCLUDED}>")


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
        """An index from its text.

        Raises:
            ValueError: it is not laid out as Material does.
        """
        try:
            return cls._parse(text)
        except (LookupError, TypeError) as error:
            raise ValueError("the entries are not those of a search index") from error

    @classmethod
    def _parse(cls, text: str) -> Index:
        start = text.index(_DOCS) + len(_DOCS)
        found = cls(text[:start], {})
        decode = json.JSONDecoder().raw_decode
        while text[start] != "]":
            entry, end = decode(text, start)
            page = str(entry["location"]).partition("#")[0]
            found.entries.setdefault(page, []).append(text[start:end])
            start = end + (text[end] == ",")
        if text[start:] != "]}":
            raise ValueError("something stands behind the entries")
        return found

    def bounded(self) -> Index:
        """The index, with one entry for each page where there are more sections than a browser can bear."""
        if sum(map(len, self.entries.values())) <= MOST_SECTIONS:
            return self
        log.info("isodocs: so large a manual is searched by page, not by section.")
        return Index(self.head, {page: [_merged(page, each)] for page, each in self.entries.items() if each})

    def write(self, site_dir: str, pages: Iterable[str]) -> None:
        """Write the index with the entries of these pages, in this order."""
        with Path(site_dir, INDEX).open("w", encoding="utf-8", newline="\n") as file:
            file.write(self.head)
            between = ""
            for page in pages:
                for entry in self.entries.get(page, ()):
                    file.write(between + entry)
                    between = ","
            file.write("]}")


def _merged(page: str, entries: list[str]) -> str:
    first, *others = (json.loads(each) for each in entries)
    parts = [first["text"], *(f"<p>{each['title']}</p>{each['text']}" for each in others)]
    made = {**first, "location": page, "text": "".join(parts)}
    return json.dumps(made, separators=(",", ":"))
