"""Cut or rewritten history is refused, never read as if it were whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hostile.wounds import forge_graph
from support.gitrepo import Repo, opened

from isodocs.git.repository import Repository, Truncated
from isodocs.git.tree import commit_tree
from isodocs.git.walk import between, mainline

if TYPE_CHECKING:
    from pathlib import Path


def test_a_whole_repository_passes_and_is_asked_once(repo: Repo) -> None:
    repo.commit("one", {"a": "1"})
    found = opened(repo)
    found.require_complete()
    before = found.processes
    found.require_complete()
    assert found.processes == before


@pytest.mark.parametrize("depth", [1, 2])
def test_a_shallow_clone(repo: Repo, tmp_path: Path, depth: int) -> None:
    for number in range(3):
        repo.commit(str(number), {"a": str(number)})
    clone = repo.clone(tmp_path / "clone", f"--depth={depth}")
    found = opened(clone)
    for call in (
        found.require_complete,
        lambda: mainline(found, repo.head()),
        lambda: between(found, None, repo.head()),
    ):
        with pytest.raises(Truncated, match=r"HX102.*git fetch --unshallow"):
            call()
    clone.git("fetch", "-q", "--unshallow")
    assert len(mainline(opened(clone), repo.head())) == 3


def test_a_shallow_linked_work_tree(repo: Repo, tmp_path: Path) -> None:
    for number in range(3):
        repo.commit(str(number), {"a": str(number)})
    clone = repo.clone(tmp_path / "clone", "--depth=1")
    clone.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    with pytest.raises(Truncated):
        Repository.open(tmp_path / "linked", clone.env).require_complete()


def test_grafts(repo: Repo) -> None:
    first = repo.commit("one", {"a": "1"})
    repo.commit("two", {"a": "2"})
    third = repo.commit("three", {"a": "3"})
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"# comment\n{third} {first}\n")
    with pytest.raises(Truncated, match="grafts"):
        opened(repo).require_complete()
    assert len(opened(repo).run("rev-list", "HEAD").split()) == 3


def test_replaced_objects(repo: Repo) -> None:
    first = repo.commit("one", {"a": "1"})
    second = repo.commit("two", {"a": "2"})
    repo.git("replace", second, first)
    with pytest.raises(Truncated, match=f"git replace -d {second}"):
        opened(repo).require_complete()
    assert len(opened(repo).run("rev-list", "HEAD").split()) == 2


def partial(repo: Repo, path: Path, what: str, marker: Path) -> Repo:
    """A clone without some objects, whose remote would leave a marker if it were asked for them."""
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = repo.clone(path, f"--filter={what}", "--no-checkout")
    clone.git("config", "remote.origin.uploadpack", f"touch {marker}; git-upload-pack")
    clone.git("config", "protocol.allow", "always")
    clone.git("config", "protocol.file.allow", "always")
    return clone


def test_a_clone_without_blobs_is_refused_when_one_is_read(repo: Repo, tmp_path: Path) -> None:
    tip = repo.commit("one", {"a": "1"})
    clone = partial(repo, tmp_path / "clone", "blob:none", tmp_path / "marker")
    found = opened(clone)
    assert len(mainline(found, tip)) == 1
    with pytest.raises(Truncated, match=r"HX102.*partial clone"):
        commit_tree(found, tip).read("a")
    assert not (tmp_path / "marker").exists()
    clone.git("cat-file", "blob", "HEAD:a")
    assert (tmp_path / "marker").exists()


def test_a_clone_without_trees_is_refused_when_history_is_read(repo: Repo, tmp_path: Path) -> None:
    tip = repo.commit("one", {"a": "1"})
    clone = partial(repo, tmp_path / "clone", "tree:0", tmp_path / "marker")
    found = opened(clone)
    for call in (lambda: mainline(found, tip), lambda: commit_tree(found, tip)):
        with pytest.raises(Truncated, match=r"HX102.*partial clone"):
            call()
    assert not (tmp_path / "marker").exists()


def test_a_forged_commit_graph_hides_nothing(repo: Repo) -> None:
    for number in range(6):
        repo.commit(str(number), {"a": str(number)})
    tip = repo.head()
    repo.git("commit-graph", "write", "--reachable")
    forge_graph(
        repo.path / ".git" / "objects" / "info" / "commit-graph", tip, repo.git("rev-parse", "HEAD~5")
    )
    assert len(repo.git("log", "--format=%h").splitlines()) == 2
    assert len(mainline(opened(repo), tip)) == 6
