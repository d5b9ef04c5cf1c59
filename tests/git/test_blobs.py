from __future__ import annotations

import hashlib

import pytest
from support.children import git_children
from support.gitrepo import Repo, opened

from isodocs.core.problem import CannotRun
from isodocs.git.tree import commit_tree


class TestBlobs:
    def test_many_come_from_one_process_in_order(self, repo: Repo) -> None:
        repo.commit("many", {f"f{number}": f"{number}\n\0 blob 3\n" * 50 for number in range(300)})
        found = opened(repo)
        tree = commit_tree(found, repo.head())
        oids = [entry.oid for entry in tree.entries.values()] * 20
        before = found.processes
        got = list(found.blobs(oids))
        assert found.processes == before + 1
        assert [oid for oid, _ in got] == oids
        for oid, content in got[:300]:
            header = b"blob %d\0" % len(content)
            assert hashlib.sha1(header + content, usedforsecurity=False).hexdigest() == oid

    def test_none_wanted_none_given(self, repo: Repo) -> None:
        assert list(opened(repo).blobs([])) == []

    def test_an_empty_one(self, repo: Repo) -> None:
        oid = repo.git("hash-object", "-w", "--stdin")
        assert list(opened(repo).blobs([oid])) == [(oid, b"")]

    def test_a_missing_one_is_refused(self, repo: Repo) -> None:
        with pytest.raises(CannotRun, match=r"damaged .*missing"):
            list(opened(repo).blobs(["1" * 40]))

    def test_something_else_is_refused(self, repo: Repo) -> None:
        with pytest.raises(CannotRun, match="is commit, not a blob"):
            list(opened(repo).blobs([repo.commit("one")]))

    @pytest.mark.parametrize("name", ["", "HEAD", "1" * 39, f"{'1' * 40}\n", "-x", "A" * 40])
    def test_only_full_names_are_asked_for(self, repo: Repo, name: str) -> None:
        repo.commit("one", {"a": "1"})
        with pytest.raises(CannotRun, match="no object name"):
            list(opened(repo).blobs([name]))

    def test_left_early_it_leaves_no_process(self, repo: Repo) -> None:
        oid = repo.git("hash-object", "-w", "--stdin", stdin=b"y" * 100_000)
        blobs = opened(repo).blobs(oid for _ in range(5000))
        assert next(iter(blobs))[0] == oid
        del blobs
        assert not git_children()

    def test_a_damaged_one_is_refused(self, repo: Repo) -> None:
        oid = repo.git("hash-object", "-w", "--stdin", stdin=b"y" * 1000)
        place = repo.path / ".git" / "objects" / oid[:2] / oid[2:]
        place.chmod(0o644)
        place.write_bytes(place.read_bytes()[:15])
        with pytest.raises(CannotRun):
            list(opened(repo).blobs([oid]))
