"""Whose word a seal is: by the register in force when it was made, in the history of today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.company import Held, usual_register
from support.library import Mainline, Verdict, founded
from support.statements import Key

from isodocs.core.library import Judged
from isodocs.core.seal_check import compare
from isodocs.core.sealing import make
from isodocs.registers import sealing

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.seal import Seal

LATER = "2026-08-01"
NOBODYS = "by the register of then, in the history of today, that key was nobody's"


def mainline(line: Mainline, moment: str) -> Library:
    return line.library(Judged.MAINLINE, base=None, moment=moment)


def sealed(line: Mainline, moment: str = "2026-03-01", signer: str = "jane") -> Seal:
    return make(mainline(line, moment), signer=signer, name=signer.title())


def changed(line: Mainline, day: str, *keys: Held) -> Mainline:
    """From a day on jane has these keys; bob signs it."""
    before = line.authority()
    line.register = usual_register().with_keys("jane", *keys)
    line.company()
    line.sign_authority("bob", predecessor=before)
    return line.commit(day=day)


def who(line: Mainline, seal: Seal, key: str = "jane") -> sealing.Sealer:
    return sealing.sealer(mainline(line, LATER), seal, Key(key).public)


def test_the_key_of_the_one_it_names() -> None:
    line = founded()
    assert who(line, sealed(line)) == sealing.Sealer("jane", "")


def test_one_that_was_exchanged_since() -> None:
    line = founded()
    seal = sealed(line)
    changed(line, "2026-05-01", Held("jane", until="2026-05-01"), Held("jane2", "2026-05-01"))
    assert who(line, seal) == sealing.Sealer("jane", "")
    assert who(line, seal, "jane2") == sealing.Sealer(None, NOBODYS)


def test_one_that_was_lost_after_it_was_made() -> None:
    line = founded()
    seal = sealed(line)
    changed(line, "2026-05-01", Held("jane", revoked=("2026-05-01", "2026-04-01")))
    assert who(line, seal).why == ""


def test_one_that_was_lost_before() -> None:
    line = founded()
    seal = sealed(line)
    changed(line, "2026-05-01", Held("jane", revoked=("2026-05-01", "2026-02-01")))
    assert who(line, seal) == sealing.Sealer("jane", "that key may have been in other hands when it was made")


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("eve", sealing.Sealer(None, NOBODYS)),
        ("bob", sealing.Sealer("bob", "it names jane, but the key was bob's")),
    ],
)
def test_another_key(key: str, found: sealing.Sealer) -> None:
    line = founded()
    assert who(line, sealed(line), key) == found


def test_before_there_was_a_register() -> None:
    line = founded()
    seal = sealed(line).model_copy(update={"made": "2020-01-01T00:00:00Z"})
    why = "no register governed yet when it was made, by the history of today"
    assert who(line, seal) == sealing.Sealer(None, why)


def test_the_facts_for_machines() -> None:
    line = founded()
    seal = sealed(line)
    verdict = Verdict(ok=True, key=Key("jane").public)
    row = sealing.facts(seal, verdict, who(line, seal), expected=None)
    assert (row["signer"], row["holder"], row["fingerprint"]) == ("jane", "jane", "SHA256:test")
    assert (row["commit"], row["counts"]["documents"]) == (seal.commit, 2)


def test_rows_have_null_where_nothing_is_said() -> None:
    line = founded()
    seal = sealed(line).model_copy(update={"commit": "f" * 40})
    (row,) = sealing.rows(compare(seal, mainline(line, LATER)))
    assert row == {
        "kind": "missing",
        "id": None,
        "item": "commit",
        "name": None,
        "sealed": "f" * 40,
        "found": None,
    }


def test_two_people_with_one_key_are_nobody() -> None:
    people = replace(usual_register()).with_keys("bob", Held("bob"), Held("jane"))
    line = Mainline(register=people)
    line.company().commit()
    assert who(line, sealed(line)) == sealing.Sealer(None, NOBODYS)
