"""This repository as ``repo:`` in somebody's configuration: the hooks' manifest, read by both runners.

The hooks' own environment is not built here, since that asks a package registry; ``language: system`` takes
the isodocs at hand instead. The runner still clones the repository and reads the manifest from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from support.gitrepo import Repo
from support.hooked import CONFIG, MANIFEST, ROOT, Company

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def company(tmp_path: Path, runner: str) -> Company:
    """The company, its hooks configured by ``repo:`` and installed by the runner."""
    offered = Repo(tmp_path / "isodocs")
    rev = offered.commit("offered", {MANIFEST: (ROOT / MANIFEST).read_bytes()})
    hooks = [{"id": name, "language": "system"} for name in ("isodocs-check", "isodocs-gate")]
    config = {
        "default_install_hook_types": ["pre-commit", "pre-merge-commit", "pre-push"],
        "repos": [{"repo": str(offered.path), "rev": rev, "hooks": hooks}],
    }
    made = Company(tmp_path, runner)
    made.play.write(CONFIG, yaml.safe_dump(config))
    made.bypassing()
    made.install()
    return made


def test_all_three_hooks_are_put_in_place(company: Company) -> None:
    folder = company.play.repo.path / ".git" / "hooks"
    placed = {path.name for path in folder.iterdir() if not path.name.endswith(".sample")}
    assert placed == {"pre-commit", "pre-merge-commit", "pre-push"}


def test_a_commit_is_judged(company: Company) -> None:
    company.play.branch("draft")
    company.play.doc("WI-001", "2")
    ended = company.commit()
    assert ended.passed, ended.text
    assert re.search(r"isodocs check\.+Passed", ended.text)
    company.play.doc("SOP-001", "1", "Other words.")
    ended = company.commit()
    assert not ended.passed
    assert "RV101" in ended.text


def test_a_push_is_judged(company: Company) -> None:
    company.remote()
    company.play.doc("WI-001", "2")
    company.bypassing()
    ended = company.git("push", "origin", "main")
    assert not ended.passed
    assert re.search(r"isodocs gate\.+Failed", ended.text)
    assert "AP101" in ended.text
