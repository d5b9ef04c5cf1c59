"""A repository's objects as they are: commits, trees and blobs, each read from `git cat-file` by its id.

No log, no diff and no revision walk of git's is used: parents are read from commits, files from trees.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CO_AUTHOR = re.compile(r"co-authored-by\s*:(.*)", re.IGNORECASE)
ADDRESS = re.compile(r"<([^<>]*)>")
FOLDER = "40000"


@dataclass(frozen=True)
class Entry:
    """What stands at a path: git's mode and an object id."""

    mode: str
    oid: str

    @property
    def regular(self) -> bool:
        """Whether it is an ordinary file: no link, no submodule."""
        return self.mode in ("100644", "100755")

    @property
    def regular_or_link(self) -> bool:
        """Whether it has bytes of its own."""
        return self.mode.startswith("1") and self.mode != "160000"


@dataclass(frozen=True)
class Commit:
    """A commit: people are addresses as they were typed, the time is the committer's, in seconds."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    time: int
    helpers: tuple[str, ...] = ()


class Source(Protocol):
    """Where commits, files and blobs come from: a repository, or a history that is still being made."""

    @property
    def commits(self) -> Mapping[str, Commit]:
        """Every commit, by its id, parents before children."""

    def files(self, commit: str) -> Mapping[str, Entry]:
        """Every file of a commit's tree, by its path."""

    def blob(self, oid: str) -> bytes:
        """The bytes of a blob."""


class Objects:
    """The commits that some tips lead to, with their trees and blobs.

    Attributes:
        commits: every commit by its id, parents before children.
    """

    def __init__(self, repository: Path, tips: list[str]) -> None:
        command = ["git", "--no-replace-objects", "-C", str(repository), "cat-file", "--batch"]
        self._git = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._width = len(tips[0]) // 2
        self._folders: dict[str, list[tuple[str, Entry]]] = {}
        self._files: dict[str, dict[str, Entry]] = {}
        self.commits: dict[str, Commit] = {}
        for tip in tips:
            self._reach(tip)

    def close(self) -> None:
        """End the git process."""
        assert self._git.stdin
        assert self._git.stdout
        self._git.stdin.close()
        self._git.wait()
        self._git.stdout.close()

    def blob(self, oid: str) -> bytes:
        """The bytes of a blob."""
        return self._read(oid, "blob")

    def blob_if_there(self, oid: str) -> bytes | None:
        """The bytes of a blob; None where the repository lacks it, as some copies do."""
        try:
            return self.blob(oid)
        except KeyError:
            return None

    def message(self, commit: str) -> bytes:
        """What a commit's author wrote."""
        return self._read(commit, "commit").partition(b"\n\n")[2]

    def files(self, commit: str) -> dict[str, Entry]:
        """Every file of a commit's tree, by its path."""
        tree = self.commits[commit].tree
        if tree not in self._files:
            self._files[tree] = self.below(tree)
        return self._files[tree]

    def below(self, tree: str, prefix: str = "") -> dict[str, Entry]:
        """Every file below a folder, by its path."""
        found: dict[str, Entry] = {}
        for name, entry in self.folder(tree):
            if entry.mode == FOLDER:
                found.update(self.below(entry.oid, f"{prefix}{name}/"))
            else:
                found[prefix + name] = entry
        return found

    def folder(self, tree: str) -> list[tuple[str, Entry]]:
        """What a tree object lists: names and entries."""
        if tree not in self._folders:
            data, at = self._read(tree, "tree"), 0
            found = []
            while at < len(data):
                blank, end = data.index(b" ", at), data.index(b"\0", at)
                mode, name = (
                    canonical(data[at:blank]),
                    data[blank + 1 : end].decode("utf-8", "surrogateescape"),
                )
                at = end + 1 + self._width
                found.append((name, Entry(mode, data[end + 1 : at].hex())))
            self._folders[tree] = found
        return self._folders[tree]

    def _reach(self, tip: str) -> None:
        """List a commit and all before it, parents first."""
        waiting = [(tip, False)]
        read: dict[str, Commit] = {}
        while waiting:
            oid, parents_listed = waiting.pop()
            if parents_listed:
                self.commits.setdefault(oid, read[oid])
            elif oid not in self.commits and oid not in read:
                read[oid] = parse_commit(oid, self._read(oid, "commit"))
                waiting.append((oid, True))
                waiting += [(parent, False) for parent in read[oid].parents]

    def _read(self, oid: str, kind: str) -> bytes:
        assert self._git.stdin
        assert self._git.stdout
        self._git.stdin.write(oid.encode() + b"\n")
        self._git.stdin.flush()
        answer = self._git.stdout.readline().decode()
        if answer.endswith(" missing\n"):
            raise KeyError(oid)
        _, found, size = answer.split(" ")
        assert found == kind, (oid, found)
        data = self._git.stdout.read(int(size) + 1)
        return data[:-1]


def canonical(mode: bytes) -> str:
    """A mode as git takes it, whatever an old tree says (git's `canon_mode`)."""
    number = int(mode, 8)
    if number >> 12 == 0o10:
        return "100755" if number & 0o100 else "100644"
    return {0o4: FOLDER, 0o12: "120000"}.get(number >> 12, "160000")


def parse_commit(oid: str, data: bytes) -> Commit:
    """A commit from its bytes, as git reads it: the first author, the first committer, parents at the top."""
    head, _, message = data.partition(b"\n\n")
    lines = head.split(b"\n")
    parents = []
    for line in lines[1:]:
        if not line.startswith(b"parent "):
            break
        parents.append(line[7:].decode())
    author, committer = (_first(lines, kind) for kind in (b"author ", b"committer "))
    return Commit(
        oid=oid,
        tree=lines[0][5:].decode(),
        parents=tuple(parents),
        author=_address(author),
        committer=_address(committer),
        time=int(committer.rsplit(b">", 1)[-1].split()[0]),
        helpers=co_authors(message.partition(b"\0")[0].decode("utf-8", "replace")),
    )


def co_authors(message: str) -> tuple[str, ...]:
    """The addresses of the co-author trailers: lines of the last paragraph, folded lines joined."""
    paragraph: list[str] = []
    begun = False
    for line in [line.rstrip() for line in message.rstrip().split("\n")]:
        if not line:
            begun = False
            continue
        if not begun:
            paragraph, begun = [], True
        if line[0] in " \t" and paragraph:
            paragraph[-1] += " " + line.strip()
        else:
            paragraph.append(line)
    found = [CO_AUTHOR.fullmatch(line) for line in paragraph]
    return tuple(address.strip() for one in found if one for address in ADDRESS.findall(one[1]))


def _first(lines: list[bytes], kind: bytes) -> bytes:
    return next(line for line in lines if line.startswith(kind))


def _address(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode("utf-8", "replace").strip()
