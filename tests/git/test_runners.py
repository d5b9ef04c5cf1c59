"""What pre-commit and prek really tell their hooks is what the situation is read from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.gitrepo import JANE, Repo

from isodocs.core.problem import Profile
from isodocs.git.repository import Repository
from isodocs.git.situation import Judged, Kind, Situation, stand

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = """
repos:
- repo: local
  hooks:
  - {id: show, name: show, language: system, always_run: true, pass_filenames: false, entry: ENTRY}
"""
BIN = Path(sys.executable).parent


@pytest.fixture(params=["pre-commit", "prek"])
def repo(request: pytest.FixtureRequest, tmp_path: Path) -> Repo:
    """A repository whose hooks write down their environment, and a bare one to push to."""
    runner = BIN / request.param
    if not runner.exists():
        pytest.skip(f"{request.param} is not installed")
    repo = Repo(tmp_path / "repo")
    repo.env |= {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "PREK_HOME": str(tmp_path / "cache")}
    Repo(tmp_path / "remote", bare=True)
    repo.git("remote", "add", "origin", str(tmp_path / "remote"))
    script = tmp_path / "show.py"
    seen = str(tmp_path / "seen")
    script.write_text(
        f"import json, os, pathlib\npathlib.Path({seen!r}).write_text(json.dumps(dict(os.environ)))\n"
    )
    repo.commit("one", {".pre-commit-config.yaml": CONFIG.replace("ENTRY", f"{sys.executable} {script}")})
    stages = ["-t", "pre-commit", "-t", "pre-push", "-t", "pre-merge-commit"]
    subprocess.run([runner, "install", *stages], cwd=repo.path, env=repo.env, check=True, capture_output=True)
    return repo


@pytest.fixture
def told(repo: Repo, tmp_path: Path) -> Callable[..., Situation]:
    """Runs a git command and gives the situation as its hook saw it; fails when no hook ran."""

    def run(*args: str, gate: bool) -> Situation:
        (tmp_path / "seen").unlink(missing_ok=True)
        before = repo.head()
        repo.run(*args, env=repo.signature(JANE, None, None, None))
        after = repo.git("symbolic-ref", "-q", "HEAD")
        environ = json.loads((tmp_path / "seen").read_text())
        repo.git("update-ref", after, before)
        return stand(Repository.open(repo.path, repo.env), environ, "main", gate=gate, judged=Judged.INDEX)

    return run


def test_pushes(repo: Repo, told: Callable[..., Situation], tmp_path: Path) -> None:
    root = repo.head()
    found = told("push", "-q", "origin", "main", gate=True)
    assert (found.kind, found.base, found.tip, found.profile_hint) == (Kind.PUSH, None, root, Profile.RELEASE)
    repo.env["PRE_COMMIT_ALLOW_NO_CONFIG"] = "1"
    second = repo.commit("two", {"a": "1"})
    found = told("push", "-q", "origin", "main", gate=True)
    assert (found.base, found.tip, found.profile_hint) == (root, second, Profile.RELEASE)
    repo.branch("draft")
    third = repo.commit("three", {"a": "2"})
    found = told("push", "-q", "origin", "draft", gate=True)
    assert (found.base, found.tip, found.profile_hint, found.branch) == (
        second,
        third,
        Profile.DRAFT,
        "draft",
    )
    found = told("push", "-q", "origin", "HEAD:main", gate=True)
    assert (found.base, found.tip, found.profile_hint, found.branch) == (
        second,
        third,
        Profile.RELEASE,
        "main",
    )
    (tmp_path / "seen").unlink()
    repo.git("push", "-q", "origin", ":draft")
    assert not (tmp_path / "seen").exists()


def test_commits_and_merges(repo: Repo, told: Callable[..., Situation]) -> None:
    root = repo.head()
    found = told("commit", "-q", "--allow-empty", "-m", "x", gate=False)
    assert (found.kind, found.base, found.profile_hint) == (Kind.MAINLINE, root, Profile.RELEASE)
    repo.branch("draft")
    side = repo.commit("draft", {"a": "1"})
    found = told("commit", "-q", "--allow-empty", "-m", "x", gate=False)
    assert (found.kind, found.base, found.tip, found.profile_hint) == (Kind.BRANCH, root, side, Profile.DRAFT)
    repo.switch("main")
    found = told("merge", "-q", "--no-ff", "draft", gate=False)
    assert (found.kind, found.base, found.others) == (Kind.MERGE, root, (side,))
