"""A fold in shares says exactly what a fold of the whole history says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from model.deeds import life
from workspace.test_memory import opened, told

from isodocs.core.survey import everything
from isodocs.git import walk
from isodocs.workspace import shares
from isodocs.workspace.folding import Question, fold
from isodocs.workspace.memory import Memory
from isodocs.workspace.past import names_of

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.workspace.head import Head

FIRST = int(os.environ.get("ISODOCS_SHARES_FROM", "0"))
COUNT = int(os.environ.get("ISODOCS_SHARES_SEEDS", "8"))
EVENTS = 60


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """However short a history is, it is folded in shares; the tips at which that was done."""
    tips: list[str] = []
    keep = Memory.keep_parts

    def counted(self: Memory, head: Head, *others: Any, **named: Any) -> Head:
        tips.append(head.commit)
        return keep(self, head, *others, **named)

    monkeypatch.setattr(shares, "LONG", 0)
    monkeypatch.setattr(walk, "LONG", 2)
    monkeypatch.setattr(Memory, "keep_parts", counted)
    return tips


def test_the_same_is_told(tmp_path: Path, divided: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(FIRST, FIRST + COUNT):
        company = life(seed, EVENTS)
        repo, written = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        tip = written[company.world.branches["main"]]
        for kept in (False, True):
            monkeypatch.setattr(shares, "_FEW", 1 + seed % 5)
            by_shares = fold(Question(opened(repo.path, kept=kept), tip))
            whole = fold(Question(opened(repo.path, kept=False), tip, whole=True))
            names = names_of(whole.state, whole.evidence)
            assert told(by_shares, names) == told(whole, names), f"seed {seed}"
            assert by_shares.survey is not None
            assert by_shares.survey() == everything(whole.state, whole.evidence), f"seed {seed}"
    assert len(divided) == 2 * COUNT
