"""The naive model proves itself on SCENARIOS.md before it judges anybody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from model.answers import items, rendered
from model.fold import fold_of
from scenarios.flows import FLOWS
from scenarios.table import rows

if TYPE_CHECKING:
    from pathlib import Path

    from model.fold import Fold
    from support.play import Play

# Codes that a statement gets by itself; RV102 may also be about the tree.
VOID = re.compile(r"AP10[3-8]|RV106")
# Void, and yet accepted or refused for another reason: what the last push brings or has lying about.
LYING_ABOUT = {
    "rot-branch": {"AP106"},  # the old key's statement lies beside the one that counts
    "unsig": set[str](),  # AP107 does not void: the statement is valid and does not count
    "edit-revert": set[str](),  # only the gate compares the writers
    "grant-ff": set[str](),  # only the gate holds authority at the old tip
    "fut-poison": {"AP106"},  # after the commit of 2099 jane's key is no longer valid at t(n)
}


def folded(play: Play) -> Fold:
    return fold_of(play.repo.path, play.new)


@pytest.mark.parametrize("name", [name for name in rows() if name in FLOWS])
def test_line(name: str, tmp_path: Path) -> None:
    """The status the table tells, and, of the statements, what the last push makes void."""
    play, row = FLOWS[name](tmp_path / "qms"), rows()[name]
    fold = folded(play)
    if name != "pr-upd":
        got = {rendered(item) for item in items(fold, play.as_of or play.judged_at()[:10])}
        assert row.status <= got
    pushed = pushed_steps(play, fold)
    voids = {one.code for one in fold.verdicts.values() if one.code and one.step in pushed}
    assert voids - {"RV102"} == LYING_ABOUT.get(name, set(VOID.findall(row.expected)))
    assert "RV102" not in voids or "RV102" in row.errors


def pushed_steps(play: Play, fold: Fold) -> set[int]:
    """The steps that the last push added."""
    names = [commit.id for commit in fold.steps]
    first = names.index(play.old) + 1 if play.old in names else 0
    return set(range(first, len(names)))


def test_update_of_a_branch_is_merged(tmp_path: Path) -> None:
    play = FLOWS["pr-upd"](tmp_path / "qms")
    play.merge("b")
    play.push()
    assert rows()["pr-upd"].status <= {rendered(item) for item in items(folded(play), play.now[:10])}


def test_a_late_clock_does_not_run_backwards(tmp_path: Path) -> None:
    fold = folded(FLOWS["back"](tmp_path / "qms"))
    assert fold.times[-1] == fold.times[-2] > fold.steps[-1].time
    assert fold.life("WI-001").approved[-1].time == fold.times[-2]
