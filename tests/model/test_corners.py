"""Corners that random lives found or that the table leaves out: each played once, small, and asked of both.

The expectation is what DESIGN section 4 says; the naive model and the product must both meet it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from model.answers import items, rendered
from model.fold import fold_of
from scenarios import product
from scenarios.flows_dates import withdraw
from scenarios.flows_files import IMAGE, PICTURED
from scenarios.flows_shapes import QM, merged, r2_approved, r2_signed
from support.company import Kind, Settings, usual_register
from support.play import Play, founded, who

if TYPE_CHECKING:
    from pathlib import Path

    from model.fold import Fold


def folded(play: Play) -> Fold:
    return fold_of(play.repo.path)


def naive_status(play: Play, when: str = "") -> set[str]:
    return {rendered(item) for item in items(folded(play), when or play.now)}


def why(play: Play, person: str, meaning: str, revision: str) -> tuple[list[str], list[str]]:
    """The verdicts on a person's statements about WI-001: the model's, and the product's."""
    ours = [
        one.code
        for one in folded(play).verdicts.values()
        if (one.statement.said("person"), one.statement.said("meaning"), one.statement.said("revision"))
        == (person, meaning, revision)
        and one.statement.said("id") == "WI-001"
    ]
    asked = product.ask(play.repo, "history", "WI-001", "--as-of", play.now, "--format", "json")
    theirs = [
        one["why"].partition(":")[0]
        for item in asked.items
        if item["revision"] == revision
        for one in item["signatures"]
        if (one["person"], one["meaning"]) == (person, meaning)
    ]
    return ours, theirs


def test_a_writer_cannot_add_his_approval_afterwards(tmp_path: Path) -> None:
    """Else, when the approver's key turns out lost, the author's own signature would mend the revision."""
    p = founded(tmp_path / "qms", register=usual_register().granting("max", QM))
    r2_approved(p)
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    p.commit("max")
    p.push()
    assert why(p, "max", "approved", "2") == (["AP104"], ["AP104"])


def test_a_later_writer_may_add_his_approval_of_what_others_wrote(tmp_path: Path) -> None:
    """Bob writes revision 3; that makes him no writer of revision 2, which max wrote."""
    p = founded(tmp_path / "qms", Settings(drafts=True))
    r2_approved(p)
    text = p.content("WI-001")
    p.revise("WI-001", "3", by="bob")
    p.sign("WI-001", "bob", content=text, revision="2", after="1")
    p.commit("bob")
    p.push()
    assert why(p, "bob", "approved", "2") == ([""], [""])


def test_two_withdrawals_side_by_side_are_both_valid(tmp_path: Path) -> None:
    """As two approvals are (`extra`): each names the last approved revision."""
    p = founded(tmp_path / "qms")
    for name in ("jane", "bob"):
        p.branch(name)
        p.sign("WI-001", name, meaning="withdrawn", writers=[])
        p.commit(name)
    p.merge("jane")
    p.merge("bob")
    p.push()
    assert why(p, "jane", "withdrawn", "1") == ([""], [""])
    assert why(p, "bob", "withdrawn", "1") == ([""], [""])


@pytest.mark.parametrize(("number", "after"), [("1", "1"), ("2", None)])
def test_a_waiting_statement_that_could_never_count_is_no_review(
    tmp_path: Path, number: str, after: str | None
) -> None:
    """Its number is taken, or its predecessor is not the last approved revision."""
    p = founded(tmp_path / "qms")
    p.revise("WI-001", number, PICTURED)
    p.sign("WI-001", "jane", content=p.content("WI-001", {"img/a.png": b"a picture"}), after=after)
    p.commit("jane")
    expected = f"WI-001 effective 1 / draft {number}"
    assert expected in naive_status(p)
    assert expected in product.status(p.repo, p.now)


def test_what_lies_before_the_trust_root_does_not_set_the_clock(tmp_path: Path) -> None:
    """A first commit dated three days late, then the root."""
    p = Play(tmp_path / "qms")
    p.write("isodocs.yml", None)
    p.write("people.yml", None)
    p.write("README.md", "Before.\n")
    p.commit("max", date="2026-01-08T08:00:00Z")
    p.configure()
    p.doc("WI-001", "1")
    p.sign("WI-001", "jane")
    p.commit("max")
    entered = p.now
    assert folded(p).times == [p.repo.clock]
    asked = product.ask(p.repo, "history", "WI-001", "--as-of", "2026-02-01", "--format", "json")
    assert [item["entered"] for item in asked.items] == [entered]


