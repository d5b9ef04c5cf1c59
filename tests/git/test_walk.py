from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.gitrepo import JANE, MAX, Repo, opened
from support.randomhistory import ancestors, difference, listing, parents, play

from isodocs.core.problem import CannotRun
from isodocs.git.walk import between, mainline

if TYPE_CHECKING:
    from isodocs.core.history import Step


def steps(repo: Repo) -> list[Step]:
    return mainline(opened(repo), repo.head())


def subjects(repo: Repo) -> list[list[str]]:
    return [[commit.subject for commit in step.arrivals] for step in steps(repo)]


def test_a_straight_line_has_one_arrival_a_step(repo: Repo) -> None:
    repo.commit("one", {"a": "1"})
    repo.commit("two", {"a": "2"})
    repo.commit("empty")
    assert subjects(repo) == [["one"], ["two"], ["empty"]]
    assert steps(repo)[0].commit.diffs[0][0].old_mode == "000000"
    assert steps(repo)[2].commit.diffs == ((),)


def test_a_merge_brings_its_branch_parents_first(repo: Repo) -> None:
    repo.commit("root", {"a": "1"})
    repo.branch("draft")
    repo.commit("b1", {"b": "1"}, author=MAX)
    repo.commit("b2", {"b": "2"}, author=MAX)
    repo.switch("main")
    repo.merge("draft", message="merge", author=JANE)
    assert subjects(repo) == [["root"], ["b1", "b2", "merge"]]
    merge = steps(repo)[1].commit
    assert [[change.path for change in diff] for diff in merge.diffs] == [["b"], []]
    assert merge.combined == ()


def test_a_fast_forward_is_one_step_a_commit(repo: Repo) -> None:
    repo.commit("root", {"a": "1"})
    repo.branch("draft")
    repo.commit("b1", {"b": "1"})
    repo.commit("b2", {"b": "2"})
    repo.switch("main")
    repo.git("merge", "-q", "--ff-only", "draft")
    assert subjects(repo) == [["root"], ["b1"], ["b2"]]


def test_an_octopus_merge_has_a_diff_for_each_parent(repo: Repo) -> None:
    repo.commit("root", {"a": "1"})
    for name in ("x", "y", "z"):
        repo.branch(name, "main")
        repo.commit(name, {name: name})
    repo.switch("main")
    repo.commit("more", {"a": "2"})
    repo.merge("x", "y", "z", message="octopus")
    last = steps(repo)[-1]
    assert [[change.path for change in diff] for diff in last.commit.diffs] == [
        ["x", "y", "z"],
        ["a", "y", "z"],
        ["a", "x", "z"],
        ["a", "x", "y"],
    ]
    assert sorted(commit.subject for commit in last.arrivals[:-1]) == ["x", "y", "z"]


def test_a_merge_that_equals_all_its_parents_has_empty_diffs(repo: Repo) -> None:
    repo.commit("root", {"a": "1"})
    repo.branch("side")
    repo.commit("empty side")
    repo.switch("main")
    repo.commit("empty main")
    repo.merge("side")
    assert steps(repo)[-1].commit.diffs == ((), ())


def test_an_evil_merge_shows_what_it_brought_itself(repo: Repo) -> None:
    repo.commit("root", {"a": "1"})
    repo.branch("side")
    repo.commit("side", {"b": "1"})
    repo.switch("main")
    repo.commit("main", {"c": "1"})
    repo.merge("side", files={"b": "evil"})
    last = steps(repo)[-1].commit
    assert [[change.path for change in diff] for diff in last.diffs] == [["b"], ["b", "c"]]
    assert [change.path for change in last.combined] == ["b"]


def test_a_criss_cross_gives_each_commit_to_the_first_step_that_contains_it(repo: Repo) -> None:
    repo.commit("root", {"a": "1"})
    repo.branch("side")
    repo.commit("s1", {"s": "1"})
    repo.switch("main")
    repo.commit("m1", {"m": "1"})
    repo.branch("keep")
    repo.switch("main")
    repo.merge("side", message="into main")
    repo.switch("side")
    repo.merge("keep", message="into side")
    repo.commit("s2", {"s": "2"})
    repo.switch("main")
    repo.commit("m2", {"m": "2"})
    repo.merge("side", message="again")
    assert subjects(repo) == [
        ["root"],
        ["m1"],
        ["s1", "into main"],
        ["m2"],
        ["into side", "s2", "again"],
    ]


def test_another_root_arrives_with_its_merge(repo: Repo) -> None:
    repo.commit("root", {"a": "1"})
    repo.orphan("other")
    repo.commit("other root", {"o": "1"})
    repo.switch("main")
    repo.merge("other", options=("--no-ff", "--allow-unrelated-histories"), message="merge")
    assert subjects(repo) == [["root"], ["other root", "merge"]]
    assert steps(repo)[1].arrivals[0].parents == ()


