"""The walk and the fold equal the brute reading, exactly, on random repositories.

Each seed is a history of up to sixty commits. A failing test names the seed and the smallest part of its
history that shows the difference. `ISODOCS_HISTORY_SEEDS=1000` tries as many with `--slow`;
`ISODOCS_HISTORY_FROM=5000` begins elsewhere.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from history import check
from history.generator import make
from history.product import MOST_TOUCHES

FIRST = int(os.environ.get("ISODOCS_HISTORY_FROM", "0"))
COUNT = int(os.environ.get("ISODOCS_HISTORY_SEEDS", "200"))
EACH = 10
ORDINARY = 8
SPLIT = range(500, 520)
STEPS = range(600, 640)
FEW = range(700, 708)


def run(first: int, count: int) -> None:
    """Compare some seeds, and print what they held."""
    counts: Counter[str] = Counter()
    for seed in range(first, first + count):
        outcome = check.seed(seed)
        assert outcome.differences == []
        counts += outcome.counts
    told = ", ".join(f"{number} {what}" for what, number in counts.items())
    print(f"seeds {first} to {first + count - 1}: {told}; no difference")  # noqa: T201 - the figures


@pytest.mark.parametrize("seed", range(FIRST, FIRST + ORDINARY))
def test_a_history_is_read_as_it_is(seed: int) -> None:
    run(seed, 1)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FIRST + ORDINARY, FIRST + COUNT, EACH))
def test_many_histories_are_read_as_they_are(first: int) -> None:
    run(first, min(EACH, FIRST + COUNT - first))


def test_a_fold_goes_on_from_any_step() -> None:
    """What was folded up to any step, and goes on from there, ends as what was folded at once."""
    assert list(check.splits(make(3, 16))) == []


@pytest.mark.parametrize("seed", STEPS[:2])
def test_a_fold_goes_on_step_by_step(seed: int) -> None:
    assert list(check.one_by_one(make(seed))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SPLIT)
def test_many_folds_go_on_from_any_step(seed: int) -> None:
    assert list(check.splits(make(seed))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", STEPS[2:])
def test_many_folds_go_on_step_by_step(seed: int) -> None:
    assert list(check.one_by_one(make(seed))) == []


@pytest.mark.slow
@pytest.mark.parametrize("most", [0, 1])
@pytest.mark.parametrize("seed", FEW)
def test_many_folds_go_on_though_little_was_kept(
    seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a draft with so many commits that a kept state leaves them out."""
    monkeypatch.setattr(MOST_TOUCHES, most)
    assert list(check.one_by_one(make(seed))) == []
