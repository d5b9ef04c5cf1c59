"""A repository that cannot be read is never taken for an empty one."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from support.gitrepo import Repo

from isodocs.core.problem import CannotRun
from isodocs.git.repository import Repository

ROOT = Path(__file__).parents[2]
ASK = """
from pathlib import Path
from isodocs.git.repository import Repository
print(Repository.open(Path()).head())
"""


def test_a_commit_that_is_missing(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    oid = repo.commit("first")
    (repo.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(CannotRun, match=f"HEAD names {oid}, which is missing or no commit; run `git fsck`"):
        Repository.open(repo.path, repo.env).head()


def test_nothing_was_committed_yet(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    assert Repository.open(repo.path, repo.env).head() is None


def test_git_is_killed_before_it_answers(tmp_path: Path) -> None:
    """Where no file may grow beyond 100 bytes, git dies of writing its hints to standard error."""
    repo = Repo(tmp_path / "repo")
    repo.commit("first")
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=repo.path,
        env={**repo.env, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    assert "None" not in done.stdout
    assert done.returncode == 0 or "CannotRun" in done.stderr
