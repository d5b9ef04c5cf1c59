"""A page of the edition: rendered now, or put out as an earlier build rendered it.

MkDocs takes pages that a plugin makes, and lets a page name its template. Both are used here: a page that is
taken over has no text of its own, and a template that puts out what was kept.
"""

from __future__ import annotations

import json
import logging
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils.meta import get_data

from mkdocs_isodocs.content import StagedSource
from mkdocs_isodocs.tables import Table, with_rows, without_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_isodocs.tables import Tables

TEMPLATE: Final = "isodocs-kept.html"
GENERATOR: Final = Page.__module__.partition(".")[0]
_PLAIN_HEAD: Final = re.compile(r'---\ntitle: "([ !#-\[\]-~]*)"\n---\n\n')
_FAST: Final = 1
_SUM: Final = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was rendered.

    Attributes:
        anchors: what other pages can link to in it.
        anchor_links: by staged path, the anchors of other pages that it links to, and the links as written.
        lookups: the staged paths it looked for, and the addresses they had; None: there was no such file.
        packed: its HTML, compressed.
    """

    anchors: tuple[str, ...]
    anchor_links: Mapping[str, Mapping[str, str]]
    lookups: Mapping[str, str | None]
    packed: bytes

    @property
    def html(self) -> str:
        """The whole page."""
        return zlib.decompress(self.packed).decode("utf-8")

    def holds(self, files: Files) -> bool:
        """Whether all that the page looked for is still found, or missing, where it was."""
        return all(_address(files.get_file_from_path(path)) == at for path, at in self.lookups.items())

    def encode(self) -> bytes:
        """As bytes for a store."""
        facts = json.dumps([self.anchors, self.anchor_links, self.lookups], separators=(",", ":"))
        data = facts.encode("ascii") + b"\n" + self.packed
        return _check_sum(data) + data

    @classmethod
    def decode(cls, data: bytes) -> Kept:
        """From the bytes of a store.

        Raises:
            ValueError: that is no such page.
        """
        if _check_sum(data[_SUM:]) != data[:_SUM]:
            raise ValueError("a kept page is damaged")
        facts, _, packed = data[_SUM:].partition(b"\n")
        anchors, anchor_links, lookups = json.loads(facts)
        return cls(tuple(anchors), dict(anchor_links), dict(lookups), packed)


class Lookups(Files):
    """The files of the site, which note what is looked for among them."""

    def __init__(self, files: Files) -> None:
        self._src_uris = files.src_uris  # type: ignore[assignment] # nothing is added here
        self.found: dict[str, str | None] = {}

    def get_file_from_path(self, path: str) -> File | None:
        """The file at a staged path, if there is one."""
        file = super().get_file_from_path(path)
        self.found[path] = _address(file)
        return file

    def address(self, path: str) -> str | None:
        """The address of the file at a staged path, without a note."""
        return _address(super().get_file_from_path(path))


def _check_sum(data: bytes) -> bytes:
    return blake2b(data, digest_size=_SUM).digest()


def _address(file: File | None) -> str | None:
    return file.url if file else None


class StagedPage(Page):
    """A page of the edition.

    Attributes:
        kept: the page as an earlier build, or a worker of this one, has made it.
        lookups: what was looked for while it was rendered.
        told: something was said while it was rendered; it is rendered again to have it said again.
        tables: the rows of long tables that earlier builds kept.
        rows: the HTML of the rows of its long table, if it has one.
    """

    kept: Kept | None = None
    lookups: Lookups | None = None
    told: bool = False
    tables: Tables | None = None
    rows: str = ""

    def read_source(self, config: MkDocsConfig) -> None:
        """Read the page's facts, and its text."""
        if self.kept is None or not isinstance(self.file, StagedSource):
            super().read_source(config)
            return
        head = self.file.head
        plain = _PLAIN_HEAD.fullmatch(head)
        facts: Mapping[str, Any] = {"title": plain[1]} if plain else get_data(head)[1]
        self.meta = {**facts, "template": TEMPLATE, "search": {"exclude": True}}
        self.markdown = ""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the Markdown, unless the whole page is taken over."""
        if self.kept is not None:
            self.content = ""
            self.present_anchor_ids = set(self.kept.anchors)
            self.links_to_anchors = _links(self.kept.anchor_links, files)
        else:
            with _listening() as ear:
                if not self._render_rows(config, files):
                    self.lookups = Lookups(files)
                    super().render(config, self.lookups)
            self.told = ear.heard
            if self.told and self.tables is not None:
                self.tables.taken()  # what was said has to be said again
        self.markdown = ""  # it was rendered, and takes memory

    def _render_rows(self, config: MkDocsConfig, files: Files) -> bool:
        """Render a page with a long table, as far as its rows were not kept; whether it is one."""
        text = self.markdown or ""
        table = Table.of(self.tables, self.file, text) if self.tables is not None else None
        if table is None:
            return False
        lookups = self.lookups = Lookups(files)

        def render(text: str) -> str:
            self.markdown = text
            super(StagedPage, self).render(config, lookups)
            return self.content or ""

        made = table.render(lookups, render)
        if made is None:
            self.markdown = text
            return False
        self.content, self.rows = made
        return True

    def hide_rows(self) -> None:
        """Take the rows of a long table out where the search leaves them out anyway."""
        hidden = without_rows(self.content or "", self.rows)
        self.content, self.rows = (hidden, self.rows) if hidden is not None else (self.content, "")

    def show_rows(self) -> None:
        """Put them in again."""
        if self.rows:
            self.content, self.rows = with_rows(self.content or "", self.rows), ""

    def let_go(self) -> None:
        """Forget what was written out: of ten thousand pages it is much."""
        self.content, self.toc = "", get_toc([])

    def as_kept(self, output: str) -> Kept | None:
        """The page for later builds; None where it must be rendered again."""
        if self.told or self.lookups is None or self.links_to_anchors is None:
            return None
        if None in self.lookups.found.values():
            return None
        return Kept(
            tuple(sorted(self.present_anchor_ids or ())),
            {file.src_uri: dict(links) for file, links in self.links_to_anchors.items()},
            self.lookups.found,
            zlib.compress(output.encode("utf-8", "xmlcharrefreplace"), _FAST),
        )


def _links(by_path: Mapping[str, Mapping[str, str]], files: Files) -> dict[File, dict[str, str]]:
    found = ((files.get_file_from_path(path), links) for path, links in by_path.items())
    return {file: dict(links) for file, links in found if file is not None}


class _Ear(logging.Handler):
    heard = False

    def emit(self, record: logging.LogRecord) -> None:
        del record
        self.heard = True


@contextmanager
def _listening() -> Iterator[_Ear]:
    """Learn whether anything is said."""
    ear = _Ear(logging.INFO)
    loggers: list[Any] = [logging.getLogger(GENERATOR), logging.getLogger()]
    for each in loggers:
        each.addHandler(ear)
    try:
        yield ear
    finally:
        for each in loggers:
            each.removeHandler(ear)


def is_heard() -> int:
    """The level from which on things are said: what was not said here may have to be said elsewhere."""
    return logging.getLogger(Page.__module__).getEffectiveLevel()
