"""Files of a work tree that are what git has are read from disk, and are what git would have given."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from support.gitrepo import Repo

from isodocs.git.disk import CHUNK, Disk
from isodocs.git.repository import Repository
from isodocs.git.tree import Blobs, commit_tree
from isodocs.git.work_tree import Standing, work_tree_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from isodocs.core.history import Entry

NUMBER = 200


class Counted:
    """Reads from git, and counts what was asked for at once."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs, self.asked = blobs, list[int]()

    def read(self, wanted: Iterable[tuple[str, Entry]]) -> Iterator[bytes]:
        pairs = list(wanted)
        self.asked += [len(pairs)] if pairs else []
        return self.blobs.read(pairs)


def committed(place: Path, object_format: str = "sha1") -> Repo:
    repo = Repo(place, object_format=object_format)
    repo.commit("one", {f"documents/{number:03}.md": f"text {number}\n" for number in range(NUMBER)})
    return repo


def compare(repo: Repo) -> list[int]:
    """What stands in HEAD, read beside the work tree: as git gives it. How much git was asked for at once."""
    repository = Repository.open(repo.path, repo.env)
    entries = list(commit_tree(repository, repository.head() or "").entries.items())
    source = Counted(Blobs(repository))
    standing = Standing(Disk(repo.path, repository.object_format), source)
    assert list(standing.read(entries)) == list(Blobs(repository).read(entries))
    return source.asked


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_what_stands_is_read_from_disk(tmp_path: Path, object_format: str) -> None:
    repo = committed(tmp_path / "repo", object_format)
    assert compare(repo) == []


def test_whatever_else_stands_is_read_from_git(tmp_path: Path) -> None:
    """Changed, longer, empty, gone, unreadable, a folder, a link to the very text, a pipe: git knows."""
    repo = committed(tmp_path / "repo")
    at = [repo.path / f"documents/{number:03}.md" for number in range(10)]
    for path in at:
        path.unlink()
    at[0].write_text("text 1\n")
    at[1].write_text("text 1\nmore\n")
    at[2].write_text("")
    at[4].write_text("text 4\n")
    at[4].chmod(0)
    at[5].mkdir()
    (repo.path / "beside").write_text("text 6\n")
    at[6].symlink_to("../beside")
    os.mkfifo(at[7])
    at[8].write_bytes(b"x" * CHUNK)
    at[9].write_text("text 9\n")
    (asked,) = compare(repo)
    assert asked == 9 - (os.geteuid() == 0)  # whoever is root reads everything


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_large_files(tmp_path: Path, size: int) -> None:
    repo = Repo(tmp_path / "repo")
    repo.commit("one", {"large": "x" * size})
    assert compare(repo) == ([] if size < CHUNK else [1])


def test_where_all_stand_otherwise_git_is_asked_once_more(tmp_path: Path) -> None:
    """As with line ends that git converts: not one process of git for each handful of files."""
    repo = committed(tmp_path / "repo")
    for path in (repo.path / "documents").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    asked = compare(repo)
    assert len(asked) == 2
    assert sum(asked) == NUMBER


@pytest.mark.parametrize("seed", range(8))
def test_any_of_them(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same cases each time
    repo = committed(tmp_path / "repo")
    for path in sorted((repo.path / "documents").iterdir()):
        if dice.random() < seed / 8:
            dice.choice((path.unlink, lambda path=path: path.write_text("other\n")))()
    compare(repo)


def test_a_work_tree_is_read_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = committed(tmp_path / "repo")
    (repo.path / "documents/007.md").write_text("edited\n")
    repository = Repository.open(repo.path, repo.env)
    tree = work_tree_at(repository, repository.head() or "")
    expected = {path: f"text {int(path[-6:-3])}\n".encode() for path in tree.entries}
    monkeypatch.setattr(Repository, "blobs", None)
    assert dict(tree.read_many(expected)) == {**expected, "documents/007.md": b"edited\n"}
