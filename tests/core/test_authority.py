"""The authority register: periods, roles, keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from core.test_statement import PLAIN
from pydantic import ValidationError

from isodocs.core.authority import Register, day_start

BERLIN = ZoneInfo("Europe/Berlin")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPyyj5kLJ0dlKVQpHM4nNc0OtoZ9vuLT6MOcP7zZ8Bpq"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def register(**jane: object) -> Register:
    person = {"name": "Jane", "emails": ["Jane@Example.org"], **jane}
    return Register.model_validate(
        {"roles": {"qm": {"title": "QM"}}, "people": {"jane": person, "max": {"name": "Max"}}}
    )


class TestPeriods:
    def test_a_day_begins_at_midnight_of_the_company(self) -> None:
        found = register(roles=[{"role": "qm", "from": "2026-06-01", "until": "2026-07-01"}])
        assert not found.holds("jane", "qm", at("2026-05-31T21:59:59"), BERLIN)
        assert found.holds("jane", "qm", at("2026-05-31T22:00:00"), BERLIN)
        assert found.holds("jane", "qm", at("2026-06-30T21:59:59"), BERLIN)
        assert not found.holds("jane", "qm", at("2026-06-30T22:00:00"), BERLIN)

    def test_midnight_where_the_clock_changes(self) -> None:
        assert day_start(datetime(2026, 3, 29, tzinfo=BERLIN).date(), BERLIN) == at("2026-03-28T23:00:00")
        assert day_start(datetime(2026, 3, 30, tzinfo=BERLIN).date(), BERLIN) == at("2026-03-29T22:00:00")


class TestPeople:
    def test_addresses_are_known_whatever_their_case(self) -> None:
        assert register().person_of_email("JANE@example.ORG") == "jane"
        assert register().person_of_email("eve@example.org") is None

    def test_a_person_holds_his_own_name_in_a_roles_place(self) -> None:
        assert register().holds("max", "max", 0, BERLIN)
        assert not register().holds("max", "jane", 0, BERLIN)
        assert not register().holds("eve", "eve", 0, BERLIN)

    def test_an_id_is_a_person_or_a_role(self) -> None:
        with pytest.raises(ValidationError, match="both a role and a person"):
            Register.model_validate({"roles": {"x": {"title": "X"}}, "people": {"x": {"name": "X"}}})

    def test_holders_are_sorted(self) -> None:
        found = register(roles=[{"role": "qm", "from": "2020-01-01"}])
        assert found.holders("qm", at("2026-01-01"), BERLIN) == ("jane",)


class TestKeys:
    def test_the_comment_of_a_key_is_cut_off(self) -> None:
        found = register(keys=[{"key": f"{KEY} jane@desk", "from": "2026-01-01"}])
        assert found.keys_of(KEY)

    @pytest.mark.parametrize("text", ["", "ssh-ed25519", "ssh-ed25519 "])
    def test_something_else_is_no_key(self, text: str) -> None:
        with pytest.raises(ValidationError, match="not an OpenSSH public key"):
            register(keys=[{"key": text, "from": "2026-01-01"}])

    def test_a_key_counts_from_until_and_until_revoked(self) -> None:
        revoked = {"on": "2026-05-01", "compromised_since": "2026-04-01", "reason": "laptop lost"}
        found = register(keys=[{"key": KEY, "from": "2026-01-01", "until": "2027-01-01", "revoked": revoked}])
        assert found.key_holder(KEY, at("2025-12-31T12:00:00"), BERLIN) is None
        assert found.key_holder(KEY, at("2026-04-30T12:00:00"), BERLIN) == "jane"
        assert found.key_holder(KEY, at("2026-05-01T12:00:00"), BERLIN) is None
        ((_, key),) = found.keys_of(KEY)
        assert not key.compromised(at("2026-03-31T12:00:00"), BERLIN)
        assert key.compromised(at("2026-04-01T12:00:00"), BERLIN)

    def test_a_key_of_two_people_is_nobodys(self) -> None:
        both = {"keys": [{"key": KEY, "from": "2026-01-01"}]}
        found = Register.model_validate({"people": {"a": {"name": "A", **both}, "b": {"name": "B", **both}}})
        assert found.key_holder(KEY, at("2026-06-01"), BERLIN) is None
        assert [who for who, _ in found.keys_of(KEY)] == ["a", "b"]


def staff(**grants: str) -> Register:
    """Jane is quality manager; the others hold the roles named, all from 2026 on."""
    roles = {
        "qm": {"title": "QM"},
        "deputy": {"title": "Deputy", "deputy_for": "qm"},
        "second": {"title": "Second", "deputy_for": "deputy"},
        "shadow": {"title": "Shadow", "deputy_for": "jane"},
    }
    people = {
        who: {"name": who.title(), "roles": [{"role": role, "from": "2026-01-01", "until": "2026-07-01"}]}
        for who, role in {"jane": "qm", **grants}.items()
    }
    return Register.model_validate({"roles": roles, "people": people})


class TestDeputies:
    NOW = at("2026-03-01")

    def test_a_role_stands_in_for_another(self) -> None:
        found = staff(tom="deputy")
        assert found.deputises("tom", "qm", self.NOW, BERLIN)
        assert found.deputies("qm", self.NOW, BERLIN) == ("tom",)
        assert not found.deputises("jane", "qm", self.NOW, BERLIN)
        assert not found.deputises("eve", "qm", self.NOW, BERLIN)

    def test_a_deputy_does_not_hold_the_role(self) -> None:
        assert not staff(tom="deputy").holds("tom", "qm", self.NOW, BERLIN)
        assert staff(tom="deputy").holders("qm", self.NOW, BERLIN) == ("jane",)

    @pytest.mark.parametrize(
        ("when", "expected"),
        [
            ("2025-12-31T22:59:59", False),
            ("2025-12-31T23:00:00", True),
            ("2026-06-30T21:59:59", True),
            ("2026-06-30T22:00:00", False),
        ],
    )
    def test_from_until(self, when: str, *, expected: bool) -> None:
        assert staff(tom="deputy").deputises("tom", "qm", at(when), BERLIN) == expected

    def test_it_does_not_chain(self) -> None:
        found = staff(tom="deputy", max="second")
        assert not found.deputises("max", "qm", self.NOW, BERLIN)
        assert found.deputises("max", "deputy", self.NOW, BERLIN)

    def test_a_person_s_own_place_has_none(self) -> None:
        found = staff(tom="shadow")
        assert not found.deputises("tom", "jane", self.NOW, BERLIN)
        assert found.deputies("jane", self.NOW, BERLIN) == ()


class TestNames:
    def test_who_signed_and_for_whom(self) -> None:
        assert staff().printed("jane", "jane") == "Jane"
        assert staff(tom="deputy").printed("jane", "tom") == "Tom for Jane"
        assert staff().printed("jane", "gone") == "gone for Jane"

    def test_a_name_of_one_s_own_stands_behind_that_of_the_register(self) -> None:
        said = replace(PLAIN, person="jane", signer="jane", name="Jane")
        assert staff().name_on(said) == "Jane"
        assert staff().name_on(replace(said, name="Jane Doe-Roe")) == "Jane (signed as Jane Doe-Roe)"

    def test_a_deputy_never_stands_alone(self) -> None:
        """Whatever name the deputy wrote into his statement."""
        said = replace(PLAIN, person="jane", signer="tom", name="Tom for Jane")
        assert staff(tom="deputy").name_on(said) == "Tom for Jane"
        assert staff(tom="deputy").name_on(replace(said, name="Jane")) == "Tom for Jane (signed as Jane)"
