"""Taking a key into a register that people keep."""

from __future__ import annotations

from datetime import date

import pytest

from isodocs.core.authority import Register
from isodocs.core.enrolment import Newcomer, NewKey, enter, refuse_checker, refuse_key, refuse_person
from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_register

PROOF = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"
KEY = NewKey("ssh-ed25519 AAAA", date(2026, 3, 1), date(2026, 2, 28), "bob", PROOF)
EVE = Newcomer("Eve O'Neill-Ärmel: the 2nd", ("eve@ex.org", "eve@home.net"), ("owner",))
ROLES = "format: 1\nroles: {owner: {title: Owner}}\n"


def read(data: bytes) -> Register:
    found, problems = read_register(data)
    assert found is not None, problems
    return found


@pytest.mark.parametrize(
    "people",
    [
        "people:\n  bob:\n    name: Bob\n    keys: []\n",
        "people:\n    bob:\n        name: Bob\n",
        "people: {}\n",
        "people:\n",
        "people: {bob: {name: Bob}}\n",
        "",
    ],
)
def test_a_newcomer_in_every_kind_of_register(people: str) -> None:
    data = (ROLES + people).encode()
    after = read(enter(data, read(data), "eve", EVE, KEY))
    eve = after.people["eve"]
    assert (eve.name, eve.emails) == (EVE.name, EVE.emails)
    assert [(grant.role, grant.from_) for grant in eve.roles] == [("owner", date(2026, 3, 1))]
    (key,) = eve.keys
    assert (key.key, key.from_) == (KEY.line, KEY.since)
    assert key.enrolled
    assert (key.enrolled.on, key.enrolled.checked_by, key.enrolled.proof) == (KEY.on, "bob", PROOF)
    assert {name: person for name, person in after.people.items() if name != "eve"} == read(data).people


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "    keys: []\n",
        "    keys:\n",
        "    keys:\n      - {key: a b, from: 2026-01-01}\n",
        "    keys:\n    - key: a b\n      from: 2026-01-01\n",
        "    keys: [{key: a b, from: 2026-01-01}]\n",
    ],
)
def test_a_further_key_below_what_is_there(keys: str) -> None:
    people = f"people:\n  bob:\n    name: Bob\n{keys}    emails: [bob@ex.org]\n  tom: {{name: Tom}}\n"
    data = (ROLES + people).encode()
    before, after = read(data), read(enter(data, read(data), "bob", None, KEY))
    assert after.people["bob"].keys[:-1] == before.people["bob"].keys
    assert after.people["bob"].keys[-1].enrolled
    assert after.people["tom"] == before.people["tom"]


def test_nobody_checked_it() -> None:
    data = ROLES.encode()
    key = NewKey(KEY.line, KEY.since, KEY.on, None, PROOF)
    entry = read(enter(data, read(data), "eve", EVE, key)).people["eve"].keys[0].enrolled
    assert entry
    assert entry.checked_by is None


def test_a_register_in_which_there_is_no_place() -> None:
    data = f"{ROLES}people:\n  bob: {{name: Bob, keys: [{{key: a b, from: 2026-01-01}}], }}\n".encode()
    with_brackets = enter(data, read(data), "bob", None, KEY)
    assert len(read(with_brackets).people["bob"].keys) == 2
    with pytest.raises(CannotRun, match=r"people\.yml cannot be added to: .* Add it by hand\."):
        enter(b"\xef\xbb\xbf" + data, read(data), "bob", None, KEY)


@pytest.mark.parametrize("person", ["", "Jane", "jane doe", "jäne", "jane\n", "a" * 65])
def test_no_id(person: str) -> None:
    with pytest.raises(CannotRun, match="cannot be a person's id"):
        refuse_person(Register(), person, EVE)


def test_one_key_one_person() -> None:
    old = f"{{key: {KEY.line}, from: 2020-01-01, until: 2020-01-02}}"
    data = f"{ROLES}people:\n  bob: {{name: Bob, keys: [{old}]}}\n"
    with pytest.raises(CannotRun, match="is in the entry of bob already"):
        refuse_key(read(data.encode()), KEY.line, "SHA256:x")
    refuse_key(read(data.encode()), "ssh-ed25519 BBBB", "SHA256:y")


def test_nobody_need_have_checked() -> None:
    refuse_checker(Register(), "eve", None)
