"""What each meaning tells before it asks, and what is shown of it afterwards."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from support.office import Office

TODAY = datetime.now(UTC).date()
LATER = (TODAY + timedelta(days=100)).isoformat()
LINK = b"\nSee [the work](WI-001-text.md).\n"


def in_force(office: Office, revision: str, **front: str) -> None:
    """WI-001 in a revision that max wrote and jane approved."""
    office.play.branch(f"r{revision}")
    office.play.revise("WI-001", revision, **front)
    office.play.signs("WI-001", "jane")
    office.play.merge(f"r{revision}")


def status(office: Office) -> dict[str, Any]:
    items: list[dict[str, Any]] = json.loads(office.ok("status", "WI-001", "--format", "json"))["items"]
    return items[0]


class TestDates:
    def test_of_a_text_that_takes_effect_later(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", effective_date=LATER)
        out = office.ok("approve", "WI-001", "--yes")
        assert f"  It takes effect on {LATER}, not before.\n" in out

    def test_of_a_text_that_is_overdue_at_once(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", review_date=TODAY.isoformat())
        out = office.ok("approve", "WI-001", "--yes")
        assert f"  Its review date, {TODAY}, is not after today: it will be overdue at once.\n" in out

    @pytest.mark.parametrize("words", [["reaffirm"], ["withdraw", "--reason", "No."]])
    def test_of_a_review_that_is_overdue(self, office: Office, words: list[str]) -> None:
        in_force(office, "2", review_date="2026-03-01")
        out = office.ok(words[0], "WI-001", *words[1:], "--yes")
        assert "  The review of the revision in force is overdue: it was due on 2026-03-01.\n" in out

    def test_of_a_draft_beside_an_overdue_revision(self, office: Office) -> None:
        in_force(office, "2", review_date="2026-03-01")
        office.play.branch("b")
        office.play.revise("WI-001", "3")
        assert "is overdue: it was due on 2026-03-01." in office.ok("approve", "WI-001", "--yes")

    def test_of_a_revision_that_is_coming(self, office: Office) -> None:
        in_force(office, "2", effective_date=LATER)
        for command in ("reaffirm", "acknowledge"):
            out = office.ok(command, "WI-001", "--yes")
            assert f"  Revision 2 is approved and takes effect on {LATER}, not before.\n" in out

    def test_nothing_is_said_where_nothing_is_unusual(self, drafted: Office) -> None:
        out = drafted.ok("approve", "WI-001", "--yes")
        lines = out.split("WI-001 revision 2: Document WI-001\n")[1].splitlines()
        assert [line.partition(":")[0].strip() for line in lines if line.startswith("  ")] == [
            "You sign that you approve it.",
            "Name",
            "Written by",
            "SHA-256",
        ]


class TestReturned:
    def test_who_approves_sees_who_returned_it_and_why(self, drafted: Office) -> None:
        drafted.ok("return", "WI-001", "--reason", "Step 3 is missing.", "--yes", by="bob")
        drafted.commit("bob")
        out = drafted.ok("approve", "WI-001", "--yes")
        assert f"  Bob returned it on {TODAY}: Step 3 is missing. It waits until he approves it" in out
        assert out.endswith("\nIt stays returned until Bob approves it too, or the text is changed.\n")
        assert "Step 3 is missing." in drafted.ok("status", "WI-001")
        assert "Nothing more is missing" in drafted.ok("approve", "WI-001", "--yes", by="bob")

    def test_the_reason_is_shown_before_it_is_signed(self, drafted: Office) -> None:
        ended = drafted.run("return", "WI-001", "--reason", "Step 3 is missing.", stdin="n\n")
        assert "  You sign that you send it back to its author.\n" in ended.out
        assert "Reason:      Step 3 is missing.\n" in ended.out


class TestReaffirmed:
    def test_it_says_how_to_read_the_text(self, office: Office) -> None:
        for words in (["reaffirm"], ["withdraw", "--reason", "No."]):
            out = office.ok(words[0], "WI-001", *words[1:], "--dry-run")
            assert "  Its text: isodocs show WI-001 --revision 1\n" in out

    def test_its_conclusion_and_next_date_stay_to_be_read(self, office: Office) -> None:
        words = ("--next", LATER, "--reason", "Seen with two operators.", "--yes")
        out = office.ok("reaffirm", "WI-001", *words)
        assert "Reason:      Seen with two operators.\n" in out
        assert f"Next review: {LATER}\n" in out
        office.commit()
        shown = f"reaffirmed by Jane as Quality manager, {TODAY}"
        for command in ("status", "history"):
            out = " ".join(office.ok(command, "WI-001").split())
            assert shown in out
            assert f", next review {LATER}: Seen with two operators." in out


class TestWithdrawn:
    def test_it_names_the_documents_that_link_to_it(self, office: Office) -> None:
        out = office.ok("withdraw", "WI-001", "--reason", "No.", "--dry-run")
        assert "link to it" not in out
        office.play.write("documents/SOP-001-text.md", office.play.read("documents/SOP-001-text.md") + LINK)
        office.play.commit("max")
        out = office.ok("withdraw", "WI-001", "--reason", "No.", "--dry-run")
        assert "  SOP-001 links to it, and will need a revision that does not.\n" in out

    def test_the_reason_stays_and_reinstatement_tells_it(self, office: Office) -> None:
        office.ok("withdraw", "WI-001", "--reason", "No longer done.", "--yes")
        office.commit()
        office.play.repo.clock = int(datetime.now(UTC).timestamp()) - 600
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        out = office.ok("approve", "WI-001", "--yes")
        assert " (No longer done.): its approval puts it back into force.\n" in out


class TestPrepared:
    @pytest.fixture
    def prepared(self, office: Office) -> Office:
        """WI documents ask for the writer's own statement."""
        text = office.play.settings.text().replace("  WI:\n", "  WI:\n    prepared: signed\n")
        office.play.write("isodocs.yml", text)
        office.play.authorise("jane", after=office.play.set_digest("main"))
        office.play.commit("jane")
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        return office

    def test_approve_says_who_is_asked_and_what_to_run(self, prepared: Office) -> None:
        out = prepared.ok("approve", "WI-001", "--yes")
        assert "Still to sign: max as author.\n" in out
        assert out.endswith("The policy asks Max to sign as author: isodocs author WI-001\n")

    def test_not_once_he_has(self, prepared: Office) -> None:
        prepared.ok("author", "WI-001", "--yes", by="max")
        prepared.commit("max")
        out = prepared.ok("approve", "WI-001", "--yes")
        assert out.endswith("Nothing more is missing: it counts when it is merged into main.\n")


