"""Putting files into the index with exactly the bytes they have, whatever filters the repository names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        lines.append(f"100644 {oid}\t{path}\0".encode("utf-8", "surrogateescape"))
    repository.run("update-index", "-z", "--add", "--index-info", stdin=b"".join(lines))
