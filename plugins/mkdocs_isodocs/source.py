"""Where the plugin gets its edition: the one place that opens the repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isodocs.core.problem import CannotRun
from isodocs.edition.selection import drafts
from isodocs.git.cache import Cache
from isodocs.git.repository import Repository
from isodocs.workspace import open_reading

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from isodocs.edition.model import Edition, PreviewDocument
    from isodocs.edition.shelf import Shelf
    from mkdocs_isodocs.configuration import IsodocsConfig


_WATCHED: Final = ("documents", "signatures", "isodocs.yml", "people.yml")


def repository_of(settings: IsodocsConfig, config: MkDocsConfig) -> Path:
    """The quality management repository: as configured, relative to mkdocs.yml, else its folder."""
    folder = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    return (folder / (settings.repository or ".")).resolve()


def watched(settings: IsodocsConfig, config: MkDocsConfig) -> tuple[Path, ...]:
    """What the edition depends on beside the documents folder, as far as it is there."""
    place = repository_of(settings, config)
    return tuple(path for name in _WATCHED if (path := place / name).exists())


def edition_for(settings: IsodocsConfig, config: MkDocsConfig, shelf: Shelf) -> Edition:
    """The edition to show, of documents as far as they were kept.

    Raises:
        CannotRun: the repository cannot be read, or has no commit yet.
    """
    place = repository_of(settings, config)
    library = open_reading(place, as_of=settings.as_of, snapshot=settings.snapshot)
    if library is None:
        raise CannotRun("There is no commit on the mainline yet, so nothing is in force.")
    return shelf.select(library)


def previews_for(settings: IsodocsConfig, config: MkDocsConfig) -> tuple[PreviewDocument, ...]:
    """The drafts of the work tree, for ``mkdocs serve`` alone.

    Raises:
        CannotRun: the repository cannot be read.
    """
    place = repository_of(settings, config)
    library = open_reading(place, snapshot=settings.snapshot, with_branch=True)
    return drafts(library) if library else ()


def store_for(settings: IsodocsConfig, config: MkDocsConfig) -> Cache | None:
    """Where rendered pages are kept from one build to the next: beside the repository, if it is one."""
    try:
        repository = Repository.open(repository_of(settings, config))
    except CannotRun:
        return None
    cache = Cache.beside(repository.common_dir, os.environ)
    return cache if cache.kept else None
