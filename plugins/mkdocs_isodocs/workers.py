"""Many pages made side by side, where the machine has the cores for it.

A page depends on no other page once their titles are known. Each worker is a fork of the build and makes
whole pages as MkDocs would, by the same steps and events. What a worker cannot do, for whatever reason, is
left to the build itself.
"""

from __future__ import annotations

import gc
import json
import logging
import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mkdocs.commands.build import get_context

from isodocs.workers import cores
from mkdocs_isodocs.rendering import GENERATOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation

    from mkdocs_isodocs.rendering import StagedPage

WORTH_IT: Final = 200
"""Pages below which one process is quicker, or as quick."""
_MOST: Final = 4
_AT_ONCE: Final = 20
_Made = tuple[bytes, list[str], dict[bytes, bytes]]


def make(
    pages: Sequence[StagedPage], config: MkDocsConfig, nav: Navigation, files: Files
) -> Iterator[tuple[StagedPage, bytes, list[str], dict[bytes, bytes]]]:
    """Each page that workers could make: as it is kept, its entries in the search index, and its rows."""
    number = min(cores(), _MOST)
    if number < 2 or len(pages) < WORTH_IT:  # noqa: PLR2004 - one alone is no help
        return
    all_pages = files.documentation_pages()
    for file in all_pages:
        if file.page is not None:
            file.page.read_source(config)  # titles are asked for everywhere
    env = config.plugins.on_env(config.theme.get_env(), config=config, files=files)
    workshop = _Workshop(pages, config, nav, files, all_pages, env)
    workers = ProcessPoolExecutor(
        number,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_begin,
        initargs=(workshop,),
    )
    try:
        for page, made in zip(pages, workers.map(_work, range(len(pages)), chunksize=_AT_ONCE), strict=True):
            if made is not None:
                yield page, *made
    except (BrokenProcessPool, OSError):
        return
    finally:
        workers.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Workshop:
    """What a worker has at hand; a fork has it without anything being sent."""

    pages: Sequence[StagedPage]
    config: MkDocsConfig
    nav: Navigation
    files: Files
    all_pages: Sequence[File]
    env: jinja2.Environment

    def page(self, number: int) -> _Made | None:
        """A whole page, by the steps of MkDocs' own build."""
        page, events = self.pages[number], self.config.plugins
        page.render(self.config, self.files)
        page.content = events.on_page_content(
            page.content or "", page=page, config=self.config, files=self.files
        )
        page.active = True
        index = self._search_entries()
        before = len(index)
        context = get_context(self.nav, self.all_pages, self.config, page)
        context = events.on_page_context(context, page=page, config=self.config, nav=self.nav)
        output = self.env.get_template("main.html").render(context)
        page.active = False
        kept = page.as_kept(output) if output.strip() else None
        entries = [json.dumps(each, separators=(",", ":"), default=str) for each in index[before:]]
        page.let_go()
        rows = page.tables.taken() if page.tables is not None else {}
        return (kept.encode(), entries, rows) if kept else None

    def _search_entries(self) -> list[Any]:
        """What Material has put into the index so far."""
        search = self.config.plugins.get("material/search")
        found: list[Any] = search.search_index.entries if search and search.config.enabled else []
        return found


_AT_WORK: list[_Workshop] = []


def _begin(workshop: _Workshop) -> None:
    """Called once in each worker. It is silent: what it has to say, the build will say itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what the fork shares stays shared
    for name in (GENERATOR, None):
        logging.getLogger(name).handlers.clear()
    _AT_WORK.append(workshop)


def _work(number: int) -> _Made | None:
    try:
        return _AT_WORK[-1].page(number)
    except Exception:  # noqa: BLE001 - the build meets the same, and tells it
        return None
