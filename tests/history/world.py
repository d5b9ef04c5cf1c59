"""A history while it is being made, and the way it becomes a repository: one `git fast-import`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from history.objects import Commit, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from support.gitrepo import Repo

SUBMODULE = "160000"
NOBODY = "Somebody"


class Told(NamedTuple):
    """What a commit says beside its tree. Times are in seconds since 1970."""

    author: str
    committer: str
    helpers: tuple[str, ...]
    authored: int
    time: int
    message: str


class World:
    """Commits in memory, in the order in which they were made; ids are `c1`, `c2` and so on.

    Attributes:
        commits: every commit by its id.
        told: what each says.
        attic: texts that stood at a path, for their return.
        pictures: the paths at which files to embed may stand.
    """

    def __init__(self, pictures: tuple[str, ...] = ()) -> None:
        self.attic: dict[str, list[bytes]] = {}
        self.pictures = pictures
        self.commits: dict[str, Commit] = {}
        self.told: dict[str, Told] = {}
        self._files: dict[str, dict[str, Entry]] = {}
        self._blobs: dict[str, bytes] = {}

    def files(self, commit: str) -> dict[str, Entry]:
        """Every file of a commit's tree, by its path."""
        return self._files[commit]

    def blob(self, oid: str) -> bytes:
        """The bytes of a blob."""
        return self._blobs[oid]

    def keep(self, data: bytes) -> str:
        """The id of a blob with these bytes."""
        oid = hashlib.sha256(data).hexdigest()
        self._blobs[oid] = data
        return oid

    def commit(self, parents: Iterable[str], files: Mapping[str, Entry], told: Told) -> str:
        """Make a commit; returns its id."""
        oid = f"c{len(self.commits) + 1}"
        self._files[oid] = dict(sorted(files.items()))
        self.told[oid] = told
        self.commits[oid] = Commit(
            oid, oid, tuple(parents), told.author, told.committer, told.time, told.helpers
        )
        return oid

    def write(self, repo: Repo, tips: Iterable[str]) -> list[str]:
        """Write all commits that lead to these tips into an empty repository; returns the tips' real ids.

        The branch ``main`` ends at the last of them.
        """
        tips = list(tips)
        marks = repo.path / ".git" / "marks"
        lines = self._stream(tips, 64 if repo.git("rev-parse", "--show-object-format") == "sha256" else 40)
        repo.git("fast-import", "--quiet", "--force", f"--export-marks={marks}", stdin=b"\n".join(lines))
        known = dict(line.split(" ") for line in marks.read_text().splitlines())
        marks.unlink()
        repo.git("update-ref", "-d", "refs/heads/making")
        return [known[f":{_mark(tip)}"] for tip in tips]

    def needed(self, tips: Iterable[str]) -> list[str]:
        """The commits that lead to these tips, parents first."""
        found: set[str] = set()
        waiting = list(tips)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.commits[one].parents
        return [oid for oid in self.commits if oid in found]

    def _stream(self, tips: list[str], width: int) -> list[bytes]:
        commits = self.needed(tips)
        blobs = {
            entry.oid: None
            for oid in commits
            for entry in self._files[oid].values()
            if entry.mode != SUBMODULE
        }
        marks = {oid: 1_000_000 + number for number, oid in enumerate(blobs)}
        lines: list[bytes] = []
        for oid, mark in marks.items():
            lines += [b"blob\nmark :%d\ndata %d" % (mark, len(self._blobs[oid])), self._blobs[oid]]
        for oid in commits:
            lines += self._commit(oid, marks, width)
        return [*lines, b"reset refs/heads/main\nfrom :%d\n" % _mark(tips[-1])]

    def _commit(self, oid: str, marks: dict[str, int], width: int) -> list[bytes]:
        told, parents = self.told[oid], self.commits[oid].parents
        message = told.message + "".join(f"\nCo-authored-by: {NOBODY} <{one}>" for one in told.helpers)
        data = message.encode()
        lines = [
            b"reset refs/heads/making",
            b"commit refs/heads/making\nmark :%d" % _mark(oid),
            f"author {NOBODY} <{told.author}> {told.authored} +0000".encode(),
            f"committer {NOBODY} <{told.committer}> {told.time} +0000".encode(),
            b"data %d" % len(data),
            data,
        ]
        lines += [b"from :%d" % _mark(one) for one in parents[:1]]
        lines += [b"merge :%d" % _mark(one) for one in parents[1:]]
        lines.append(b"deleteall")
        for path, entry in self._files[oid].items():
            name = (
                b'"'
                + path.encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
                + b'"'
            )
            what = entry.oid[:width] if entry.mode == SUBMODULE else f":{marks[entry.oid]}"
            lines.append(b"M %s %s %s" % (entry.mode.encode(), what.encode(), name))
        return lines


def _mark(oid: str) -> int:
    return int(oid[1:])
