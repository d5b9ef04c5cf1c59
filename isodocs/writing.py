"""Writing files so that a crash leaves the old or the new one, never half of one.

A temporary file beside the target is written, flushed to the disk and renamed over it. Its writer holds a
lock on it; one that nobody holds was left by a writer that died, and the next one clears it away.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PREFIX = ".isodocs-tmp-"
_TEMPORARY = re.compile(r"\.isodocs-tmp-[a-z0-9_]{8}")


def write(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file whole; folders on the way are made, the mode of an existing file is kept unless given.

    Raises:
        CannotRun: it cannot be written; nothing was changed.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_dead(path.parent)
        _write(path, data, mode)
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror}.") from error


def create(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must not be there yet: it appears whole, or not at all, and replaces nothing.

    Raises:
        OSError: it exists, or cannot be written.
    """
    clear_dead(path.parent)
    descriptor, name = _temporary(path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(name).chmod(mode)
            os.link(name, path)  # unlike a rename it never replaces anything
    finally:
        with suppress(OSError):
            Path(name).unlink()


def _write(path: Path, data: bytes, mode: int | None) -> None:
    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = _temporary(path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)  # still open, so that the lock holds until the name is gone
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _temporary(folder: Path) -> tuple[int, str]:
    """A new temporary file that is locked; one that was cleared away before its lock came is given up."""
    while True:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX)
        if not _lock(descriptor, fcntl.LOCK_EX) or os.fstat(descriptor).st_nlink:
            return descriptor, name
        os.close(descriptor)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A temporary folder of our own within another one, gone afterwards, or with the next run.

    Raises:
        OSError: it cannot be made.
    """
    clear_dead(folder)
    place = Path(tempfile.mkdtemp(dir=folder, prefix=_PREFIX))
    try:
        with alone(place):
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def clear_dead(folder: Path) -> None:
    """Remove the temporary files that killed writers left in a folder; never one that is being written."""
    with suppress(OSError):
        for place in folder.iterdir():
            if _TEMPORARY.fullmatch(place.name):
                _clear_one(place)


def _clear_one(path: Path) -> None:
    with suppress(OSError):
        kind = os.lstat(path).st_mode
        access = os.O_RDONLY | os.O_DIRECTORY if stat.S_ISDIR(kind) else os.O_RDWR | os.O_NONBLOCK
        descriptor = os.open(path, access | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if not _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB):
                return
            if stat.S_ISDIR(kind):
                shutil.rmtree(path)
            elif stat.S_ISREG(kind):
                path.unlink()
        finally:
            os.close(descriptor)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold off others of our kind from a folder; the system lets go of it when its holder dies.

    Yields whether nobody else can be at work there; False where the file system knows no locks.

    Raises:
        CannotRun: there is no such folder.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise CannotRun(f"{folder} cannot be read: {error.strerror}.") from error
    try:
        yield _lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind)
    except OSError:  # held by somebody else, or locks are not known here
        return False
    return True


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
    try:
        for name, data in files.items():
            write(root / name, data)
    except BaseException:  # also told to stop in the midst of it
        take_back(root, [name for name, data in files.items() if _holds(root / name, data)])
        for name in files:
            _drop_empty(root, name)
        raise


def _holds(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.read_bytes() == data
    except OSError:
        return False


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
