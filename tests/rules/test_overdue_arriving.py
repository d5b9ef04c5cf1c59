"""The first push of a company with a past: what is overdue in it is told, and does not keep it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios import product
from support.play import NOBODY, founded

if TYPE_CHECKING:
    from pathlib import Path

LATE = "2029-01-01T09:00:00Z"


def test_a_past_arrives_with_an_overdue_review(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    outcome = product.judge(play.repo, NOBODY, play.tip(), LATE)
    assert outcome.status == 0
    assert outcome.codes("warning") == {"RD101"}


def test_once_it_is_there_what_is_touched_must_be_reviewed(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    old = play.tip()
    play.day("2029-01-01")
    play.move("documents/WI-001-text.md", "documents/deep/WI-001-text.md")
    play.commit("max")
    outcome = product.judge(play.repo, old, play.tip(), LATE)
    assert outcome.codes("error") == {"RD101"}
