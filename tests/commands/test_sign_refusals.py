"""What cannot be signed: one clear sentence, exit status 2, and nothing is written."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.company import Held, Kind, Settings, usual_register
from support.office import Office, one_sentence, refused, run, write_key
from support.play import founded
from support.statements import Key

if TYPE_CHECKING:
    from pathlib import Path


class TestWho:
    def test_a_writer_cannot_approve_himself(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", by="jane")
        sentence = refused(office, "approve", "WI-001", "--yes")
        assert sentence == (
            "Jane wrote part of WI-001 revision 2, so somebody else has to approve it: quality-manager (Bob)."
        )

    def test_nor_what_others_have_approved_already(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", by="jane")
        office.ok("approve", "WI-001", "--yes", by="bob")
        office.commit("bob")
        office.play.merge("b")
        assert "Jane wrote part of WI-001 revision 2" in refused(office, "approve", "WI-001", "--yes")

    def test_nor_may_he_who_is_named_as_writer_by_another_statement(self, drafted: Office) -> None:
        drafted.play.sign("WI-001", "max", meaning="authored", writers=["jane", "max"], role=None)
        drafted.play.commit("max")
        assert "Jane wrote part of it" not in refused(drafted, "approve", "WI-001", "--yes")
        assert "somebody else has to approve it" in refused(drafted, "approve", "WI-001", "--yes")

    def test_an_unknown_writer(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", by="eve")
        sentence = refused(office, "approve", "WI-001", "--yes")
        assert "was written under an address that people.yml does not know. Add the address" in sentence

    def test_a_role_that_is_not_held(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "WI-001", "--yes", by="max")
        assert sentence == "Max holds no role that may sign this: quality-manager (Bob or Jane)."

    def test_a_role_that_one_does_not_hold_oneself(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "SOP-001", "--yes", "--role", "process-owner")
        assert sentence == "You cannot sign this as process-owner; you can as: quality-manager."

    def test_several_roles_need_a_choice(self, tmp_path: Path) -> None:
        register = usual_register().granting("jane", "process-owner")
        office = Office.founded(tmp_path / "repo", register=register)
        office.play.branch("b")
        office.play.revise("SOP-001", "2")
        sentence = refused(office, "approve", "SOP-001", "--yes")
        assert sentence == (
            "You can sign in several roles; choose one with --role: process-owner, quality-manager."
        )
        office.ok("approve", "SOP-001", "--yes", "--role", "process-owner")
        office.commit()
        office.ok("approve", "SOP-001", "--yes")  # one role is left, so there is nothing to choose

    def test_once_is_enough(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        sentence = refused(drafted, "approve", "WI-001", "--yes")
        assert sentence.startswith("Jane signed this already (approved, WI-001 revision 2, 20")

    def test_settings_are_changed_by_their_role_only(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("isodocs.yml", office.play.settings.text() + "# more\n")
        office.play.commit("max")
        sentence = refused(office, "authorise", "--yes", by="max")
        assert sentence == "Max may not change them; that is up to: quality-manager (Bob or Jane)."


class TestKeys:
    def test_a_key_that_nobody_has(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "WI-001", "--yes", by="eve")
        assert sentence.startswith("The key SHA256:")
        assert "is in nobody's entry of people.yml, so nothing it signs counts." in sentence
        assert sentence.endswith("isodocs enrol --help")

    @pytest.mark.parametrize(
        "held",
        [
            Held("jane", until="2026-02-01"),
            Held("jane", since="2999-01-01"),
            Held("jane", revoked=("2026-01-10", "2026-01-09")),
        ],
    )
    def test_a_key_that_is_not_valid_today(self, tmp_path: Path, held: Held) -> None:
        office = Office.founded(tmp_path / "repo")
        office.play.configure(register=usual_register().with_keys("jane", held))
        office.play.authorise("bob")
        office.play.commit("bob")
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        sentence = refused(office, "approve", "WI-001", "--yes")
        assert "of jane is not valid today by people.yml" in sentence

    def test_a_key_of_two_people(self, tmp_path: Path) -> None:
        register = usual_register().with_keys("bob", Held("bob"), Held("jane"))
        office = Office.founded(tmp_path / "repo", register=register)
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        sentence = refused(office, "approve", "WI-001", "--yes")
        assert "stands with bob and jane in people.yml, so it counts for nobody" in sentence

    def test_no_key_at_all(self, drafted: Office) -> None:
        env = {key: value for key, value in drafted.env("jane").items() if "GIT_CONFIG_" not in key}
        ended = run("approve", "WI-001", "--yes", env=env, cwd=drafted.root)
        assert ended.status == 2
        assert one_sentence(ended).startswith("No signing key is known. Make a key with:")

    def test_a_key_file_that_is_not_there(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "WI-001", "--yes", "--key", "no/such/key")
        assert sentence == "The key file no/such/key does not exist."

    def test_a_key_that_others_can_read(self, drafted: Office) -> None:
        (drafted.home / "jane").chmod(0o644)
        sentence = refused(drafted, "approve", "WI-001", "--yes")
        assert "Others can read the private key" in sentence

    def test_a_file_that_is_no_key(self, drafted: Office) -> None:
        assert "cannot be signed with" in refused(
            drafted, "approve", "WI-001", "--yes", "--key", str(drafted.root / "people.yml")
        )

    @pytest.mark.parametrize(
        ("stdin", "words"),
        [("wrong\n", "the passphrase is wrong"), ("", "no answer was given. Nothing was written.")],
    )
    def test_a_wrong_passphrase_or_none(self, drafted: Office, stdin: str, words: str) -> None:
        subprocess.run(
            ["ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", drafted.key("jane")],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        assert words in refused(drafted, "approve", "WI-001", "--yes", stdin=stdin)
        drafted.ok("approve", "WI-001", "--yes", stdin="secret\n")


class TestWhat:
    def test_a_text_that_is_not_committed(self, drafted: Office) -> None:
        drafted.play.doc("WI-001", "2", "Changed again.")
        sentence = refused(drafted, "approve", "WI-001", "--yes")
        assert sentence == (
            "documents/WI-001-text.md has changes that are not committed. Commit them first, then sign."
        )

    def test_a_staged_text_is_not_committed_either(self, drafted: Office) -> None:
        drafted.play.doc("WI-001", "2", "Changed again.")
        drafted.play.repo.git("add", "-A")
        assert "not committed" in refused(drafted, "approve", "WI-001", "--yes")

    def test_other_files_may_have_changes(self, drafted: Office) -> None:
        drafted.play.doc("SOP-001", "2", "Changed again.")
        drafted.ok("approve", "WI-001", "--yes")

    def test_a_picture_that_is_not_committed(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("documents/img/a.png", b"one")
        office.play.revise("WI-002", "1", "![a](img/a.png)")
        office.play.write("documents/img/a.png", b"two")
        assert refused(office, "approve", "WI-002", "--yes").startswith("documents/img/a.png has changes")

    @pytest.mark.parametrize(
        ("target", "words"),
        [
            ("img/a.png", "which is not among the committed files: commit documents/img/a.png first."),
            ("../../a.png", "which lies outside the repository, so it cannot be signed."),
            ("link.png", "but documents/link.png is no ordinary file, so it cannot be signed."),
        ],
    )
    def test_a_missing_picture(self, office: Office, target: str, words: str) -> None:
        office.play.branch("b")
        (office.root / "documents" / "link.png").symlink_to("WI-001-text.md")
        office.play.revise("WI-002", "1", f"![a]({target})")
        sentence = refused(office, "approve", "WI-002", "--yes")
        assert sentence == f"documents/WI-002-text.md embeds {target}, {words}"

    def test_nothing_to_sign(self, office: Office) -> None:
        assert refused(office, "review", "WI-001", "--yes") == (
            "Nothing of WI-001 waits for this: revision 1 is approved already."
        )
        assert "once is enough" in refused(office, "approve", "WI-001", "--yes")
        assert refused(office, "authorise", "--yes") == (
            "Settings, people and the other protected files are those that govern already."
        )

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("WI-01", "Did you mean WI-001?"),
            ("wi-001", "Did you mean WI-001?"),
            ("XY-999", "Is it committed"),
        ],
    )
    def test_no_such_document(self, office: Office, name: str, hint: str) -> None:
        for command in ("approve", "reaffirm", "acknowledge"):
            sentence = refused(office, command, name, "--yes")
            assert sentence.startswith(f"There is no document {name} among the committed files. {hint}")

    def test_a_document_that_was_never_committed(self, office: Office) -> None:
        office.play.doc("WI-002", "1")
        assert refused(office, "approve", "WI-002", "--yes") == (
            "documents/WI-002-text.md has changes that are not committed. Commit them first, then sign."
        )

    def test_an_id_that_two_files_have(self, drafted: Office) -> None:
        drafted.play.write("documents/copy.md", drafted.play.read("documents/WI-001-text.md"))
        drafted.play.commit("max")
        assert refused(drafted, "approve", "WI-001", "--yes") == (
            "2 files have the id WI-001: documents/WI-001-text.md, documents/copy.md. "
            "Remove one of them, or give it another id."
        )

    def test_a_text_changed_under_an_approved_number(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "1", "Changed.")
        for command in (("approve",), ("review",), ("author",), ("return", "--reason", "No.")):
            sentence = refused(office, command[0], "WI-001", "--yes", *command[1:])
            assert "says revision 1; approved is 1. Write revision 2 and the reason in 'change'" in sentence

    def test_a_number_that_is_none(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "two")
        assert "says revision 'two', but WI documents are numbered 1, 2, 3." in refused(
            office, "approve", "WI-001", "--yes"
        )

    def test_a_type_that_the_governing_settings_do_not_know(self, office: Office) -> None:
        office.play.branch("b")
        office.play.configure(office.play.settings.kind("XY", Kind()))
        office.play.revise("XY-001", "1")
        assert "A new type and its first document take two pushes" in refused(
            office, "approve", "XY-001", "--yes"
        )

    def test_a_revision_that_was_never_approved(self, office: Office) -> None:
        sentence = refused(office, "acknowledge", "WI-001", "--revision", "7", "--yes")
        assert sentence == "Revision 7 of WI-001 was never approved; approved are: 1."

    @pytest.mark.parametrize("command", ["reaffirm", "withdraw", "acknowledge"])
    def test_a_draft_cannot_be_what_only_approved_revisions_can(self, office: Office, command: str) -> None:
        office.play.branch("b")
        office.play.revise("WI-002", "1")
        office.ok("approve", "WI-002", "--yes")
        office.commit()
        why = ["--reason", "x"] if command == "withdraw" else []
        sentence = refused(office, command, "WI-002", "--yes", *why)
        assert sentence == "No revision of WI-002 was approved on main yet."

    def test_what_is_withdrawn_already(self, office: Office) -> None:
        office.ok("withdraw", "WI-001", "--reason", "Done.", "--yes")
        office.commit()
        assert refused(office, "withdraw", "WI-001", "--reason", "x", "--yes") == (
            "WI-001 is withdrawn already."
        )
        assert refused(office, "reaffirm", "WI-001", "--yes") == (
            "No revision of WI-001 is in force; it is withdrawn."
        )

    def test_what_the_mainline_decided_meanwhile(self, drafted: Office) -> None:
        drafted.play.branch("other", "main")
        drafted.play.revise("WI-001", "2", "Another text.")
        drafted.play.signs("WI-001", "bob")
        drafted.play.merge("other")
        drafted.play.on("b")
        sentence = refused(drafted, "approve", "WI-001", "--yes")
        assert sentence == (
            "WI-001 has moved on: main decided on it since this branch left it. Bring the branch up to date "
            "first (git merge main); a draft then needs the next number."
        )
        drafted.ok("approve", "SOP-001", "--yes")

    @pytest.mark.parametrize("command", ["withdraw", "reaffirm"])
    def test_a_revision_that_the_mainline_replaced_meanwhile(self, drafted: Office, command: str) -> None:
        drafted.play.signs("WI-001", "bob")
        drafted.play.branch("old", "main")
        drafted.play.merge("b")
        drafted.play.on("old")
        why = ["--reason", "x"] if command == "withdraw" else []
        assert "WI-001 has moved on" in refused(drafted, command, "WI-001", "--yes", *why)

    def test_settings_that_the_mainline_changed_meanwhile(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("mkdocs.yml", "site_name: b\n")
        office.play.commit("max")
        office.play.on("main")
        office.play.configure(Settings(title="Other"))
        office.play.authorise("jane")
        office.play.commit("jane")
        office.play.on("b")
        assert "Settings or people were changed on main since this branch left it" in refused(
            office, "authorise", "--yes"
        )

    def test_protected_files_that_are_not_committed(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("mkdocs.yml", "site_name: b\n")
        assert refused(office, "authorise", "--yes").startswith("mkdocs.yml has changes")

    def test_the_register_of_the_first_commit_needs_none(self, tmp_path: Path) -> None:
        play = founded(tmp_path / "repo")
        office = Office(play)
        play.repo.git("update-ref", "-d", "HEAD")
        assert refused(office, "authorise", "--yes").startswith("The first commit needs no signature")


class TestHow:
    @pytest.mark.parametrize("command", ["return", "withdraw"])
    @pytest.mark.parametrize("reason", [[], ["--reason", "  "]])
    def test_no_reason(self, drafted: Office, command: str, reason: list[str]) -> None:
        sentence = refused(drafted, command, "WI-001", "--yes", *reason)
        assert sentence == "A reason is needed and stays on record: add --reason 'why'."

    def test_a_reason_that_cannot_be_shown(self, drafted: Office) -> None:
        assert "plain text" in refused(drafted, "approve", "WI-001", "--yes", "--reason", "a\x1b[2Jb")

    def test_a_reason_that_is_too_long(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "WI-001", "--yes", "--reason", "x" * 5000)
        assert sentence == ("The statement would be refused, since it is too large. Is the reason too long?")

    @pytest.mark.parametrize("date", ["tomorrow", "2027-2-3", "01.02.2027", "2027-02-30"])
    def test_a_bad_date(self, office: Office, date: str) -> None:
        assert refused(office, "reaffirm", "WI-001", "--yes", "--next", date) == (
            f"'{date}' is no date such as 2028-06-01."
        )

    def test_a_date_that_has_passed(self, office: Office) -> None:
        assert refused(office, "reaffirm", "WI-001", "--yes", "--next", "2026-02-02") == (
            "The next review, 2026-02-02, must be after today."
        )

    def test_no_answer(self, drafted: Office) -> None:
        assert refused(drafted, "approve", "WI-001") == (
            "No answer was given, so nothing was written. To go on without: --yes"
        )

    @pytest.mark.parametrize("answer", ["n\n", "\n"])
    def test_the_answer_is_no(self, drafted: Office, answer: str) -> None:
        assert refused(drafted, "approve", "WI-001", stdin=answer) == "As you say: nothing was written."

    def test_unsigned_where_a_signature_is_asked(self, drafted: Office) -> None:
        sentence = refused(drafted, "approve", "WI-001", "--unsigned-as", "jane", "--yes")
        assert sentence == (
            "WI documents ask for signed statements here, so one that is unsigned would not count. "
            "Sign with a key."
        )

    def test_unsigned_for_somebody_unknown_or_with_a_key(self, drafted: Office) -> None:
        words = ("approve", "WI-001", "--yes", "--unsigned-as")
        assert refused(drafted, *words, "zoe") == "There is no person zoe in people.yml."
        assert "Either --key or --unsigned-as" in refused(drafted, *words, "jane", "--key", "x")

    @pytest.mark.parametrize(
        "words",
        [
            ["approve"],
            ["approve", "A", "--waiting"],
            ["return", "--waiting"],
            ["approve", "WI-001", "--next", "x"],
            ["author", "X", "--role", "y"],
        ],
    )
    def test_wrong_words(self, office: Office, words: list[str]) -> None:
        ended = office.run(*words)
        assert ended.status == 2
        assert f"Usage: isodocs {words[0]}" in ended.err


class TestWhere:
    def test_no_repository(self, tmp_path: Path, office: Office) -> None:
        ended = run("approve", "WI-001", "--yes", env=office.env("jane"), cwd=tmp_path)
        assert ended.status == 2
        assert "is not in a git repository" in one_sentence(ended)

    def test_an_unborn_repository_without_settings(self, tmp_path: Path, office: Office) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        subprocess.run(["git", "init", "-q", empty], check=True)
        for words in (["approve", "WI-001"], ["authorise"]):
            ended = run(*words, "--yes", env=office.env("jane"), cwd=empty)
            assert ended.status == 2
            assert one_sentence(ended).endswith("Run 'isodocs init' to begin.")
            assert [path.name for path in empty.iterdir()] == [".git"]

    def test_a_detached_head(self, drafted: Office) -> None:
        drafted.play.repo.git("checkout", "-q", "--detach")
        assert refused(drafted, "approve", "WI-001", "--yes") == (
            "HEAD is detached, so no branch would keep the signature. Switch to one first: git switch BRANCH"
        )

    def test_a_bare_repository(self, drafted: Office, tmp_path: Path) -> None:
        bare = drafted.play.repo.clone(tmp_path / "bare.git", "--bare")
        ended = run("approve", "WI-001", "--yes", env=drafted.env("jane"), cwd=bare.path)
        assert ended.status == 2
        assert one_sentence(ended) == "This repository is bare: sign in a clone of it, and push."

    def test_a_shallow_clone(self, drafted: Office, tmp_path: Path) -> None:
        copy = drafted.play.repo.clone(tmp_path / "copy", "--depth=1", "--no-single-branch")
        ended = run("approve", "WI-001", "--yes", env=drafted.env("jane"), cwd=copy.path)
        assert ended.status == 2
        assert "git fetch --unshallow" in one_sentence(ended)

    def test_a_folder_that_cannot_be_written(self, drafted: Office) -> None:
        """The superuser may write anywhere, but not below a file."""
        drafted.play.repo.git("rm", "-rq", "signatures")
        drafted.commit()
        (drafted.root / "signatures").write_text("")
        sentence = refused(drafted, "approve", "WI-001", "--yes")
        assert "cannot be written" in sentence

    def test_a_disk_that_takes_no_more(self, drafted: Office) -> None:
        """Under a limit of 600 bytes a file no statement can be written, not even by the superuser."""
        done = subprocess.run(
            [sys.executable, "-m", "isodocs", "approve", "WI-001", "--yes"],
            cwd=drafted.root,
            env={
                **drafted.env("jane"),
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "PYTHONDONTWRITEBYTECODE": "1",  # or the interpreter's own cache would be cut short
            },
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600)),
        )
        assert done.returncode == 2
        assert "cannot be written: File too large." in done.stderr
        assert drafted.status() == ""

    def test_a_link_that_leads_elsewhere(self, drafted: Office, tmp_path: Path) -> None:
        drafted.play.repo.git("rm", "-rq", "signatures")
        (tmp_path / "elsewhere").mkdir()
        (drafted.root / "signatures").symlink_to(tmp_path / "elsewhere")
        drafted.play.commit("max")
        sentence = refused(drafted, "approve", "WI-001", "--yes")
        assert sentence == "signatures is a link to another place; nothing was written."
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_an_index_that_is_locked(self, drafted: Office) -> None:
        (drafted.root / ".git" / "index.lock").write_text("")
        before = sorted((drafted.root / "signatures").rglob("*"))
        ended = drafted.run("approve", "WI-001", "--yes")
        assert ended.status == 2
        assert "index.lock" in one_sentence(ended)
        assert sorted((drafted.root / "signatures").rglob("*")) == before

    def test_a_register_that_cannot_be_read(self, drafted: Office) -> None:
        drafted.play.write("people.yml", "people: [\n")
        drafted.play.commit("max")
        assert refused(drafted, "approve", "WI-001", "--yes").startswith("people.yml:")

    def test_a_statement_that_is_there_already(self, drafted: Office) -> None:
        """Somebody else's file of the same name is never overwritten: as good as impossible, and refused."""
        dry = json.loads(drafted.ok("status", "WI-001", "--format", "json"))
        assert dry["items"][0]["draft"]["status"] == "draft"
        folder = drafted.root / "signatures" / "WI-001" / "2"
        folder.mkdir(parents=True)
        (folder / "approved.jane.000000000000.json").write_text("{}")
        drafted.ok("approve", "WI-001", "--yes")
        assert (folder / "approved.jane.000000000000.json").read_text() == "{}"


def test_a_key_of_eve_is_no_key_of_jane(office: Office) -> None:
    """The address in git's configuration says nothing: the key does."""
    write_key(office.home / "jane", Key("eve"))
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    assert "is in nobody's entry" in refused(office, "approve", "WI-001", "--yes")
