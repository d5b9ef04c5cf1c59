"""Putting files into the index with exactly the bytes they have, whatever filters the repository names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.git.repository import Repository


def stage(repository: Repository, files: Mapping[str, bytes]) -> None:
    """Put ordinary files into the index, by path from the top of the work tree.

    ``git add`` would run clean filters and convert line ends; a signature needs its exact bytes.

    Raises:
        CannotRun: the index is locked or cannot be written.
    """
    lines = []
    for path, data in files.items():
        oid = (
            repository.run("hash-object", "-w", "--no-filters", "--stdin", stdin=data).decode("ascii").strip()
        )
        lines.append(f"100644 {oid}\t{path}\0")
    _update(repository, lines)


def unstage(repository: Repository, paths: Iterable[str]) -> None:
    """Take paths out of the index; every other entry stays as it is, and no file is touched.

    Raises:
        CannotRun: the index is locked or cannot be written.
    """
    _update(repository, [f"0 {repository.zero}\t{path}\0" for path in paths])


def _update(repository: Repository, lines: list[str]) -> None:
    data = "".join(lines).encode("utf-8", "surrogateescape")
    try:
        repository.run("update-index", "-z", "--add", "--index-info", stdin=data)
    except CannotRun as fault:
        lock = repository.git_dir / "index.lock"
        if "index.lock" not in str(fault) or not lock.exists():
            raise
        raise CannotRun(
            f"git's index is locked by {lock}: another git command is at work here, or one was killed. "
            "If none is at work, remove that file and run this again."
        ) from None
