"""Writing files so that a crash leaves the old or the new one, never half of one.

A temporary file beside the target is written, flushed to the disk and renamed over it.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def write(path: Path, data: bytes) -> None:
    """Write a file whole; folders on the way are made, the mode of an existing file is kept.

    Raises:
        CannotRun: it cannot be written; nothing was changed.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror}.") from error


def _write(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".isodocs-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def write_new(root: Path, files: Mapping[str, bytes]) -> None:
    """Write several files that must not exist yet, by path below ``root``; all of them or none.

    Raises:
        CannotRun: one exists, a link leads elsewhere, or one cannot be written; what was written is gone
            again.
    """
    for name in files:
        _refuse_links(root, name)
        if os.path.lexists(root / name):
            raise CannotRun(f"{name} exists already; nothing was written.")
    written: list[str] = []
    try:
        for name, data in files.items():
            write(root / name, data)
            written.append(name)
    except BaseException:
        take_back(root, written)
        for name in files:
            _drop_empty(root, name)
        raise


def take_back(root: Path, names: Iterable[str]) -> None:
    """Remove files that were just written, by path below ``root``, and the folders that are empty then."""
    for name in names:
        with suppress(OSError):
            (root / name).unlink()
        _drop_empty(root, name)


def _drop_empty(root: Path, name: str) -> None:
    """Remove the folders of a path below ``root`` that hold nothing."""
    with suppress(OSError):
        for parent in Path(name).parents[:-1]:
            (root / parent).rmdir()


def _refuse_links(root: Path, name: str) -> None:
    """A repository may hold a folder that is a link to somewhere else on this machine."""
    for parent in Path(name).parents[:-1]:
        if (root / parent).is_symlink():
            raise CannotRun(f"{parent} is a link to another place; nothing was written.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
