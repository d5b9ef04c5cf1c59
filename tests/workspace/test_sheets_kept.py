"""A check that goes on from kept sheets says what a check says that reads every text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from scenarios import product
from support.play import founded

from isodocs.git.cache import OFF

if TYPE_CHECKING:
    from pathlib import Path

    from support.play import Play


def told(play: Play, *, kept: bool) -> list[str]:
    """What checks of the work tree, the index and a branch print."""
    env = play.repo.env if kept else {**play.repo.env, OFF: "1"}
    with patch.object(play.repo, "env", env):
        asked = (("check",), ("check", "--staged"), ("gate", "--base", "HEAD~1", "--tip", "HEAD"))
        outcomes = [product.ask(play.repo, *words, "--as-of", "2027-01-01") for words in asked]
        assert all(one.status < 2 for one in outcomes), outcomes
        return [f"{one.status} {one.output} {one.errors}" for one in outcomes]


def test_what_was_kept_changes_nothing(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    play.write("documents/x.txt", "x")
    play.commit("max")
    for number in range(4):
        path = play.repo.path / f"documents/sub{number % 2}/WI-00{number + 2}-x.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\nid: WI-00{number + 2}\ntilte: x\n---\n\n[a](WI-001.md#no) TODO ![p](p.png)\n")
        for _ in range(2):
            assert told(play, kept=True) == told(play, kept=False)
        play.repo.git("add", "-A")
        assert told(play, kept=True) == told(play, kept=False)
        play.commit("max")
        assert told(play, kept=True) == told(play, kept=False)
    (play.repo.path / "documents/sub0/WI-002-x.md").unlink()
    (play.repo.path / "documents/sub0/WI-002-x.md").symlink_to("WI-004-x.md")
    assert told(play, kept=True) == told(play, kept=False)
