"""Long tables of registers: what was rendered of their rows once is put together again.

Of a register of a thousand documents, one row changes. Its cells are escaped, so that nothing in one row
means anything to another: what Python-Markdown makes of a row follows from the row, the page's place, the
settings, and the pages that it links to. Rows are kept in pieces; only those of pieces that are not kept are
given to Python-Markdown, in a page that is shorter. A page that does not look like that is rendered whole.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mkdocs.structure.files import File

    from mkdocs_isodocs.rendering import Lookups

KIND: Final = "site-rows"
MOST: Final = 64 << 20
WORTH_IT: Final = 50
"""Rows below which a table is rendered as it is."""
PIECES: Final = 64
_PAGE: Final = re.compile(r"(# [^\n]+\n\n\d[^\n]*\n\n\| [^\n]+ \|\n\|(?: --- \|)+\n)((?:\| [^\n]+ \|\n)+)")
_HTML: Final = re.compile(
    r"(.*<table>\n<thead>\n.*</thead>\n<tbody>\n)(<tr>\n.*\n</tr>)(\n</tbody>\n</table>)", re.DOTALL
)
_BETWEEN_ROWS: Final = re.compile(r"(?<=</tr>)\n(?=<tr>)")
_TARGET: Final = re.compile(r"\]\(([^()\s]*)\)")
_NAMED: Final = re.compile(r"\s(?:id|name)=")
_HIDDEN: Final = "<!-- rows -->"

Row = tuple[str, "Mapping[str, str]"]
"""The HTML of a row, and the staged paths it links to, with their addresses."""


@dataclass(slots=True)
class Tables:
    """The rows of the long tables of one build.

    Attributes:
        kept: gives what was kept of a kind under a question, or nothing.
        of_site: all that every page depends on.
        fresh: pieces that were made now, to be kept.
    """

    kept: Callable[[str, bytes], bytes | None]
    of_site: bytes
    fresh: dict[bytes, bytes] = field(default_factory=dict)

    def taken(self) -> dict[bytes, bytes]:
        """The fresh pieces, which are forgotten here."""
        found, self.fresh = self.fresh, {}
        return found


class Table:
    """The long table of one page.

    Args:
        tables: of the build.
        file: the page's.
        before: the text before the rows.
        rows: their texts.
    """

    def __init__(self, tables: Tables, file: File, before: str, rows: Sequence[str]) -> None:
        self._tables, self._file, self._before, self.rows = tables, file, before, rows
        self._pieces: dict[int, list[str]] = {}
        for row in dict.fromkeys(rows):
            self._pieces.setdefault(crc32(row[: row.find("]")].encode()) % PIECES, []).append(row)

    @classmethod
    def of(cls, tables: Tables, file: File, text: str) -> Table | None:
        """The long table that ends a page, if that is all there is in it."""
        found = _PAGE.fullmatch(text)
        rows = found[2].splitlines() if found else []
        if found is None or len(rows) < WORTH_IT or "\n".join([*rows, ""]) != found[2]:
            return None
        return cls(tables, file, found[1], rows)

    def render(self, lookups: Lookups, render: Callable[[str], str]) -> tuple[str, str] | None:
        """The page's HTML, and that of its rows; None where it has to be rendered whole.

        Args:
            lookups: the files that pages link to.
            render: what makes HTML of the page's text, and looks for files there.
        """
        known: dict[str, Row] = {}
        missing = []
        for rows in self._pieces.values():
            kept = self._kept(rows, lookups)
            known |= kept
            missing += [] if kept else [rows]
        asked = [row for rows in missing for row in rows] or [self.rows[0]]
        found = _HTML.fullmatch(render("".join([self._before, *(f"{row}\n" for row in asked)])))
        made = _BETWEEN_ROWS.split(found[2]) if found else []
        if found is None or len(made) != len(asked) or _NAMED.search(found[2]):
            return None
        known |= {row: (html, self._links(row, lookups)) for row, html in zip(asked, made, strict=True)}
        self._keep(missing, known)
        for _, links in known.values():
            lookups.found.update(links)
        together = "\n".join(known[row][0] for row in self.rows)
        return f"{found[1]}{together}{found[3]}", together

    def _kept(self, rows: Sequence[str], lookups: Lookups) -> dict[str, Row]:
        """What was kept of a piece, if its links still lead where they did; else nothing."""
        data = self._tables.kept(KIND, self._question(rows))
        try:
            kept = [(str(html), dict(links)) for html, links in json.loads(data or b"[]")]
            there = all(lookups.address(path) == at for _, links in kept for path, at in links.items())
            return dict(zip(rows, kept, strict=True)) if kept and there else {}
        except (ValueError, TypeError, LookupError):
            return {}

    def _links(self, row: str, lookups: Lookups) -> dict[str, str]:
        """The staged paths that a row links to, with their addresses, as far as they were found."""
        folder = posixpath.dirname(self._file.src_uri)
        paths = [posixpath.normpath(posixpath.join(folder, unquote(one))) for one in _TARGET.findall(row)]
        return {path: at for path in paths if (at := lookups.found.get(path)) is not None}

    def _keep(self, pieces: Iterable[Sequence[str]], known: Mapping[str, Row]) -> None:
        for rows in pieces:
            made = [known[row] for row in rows]
            if all(
                len(links) == len(_TARGET.findall(row)) for row, (_, links) in zip(rows, made, strict=True)
            ):
                data = json.dumps(made, separators=(",", ":")).encode("ascii")
                self._tables.fresh[self._question(rows)] = data

    def _question(self, rows: Sequence[str]) -> bytes:
        head = self._before[self._before.rfind("\n\n") :]
        question = blake2b(self._tables.of_site, digest_size=32)
        for part in (self._file.src_uri, self._file.url, head, *rows):
            data = part.encode("utf-8", "surrogatepass")
            question.update(b"%d:%b" % (len(data), data))
        return question.digest()


def without_rows(html: str, rows: str) -> str | None:
    """A page with its rows taken out for the search, which leaves them out; None where they must stay."""
    place = html.find(rows)
    if not rows or place < 0 or "data-search-" in rows or _HIDDEN in html:
        return None
    table = html.rfind("<table", 0, place)
    if not html.startswith('<table data-search-exclude="true">', table):
        return None
    return f"{html[:place]}{_HIDDEN}{html[place + len(rows) :]}"


def with_rows(html: str, rows: str) -> str:
    """The page with its rows again."""
    return html.replace(_HIDDEN, rows, 1)
