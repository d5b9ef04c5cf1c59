"""Documents on a branch: the mainline's status, and what the branch's text waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.company import Kind, Settings
from support.office import Office

from isodocs.core.status import Status
from isodocs.registers import documents, progress

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.core.status import DocumentView
    from isodocs.registers.progress import Outlook


def seen(office: Office, name: str) -> tuple[DocumentView, Outlook]:
    library = office.library()
    view = progress.standing(library)[name]
    return view, progress.outlook(library, view)


class TestStanding:
    def test_on_the_mainline_nothing_differs(self, office: Office) -> None:
        library = office.library()
        assert progress.standing(library) == dict(library.base_views)
        assert [documents.row(one) for one in progress.standing(library).values()] == documents.master_list(
            library
        )

    def test_a_draft_stands_beside_what_is_in_force(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        view, _ = seen(office, "WI-001")
        assert (view.status, view.in_force and view.in_force.approval.revision) == (Status.EFFECTIVE, "1")
        assert view.draft
        assert (view.draft.revision, view.draft.status) == ("2", Status.DRAFT)

    def test_a_text_with_all_signatures_is_complete_and_not_in_force(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.play.signs("WI-001", "jane")
        view, _ = seen(office, "WI-001")
        row = documents.row(view)
        assert (row["revision"], row["status"]) == ("1", "effective")
        assert row["draft"] == {"revision": "2", "path": "documents/WI-001-text.md", "status": "approved"}

    def test_a_new_document_with_all_signatures_is_in_review(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-002", "1")
        office.play.signs("WI-002", "jane")
        row = documents.row(seen(office, "WI-002")[0])
        assert (row["status"], row["revision"], row["effective_from"]) == ("in-review", "1", None)
        assert row["draft"]["status"] == "approved"
        assert documents.history(office.library(), seen(office, "WI-002")[0]) == []

    def test_a_document_that_the_branch_removed_stays_in_force(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("documents/WI-001-text.md", None)
        office.play.commit("max")
        view, outlook = seen(office, "WI-001")
        assert (view.status, view.draft) == (Status.EFFECTIVE, None)
        assert outlook == progress.Outlook()

    def test_a_snapshot_speaks_for_itself(self, office: Office) -> None:
        library = office.library(snapshot=True)
        assert progress.standing(library) == dict(library.views)


class TestOutlook:
    def test_of_a_draft_in_a_snapshot(self, office: Office) -> None:
        """Who wrote it is unknown there, so all who hold the role are named."""
        office.play.revise("WI-001", "2", by="jane")
        library = office.library(snapshot=True)
        outlook = progress.outlook(library, progress.standing(library)["WI-001"])
        assert outlook.sentences == ("approval by quality-manager is missing: Bob or Jane",)

    def test_before_the_first_commit_all_stands_as_it_lies(self, office: Office) -> None:
        office.play.repo.git("update-ref", "-d", "HEAD")
        library = office.desk(by="max").library
        view = progress.standing(library)["WI-001"]
        assert (view.status, progress.outlook(library, view)) == (Status.EFFECTIVE, progress.Outlook())

    def test_who_has_to_sign(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("SOP-001", "2")
        _, outlook = seen(office, "SOP-001")
        assert outlook.sentences == (
            "approval by process-owner is missing: Anna",
            "approval by quality-manager is missing: Bob or Jane",
        )
        assert outlook.command == "isodocs approve SOP-001"
        office.play.signs("SOP-001", "anna")
        assert seen(office, "SOP-001")[1].sentences == (
            "approval by quality-manager is missing: Bob or Jane",
        )

    def test_writers_cannot_be_named(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("SOP-001", "2", by="anna")
        office.play.revise("SOP-001", "2", "More.", by="jane")
        assert seen(office, "SOP-001")[1].sentences == (
            "approval by process-owner is missing: whoever holds it wrote the text",
            "approval by quality-manager is missing: Bob",
        )

    def test_where_nobody_may_sign_no_command_is_offered(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("SOP-001", "2", by="anna")
        office.play.signs("SOP-001", "jane")
        assert seen(office, "SOP-001")[1] == progress.Outlook(
            ("approval by process-owner is missing: whoever holds it wrote the text",),
            "give somebody else the role process-owner, in people.yml",
        )

    def test_where_the_type_asks_for_no_independence_they_can(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings().kind("WI", Kind(independence="none")))
        office.play.branch("b")
        office.play.revise("WI-001", "2", by="jane")
        assert seen(office, "WI-001")[1].sentences == ("approval by quality-manager is missing: Bob or Jane",)

    def test_a_role_that_nobody_holds(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", approvers="[process-owner, tom]")
        assert "approval by tom is missing: Tom" in seen(office, "WI-001")[1].sentences

    def test_complete(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", effective_date="2999-01-01")
        office.play.signs("WI-001", "jane")
        _, outlook = seen(office, "WI-001")
        (sentence,) = outlook.sentences
        assert sentence.startswith("revision 2 has all its signatures; it counts when it is merged into main")
        assert sentence.endswith(", but not before 2999-01-01")
        assert outlook.command == "git switch main && git merge --no-ff b (or a pull request)"

    def test_complete_and_not_committed_on_the_mainline(self, office: Office) -> None:
        office.play.doc("WI-001", "2", by="max")
        office.play.sign("WI-001", "bob")
        _, outlook = seen(office, "WI-001")
        assert outlook.sentences == (
            "revision 2 has all its signatures; it counts when it is committed to main",
        )
        assert outlook.command == "git commit"

    def test_returned(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.play.sign("WI-001", "jane", meaning="returned")
        office.play.commit("jane")
        _, outlook = seen(office, "WI-001")
        assert outlook.sentences == ("returned by Jane: no reason was given",)
        assert outlook.command == "change the text and commit it"

    def test_void_signatures_are_told(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.play.sign("WI-001", "tom", role="quality-manager")
        office.play.commit("tom")
        missing, void = seen(office, "WI-001")[1].sentences
        assert missing == "approval by quality-manager is missing: Bob or Jane"
        why = "tom did not hold the role quality-manager when it entered"
        assert void == f"Tom's signature (approved) is void: {why} [AP103]"

    def test_a_missing_picture(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", "![a](a.png)")
        assert seen(office, "WI-001")[1].sentences == ("it embeds a file that is missing or cannot be read",)

    def test_an_unknown_type(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("XY-001", "1")
        assert seen(office, "XY-001")[1].sentences == ("the settings that govern know no type XY",)

    def test_the_old_text_again(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.play.signs("WI-001", "jane")
        office.play.merge("b")
        office.play.doc("WI-001", "1")
        _, outlook = seen(office, "WI-001")
        assert outlook.sentences == ("the text is again that of revision 1",)

    def test_a_withdrawal_and_a_review_on_a_branch(self, office: Office) -> None:
        office.play.branch("b")
        office.play.sign("WI-001", "jane", meaning="reaffirmed", next_review="2026-12-31", after=None)
        office.play.sign("WI-001", "jane", meaning="withdrawn", after=None)
        office.play.commit("jane")
        view, outlook = seen(office, "WI-001")
        assert view.status is Status.EFFECTIVE
        assert outlook.sentences == (
            "its withdrawal is signed; it counts when it is merged into main",
            "its review is signed, the next one due 2026-12-31; it counts when it is merged into main",
        )

    def test_signatures_that_came_before_the_policy_changed(self, office: Office) -> None:
        """A change of policy alone approves nothing; one fresh signature does."""
        office.play.revise("SOP-001", "2")
        office.play.signs("SOP-001", "jane")
        office.play.configure(Settings(drafts=True).kind("SOP", Kind()))
        office.play.authorise("jane")
        office.play.commit("jane")
        _, outlook = seen(office, "SOP-001")
        assert outlook.sentences == (
            "every role has signed, but not as policy asks now; one fresh approval makes it count",
        )
        office.ok("approve", "SOP-001", "--yes")
        office.commit()
        row = documents.row(seen(office, "SOP-001")[0])
        assert (row["revision"], row["status"]) == ("2", "effective")
