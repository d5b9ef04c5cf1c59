"""What earlier builds rendered, put out again where nothing it depends on has changed."""

from __future__ import annotations

import logging
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from mkdocs.exceptions import PluginError

from isodocs.core.problem import CannotRun
from mkdocs_isodocs import tables, templates
from mkdocs_isodocs.dependencies import PageDigests, site_digest
from mkdocs_isodocs.rendering import Kept, StagedPage
from mkdocs_isodocs.search import Index
from mkdocs_isodocs.tables import Tables
from mkdocs_isodocs.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from mkdocs_isodocs.content import Site

log = logging.getLogger("mkdocs.plugins.isodocs")
PAGES: Final = "site-page"
ENTRIES: Final = "site-search"
_FLUSH_AFTER: Final = 2000
_SPARE: Final = 64 << 20
_FAULTS: Final = (OSError, CannotRun, ValueError, LookupError, TypeError, AttributeError, zlib.error)


class Store(Protocol):
    """Where bytes are kept from one build to the next; it may forget anything at any time."""

    def get(self, kind: str, question: bytes, /) -> bytes | None:
        """What was kept, or nothing."""

    def put(self, kind: str, question: bytes, answer: bytes, /) -> None:
        """Keep it."""

    def flush(self) -> None:
        """Write what is new."""

    def limit(self, kind: str, most: int, /) -> None:
        """Let the entries of a kind take no more bytes than that."""

    def size(self, kind: str, /) -> int:
        """Bytes kept of a kind."""

    def keep_only(self, kind: str, questions: Iterable[bytes], /) -> None:
        """Forget all of a kind but these."""


def _split(text: str) -> list[str]:
    """Entries, each a line: JSON writes the line ends in a text as two characters."""
    return text.split("\n") if text else []


def _packed(entries: list[str]) -> bytes:
    return zlib.compress("\n".join(entries).encode("utf-8"), 1)


def open_for(config: MkDocsConfig, site: Site, store: Store | None, *, serving: bool) -> EarlierPages | None:
    """The pages of earlier builds, if there is a store for them.

    Raises:
        UnknownInfluence: something in the configuration may change pages in a way that nobody here can know.
    """
    earlier = EarlierPages(store, site_digest(config, site, serving=serving))
    for file in site.files.documentation_pages():
        StagedPage(None, file, config).tables = earlier.tables
    return earlier


def finish(config: MkDocsConfig, site: Site, earlier: EarlierPages | None) -> None:
    """Complete the search index, and keep what was rendered."""
    try:
        index = Index.read(config.site_dir)
    except ValueError as error:
        if earlier is not None and earlier.holds_entries:
            raise PluginError(f"{error}. Build with `incremental: false`.") from error
        log.info("isodocs: the search index stays as it is: %s.", error)
        return
    if earlier is not None:
        earlier.finish(index)
    if index is not None:
        pages = [file.page.url for file in site.files.documentation_pages() if file.page]
        index.bounded().write(config.site_dir, pages)


class EarlierPages:
    """The pages of earlier builds, for one build. A store that fails is not asked again."""

    def __init__(self, store: Store | None, of_site: bytes) -> None:
        self._store = store
        self._of_site = of_site
        self.tables = Tables(self._get, of_site) if store is not None else None
        self.templates = Templates(self._get, self._put, of_site) if store is not None else None
        self._digests: dict[str, bytes] = {}
        self._entries: dict[str, str] = {}
        self._fresh: dict[str, bytes] = {}
        self._size = self._waiting = 0
        self.taken = 0

    def offer(self, nav: Navigation, site: Site, files: Files) -> list[StagedPage]:
        """Give each page what an earlier build made of it, if that is still right; the pages left to do."""
        digests = PageDigests(self._of_site, nav, site)
        for page in nav.pages:
            digest = self._digests[page.file.src_uri] = digests.of(page)
            if isinstance(page, StagedPage) and self._store:
                page.kept = self._found(digest, page.url, files)
        left = [page for page in nav.pages if isinstance(page, StagedPage) and page.kept is None]
        self.taken = len(nav.pages) - len(left)
        return left

    def _found(self, digest: bytes, url: str, files: Files) -> Kept | None:
        entries, packed = self._get(ENTRIES, digest), self._get(PAGES, digest)
        if entries is None or packed is None:
            return None
        try:
            kept = Kept.decode(packed)
            if not kept.holds(files):
                return None
            self._entries[url] = zlib.decompress(entries).decode("utf-8")
        except _FAULTS:
            return None
        self._size += len(packed)
        return kept

    @property
    def holds_entries(self) -> bool:
        """Whether entries of the search index are still to be put into it."""
        return any(self._entries.values())

    def take(self, page: StagedPage, data: bytes, entries: list[str], rows: Mapping[bytes, bytes]) -> None:
        """Put out, and keep, a page that a worker has made."""
        for question, piece in rows.items():
            self._put(tables.KIND, question, piece)
        page.kept = Kept.decode(data)
        self._entries[page.url] = "\n".join(entries)
        digest = self._digests[page.file.src_uri]
        self._put(ENTRIES, digest, _packed(entries))
        self._keep(digest, data)

    def keep(self, page: Page, output: str) -> None:
        """Keep a page that was rendered now, for later builds."""
        if not isinstance(page, StagedPage):
            return
        made = page.as_kept(output) if self._store and not page.kept else None
        page.let_go()
        if made is not None and output.strip():
            digest = self._digests[page.file.src_uri]
            self._fresh[page.url] = digest
            self._keep(digest, made.encode())

    def _keep(self, digest: bytes, data: bytes) -> None:
        self._size += len(data)
        self._put(PAGES, digest, data)
        self._waiting += 1
        if self._waiting % _FLUSH_AFTER == 0:
            self._flush()

    def finish(self, index: Index | None) -> None:
        """Put the search index together again, and keep its new entries."""
        if index is not None:
            index.entries |= {url: found for url, text in self._entries.items() if (found := _split(text))}
        for url, digest in self._fresh.items():
            entries = index.entries.get(url, []) if index else []
            self._put(ENTRIES, digest, _packed(entries))
        for question, piece in (self.tables.taken() if self.tables is not None else {}).items():
            self._put(tables.KIND, question, piece)
        self._flush()
        self._tidy()

    def _tidy(self) -> None:
        """Forget pages of long ago where there is much more than this build needs."""
        if self._store is None:
            return
        try:
            for one in (tables, templates):
                self._store.limit(one.KIND, one.MOST)
            if self._store.size(PAGES) > 4 * self._size + _SPARE:
                for kind in (PAGES, ENTRIES):
                    self._store.keep_only(kind, self._digests.values())
        except _FAULTS:
            self._give_up()

    def _get(self, kind: str, digest: bytes) -> bytes | None:
        try:
            return self._store.get(kind, digest) if self._store else None
        except _FAULTS:
            self._give_up()
            return None

    def _put(self, kind: str, digest: bytes, data: bytes) -> None:
        try:
            if self._store:
                self._store.put(kind, digest, data)
        except _FAULTS:
            self._give_up()

    def _flush(self) -> None:
        try:
            if self._store:
                self._store.flush()
        except _FAULTS:
            self._give_up()

    def _give_up(self) -> None:
        log.info("isodocs: what was rendered cannot be kept; the next build renders it again.")
        self._store = None
