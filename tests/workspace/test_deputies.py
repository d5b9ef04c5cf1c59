"""Deputies and recovery at the gate, with real git, and how they are shown afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from scenarios import product
from scenarios.flows_shapes import QM
from support.company import Kind, Person, Register, Settings, usual_register
from support.office import Office
from support.play import Play, founded
from workspace.test_insider import gate, now

from isodocs.edition.links import Resolver
from isodocs.edition.pages import document_page
from isodocs.edition.selection import select

if TYPE_CHECKING:
    from pathlib import Path

BOSS = "top-management"
TWO = Settings(quorum=2, recovery=(BOSS, 2))
IN_FORCE, DRAFT = "WI-001 effective 2", "WI-001 effective 1 / draft 2"


def staff(until: str = "") -> Register:
    """Tom may sign for quality managers; anna, tom and max are top management."""
    register = usual_register().with_deputies(deputy_qm=QM).granting("tom", "deputy-qm", "2025-01-01", until)
    for name in ("anna", "tom", "max"):
        register = register.granting(name, BOSS)
    return replace(register, roles=(*register.roles, BOSS))


def company(path: Path, settings: Settings | None = None, register: Register | None = None) -> Play:
    return founded(path / "qms", settings or Settings(), register or staff())


def revised(p: Play, by: str = "max") -> Play:
    """Branch b with revision 2, which tom signs for jane."""
    p.branch("b")
    p.revise("WI-001", "2", by=by)
    p.sign("WI-001", "jane", signer="tom", writers=[by])
    p.commit("tom")
    return p


def merged(p: Play, by: str = "bob") -> Play:
    p.merge("b", by=by)
    p.push()
    return p


# --- at the gate ---


def test_a_deputy_s_approval_is_let_in(tmp_path: Path) -> None:
    p = merged(revised(company(tmp_path)))
    assert (gate(p), IN_FORCE in now(p)) == (frozenset(), True)


@pytest.mark.parametrize("writer", ["tom", "jane"])
def test_nobody_hands_on_what_he_may_not_do_himself(tmp_path: Path, writer: str) -> None:
    p = merged(revised(company(tmp_path), writer))
    assert gate(p) == {"AP101", "AP104"}
    assert DRAFT in now(p)


def test_who_signs_for_another_without_a_deputy_s_role(tmp_path: Path) -> None:
    p = merged(revised(company(tmp_path, register=usual_register())))
    assert gate(p) == {"AP101", "AP103"}
    assert DRAFT in now(p)


def test_a_grant_in_the_push_that_uses_it(tmp_path: Path) -> None:
    """First the deputy's role, signed by bob; then, in the same push, the deputy's approval."""
    p = company(tmp_path, register=usual_register())
    p.branch("grant")
    p.configure(register=staff())
    p.authorise("bob")
    p.commit("bob")
    p.merge("grant")
    merged(revised(p))
    assert gate(p) == {"AP103"}
    assert IN_FORCE in now(p)  # had it been let in


def test_the_same_in_two_pushes(tmp_path: Path) -> None:
    p = company(tmp_path, register=usual_register())
    p.branch("grant")
    p.configure(register=staff())
    p.authorise("bob")
    p.commit("bob")
    p.merge("grant")
    p.push()
    assert gate(p) == frozenset()
    merged(revised(p))
    assert (gate(p), IN_FORCE in now(p)) == (frozenset(), True)


@pytest.mark.parametrize(("day", "errors"), [("2026-02-09", set()), ("2026-02-10", {"AP101", "AP103"})])
def test_a_grant_that_ended_before_the_merge(tmp_path: Path, day: str, errors: set[str]) -> None:
    p = revised(company(tmp_path, register=staff("2026-02-10")))
    p.day(day)
    assert gate(merged(p)) == errors


def test_a_deputy_who_squashes_alone(tmp_path: Path) -> None:
    """The carrier may be the writer: neither the deputy nor the one he signs for clears himself."""
    for by in ("tom", "jane"):
        p = revised(company(tmp_path / by))
        p.squash("b", by)
        p.push()
        assert gate(p) == {"AP101", "AP104"}
    p = revised(company(tmp_path / "cleared"))
    p.sign("WI-001", "max", meaning="authored", role=None)
    p.commit("max")
    p.squash("b", "tom")
    p.push()
    assert (gate(p), IN_FORCE in now(p)) == (frozenset(), True)


def test_one_deputy_cannot_be_two_people(tmp_path: Path) -> None:
    p = company(tmp_path, Settings().kind("WI", Kind(("process-owner", QM), distinct=True)))
    register = p.register.with_deputies(deputy_po="process-owner").granting("tom", "deputy-po")
    p.configure(register=register)
    p.authorise("bob")
    p.commit("bob")
    p.push()
    p.branch("b")
    p.doc("WI-001", "2")
    p.commit("max")
    p.sign("WI-001", "jane", signer="tom", after="1")
    p.sign("WI-001", "anna", signer="tom", after="1")
    p.commit("tom")
    assert gate(merged(p)) >= {"AP101"}
    assert "WI-001 effective 2" not in now(p)


# --- settings and people ---


def newcomer(p: Play, *said: tuple[str, str, str]) -> Play:
    """Eve in the register, signed by (person, signer, role)."""
    p.branch("eve")
    p.configure(register=p.register.but(eve=Person(("eve@other.example",))))
    for person, signer, role in said:
        p.authorise(person, role=role, signer=signer)
    p.commit("jane")
    p.merge("eve")
    p.push()
    return p


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ([("jane", "tom", QM), ("bob", "bob", QM)], set()),
        ([("jane", "tom", QM), ("bob", "tom", QM)], {"AU101"}),
        ([("anna", "anna", BOSS), ("tom", "tom", BOSS)], set()),
        ([("anna", "anna", BOSS), ("jane", "jane", QM)], {"AU101"}),
        ([("anna", "anna", BOSS), ("max", "tom", BOSS)], {"AU101", "AP103"}),
    ],
    ids=["a deputy", "one deputy twice", "recovery", "not mixed", "no deputy recovers"],
)
def test_who_changes_settings_and_people(
    tmp_path: Path, said: list[tuple[str, str, str]], errors: set[str]
) -> None:
    assert gate(newcomer(company(tmp_path, TWO), *said)) == errors


def test_recovery_in_the_push_that_brings_it(tmp_path: Path) -> None:
    """Jane, alone, makes max the one who recovers, and max lets eve in: one push, two merges."""
    p = company(tmp_path)
    p.branch("rules")
    p.configure(replace(p.settings, recovery=(BOSS, 1)))
    p.authorise("jane")
    p.commit("jane")
    p.merge("rules")
    old = p.new
    newcomer(p, ("max", "max", BOSS))
    p.old = old
    assert gate(p) == {"AU101"}


def test_a_lost_quorum_is_cured_by_recovery_and_stays_visible(tmp_path: Path) -> None:
    office = Office(newcomer(company(tmp_path, TWO), ("anna", "anna", BOSS), ("tom", "tom", BOSS)))
    row = verified(office)["authority"]
    assert (row["recovered"], row["signed_by"]) == (True, ["Anna", "Tom"])
    assert "RECOVERED" in office.ok("verify")
    office.play.configure(replace(TWO, title="Calm again"))
    for name in ("jane", "bob"):
        office.play.authorise(name)
    office.play.commit("jane")
    assert verified(office)["authority"]["recovered"] is False
    library = office.library(with_branch=False)
    assert [one.recovered for one in library.state.adoptions] == [False, True, False]


def test_a_new_trust_root_where_nothing_recovers(tmp_path: Path) -> None:
    """Nobody can sign any more: all agree on a commit, pin it, and approve everything anew from there."""
    p = company(tmp_path, Settings(quorum=2))
    register = p.register.with_keys("jane").with_keys("bob").granting("anna", QM).granting("tom", QM)
    p.configure(register=register)
    p.commit("anna")
    p.push()
    assert gate(p) == {"AU101"}
    pin = ("--trust-root", p.new)
    asked = product.ask(p.repo, "check", *pin, "--profile", "release", "--as-of", p.now, "--format", "json")
    assert asked.codes("error") >= {"AP101"}  # the old signatures are by keys that the new register lacks
    p.sign("WI-001", "anna", role=QM, after=None)
    p.sign("SOP-001", "anna", after=None)
    p.sign("SOP-001", "tom", role=QM, after=None)
    p.commit("anna")
    p.push()
    listed = product.ask(p.repo, "list", *pin, "--as-of", p.now, "--format", "json")
    assert {product.rendered(item) for item in listed.items} == {"SOP-001 effective 1", "WI-001 effective 1"}
    chain = product.ask(p.repo, "verify", *pin, "--format", "json")
    assert json.loads(chain.output)["authority"]["root"] is True


# --- shown ---


@pytest.fixture(scope="module")
def signed_for(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Revision 2 of WI-001 is in force by tom's signature for jane."""
    return Office(merged(revised(company(tmp_path_factory.mktemp("office")))))


