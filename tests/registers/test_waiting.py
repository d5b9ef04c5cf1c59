"""What waits for whom: by meaning, by person, on a branch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.company import Kind, Settings
from support.office import Office

from isodocs.core.statement import Meaning
from isodocs.registers import acknowledgements
from isodocs.registers.progress import standing
from isodocs.registers.waiting import CAN_WAIT, waiting

if TYPE_CHECKING:
    from pathlib import Path

EVERYBODY = ("anna", "bob", "jane", "max", "tom")


def for_whom(office: Office, meaning: Meaning) -> dict[str, tuple[str, ...]]:
    """The documents that wait, by person; who has none is left out."""
    library = office.desk().library
    found = {person: waiting(library, meaning, person) for person in EVERYBODY}
    return {person: names for person, names in found.items() if names}


@pytest.mark.parametrize("meaning", sorted(CAN_WAIT))
def test_nothing_waits_where_all_is_in_force(office: Office, meaning: Meaning) -> None:
    assert for_whom(office, meaning) == {}


@pytest.mark.parametrize("meaning", sorted(CAN_WAIT))
def test_nothing_waits_where_nothing_governs(office: Office, meaning: Meaning) -> None:
    library = office.desk().library
    bare = replace(library, base=None, state=replace(library.state, authority=None))
    assert waiting(bare, meaning, "jane") == ()


class TestApproval:
    def test_of_those_who_hold_a_role_that_is_missing(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("SOP-001", "2")
        office.play.revise("WI-001", "2")
        both, first = ("SOP-001", "WI-001"), ("SOP-001",)
        assert for_whom(office, Meaning.APPROVED) == {"anna": first, "bob": both, "jane": both}
        office.play.signs("SOP-001", "jane")
        assert for_whom(office, Meaning.APPROVED) == {"anna": first, "bob": ("WI-001",), "jane": ("WI-001",)}

    def test_not_of_the_writer(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", by="jane")
        assert for_whom(office, Meaning.APPROVED) == {"bob": ("WI-001",)}

    def test_of_the_writer_where_no_independence_is_asked(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings().kind("WI", Kind(independence="none")))
        office.play.branch("b")
        office.play.revise("WI-001", "2", by="jane")
        assert set(for_whom(office, Meaning.APPROVED)) == {"bob", "jane"}

    def test_not_of_an_unknown_type(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("XY-001", "1")
        assert for_whom(office, Meaning.APPROVED) == {}
        assert for_whom(office, Meaning.REVIEWED) == {}
        assert for_whom(office, Meaning.AUTHORED) == {}

    def test_of_a_text_that_embeds_what_is_missing(self, office: Office) -> None:
        """It is taken up, so that signing it says what is missing."""
        office.play.branch("b")
        office.play.revise("WI-001", "2", "![a](img/a.png)")
        assert for_whom(office, Meaning.APPROVED) == {"bob": ("WI-001",), "jane": ("WI-001",)}

    def test_not_once_it_is_complete_or_returned(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.play.signs("WI-001", "jane")
        assert for_whom(office, Meaning.APPROVED) == {}
        office.play.revise("WI-001", "2", "Other words.")
        office.play.sign("WI-001", "jane", meaning="returned")
        office.play.commit("jane")
        assert for_whom(office, Meaning.APPROVED) == {}


class TestPeriodicReview:
    def overdue(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", review_date="2026-03-01")
        office.play.signs("WI-001", "jane")
        office.play.merge("b")

    def test_of_what_is_overdue(self, office: Office) -> None:
        self.overdue(office)
        assert for_whom(office, Meaning.REAFFIRMED) == {"bob": ("WI-001",), "jane": ("WI-001",)}

    def test_not_of_what_is_reviewed_on_this_branch_already(self, office: Office) -> None:
        self.overdue(office)
        office.play.branch("c")
        office.ok("reaffirm", "WI-001", "--yes")
        office.commit()
        assert for_whom(office, Meaning.REAFFIRMED) == {}


class TestReaders:
    def test_by_role_and_by_name(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", audience="[process-owner, tom]")
        office.play.signs("WI-001", "jane")
        assert for_whom(office, Meaning.ACKNOWLEDGED) == {}  # not in force yet
        office.play.merge("b")
        assert for_whom(office, Meaning.ACKNOWLEDGED) == {"anna": ("WI-001",), "tom": ("WI-001",)}
        library = office.library()
        view = standing(library)["WI-001"]
        assert acknowledgements.readers(library, view).open == ("anna", "tom")
        assert acknowledgements.pairs(library, view) == [("Read by", ""), ("Still to read", "Anna, Tom")]

    def test_nobody_reads_what_is_not_in_force(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-002", "1", audience="[tom]")
        library = office.library()
        assert acknowledgements.row(library, standing(library)["WI-002"]) == {
            "acknowledged_by": [],
            "to_acknowledge": [],
        }


class TestWithdrawal:
    def test_of_what_somebody_began_to_withdraw(self, office: Office) -> None:
        office.ok("withdraw", "SOP-001", "--reason", "No longer done.", "--yes")
        office.commit()
        assert for_whom(office, Meaning.WITHDRAWN) == {"anna": ("SOP-001",)}
        office.ok("withdraw", "SOP-001", "--reason", "Agreed.", "--yes", by="anna")
        office.commit("anna")
        assert for_whom(office, Meaning.WITHDRAWN) == {}
