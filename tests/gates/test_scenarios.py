"""The flows of SCENARIOS.md as a server sees them: the gate lets in what the table says, by the flow's clock.

The gate runs in this process, on a bare copy without a work tree. All flows with ``--slow``.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from scenarios.flows import FLOWS
from scenarios.table import Row, rows
from scenarios.test_scenarios import APART
from support.gitrepo import Repo, seconds
from support.play import NOBODY

from isodocs.core.problem import Severity
from isodocs.gates.receive import Gate
from isodocs.gates.updates import Update
from isodocs.git.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

SLICE = (
    "turned", "upd-ff", "upd-noff", "force", "subroot", "fut-c", "ff-old", "backdate", "leaver", "grant-ff",
    "grant-auth", "auth-own", "auth-replay", "role-rm", "gattr", "delete", "sig-del", "prune",
)  # fmt: skip


def lines() -> list[object]:
    """The lines of the table as parameters of a test."""
    return [
        pytest.param(row, id=name, marks=() if name in SLICE else pytest.mark.slow)
        for name, row in rows().items()
        if name not in APART
    ]


@pytest.mark.parametrize("row", lines())
def test_line(row: Row, tmp_path: Path) -> None:
    play = FLOWS[row.id](tmp_path / "qms")
    shutil.copytree(play.repo.path / ".git", tmp_path / "qms.git")  # with what no ref names any more
    bare = Repo(tmp_path / "qms.git", create=False)
    bare.git("config", "core.bare", "true")
    old = None if play.old == NOBODY else play.old
    bare.git("update-ref", *(("refs/heads/main", old) if old else ("-d", "refs/heads/main")))
    update = Update("refs/heads/main", old, play.new)
    repository = Repository.open(bare.path, bare.env)
    judgement = Gate(repository, (update,), seconds(play.judged_at()), "main").judge()
    found = {one.code for one in judgement.problems if one.severity is Severity.ERROR}
    assert judgement.accepted == row.accepted, judgement.problems
    assert row.errors <= found
    assert judgement.refusals == ()
