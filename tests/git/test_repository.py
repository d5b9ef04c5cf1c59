from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.children import git_children
from support.gitrepo import Repo, opened

from isodocs.core.problem import CannotRun
from isodocs.git.repository import Repository
from isodocs.git.tree import commit_tree, index_tree
from isodocs.git.walk import mainline

if TYPE_CHECKING:
    from collections.abc import Iterator


def install(hook: Path, program: str) -> None:
    """Make a hook that runs a Python program with this project at hand."""
    path = os.pathsep.join(sys.path)
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nexport PYTHONPATH={path}\nexec {sys.executable} -c "{program}"\n')
    hook.chmod(0o755)


class TestOpening:
    def test_a_work_tree(self, repo: Repo) -> None:
        found = opened(repo)
        assert (found.root, found.git_dir, found.common_dir) == (
            repo.path,
            repo.path / ".git",
            repo.path / ".git",
        )
        assert (found.bare, found.object_format, found.zero) == (False, "sha1", "0" * 40)

    def test_from_a_folder_or_a_file_below(self, repo: Repo) -> None:
        repo.write({"documents/sop/SOP-001.md": "text"})
        for place in ("documents", "documents/sop", "documents/sop/SOP-001.md"):
            assert Repository.open(repo.path / place, repo.env).root == repo.path

    def test_through_a_link(self, repo: Repo, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(repo.path)
        assert Repository.open(tmp_path / "link", repo.env).root == repo.path

    def test_a_path_with_a_line_end(self, tmp_path: Path) -> None:
        repo = Repo(tmp_path / "a\nb\n")
        found = opened(repo)
        assert (found.root, found.git_dir) == (repo.path, repo.path / ".git")

    def test_a_bare_one(self, tmp_path: Path) -> None:
        repo = Repo(tmp_path / "bare", bare=True)
        found = opened(repo)
        assert (found.bare, found.root, found.git_dir) == (True, None, repo.path)
        with pytest.raises(CannotRun, match="bare"):
            index_tree(found)

    def test_a_linked_work_tree(self, repo: Repo, tmp_path: Path) -> None:
        tip = repo.commit("one", {"a": "1"})
        repo.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
        found = Repository.open(tmp_path / "linked", repo.env)
        assert (found.root, found.common_dir) == (tmp_path / "linked", repo.path / ".git")
        assert found.git_dir != found.common_dir
        assert (found.branch(), found.head()) == ("other", tip)
        assert len(mainline(found, tip)) == 1

    def test_a_sha256_one(self, tmp_path: Path) -> None:
        repo = Repo(tmp_path / "repo", object_format="sha256")
        repo.commit("one", {"a": "1"})
        tip = repo.commit("two", {"a": "2"})
        found = opened(repo)
        assert (found.object_format, found.zero, found.head()) == ("sha256", "0" * 64, tip)
        steps = mainline(found, tip)
        assert [step.commit.oid for step in steps][-1] == tip
        assert dict(found.blobs([steps[-1].commit.diffs[0][0].new])) == {
            steps[-1].commit.diffs[0][0].new: b"2"
        }
        assert commit_tree(found, tip).read("a") == b"2"
        assert commit_tree(found, tip).entries == index_tree(found).entries

    def test_no_repository(self, tmp_path: Path, repo: Repo) -> None:
        (tmp_path / "plain").mkdir()
        with pytest.raises(CannotRun, match="not in a git repository"):
            Repository.open(tmp_path / "plain", repo.env)

    def test_a_folder_of_git_that_git_does_not_know(self, repo: Repo) -> None:
        repo.commit("one", {"below/a": "1"})
        (repo.path / ".git" / "HEAD").write_text("garbage")
        for place in (repo.path, repo.path / "below"):
            with pytest.raises(CannotRun, match=f"git cannot use {repo.path}/.git: it is damaged or not"):
                Repository.open(place, repo.env)

    def test_a_variable_that_names_no_repository(self, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(repo.path)
        repo.env["GIT_DIR"] = "/nowhere"
        with pytest.raises(CannotRun, match="GIT_DIR names /nowhere, which is no git repository; unset"):
            opened(repo)

    @pytest.mark.parametrize("content", [b"garbage" * 50, b""])
    def test_a_damaged_index(self, repo: Repo, content: bytes) -> None:
        repo.commit("one", {"a": "1"})
        (repo.path / ".git" / "index").write_bytes(content)
        with pytest.raises(CannotRun, match=r"index is damaged \(.*\); remove .*/index and run `git reset`"):
            index_tree(opened(repo))

    def test_no_such_place(self, tmp_path: Path, repo: Repo) -> None:
        with pytest.raises(CannotRun, match="does not exist"):
            Repository.open(tmp_path / "nowhere", repo.env)

    def test_no_git(self, repo: Repo, tmp_path: Path) -> None:
        repo.env["PATH"] = str(tmp_path)
        with pytest.raises(CannotRun, match="git was not found"):
            opened(repo)

    @pytest.mark.parametrize("words", ["git version 2.33.8", "git version 1.9", "something else"])
    def test_an_old_git(self, repo: Repo, tmp_path: Path, words: str) -> None:
        program = tmp_path / "git"
        program.write_text(f"#!/bin/sh\necho {words}\n")
        program.chmod(0o755)
        repo.env["PATH"] = f"{tmp_path}:{repo.env['PATH']}"
        with pytest.raises(CannotRun, match=r"git 2\.34 or later"):
            opened(repo)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
    def test_one_of_somebody_else(self, repo: Repo) -> None:
        os.chown(repo.path, 12345, 12345)
        os.chown(repo.path / ".git", 12345, 12345)
        with pytest.raises(CannotRun, match=r"safe\.directory"):
            opened(repo)
        repo.env |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        assert opened(repo).root == repo.path

    @pytest.mark.parametrize("config", ["[core\n", "[core]\nrepositoryformatversion = 99\n"])
    def test_an_unreadable_one(self, repo: Repo, config: str) -> None:
        (repo.path / ".git" / "config").write_text(config)
        with pytest.raises(CannotRun, match=r"cannot be read|not in a git"):
            opened(repo)

    def test_one_whose_settings_place_its_files_elsewhere(self, repo: Repo) -> None:
        repo.git("config", "core.worktree", "/")
        with pytest.raises(CannotRun, match=r"core\.worktree"):
            opened(repo)

    def test_a_submodule(self, repo: Repo, tmp_path: Path) -> None:
        Repo(tmp_path / "inner").commit("one", {"a": "1"})
        source = str(tmp_path / "inner")
        repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "sub")
        assert Repository.open(repo.path / "sub", repo.env).root == repo.path / "sub"

    def test_from_a_folder_that_was_deleted(
        self, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        assert opened(repo).root == repo.path
        with pytest.raises(CannotRun, match="does not exist"):
            Repository.open(Path(), repo.env)

    def test_no_child_is_left_after_a_failure(self, tmp_path: Path, repo: Repo) -> None:
        (tmp_path / "plain").mkdir()
        with pytest.raises(CannotRun):
            Repository.open(tmp_path / "plain", repo.env)
        assert not git_children()


class TestEnvironment:
    def test_inherited_variables_do_not_point_elsewhere(self, repo: Repo, tmp_path: Path) -> None:
        other = Repo(tmp_path / "other")
        other.commit("other", {"o": "1"})
        mine = repo.commit("mine", {"a": "1"})
        repo.env |= {
            "GIT_DIR": str(other.path / ".git"),
            "GIT_WORK_TREE": str(other.path),
            "GIT_INDEX_FILE": str(other.path / ".git" / "index"),
            "GIT_OBJECT_DIRECTORY": str(other.path / ".git" / "objects"),
            "GIT_NAMESPACE": "x",
            "GIT_REPLACE_REF_BASE": "refs/x/",
            "GIT_EXTERNAL_DIFF": "false",
            "GIT_CONFIG_PARAMETERS": "'core.bare'='true'",
            "GIT_TRACE": "1",
        }
        found = opened(repo)
        assert (found.root, found.head()) == (repo.path, mine)
        assert list(index_tree(found).entries) == ["a"]

    def test_a_hook_keeps_the_index_of_a_partial_commit(
        self, repo: Repo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("one", {"a": "1"})
        repo.run("read-tree", "--empty", env={"GIT_INDEX_FILE": str(repo.path / ".git" / "partial")})
        repo.env["GIT_INDEX_FILE"] = ".git/partial"
        monkeypatch.chdir(repo.path)
        assert list(index_tree(opened(repo)).entries) == []

    def test_the_index_holds_for_a_folder_below_too(
        self, repo: Repo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("one", {"qms/a": "1"})
        repo.run("read-tree", "--empty", env={"GIT_INDEX_FILE": str(repo.path / ".git" / "partial")})
        repo.env["GIT_INDEX_FILE"] = ".git/partial"
        monkeypatch.chdir(repo.path)
        found = Repository.open(repo.path / "qms", repo.env)
        assert found.root == repo.path
        assert list(index_tree(found).entries) == []

    def test_another_repository_inside_a_hook_is_another_one(
        self, repo: Repo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("one", {"a": "1"})
        inner = Repo(repo.path / "inner")
        inner.commit("inner", {"i": "1"})
        monkeypatch.chdir(repo.path)
        hook = {"GIT_DIR": str(repo.path / ".git"), "GIT_INDEX_FILE": str(repo.path / ".git" / "index")}
        found = Repository.open(inner.path, inner.env | hook)
        assert found.root == inner.path
        assert list(index_tree(found).entries) == ["i"]

    def test_a_commit_hook_in_a_linked_work_tree(self, repo: Repo, tmp_path: Path) -> None:
        repo.commit("one", {"a": "1"})
        repo.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
        seen = tmp_path / "seen"
        program = (
            "from pathlib import Path; from isodocs.git.repository import Repository; "
            "from isodocs.git.tree import index_tree; r = Repository.open(Path('.')); "
            f"Path({str(seen)!r}).write_text(f'{{r.root}} {{r.branch()}} {{list(index_tree(r).entries)}}')"
        )
        install(repo.path / ".git" / "hooks" / "pre-commit", program)
        linked = Repo(tmp_path / "linked", create=False)
        linked.write({"b": "1", "sub/c": "1"})
        linked.git("add", "-A")
        env = linked.signature(("A", "a@x"), None, None, None)
        linked.run("commit", "-q", "-m", "x", "--only", "c", cwd=linked.path / "sub", env=env)
        assert seen.read_text() == f"{linked.path} other ['a', 'sub/c']"

    def test_a_receiving_hook_sees_quarantined_objects(self, repo: Repo, tmp_path: Path) -> None:
        bare = Repo(tmp_path / "server", bare=True)
        seen = tmp_path / "seen"
        program = (
            "import sys; from pathlib import Path; from isodocs.git.repository import Repository; "
            "from isodocs.git.walk import mainline; new = sys.stdin.read().split()[1]; "
            "r = Repository.open(Path('.')); "
            f"Path({str(seen)!r}).write_text(f'{{len(mainline(r, new))}} {{r.bare}} {{r.git_dir}}')"
        )
        install(bare.path / "hooks" / "pre-receive", program)
        repo.commit("one", {"a": "1"})
        repo.commit("two", {"a": "2"})
        repo.git("push", "-q", str(bare.path), "main")
        assert seen.read_text() == f"2 True {bare.path}"


class TestRunning:
    def test_a_failure_is_a_sentence_with_gits_words(self, repo: Repo) -> None:
        with pytest.raises(CannotRun, match="`git ls-tree` failed: Not a valid object name nothing"):
            opened(repo).run("ls-tree", "nothing")

    def test_an_unchecked_failure_gives_what_there_was(self, repo: Repo) -> None:
        assert opened(repo).run("ls-tree", "nothing", check=False) == b""
        assert opened(repo).outcome("ls-tree", "nothing").code == 128

    def test_yes_no_and_neither(self, repo: Repo) -> None:
        first = repo.commit("one", {"a": "1"})
        second = repo.commit("two", {"a": "2"})
        found = opened(repo)
        assert found.agrees("merge-base", "--is-ancestor", first, second)
        assert not found.agrees("merge-base", "--is-ancestor", second, first)
        with pytest.raises(CannotRun):
            found.agrees("merge-base", "--is-ancestor", "1" * 40, second)

    def test_input_reaches_git(self, repo: Repo) -> None:
        content = b"x" * 1_000_000
        oid = opened(repo).run("hash-object", "--stdin", stdin=content).decode().strip()
        assert oid == hashlib.sha1(b"blob 1000000\0" + content, usedforsecurity=False).hexdigest()

    def test_a_stream_gives_what_run_gives(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1", "b": "2"})
        found = opened(repo)
        assert b"".join(found.stream("ls-tree", "HEAD")) == found.run("ls-tree", "HEAD")

    def test_a_stream_that_fails_says_so_at_the_end(self, repo: Repo) -> None:
        with pytest.raises(CannotRun, match="failed"):
            list(opened(repo).stream("ls-tree", "nothing"))

    def test_a_stream_feeds_much_and_reads_much(self, repo: Repo) -> None:
        blob = repo.git("hash-object", "-w", "--stdin", stdin=b"y" * 10_000)
        requests = (f"{blob}\n".encode() for _ in range(2000))
        output = opened(repo).stream("cat-file", "--batch", stdin=requests)
        assert sum(map(len, output)) > 20_000_000

    def test_a_stream_left_early_leaves_no_process(self, repo: Repo) -> None:
        repo.commit("one", {"a": "y" * 3_000_000})
        stream = opened(repo).stream("cat-file", "blob", "HEAD:a")
        assert next(iter(stream))
        del stream
        assert not git_children()

    def test_a_fault_of_what_is_fed_comes_out(self, repo: Repo) -> None:
        def requests() -> Iterator[bytes]:
            yield b"x\n"
            raise ValueError("no more")

        with pytest.raises(ValueError, match="no more"):
            list(opened(repo).stream("cat-file", "--batch", stdin=requests()))
        assert not git_children()

    def test_processes_are_counted(self, repo: Repo) -> None:
        found = opened(repo)
        before = found.processes
        found.run("version")
        list(found.stream("version"))
        assert found.processes == before + 2


class TestNames:
    def test_what_names_a_commit(self, repo: Repo) -> None:
        first = repo.commit("one", {"a": "1"})
        second = repo.commit("two", {"a": "2"})
        repo.git("tag", "-a", "-m", "x", "v1", env=repo.signature(("A", "a@x"), None, None, None))
        repo.git("update-ref", "refs/heads/-evil", first)
        found = opened(repo)
        assert (
            found.resolve("HEAD")
            == found.resolve("main")
            == found.resolve("v1")
            == found.resolve(second[:10])
            == second
        )
        assert found.resolve("HEAD~1") == found.resolve("-evil") == first

    @pytest.mark.parametrize(
        "rev",
        ["", "nothing", "0" * 40, "1" * 40, "--help", "-n1", "HEAD:a", "HEAD^{tree}", "a..b", "\n", "--all"],
    )
    def test_what_names_none(self, repo: Repo, rev: str) -> None:
        repo.commit("one", {"a": "1"})
        assert opened(repo).resolve(rev) is None

    def test_head_and_branch_before_the_first_commit(self, repo: Repo) -> None:
        found = opened(repo)
        assert (found.head(), found.branch()) == (None, "main")

    def test_head_and_branch_when_detached(self, repo: Repo) -> None:
        tip = repo.commit("one", {"a": "1"})
        repo.git("checkout", "-q", "--detach")
        assert (opened(repo).head(), opened(repo).branch()) == (tip, None)

    @pytest.mark.parametrize("name", ["feature/x", "heads/main", "ä", "v1"])
    def test_a_branch_is_named_in_full(self, repo: Repo, name: str) -> None:
        repo.commit("one", {"a": "1"})
        repo.git("tag", "v1")
        repo.git("checkout", "-q", "-b", name)
        assert opened(repo).branch() == name
