"""A repository in memory: commits with whole trees, merged by a plain three-way rule, written by fast-import.

It serves the naive model as a source, so that a generator knows at every moment what is approved, and becomes
a real git repository at the end, by one process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.objects import Commit, Entry
from support.gitrepo import Repo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from support.gitrepo import Who

File = tuple[str, bytes]
Files = dict[str, File]
PLAIN = "100644"


@dataclass(frozen=True)
class Made:
    """What git needs to know of a commit beside what the model reads."""

    author: Who
    committer: Who
    message: str


class World:
    """All commits so far; `branches` names their tips."""

    def __init__(self) -> None:
        self.commits: dict[str, Commit] = {}
        self.trees: dict[str, Files] = {}
        self.made: dict[str, Made] = {}
        self.branches: dict[str, str] = {}
        self._blobs: dict[str, bytes] = {}
        self._ancestors: dict[str, frozenset[str]] = {}

    # --- as the model reads it ------------------------------------------------------------------

    def ancestors(self, name: str) -> frozenset[str]:
        """A commit and everything before it."""
        return self._ancestors[name]

    def files(self, tree: str) -> Mapping[str, Entry]:
        """Every file of a tree, by its path."""
        return {path: Entry(mode, self._name(data)) for path, (mode, data) in self.trees[tree].items()}

    def blob(self, name: str) -> bytes:
        """The bytes of a blob."""
        return self._blobs[name]

    def _name(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self._blobs[name] = data
        return name

    # --- as it grows ----------------------------------------------------------------------------

    def commit(
        self,
        files: Files,
        parents: tuple[str, ...],
        author: Who,
        committer: Who,
        time: int,
        also: tuple[Who, ...],
    ) -> str:
        """One more commit; returns its name."""
        name = f"c{len(self.commits) + 1}"
        trailers = "".join(f"Co-authored-by: {person} <{email}>\n" for person, email in also)
        self.made[name] = Made(author, committer, f"Change {name}\n" + (f"\n{trailers}" if trailers else ""))
        self.trees[name] = dict(files)
        emails = tuple(email.lower() for _, email in also)
        self.commits[name] = Commit(
            name, name, parents, author[1].lower(), committer[1].lower(), time, emails
        )
        self._ancestors[name] = frozenset({name}).union(*(self._ancestors[one] for one in parents))
        return name

    def base(self, one: str, two: str) -> Files:
        """The tree of a youngest common ancestor; empty where there is none."""
        common = self._ancestors[one] & self._ancestors[two]
        return self.trees[max(common, key=lambda name: int(name[1:]))] if common else {}

    def merged(self, ours: str, theirs: str, choose: Callable[[File, File], File]) -> Files:
        """The trees of two commits brought together; `choose` settles what both changed."""
        base, mine, other = self.base(ours, theirs), self.trees[ours], self.trees[theirs]
        result: Files = {}
        for path in {*mine, *other}:
            old, one, two = base.get(path), mine.get(path), other.get(path)
            kept = two if one == old else one
            if one != old and two not in (old, one):
                kept = choose(one, two) if one and two else one or two
            if kept is not None:
                result[path] = kept
        return result

    # --- as git gets it -------------------------------------------------------------------------

    def write(self, path: Path, tip: str) -> tuple[Repo, dict[str, str]]:
        """A real repository whose `main` is `tip`; also git's ids of the commits by our names."""
        repo = Repo(path)
        marks = path.parent / f"{path.name}.marks"
        repo.git("fast-import", "--quiet", f"--export-marks={marks}", stdin=self.stream(tip))
        repo.git("read-tree", "main")
        found = [line.split() for line in marks.read_text().splitlines()]
        return repo, {f"c{mark[1:]}": name for mark, name in found if int(mark[1:]) <= len(self.commits)}

    def stream(self, tip: str) -> bytes:
        """The commands of git-fast-import(1)."""
        out, blobs = bytearray(), dict[bytes, int]()
        wanted = [name for name in self.commits if name in self._ancestors[tip]]
        for name in wanted:
            for _, data in self.trees[name].values():
                if data not in blobs:
                    blobs[data] = len(self.commits) + len(blobs) + 1
                    out += b"blob\nmark :%d\ndata %d\n%b\n" % (blobs[data], len(data), data)
        for name in wanted:
            out += self._commands(name, blobs)
        return bytes(out + b"reset refs/heads/main\nfrom :%d\n" % int(tip[1:]))

    def _commands(self, name: str, blobs: Mapping[bytes, int]) -> bytes:
        commit, made = self.commits[name], self.made[name]
        message = made.message.encode()
        lines = [b"reset refs/heads/other", b"", b"commit refs/heads/other", b"mark :%d" % int(name[1:])]
        for kind, (person, email) in (("author", made.author), ("committer", made.committer)):
            lines.append(f"{kind} {person} <{email}> {commit.time} +0000".encode())
        lines += [b"data %d" % len(message), message]
        for word, parent in zip(("from", *["merge"] * len(commit.parents)), commit.parents, strict=False):
            lines.append(f"{word} :{parent[1:]}".encode())
        lines.append(b"deleteall")
        for path, (mode, data) in sorted(self.trees[name].items()):
            lines.append(b"M %b :%d %b" % (mode.encode(), blobs[data], path.encode()))
        return b"\n".join(lines) + b"\n\n"
