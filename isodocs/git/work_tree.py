"""The files on disk, told by what differs from HEAD: only files that may have changed are read.

git keeps with each file of the index what the file system said of it. Where that still holds, the file is
what the index says (git-update-index(1)); everything else is read here. git itself reads a file only where
times are too close to tell, and then without the filters that a repository may name.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from isodocs.git.aside import Aside
from isodocs.git.delta import changed_tree
from isodocs.git.disk import Disk
from isodocs.git.eol import LineEnds
from isodocs.git.names import to_text
from isodocs.git.tree import Blobs, Overlay, others, require_files, staged_changes, work_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isodocs.core.history import Entry
    from isodocs.git.repository import Repository
    from isodocs.git.tree import Source, Tree

_ALWAYS = ("core.ignoreStat=false", "core.checkStat=default", "core.trustctime=true")
_UNUSUAL = "sS"  # of the tags of ls-files -v: left out of a sparse checkout; small: said never to change

_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Standing:
    """Reads from disk what stands there as git has it, which saves git to unpack it; else from git."""

    disk: Disk
    blobs: Source

    def read(self, wanted: Iterable[tuple[str, Entry]]) -> Iterator[bytes]:
        """The bytes of each in turn; from git alone where most of them stand otherwise, as after a filter."""
        waiting = iter(wanted)
        while part := list(islice(waiting, _AT_ONCE)):
            found = [self.disk.standing(path, entry) for path, entry in part]
            missing = [pair for pair, content in zip(part, found, strict=True) if content is None]
            stored = self.blobs.read(missing)
            for content in found:
                yield next(stored) if content is None else content
            if 2 * len(missing) > len(part):
                yield from self.blobs.read(list(waiting))


def work_tree_at(repository: Repository, head: str) -> Tree:
    """The files on disk: tracked ones, and new ones that are not ignored; as ``tree.work_tree`` has them.

    Raises:
        CannotRun: the repository is bare, or a file cannot be read.
    """
    filters = _filters(repository)
    if any(
        "=" in name for name in filters
    ):  # git takes no setting for such a name, so it could not be stilled
        return work_tree(repository)
    with Aside(lambda: others(repository)) as new:  # both look at every file: side by side
        return _told_by_changes(repository, head, filters, new)


def _told_by_changes(
    repository: Repository, head: str, filters: frozenset[str], new: Aside[list[str]]
) -> Tree:
    disk = Disk(require_files(repository), repository.object_format, LineEnds(repository))
    with Aside(lambda: staged_changes(repository, head)) as index:
        suspects, skipped = _suspects(repository, filters)
        changes, unmerged = index.result()
    asking = repository.asking

    def staged(path: str) -> Entry | None:
        return changes[path] if path in changes else asking.entry(head, path)

    known = {path: staged(path) for path in sorted(suspects | skipped)}
    known = {path: entry for path, entry in known.items() if entry is not None or path in unmerged}
    found = disk.entries({**dict.fromkeys(new.result()), **known})
    gone = {path: None for path in known if path not in found and path not in skipped}
    differing = {
        path: entry
        for path, entry in {**changes, **gone, **found}.items()
        if entry != asking.entry(head, path)
    }
    source = Overlay(disk, Standing(disk, Blobs(repository)), frozenset(found).__contains__)
    return changed_tree(repository, head, differing, unmerged, source)


def _suspects(repository: Repository, filters: frozenset[str]) -> tuple[set[str], set[str]]:
    """The tracked paths whose files may differ from the index; and those that need not be on disk at all."""
    stilled = (f"{name}={'false' if name.endswith('.required') else ''}" for name in sorted(filters))
    settings = [part for one in (*_ALWAYS, *stilled) for part in ("-c", one)]
    options = "-z --name-only --no-renames --no-ext-diff --no-relative --ignore-submodules=all"
    listed = repository.run(*settings, "diff-files", *options.split())
    tagged = _tagged(repository.run("ls-files", "-z", "-v", "--full-name"))
    skipped = {path for path, tag in tagged.items() if tag in _UNUSUAL}
    return {to_text(path) for path in listed.split(b"\0")[:-1]} | tagged.keys(), skipped


def _tagged(listed: bytes) -> Mapping[str, str]:
    """The paths that ls-files -v marks as anything but ordinary, with the marks."""
    ordinary = listed.count(b"\0H ") + listed.startswith(b"H ")
    if ordinary == listed.count(b"\0"):
        return {}
    rows = listed.split(b"\0")[:-1]
    return {to_text(row[2:]): row[:1].decode("ascii") for row in rows if not row.startswith(b"H ")}


def _filters(repository: Repository) -> frozenset[str]:
    """The settings that make filters run programs."""
    wanted = r"^filter\..*\.(clean|smudge|process|required)$"
    found = repository.run("config", "-z", "--name-only", "--get-regexp", wanted, check=False)
    return frozenset(map(to_text, found.split(b"\0")[:-1]))
