"""Our verdict beside that of the real ``ssh-keygen -Y verify``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from signing import forge, vectors

from isodocs.signing import verify

if TYPE_CHECKING:
    from pathlib import Path

    from signing.vectors import Vector

    from isodocs.signing.verify import Verdict

LEAST = 500


def _judge(vector: Vector) -> tuple[Vector, Verdict, Verdict]:
    ours = verify.check(vector.message, vector.armour)
    theirs = verify.second_opinion(vector.message, vector.armour, forge.allowed(vector.line), "jane")
    return vector, ours, theirs


@pytest.fixture(scope="module")
def judged(
    keys: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Vector, Verdict, Verdict]]:
    every = vectors.all_vectors(keys, tmp_path_factory.mktemp("weak"))
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(_judge, every))


def _accepted(vector: Vector, ours: Verdict) -> bool:
    """ssh-keygen also asks whether the key is allowed; we leave that to the register."""
    return ours.ok and ours.key == " ".join(vector.line.split()[:2])


def test_there_are_enough_of_them(judged: list[tuple[Vector, Verdict, Verdict]]) -> None:
    assert len(judged) >= LEAST
    assert len({vector.label for vector, _, _ in judged}) == len(judged)


def test_the_verdicts_agree_but_for_the_written_list(judged: list[tuple[Vector, Verdict, Verdict]]) -> None:
    differing = [
        (vector.label, ours, theirs)
        for vector, ours, theirs in judged
        if not vector.stricter and _accepted(vector, ours) != theirs.ok
    ]
    assert differing == []


def test_the_written_list_is_right(judged: list[tuple[Vector, Verdict, Verdict]]) -> None:
    """Each case on it is refused by us and accepted by ssh-keygen; the list is not too long."""
    listed = [(vector, ours, theirs) for vector, ours, theirs in judged if vector.stricter]
    wrong = [(vector.label, ours, theirs) for vector, ours, theirs in listed if ours.ok or not theirs.ok]
    assert wrong == []
    assert {vector.stricter for vector, _, _ in listed} == set(vectors.STRICTER)


def test_every_refusal_has_a_reason(judged: list[tuple[Vector, Verdict, Verdict]]) -> None:
    for vector, *verdicts in judged:
        for verdict in verdicts:
            assert bool(verdict.why) != verdict.ok, vector.label
            assert verdict.why.isprintable(), vector.label
            assert not verdict.why.endswith("."), vector.label


def test_what_is_genuine_is_accepted(judged: list[tuple[Vector, Verdict, Verdict]]) -> None:
    genuine = [ours for vector, ours, _ in judged if vector.label.startswith(("genuine", "made by"))]
    assert len(genuine) == 8 * 6 * 2 + 6
    assert all(verdict.ok for verdict in genuine)
