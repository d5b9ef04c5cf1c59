"""Everything a repository holds, read at once: commits, whole trees, blobs.

The naive model's own way to git: `rev-list --objects` and one `cat-file --batch`, nothing else.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TRAILER = re.compile(r"^co-authored-by:.*<([^<>]*)>\s*$", re.IGNORECASE)
OWNER = re.compile(rb"^(author|committer) .*<([^<>]*)> (\d+) [+-]\d{4}$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """A file of a tree."""

    mode: str
    blob: str

    @property
    def regular(self) -> bool:
        """Whether it is an ordinary file: no symbolic link, no submodule."""
        return self.mode in ("100644", "100755")


@dataclass(frozen=True)
class Commit:
    """A commit: names are addresses, in small letters; the time is the committer's, in seconds."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    time: int
    co_authors: tuple[str, ...]


class Source(Protocol):
    """Where the model finds commits, trees and blobs."""

    @property
    def commits(self) -> Mapping[str, Commit]:
        """Every commit, by its id."""

    def ancestors(self, name: str) -> frozenset[str]:
        """A commit and everything before it."""

    def files(self, tree: str) -> Mapping[str, Entry]:
        """Every file of a tree, by its path."""

    def blob(self, name: str) -> bytes:
        """The bytes of a blob."""


class Objects:
    """The objects reachable from a tip."""

    def __init__(self, repository: Path, tip: str) -> None:
        self.tip = _git(repository, b"", "rev-parse", "--verify", f"{tip}^{{commit}}").decode().strip()
        names = _git(repository, b"", "rev-list", "--objects", "--no-object-names", tip)
        self._raw = dict(_parse_batch(_git(repository, names, "cat-file", "--batch")))
        self._trees: dict[str, dict[str, Entry]] = {}

    def blob(self, name: str) -> bytes:
        """The bytes of a blob."""
        return self._raw[name]

    @cached_property
    def commits(self) -> Mapping[str, Commit]:
        """Every commit, by its id."""
        found: dict[str, Commit] = {}
        todo = [self.tip]
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = _parse_commit(name, self._raw[name])
                todo += found[name].parents
        return found

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        return {}

    def ancestors(self, name: str) -> frozenset[str]:
        """A commit and everything before it."""
        todo, seen = [name], set[str]()
        if name not in self._ancestors:
            while todo:
                commit = todo.pop()
                if commit not in seen:
                    seen.add(commit)
                    todo += self.commits[commit].parents
            self._ancestors[name] = frozenset(seen)
        return self._ancestors[name]

    def chain(self) -> list[Commit]:
        """The first-parent chain, oldest first."""
        line = [self.commits[self.tip]]
        while line[-1].parents:
            line.append(self.commits[line[-1].parents[0]])
        return line[::-1]

    def files(self, tree: str) -> dict[str, Entry]:
        """Every file of a tree, by its path."""
        if tree not in self._trees:
            self._trees[tree] = dict(self._walk(tree, ""))
        return self._trees[tree]

    def _walk(self, tree: str, folder: str) -> list[tuple[str, Entry]]:
        found = []
        data, at = self._raw[tree], 0
        while at < len(data):
            space, end = data.index(b" ", at), data.index(b"\0", at)
            mode, name = data[at:space].decode(), data[space + 1 : end].decode("utf-8", "surrogateescape")
            child, at = data[end + 1 : end + 21].hex(), end + 21
            if mode == "40000":
                found += self._walk(child, f"{folder}{name}/")
            else:
                found.append((f"{folder}{name}", Entry(mode, child)))
        return found


def _git(repository: Path, stdin: bytes, *args: str) -> bytes:
    command = ["git", "--no-replace-objects", "-C", str(repository), *args]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def _parse_batch(data: bytes) -> list[tuple[str, bytes]]:
    found, at = [], 0
    while at < len(data):
        end = data.index(b"\n", at)
        name, _, size = data[at:end].decode().split(" ")
        found.append((name, data[end + 1 : end + 1 + int(size)]))
        at = end + 2 + int(size)
    return found


def _parse_commit(name: str, data: bytes) -> Commit:
    head, _, message = data.partition(b"\n\n")
    people = {kind: (email, time) for kind, email, time in OWNER.findall(head)}
    lines = head.decode("utf-8", "replace").splitlines()
    last = message.decode("utf-8", "replace").strip().split("\n\n")[-1]
    trailers = [TRAILER.match(line) for line in last.splitlines()]
    return Commit(
        id=name,
        tree=lines[0].split(" ")[1],
        parents=tuple(line.split(" ")[1] for line in lines if line.startswith("parent ")),
        author=people[b"author"][0].decode().lower(),
        committer=people[b"committer"][0].decode().lower(),
        time=int(people[b"committer"][1]),
        co_authors=tuple(found[1].strip().lower() for found in trailers if found),
    )