def test_who_merges_text_and_picture_into_something_new_writes(tmp_path: Path) -> None:
    """Neither parent had this text with this picture: the merge brings it, as it would bring mixed lines."""
    p = founded(tmp_path / "qms", Settings(drafts=True))
    p.write(IMAGE, b"first picture")
    p.revise("WI-001", "2", PICTURED)
    p.branch("picture")
    p.write(IMAGE, b"second picture")
    p.commit("tom")
    p.branch("words")
    p.revise("WI-001", "2", f"Better words. {PICTURED}")
    p.repo.merge("picture", author=who("jane"))
    p.signs("WI-001", "jane", writers=["max", "tom"])
    merged(p, "words")
    expected = "WI-001 effective 1 / draft 2"
    assert expected in naive_status(p)
    assert expected in product.status(p.repo, p.now)


def test_a_missing_picture_does_not_hide_who_wrote_the_words(tmp_path: Path) -> None:
    """Jane writes the words, max only supplies the picture: she cannot approve them."""
    p = founded(tmp_path / "qms")
    p.branch("b")
    p.revise("WI-001", "2", PICTURED, by="jane")
    p.write(IMAGE, b"first picture")
    p.commit("max")
    p.signs("WI-001", "jane")
    merged(p)
    expected = "WI-001 effective 1 / draft 2"
    assert expected in naive_status(p)
    assert expected in product.status(p.repo, p.now)


def test_a_second_file_does_not_hide_who_wrote_the_words(tmp_path: Path) -> None:
    """Jane writes beside a second file with the id, max takes that away: she cannot approve."""
    p = founded(tmp_path / "qms")
    p.branch("b")
    p.write("documents/WI-001-copy.md", p.read("documents/WI-001-text.md"))
    p.revise("WI-001", "2", by="jane")
    p.write("documents/WI-001-copy.md", None)
    p.commit("max")
    p.signs("WI-001", "jane")
    merged(p)
    expected = "WI-001 effective 1 / draft 2"
    assert expected in naive_status(p)
    assert expected in product.status(p.repo, p.now)


def test_an_unregistered_co_author_is_unknown(tmp_path: Path) -> None:
    """An approver might be the co-author, under an address nobody registered."""
    p = founded(tmp_path / "qms")
    p.branch("b")
    p.doc("WI-001", "2")
    p.commit("max", also=[("Somebody", "somebody@elsewhere.example")])
    p.signs("WI-001", "jane")
    merged(p)
    expected = "WI-001 effective 1 / draft 2"
    assert expected in naive_status(p)
    assert expected in product.status(p.repo, p.now)


def test_an_unknown_author_is_excused_by_two_who_name_the_writers(tmp_path: Path) -> None:
    """A squash by an unregistered forge account, with the statements of two people."""
    p = founded(tmp_path / "qms")
    p.branch("b")
    p.revise("SOP-001", "2")
    p.signs("SOP-001", "anna")
    p.signs("SOP-001", "jane")
    p.squash("b", "eve", "web-flow")
    p.push()
    assert "SOP-001 effective 2" in naive_status(p)
    assert "SOP-001 effective 2" in product.status(p.repo, p.now)


def test_an_unknown_author_is_not_excused_by_one(tmp_path: Path) -> None:
    p = founded(tmp_path / "qms")
    r2_signed(p)
    p.squash("b", "eve", "web-flow")
    p.push()
    assert "WI-001 effective 1 / draft 2" in naive_status(p)
    assert "WI-001 effective 1 / draft 2" in product.status(p.repo, p.now)


@pytest.mark.parametrize(("signers", "expected"), [(("jane",), "draft"), (("jane", "bob"), "effective")])
def test_distinct_people(tmp_path: Path, signers: tuple[str, ...], expected: str) -> None:
    """Jane holds both roles; where people must differ she fills one of them."""
    kind = Kind(("process-owner", QM), distinct=True)
    register = usual_register().granting("jane", "process-owner")
    p = founded(tmp_path / "qms", Settings().kind("WI", kind), register)
    p.branch("b")
    p.revise("WI-001", "2")
    p.sign("WI-001", "jane", role="process-owner")
    for name in signers:
        p.sign("WI-001", name, role=QM)
    p.commit("jane")
    merged(p)
    found = {"draft": "WI-001 effective 1 / in review 2", "effective": "WI-001 effective 2"}[expected]
    assert found in naive_status(p)
    assert found in product.status(p.repo, p.now)


def test_a_withdrawal_and_a_deletion_by_squash(tmp_path: Path) -> None:
    p = founded(tmp_path / "qms")
    p.branch("b")
    withdraw(p)
    p.commit("jane")
    p.write("documents/WI-001-text.md", None)
    p.commit("max")
    p.squash("b", "max")
    p.push()
    assert "WI-001 withdrawn" in naive_status(p)
    assert "WI-001 withdrawn" in product.status(p.repo, p.now)
