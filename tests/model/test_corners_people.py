"""Deputies, recovery and hardware keys in small flows, each asked of the naive model and of the product."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from model.test_corners import folded, naive_status
from scenarios import product
from scenarios.flows_shapes import QM, merged
from support.company import Held, Kind, Person, Register, Settings, usual_register
from support.play import Play, founded

if TYPE_CHECKING:
    from pathlib import Path

BOSS = "top-management"
FORCE, REVIEW, DRAFT = (
    "WI-001 effective 2",
    "WI-001 effective 1 / in review 2",
    "WI-001 effective 1 / draft 2",
)


def staff(until: str = "") -> Register:
    """Tom may sign for quality managers, bob for tom in that; anna and tom are top management."""
    register = usual_register().with_deputies(deputy_qm=QM, deputy_two="deputy-qm", deputy_jane="jane")
    register = register.granting("tom", "deputy-qm", "2025-01-01", until).granting("anna", "deputy-two")
    register = register.granting("tom", "deputy-jane").granting("anna", BOSS).granting("tom", BOSS)
    return replace(register, roles=(*register.roles, BOSS))


def agree(p: Play, expected: str) -> None:
    """Both say so."""
    assert expected in naive_status(p)
    assert expected in product.status(p.repo, p.now)


def branch(p: Play, by: str = "max", **front: str) -> Play:
    p.branch("b")
    p.revise("WI-001", "2", by=by, **front)
    return p


def said(p: Play, person: str, signer: str | None = "tom", **more: object) -> Play:
    p.sign("WI-001", person, signer=signer, **more)  # type: ignore[arg-type]
    p.commit(signer or person)
    return p


@pytest.mark.parametrize(
    ("person", "signer", "expected"),
    [
        ("jane", "tom", FORCE),
        ("jane", "anna", DRAFT),
        ("tom", "anna", DRAFT),
        ("anna", "tom", DRAFT),
        ("jane", "bob", DRAFT),
    ],
    ids=["deputy", "no chain", "of the deputy", "for no manager", "a peer"],
)
def test_who_signs_for_whom(tmp_path: Path, person: str, signer: str, expected: str) -> None:
    p = founded(tmp_path / "qms", register=staff())
    agree(merge(said(branch(p), person, signer, role=QM)), expected)


def merge(p: Play) -> Play:
    merged(p)
    return p


def codes_for_another(p: Play) -> tuple[list[str], list[str]]:
    """The verdicts on what somebody signed for another: the model's, and the product's."""
    ours = [one.code for one in folded(p).verdicts.values() if len(one.statement.hands) > 1]
    asked = product.ask(p.repo, "verify", "--format", "json", "--as-of", p.now)
    return ours, [item["code"] for item in asked.items if item["person"] != item["signer"]]


@pytest.mark.parametrize("by", ["tom", "jane"])
def test_neither_may_have_written(tmp_path: Path, by: str) -> None:
    p = founded(tmp_path / "qms", register=staff())
    agree(merge(said(branch(p, by), "jane", writers=["max"])), DRAFT)
    assert codes_for_another(p) == (["AP104"], ["AP104"])


@pytest.mark.parametrize(("day", "expected"), [("2026-02-09", FORCE), ("2026-02-10", DRAFT)])
def test_the_grant_must_last_until_the_merge(tmp_path: Path, day: str, expected: str) -> None:
    p = said(branch(founded(tmp_path / "qms", register=staff("2026-02-10"))), "jane")
    p.day(day)
    agree(merge(p), expected)


def test_a_place_of_one_s_own(tmp_path: Path) -> None:
    p = branch(founded(tmp_path / "qms", register=staff()), approvers="[jane]")
    said(said(p, "jane", role="jane"), "bob", None)
    agree(merge(p), REVIEW)
    assert codes_for_another(p) == (["AP103"], ["AP103"])


@pytest.mark.parametrize("meaning", ["authored", "acknowledged"])
def test_what_has_no_role_has_no_deputy(tmp_path: Path, meaning: str) -> None:
    p = founded(tmp_path / "qms", register=staff())
    if meaning == "authored":
        branch(p)
    else:
        p.branch("b")
    said(p, "jane", meaning=meaning, role=None)
    assert codes_for_another(merge(p)) == (["AP103"], ["AP103"])


@pytest.mark.parametrize(
    ("also", "by", "expected"),
    [
        ([], "tom", DRAFT),
        ([], "jane", DRAFT),
        ([], "bob", FORCE),
        ([], "eve", DRAFT),
        ([("bob", "tom")], "eve", DRAFT),
        ([("jane", "jane")], "eve", DRAFT),
        ([("bob", "bob")], "eve", FORCE),
    ],
    ids=["deputy", "person", "other", "unknown", "one deputy twice", "one person twice", "two and two"],
)
def test_squashes(tmp_path: Path, also: list[tuple[str, str]], by: str, expected: str) -> None:
    p = said(branch(founded(tmp_path / "qms", register=staff())), "jane")
    for person, signer in also:
        said(p, person, signer)
    p.squash("b", by, "web-flow" if by == "eve" else None)
    p.push()
    agree(p, expected)


@pytest.mark.parametrize(("name", "expected"), [("tom", FORCE), ("jane", DRAFT)])
def test_trailers_of_a_squash(tmp_path: Path, name: str, expected: str) -> None:
    p = said(branch(founded(tmp_path / "qms", register=staff())), "jane")
    p.squash("b", "bob", also=[(name.title(), f"{name}@ex.org")])
    p.push()
    agree(p, expected)


@pytest.mark.parametrize(
    ("person", "expected"), [("jane", FORCE), ("bob", "WI-001 effective 1 / returned 2")]
)
def test_a_return_is_lifted_in_the_name_in_which_it_was_made(
    tmp_path: Path, person: str, expected: str
) -> None:
    p = said(branch(founded(tmp_path / "qms", Settings(drafts=True), staff())), "jane", meaning="returned")
    agree(merge(said(p, person, "tom")), expected)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("anna", "anna"), ("jane", "tom")], FORCE),
        ([("anna", "tom"), ("jane", "tom")], REVIEW),
        ([("anna", "tom"), ("jane", "tom"), ("bob", "bob")], FORCE),
    ],
    ids=["two", "one deputy for both", "another too"],
)
def test_distinct_people(tmp_path: Path, pairs: list[tuple[str, str]], expected: str) -> None:
    kind = Kind(("process-owner", QM), distinct=True)
    register = staff().with_deputies(deputy_po="process-owner").granting("tom", "deputy-po")
    p = branch(founded(tmp_path / "qms", Settings().kind("WI", kind), register))
    for person, signer in pairs:
        said(p, person, signer)
    agree(merge(p), expected)


# --- settings and people ---


@pytest.mark.parametrize(
    ("pairs", "adopted"),
    [
        ([("jane", "tom", QM), ("bob", "bob", QM)], [False, False]),
        ([("jane", "tom", QM), ("bob", "tom", QM)], [False]),
        ([("jane", "tom", QM), ("jane", "jane", QM)], [False]),
        ([("anna", "anna", BOSS), ("tom", "tom", BOSS)], [False, True]),
        ([("anna", "anna", BOSS), ("jane", "jane", QM)], [False]),
        (
            [("anna", "anna", BOSS), ("tom", "tom", BOSS), ("jane", "tom", QM), ("bob", "bob", QM)],
            [False, False],
        ),
    ],
    ids=["deputy", "one deputy", "one person", "recovery", "not mixed", "both"],
)
def test_adoption(tmp_path: Path, pairs: list[tuple[str, str, str]], adopted: list[bool]) -> None:
    p = founded(tmp_path / "qms", Settings(quorum=2, recovery=(BOSS, 2)), staff())
    p.configure(register=p.register.but(eve=Person(("eve@other.example",))))
    for person, signer, role in pairs:
        p.authorise(person, role=role, signer=signer)
    p.commit("jane")
    p.push()
    assert [recovered for _, recovered in folded(p).adopted] == adopted
    asked = product.ask(p.repo, "verify", "--format", "json", "--as-of", p.now)
    recovered = '"recovered": true' in asked.output
    assert recovered == adopted[-1]
    changed = '"changed_here": true' in asked.output or len(adopted) == 2
    assert changed


# --- hardware keys ---


def device(name: str) -> Register:
    """Jane's hardware key beside her usual one."""
    return staff().with_keys("jane", Held("jane"), Held(f"sk-{name}"))


@pytest.mark.parametrize(
    ("key", "expected"),
    [("jane", REVIEW), ("sk-jane", REVIEW), ("sk-jane+uv", FORCE), ("sk-other+uv", DRAFT)],
)
def test_only_a_device_that_knew_its_user(tmp_path: Path, key: str, expected: str) -> None:
    p = Play(tmp_path / "qms", Settings().kind("WI", Kind(verified=True)), device("jane"))
    p.keys["jane"] = "sk-jane+uv"
    p.doc("WI-001", "1")
    p.sign("WI-001", "jane", after=None)
    p.commit("max")
    p.push()
    p.day("2026-02-02")
    p.keys["jane"] = key
    agree(merge(said(branch(p), "jane", None)), expected)