class TestAcknowledged:
    def test_it_shows_what_is_new_to_its_reader(self, office: Office) -> None:
        assert "+This is the text of revision 1.\n" in office.ok("acknowledge", "WI-001", "--dry-run")
        in_force(office, "2")
        in_force(office, "3")
        out = office.ok("acknowledge", "WI-001", "--dry-run")
        assert "--- revision 2\n+++ revision 3\n" in out
        assert "-This is the text of revision 2.\n+This is the text of revision 3.\n" in out
        out = office.ok("acknowledge", "WI-001", "--revision", "2", "--dry-run")
        assert "--- revision 1\n+++ revision 2\n" in out

    def test_who_has_read_it_and_who_has_not(self, office: Office) -> None:
        in_force(office, "2", audience="[process-owner, tom]")
        assert status(office)["to_acknowledge"] == ["anna", "tom"]
        assert "Still to read" in office.ok("status", "WI-001")
        office.ok("acknowledge", "WI-001", "--yes", by="tom")
        office.commit("tom")
        row = status(office)
        assert (row["acknowledged_by"], row["to_acknowledge"]) == (["tom"], ["anna"])
        lines = [" ".join(line.split()) for line in office.ok("status", "WI-001").splitlines()]
        assert "Read by Tom" in lines
        assert "Still to read Anna" in lines

    def test_each_revision_is_read_anew(self, office: Office) -> None:
        in_force(office, "2", audience="[tom]")
        office.ok("acknowledge", "WI-001", "--yes", by="tom")
        office.commit("tom")
        in_force(office, "3", audience="[tom]")
        assert (status(office)["acknowledged_by"], status(office)["to_acknowledge"]) == ([], ["tom"])
        assert "acknowledged by 1 person" in office.ok("history", "WI-001")

    def test_without_an_audience_nobody_is_asked(self, office: Office) -> None:
        office.ok("acknowledge", "WI-001", "--yes", by="tom")
        office.commit("tom")
        assert (status(office)["acknowledged_by"], status(office)["to_acknowledge"]) == (["tom"], [])


def test_an_interrupted_run_leaves_no_signature_without_statement(drafted: Office) -> None:
    """Killed between the two files: the next signature of the same person clears the first away."""
    drafted.ok("approve", "WI-001", "--yes")
    _, beside = drafted.staged()
    lone = (drafted.root / beside).read_bytes()
    drafted.ok("undo", "--yes")
    drafted.play.write(beside, lone)
    other = beside.replace("jane", "bob")
    drafted.play.write(other, lone)
    drafted.play.write("signatures/WI-001/2/.isodocs-tmp-abcd1234", b"half a")
    drafted.ok("approve", "WI-001", "--yes")
    assert drafted.status().splitlines()[-1] == f"?? {other}"
    assert len(drafted.status().splitlines()) == 3
