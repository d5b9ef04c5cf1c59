"""Names of commits that the process for single questions finds, and where it leaves the answer to others."""

from __future__ import annotations

import pytest
from support.gitrepo import Repo, opened

from isodocs.core.problem import CannotRun


def test_the_answer_is_that_of_the_moment(repo: Repo) -> None:
    first = repo.commit("one", {"a": "1"})
    found = opened(repo)
    asked = found.processes
    assert found.asking.commit("HEAD") == found.head() == first
    second = repo.commit("two", {"a": "2"})
    assert found.asking.commit("HEAD") == found.head() == second
    repo.git("pack-refs", "--all")
    repo.git("checkout", "-q", "--detach", first)
    assert found.head() == first
    assert found.processes == asked + 1


def test_nothing_was_committed_yet(repo: Repo) -> None:
    found = opened(repo)
    assert found.asking.commit("HEAD") is None
    first = repo.commit("one", {"a": "1"})
    assert found.asking.commit("HEAD") == first


def test_a_branch_that_is_called_head(repo: Repo) -> None:
    first = repo.commit("one", {"a": "1"})
    repo.git("update-ref", "refs/heads/HEAD", first)
    found = opened(repo)
    for _ in range(2):
        assert found.asking.commit("HEAD") is None
        assert found.head() == first


@pytest.mark.parametrize("name", ["nothing", "HEAD:a", "1" * 40, "a..b"])
def test_what_names_no_commit(repo: Repo, name: str) -> None:
    first = repo.commit("one", {"a": "1"})
    found = opened(repo)
    assert found.asking.commit(name) is None
    assert found.asking.commit("HEAD") == first


def test_a_commit_that_is_damaged(repo: Repo) -> None:
    first = repo.commit("one", {"a": "1"})
    place = repo.path / ".git" / "objects" / first[:2] / first[2:]
    place.chmod(0o644)
    place.write_bytes(b"damaged")
    found = opened(repo)
    assert found.asking.commit("HEAD") is None
    with pytest.raises(CannotRun, match="The repository is damaged"):
        found.head()
