"""Deputies: who may sign for whom, as the fold judges it when the statement enters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from core.test_judging import DOC, QM, approved, folded, last, revised, verdicts
from support.company import Kind, Register, Settings, usual_register
from support.library import Mainline, founded, text

from isodocs.core.statement import Meaning

DEPUTY = "deputy-qm"


def staff(until: str = "") -> Register:
    """Tom may stand in for the quality managers."""
    return usual_register().with_deputies(deputy_qm=QM).granting("tom", DEPUTY, "2025-01-01", until)


def company(register: Register | None = None, **settings: object) -> Mainline:
    """The founded company with deputies in its register, and revision 2 of WI-001 in the work tree."""
    line = Mainline(Settings(**settings), register or staff())  # type: ignore[arg-type]
    line.company()
    line.write({DOC: text("WI-001")})
    line.known["WI-001"] = line.sign("WI-001", "jane")
    return line.commit().write({DOC: text("WI-001", "2")})


def signed(
    line: Mainline,
    person: str = "jane",
    signer: str = "tom",
    key: str | None = None,
    assurance: str = "signed",
) -> Mainline:
    line.sign("WI-001", person, revision="2", signer=signer, key=key, assurance=assurance)
    return line.commit(day="2026-02-02")


def why(line: Mainline) -> str:
    return folded(line).life("WI-001").judged[-1].why


def test_a_deputy_signs_for_one_who_holds_the_role() -> None:
    line = signed(company())
    assert verdicts(line) == [("jane", "approved", "2", "")]
    assert approved(line) == ["1", "2"]
    item = folded(line).life("WI-001").judged[-1]
    assert item.people == {"jane", "tom"}
    assert item.statement.name == "Tom for Jane"


def test_nobody_signs_for_another_without_being_his_deputy() -> None:
    line = revised()
    line.sign("WI-001", "jane", revision="2", signer="bob")
    line.commit(day="2026-02-02")
    assert last(line) == "AP103"
    assert why(line) == "bob signed for jane and held no role that is deputy for quality-manager"
    assert approved(line) == ["1"]


@pytest.mark.parametrize(
    ("register", "person", "signer", "told"),
    [
        (staff(), "jane", "max", "held no role that is deputy for"),
        (staff("2026-02-02"), "jane", "tom", "held no role that is deputy for"),
        (staff(), "anna", "tom", "anna did not hold the role quality-manager"),
        (staff().without_role("jane"), "jane", "tom", "jane did not hold the role quality-manager"),
        (replace(staff(), deputies={}), "jane", "tom", "held no role that is deputy for"),
        (
            replace(staff(), deputies={DEPUTY: "process-owner"}),
            "jane",
            "tom",
            "held no role that is deputy for",
        ),
        (staff(), "zoe", "tom", "zoe is not in Quality management system's register"),
    ],
    ids=["no deputy", "ended", "no manager", "gone", "no longer", "of others", "unknown"],
)
def test_who_is_no_deputy(register: Register, person: str, signer: str, told: str) -> None:
    line = company()
    before = line.authority()
    line.register = register
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-01-20")
    signed(line, person, signer)
    assert last(line) == "AP103"
    assert told in why(line)


def test_the_deputys_own_key_must_have_signed() -> None:
    line = signed(company(), key="bob")
    assert (last(line), why(line)) == ("AP103", "it names tom as signer, but bob's key signed it")


def test_the_person_s_key_does_not_make_him_a_deputy() -> None:
    """Jane signs, and says that tom did."""
    assert last(signed(company(), key="jane")) == "AP103"


@pytest.mark.parametrize(("day", "code"), [("2026-02-01", ""), ("2026-02-03", "AP103")])
def test_a_grant_that_ends_before_the_statement_enters(day: str, code: str) -> None:
    """What counts is the day on which it comes to the mainline, not the one on which it was signed."""
    line = company(staff(until="2026-02-02"))
    line.sign("WI-001", "jane", revision="2", signer="tom")
    line.commit(day=day)
    assert last(line) == code
    assert approved(line) == (["1"] if code else ["1", "2"])


def test_what_entered_stays_when_the_grant_ends() -> None:
    line = signed(company(staff(until="2026-02-03")))
    line.commit({"README.md": "x"}, day="2026-03-01")
    assert approved(line) == ["1", "2"]


def test_a_deputy_has_no_deputy() -> None:
    """Max stands in for those who stand in for quality managers: that is not handed on."""
    register = staff().with_deputies(deputy_two=DEPUTY).granting("max", "deputy-two")
    assert last(signed(company(register), "jane", "max")) == "AP103"
    assert last(signed(company(register), "tom", "max")) == "AP103"


def test_a_deputy_s_own_role_is_a_role_like_others() -> None:
    """Bob stands in for tom in tom's role of deputy, where a policy asks for that role."""
    register = staff().with_deputies(deputy_two=DEPUTY).granting("bob", "deputy-two")
    line = company(register, kinds={"WI": Kind((DEPUTY,)), "SOP": Kind((QM,))})
    del line.known["WI-001"]  # for jane's signature serves nothing under this policy
    line.sign("WI-001", "tom", revision="2", role=DEPUTY, signer="bob")
    line.commit(day="2026-02-02")
    assert approved(line) == ["2"]


