"""Folders and small files of git's own: where a command starts, and what belongs to which repository."""

from __future__ import annotations

import os
from pathlib import Path

from isodocs.core.problem import CannotRun


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
