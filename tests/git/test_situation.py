from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.gitrepo import JANE, Repo, opened

from isodocs.core.problem import CannotRun, Profile
from isodocs.git.mainline import Mainline
from isodocs.git.repository import Repository
from isodocs.git.situation import Judged, Kind, Situation, stand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WHEN = 1_770_000_000
ZERO = "0" * 40


def change(repo: Repo, environ: Mapping[str, str] | None = None, name: str = "main") -> Situation:
    return stand(opened(repo), environ or {}, name, judged=Judged.INDEX)


def gate(repo: Repo, **environ: str) -> Situation:
    return stand(opened(repo), environ, "main", gate=True, when=WHEN)


def short(situation: Situation) -> tuple[Kind, Judged, str | None, str | None, Profile | None]:
    return (situation.kind, situation.judged, situation.base, situation.tip, situation.profile_hint)


class TestChange:
    def test_before_the_first_commit(self, repo: Repo) -> None:
        found = change(repo)
        assert short(found) == (Kind.MAINLINE, Judged.INDEX, None, None, Profile.RELEASE)
        assert found.mainline == Mainline("main")

    def test_before_the_first_commit_of_another_branch(self, repo: Repo) -> None:
        repo.git("symbolic-ref", "HEAD", "refs/heads/draft")
        assert short(change(repo)) == (Kind.BRANCH, Judged.INDEX, None, None, Profile.DRAFT)

    def test_on_the_mainline(self, repo: Repo) -> None:
        tip = repo.commit("one")
        assert short(change(repo)) == (Kind.MAINLINE, Judged.INDEX, tip, tip, Profile.RELEASE)

    def test_on_the_mainline_ahead_of_its_remote(self, repo: Repo, tmp_path: Path) -> None:
        repo.commit("one")
        clone = repo.clone(tmp_path / "clone")
        ahead = clone.commit("ahead")
        assert short(change(clone))[2:4] == (ahead, ahead)

    def test_on_a_branch(self, repo: Repo) -> None:
        base = repo.commit("one")
        repo.branch("draft")
        head = repo.commit("draft")
        repo.switch("main")
        repo.commit("two")
        repo.switch("draft")
        found = stand(opened(repo), {}, "main")
        assert short(found) == (Kind.BRANCH, Judged.WORK_TREE, base, head, Profile.DRAFT)
        assert found.branch == "draft"

    def test_on_a_branch_that_merged_the_mainline_into_itself(self, repo: Repo) -> None:
        repo.commit("one")
        repo.branch("draft")
        repo.commit("draft")
        repo.switch("main")
        newest = repo.commit("two")
        repo.switch("draft")
        repo.merge("main")
        assert change(repo).base == newest

    def test_another_mainline(self, repo: Repo) -> None:
        tip = repo.commit("one")
        repo.branch("trunk")
        assert change(repo, name="trunk").kind is Kind.MAINLINE
        repo.switch("main")
        assert short(change(repo, name="trunk")) == (Kind.BRANCH, Judged.INDEX, tip, tip, Profile.DRAFT)

    def test_detached_needs_a_profile(self, repo: Repo) -> None:
        base = repo.commit("one")
        repo.git("checkout", "-q", "--detach")
        head = repo.commit("two")
        assert short(change(repo)) == (Kind.DETACHED, Judged.INDEX, base, head, None)

    def test_a_rebase_under_way_knows_its_branch(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1"})
        repo.branch("draft")
        repo.commit("draft", {"a": "2"})
        repo.switch("main")
        onto = repo.commit("two", {"a": "3"})
        repo.switch("draft")
        repo.run("rebase", "main", env=repo.signature(JANE, None, None, None), check=False)
        found = change(repo)
        assert (found.branch, found.base, found.profile_hint) == ("draft", onto, Profile.DRAFT)

    def test_in_pre_merge_commit_the_other_side_is_told(self, repo: Repo) -> None:
        base = repo.commit("one")
        repo.branch("draft")
        side = repo.commit("draft")
        repo.switch("main")
        found = change(repo, {f"GITHEAD_{side}": "draft"})
        assert short(found) == (Kind.MERGE, Judged.INDEX, base, base, Profile.RELEASE)
        assert found.others == (side,)

    def test_in_a_commit_after_conflicts_the_other_side_is_noted(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1"})
        repo.branch("draft")
        side = repo.commit("draft", {"a": "2"})
        repo.switch("main")
        repo.commit("two", {"a": "3"})
        repo.run("merge", "draft", env=repo.signature(JANE, None, None, None), check=False)
        assert change(repo).kind is Kind.MERGE
        assert change(repo).others == (side,)

    def test_merging_the_mainline_into_a_branch_brings_its_newest_state(self, repo: Repo) -> None:
        repo.commit("one")
        repo.branch("draft")
        head = repo.commit("draft")
        repo.switch("main")
        newest = repo.commit("two")
        repo.switch("draft")
        found = change(repo, {f"GITHEAD_{newest}": "main"})
        assert short(found) == (Kind.MERGE, Judged.INDEX, newest, head, Profile.DRAFT)

    def test_in_a_linked_work_tree(self, repo: Repo, tmp_path: Path) -> None:
        base = repo.commit("one")
        repo.git("worktree", "add", "-q", "-b", "draft", str(tmp_path / "linked"))
        found = stand(Repository.open(tmp_path / "linked", repo.env), {}, "main")
        assert short(found)[:3] == (Kind.BRANCH, Judged.WORK_TREE, base)


class TestGateByHand:
    def test_without_the_mainline_nothing_is_judged(self, repo: Repo) -> None:
        """A clone of one branch, as some forges make it: HEAD is not taken for the mainline."""
        repo.commit("one")
        repo.git("branch", "-m", "main", "draft")
        with pytest.raises(CannotRun, match="There is no branch main here to judge against"):
            gate(repo)
        repo.git("checkout", "-q", "--detach")
        with pytest.raises(CannotRun, match="git fetch origin main"):
            gate(repo)


class TestPush:
    """With the variables as pre-commit 4.7 and prek 0.5 set them."""

    def test_the_mainline(self, repo: Repo) -> None:
        old, new = repo.commit("one"), repo.commit("two")
        found = gate(
            repo, PRE_COMMIT_FROM_REF=old, PRE_COMMIT_TO_REF=new, PRE_COMMIT_REMOTE_BRANCH="refs/heads/main"
        )
        assert short(found) == (Kind.PUSH, Judged.COMMIT, old, new, Profile.RELEASE)

    def test_a_turned_mainline_keeps_the_old_tip_as_base(self, repo: Repo) -> None:
        repo.commit("one")
        repo.branch("theirs")
        old = repo.commit("theirs")
        repo.switch("main")
        repo.commit("mine")
        new = repo.merge("theirs")
        found = gate(
            repo, PRE_COMMIT_FROM_REF=old, PRE_COMMIT_TO_REF=new, PRE_COMMIT_REMOTE_BRANCH="refs/heads/main"
        )
        assert found.base == old

    def test_a_draft_branch(self, repo: Repo) -> None:
        base = repo.commit("one")
        repo.branch("draft")
        old, new = repo.commit("draft 1"), repo.commit("draft 2")
        found = gate(
            repo, PRE_COMMIT_FROM_REF=old, PRE_COMMIT_TO_REF=new, PRE_COMMIT_REMOTE_BRANCH="refs/heads/draft"
        )
        assert short(found) == (Kind.PUSH, Judged.COMMIT, base, new, Profile.DRAFT)
        assert (found.old, found.branch) == (old, "draft")

    def test_the_profile_goes_by_the_remote_branch(self, repo: Repo) -> None:
        repo.commit("one")
        repo.branch("draft")
        old, new = repo.commit("two"), repo.commit("three")
        found = gate(
            repo, PRE_COMMIT_FROM_REF=old, PRE_COMMIT_TO_REF=new, PRE_COMMIT_REMOTE_BRANCH="refs/heads/main"
        )
        assert found.profile_hint is Profile.RELEASE

    @pytest.mark.parametrize("says_to", [False, True])
    def test_the_root(self, repo: Repo, *, says_to: bool) -> None:
        tip = repo.commit("one")
        to = {"PRE_COMMIT_TO_REF": tip} if says_to else {}
        found = gate(
            repo, PRE_COMMIT_LOCAL_BRANCH="refs/heads/main", PRE_COMMIT_REMOTE_BRANCH="refs/heads/main", **to
        )
        assert short(found) == (Kind.PUSH, Judged.COMMIT, None, tip, Profile.RELEASE)

    def test_the_root_while_another_branch_is_checked_out(self, repo: Repo) -> None:
        tip = repo.commit("one")
        repo.branch("draft")
        repo.commit("draft")
        found = gate(
            repo, PRE_COMMIT_LOCAL_BRANCH="refs/heads/main", PRE_COMMIT_REMOTE_BRANCH="refs/heads/main"
        )
        assert short(found) == (Kind.PUSH, Judged.COMMIT, None, tip, Profile.RELEASE)

    def test_a_tag_is_judged_as_its_commit(self, repo: Repo) -> None:
        old, new = repo.commit("one"), repo.commit("two")
        repo.git("tag", "-a", "-m", "x", "v1", env=repo.signature(JANE, None, None, None))
        tag = repo.git("rev-parse", "v1")
        found = gate(
            repo, PRE_COMMIT_FROM_REF=old, PRE_COMMIT_TO_REF=tag, PRE_COMMIT_REMOTE_BRANCH="refs/tags/v1"
        )
        assert (found.tip, found.profile_hint) == (new, Profile.DRAFT)

    def test_a_deletion_judges_nothing(self, repo: Repo) -> None:
        old = repo.commit("one")
        found = gate(
            repo, PRE_COMMIT_FROM_REF=old, PRE_COMMIT_TO_REF=ZERO, PRE_COMMIT_REMOTE_BRANCH="refs/heads/draft"
        )
        assert found.judged is Judged.NOTHING

    def test_an_old_tip_that_is_not_here_is_refused(self, repo: Repo) -> None:
        new = repo.commit("one")
        with pytest.raises(CannotRun, match="git fetch"):
            gate(
                repo,
                PRE_COMMIT_FROM_REF="1" * 40,
                PRE_COMMIT_TO_REF=new,
                PRE_COMMIT_REMOTE_BRANCH="refs/heads/main",
            )


class TestRange:
    def test_old_and_new(self, repo: Repo) -> None:
        old, new = repo.commit("one"), repo.commit("two")
        found = stand(opened(repo), {}, "main", base=old, tip=new)
        assert short(found) == (Kind.RANGE, Judged.COMMIT, old, new, Profile.RELEASE)

    @pytest.mark.parametrize("old", ["", ZERO])
    def test_the_first_push(self, repo: Repo, old: str) -> None:
        new = repo.commit("one")
        assert stand(opened(repo), {}, "main", base=old, tip=new).base is None

    def test_in_a_bare_repository(self, repo: Repo, tmp_path: Path) -> None:
        old, new = repo.commit("one"), repo.commit("two")
        bare = repo.clone(tmp_path / "bare", "--bare")
        assert stand(opened(bare), {}, "main", base=old, tip=new).tip == new

    @pytest.mark.parametrize(
        ("base", "tip"), [("nothing", "HEAD"), ("HEAD", "nothing"), ("", "-x"), ("HEAD", ZERO)]
    )
    def test_what_does_not_exist_is_refused(self, repo: Repo, base: str, tip: str) -> None:
        repo.commit("one")
        with pytest.raises(CannotRun, match="There is no commit"):
            stand(opened(repo), {}, "main", base=base, tip=tip)
