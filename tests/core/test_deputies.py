"""Deputies and the rules on people: nobody hands on what he may not do himself, and nobody counts twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from core.test_judging import DOC, QM, approved, folded, last, shown, verdicts
from core.test_warrant import company, staff, why
from support.company import Kind
from support.library import Mainline, nobody, text

from isodocs.core import status
from isodocs.core.history import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.company import Register

PO = "process-owner"
BOTH = {"SOP": Kind((QM,)), "WI": Kind((PO, QM), distinct=True)}


def written_by(who: str, register: Register | None = None, **settings: object) -> Mainline:
    """Revision 2 by somebody, committed before anybody signs."""
    return company(register, drafts=True, **settings).commit(who=who, day="2026-02-01")


def signed(line: Mainline, writers: Iterable[str] = ("max",), person: str = "jane") -> Mainline:
    line.sign("WI-001", person, revision="2", signer="tom", writers=writers)
    return line.commit(who="tom", day="2026-02-02")


# --- independence ---


def test_a_deputy_may_sign_what_others_wrote() -> None:
    assert approved(signed(written_by("max"))) == ["1", "2"]


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("tom", "tom wrote part of it, so cannot approve it for jane either"),
        ("jane", "jane wrote part of it, so a deputy cannot approve it for jane either"),
    ],
)
def test_neither_the_deputy_nor_the_person_may_have_written(who: str, told: str) -> None:
    line = signed(written_by(who))
    assert (last(line), why(line)) == ("AP104", told)
    assert approved(line) == ["1"]


@pytest.mark.parametrize("writers", [["tom"], ["jane"], ["jane", "max"]])
def test_neither_may_be_named_as_a_writer(writers: list[str]) -> None:
    assert last(signed(written_by("max"), writers)) == "AP104"


@pytest.mark.parametrize("who", ["tom", "jane"])
def test_a_further_approval_by_a_deputy_is_held_against_the_writers_too(who: str) -> None:
    line = written_by(who)
    line.sign("WI-001", "bob", revision="2", writers=[who])
    line.commit(who="bob", day="2026-02-02")
    assert approved(line) == ["1", "2"]
    signed(line)
    assert last(line) == "AP104"


def test_without_independence_the_page_says_by_its_author_whoever_of_the_two_wrote() -> None:
    kinds = {"SOP": Kind((QM,)), "WI": Kind(independence="none")}
    for who, expected in (("tom", True), ("jane", True), ("max", False)):
        line = signed(written_by(who, kinds=kinds), [who])
        state = folded(line)
        found = {one.id: one for one in status.view(state, line.evidence(), state.time)}
        assert [one.approved_by_author for one in found["WI-001"].revisions][1] == expected


# --- squashes ---


def squash(*said: tuple[str, str, str], who: str = "tom", also: Iterable[str] = ()) -> Mainline:
    """One commit by somebody with text and statements (person, signer, meaning), none naming him a writer."""
    line = company()
    for person, signer, meaning in said:
        role = None if meaning == "authored" else QM
        line.sign("WI-001", person, revision="2", signer=signer, meaning=meaning, role=role)
    line.commit(who=who, day="2026-02-02")
    step = line.steps[-1]
    commit = replace(step.commit, coauthors=tuple(nobody(name) for name in also))
    line.steps[-1] = Step(commit, (commit,))
    return line


def test_a_sole_deputy_who_squashes_needs_somebody_else_s_word() -> None:
    """He might have written all of it: his own statement, for whomever he signs, does not clear him."""
    assert approved(squash(("jane", "tom", "approved"))) == ["1"]
    assert approved(squash(("jane", "tom", "approved"), ("max", "max", "authored"))) == ["1", "2"]


def test_nor_is_the_one_cleared_for_whom_the_deputy_signs() -> None:
    """Jane squashes what tom approved for her: it is her approval."""
    assert approved(squash(("jane", "tom", "approved"), who="jane")) == ["1"]
    cleared = squash(("jane", "tom", "approved"), ("max", "max", "authored"), who="jane")
    assert approved(cleared) == ["1", "2"]


def test_a_statement_by_two_others_clears_the_author() -> None:
    assert approved(squash(("jane", "tom", "approved"), who="bob")) == ["1", "2"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("jane", "tom", "approved")], ["1"]),
        ([("jane", "tom", "approved"), ("bob", "tom", "approved")], ["1"]),
        ([("jane", "tom", "approved"), ("jane", "jane", "approved")], ["1"]),
        ([("jane", "tom", "approved"), ("bob", "bob", "approved")], ["1", "2"]),
        ([("bob", "tom", "approved"), ("jane", "jane", "approved"), ("bob", "bob", "approved")], ["1", "2"]),
    ],
)
def test_an_unknown_author_needs_statements_that_no_one_had_a_hand_in_all_of(
    said: list[tuple[str, str, str]], expected: list[str]
) -> None:
    assert approved(squash(*said, who="eve")) == expected


def test_a_trailer_is_the_forge_s_for_who_signed_not_for_whom_he_did() -> None:
    """Forges name those whose commits they squash: tom's held his signature; jane has committed something."""
    assert approved(squash(("jane", "tom", "approved"), who="bob", also=["tom"])) == ["1", "2"]
    assert approved(squash(("jane", "tom", "approved"), who="bob", also=["jane"])) == ["1"]


