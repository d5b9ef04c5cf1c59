"""Our verdict beside that of the real ``ssh-keygen -Y verify``."""

from __future__ import annotations

import base64
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from signing import forge, vectors
from signing.vectors import Vector

from isodocs.signing import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from isodocs.signing.verify import Verdict

LEAST = 1_000


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


def _mutants(armour: bytes, count: int) -> Iterator[bytes]:
    """The file with one or two of its characters, lines or ends altered, the same ones each time."""
    pick = random.Random(65)  # noqa: S311 - picks test cases, the same ones each run
    pieces = (
        b"\n",
        b"\r",
        b"\r\n",
        b" ",
        b"\t",
        b"=",
        b"A",
        b"\0",
        b"\x0b",
        b"-",
        b"text\n",
        b"\n\n",
        b"\xff",
    )
    for _ in range(count):
        altered = armour
        for _ in range(pick.randint(1, 2)):
            at = pick.choice([pick.randrange(len(altered) + 1), len(altered), len(altered) - 27])
            altered = altered[:at] + pick.choice(pieces) + altered[at + pick.choice((0, 0, 0, 1, 2)) :]
        yield altered


@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.slow)])
def test_nothing_else_of_the_file_is_judged_more_strictly(keys: dict[str, Path], count: int) -> None:
    """What we refuse and ssh-keygen accepts is the same signature in another layout, as the list has it."""
    key = forge.soft(keys["ed25519"])
    good = key.sign(vectors.MESSAGE).armour()
    stricter = 0
    for altered in _mutants(good, count):
        ours, theirs = _two(key, altered)
        if ours.ok == theirs.ok:
            continue
        assert theirs.ok, altered
        text = altered.partition(b"-----BEGIN SSH SIGNATURE-----")[2].partition(b"-----END")[0]
        packed = base64.b64decode(b"".join(text.partition(b"\0")[0].split()))
        assert _two(key, forge.wrap(base64.b64encode(packed)))[0].ok, altered
        stricter += 1
    assert stricter


def _two(key: forge.SoftKey, armour: bytes) -> tuple[Verdict, Verdict]:
    """Our verdict and that of ssh-keygen."""
    _, ours, theirs = _judge(Vector("", key.line, vectors.MESSAGE, armour))
    return ours, theirs


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ed25519", "ecdsa256", "rsa3072", "sk-ed25519", "sk-ecdsa"])
def test_each_byte_of_a_signature(keys: dict[str, Path], name: str) -> None:
    """Each byte of the packed signature altered: both refuse, but for version 0."""
    key = vectors.soft_keys(keys)[name]
    packed = key.sign(vectors.MESSAGE).packed()
    for at in range(len(packed)):
        altered = bytearray(packed)
        altered[at] ^= 1
        ours, theirs = _two(key, forge.wrap(base64.b64encode(altered)))
        assert not ours.ok, at
        assert ours.ok == theirs.ok or altered[6:10] == bytes(4), at


def test_hardware_keys_were_made_in_software() -> None:
    """No device was at hand, and the vectors say so."""
    assert "made in software" in (vectors.__doc__ or "")
    for make in (forge.soft_ed25519, forge.soft_ecdsa):
        assert isinstance(make(hardware=True), forge.SoftKey)


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
