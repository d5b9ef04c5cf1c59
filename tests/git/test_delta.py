"""A tree told by what differs from a commit is the same as one that is read whole."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest
from support.gitrepo import JANE, Repo, opened
from support.randomhistory import play

from isodocs.core.problem import CannotRun
from isodocs.git.delta import changes_from, commit_at, differing, index_at, require_genuine
from isodocs.git.tree import Tree, commit_tree, index_tree, work_tree
from isodocs.git.walk import between, first_parents, since
from isodocs.git.work_tree import work_tree_at
from isodocs.workspace.contents import differences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from isodocs.git.repository import Repository


def whole(tree: Tree) -> tuple[dict[str, object], dict[str, bytes], tuple[str, ...]]:
    files = {path: tree.read(path) for path, entry in tree.entries.items() if entry.regular}
    assert dict(tree.read_many(files)) == files
    return dict(tree.entries), files, tree.unmerged


def compare(repo: Repo, *, disk: bool = True) -> None:
    """Index and work tree, told from HEAD, entry by entry and as changes to earlier commits."""
    repository = opened(repo)
    head = repository.head() or ""
    kinds: list[tuple[Callable[[Repository, str], Tree], Callable[[Repository], Tree]]] = [
        (index_at, index_tree),
        *([(work_tree_at, work_tree)] if disk else []),
    ]
    for told, read in kinds:
        tree, expected = told(repository, head), read(repository)
        assert whole(tree) == whole(expected), read.__name__
        for name in [*expected.entries, "nowhere", "documents", "documents/none.md"]:
            assert told(repository, head).entries.get(name) == expected.entries.get(name)
        for commit in [head, *list(first_parents(repository, head))[-2:]]:
            old = commit_tree(repository, commit).entries
            if tree.base is not None:
                assert changes_from(repository, commit, tree) == differences(old, expected.entries)


@pytest.mark.parametrize("seed", range(6))
def test_any_two_commits(tmp_path: Path, seed: int) -> None:
    repo = Repo(tmp_path / "repo")
    tip = play(repo, seed, commits=16)
    repository = opened(repo)
    commits = repo.git("rev-list", tip).split()
    dice = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(12):
        one, two = dice.choice(commits), dice.choice(commits)
        before, after = commit_tree(repository, one).entries, commit_tree(repository, two).entries
        assert changes_from(repository, one, commit_at(repository, two)) == differences(before, after)
        asking = repository.asking
        assert sorted(differing(asking, asking.top(one), asking.top(two))) == sorted(
            path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
        )


@pytest.mark.parametrize("seed", range(16))
def test_any_edits(tmp_path: Path, seed: int) -> None:
    """Files changed, added, removed, renamed, linked, staged or not, with all kinds of line ends."""
    repo = Repo(tmp_path / "repo")
    dice = random.Random(seed)  # noqa: S311 - no secret
    names = [f"documents/{folder}{number}.md" for folder in ("", "a/", "b/c/") for number in range(5)]
    repo.write({".gitattributes": dice.choice(("", "* text=auto\n", "*.md text eol=lf\n", "*.md -text\n"))})
    repo.commit("one", {name: f"{name}\nsame\n" for name in names})
    repo.commit("two", {name: f"{name}\ntwo\n" for name in dice.sample(names, 4)})
    repo.git("config", "core.autocrlf", dice.choice(("true", "false", "input")))
    for _ in range(12):
        _edit(repo, dice, names)
    compare(repo)


def _edit(repo: Repo, dice: random.Random, names: list[str]) -> None:
    name, other = dice.sample(names, 2)
    path = repo.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    match dice.randrange(10):
        case 0 | 1:
            _place(path, dice.choice((b"new\n", b"new\r\nlines\r\n", b"mixed\r\n\n", b"")))
        case 2 if path.is_file():
            path.unlink()
        case 3:
            _place(path.with_name(f"extra{dice.randrange(3)}.md"), b"extra\n")
        case 4 if path.is_file() and not path.is_symlink():
            path.chmod(dice.choice((0o644, 0o755)))
        case 5:
            path.unlink(missing_ok=True)
            path.symlink_to("elsewhere")
        case 6:
            repo.git("add", "-A", "--", *dice.sample(["documents/a", "documents/b", "."], 1))
        case 7 if (repo.path / other).is_file() and not (repo.path / other).is_symlink():
            shutil.copy(repo.path / other, path) if not path.is_symlink() else None
        case 8 if path.is_file():
            repo.git("rm", "-q", "--cached", "--ignore-unmatch", "--", name)
        case _:
            repo.run("update-index", "-q", "--refresh", check=False)


def _place(path: Path, data: bytes) -> None:
    if path.is_symlink():
        path.unlink()
    path.write_bytes(data)


def test_a_conflict(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.commit("one", {"documents/a.md": "one\n", "b.md": "b\n"})
    repo.branch("side")
    repo.commit("side", {"documents/a.md": "side\n", "c.md": "c\n"})
    repo.switch("main")
    repo.commit("main", {"documents/a.md": "main\n"})
    env = repo.signature(JANE, None, None, None)
    assert repo.run("merge", "side", env=env, check=False).returncode == 1
    compare(repo)
    (repo.path / "documents/a.md").unlink()
    compare(repo)


def test_files_that_git_is_told_not_to_look_at(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.commit("one", {"a.md": "a\n", "b.md": "b\n", "c.md": "c\n", "d.md": "d\n"})
    repo.git("update-index", "--assume-unchanged", "a.md")
    repo.git("update-index", "--skip-worktree", "b.md", "c.md")
    (repo.path / "a.md").write_text("other\n", encoding="utf-8")
    (repo.path / "b.md").unlink()
    (repo.path / "c.md").write_text("changed\n", encoding="utf-8")
    (repo.path / "new.md").write_text("new\n", encoding="utf-8")
    repo.git("add", "-N", "new.md")
    compare(repo)


def test_a_file_changed_within_the_same_tick_is_seen(tmp_path: Path) -> None:
    """As large as before and as new as the index: git has to read it, and no filter may run."""
    repo = Repo(tmp_path / "repo")
    trap = tmp_path / "trap"
    for key in ("clean", "process"):
        repo.git("config", f"filter.evil.{key}", f"touch {trap}; cat")
    repo.git("config", "filter.evil.required", "true")
    for number in range(20):
        repo.commit(f"{number}", {"a.md": f"text {number:03}\n"})
        repo.write({".git/info/attributes": "*.md filter=evil\n"})
        (repo.path / "a.md").write_text(f"TEXT {number:03}\n", encoding="utf-8")
        compare(repo)
        repo.write({".git/info/attributes": ""})
    assert not trap.exists()


def test_a_filter_whose_name_cannot_be_set(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    trap = tmp_path / "trap"
    repo.commit("one", {"a.md": "text 1\n"})
    (repo.path / ".git/config").open("a").write(f'[filter "a=b"]\n\tclean = touch {trap}; cat\n')
    repo.write({".git/info/attributes": "*.md filter=a=b\n"})
    (repo.path / "a.md").write_text("TEXT 1\n", encoding="utf-8")
    compare(repo)
    assert not trap.exists()


def test_what_the_log_told_is_held_against_the_trees(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    base = repo.commit("one", {"a": "1", "b/c": "1"})
    repo.commit("two", {"b/c": "2"})
    tip = repo.commit("three", {"b/c": "3", "b/d": "1"})
    repository = opened(repo)
    diffs = [commit.diffs[0] for commit in between(repository, base, tip)]
    require_genuine(repository, base, tip, diffs)
    for wrong in (diffs[:1], diffs[1:], [*diffs, diffs[0]], []):
        with pytest.raises(CannotRun, match="forged or damaged"):
            require_genuine(repository, base, tip, wrong)


def test_a_forged_folder_is_found_where_a_fold_goes_on(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    base = repo.commit("one", {"a": "1", "b/c": "1"})
    tip = repo.commit("two", {"b/c": "2"})
    folder, other = repo.git("rev-parse", f"{tip}:b", f"{base}:b").split()
    objects = repo.path / ".git" / "objects"
    place = objects / folder[:2] / folder[2:]
    place.chmod(0o644)
    place.write_bytes((objects / other[:2] / other[2:]).read_bytes())
    with pytest.raises(CannotRun, match="forged or damaged"):
        since(opened(repo), base, tip)
