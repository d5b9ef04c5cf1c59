"""Signing end to end: what each command says, what it writes, and what it does to a document."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from support.company import Kind, Settings
from support.office import Office

from isodocs.core.statement import encode
from isodocs.core.statement_reader import read

if TYPE_CHECKING:
    from pathlib import Path

QM, OWNER = "quality-manager", "process-owner"


def status(office: Office, name: str) -> dict[str, Any]:
    items: list[dict[str, Any]] = json.loads(office.ok("status", name, "--format", "json"))["items"]
    return items[0]


def statement(office: Office) -> dict[str, Any]:
    """The one statement that is staged."""
    (path,) = [path for path in office.staged() if path.endswith(".json")]
    value: dict[str, Any] = json.loads((office.root / path).read_bytes())
    return value


class TestApprove:
    def test_on_a_branch_then_merged_it_is_in_force(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        assert status(drafted, "WI-001")["revision"] == "1"
        drafted.play.merge("b")
        row = status(drafted, "WI-001")
        assert (row["revision"], row["status"], row["draft"]) == ("2", "effective", None)

    def test_it_shows_the_change_and_what_is_signed_before_it_asks(self, drafted: Office) -> None:
        ended = drafted.run("approve", "WI-001", stdin="y\n")
        assert ended.status == 0
        assert "--- revision 1\n+++ revision 2\n" in ended.out
        assert "-This is the text of revision 1.\n+This is the text of revision 2.\n" in ended.out
        assert "WI-001 revision 2: Document WI-001\n  You sign that you approve it.\n" in ended.out
        assert "Jane (jane), as quality-manager" in ended.out
        assert "Written by:  max" in ended.out
        assert ended.err.startswith("Sign this? [y/N]: ")
        assert 'Next: git commit -m "Approve WI-001 revision 2"\n' in ended.out
        assert "Nothing more is missing: it counts when it is merged into main.\n" in ended.out

    def test_of_a_first_text_all_is_shown(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-002", "1")
        out = office.ok("approve", "WI-002", "--yes")
        assert "--- nothing\n+++ revision 1\n" in out
        assert "+# Document WI-002\n" in out

    def test_it_stages_the_statement_and_its_signature_and_nothing_else(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        (path, beside) = drafted.staged()
        assert path.startswith("signatures/WI-001/2/approved.jane.")
        assert beside == f"{path}.sig"
        assert drafted.status() == f"A  {path}\nA  {beside}"
        data = (drafted.root / path).read_bytes()
        assert encode(read(data)) == data
        assert drafted.play.repo.run("cat-file", "blob", f":{path}").stdout == data

    def test_what_the_statement_says(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes", "--reason", "  Read it\n twice. ")
        value = statement(drafted)
        content = {"document": drafted.play.content("WI-001")["document"], "embedded": {}}
        assert value["content"] == content
        assert (value["person"], value["signer"], value["name"]) == ("jane", "jane", "Jane")
        assert (value["role"], value["writers"], value["reason"]) == (QM, ["max"], "Read it twice.")
        assert value["predecessor"] == drafted.play.known["WI-001", "1"]

    def test_each_role_that_is_missing_is_named(self, drafted: Office) -> None:
        out = drafted.ok("approve", "SOP-001", "--yes")
        assert "Still to sign: process-owner (Anna).\n" in out
        drafted.commit()
        out = drafted.ok("approve", "SOP-001", "--yes", by="anna")
        assert "Nothing more is missing" in out

    def test_with_another_key_than_gits(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes", "--key", drafted.key("bob"))
        assert statement(drafted)["person"] == "bob"

    def test_from_a_folder_below(self, drafted: Office) -> None:
        ended = drafted.run("approve", "WI-001", "--yes", cwd=drafted.root / "documents")
        assert ended.status == 0
        assert len(drafted.staged()) == 2

    def test_a_dry_run_writes_nothing(self, drafted: Office) -> None:
        ended = drafted.run("approve", "WI-001", "--dry-run")
        assert ended.status == 0
        assert "You sign that you approve it." in ended.out
        assert "Nothing was signed" in ended.err
        assert drafted.status() == ""

    def test_twice_before_the_commit_is_one_statement(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        first = drafted.staged()
        drafted.play.repo.git("reset", "-q")
        out = drafted.ok("approve", "WI-001", "--yes")
        assert out.startswith(f"You signed this before, and it is not committed yet: {first[0]}\n")
        assert drafted.staged() == first
        assert drafted.status() == "\n".join(f"A  {path}" for path in first)

    def test_what_somebody_else_laid_there_is_not_taken_for_it(self, drafted: Office) -> None:
        """The same words under jane's name, signed with another key and not committed."""
        drafted.play.keys["jane"] = "eve"
        drafted.play.sign("WI-001", "jane")
        out = drafted.ok("approve", "WI-001", "--yes")
        assert "Signed and staged" in out
        assert len(drafted.staged()) == 2

    def test_pictures_are_signed_and_their_change_is_told(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("documents/img/a.png", b"one")
        office.play.revise("WI-002", "1", "![a](img/a.png)")
        assert "Embeds:      img/a.png (new)" in office.ok("approve", "WI-002", "--yes")
        office.commit()
        office.play.merge("b")
        office.play.branch("c")
        office.play.write("documents/img/a.png", b"two")
        office.play.revise("WI-002", "2", "![a](img/a.png)")
        assert "Embeds:      img/a.png (changed)" in office.ok("approve", "WI-002", "--yes")
        assert list(statement(office)["content"]["embedded"]) == ["img/a.png"]

    def test_autocrlf_changes_no_signature(self, drafted: Office) -> None:
        drafted.play.repo.git("config", "core.autocrlf", "true")
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        drafted.play.merge("b")
        assert status(drafted, "WI-001")["revision"] == "2"

    def test_filters_of_the_repository_do_not_run(self, drafted: Office, tmp_path: Path) -> None:
        trap = tmp_path / "trap"
        drafted.play.repo.git("config", "filter.evil.clean", f"touch {trap}; cat")
        (drafted.root / ".git" / "info" / "attributes").write_text("*.json filter=evil\n*.sig filter=evil\n")
        drafted.ok("approve", "WI-001", "--yes")
        assert not trap.exists()

    def test_on_what_another_machine_dated_a_little_ahead(self, drafted: Office) -> None:
        """A step left out for its date would make the next signature name the wrong predecessor."""
        drafted.play.signs("WI-001", "jane")
        drafted.play.repo.clock = int(time.time()) + 240
        drafted.play.merge("b")
        drafted.play.branch("c")
        drafted.play.doc("WI-001", "3")
        drafted.play.repo.clock = int(time.time())
        drafted.play.commit("max")
        drafted.ok("approve", "WI-001", "--yes", by="bob")
        assert statement(drafted)["predecessor"] == drafted.play.known["WI-001", "2"]

    def test_in_a_repository_of_sha256(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo")
        old = office.root
        (tmp_path / "new").mkdir()
        repo = type(office.play.repo)(tmp_path / "new" / "repo", object_format="sha256")
        for path in ("isodocs.yml", "people.yml", "documents/WI-001-text.md"):
            repo.write({path: (old / path).read_bytes()})
        repo.git("add", "-A")
        repo.commit("Root", author=("Max", "max@ex.org"))
        office.root = repo.path
        assert office.run("approve", "WI-001", "--yes").status == 0
        assert len(repo.git("diff", "--cached", "--name-only").splitlines()) == 2

    def test_the_first_commit_is_signed_as_it_lies(self, tmp_path: Path) -> None:
        """Where nothing is committed yet, git's user is taken for the writer."""
        settings = Settings().kind("WI", Kind(independence="none"))
        office = Office.founded(tmp_path / "repo", settings)
        office.play.repo.git("update-ref", "-d", "HEAD")
        office.play.repo.git("rm", "-rqf", "--cached", ".")
        office.play.doc("WI-001", "1", "Another text.")
        office.ok("approve", "WI-001", "--yes")
        office.play.repo.git("add", "-A")
        office.commit()
        assert status(office, "WI-001")["status"] == "effective"


class TestReturn:
    def test_it_bars_the_text_until_the_same_person_approves_it(self, drafted: Office) -> None:
        drafted.ok("return", "WI-001", "--yes", "--reason", "Step 3 is missing.", by="bob")
        drafted.commit("bob")
        assert status(drafted, "WI-001")["draft"]["status"] == "returned"
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        assert status(drafted, "WI-001")["draft"]["status"] == "returned"
        out = drafted.ok("status", "WI-001")
        assert "returned by Bob: Step 3 is missing." in out
        assert "change the text and commit it" in out
        time.sleep(1)  # of two statements in one step the later claimed time counts, in whole seconds
        drafted.ok("approve", "WI-001", "--yes", by="bob")
        drafted.commit("bob")
        drafted.play.merge("b")
        assert status(drafted, "WI-001")["revision"] == "2"

    def test_a_text_with_all_signatures_can_still_be_returned_on_its_branch(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        drafted.ok("return", "WI-001", "--yes", "--reason", "Too early.", by="bob")
        drafted.commit("bob")
        drafted.play.merge("b")
        row = status(drafted, "WI-001")
        assert (row["revision"], row["draft"]["status"]) == ("1", "returned")


class TestReaffirm:
    def due(self, months: int = 0, days: int = 0) -> str:
        day = datetime.now(UTC).date() + timedelta(days=30 * months + days)
        return day.isoformat()

    def test_it_moves_the_due_date(self, office: Office) -> None:
        due = self.due(months=6)
        office.ok("reaffirm", "WI-001", "--next", due, "--yes", "--reason", "Still so.")
        assert status(office, "WI-001")["review_due"] != due
        office.commit()
        assert status(office, "WI-001")["review_due"] == due

    def test_on_a_branch_it_is_announced_and_counts_when_merged(self, office: Office) -> None:
        due = self.due(months=6)
        office.play.branch("b")
        out = office.ok("reaffirm", "WI-001", "--next", due, "--yes")
        assert "it counts when it is merged into main" in out
        office.commit()
        assert status(office, "WI-001")["review_due"] != due
        assert f"its review is signed, the next one due {due}" in office.ok("status", "WI-001")
        office.play.merge("b")
        assert status(office, "WI-001")["review_due"] == due

    def test_without_a_date_the_interval_of_the_type_counts(self, office: Office) -> None:
        out = office.ok("reaffirm", "WI-001", "--yes")
        assert "Its type's interval sets the next review to 20" in out

    def test_a_date_beyond_the_interval_is_capped_and_said(self, office: Office) -> None:
        far = self.due(months=40)
        assert "Its type's interval sets the next review to" in office.ok(
            "reaffirm", "WI-001", "--next", far, "--yes"
        )
        office.commit()
        assert status(office, "WI-001")["review_due"] < far

    def test_it_can_be_done_again_later(self, office: Office) -> None:
        office.ok("reaffirm", "WI-001", "--next", self.due(months=6), "--yes")
        office.commit()
        due = self.due(months=9)
        office.ok("reaffirm", "WI-001", "--next", due, "--yes")
        office.commit()
        assert status(office, "WI-001")["review_due"] == due

    def test_it_names_the_revision_in_force_not_the_draft(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        drafted.ok("reaffirm", "WI-001", "--yes")
        assert statement(drafted)["revision"] == "1"


class TestWithdraw:
    def test_it_ends_the_document(self, office: Office) -> None:
        out = office.ok("withdraw", "WI-001", "--yes", "--reason", "No longer done.")
        assert "that it is taken out of force" in out
        office.commit()
        assert status(office, "WI-001")["status"] == "withdrawn"

    def test_several_roles_where_the_policy_says_so(self, office: Office) -> None:
        out = office.ok("withdraw", "SOP-001", "--yes", "--reason", "No longer done.")
        assert "Still to sign: process-owner (Anna)." in out
        office.commit()
        assert status(office, "SOP-001")["status"] == "effective"
        office.ok("withdraw", "SOP-001", "--yes", "--reason", "Agreed.", by="anna")
        office.commit("anna")
        assert status(office, "SOP-001")["status"] == "withdrawn"

    def test_reinstatement_follows_the_withdrawal(self, office: Office) -> None:
        office.ok("withdraw", "WI-001", "--yes", "--reason", "No longer done.")
        office.commit()
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.ok("approve", "WI-001", "--yes")
        office.commit()
        office.play.merge("b")
        assert status(office, "WI-001")["status"] == "effective"


class TestAcknowledge:
    def test_anybody_of_the_register_signs_that_he_read_it(self, office: Office) -> None:
        office.ok("acknowledge", "WI-001", "--yes", by="tom")
        value = statement(office)
        assert (value["meaning"], value["person"], value["role"]) == ("acknowledged", "tom", None)
        office.commit("tom")
        out = office.ok("verify", "WI-001")
        assert "counts      acknowledged revision 1 by Tom" in out
        for command in ("status", "history"):
            assert "acknowledged by 1 person" in office.ok(command, "WI-001")

    def test_of_an_earlier_revision(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        drafted.play.merge("b")
        drafted.ok("acknowledge", "WI-001", "--yes", "--revision", "1", by="tom")
        assert statement(drafted)["revision"] == "1"


class TestAuthor:
    def test_a_sole_approver_who_squashes_needs_the_writers_own_statement(self, drafted: Office) -> None:
        play = drafted.play
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        play.branch("signed", "b")
        drafted.ok("author", "WI-001", "--yes", by="max")
        drafted.commit("max")
        play.squash("b", by="jane")
        assert status(drafted, "WI-001")["revision"] == "1"
        play.repo.git("reset", "-q", "--hard", "HEAD~1")
        play.squash("signed", by="jane")
        assert status(drafted, "WI-001")["revision"] == "2"

    def test_where_the_policy_asks_for_it_the_status_says_so(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo")
        text = office.play.settings.text().replace("  WI:\n", "  WI:\n    prepared: signed\n")
        office.play.write("isodocs.yml", text)
        office.play.authorise("jane", after=office.play.set_digest("main"))
        office.play.commit("jane")
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        assert "max as author" in office.ok("approve", "WI-001", "--yes")
        office.commit()
        assert "isodocs author WI-001" in office.ok("status", "WI-001")
        office.ok("author", "WI-001", "--yes", by="max")
        office.commit("max")
        office.play.merge("b")
        assert status(office, "WI-001")["revision"] == "2"


class TestReview:
    def test_it_alone_approves_nothing(self, drafted: Office) -> None:
        drafted.ok("review", "WI-001", "--yes")
        assert statement(drafted)["meaning"] == "reviewed"
        drafted.commit()
        assert status(drafted, "WI-001")["draft"]["status"] == "in-review"


class TestAuthorise:
    def change(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("isodocs.yml", office.play.settings.text().replace("months: 24", "months: 12"))
        office.play.commit("max")

    def test_changed_settings_govern_once_signed_and_merged(self, office: Office) -> None:
        self.change(office)
        out = office.ok("authorise", "--yes")
        assert "+    review_months: 12" in out
        assert "these settings, people and protected files shall govern: isodocs.yml." in out
        assert 'Next: git commit -m "Authorise settings and people"' in out
        (path, _) = office.staged()
        assert path.startswith("signatures/_authority/")
        office.commit()
        office.play.merge("b")
        office.ok("reaffirm", "WI-001", "--yes")
        office.commit()
        due = status(office, "WI-001")["review_due"]
        assert due <= (datetime.now(UTC).date() + timedelta(days=366)).isoformat()

    def test_other_protected_files_too(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("theme/main.css", "body {}\n")
        office.play.commit("max")
        out = office.ok("authorise", "--yes")
        assert "+++ theme/main.css" in out
        assert "shall govern: theme/main.css." in out

    def test_a_removed_file_is_told(self, office: Office) -> None:
        office.play.write("mkdocs.yml", "site_name: x\n")
        office.play.authorise("jane")
        office.play.commit("jane")
        office.play.branch("b")
        office.play.write("mkdocs.yml", None)
        office.play.commit("max")
        assert "mkdocs.yml (removed)" in office.ok("authorise", "--yes")

    def test_a_quorum_of_two(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings(quorum=2))
        self.change(office)
        told = office.ok("authorise", "--yes")
        assert "Still to sign: 1 more as quality-manager (Bob)." in told
        assert "part of main, with all signatures" in told
        office.commit()
        assert "Nothing more is missing." in office.ok("authorise", "--yes", by="bob")
        office.commit("bob")
        office.play.merge("b")
        assert "counts" in office.ok("verify", "_authority")


class TestUnsigned:
    def test_where_the_policy_allows_it_it_counts_and_is_shown(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings().kind("WI", Kind(assurance="unsigned")))
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        out = office.ok("approve", "WI-001", "--unsigned-as", "jane", "--yes", by="max")
        assert "It will stand WITHOUT a signature" in out
        (path,) = office.staged()
        assert path.endswith(".json")
        office.commit("max")
        office.play.merge("b")
        row = status(office, "WI-001")
        assert (row["revision"], row["assurance"]) == ("2", "unsigned")
        assert "[unsigned]" in office.ok("history", "WI-001")
