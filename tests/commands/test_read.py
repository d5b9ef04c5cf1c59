"""Reading: the master list, status, history and text, for people and for machines."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from support.office import Office, one_sentence, refused, run
from support.statements import Key, canonical

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("list", "status", "history", "show")


@pytest.fixture
def merged(drafted: Office) -> Office:
    """WI-001 r2 in force since 2 March 2026; SOP-001 r2 was signed by anna alone."""
    drafted.play.signs("WI-001", "jane")
    drafted.play.signs("SOP-001", "anna")
    drafted.play.day("2026-03-02")
    drafted.play.merge("b")
    return drafted


def read(office: Office, *words: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(office.ok(*words, "--format", "json"))
    return value


class TestList:
    def test_the_envelope(self, office: Office) -> None:
        value = read(office, "list", "--as-of", "2026-03-01")
        assert {key: part for key, part in value.items() if key != "items"} == {
            "format": 1,
            "command": "list",
            "commit": office.play.new,
            "as_of": "2026-03-01T22:59:59Z",
            "mainline": "main",
        }

    def test_as_a_table(self, merged: Office) -> None:
        lines = merged.ok("list").splitlines()
        assert lines[0].split() == ["Id", "Rev", "Status", "Title", "Owner", "Effective", "Review", "due"]
        assert lines[3].split() == ["WI-001", "2", "effective", "Document", "WI-001", "process-owner",
                                    "2026-03-02", "2027-12-31"]  # fmt: skip
        assert "effective, 2 in-review" in lines[2]

    def test_as_of_a_day(self, merged: Office) -> None:
        for day, revision in (("2026-03-01", "1"), ("2026-03-02", "2")):
            rows = read(merged, "list", "--as-of", day)["items"]
            assert [row["revision"] for row in rows if row["id"] == "WI-001"] == [revision]

    def test_on_a_branch_it_is_still_the_mainline(self, drafted: Office) -> None:
        drafted.play.signs("WI-001", "jane")
        rows = read(drafted, "list")["items"]
        assert [(row["revision"], row["draft"]) for row in rows] == [("1", None), ("1", None)]

    def test_before_anything_was_there(self, office: Office) -> None:
        ended = office.run("list", "--as-of", "2020-01-01")
        assert (ended.status, ended.out) == (0, "There are no documents yet.\n")
        assert "history of this system begins" in ended.err

    def test_a_snapshot(self, office: Office) -> None:
        ended = office.run("list", "--snapshot")
        assert ended.status == 0
        assert ended.err.startswith("This is a snapshot: the tree vouches for itself")


class TestStatus:
    def test_of_all(self, drafted: Office) -> None:
        out = drafted.ok("status")
        assert out.count("effective, 2 draft") == 2

    def test_of_one(self, drafted: Office) -> None:
        assert drafted.ok("status", "SOP-001").splitlines() == [
            "Document    SOP-001 Document SOP-001",
            "Status      effective",
            "Revision    1",
            "Owner       process-owner",
            "Effective   2026-01-05",
            "Review due  2027-12-31",
            "File        documents/SOP-001-text.md",
            "Signed      approved by Anna as Process owner, 2026-01-05T08:01:00Z",
            "            approved by Jane as Quality manager, 2026-01-05T08:02:00Z",
            "Draft       revision 2, draft, documents/SOP-001-text.md",
            "            approval by process-owner is missing: Anna",
            "            approval by quality-manager is missing: Bob or Jane",
            "Next        isodocs approve SOP-001",
        ]

    def test_complete_on_its_branch(self, drafted: Office) -> None:
        drafted.play.signs("WI-001", "jane")
        out = drafted.ok("status", "WI-001")
        assert "Status      effective\nRevision    1\n" in out
        assert (
            "Draft       revision 2, complete, documents/WI-001-text.md\n"
            "            revision 2 has all its signatures; it counts when it is merged into main\n"
            "Next        git switch main && git merge --no-ff b (or a pull request)\n"
        ) in out
        assert "effective, 2 complete" in drafted.ok("status")

    def test_what_comes_into_force_later(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", effective_date="2999-01-01")
        office.play.signs("WI-001", "jane")
        office.play.merge("b")
        assert "Coming      revision 2, in force from 2999-01-01\n" in office.ok("status", "WI-001")
        assert "effective, 2 from 2999-01-01" in office.ok("status")

    def test_a_withdrawal_on_its_branch(self, office: Office) -> None:
        office.play.branch("b")
        office.ok("withdraw", "WI-001", "--reason", "Done.", "--yes")
        out = office.ok("status", "WI-001")
        assert "Coming      its withdrawal is signed; it counts when it is merged into main\n" in out

    def test_an_earlier_day_knows_no_branch(self, drafted: Office) -> None:
        drafted.play.signs("WI-001", "jane")
        assert read(drafted, "status", "WI-001", "--as-of", "2026-02-20")["items"][0]["draft"] is None

    def test_from_a_detached_head(self, drafted: Office) -> None:
        drafted.play.repo.git("checkout", "-q", "--detach")
        assert "revision 2, draft" in drafted.ok("status", "WI-001")


class TestHistory:
    def test_newest_first_with_reason_writers_and_signatures(self, merged: Office) -> None:
        lines = merged.ok("history", "WI-001").splitlines()
        assert [line.split()[0] for line in lines if line[1:2].isdigit()] == ["2", "1"]
        assert lines[2].split()[:5] == ["2", "effective", "since", "2026-03-02", "Reason"]
        assert "2026-01-05 to 2026-03-02   first issue" in lines[4]
        assert "approved by Jane as Quality manager, 2026-02-02T09:03:00Z" in lines[2]

    def test_oldest_first_for_machines(self, merged: Office) -> None:
        rows = read(merged, "history", "WI-001")["items"]
        assert [(row["revision"], row["status"]) for row in rows] == [("1", "superseded"), ("2", "effective")]

    def test_a_document_without_any(self, office: Office) -> None:
        office.play.revise("WI-002", "1")
        assert office.ok("history", "WI-002") == "No revision of WI-002 has been approved yet.\n"


class TestShow:
    def test_the_exact_text_in_force(self, merged: Office) -> None:
        merged.play.doc("WI-001", "3")
        ended = merged.run("show", "WI-001")
        assert (
            ended.out.encode()
            == merged.play.repo.run("cat-file", "blob", "HEAD:documents/WI-001-text.md").stdout
        )
        assert ended.err == "WI-001 revision 2, effective\n"

    def test_of_a_revision_or_a_day(self, merged: Office) -> None:
        for words in (["--revision", "1"], ["--as-of", "2026-03-01"]):
            assert "This is the text of revision 1." in merged.ok("show", "WI-001", *words)

    def test_for_machines_as_list(self, merged: Office) -> None:
        value = read(merged, "show", "WI-001")
        assert (value["command"], value["items"]) == ("show", read(merged, "list")["items"][1:])

    def test_a_revision_that_never_was(self, merged: Office) -> None:
        assert refused(merged, "show", "WI-001", "--revision", "9") == (
            "Revision 9 of WI-001 was never approved; approved are: 1, 2."
        )

    def test_what_is_not_in_force(self, office: Office) -> None:
        office.play.revise("WI-002", "1")
        assert refused(office, "show", "WI-002") == (
            "No revision of WI-002 is in force then; it is draft. Name one with --revision."
        )
        assert "approved are: none" in refused(office, "show", "WI-002", "--revision", "1")


class TestEverywhere:
    @pytest.mark.parametrize("command", COMMANDS[1:])
    @pytest.mark.parametrize(
        ("name", "hint"), [("WI-01", "Did you mean WI-001?"), ("XY-7", "names them all")]
    )
    def test_an_unknown_document(self, office: Office, command: str, name: str, hint: str) -> None:
        sentence = refused(office, command, name)
        assert sentence.startswith(f"There is no document {name}.")
        assert hint in sentence

    @pytest.mark.parametrize("command", COMMANDS[1:])
    def test_a_document_that_was_not_there_yet(self, merged: Office, command: str) -> None:
        merged.play.revise("WI-002", "1")
        assert refused(merged, command, "WI-009", "--as-of", "2026-03-01").startswith(
            "There was no document WI-009 as of 2026-03-01."
        )

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize(
        "words", [["--as-of", "soon"], ["--trust-root", "nowhere"], ["--as-of", "2026-02-30"]]
    )
    def test_what_cannot_be_asked(self, office: Office, command: str, words: list[str]) -> None:
        name = [] if command == "list" else ["WI-001"]
        assert refused(office, command, *name, *words)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_nothing_is_written(self, office: Office, command: str) -> None:
        def stamps() -> dict[Path, int]:
            return {path: path.stat().st_mtime_ns for path in office.root.rglob("*")}

        def kept(path: Path) -> bool:
            return path.is_relative_to(office.root / ".git" / "isodocs") or path == office.root / ".git"

        before, words = stamps(), (command, *([] if command == "list" else ["WI-001"]))
        office.ok(*words)
        after = stamps()
        assert {path for path in after if after[path] != before.get(path) and not kept(path)} == set()
        assert before.keys() <= after.keys()
        office.ok(*words)
        assert stamps() == after

    @pytest.mark.parametrize("command", COMMANDS)
    def test_an_unborn_repository(self, office: Office, tmp_path: Path, command: str) -> None:
        subprocess.run(["git", "init", "-q", "-b", "main", tmp_path / "new"], check=True)
        words = [command] if command in {"list", "status"} else [command, "WI-001"]
        ended = run(*words, env=office.env("jane"), cwd=tmp_path / "new")
        assert ended.status == (0 if len(words) == 1 else 2)
        assert "fault of isodocs" not in ended.err
        assert "o commit on " in ended.out + ended.err

    @pytest.mark.parametrize("command", COMMANDS)
    def test_truncated_history(self, office: Office, tmp_path: Path, command: str) -> None:
        office.play.repo.commit("more")
        copy = office.play.repo.clone(tmp_path / "copy", "--depth=1")
        words = [command] if command == "list" else [command, "WI-001"]
        ended = run(*words, env=office.env("jane"), cwd=copy.path)
        assert ended.status == 2
        assert one_sentence(ended).endswith("run `git fetch --unshallow`.")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_bare_repository(self, office: Office, tmp_path: Path, command: str) -> None:
        bare = office.play.repo.clone(tmp_path / "bare.git", "--bare")
        words = [command] if command == "list" else [command, "WI-001"]
        assert run(*words, env=office.env("jane"), cwd=bare.path).status == 0

    def test_what_the_terminal_must_not_obey(self, office: Office) -> None:
        """Titles and names come from files of anybody: YAML and JSON can spell any character."""
        play = office.play
        play.branch("b")
        play.revise("WI-002", "1", title=r'"a [bold]b[/bold] ❤ \x1b[2J \u202e"')
        path = play.sign("WI-002", "jane")
        value = json.loads(play.read(path))
        play.write(path, None)
        play.write(f"{path}.sig", None)
        data = canonical({**value, "name": "Jane \x1b]0;evil\x07\nDoe"})
        play.write(path, data)
        play.write(f"{path}.sig", Key("jane").sign(data))
        play.commit("jane")
        play.merge("b")
        for command in COMMANDS:
            ended = office.run(*([command] if command == "list" else [command, "WI-002"]))
            assert ended.status == 0
            if command != "show":
                assert "\x1b" not in ended.out
        assert "a [bold]b[/bold] ❤ \\x1b[2J \\u202e" in office.ok("list")
        assert "approved by Jane (signed as Jane \\x1b]0;evil\\x07" in office.ok("history", "WI-002")
        assert "\x1b" not in office.ok("verify", "WI-002")