def test_a_person_s_own_place_has_no_deputy() -> None:
    """Also where a role claims to stand in for a person."""
    register = staff().with_deputies(deputy_jane="jane").granting("tom", "deputy-jane")
    line = company(register)
    line.write({DOC: text("WI-001", "2", approvers="[jane]")})
    line.sign("WI-001", "jane", revision="2", role="jane", signer="tom")
    line.sign("WI-001", "bob", revision="2")
    line.commit(day="2026-02-02")
    assert sorted(verdicts(line)) == [("bob", "approved", "2", ""), ("jane", "approved", "2", "AP103")]
    assert approved(line) == ["1"]


@pytest.mark.parametrize("meaning", [Meaning.AUTHORED, Meaning.ACKNOWLEDGED])
@pytest.mark.parametrize("role", [None, QM])
def test_nobody_writes_or_reads_for_another(meaning: Meaning, role: str | None) -> None:
    line = company()
    if meaning is Meaning.AUTHORED:
        line.sign("WI-001", "jane", meaning=meaning, role=role, revision="2", signer="tom")
    else:
        line.write({DOC: text("WI-001")})
        known = line.known.pop("WI-001")
        line.sign("WI-001", "jane", meaning=meaning, role=role, signer="tom")
        line.known["WI-001"] = known
    line.commit(day="2026-02-02")
    assert (last(line), why(line)) == ("AP103", "tom signed for jane, but this everybody signs himself")


def test_a_deputy_reviews_returns_and_withdraws_too() -> None:
    line = company()
    for meaning in ("reviewed", "returned"):
        line.sign("WI-001", "jane", meaning=meaning, revision="2", signer="tom")
    line.commit(day="2026-02-02")
    line.write({DOC: text("WI-001")})
    known = line.known.pop("WI-001")
    line.sign("WI-001", "jane", meaning="withdrawn", signer="tom")
    line.known["WI-001"] = known
    line.commit(day="2026-02-03")
    assert {code for *_, code in verdicts(line)} == {""}
    assert folded(line).life("WI-001").withdrawn


def test_an_unsigned_statement_for_another_follows_the_same_rules() -> None:
    kinds = {"SOP": Kind((QM,)), "WI": Kind(assurance="unsigned")}
    assert last(signed(company(kinds=kinds), "jane", "tom", assurance="unsigned")) == ""
    assert last(signed(company(kinds=kinds), "jane", "max", assurance="unsigned")) == "AP103"
    unknown = signed(company(kinds=kinds), "jane", "zoe", assurance="unsigned")
    assert last(unknown) == "AP103"
    assert why(unknown) == "zoe is not in Quality management system's register"


def test_a_grant_cannot_be_used_in_the_push_that_brings_it() -> None:
    """Judged commit by commit the deputy is one; with authority held at the old tip he is none."""
    line = founded()
    before, line.register = line.authority(), staff()
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-01")
    line.write({DOC: text("WI-001", "2")})
    signed(line)
    library = line.library(base=0)
    assert [one.revision for one in library.state.life("WI-001").approvals] == ["1", "2"]
    assert library.held is not None
    held = library.held.life("WI-001")
    assert [one.revision for one in held.approvals] == ["1"]
    assert [item.code for item in held.judged] == ["", "AP103"]