def verified(office: Office) -> dict[str, Any]:
    found = json.loads(office.ok("verify", "--format", "json"))
    assert isinstance(found, dict)
    return found


class TestShown:
    def test_in_the_history(self, signed_for: Office) -> None:
        assert "Tom for Jane" in signed_for.ok("history", "WI-001")
        items = json.loads(signed_for.ok("history", "WI-001", "--format", "json"))["items"]
        (row,) = items[1]["signatures"]
        assert (row["person"], row["signer"], row["name"]) == ("jane", "tom", "Tom for Jane")
        assert row["valid"]

    def test_by_verify(self, signed_for: Office) -> None:
        assert "Tom for Jane" in signed_for.ok("verify")
        found = [row for row in verified(signed_for)["items"] if row["revision"] == "2"]
        assert [(row["person"], row["signer"], row["name"]) for row in found] == [
            ("jane", "tom", "Tom for Jane")
        ]

    def test_on_the_page_of_the_manual(self, signed_for: Office) -> None:
        edition = select(signed_for.library(with_branch=False))
        (document,) = (one for one in edition.documents if one.id == "WI-001")
        assert [row.name for row in document.approvals if row.meaning == "approved"] == ["Tom for Jane"]
        page = document_page(document, Resolver({document.id: document}))
        assert "<strong>Tom for Jane</strong>, Quality manager" in page
        assert "<td>Tom for Jane<br>" in page

    def test_a_deputy_who_hides_behind_a_name_is_shown(self, tmp_path: Path) -> None:
        """The printed name in a statement is the signer's word; the register knows better."""
        p = revised(company(tmp_path))
        library = Office(p).library()
        judged = library.state.life("WI-001").judged
        (item,) = (one for one in judged if one.statement.revision == "2")
        said = replace(item.statement, name="Jane")
        assert library.register.name_on(said).startswith("Tom for Jane")

    def test_who_returned_it(self, tmp_path: Path) -> None:
        p = company(tmp_path)
        p.branch("b")
        p.revise("WI-001", "2")
        p.sign("WI-001", "jane", signer="tom", meaning="returned")
        p.commit("tom")
        office = Office(p)
        assert "returned by Tom for Jane" in office.ok("status", "WI-001")
        ended = office.run("check", "--profile", "release", "--base", "main")
        assert "tom for jane returned it" in ended.out

    def test_void_signatures(self, tmp_path: Path) -> None:
        p = company(tmp_path)
        p.branch("b")
        p.revise("WI-001", "2")
        p.sign("WI-001", "jane", signer="max")
        p.commit("max")
        office = Office(p)
        assert "Max for Jane's signature (approved) is void: max signed for jane" in office.ok(
            "status", "WI-001"
        )
        ended = office.run("check", "--profile", "release", "--base", "main")
        assert "The signature of max for jane as quality-manager (approved, revision 2) is void" in ended.out

    def test_whom_one_may_ask_instead(self, tmp_path: Path) -> None:
        p = company(tmp_path)
        p.branch("b")
        p.revise("WI-001", "2", by="bob")
        told = Office(p).ok("status", "WI-001")
        assert "approval by quality-manager is missing: Jane (or a deputy: Tom)" in told