# --- returned ---


def returned(signer: str = "") -> Mainline:
    line = written_by("max")
    line.sign("WI-001", "jane", meaning="returned", revision="2", signer=signer or "jane")
    return line.commit(who="jane", day="2026-02-02")


@pytest.mark.parametrize("signer", ["jane", "tom"])
def test_a_return_bars_in_the_name_of_the_person(signer: str) -> None:
    line = returned(signer)
    assert shown(line) == "returned"
    line.sign("WI-001", "bob", revision="2")
    line.commit(who="bob", day="2026-02-03")
    assert approved(line) == ["1"]


@pytest.mark.parametrize("first", ["jane", "tom"])
@pytest.mark.parametrize("second", ["jane", "tom"])
def test_it_is_lifted_in_the_same_name_by_either(first: str, second: str) -> None:
    line = returned(first)
    line.sign("WI-001", "jane", revision="2", signer=second)
    line.commit(who=second, day="2026-02-03")
    assert approved(line) == ["1", "2"]


def test_the_deputy_in_another_name_does_not_lift_it() -> None:
    line = returned("tom")
    line.sign("WI-001", "bob", revision="2", signer="tom")
    line.commit(who="tom", day="2026-02-03")
    assert (approved(line), shown(line)) == (["1"], "returned")


# --- people who must differ ---


def both(*pairs: tuple[str, str, str]) -> list[str]:
    """What is approved by statements (person, signer, role) where two roles need two people."""
    register = staff().with_deputies(deputy_po=PO).granting("bob", PO).granting("tom", "deputy-po")
    line = company(register, kinds=BOTH)
    line.known.pop("WI-001")  # one signature was too few for revision 1
    for person, signer, role in pairs:
        line.sign("WI-001", person, revision="2", signer=signer, role=role)
    return approved(line.commit(day="2026-02-02"))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("anna", "anna", PO), ("jane", "tom", QM)], ["2"]),
        ([("anna", "tom", PO), ("jane", "tom", QM)], []),
        ([("bob", "bob", PO), ("bob", "tom", QM)], []),
        ([("anna", "tom", PO), ("jane", "tom", QM), ("jane", "jane", QM)], ["2"]),
        ([("bob", "tom", PO), ("bob", "bob", QM), ("anna", "anna", PO)], ["2"]),
    ],
    ids=["two people", "one deputy twice", "one person twice", "one of them himself", "another signs along"],
)
def test_people_differ_as_signers_and_as_persons(
    pairs: list[tuple[str, str, str]], expected: list[str]
) -> None:
    assert both(*pairs) == expected


def test_without_that_rule_one_deputy_may_fill_several_roles() -> None:
    register = staff().with_deputies(deputy_po=PO).granting("tom", "deputy-po")
    line = company(register, kinds={"SOP": Kind((QM,)), "WI": Kind((PO, QM))})
    line.known.pop("WI-001")
    line.sign("WI-001", "anna", revision="2", signer="tom", role=PO)
    line.sign("WI-001", "jane", revision="2", signer="tom")
    assert approved(line.commit(day="2026-02-02")) == ["2"]


# --- the writer's own signature ---


def prepared() -> Mainline:
    line = company()
    text_of_settings = line.settings.text().replace(
        "    review_months: 24\n", "    review_months: 24\n    prepared: signed\n"
    )
    waiting = {name: line.waiting.pop(name) for name in list(line.waiting)}
    before = line.authority()
    line.write({"isodocs.yml": text_of_settings})
    line.sign_authority("jane", predecessor=before)
    return line.commit(day="2026-01-20").write(waiting)


def test_prepared_signed_takes_no_deputy_for_the_writer() -> None:
    line = prepared()
    line.sign("WI-001", "max", meaning="authored", role=None, revision="2", signer="tom")
    line.sign("WI-001", "jane", revision="2", signer="tom")
    line.commit(day="2026-02-02")
    assert sorted(code for *_, code in verdicts(line)) == ["", "AP103"]
    assert approved(line) == ["1"]
    line.sign("WI-001", "max", meaning="authored", role=None, revision="2")
    line.sign("WI-001", "bob", revision="2", signer="tom")
    line.commit({DOC: text("WI-001", "2")}, day="2026-02-03")
    assert approved(line) == ["1", "2"]