def test_an_older_root_as_second_parent_does_not_become_the_first_step(repo: Repo) -> None:
    repo.commit("root", {"a": "1"}, date="2026-01-01T00:00:00Z")
    repo.orphan("old")
    repo.commit("old root", {"o": "1"}, date="2001-01-01T00:00:00Z")
    repo.switch("main")
    repo.merge("old", options=("--allow-unrelated-histories",), message="merge")
    assert subjects(repo) == [["root"], ["old root", "merge"]]


def test_a_tip_below_the_branch_ends_the_steps_there(repo: Repo) -> None:
    first = repo.commit("one", {"a": "1"})
    repo.commit("two", {"a": "2"})
    assert [step.commit.oid for step in mainline(opened(repo), first)] == [first]


def test_between_leaves_out_what_the_base_has(repo: Repo) -> None:
    base = repo.commit("root", {"a": "1"})
    repo.branch("side")
    repo.commit("s1", {"s": "1"})
    repo.switch("main")
    repo.commit("m1", {"m": "1"})
    tip = repo.merge("side", message="merge")
    found = between(opened(repo), base, tip)
    assert sorted(commit.subject for commit in found[:-1]) == ["m1", "s1"]
    assert found[-1].subject == "merge"
    assert [commit.subject for commit in between(opened(repo), tip, tip)] == []
    assert len(between(opened(repo), None, tip)) == 4


def test_thousands_of_commits_need_no_recursion(repo: Repo) -> None:
    lines = []
    for number in range(1, 5001):
        lines.append(
            f"commit refs/heads/main\nmark :{number}\ncommitter C <c@example.org> {number} +0000\ndata 0"
        )
        lines += [f"from :{number - 1}"] if number > 1 else []
    repo.git("fast-import", "--quiet", stdin="\n".join([*lines, ""]).encode())
    assert len(mainline(opened(repo), repo.git("rev-parse", "main"))) == 5000


def test_five_processes_read_it_all(repo: Repo) -> None:
    for number in range(5):
        repo.commit(str(number), {"a": str(number)})
    repository = opened(repo)
    tip = repo.head()
    repository.require_complete()
    before = repository.processes
    mainline(repository, tip)
    assert repository.processes == before + 5  # chain, log and commits, tree and objects


def test_a_missing_commit_is_refused(repo: Repo) -> None:
    lost = repo.commit("one", {"a": "1"})
    repo.commit("two", {"a": "2"})
    (repo.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(CannotRun, match="damaged"):
        mainline(opened(repo), repo.head())


def test_a_missing_tree_is_refused(repo: Repo) -> None:
    repo.commit("one", {"a": "1"})
    lost = repo.git("rev-parse", "HEAD^{tree}")
    repo.commit("two", {"a": "2"})
    (repo.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(CannotRun, match="damaged"):
        mainline(opened(repo), repo.head())


@pytest.mark.parametrize("seed", range(20, 32))
def test_equal_to_a_brute_force_walk(repo: Repo, seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201 - a failure must be repeatable
    tip = play(repo, seed)
    graph = parents(repo, tip)
    chain = repo.git("rev-list", "--first-parent", "--reverse", tip).splitlines()
    found = mainline(opened(repo), tip)
    assert [step.commit.oid for step in found] == chain
    before: set[str] = set()
    trees = {oid: listing(repo, oid) for oid in graph}
    for step in found:
        reached = ancestors(graph, step.commit.oid)
        assert {commit.oid for commit in step.arrivals} == reached - before
        seen = set(before)
        for commit in step.arrivals:
            assert seen.issuperset(commit.parents)
            seen.add(commit.oid)
            assert list(commit.parents) == graph[commit.oid]
            olds = [trees[parent] for parent in commit.parents] or [{}]
            assert [set(diff) for diff in commit.diffs] == [
                difference(old, trees[commit.oid]) for old in olds
            ]
        before = reached


def test_between_is_exact_where_dates_run_backwards(repo: Repo) -> None:
    repo.commit("root", date=2_000_000_000)
    shared = repo.commit("shared", date=2_000_000_100)
    for number in range(12):
        base = repo.commit(f"old clock {number}", date=1_000_000_000 - number)
    repo.branch("side", shared)
    tip = repo.commit("tip", date=2_000_000_200)
    assert [commit.oid for commit in between(opened(repo), base, tip)] == [tip]


@pytest.mark.parametrize("seed", range(40, 46))
def test_between_equals_what_a_brute_force_walk_finds(repo: Repo, seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201 - a failure must be repeatable
    tip = play(repo, seed)
    graph = parents(repo, tip)
    repository = opened(repo)
    for base in list(graph)[::4]:
        found = [commit.oid for commit in between(repository, base, tip)]
        assert ancestors(graph, tip) - ancestors(graph, base) == set(found), base
