from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.gitrepo import Repo, opened

from isodocs.core.problem import CannotRun, Profile
from isodocs.git.complaints import first_line
from isodocs.git.repository import Truncated
from isodocs.git.situation import Judged, Kind, Situation, stand
from isodocs.git.tree import commit_tree
from isodocs.git.walk import mainline

if TYPE_CHECKING:
    from pathlib import Path

WHEN = 1_770_000_000


def gate(repo: Repo, **environ: str) -> Situation:
    return stand(opened(repo), environ, "main", gate=True, when=WHEN)


def pull(repo: Repo, base: str = "main") -> Situation:
    return stand(opened(repo), {}, "main", base=base, when=WHEN)


def short(situation: Situation) -> tuple[Kind, Judged, str | None, str | None, Profile | None]:
    return (situation.kind, situation.judged, situation.base, situation.tip, situation.profile_hint)


class TestPullRequest:
    def branches(self, repo: Repo) -> tuple[str, str]:
        repo.commit("one", {"a": "1"})
        repo.branch("draft")
        head = repo.commit("draft", {"b": "1"})
        repo.switch("main")
        base = repo.commit("two", {"c": "1"})
        repo.switch("draft")
        return base, head

    def test_it_is_the_merge_it_would_become(self, repo: Repo) -> None:
        base, head = self.branches(repo)
        found = pull(repo)
        assert (found.kind, found.base, found.profile_hint) == (Kind.PULL_REQUEST, base, Profile.RELEASE)
        assert found.tip is not None
        assert list(commit_tree(opened(repo), found.tip).entries) == ["a", "b", "c"]
        step = mainline(opened(repo), found.tip)[-1]
        assert (step.commit.parents, step.commit.time) == ((base, head), WHEN)
        assert [commit.oid for commit in step.arrivals] == [head, found.tip]
        assert step.commit.combined == ()

    def test_it_touches_nothing(self, repo: Repo) -> None:
        self.branches(repo)
        repo.stage({"staged": "1"})
        before = repo.git("for-each-ref"), repo.git("status", "--porcelain"), repo.git("ls-files", "-s")
        pull(repo)
        assert (
            repo.git("for-each-ref"),
            repo.git("status", "--porcelain"),
            repo.git("ls-files", "-s"),
        ) == before

    def test_it_is_the_same_commit_every_time(self, repo: Repo) -> None:
        self.branches(repo)
        assert pull(repo) == pull(repo)

    def test_the_base_as_the_remote_has_it(self, repo: Repo, tmp_path: Path) -> None:
        base, _ = self.branches(repo)
        clone = repo.clone(tmp_path / "clone")
        clone.git("checkout", "-q", "--detach", "origin/draft")
        assert pull(clone).base == pull(clone, "origin/main").base == pull(clone, base).base == base

    def test_a_branch_that_merged_the_mainline_is_no_forge_merge(self, repo: Repo) -> None:
        base, _ = self.branches(repo)
        head = repo.merge("main")
        found = pull(repo)
        assert found.base == base
        assert found.tip != head

    def test_a_forges_own_merge_stands_on_its_first_parent(self, repo: Repo) -> None:
        base, head = self.branches(repo)
        repo.git("checkout", "-q", "--detach", "main")
        made = repo.merge(head)
        assert short(pull(repo))[2:4] == (base, made)
        assert short(gate(repo))[:4] == (Kind.PULL_REQUEST, Judged.COMMIT, base, made)

    def test_a_forges_own_merge_whose_base_moved_on(self, repo: Repo) -> None:
        base, head = self.branches(repo)
        repo.git("checkout", "-q", "--detach", "main")
        made = repo.merge(head)
        repo.switch("main")
        repo.commit("three", {"d": "1"})
        repo.switch(made)
        assert short(pull(repo))[2:4] == (base, made)

    def test_a_conflict_is_refused(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1"})
        repo.branch("draft")
        repo.commit("draft", {"a": "2"})
        repo.switch("main")
        repo.commit("two", {"a": "3"})
        repo.switch("draft")
        with pytest.raises(CannotRun, match="update the branch"):
            pull(repo)

    def test_unrelated_histories_are_refused(self, repo: Repo) -> None:
        repo.commit("one")
        repo.orphan("other")
        repo.commit("other")
        with pytest.raises(CannotRun, match="unrelated"):
            pull(repo)

    def test_a_failure_is_told_without_gits_hints(self) -> None:
        assert first_line("hint: grafts are old\nhint: \nerror: no permission.\n") == "no permission"

    def test_nothing_new_is_a_merge_that_changes_nothing(self, repo: Repo) -> None:
        tip = repo.commit("one", {"a": "1"})
        repo.branch("draft")
        found = pull(repo)
        assert found.base == tip
        assert found.tip is not None
        assert mainline(opened(repo), found.tip)[-1].commit.diffs == ((), ())

    @pytest.mark.parametrize("base", ["nothing", "-x", "HEAD:a"])
    def test_a_base_that_does_not_exist(self, repo: Repo, base: str) -> None:
        repo.commit("one")
        with pytest.raises(CannotRun, match="There is no commit"):
            pull(repo, base)

    def test_an_old_git_says_so(self, repo: Repo, tmp_path: Path) -> None:
        self.branches(repo)
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        real = repo.run("--exec-path").stdout.decode().strip()
        program.write_text(f'#!/bin/sh\ncase "$*" in *merge-tree*) exit 129;; esac\nexec {real}/git "$@"\n')
        program.chmod(0o755)
        repo.env["PATH"] = f"{program.parent}:{repo.env['PATH']}"
        with pytest.raises(CannotRun, match=r"git 2\.38"):
            pull(repo)

    def test_a_shallow_clone_is_refused(self, repo: Repo, tmp_path: Path) -> None:
        self.branches(repo)
        clone = repo.clone(tmp_path / "clone", "--depth=1", "--no-single-branch")
        with pytest.raises(Truncated, match="git fetch --unshallow"):
            pull(clone)

    def test_in_a_sha256_repository(self, tmp_path: Path) -> None:
        repo = Repo(tmp_path / "r256", object_format="sha256")
        base, head = self.branches(repo)
        found = pull(repo)
        assert found.tip is not None
        assert mainline(opened(repo), found.tip)[-1].commit.parents == (base, head)


class TestGateWithoutAPush:
    def test_on_the_mainline_it_is_the_last_step(self, repo: Repo) -> None:
        old, new = repo.commit("one"), repo.commit("two")
        assert short(gate(repo)) == (Kind.MAINLINE, Judged.COMMIT, old, new, Profile.RELEASE)

    def test_the_root(self, repo: Repo) -> None:
        tip = repo.commit("one")
        assert short(gate(repo)) == (Kind.MAINLINE, Judged.COMMIT, None, tip, Profile.RELEASE)

    def test_before_the_first_commit_the_index_is_judged(self, repo: Repo) -> None:
        assert short(gate(repo)) == (Kind.MAINLINE, Judged.INDEX, None, None, Profile.RELEASE)

    def test_a_commit_of_the_mainline_checked_out_by_id(self, repo: Repo) -> None:
        old, new = repo.commit("one"), repo.commit("two")
        repo.commit("three")
        repo.switch(new)
        assert short(gate(repo)) == (Kind.MAINLINE, Judged.COMMIT, old, new, Profile.RELEASE)

    def test_a_branch_is_its_pull_request(self, repo: Repo) -> None:
        base = repo.commit("one", {"a": "1"})
        repo.branch("draft")
        repo.commit("draft", {"b": "1"})
        found = gate(repo)
        assert (found.kind, found.base) == (Kind.PULL_REQUEST, base)
