"""Many pages rendered side by side, where the machine has the cores for it.

Markdown is what a large build spends most of its time on, and a page's Markdown depends on no other page.
Each worker is a fork of the build. What a worker cannot do, for whatever reason, is left to the build itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Final

from mkdocs_isodocs.rendering import GENERATOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from mkdocs_isodocs.rendering import Rendered, StagedPage

WORTH_IT: Final = 200
"""Pages below which one process is quicker, or as quick."""
_MOST: Final = 4
_AT_ONCE: Final = 20


def cores() -> int:
    """How many processes can run at once."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def render(pages: Sequence[StagedPage], config: MkDocsConfig, files: Files) -> None:
    """Give each page its rendered Markdown, if workers are worth it."""
    number = min(cores(), _MOST)
    if number < 2 or len(pages) < WORTH_IT:  # noqa: PLR2004 - one alone is no help
        return
    workers = ProcessPoolExecutor(
        number,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_Worker.begin,
        initargs=(pages, config, files),
    )
    try:
        for page, made in zip(pages, workers.map(_work, range(len(pages)), chunksize=_AT_ONCE), strict=True):
            page.rendered = made
    except (BrokenProcessPool, OSError):
        return
    finally:
        workers.shutdown(cancel_futures=True)


class _Worker:
    """What one worker works on; a fork has it without anything being sent."""

    pages: Sequence[StagedPage]
    config: MkDocsConfig
    files: Files

    @classmethod
    def begin(cls, pages: Sequence[StagedPage], config: MkDocsConfig, files: Files) -> None:
        """Called once in each worker. It is silent: what it has to say, the build will say itself."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for name in (GENERATOR, None):
            logging.getLogger(name).handlers.clear()
        cls.pages, cls.config, cls.files = pages, config, files


def _work(number: int) -> Rendered | None:
    page = _Worker.pages[number]
    try:
        page.read_source(_Worker.config)
        page.render(_Worker.config, _Worker.files)
    except Exception:  # noqa: BLE001 - the build meets the same, and tells it
        return None
    return page.as_rendered()
