"""The repository as it was, to the byte: what a refused or interrupted command must leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Photograph = dict[str, bytes]


def photograph(root: Path) -> Photograph:
    """Every file and folder of a work tree, and of git its index, HEAD, branches and configuration."""
    found: Photograph = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name == ".git" or name.startswith(".git/"):
            continue
        if path.is_symlink():
            found[name] = str(path.readlink()).encode()
        elif path.is_file():
            found[name] = b"%o " % (path.stat().st_mode & 0o777) + path.read_bytes()
        else:
            found[f"{name}/"] = b""
    git = root / ".git"
    places = [git / "index", git / "HEAD", git / "config", git / "packed-refs", *(git / "refs").rglob("*")]
    found |= {str(path.relative_to(root)): path.read_bytes() for path in places if path.is_file()}
    return found
