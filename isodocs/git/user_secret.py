"""By what this user's caches are told from those of others: a secret of his own, and the program itself."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from isodocs import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SIZE = 32
_NOT_MINE = stat.S_IRWXG | stat.S_IRWXO


def secret_of(environ: Mapping[str, str]) -> bytes | None:
    """The user's secret, made at the first call; None where it cannot be kept to him alone.

    It lies in ``$XDG_STATE_HOME/isodocs/cache.key``, by default below ``~/.local/state``. It protects caches
    and nothing else: whoever loses it rebuilds them.
    """
    state = environ.get("XDG_STATE_HOME", "")
    home = environ.get("HOME", "") or os.path.expanduser("~")  # noqa: PTH111 - it may stay as it is
    folder = Path(state) if os.path.isabs(state) else Path(home) / ".local" / "state"  # noqa: PTH117 - text
    if not folder.is_absolute():
        return None
    path = folder / "isodocs" / "cache.key"
    return _read(path) or _made(path)


def _read(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        private = stat.S_ISREG(status.st_mode) and not status.st_mode & _NOT_MINE
        if not private or status.st_uid != os.geteuid():
            return None
        data = file.read(_SIZE + 1)
    return data if len(data) == _SIZE else None


def _made(path: Path) -> bytes | None:
    """A new secret, in place of one that is no good; of two made at once one wins, for both."""
    fresh = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(_SIZE))
        if path.is_symlink() or (path.exists() and _read(path) is None):
            path.unlink()
        with suppress(FileExistsError):
            os.link(fresh, path)  # unlike a rename it never takes another's place
    except OSError:
        return None
    finally:
        with suppress(OSError):
            fresh.unlink()
    return _read(path)


@cache
def program() -> bytes:
    """What tells this program from any other version of it, also from one that somebody is working on."""
    package = Path(__file__).parents[1]
    return "\n".join([__version__, sys.version, *_sources(package)]).encode("utf-8", "surrogateescape")


def _sources(folder: Path) -> Iterator[str]:
    """Each source file below a folder with its size and time."""
    try:
        found = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError:
        return
    for item in found:
        if item.is_dir(follow_symlinks=False) and item.name not in {"__pycache__", "data"}:
            yield from _sources(Path(item.path))
        elif item.name.endswith(".py"):
            status = item.stat()
            yield f"{item.path} {status.st_size} {status.st_mtime_ns}"
