"""What a deputy would sign, and what he is told where he may not; recovery; keys that know their user."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.company import Kind, Register, Settings, usual_register
from support.office import Office

from isodocs.core import proposal
from isodocs.core.problem import CannotRun
from isodocs.core.statement import Meaning, Statement

if TYPE_CHECKING:
    from pathlib import Path

QM, PO, BOSS = "quality-manager", "process-owner", "top-management"
TWO = Settings(quorum=2, recovery=(BOSS, 2))


def staff() -> Register:
    """Tom may sign for quality managers; max until yesterday; anna and tom are top management."""
    register = usual_register().with_deputies(deputy_qm=QM)
    register = register.granting("tom", "deputy-qm").granting("max", "deputy-qm", "2025-01-01", "2026-02-01")
    register = register.granting("anna", BOSS).granting("tom", BOSS)
    return replace(register, roles=(*register.roles, BOSS))


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office.founded(tmp_path_factory.mktemp("office") / "repo", TWO, staff())


@pytest.fixture
def office(founded: Office, tmp_path: Path) -> Office:
    """Branch ``b`` with revision 2 of WI-001 by max."""
    found = founded.copy(tmp_path / "repo")
    found.play.branch("b")
    found.play.revise("WI-001", "2")
    return found


def propose(
    office: Office,
    person: str = "jane",
    signer: str | None = "tom",
    meaning: Meaning = Meaning.APPROVED,
    role: str | None = QM,
) -> Statement:
    library = office.desk().library
    about = proposal.subject(library, "WI-001", meaning)
    return proposal.statement(library, about, meaning, person, role=role, signer=signer)


def refusal(office: Office, *given: object) -> str:
    with pytest.raises(CannotRun) as caught:
        propose(office, *given)  # type: ignore[arg-type]
    return str(caught.value)


class TestForAnother:
    def test_the_statement_names_both(self, office: Office) -> None:
        made = propose(office)
        assert (made.person, made.signer, made.role) == ("jane", "tom", QM)
        assert made.name == "Tom for Jane"
        assert made.writers == ("max",)

    def test_it_counts_once_it_is_on_the_mainline(self, office: Office) -> None:
        office.play.sign("WI-001", "jane", signer="tom")
        office.play.commit("tom")
        office.play.merge("b")
        view = office.library(with_branch=False).views["WI-001"]
        assert view.in_force is not None
        assert view.in_force.approval.revision == "2"

    def test_for_oneself_is_as_without(self, office: Office) -> None:
        assert propose(office, "jane", "jane").name == "Jane"
        assert propose(office, "jane", None).signer == "jane"

    def test_for_whom_one_may_sign(self, office: Office) -> None:
        library = office.desk().library
        assert proposal.deputised(library, "tom") == (("bob", QM), ("jane", QM))
        assert proposal.deputised(library, "max") == ()
        assert proposal.deputised(library, "jane") == ()

    def test_one_is_no_deputy_of_oneself(self, tmp_path: Path) -> None:
        register = staff().granting("jane", "deputy-qm")
        office = Office.founded(tmp_path / "repo", TWO, register)
        assert proposal.deputised(office.desk().library, "jane") == (("bob", QM),)

    def test_the_roles_that_he_may_fill(self, office: Office) -> None:
        library = office.desk().library
        about = proposal.subject(library, "WI-001", Meaning.APPROVED)
        assert proposal.roles_held(library, about, Meaning.APPROVED, "jane", "tom") == {QM}
        assert proposal.roles_to_sign(library, about, Meaning.APPROVED, "jane", "tom") == (QM,)
        assert proposal.roles_held(library, about, Meaning.APPROVED, "jane", "jane") == {QM}

    def test_only_the_role_that_he_stands_in_for(self, tmp_path: Path) -> None:
        register = staff().granting("jane", PO)
        office = Office.founded(tmp_path / "repo", TWO, register)
        library = office.desk().library
        about = proposal.subject(library, "SOP-001", Meaning.APPROVED)
        assert proposal.roles_held(library, about, Meaning.APPROVED, "jane") == {PO, QM}
        assert proposal.roles_held(library, about, Meaning.APPROVED, "jane", "tom") == {QM}

    def test_who_is_no_deputy(self, office: Office) -> None:
        library = office.desk().library
        about = proposal.subject(library, "WI-001", Meaning.APPROVED)
        with pytest.raises(CannotRun, match="Max is no deputy of Jane as quality-manager"):
            proposal.roles_held(library, about, Meaning.APPROVED, "jane", "max")
        with pytest.raises(CannotRun, match="Anna holds no role that may sign this"):
            proposal.roles_to_sign(library, about, Meaning.APPROVED, "anna", "tom")

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            (("jane", "max"), "Max for Jane cannot sign this: max signed for jane and held no role"),
            (("anna", "tom"), "Tom for Anna cannot sign this: anna did not hold the role quality-manager"),
            (("jane", "tom", Meaning.AUTHORED, None), "this everybody signs himself"),
            (("jane", "tom", Meaning.ACKNOWLEDGED, None), "this everybody signs himself"),
            (("zoe", "tom"), "zoe is not in Quality management system's register"),
        ],
    )
    def test_what_he_cannot_sign(self, office: Office, given: tuple[object, ...], told: str) -> None:
        assert told in refusal(office, *given)

    @pytest.mark.parametrize(("who", "name"), [("tom", "Tom"), ("jane", "Jane")])
    def test_neither_of_them_may_have_written(self, office: Office, who: str, name: str) -> None:
        office.play.revise("WI-001", "2", "More.", by=who)
        assert refusal(office).startswith(f"{name} wrote part of WI-001 revision 2")

    def test_once_is_enough_for_each_of_the_two(self, office: Office) -> None:
        office.play.sign("WI-001", "jane", signer="tom")
        office.play.commit("tom")
        assert "Tom for Jane signed this already" in refusal(office)
        assert propose(office, "jane", None).person == "jane"
        assert propose(office, "bob", "tom").person == "bob"

    def test_a_weak_signature_does_not_stand_in_the_way_of_a_strong_one(self, office: Office) -> None:
        office.play.sign("WI-001", "jane", assurance="unsigned")
        office.play.commit("jane")
        assert propose(office, "jane", None).person == "jane"


class TestSettingsAndPeople:
    @pytest.fixture
    def changed(self, office: Office) -> Office:
        office.play.configure(replace(TWO, title="Other"))
        office.play.commit("max")
        return office

    def test_a_deputy_signs_for_a_quality_manager(self, changed: Office) -> None:
        made = proposal.authority_statement(changed.desk().library, "jane", signer="tom")
        assert (made.person, made.signer, made.role, made.name) == ("jane", "tom", QM, "Tom for Jane")

    def test_who_is_none_does_not(self, changed: Office) -> None:
        library = changed.desk().library
        with pytest.raises(CannotRun, match="Max cannot change them for Jane: that takes a deputy for"):
            proposal.authority_statement(library, "jane", signer="max")
        with pytest.raises(CannotRun, match="recovery knows no deputies"):
            proposal.authority_statement(library, "anna", signer="tom")

    def test_recovery_where_only_that_is_held(self, changed: Office) -> None:
        library = changed.desk().library
        assert proposal.authority_statement(library, "anna").role == BOSS
        assert proposal.authority_statement(library, "jane").role == QM
        assert proposal.authority_statement(library, "anna", role=BOSS).role == BOSS

    def test_the_usual_role_where_both_are_held(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", TWO, staff().granting("anna", QM))
        office.play.branch("b")
        office.play.configure(replace(TWO, title="Other"))
        office.play.commit("max")
        library = office.desk().library
        assert proposal.authority_statement(library, "anna").role == QM
        assert proposal.authority_statement(library, "anna", role=BOSS).role == BOSS

    @pytest.mark.parametrize(
        ("person", "role", "told"),
        [
            (
                "max",
                None,
                "Max may not change them; that is up to: quality-manager (Bob or Jane); top-manage",
            ),
            ("jane", BOSS, "Jane may not change them; that is up to: top-management (Anna or Tom)."),
            ("anna", QM, "Anna may not change them; that is up to: quality-manager (Bob or Jane)."),
            ("anna", PO, "changed by quality-manager or top-management, not by process-owner"),
        ],
    )
    def test_who_may_not(self, changed: Office, person: str, role: str | None, told: str) -> None:
        with pytest.raises(CannotRun) as caught:
            proposal.authority_statement(changed.desk().library, person, role=role)
        assert told in str(caught.value)

    def test_what_is_missing_is_told_by_role(self, changed: Office) -> None:
        changed.play.authorise("jane")
        changed.play.commit("jane")
        library = changed.desk().library
        made = proposal.authority_statement(library, "anna")
        assert proposal.still_to_adopt(library, made) == "1 more as top-management (Tom)"
        made = proposal.authority_statement(library, "jane", signer="tom")
        assert proposal.still_to_adopt(library, made) == "1 more as quality-manager (Bob)"
        made = proposal.authority_statement(library, "bob")
        assert proposal.still_to_adopt(library, made) == ""
        assert proposal.still_to_adopt(library, replace(made, role=PO)) == ""

    def test_the_same_again_by_the_deputy_adds_nothing_but_is_his_own(self, changed: Office) -> None:
        changed.play.authorise("jane", signer="tom")
        changed.play.commit("tom")
        library = changed.desk().library
        with pytest.raises(CannotRun, match="Tom for Jane signed these files already"):
            proposal.authority_statement(library, "jane", signer="tom")
        assert proposal.authority_statement(library, "jane").signer == "jane"


class TestDevices:
    def test_where_the_key_must_know_its_user(self, tmp_path: Path) -> None:
        settings = Settings(verified=True).kind("SOP", Kind((QM,), verified=True))
        office = Office.founded(tmp_path / "repo", settings, staff())
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.play.configure(replace(settings, title="Other"))
        office.play.commit("max")
        library = office.desk().library
        made = propose(office)
        assert not proposal.must_know_user(library, made)
        assert proposal.must_know_user(library, replace(made, id="SOP-001"))
        assert not proposal.must_know_user(library, replace(made, id="FRM-001"))
        assert proposal.must_know_user(library, proposal.authority_statement(library, "jane"))

    def test_a_key_in_a_file_is_refused_and_nothing_is_written(self, tmp_path: Path) -> None:
        settings = Settings(verified=True).kind("WI", Kind(verified=True))
        office = Office.founded(tmp_path / "repo", settings, staff())
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        ended = office.run("approve", "WI-001", "--yes")
        assert ended.status == 2
        assert "The policy asks for a hardware key that knew its user" in ended.sentence
        assert office.status() == ""
