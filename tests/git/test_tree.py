from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.gitrepo import JANE, Repo, opened
from support.randomhistory import listing, play

from isodocs.core.history import Entry
from isodocs.core.problem import CannotRun
from isodocs.git.repository import Repository
from isodocs.git.tree import Tree, commit_tree, directory_tree, index_tree, subtree, work_tree

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    "-x.md",
    ":(glob)**",
    "line\nend.md",
    "\udcff\udcfe.md",
    "a\u0308.md",
    "\u00e4.md",
    "tab\t.md",
    "with space.md",
    '"',
]


def on_disk(repo: Repo) -> Tree:
    return work_tree(opened(repo))


def contents(tree: Tree) -> dict[str, bytes]:
    return dict(tree.read_many(tree.entries))


class TestCommit:
    @pytest.mark.parametrize("seed", range(5))
    def test_equal_to_git(self, repo: Repo, seed: int) -> None:
        tip = play(repo, seed, commits=12)
        tree = commit_tree(opened(repo), tip)
        assert {path: (entry.mode, entry.oid) for path, entry in tree.entries.items()} == listing(repo, tip)
        assert list(tree.entries) == sorted(tree.entries)

    def test_any_name(self, repo: Repo) -> None:
        tip = repo.commit("one", {name: name.encode("utf-8", "surrogateescape") for name in NAMES})
        tree = commit_tree(opened(repo), tip)
        assert contents(tree) == {name: name.encode("utf-8", "surrogateescape") for name in sorted(NAMES)}

    def test_many_are_read_by_one_process(self, repo: Repo) -> None:
        repository = opened(repo)
        tree = commit_tree(
            repository, repo.commit("one", {f"f{number}": str(number) for number in range(50)})
        )
        before = repository.processes
        assert [content for _, content in tree.read_many(["f7", "f3", "f7"])] == [b"7", b"3", b"7"]
        assert repository.processes == before + 1
        assert list(tree.read_many([])) == []
        assert repository.processes == before + 1

    def test_a_path_that_is_not_there(self, repo: Repo) -> None:
        tree = commit_tree(opened(repo), repo.commit("one", {"a": "1"}))
        with pytest.raises(KeyError):
            tree.read("b")

    def test_a_link_is_read_as_where_it_points(self, repo: Repo) -> None:
        (repo.path / "link").symlink_to("/etc/passwd")
        repo.git("add", "-A")
        tree = commit_tree(opened(repo), repo.commit("one"))
        assert tree.entries["link"].mode == "120000"
        assert not tree.entries["link"].regular
        assert tree.read("link") == b"/etc/passwd"

    def test_a_submodule_is_no_file(self, repo: Repo) -> None:
        oid = repo.commit("one", {"a": "1"})
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},sub")
        tree = commit_tree(opened(repo), repo.commit("two"))
        assert tree.entries["sub"] == Entry("160000", oid)
        with pytest.raises(CannotRun, match="submodule"):
            tree.read("sub")

    def test_the_whole_tree_from_a_folder_below(self, repo: Repo) -> None:
        tip = repo.commit("one", {"a": "1", "b/c": "2"})
        assert list(commit_tree(Repository.open(repo.path / "b", repo.env), tip).entries) == ["a", "b/c"]

    def test_a_tree_object_will_do(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1"})
        assert list(commit_tree(opened(repo), repo.git("rev-parse", "HEAD^{tree}")).entries) == ["a"]

    def test_a_tree_that_holds_a_name_twice_is_refused(self, repo: Repo) -> None:
        oid = bytes.fromhex(repo.git("hash-object", "-w", "--stdin", stdin=b"1"))
        entry = b"100644 a\0" + oid
        tree = repo.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=entry + entry)
        with pytest.raises(CannotRun, match="twice"):
            commit_tree(opened(repo), tree)

    @pytest.mark.parametrize("rev", ["nothing", "0" * 40, "--help"])
    def test_no_such_commit(self, repo: Repo, rev: str) -> None:
        with pytest.raises(CannotRun):
            commit_tree(opened(repo), rev)


