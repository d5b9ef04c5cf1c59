"""Keys and roles are placed into the register; what people wrote around them stays."""

from __future__ import annotations

from datetime import date

import pytest

from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_register
from isodocs.demo.files import example_files
from isodocs.demo.register import KeyEntry, with_keys, with_role

ONE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC36dR1Yc9aPPZ8ykDjIvx0gZM8HXHx0rg7Rk0DFJcQZ"
TWO = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPm1rY3cuMZLbUS4Qx7Yy9W5pMFRWUS7n6nZTt9b0yX8"
TEXT = """\
# Ours.
format: 1
roles:
  boss: {title: Boss}  # one of them
people:
  ann:  # who began
    name: Ann
    emails: [ann@ex.example]
    roles:
      - {role: boss, from: 2025-01-01}  # named by the board
    keys: []

  # The second.
  bob:
    name: Bob
    roles: []
    keys:
      # from his old machine
      - key: ssh-ed25519 AAAAold
        from: 2025-01-01
"""


def people(text: str) -> object:
    register, problems = read_register(text.encode())
    assert register is not None, problems
    return register.people


class TestKeys:
    def test_into_an_empty_list(self) -> None:
        found = with_keys(TEXT, "ann", [KeyEntry(ONE, date(2026, 1, 2), date(2026, 3, 4))])
        new = ["    keys:", f"      - key: {ONE}", "        from: 2026-01-02", "        until: 2026-03-04"]
        assert found == TEXT.replace("    keys: []", "\n".join(new))
        assert all(line in found for line in TEXT.splitlines() if "#" in line)

    def test_in_place_of_others(self) -> None:
        found = with_keys(TEXT, "bob", [KeyEntry(ONE, date(2026, 1, 2)), KeyEntry(TWO, date(2026, 1, 3))])
        assert "AAAAold" not in found
        assert found.count("- key:") == 2
        assert found.startswith(TEXT[: TEXT.index("    keys:\n")])

    def test_again_is_the_same(self) -> None:
        entries = [KeyEntry(ONE, date(2026, 1, 2), checked_by="bob", proof="-----BEGIN\nabc\n-----END\n")]
        once = with_keys(TEXT, "ann", entries)
        assert with_keys(once, "ann", entries) == once

    def test_none_at_all(self) -> None:
        found = with_keys(with_keys(TEXT, "ann", [KeyEntry(ONE, date(2026, 1, 2))]), "ann", [])
        assert people(found) == people(TEXT)

    def test_the_proof_is_read_as_it_was(self) -> None:
        proof = "-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n"
        found = with_keys(TEXT, "ann", [KeyEntry(ONE, date(2026, 1, 2), checked_by="bob", proof=proof)])
        register, _ = read_register(found.encode())
        assert register is not None
        (key,) = register.people["ann"].keys
        assert key.enrolled is not None
        assert (key.enrolled.proof, key.enrolled.checked_by) == (proof, "bob")

    @pytest.mark.parametrize("person", ["eve", "an", "name"])
    def test_nobody_of_that_name(self, person: str) -> None:
        with pytest.raises(CannotRun, match=f"no entry of {person}"):
            with_keys(TEXT, person, [])

    def test_a_person_on_one_line_is_refused(self) -> None:
        text = "format: 1\npeople:\n  ann: {name: Ann, keys: []}\n"
        with pytest.raises(CannotRun, match="ann"):
            with_keys(text, "ann", [KeyEntry(ONE, date(2026, 1, 2))])

    def test_an_unreadable_result_is_refused(self) -> None:
        with pytest.raises(CannotRun, match="unreadable"):
            with_keys(TEXT, "ann", [KeyEntry("nokey", date(2026, 1, 2))])


class TestRoles:
    def test_one_more(self) -> None:
        found = with_role(TEXT, "ann", "boss", date(2026, 1, 2), date(2026, 2, 3))
        before, after = TEXT.splitlines(), found.splitlines()
        (line,) = [one for one in after if one not in before]
        assert line == "      - {role: boss, from: 2026-01-02, until: 2026-02-03}"
        assert (
            after.index(line)
            == before.index("      - {role: boss, from: 2025-01-01}  # named by the board") + 1
        )

    def test_without_an_end(self) -> None:
        found = with_role(TEXT, "ann", "boss", date(2026, 1, 2))
        assert "{role: boss, from: 2026-01-02}" in found


def test_everybody_in_the_example_can_get_keys() -> None:
    text = example_files()["people.yml"].decode()
    register, _ = read_register(text.encode())
    assert register is not None
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    for person in register.people:
        text = with_keys(text, person, [])
    assert "ssh-ed25519" not in text
    assert [line.partition("#")[2] for line in text.splitlines() if "#" in line] == comments
