"""The challenge that proves possession of a key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from signing import forge

if TYPE_CHECKING:
    from collections.abc import Callable

from isodocs.signing import enrol, verify

QMS = "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10"
DATE = "2026-03-01"


def test_the_text_is_fixed() -> None:
    line = forge.soft_ed25519().line
    assert (
        enrol.challenge(QMS, "jane-doe", f"{line} at home", DATE)
        == (
            "isodocs enrolment\n"
            "I hold this key alone and shall sign with it as the person named here.\n"
            f"qms: {QMS}\n"
            "person: jane-doe\n"
            f"key: {line}\n"
            "date: 2026-03-01\n"
        ).encode()
    )


def test_it_can_never_be_a_statement() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(enrol.challenge(QMS, "jane", forge.soft_ed25519().line, DATE))


@pytest.mark.parametrize("make", [forge.soft_ed25519, forge.soft_ecdsa])
@pytest.mark.parametrize("hardware", [False, True])
def test_who_holds_the_key_can_prove_it(make: Callable[..., forge.SoftKey], *, hardware: bool) -> None:
    key = make(hardware=hardware)
    armour = key.sign(enrol.challenge(QMS, "jane", key.line, DATE)).armour()
    verdict = enrol.proves(QMS, "jane", key.line + " comment", DATE, armour)
    assert verdict.ok
    assert verdict.key == key.line


def test_a_proof_is_for_one_person_key_repository_and_day() -> None:
    key, other = forge.soft_ed25519(), forge.soft_ed25519()
    armour = key.sign(enrol.challenge(QMS, "jane", key.line, DATE)).armour()
    for facts in (
        (QMS.replace("3", "4"), "jane", key.line, DATE),
        (QMS, "max", key.line, DATE),
        (QMS, "jane", other.line, DATE),
        (QMS, "jane", key.line, "2026-03-02"),
    ):
        assert not enrol.proves(*facts, armour).ok


def test_another_key_cannot_sign_the_proof() -> None:
    """Somebody else's public key, with the challenge signed by one's own."""
    victim, thief = forge.soft_ed25519(), forge.soft_ed25519()
    armour = thief.sign(enrol.challenge(QMS, "mallory", victim.line, DATE)).armour()
    verdict = enrol.proves(QMS, "mallory", victim.line, DATE, armour)
    assert not verdict.ok
    assert "another key" in verdict.why
    assert verify.check(enrol.challenge(QMS, "mallory", victim.line, DATE), armour).ok


@pytest.mark.parametrize("qms", ["", "x", QMS.upper(), f"{{{QMS}}}", QMS + "\n"])
def test_a_repository_is_named_by_its_uuid(qms: str) -> None:
    with pytest.raises(ValueError, match=r"UUID|badly formed"):
        enrol.challenge(qms, "jane", forge.soft_ed25519().line, DATE)


@pytest.mark.parametrize("person", ["", "Jane", "jane doe", "jane\nkey: x", "jane\n", "jäne"])
def test_a_person_is_named_by_the_id(person: str) -> None:
    with pytest.raises(ValueError, match="not a person's id"):
        enrol.challenge(QMS, person, forge.soft_ed25519().line, DATE)


@pytest.mark.parametrize("date", ["", "20260301", "2026-W09-7", "2026-3-1", "2026-02-30", "2026-03-01\n"])
def test_a_day_is_written_in_one_way(date: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|isoformat"):
        enrol.challenge(QMS, "jane", forge.soft_ed25519().line, date)


def test_a_key_that_does_not_count_is_not_enrolled() -> None:
    with pytest.raises(ValueError, match="DSA"):
        enrol.challenge(QMS, "jane", "ssh-dss AAAA", DATE)
