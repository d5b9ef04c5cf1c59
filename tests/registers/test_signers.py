"""Which keys count at a time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from support.company import Held, usual_register
from support.statements import Key

from isodocs.core.authority import Register
from isodocs.core.identity import parse_time
from isodocs.core.reading import read_register
from isodocs.registers.signers import allowed_signers, validity

BERLIN = ZoneInfo("Europe/Berlin")


def register(*held: Held) -> Register:
    text = usual_register().with_keys("jane", *held).text()
    found, problems = read_register(text.encode())
    assert found is not None, problems
    return found


def names(found: Register, when: str) -> list[str]:
    moment = parse_time(when)
    assert moment is not None
    return [line.partition(" ")[0] for line in allowed_signers(found, moment, BERLIN).lines]


@pytest.mark.parametrize(
    ("held", "when", "counts"),
    [
        (Held("jane", "2026-03-01"), "2026-02-28T22:59:59Z", False),
        (Held("jane", "2026-03-01"), "2026-02-28T23:00:00Z", True),
        (Held("jane", until="2026-03-01"), "2026-02-28T22:59:59Z", True),
        (Held("jane", until="2026-03-01"), "2026-02-28T23:00:00Z", False),
        (Held("jane", revoked=("2026-03-01", "2026-01-01")), "2026-02-28T22:59:59Z", True),
        (Held("jane", revoked=("2026-03-01", "2026-01-01")), "2026-02-28T23:00:00Z", False),
    ],
)
def test_days_begin_and_end_in_the_companys_time_zone(held: Held, when: str, *, counts: bool) -> None:
    assert ("jane" in names(register(held), when)) is counts


def test_the_file_ends_each_line_with_lf() -> None:
    text = allowed_signers(register(Held("jane")), 1_800_000_000, BERLIN).text
    assert text.endswith("\n")
    assert "\r" not in text
    assert text.splitlines()[2] == f'jane namespaces="isodocs" {Key("jane").public}'


def test_nobody_gives_an_empty_file() -> None:
    assert allowed_signers(Register(), 0, BERLIN).text == ""


def test_a_key_of_two_people_is_left_out_while_both_hold_it() -> None:
    text = usual_register().with_keys("bob", Held("bob"), Held("jane", until="2026-02-01")).text()
    found = read_register(text.encode())[0]
    assert found is not None
    early, late = (parse_time(when) for when in ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"))
    assert early is not None
    assert late is not None
    assert allowed_signers(found, early, BERLIN).ambiguous == ((Key("jane").public, ("bob", "jane")),)
    assert allowed_signers(found, late, BERLIN).ambiguous == ()
    assert "jane" in names(found, "2026-03-01T00:00:00Z")


def test_twice_with_one_person_is_one_line() -> None:
    found = register(Held("jane"), Held("jane", "2025-06-01"))
    assert names(found, "2026-03-01T00:00:00Z").count("jane") == 1


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (Held("jane"), "from 2025-01-01"),
        (Held("jane", until="2026-01-01"), "from 2025-01-01 until 2026-01-01"),
        (Held("jane", revoked=("2026-01-01", "2025-12-01")), "from 2025-01-01 until 2026-01-01, revoked"),
    ],
)
def test_validity_as_text(held: Held, text: str) -> None:
    assert validity(register(held).people["jane"].keys[0]) == text
