"""The master document list and the history, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.company import Held, Kind, Settings, usual_register
from support.office import Office

from isodocs.registers import documents

if TYPE_CHECKING:
    from pathlib import Path


def test_a_row_has_the_keys_of_the_format(office: Office) -> None:
    rows = documents.master_list(office.library(with_branch=False))
    assert rows[1] == {
        "id": "WI-001",
        "title": "Document WI-001",
        "type": "WI",
        "owner": "process-owner",
        "revision": "1",
        "status": "effective",
        "overdue": False,
        "challenged": False,
        "effective_from": "2026-01-05T08:04:00Z",
        "review_due": "2027-12-31",
        "path": "documents/WI-001-text.md",
        "assurance": "signed",
        "upcoming": [],
        "draft": None,
    }
    assert [row["id"] for row in rows] == ["SOP-001", "WI-001"]


def test_a_draft_alone(office: Office) -> None:
    office.play.revise("WI-002", "1")
    row = documents.master_list(office.library(with_branch=False))[-1]
    assert (row["id"], row["status"], row["revision"], row["assurance"]) == ("WI-002", "draft", "1", None)
    assert row["draft"] == {"revision": "1", "path": "documents/WI-002-text.md", "status": "draft"}


def test_what_is_approved_and_not_yet_in_force(office: Office) -> None:
    office.play.branch("b")
    office.play.revise("WI-001", "2", effective_date="2999-01-01")
    office.play.signs("WI-001", "jane")
    office.play.merge("b")
    row = documents.master_list(office.library(with_branch=False))[-1]
    assert (row["revision"], row["status"]) == ("1", "effective")
    assert row["upcoming"] == [{"revision": "2", "effective_from": "2998-12-31T23:00:00Z"}]


def test_a_first_revision_whose_date_has_not_come(office: Office) -> None:
    office.play.branch("b")
    office.play.revise("WI-002", "1", effective_date="2999-01-01")
    office.play.signs("WI-002", "jane")
    office.play.merge("b")
    row = documents.master_list(office.library(with_branch=False))[-1]
    assert (row["status"], row["effective_from"]) == ("approved", "2998-12-31T23:00:00Z")


def test_history(office: Office) -> None:
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    office.play.signs("WI-001", "jane")
    commit = office.play.merge("b")
    library = office.library(with_branch=False)
    first, second = documents.history(library, library.views["WI-001"])
    assert (first["status"], first["effective_until"]) == ("superseded", second["effective_from"])
    assert (second["commit"], second["reason"], second["writers"]) == (
        commit,
        "Reason of revision 2.",
        ["max"],
    )
    (signature,) = second["signatures"]
    assert signature["statement"][:12] in office.play.signatures("WI-001", "2")[0]
    assert {
        key: signature[key] for key in ("person", "name", "role", "meaning", "claimed", "valid", "why")
    } == {
        "person": "jane",
        "name": "Jane",
        "role": "quality-manager",
        "meaning": "approved",
        "claimed": True,
        "valid": True,
        "why": "",
    }


def test_a_void_signature_stands_in_the_history_with_its_reason(office: Office) -> None:
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    office.play.sign("WI-001", "tom", role="quality-manager")
    office.play.signs("WI-001", "jane")
    office.play.merge("b")
    library = office.library(with_branch=False)
    void = documents.history(library, library.views["WI-001"])[-1]["signatures"][0]
    assert (void["valid"], void["why"]) == (
        False,
        "AP103: tom did not hold the role quality-manager when it entered",
    )


def test_writers_whom_only_the_statement_names(office: Office) -> None:
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    office.play.signs("WI-001", "jane", writers=["max", "tom"])
    office.play.merge("b")
    library = office.library(with_branch=False)
    assert documents.history(library, library.views["WI-001"])[-1]["writers"] == ["max", "tom"]


def test_challenged(office: Office) -> None:
    lost = Held("jane", revoked=("2026-02-03", "2026-01-01"))
    office.play.configure(register=usual_register().with_keys("jane", lost))
    office.play.authorise("bob")
    office.play.commit("bob")
    row = documents.master_list(office.library(with_branch=False))[-1]
    assert (row["status"], row["challenged"]) == ("effective", True)


def test_approved_by_its_author(tmp_path: Path) -> None:
    office = Office.founded(tmp_path / "repo", Settings().kind("WI", Kind(independence="none")))
    office.play.branch("b")
    office.play.revise("WI-001", "2", by="jane")
    office.play.signs("WI-001", "jane", writers=["jane"])
    office.play.merge("b")
    library = office.library(with_branch=False)
    assert documents.history(library, library.views["WI-001"])[-1]["approved_by_author"] is True