class TestIndex:
    def test_it_is_what_would_be_committed(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1", "b": "1", "-x.md": "x"})
        repo.stage({"a": "2", "b": None, "c": "3"})
        repo.write({"a": "not staged", "d": "not staged"})
        assert contents(index_tree(opened(repo))) == {"-x.md": b"x", "a": b"2", "c": b"3"}

    def test_before_the_first_commit(self, repo: Repo) -> None:
        assert index_tree(opened(repo)).entries == {}
        repo.stage({"a": "1"})
        assert contents(index_tree(opened(repo))) == {"a": b"1"}

    def test_an_announced_file_is_not_in_it(self, repo: Repo) -> None:
        repo.write({"announced": "1", "empty": "", "-x": ""})
        repo.git("add", "-N", "announced")
        repo.git("add", "--", "empty", "-x")
        assert list(index_tree(opened(repo)).entries) == ["-x", "empty"]

    def conflict(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1", "b": "1"})
        repo.branch("side")
        repo.commit("side", {"a": "2"})
        repo.switch("main")
        repo.commit("main", {"a": "3"})
        env = repo.signature(JANE, None, None, None)
        assert repo.run("merge", "side", env=env, check=False).returncode == 1

    def test_a_conflict_is_reported(self, repo: Repo) -> None:
        self.conflict(repo)
        repo.stage({"empty": ""})
        tree = index_tree(opened(repo))
        assert tree.unmerged == ("a",)
        assert list(tree.entries) == ["b", "empty"]

    def test_a_conflict_shows_its_markers_on_disk(self, repo: Repo) -> None:
        self.conflict(repo)
        tree = on_disk(repo)
        assert tree.unmerged == ("a",)
        assert b"<<<<<<<" in tree.read("a")

    def test_all_of_it_from_a_folder_below(self, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        repo.commit("one", {"a": "1", "b/c": "2"})
        monkeypatch.chdir(repo.path / "b")
        below = Repository.open(repo.path / "b", repo.env)
        assert list(index_tree(below).entries) == list(work_tree(below).entries) == ["a", "b/c"]


class TestWorkTree:
    def test_tracked_new_and_ignored_files(self, repo: Repo) -> None:
        repo.commit("one", {"kept": "1", "changed": "1", "deleted": "1", "ignored-but-tracked": "1"})
        repo.write(
            {".gitignore": "ignored*\n", "ignored": "x", "new/deep.md": "n", "changed": "2", "deleted": None}
        )
        expected = {
            ".gitignore": b"ignored*\n",
            "changed": b"2",
            "ignored-but-tracked": b"1",
            "kept": b"1",
            "new/deep.md": b"n",
        }
        assert contents(on_disk(repo)) == expected

    def test_names_are_those_git_would_give(self, repo: Repo) -> None:
        repo.write({name: name.encode("utf-8", "surrogateescape") for name in NAMES})
        (repo.path / NAMES[0]).chmod(0o755)
        found = on_disk(repo).entries
        repo.git("add", "-A")
        assert found == index_tree(opened(repo)).entries
        assert found[NAMES[0]].mode == "100755"

    def test_a_sha256_repository(self, tmp_path: Path) -> None:
        repo = Repo(tmp_path / "r256", object_format="sha256")
        repo.write({"a": "1"})
        found = on_disk(repo).entries
        repo.git("add", "-A")
        assert found == index_tree(opened(repo)).entries

    def test_modes_from_the_index_where_the_file_system_has_none(self, repo: Repo) -> None:
        repo.commit("one", {"a": "1", "b": "1"})
        repo.git("update-index", "--chmod=+x", "a")
        repo.git("config", "core.fileMode", "off")
        (repo.path / "b").chmod(0o755)
        repo.write({"c": "1"})
        (repo.path / "c").chmod(0o755)
        modes = {path: entry.mode for path, entry in on_disk(repo).entries.items()}
        assert modes == {"a": "100755", "b": "100644", "c": "100644"}

    def test_links_are_not_followed(self, repo: Repo, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "secret.md").write_text("secret")
        repo.commit("one", {"folder/secret.md": "1", "a": "1"})
        (repo.path / "folder" / "secret.md").unlink()
        (repo.path / "folder").rmdir()
        (repo.path / "folder").symlink_to(tmp_path / "outside")
        (repo.path / "a").unlink()
        (repo.path / "a").symlink_to(tmp_path / "outside" / "secret.md")
        (repo.path / "dangling").symlink_to("nowhere")
        tree = on_disk(repo)
        assert {path: entry.mode for path, entry in tree.entries.items()} == dict.fromkeys(
            ["a", "dangling", "folder"], "120000"
        )
        assert tree.read("a") == os.fsencode(tmp_path / "outside" / "secret.md")
        repo.git("add", "-A")
        assert tree.entries == index_tree(opened(repo)).entries

    def test_pipes_folders_and_nested_repositories_are_no_files(self, repo: Repo) -> None:
        repo.commit("one", {"pipe": "1", "folder": "1"})
        (repo.path / "pipe").unlink()
        os.mkfifo(repo.path / "pipe")
        os.mkfifo(repo.path / "new-pipe")
        (repo.path / "folder").unlink()
        Repo(repo.path / "folder").commit("inner", {"i": "1"})
        Repo(repo.path / "nested").commit("inner", {"i": "1"})
        assert [path for path in on_disk(repo).entries if ".home" not in path] == []

    def test_a_submodule_keeps_its_entry(self, repo: Repo) -> None:
        oid = repo.commit("one", {"a": "1"})
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},sub")
        (repo.path / "sub").mkdir()
        assert on_disk(repo).entries["sub"] == Entry("160000", oid)

    def test_what_a_sparse_checkout_left_out_comes_from_the_index(self, repo: Repo) -> None:
        repo.commit("one", {"a/1": "1", "b/2": "2", "c": "3"})
        repo.git("sparse-checkout", "set", "a")
        assert not (repo.path / "b").exists()
        assert contents(on_disk(repo)) == {"a/1": b"1", "b/2": b"2", "c": b"3"}

    def test_a_file_that_changes_meanwhile_is_noticed(self, repo: Repo) -> None:
        repo.write({"a": "1"})
        tree = on_disk(repo)
        repo.write({"a": "2"})
        with pytest.raises(CannotRun, match="changed while it was read"):
            tree.read("a")

    def test_a_file_that_goes_meanwhile_is_noticed(self, repo: Repo) -> None:
        repo.write({"a": "1"})
        tree = on_disk(repo)
        (repo.path / "a").unlink()
        with pytest.raises(CannotRun, match="a cannot be read"):
            tree.read("a")

    def test_a_large_file(self, repo: Repo) -> None:
        repo.write({"large.bin": b"0123456\r" * (9 << 17)})
        found = on_disk(repo).entries["large.bin"].oid
        assert found == repo.git("hash-object", "--no-filters", "large.bin")

    def test_a_bare_repository_has_none(self, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match="bare"):
            work_tree(opened(Repo(tmp_path / "bare", bare=True)))

    def test_the_number_of_processes_does_not_grow_with_the_files(self, repo: Repo) -> None:
        counts = []
        for number in (5, 100):
            repo.write({f"{number}/{at}.md": f"{at}\r\n" for at in range(number)})
            repo.write({".gitattributes": "* text=auto\n"})
            repository = opened(repo)
            before = repository.processes
            assert len(contents(work_tree(repository))) > number
            counts.append(repository.processes - before)
            repo.git("add", "-A")
        assert counts[0] == counts[1]


ATTRIBUTES = [
    "",
    "* text",
    "* text eol=lf",
    "* text eol=crlf",
    "* eol=lf",
    "* eol=crlf",
    "* -text",
    "* -text eol=lf",
    "* text=auto",
    "* text=auto eol=lf",
    "* binary",
    "* crlf",
    "* -crlf",
    "* crlf=input",
    "*.md text\n*.bin -text",
]
TEXTS = {
    "plain.md": b"a\r\nb\r\n",
    "mixed.md": b"a\r\nb\nc\r\n",
    "lone.md": b"a\r\nb\rc\r\n",
    "nul.bin": b"a\r\n\0\r\n",
    "odd.bin": b"\x01\x02\x03\r\n" * 9,
    "slightly-odd.md": b"x" * 400 + b"\x01\r\n",
    "eof.md": b"a\r\n\x1a",
    "delete.md": b"\x7f" * 3 + b"\r\n",
    "lf.md": b"a\nb\n",
    "was-crlf.md": b"a\r\nnew\r\n",
    "was-lf.md": b"a\r\nnew\r\n",
    "empty.md": b"",
    "accents.md": "äöü\r\n".encode(),
}


@pytest.mark.parametrize("attributes", ATTRIBUTES)
@pytest.mark.parametrize("autocrlf", [None, "true", "input", "false"])
def test_line_ends_are_stored_as_git_stores_them(repo: Repo, attributes: str, autocrlf: str | None) -> None:
    repo.commit("one", {"was-crlf.md": b"a\r\n", "was-lf.md": b"a\n"})
    if autocrlf:
        repo.git("config", "core.autocrlf", autocrlf)
    repo.write({**TEXTS, ".gitattributes": attributes})
    tree = on_disk(repo)
    read = contents(tree)
    repo.git("add", "-A")
    assert tree.entries == index_tree(opened(repo)).entries
    assert read == contents(index_tree(opened(repo)))


class TestFolder:
    def test_a_plain_folder(self, tmp_path: Path) -> None:
        place = tmp_path / "plain"
        for name in (
            "a.md",
            "b/c.md",
            ".gitattributes",
            ".hidden/x",
            "node_modules/x",
            ".venv/x",
            "b/.git/config",
        ):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(name)
        (place / "link").symlink_to("/etc")
        (place / "b" / "link.md").symlink_to("/etc/passwd")
        os.mkfifo(place / "pipe")
        tree = directory_tree(place)
        assert list(tree.entries) == [".gitattributes", "a.md", "b/c.md", "b/link.md", "link"]
        assert tree.read("b/c.md") == b"b/c.md"
        assert tree.read("b/link.md") == b"/etc/passwd"
        assert tree.entries["link"].mode == "120000"

    def test_bytes_stay_as_they_are(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_bytes(b"a\r\n")
        assert directory_tree(tmp_path).read("a.md") == b"a\r\n"

    def test_object_names_are_gits(self, repo: Repo) -> None:
        repo.write({"a.md": "1"})
        assert directory_tree(repo.path).entries["a.md"].oid == repo.git("hash-object", "a.md")

    def test_any_name(self, tmp_path: Path) -> None:
        for name in NAMES:
            (tmp_path / name).write_text("x")
        assert list(directory_tree(tmp_path).entries) == sorted(NAMES)

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert directory_tree(tmp_path).entries == {}

    @pytest.mark.parametrize("name", ["nowhere", "file"])
    def test_no_folder(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(CannotRun, match="cannot be read"):
            directory_tree(tmp_path / name)


class TestBelow:
    def test_a_folder_as_a_tree(self, repo: Repo) -> None:
        tip = repo.commit("one", {"qms/a.md": "1", "qms/documents/b.md": "2", "qmsx/c": "3", "d": "4"})
        repo.write({"qms/new.md": "5"})
        for prefix in ("qms", "qms/", "/qms/"):
            tree = subtree(commit_tree(opened(repo), tip), prefix)
            assert contents(tree) == {"a.md": b"1", "documents/b.md": b"2"}
        assert contents(subtree(subtree(on_disk(repo), "qms"), "documents")) == {"b.md": b"2"}
        assert subtree(on_disk(repo), "qms").read("new.md") == b"5"

    def test_no_prefix_is_the_whole_tree(self, repo: Repo) -> None:
        tree = commit_tree(opened(repo), repo.commit("one", {"a": "1"}))
        assert subtree(tree, "") is tree

    def test_conflicts_below_only(self, repo: Repo) -> None:
        tree = commit_tree(opened(repo), repo.commit("one", {"qms/b": "1"}))
        assert subtree(replace(tree, unmerged=("a", "qms/b")), "qms").unmerged == ("b",)
