"""What all users and programs keep beside a repository: shown, cleared, and kept within bounds.

A folder of entries belongs to one user and one very program, and its time says when it was used last. What
has not been used for long goes, and so does what too many versions of the program left.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.git.segments import SEGMENT, TEMPORARY, Segment, is_folder, open_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from re import Pattern

FOLDER = "isodocs"
DAY = 24 * 3600
UNUSED = 7 * DAY
"""Seconds after which what another program of this user left is cleared away."""
FORGOTTEN = 30 * DAY
"""The same, of what other users left, where that can be removed at all."""
SPARE = 3
"""So many other programs of this user may keep something; of more, those used last."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of one kind: entries (some may be there twice), bytes, files."""

    kind: str
    entries: int
    size: int
    files: int


def sizes(common_dir: Path) -> list[Size]:
    """What all users and versions keep beside a repository, by kind."""
    found: dict[str, list[Segment]] = {}
    for folder in sorted((common_dir / FOLDER / "cache").glob("*/*")):
        found.setdefault(folder.name, []).extend(open_all(folder))
    return [
        Size(kind, sum(len(one) for one in segments), sum(one.size for one in segments), len(segments))
        for kind, segments in sorted(found.items())
    ]


def clear(common_dir: Path) -> int:
    """Remove what is kept beside a repository, by whomever; the number of bytes that went.

    Only files of our making go, and the folders that are empty then. Links are not followed.

    Args:
        common_dir: the folder that the repository's work trees share.

    Raises:
        OSError: something could not be removed.
    """
    top = common_dir / FOLDER / "cache"
    return _clear(top, time.time()) if is_folder(common_dir / FOLDER) and is_folder(top) else 0


def mark_used(place: Path) -> bool:
    """Let the folder of a program say that it is used; once a day is enough. Whether it had to be said."""
    try:
        if time.time() - place.lstat().st_mtime < DAY:
            return False
        os.utime(place, follow_symlinks=False)
    except OSError:  # it is not there, or somebody else's repository
        return False
    return True


def tidy(place: Path) -> None:
    """Clear away what other programs left that are used no more, and what killed runs left here."""
    now = time.time()
    mine = 0
    with suppress(OSError):
        _clear(place, now - DAY, TEMPORARY)
    for used, owner, other in sorted(_others(place), reverse=True):
        mine += owner == os.geteuid()
        gone = mine > SPARE or now - used > UNUSED
        with suppress(OSError):
            if owner != os.geteuid():
                _clear(other, now - FORGOTTEN)
            elif gone:
                _clear(other, now)


def _others(place: Path) -> Iterator[tuple[float, int, Path]]:
    """The folders beside that of a program: when each was used, by its owner."""
    with suppress(OSError):
        for item in os.scandir(place.parent):
            if item.name != place.name and item.is_dir(follow_symlinks=False):
                status = item.stat(follow_symlinks=False)
                yield status.st_mtime, status.st_uid, place.parent / item.name


def _clear(top: Path, latest: float, pattern: Pattern[str] | None = None) -> int:
    """Remove the files of our making that were not changed since, and the folders that are empty then."""
    gone = 0
    for folder, _folders, names in os.walk(top, topdown=False):
        for name in names:
            path = top.__class__(folder) / name
            ours = (
                pattern.fullmatch(name) if pattern else SEGMENT.fullmatch(name) or TEMPORARY.fullmatch(name)
            )
            with suppress(FileNotFoundError):  # another run clears too
                status = path.lstat()
                if ours and status.st_mtime <= latest:
                    path.unlink()
                    gone += status.st_size
        with suppress(OSError):
            os.rmdir(folder)  # noqa: PTH106 - only where it is empty
    return gone
