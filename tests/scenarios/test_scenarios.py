"""Every line of SCENARIOS.md, played with real git, asked of the product by its command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from scenarios import product
from scenarios.flows import FLOWS
from scenarios.table import DEVIATIONS, Row, rows
from support.keyed import answers, keyed, with_sheets
from support.play import Play, who

from isodocs.core.library import Judged

if TYPE_CHECKING:
    from pathlib import Path

APART = ("empty", "shallow", "pr-upd", "pr-race", "fut-poison")


def lines() -> list[object]:
    """The lines of the table as parameters of a test."""
    return [pytest.param(row, id=name) for name, row in rows().items() if name not in APART]


def test_every_line_has_a_flow() -> None:
    assert len(rows()) == 134
    assert set(rows()) == {*FLOWS, "empty"}
    assert set(DEVIATIONS) <= set(rows())


@pytest.mark.parametrize("row", lines())
def test_line(row: Row, tmp_path: Path) -> None:
    """The gate's verdict on the last push, and the status had it been let in.

    A hook that judged the same change would get along with lookups, and sheets say what the texts say.
    """
    play = FLOWS[row.id](tmp_path / "qms")
    outcome = product.judge(play.repo, play.old, play.new, play.judged_at())
    assert outcome.codes("error") == row.errors, outcome
    assert outcome.status == (0 if row.accepted else 1), outcome
    assert row.warnings <= outcome.codes("warning"), outcome
    if row.status:
        assert row.status <= product.status(play.repo, play.as_of or play.judged_at()[:10])
    pushed = product.library(play.repo, play.old, play.new, play.judged_at())
    if pushed is not None:
        hook = replace(pushed, judged=Judged.INDEX, push=None, held=None)
        assert hook.hook == (pushed.base is not None)
        assert not hook.hook or answers(keyed(hook)) == answers(hook)
        assert answers(with_sheets(pushed, {})) == answers(pushed)


def test_empty(tmp_path: Path) -> None:
    play = Play(tmp_path / "qms")
    outcome = product.ask(play.repo, "list")
    assert outcome.status == 0
    assert "no commit on main yet" in outcome.output.lower() + outcome.errors.lower()
    play.doc("WI-001", "1")
    play.sign("WI-001", "jane")
    play.repo.git("add", "-A")
    listed = product.ask(play.repo, "list", "--format", "json")
    assert (listed.status, listed.items) == (0, [])
    name, email = who("max")
    play.repo.git("config", "user.name", name)
    play.repo.git("config", "user.email", email)
    judged = product.ask(play.repo, "check", "--staged", "--profile", "release", "--format", "json")
    assert (judged.status, judged.codes("error")) == (0, frozenset()), judged


def test_shallow(tmp_path: Path) -> None:
    play = FLOWS["shallow"](tmp_path / "qms")
    clone = play.repo.clone(tmp_path / "clone", "--depth", "2")
    words = (["list"], ["status"], ["history", "WI-001"], ["show", "WI-001"], ["check"], ["verify"])
    for command in words:
        outcome = product.ask(clone, *command)
        told = outcome.output + outcome.errors
        assert outcome.status == 2, (command, outcome)
        assert "HX102" in told, (command, outcome)
        assert "git fetch --unshallow" in told, (command, outcome)


def test_pull_request_that_has_merged_the_mainline(tmp_path: Path) -> None:
    play = FLOWS["pr-upd"](tmp_path / "qms")
    outcome = product.judge_branch(play.repo, "main", play.now)
    assert (outcome.status, outcome.codes("error")) == (0, frozenset()), outcome
    play.merge("b")
    assert rows()["pr-upd"].status <= product.status(play.repo, play.now[:10])


def test_pull_request_in_conflict_with_the_mainline(tmp_path: Path) -> None:
    play = FLOWS["pr-race"](tmp_path / "qms")
    outcome = product.judge_branch(play.repo, "main", play.now)
    told = (outcome.output + outcome.errors).lower()
    assert outcome.status in (1, 2), outcome
    assert "conflict" in told
    assert "update the branch" in told


def test_poisoned_by_the_future(tmp_path: Path) -> None:
    play = FLOWS["fut-poison"](tmp_path / "qms")
    poison = play.repo.git("rev-list", "--first-parent", "--reverse", play.new).split()[1]
    for command in (["list"], ["status"], ["history", "WI-001"], ["check"]):
        outcome = product.ask(play.repo, *command, "--as-of", play.clock)
        assert outcome.status == 2, (command, outcome)
        assert poison[:7] in outcome.output + outcome.errors, (command, outcome)
