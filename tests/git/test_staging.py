"""Staging exact bytes, whatever the repository's attributes and configuration say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.gitrepo import Repo

from isodocs.core.problem import CannotRun
from isodocs.git.repository import Repository
from isodocs.git.staging import stage, unstage

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["a.json", "deep/er/b.json", "-x.json", "with space.json", "ä.json", ":(glob)**.json", 'quo"te.json']


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_the_bytes_as_they_are(tmp_path: Path, object_format: str) -> None:
    repo = Repo(tmp_path / "repo", object_format=object_format)
    files = {name: f"{name}\r\n".encode() for name in NAMES}
    repo.write(dict[str, str | bytes | None](files))
    stage(Repository.open(repo.path, repo.env), files)
    repo.commit("first")
    for name, data in files.items():
        assert repo.run("cat-file", "blob", f"HEAD:{name}").stdout == data
    assert repo.git("status", "--porcelain") == ""


def test_no_filter_runs_and_no_line_end_is_changed(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    trap = tmp_path / "trap"
    repo.git("config", "core.autocrlf", "true")
    repo.git("config", "filter.evil.clean", f"touch {trap}; cat")
    repo.write({".gitattributes": "* text filter=evil\n", "a.json": b"a\r\nb\n"})
    stage(Repository.open(repo.path, repo.env), {"a.json": b"a\r\nb\n"})
    assert repo.run("cat-file", "blob", ":a.json").stdout == b"a\r\nb\n"
    assert not trap.exists()


def test_what_is_ignored_is_staged_too(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write({".gitignore": "signatures\n", "signatures/a.json": "x"})
    stage(Repository.open(repo.path, repo.env), {"signatures/a.json": b"x"})
    assert repo.git("diff", "--cached", "--name-only") == "signatures/a.json"


def test_what_was_staged_before_stays(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.stage({"other": "x"})
    repo.write({"a.json": "x"})
    stage(Repository.open(repo.path, repo.env), {"a.json": b"x"})
    assert repo.git("diff", "--cached", "--name-only") == "a.json\nother"


def test_a_locked_index_is_a_sentence(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    (repo.path / ".git" / "index.lock").write_text("")
    with pytest.raises(CannotRun, match=r"index\.lock"):
        stage(Repository.open(repo.path, repo.env), {"a.json": b"x"})
    assert (repo.path / ".git" / "index.lock").exists()


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_taken_out_again_the_index_is_as_it_was(tmp_path: Path, object_format: str) -> None:
    repo = Repo(tmp_path / "repo", object_format=object_format)
    repo.commit("first", {"kept": "x", "deep/er/kept": "y"})
    repo.stage({"staged": "x", "kept": "changed"})
    before = repo.git("ls-files", "--stage", "-v")
    files = dict.fromkeys(NAMES, b"x")
    repo.write(dict[str, str | bytes | None](files))
    place = Repository.open(repo.path, repo.env)
    stage(place, files)
    unstage(place, files)
    assert repo.git("ls-files", "--stage", "-v") == before
    assert all((repo.path / name).exists() for name in NAMES)


def test_taking_out_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.stage({"kept": "x"})
    unstage(Repository.open(repo.path, repo.env), ["never", "there.json"])
    assert repo.git("ls-files") == "kept"
