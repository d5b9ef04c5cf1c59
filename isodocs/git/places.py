"""Folders and small files of git's own: where a command starts, and what belongs to which repository."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from isodocs.core.problem import CannotRun

QUESTIONS = ("--absolute-git-dir", "--show-object-format", "--is-inside-work-tree", "--show-cdup")
"""What git rev-parse is asked of a repository, all at once: only the first answer can hold line ends."""

_INSIDE = re.compile(r"(.+)\n(sha1|sha256)\ntrue\n((?:\.\./)*)\n", re.DOTALL)
_OUTSIDE = re.compile(r"([^\n]+)\n(sha1|sha256)\nfalse\n(?:/[^\n]*\n)?")


class Place(NamedTuple):
    """Where a repository lies: git's folder, the format of object names, and the top of the work tree.

    ``top`` is None where the command does not stand in the work tree, or there is none.
    """

    git_dir: Path
    object_format: str
    top: Path | None


FORMATS = ("sha1", "sha256")


def place_of(answer: str, start: Path) -> Place | None:
    """What git answered to ``QUESTIONS`` in a folder; None where that can be read in several ways."""
    if inside := _INSIDE.fullmatch(answer):
        up = inside[3].count("/")
        return Place(Path(inside[1]), inside[2], start.parents[up - 1] if up else start)
    outside = _OUTSIDE.fullmatch(answer)
    return Place(Path(outside[1]), outside[2], None) if outside else None


def refuse_planted(git_dir: Path, around: str) -> None:
    """A folder of a work tree can be made to look like a bare repository, with settings of its own.

    Args:
        git_dir: of what looks like a bare repository.
        around: top and git's folder of the work tree in which it lies, as git rev-parse prints them.

    Raises:
        CannotRun: that work tree is of another repository.
    """
    top, other = around.removesuffix("\n").split("\n", 1)
    if Path(other) != git_dir:
        raise CannotRun(
            f"{git_dir} is a bare repository inside the files of {top}, so it is not believed. "
            f"Work in {top}, move it out of there, or name it: GIT_DIR={git_dir}"
        )


def folder(path: Path) -> Path:
    """The folder to start from: the path itself, or where the file lies."""
    try:
        place = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise CannotRun(f"{path} does not exist or cannot be read.") from None
    return place if place.is_dir() else place.parent


def current() -> Path | None:
    """The current folder; None when it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None


def common(git_dir: Path) -> Path:
    """The shared folder of linked work trees, as gitrepository-layout(5) has it in ``commondir``."""
    found = lines(git_dir / "commondir")
    return (git_dir / found[0]).resolve() if found else git_dir


def lines(path: Path) -> list[str]:
    """The lines of a small file of git's own that say something; none when it is not there."""
    try:
        text = path.read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from None
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def file_facts(path: str) -> bytes:
    """What tells a program from a later version of it: where it lies, how large and how old it is."""
    try:
        status = Path(path).stat()
    except OSError:
        return os.fsencode(path)
    return os.fsencode(f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ino}")


def leads_to(link: Path, git_dir: Path) -> bool:
    """Whether the ``.git`` of a work tree, folder or file, is that repository (gitrepository-layout(5))."""
    if link.is_dir():
        return link.samefile(git_dir)
    for line in lines(link):
        place = link.parent / line.removeprefix("gitdir:").strip()
        return place.is_dir() and place.samefile(git_dir)
    return False
