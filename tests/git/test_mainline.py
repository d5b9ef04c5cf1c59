from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.gitrepo import Repo, opened

from isodocs.core.problem import CannotRun
from isodocs.git.mainline import Mainline, find_mainline, newest_contained

if TYPE_CHECKING:
    from pathlib import Path


class TestMainline:
    def test_before_the_first_commit(self, repo: Repo) -> None:
        assert find_mainline(opened(repo), "main") == Mainline("main")

    def test_the_local_branch(self, repo: Repo) -> None:
        tip = repo.commit("one")
        assert find_mainline(opened(repo), "main") == Mainline("main", "refs/heads/main", tip)

    def test_a_remote_before_the_local_branch(self, repo: Repo, tmp_path: Path) -> None:
        tip = repo.commit("one")
        clone = repo.clone(tmp_path / "clone")
        clone.commit("ahead")
        assert find_mainline(opened(clone), "main") == Mainline("main", "refs/remotes/origin/main", tip)

    def test_a_remote_alone(self, repo: Repo, tmp_path: Path) -> None:
        tip = repo.commit("one")
        clone = repo.clone(tmp_path / "clone")
        clone.git("checkout", "-q", "-b", "draft")
        clone.git("branch", "-q", "-D", "main")
        assert find_mainline(opened(clone), "main").tip == tip

    @pytest.mark.parametrize("name", ["origin/main", "refs/remotes/origin/main"])
    def test_a_remote_by_name(self, repo: Repo, tmp_path: Path, name: str) -> None:
        repo.commit("one")
        clone = repo.clone(tmp_path / "clone")
        assert find_mainline(opened(clone), name).ref == "refs/remotes/origin/main"
        assert find_mainline(opened(clone), name).name == "main"

    def test_the_local_one_by_its_full_name(self, repo: Repo, tmp_path: Path) -> None:
        repo.commit("one")
        clone = repo.clone(tmp_path / "clone")
        tip = clone.commit("ahead")
        assert find_mainline(opened(clone), "refs/heads/main") == Mainline("main", "refs/heads/main", tip)

    def several(self, repo: Repo, tmp_path: Path, names: tuple[str, str]) -> tuple[Repo, str, str]:
        first = repo.commit("one")
        clone = repo.clone(tmp_path / "clone", f"--origin={names[0]}")
        second = repo.commit("two")
        clone.git("remote", "add", names[1], repo.path.as_uri())
        clone.git("fetch", "-q", names[1])
        return clone, first, second

    def test_of_several_remotes_the_upstream_comes_first(self, repo: Repo, tmp_path: Path) -> None:
        clone, first, _ = self.several(repo, tmp_path, ("mine", "a"))
        assert find_mainline(opened(clone), "main").tip == first

    def test_of_several_remotes_origin_comes_next(self, repo: Repo, tmp_path: Path) -> None:
        clone, _, second = self.several(repo, tmp_path, ("a", "origin"))
        clone.git("branch", "-q", "--unset-upstream", "main")
        assert find_mainline(opened(clone), "main").tip == second

    def test_several_remotes_that_differ_are_refused(self, repo: Repo, tmp_path: Path) -> None:
        clone, _, _ = self.several(repo, tmp_path, ("a", "b"))
        clone.git("branch", "-q", "--unset-upstream", "main")
        with pytest.raises(CannotRun, match="a/main, b/main"):
            find_mainline(opened(clone), "main")

    @pytest.mark.parametrize("name", ["", "*", "-evil", "ma", "main/x", "release/2026"])
    def test_odd_names_find_only_themselves(self, repo: Repo, name: str) -> None:
        repo.commit("one")
        assert find_mainline(opened(repo), name).tip is None
        if name == "release/2026":
            repo.git("branch", name)
            assert find_mainline(opened(repo), name).ref == f"refs/heads/{name}"


class TestContained:
    def test_on_the_chain_it_is_the_merge_base(self, repo: Repo) -> None:
        base = repo.commit("one")
        repo.branch("draft")
        head = repo.commit("draft")
        repo.switch("main")
        tip = repo.commit("two")
        assert newest_contained(opened(repo), tip, (head,)) == base
        assert newest_contained(opened(repo), tip, (tip,)) == tip
        assert newest_contained(opened(repo), base, (tip,)) == base

    def test_off_the_chain_it_is_the_newest_one_the_head_contains(self, repo: Repo) -> None:
        root = repo.commit("root")
        repo.branch("a")
        side = repo.commit("side")
        repo.switch("main")
        repo.commit("two")
        tip = repo.merge("a")
        repo.switch(side)
        head = repo.commit("on side")
        assert repo.git("merge-base", tip, head) == side
        assert newest_contained(opened(repo), tip, (head,)) == root

    def test_another_root_contains_nothing(self, repo: Repo) -> None:
        tip = repo.commit("one")
        repo.orphan("other")
        assert newest_contained(opened(repo), tip, (repo.commit("other"),)) is None

    def test_no_head_and_no_mainline(self, repo: Repo) -> None:
        tip = repo.commit("one")
        assert newest_contained(opened(repo), tip, ()) is None
        assert newest_contained(opened(repo), None, (tip,)) is None

    def test_dates_that_run_backwards_change_nothing(self, repo: Repo) -> None:
        chain = [repo.commit(str(number), date=2_000_000_000 - 1000 * number) for number in range(12)]
        repo.branch("draft", chain[7])
        for number in range(10):
            head = repo.commit(f"draft {number}", date=1_000_000 + number)
        assert newest_contained(opened(repo), chain[-1], (head,)) == chain[7]
