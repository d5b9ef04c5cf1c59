"""Several documents in one go: each shown, one decision each, the key opened once."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from support.company import Kind, Settings
from support.office import Office, refused

if TYPE_CHECKING:
    from pathlib import Path

SOON = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()


def signed(office: Office) -> list[str]:
    """The documents of the statements that are staged."""
    return [path.split("/")[1] for path in office.staged() if path.endswith(".json")]


def protect(office: Office, name: str = "jane") -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", office.key(name)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


class TestDecisions:
    def test_each_is_shown_with_its_change_and_asked_for_itself(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", stdin="y\nn\n")
        assert ended.status == 0
        assert ended.err == ("Sign SOP-001? [y]es, [n]o, [q]uit: Sign WI-001? [y]es, [n]o, [q]uit: ")
        first, second = ended.out.split("=== 2 of 2: WI-001 revision 2")
        assert "=== 1 of 2: SOP-001 revision 2" in first
        for part, name in ((first, "SOP-001"), (second, "WI-001")):
            assert "+This is the text of revision 2." in part
            assert f"{name} revision 2: Document {name}\n  You sign that you approve it.\n" in part
        assert signed(drafted) == ["SOP-001"]

    def test_the_last_words(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", "XY-001", stdin="y\nn\n")
        assert ended.out.endswith(
            "\nSigned and staged: SOP-001 revision 2. Left as they were: WI-001. Cannot be signed: XY-001.\n"
            'Next: git commit -m "Approve SOP-001 revision 2"\n'
            "To take one back before: isodocs undo ID\n"
        )
        assert ended.status == 1

    def test_yes_asks_nothing(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", "--yes")
        assert (ended.status, ended.err) == (0, "")
        assert signed(drafted) == ["SOP-001", "WI-001"]
        assert 'git commit -m "Approve SOP-001 revision 2, WI-001 revision 2"' in ended.out

    def test_quit_keeps_what_was_signed_and_says_so(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", stdin="yes\nquit\n")
        assert ended.status == 0
        assert "Signed and staged: SOP-001 revision 2. Left as they were: WI-001.\n" in ended.out
        assert signed(drafted) == ["SOP-001"]

    def test_all_declined(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", stdin="n\nn\n")
        assert ended.status == 0
        assert ended.out.endswith("\nLeft as they were: SOP-001, WI-001.\n")
        assert drafted.status() == ""

    def test_something_else_than_an_answer_is_asked_again(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", stdin="maybe\n\nQ\n")
        assert ended.status == 0
        assert "Error: Type y, n or q." in ended.err
        assert drafted.status() == ""

    def test_no_answer_ends_it_and_keeps_what_was_signed(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", stdin="y\n")
        assert ended.status == 2
        assert "isodocs: No answer was given, so no more was signed. To go on without: --yes" in ended.err
        assert "Signed and staged: SOP-001 revision 2. Left as they were: WI-001." in ended.out
        assert signed(drafted) == ["SOP-001"]

    def test_one_named_twice_is_one(self, drafted: Office) -> None:
        ended = drafted.run("approve", "WI-001", "WI-001", stdin="y\n")
        assert ended.err == "Sign this? [y/N]: "
        assert signed(drafted) == ["WI-001"]

    def test_a_dry_run_shows_all(self, drafted: Office) -> None:
        ended = drafted.run("approve", "SOP-001", "WI-001", "--dry-run")
        assert (ended.status, ended.err) == (0, "Nothing was signed: this was a dry run.\n")
        assert "=== 2 of 2" in ended.out
        assert drafted.status() == ""

    def test_what_was_signed_before_is_not_asked_again(self, drafted: Office) -> None:
        drafted.ok("approve", "SOP-001", "--yes")
        before = drafted.staged()
        drafted.play.repo.git("reset", "-q")
        ended = drafted.run("approve", "SOP-001", "WI-001", stdin="n\n")
        assert "You signed this before, and it is not committed yet" in ended.out
        assert drafted.staged() == before

    def test_the_passphrase_is_asked_once(self, drafted: Office) -> None:
        protect(drafted)
        ended = drafted.run("approve", "SOP-001", "WI-001", stdin="y\nsecret\ny\n")
        assert ended.status == 0, ended
        assert signed(drafted) == ["SOP-001", "WI-001"]

    def test_a_wrong_passphrase_ends_it(self, drafted: Office) -> None:
        protect(drafted)
        assert "the passphrase is wrong" in refused(
            drafted, "approve", "SOP-001", "WI-001", "--yes", stdin="wrong\n"
        )

    @pytest.mark.parametrize(
        ("words", "by", "meaning"),
        [
            (["review"], "jane", "reviewed"),
            (["author"], "max", "authored"),
            (["return", "--reason", "No."], "jane", "returned"),
            (["reaffirm"], "jane", "reaffirmed"),
            (["acknowledge"], "tom", "acknowledged"),
            (["withdraw", "--reason", "No."], "jane", "withdrawn"),
        ],
    )
    def test_every_meaning(self, drafted: Office, words: list[str], by: str, meaning: str) -> None:
        ended = drafted.run(words[0], "SOP-001", "WI-001", *words[1:], by=by, stdin="y\ny\n")
        assert ended.status == 0, ended
        names = [path.rpartition("/")[2] for path in drafted.staged() if path.endswith(".json")]
        assert [name.split(".")[0] for name in names] == [meaning, meaning]

    def test_many_make_a_short_message(self, office: Office) -> None:
        office.play.branch("b")
        for number in range(2, 6):
            office.play.revise(f"WI-00{number}", "1")
        out = office.ok("approve", *[f"WI-00{number}" for number in range(2, 6)], "--yes")
        assert 'Next: git commit -m "Approve 4 documents"\n' in out


class TestWhatCannotBeSigned:
    def test_is_said_and_stops_no_other(self, drafted: Office) -> None:
        drafted.play.revise("WI-002", "1", by="jane")
        ended = drafted.run("approve", "WI-002", "SOP-001", "XY-001", "WI-001", "--yes")
        assert ended.status == 1
        assert signed(drafted) == ["SOP-001", "WI-001"]
        first, second = ended.err.splitlines()
        assert first.startswith("WI-002 cannot be signed: Jane wrote part of WI-002 revision 1")
        assert second.startswith("XY-001 cannot be signed: There is no document XY-001")
        assert "Cannot be signed: WI-002, XY-001." in ended.out

    def test_nothing_at_all(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "XY-001", "XY-002", "--yes")
        assert sentence == "None of them can be signed; nothing was written."

    def test_a_fault_of_the_key_is_told_once(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "SOP-001", "WI-001", "--yes", by="eve")
        assert "is in nobody's entry" in sentence

    def test_an_earlier_revision_is_for_one_document(self, drafted: Office) -> None:
        sentence = refused(drafted, "acknowledge", "SOP-001", "WI-001", "--revision", "1", "--yes")
        assert sentence == "--revision goes with one document."


class TestWaiting:
    def test_for_approval_what_is_drafted_here(self, drafted: Office) -> None:
        drafted.play.revise("WI-002", "1", by="jane")
        assert "=== 2 of 2" in drafted.ok("approve", "--waiting", "--yes")
        assert signed(drafted) == ["SOP-001", "WI-001"]
        drafted.commit()
        assert drafted.ok("approve", "--waiting", "--yes") == (
            "Nothing here waits for your signature (approved).\n"
        )
        drafted.ok("approve", "--waiting", "--yes", by="anna")
        assert signed(drafted) == ["SOP-001"]

    def test_not_what_was_returned(self, drafted: Office) -> None:
        drafted.ok("return", "WI-001", "--reason", "No.", "--yes", by="bob")
        drafted.commit("bob")
        drafted.ok("approve", "--waiting", "--yes")
        assert signed(drafted) == ["SOP-001"]

    def test_what_is_not_committed_is_said(self, drafted: Office) -> None:
        drafted.play.doc("WI-001", "2", "Changed again.")
        ended = drafted.run("approve", "--waiting", "--yes")
        assert ended.status == 1
        assert ended.err.startswith("WI-001 cannot be signed: documents/WI-001-text.md has changes")
        assert signed(drafted) == ["SOP-001"]

    def test_for_review_where_a_policy_asks_for_one(self, tmp_path: Path) -> None:
        office = amended(tmp_path, "  WI:\n", "  WI:\n    reviewed: {roles: [process-owner]}\n")
        assert "Nothing here waits" in office.ok("review", "--waiting", "--yes")
        office.ok("review", "--waiting", "--yes", by="anna")
        assert signed(office) == ["WI-001"]
        office.commit("anna")
        assert "Nothing here waits" in office.ok("review", "--waiting", "--yes", by="anna")

    def test_for_the_author_where_a_policy_asks_for_him(self, tmp_path: Path) -> None:
        office = amended(tmp_path, "  WI:\n", "  WI:\n    prepared: signed\n")
        assert "Nothing here waits" in office.ok("author", "--waiting", "--yes")
        office.ok("author", "--waiting", "--yes", by="max")
        assert signed(office) == ["WI-001"]
        office.commit("max")
        assert "Nothing here waits" in office.ok("author", "--waiting", "--yes", by="max")

    def test_for_the_periodic_review_what_is_due_soon(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", review_date=SOON)
        office.play.signs("WI-001", "jane")
        office.play.merge("b")
        office.ok("reaffirm", "--waiting", "--yes")
        assert signed(office) == ["WI-001"]
        office.commit()
        assert "Nothing here waits" in office.ok("reaffirm", "--waiting", "--yes")

    def test_to_be_acknowledged_what_is_for_an_audience(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", audience="[process-owner, tom]")
        office.play.signs("WI-001", "jane")
        office.play.merge("b")
        assert "Nothing here waits" in office.ok("acknowledge", "--waiting", "--yes")
        for person in ("anna", "tom"):
            office.ok("acknowledge", "--waiting", "--yes", by=person)
            assert signed(office) == ["WI-001"]
            office.commit(person)
            assert "Nothing here waits" in office.ok("acknowledge", "--waiting", "--yes", by=person)

    def test_to_be_withdrawn_what_others_began(self, office: Office) -> None:
        reason = ("--reason", "No longer done.", "--yes")
        assert "Nothing here waits" in office.ok("withdraw", "--waiting", *reason, by="anna")
        office.ok("withdraw", "SOP-001", *reason)
        office.commit()
        assert "Nothing here waits" in office.ok("withdraw", "--waiting", *reason)
        office.ok("withdraw", "--waiting", *reason, by="anna")
        assert signed(office) == ["SOP-001"]

    def test_one_that_waits_is_asked_as_of_many(self, drafted: Office) -> None:
        ended = drafted.run("approve", "--waiting", by="anna", stdin="y\n")
        assert ended.err == "Sign SOP-001? [y]es, [n]o, [q]uit: "


def amended(folder: Path, old: str, new: str) -> Office:
    """A company whose settings say something more, with WI-001 r2 drafted on a branch."""
    office = Office.founded(folder / "repo", Settings().kind("WI", Kind()))
    office.play.write("isodocs.yml", office.play.settings.text().replace(old, new))
    office.play.authorise("jane", after=office.play.set_digest("main"))
    office.play.commit("jane")
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    return office
