"""Files as a mapping, wherever they stand: in a commit, in the index, in the work tree, in a plain folder.

Paths have ``/`` and are relative to the top; bytes that are no UTF-8 are surrogates
(``names``). No link is followed and no program that attributes name is run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from isodocs.core.history import ABSENT_MODE, Entry
from isodocs.core.problem import CannotRun
from isodocs.git.complaints import forged
from isodocs.git.disk import Disk
from isodocs.git.eol import LineEnds
from isodocs.git.names import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from isodocs.git.objects import Found
    from isodocs.git.repository import Repository

SUBMODULE_MODE = "160000"
FEW = 8  # a process of its own costs more than so many single questions
SKIPPED_FOLDERS = frozenset({"node_modules", "venv", "__pycache__"})
EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


_ENTRY = re.compile(rb"(\d{6}) (blob|tree|commit) ([0-9a-f]{40}|[0-9a-f]{64})\t(.+)", re.ASCII | re.DOTALL)


class Source(Protocol):
    """Where the bytes of entries come from."""

    def read(self, wanted: Iterable[tuple[str, Entry]]) -> Iterator[bytes]:
        """The bytes of each in turn."""
        ...


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of one state.

    Attributes:
        entries: each file by its path, sorted by path; links (mode 120000) and submodules (160000) too.
        source: reads them.
        unmerged: paths that an unfinished merge left in conflict; the index has no entry for them.
        prefix: what stands before each path where the source knows it.
        base: the commit from which the tree is told, where it is (``delta``).
        changes: what differs from that; None where a path is gone.
    """

    entries: Mapping[str, Entry]
    source: Source
    unmerged: tuple[str, ...] = ()
    prefix: str = field(default="", repr=False)
    base: str | None = None
    changes: Mapping[str, Entry | None] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """The bytes of one file, as git stores them; of a link, where it points. Many: ``read_many``.

        Raises:
            KeyError: there is no such path.
            CannotRun: it is a submodule, is missing from git, or changed on disk meanwhile.
        """
        return next(self.read_many([path]))[1]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each path with its bytes, in the order asked for; from git, all of them by one process.

        Raises:
            KeyError: there is no such path.
            CannotRun: one is a submodule, is missing from git, or changed on disk meanwhile.
        """
        wanted = [(path, self._readable(path)) for path in paths]
        contents = self.source.read([(self.prefix + path, entry) for path, entry in wanted])
        for (path, _), content in zip(wanted, contents, strict=True):
            yield path, content

    def _readable(self, path: str) -> Entry:
        entry = self.entries[path]
        if entry.mode == SUBMODULE_MODE:
            raise CannotRun(f"{path} is a submodule, not a file.")
        return entry


def commit_tree(repository: Repository, rev: str) -> Tree:
    """The files of a commit or a tree, by its full id.

    Raises:
        CannotRun: there is none, it is not what its id says, or it holds one path twice.
    """
    if rev not in repository.trees:
        output = repository.run("ls-tree", "-r", "-t", "-z", "--full-tree", "--end-of-options", rev)
        files, folders = parse_tree(output, rev)
        for _ in _genuine(repository, rev, folders):
            pass
        repository.trees[rev] = Tree(_sorted(files), Blobs(repository))
    return repository.trees[rev]


def hold_tree(repository: Repository, commit: str) -> None:
    """Hold a commit and all its folders against their ids as ``commit_tree`` does, in little memory.

    Raises:
        CannotRun: one is not what its id says, or holds one file twice.
    """
    output = repository.run("ls-tree", "-r", "-t", "-d", "-z", "--full-tree", "--end-of-options", commit)
    _, folders = parse_tree(output, commit)
    del output
    row = _ROWS[repository.object_format]
    for found in _genuine(repository, commit, folders):
        names = [name for mode, name in row.findall(found.content) if mode != b"40000"]
        if found.kind == "tree" and len(names) != len(set(names)):
            raise CannotRun(f"The tree of {commit} holds one file twice; run `git fsck`.")


_ROWS = {
    name: re.compile(rb"([0-7]{5,6}) ([^\0]+)\0.{%d}" % size, re.DOTALL)
    for name, size in (("sha1", 20), ("sha256", 32))
}


def parse_tree(output: bytes, rev: str) -> tuple[dict[str, Entry], list[str]]:
    """What ``git ls-tree -r -t -z`` printed of a commit: the files by path, and the ids of the folders.

    Raises:
        CannotRun: it is not what git prints, or it holds one path twice.
    """
    files: dict[str, Entry] = {}
    folders: list[str] = []
    for line in _fields(output):
        match = _ENTRY.fullmatch(line)
        if match is None:
            raise CannotRun(f"git ls-tree printed something unexpected: {line[:80]!r}.")
        mode, kind, oid = (part.decode("ascii") for part in match.group(1, 2, 3))
        if kind == "tree":
            folders.append(oid)
            continue
        path = to_text(match[4])
        if path in files:
            raise CannotRun(f"The tree of {rev} holds {path!r} twice; run `git fsck`.")
        files[path] = Entry(mode, oid)
    return files, folders


def _genuine(repository: Repository, rev: str, folders: list[str]) -> Iterator[Found]:
    """A commit, its tree and the folders below it, held against their ids; git does not.

    Raises:
        CannotRun: one of them holds something else.
    """
    asked = [rev, f"{rev}^{{tree}}", *dict.fromkeys(folders)]
    first: Found | None = None
    for number, found in enumerate(repository.objects(asked)):
        if first is not None and number == 1 and first.kind == "commit":
            top = f"tree {found.oid}\n".encode("ascii")
            if not first.content.startswith(top):
                raise forged(rev)
        first = first or found
        yield found


def index_tree(repository: Repository) -> Tree:
    """What the next commit would hold: the index, in a hook that of a partial commit (GIT_INDEX_FILE).

    Files announced with ``git add --intent-to-add`` are not in it yet.

    Raises:
        CannotRun: the repository is bare, or the index cannot be read.
    """
    require_files(repository)
    staged = _index(repository)
    entries = {path: item.entry for path, item in staged.items() if item.stage == "0"}
    return Tree(_sorted(entries), Blobs(repository), _unmerged(staged))


def work_tree(repository: Repository) -> Tree:
    """The files on disk: tracked ones, and new ones that are not ignored.

    Line ends are as git would store them; no filter and no other encoding is applied, so that a file
    under Git LFS shows what is on disk. What a sparse checkout leaves out is taken from the index.

    Raises:
        CannotRun: the repository is bare, or a file cannot be read.
    """
    disk = Disk(require_files(repository), repository.object_format, LineEnds(repository))
    staged = _index(repository)
    known = {path: item.entry for path, item in staged.items()}
    entries = disk.entries({**dict.fromkeys(others(repository)), **known})
    skipped = {path: item.entry for path, item in staged.items() if item.skipped and path not in entries}
    source = Overlay(disk, Blobs(repository), lambda path: path not in skipped)
    return Tree(_sorted({**entries, **skipped}), source, _unmerged(staged))


def directory_tree(path: Path, object_format: str = "sha1") -> Tree:
    """The files of a plain folder, in git or not; hidden folders and installed packages are left out.

    Raises:
        CannotRun: it is no folder, or a file in it cannot be read.
    """
    disk = Disk(path, object_format)
    found: dict[str, None] = {}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        for name, is_folder in disk.listing(folder):
            if is_folder and (name.startswith(".") or name in SKIPPED_FOLDERS):
                continue
            if is_folder:
                waiting.append(f"{folder}{name}/")
            else:
                found[folder + name] = None
    return Tree(_sorted(disk.entries(found)), disk)


def subtree(tree: Tree, prefix: str) -> Tree:
    """The files below a folder as a tree of their own; an empty prefix is the whole tree."""
    folder = prefix.strip("/")
    if not folder:
        return tree
    start = f"{folder}/"
    entries = {
        path.removeprefix(start): entry for path, entry in tree.entries.items() if path.startswith(start)
    }
    unmerged = tuple(path.removeprefix(start) for path in tree.unmerged if path.startswith(start))
    return Tree(entries, tree.source, unmerged, tree.prefix + start)


@dataclass(frozen=True, slots=True)
class Blobs:
    """Reads from git by object name."""

    repository: Repository

    def read(self, wanted: Iterable[tuple[str, Entry]]) -> Iterator[bytes]:
        """The bytes of each in turn, from one process."""
        oids = [entry.oid for _, entry in wanted]
        if len(oids) <= FEW:
            return (self.repository.asking.blob(oid) for oid in oids)
        return (content for _, content in self.repository.blobs(oids))


@dataclass(frozen=True, slots=True)
class Overlay:
    """Reads some files from disk and the others from git."""

    disk: Disk
    blobs: Source
    on_disk: Callable[[str], bool]

    def read(self, wanted: Iterable[tuple[str, Entry]]) -> Iterator[bytes]:
        """The bytes of each in turn."""
        pairs = list(wanted)
        stored = self.blobs.read([pair for pair in pairs if not self.on_disk(pair[0])])
        for pair in pairs:
            yield next(self.disk.read([pair])) if self.on_disk(pair[0]) else next(stored)


@dataclass(frozen=True, slots=True)
class _Staged:
    """What the index says of a path: the entry, the side of a conflict (0: none), left out on disk or not."""

    entry: Entry
    stage: str
    skipped: bool


def _index(repository: Repository) -> dict[str, _Staged]:
    """The index by path, without files that are only announced (intent to add)."""
    staged: dict[str, _Staged] = {}
    for line in _fields(repository.run("ls-files", "-z", "-t", "--stage", "--full-name")):
        meta, _, name = line.partition(b"\t")
        tag, mode, oid, stage = meta.decode("ascii").split(" ")
        staged[to_text(name)] = _Staged(Entry(mode, oid), stage, tag == "S")
    nothing = Disk.blob_id(b"", repository.object_format)
    if any(item.entry.oid == nothing for item in staged.values()):
        for path in staged.keys() - _recorded(repository):
            del staged[path]
    return staged


def _recorded(repository: Repository) -> set[str]:
    """The paths of the index that a commit would record; git tells announced files apart only here."""
    changes, unmerged = staged_changes(repository, EMPTY_TREES[repository.object_format])
    return {path for path, entry in changes.items() if entry is not None} | set(unmerged)


def staged_changes(repository: Repository, commit: str) -> tuple[dict[str, Entry | None], tuple[str, ...]]:
    """What differs between a commit or tree and what the index would record, and the paths in conflict.

    A path in conflict counts as gone: the index has no entry for it.

    Raises:
        CannotRun: the repository is bare, or the index cannot be read.
    """
    require_files(repository)
    options = (
        "--cached --raw -z --no-renames --no-abbrev --no-ext-diff --no-relative --ita-invisible-in-index"
    )
    fields = _fields(repository.run("diff-index", *options.split(), commit, "--"))
    changes: dict[str, Entry | None] = {}
    unmerged = set[str]()
    for meta, name in zip(fields[::2], fields[1::2], strict=True):
        _, mode, _, oid, letter = meta.decode("ascii").split(" ")
        path = to_text(name)
        if letter == "U":
            unmerged.add(path)
        changes[path] = None if mode == ABSENT_MODE or path in unmerged else Entry(mode, oid)
    return changes, tuple(sorted(unmerged))


def others(repository: Repository) -> list[str]:
    """The files on disk that are neither tracked nor ignored."""
    listed = _fields(repository.run("ls-files", "-z", "--others", "--exclude-standard", "--full-name"))
    return [path for path in map(to_text, listed) if not path.endswith("/")]


def require_files(repository: Repository) -> Path:
    """The top of the work tree.

    Raises:
        CannotRun: the repository is bare.
    """
    if repository.root is None:
        raise CannotRun("This repository is bare, it has neither files nor an index; name a commit instead.")
    return repository.root


def _unmerged(staged: Mapping[str, _Staged]) -> tuple[str, ...]:
    return tuple(sorted(path for path, item in staged.items() if item.stage != "0"))


def _sorted(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return dict(sorted(entries.items()))


def _fields(output: bytes) -> list[bytes]:
    """What ``-z`` ends with NUL, each."""
    return output.split(b"\0")[:-1]
