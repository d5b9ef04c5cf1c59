"""Verifying: for each statement why it counts or not; the sum; the exit status; the second opinion."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from support.company import Held, Kind, Settings, usual_register
from support.office import Office, refused, run
from support.play import founded
from support.statements import Key, canonical, sha256

from isodocs.signing.enrol import challenge

if TYPE_CHECKING:
    from pathlib import Path

    from support.play import Play

Row = dict[str, Any]


def verified(office: Office, *words: str) -> tuple[int, dict[str, Any]]:
    ended = office.run("verify", *words, "--format", "json")
    assert "isodocs: " not in ended.err
    value: dict[str, Any] = json.loads(ended.out)
    return ended.status, value


def rows(office: Office, *words: str) -> list[Row]:
    items: list[Row] = verified(office, *words)[1]["items"]
    return items


def only(office: Office, standing: str, *words: str) -> Row:
    """The one statement of that standing."""
    (found,) = [row for row in rows(office, *words) if row["standing"] == standing]
    return found


class TestWhatCounts:
    def test_everything_of_a_sound_repository(self, office: Office) -> None:
        status, value = verified(office)
        assert status == 0
        assert [row["standing"] for row in value["items"]] == ["counts"] * 3
        assert value["fails"] is False
        assert [row["verified"] for row in value["documents"]] == [True, True]

    def test_a_row(self, office: Office) -> None:
        row = rows(office, "WI-001")[0]
        path = office.play.signatures("WI-001", "1")[0]
        assert row == {
            "id": "WI-001",
            "revision": "1",
            "meaning": "approved",
            "person": "jane",
            "name": "Jane",
            "role": "quality-manager",
            "role_title": "Quality manager",
            "signer": "jane",
            "time": "2026-01-05T08:03:00Z",
            "claimed": True,
            "assurance": "signed",
            "reason": None,
            "next_review": None,
            "writers": ["max"],
            "content": office.play.known["WI-001", "1"],
            "document": sha256(office.play.read("documents/WI-001-text.md")),
            "predecessor": None,
            "source": None,
            "standing": "counts",
            "valid": True,
            "counts": True,
            "code": None,
            "why": "",
            "fails": False,
            "entered": "2026-01-05T08:04:00Z",
            "commit": office.play.new,
            "key": Key("jane").public,
            "fingerprint": fingerprint("jane"),
            "path": path,
            "statement": subprocess.run(
                ["sha256sum", office.root / path], check=True, capture_output=True, text=True
            ).stdout[:64],
        }

    def test_the_text_names_each_document_with_its_evidence(self, office: Office) -> None:
        out = office.ok("verify", "SOP-001")
        assert out.startswith(
            "SOP-001 revision 1: effective since 2026-01-05, approved by Anna as process-owner and "
            "Jane as quality-manager; all its signatures verify\n  content "
        )
        assert (
            "  counts      approved revision 1 by Anna as Process owner, claimed 2026-01-05T08:01:00Z, "
            f"entered 2026-01-05T08:04:00Z, {fingerprint('anna')}\n"
        ) in out
        assert out.endswith("2 statements: 2 count.\nEverything that should count does.\n")

    def test_settings_and_people(self, office: Office) -> None:
        office.play.write("mkdocs.yml", "site_name: x\n")
        office.play.authorise("jane")
        office.play.commit("jane")
        out = office.ok("verify", "_authority")
        assert out.startswith(
            "Settings and people: this set governs since 2026-02-02, signed by Jane\n"
            f"  content {office.play.set_digest()}\n"
            "  counts      authority by Jane as Quality manager, claimed "
        )

    def test_settings_of_the_trust_root(self, office: Office) -> None:
        value = verified(office)[1]
        assert value["authority"] == {
            "content": office.play.set_digest(),
            "commit": office.play.new,
            "since": None,
            "root": True,
            "signed_by": [],
            "recovered": False,
            "challenged": False,
            "changed_here": False,
            "change_signed": False,
        }
        assert "this set governs from the trust root on\n" in office.ok("verify")

    def test_settings_that_were_changed(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("mkdocs.yml", "site_name: x\n")
        office.play.commit("max")
        start = "Settings and people: this set governs from the trust root on; the files here "
        assert f"{start}are CHANGED and not signed\n" in office.ok("verify")
        office.ok("authorise", "--yes")
        assert f"{start}differ and are signed, so they will govern" in office.ok("verify")

    def test_as_of_a_day(self, drafted: Office) -> None:
        drafted.play.signs("WI-001", "jane")
        drafted.play.day("2026-03-02")
        drafted.play.merge("b")
        assert len(rows(drafted, "WI-001", "--as-of", "2026-02-28")) == 1
        assert len(rows(drafted, "WI-001", "--as-of", "2026-03-02")) == 2

    def test_on_a_branch_its_statements_are_judged_as_they_would_enter(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        row = rows(drafted, "WI-001")[-1]
        assert (row["standing"], row["entered"], row["commit"]) == ("counts", None, None)
        _, value = verified(drafted, "WI-001")
        assert value["documents"][0]["revision"] == "1"

    def test_a_snapshot(self, office: Office) -> None:
        ended = office.run("verify", "--snapshot", "--as-of", "2026-03-01")
        assert ended.status == 0
        assert "This is a snapshot" in ended.err
        assert "3 statements: 3 count." in ended.out

    def test_an_empty_mainline(self, tmp_path: Path, office: Office) -> None:
        subprocess.run(["git", "init", "-q", tmp_path / "new"], check=True)
        ended = run("verify", env=office.env("jane"), cwd=tmp_path / "new")
        assert (ended.status, ended.out.count("\n")) == (0, 1)
        ended = run("verify", "--format", "json", env=office.env("jane"), cwd=tmp_path / "new")
        assert json.loads(ended.out)["items"] == []

    def test_an_unknown_document(self, office: Office) -> None:
        assert refused(office, "verify", "WI-01") == (
            "There is no document WI-01, and no statement about one. Did you mean WI-001?"
        )


class TestWhatDoesNot:
    """Each way of not counting: standing, code, and whether it makes the whole check fail."""

    def told(self, office: Office, standing: str, code: str, why: str, *, fails: bool) -> Row:
        row = only(office, standing)
        assert row["code"] == code
        assert why in row["why"]
        assert row["fails"] is fails
        assert office.run("verify").status == fails
        assert f"{code} {row['why']}" in office.run("verify").out
        return row

    def test_a_void_signature_on_the_text_that_waits(self, drafted: Office) -> None:
        drafted.play.sign("WI-001", "jane", writers=["jane", "max"])
        drafted.play.commit("jane")
        self.told(drafted, "void", "AP104", "jane wrote part of it", fails=True)

    def test_a_void_signature_that_valid_ones_outweigh(self, drafted: Office) -> None:
        drafted.play.sign("WI-001", "tom", role="quality-manager")
        drafted.play.signs("WI-001", "jane")
        drafted.play.merge("b")
        self.told(drafted, "void", "AP103", "tom did not hold the role quality-manager", fails=False)

    def test_a_void_signature_on_a_text_that_is_gone(self, drafted: Office) -> None:
        drafted.play.sign("WI-001", "tom", role="quality-manager")
        drafted.play.commit("tom")
        drafted.play.configure(Settings(drafts=True))
        drafted.play.merge("b")
        drafted.play.revise("WI-001", "2", "Quite another text.")
        assert only(drafted, "void")["fails"] is False

    def test_a_withdrawal_that_was_void(self, office: Office) -> None:
        office.play.sign("WI-001", "tom", meaning="withdrawn", role="quality-manager", after=None)
        office.play.commit("tom")
        self.told(office, "void", "AP103", "did not hold the role", fails=True)

    def test_a_review_that_was_void_until_a_valid_one_came(self, office: Office) -> None:
        office.play.sign("WI-001", "tom", meaning="reaffirmed", role="quality-manager", after=None)
        office.play.commit("tom")
        self.told(office, "void", "AP103", "did not hold the role", fails=True)
        office.play.sign("WI-001", "jane", meaning="reaffirmed", next_review="2027-01-01", after=None)
        office.play.commit("jane")
        self.told(office, "void", "AP103", "did not hold the role", fails=False)

    def test_an_acknowledgement_that_was_void_until_a_valid_one_came(self, office: Office) -> None:
        office.play.keys["tom"] = "eve"
        office.play.sign("WI-001", "tom", meaning="acknowledged", role=None, after=None)
        office.play.commit("tom")
        self.told(office, "void", "AP106", "is in nobody's entry of people.yml", fails=True)
        del office.play.keys["tom"]
        office.play.sign("WI-001", "tom", meaning="acknowledged", role=None, after=None)
        office.play.commit("tom")
        self.told(office, "void", "AP106", "is in nobody's entry", fails=False)

    def test_settings_signed_by_somebody_who_may_not(self, office: Office) -> None:
        office.play.write("mkdocs.yml", "site_name: x\n")
        office.play.authorise("tom")
        office.play.commit("tom")
        row = self.told(office, "void", "AP103", "tom did not hold the role", fails=True)
        assert (row["id"], row["meaning"], row["revision"]) == ("_authority", "authority", None)
        office.play.authorise("jane", after=office.play.set_digest("main~1"))
        office.play.commit("jane")
        self.told(office, "void", "AP103", "tom did not hold the role", fails=False)

    def test_one_that_waits_for_its_text(self, office: Office) -> None:
        office.play.doc("WI-001", "2")
        office.play.sign("WI-001", "jane")
        office.play.repo.git("checkout", "-q", "documents")
        office.play.commit("jane")
        why = "the text of WI-001 here is not the one that it names"
        self.told(office, "waits", "AP109", why, fails=False)

    def test_one_about_a_document_that_is_not_here(self, office: Office) -> None:
        office.play.doc("WI-009", "1")
        office.play.sign("WI-009", "jane")
        office.play.write("documents/WI-009-text.md", None)
        office.play.commit("jane")
        self.told(office, "waits", "AP109", "there is no document WI-009 here", fails=False)
        assert "WI-009: no such document\n" in office.run("verify").out

    def test_one_on_a_revision_that_was_never_approved(self, office: Office) -> None:
        office.play.doc("WI-001", "2")
        office.play.sign("WI-001", "jane", meaning="reaffirmed", after=None)
        office.play.repo.git("checkout", "-q", "documents")
        office.play.commit("jane")
        self.told(office, "waits", "AP109", "revision 2 was not approved before it came", fails=False)

    def test_one_where_two_files_have_the_id(self, drafted: Office) -> None:
        drafted.play.write("documents/copy.md", drafted.play.read("documents/WI-001-text.md"))
        drafted.play.signs("WI-001", "jane")
        self.told(drafted, "waits", "AP109", "2 files have the id WI-001", fails=False)

    def test_settings_that_were_signed_and_then_changed(self, office: Office) -> None:
        office.play.write("mkdocs.yml", "site_name: x\n")
        office.play.authorise("jane")
        office.play.write("mkdocs.yml", "site_name: y\n")
        office.play.commit("jane")
        why = "settings, people and protected files are not those that it names"
        self.told(office, "waits", "AP109", why, fails=False)

    def test_a_signature_over_other_bytes(self, drafted: Office) -> None:
        path = drafted.play.sign("WI-001", "jane")
        drafted.play.write(f"{path}.sig", Key("jane").sign(b"something else"))
        drafted.play.commit("jane")
        row = self.told(drafted, "bad", "AP105", "the signature does not fit", fails=True)
        assert row["fingerprint"] == fingerprint("jane")

    def test_a_signature_that_is_none(self, drafted: Office) -> None:
        path = drafted.play.sign("WI-001", "jane")
        drafted.play.write(f"{path}.sig", "no signature\n")
        drafted.play.commit("jane")
        assert only(drafted, "bad")["fingerprint"] is None

    def test_a_signature_that_is_missing(self, drafted: Office) -> None:
        path = drafted.play.sign("WI-001", "jane")
        drafted.play.write(f"{path}.sig", None)
        drafted.play.commit("jane")
        self.told(drafted, "bad", "AP105", "the .sig beside it, is missing", fails=True)

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "it is not JSON"),
            (b"{}\n", "its format is None"),
            (b'{"format": 2}\n', "its format is 2; this isodocs reads format 1"),
            (b"\xff", "it is not JSON in ASCII"),
        ],
    )
    def test_a_file_that_is_no_statement(self, office: Office, data: bytes, why: str) -> None:
        office.play.write("signatures/WI-001/1/approved.jane.000000000000.json", data)
        office.play.commit("jane")
        row = self.told(office, "unreadable", "AP108", why, fails=True)
        assert (row["id"], row["person"]) == ("WI-001", None)

    def test_a_link_where_a_statement_should_be(self, office: Office) -> None:
        link = office.root / "signatures" / "WI-001" / "1" / "approved.jane.000000000000.json"
        link.symlink_to("nowhere")
        office.play.commit("jane")
        self.told(office, "unreadable", "AP108", "it is no file", fails=True)

    def test_a_statement_of_another_management_system(self, drafted: Office) -> None:
        path = drafted.root / drafted.play.sign("WI-001", "jane")
        value = json.loads(path.read_bytes())
        path.write_bytes(canonical({**value, "qms": "00000000-0000-0000-0000-000000000000"}))
        drafted.play.commit("jane")
        self.told(drafted, "unreadable", "AP108", "another management system", fails=True)

    def test_an_unsigned_one_where_signatures_are_asked(self, drafted: Office) -> None:
        drafted.play.sign("WI-001", "jane", assurance="unsigned")
        drafted.play.commit("jane")
        self.told(drafted, "weak", "AP107", "asks for signed statements, and it is unsigned", fails=True)

    def test_a_role_that_nobody_asks_for(self, drafted: Office) -> None:
        drafted.play.sign("WI-001", "anna", role="process-owner")
        drafted.play.commit("anna")
        row = only(drafted, "idle")
        assert (row["why"], row["fails"]) == ("no policy asks for a signature as process-owner", False)


class TestTampering:
    """What counts stays in force, and the evidence that is no longer whole is told."""

    def test_a_statement_that_was_removed(self, office: Office) -> None:
        (path,) = office.play.signatures("WI-001", "1")
        office.play.write(path, None)
        office.play.write(f"{path}.sig", None)
        office.play.commit("max")
        status, value = verified(office, "WI-001")
        (row,) = value["items"]
        assert status == 1
        assert (row["standing"], row["code"], row["path"]) == ("counts", "HX105", None)
        assert "its file was removed since; restore it from git" in row["why"]
        assert value["documents"][0]["verified"] is False
        assert "NOT all its signatures verify" in office.run("verify").out

    @pytest.mark.parametrize(
        ("data", "why"),
        [(None, "its .sig was removed since"), (b"x", "its .sig was altered since")],
    )
    def test_a_signature_that_was_removed_or_altered(
        self, office: Office, data: bytes | None, why: str
    ) -> None:
        (path,) = office.play.signatures("WI-001", "1")
        office.play.write(f"{path}.sig", data)
        office.play.commit("max")
        status, value = verified(office, "WI-001")
        assert status == 1
        assert why in value["items"][0]["why"]

    def test_of_a_superseded_revision_the_files_may_go(self, drafted: Office) -> None:
        drafted.play.signs("WI-001", "jane")
        drafted.play.merge("b")
        (path,) = drafted.play.signatures("WI-001", "1")
        drafted.play.write(path, None)
        drafted.play.write(f"{path}.sig", None)
        drafted.play.commit("max")
        assert office_status(drafted) == 0

    def test_a_key_that_was_lost_challenges_what_it_signed(self, office: Office) -> None:
        lost = Held("jane", revoked=("2026-02-03", "2026-01-01"))
        office.play.configure(register=usual_register().with_keys("jane", lost))
        office.play.authorise("bob")
        office.play.commit("bob")
        ended = office.run("verify", "WI-001")
        assert "CHALLENGED: a key that signed it may have been in other hands" in ended.out


def office_status(office: Office) -> int:
    return office.run("verify").status


class TestSecondOpinion:
    def test_ssh_keygen_agrees(self, drafted: Office) -> None:
        path = drafted.play.sign("WI-001", "jane")
        drafted.play.write(f"{path}.sig", Key("jane").sign(b"something else"))
        drafted.play.commit("jane")
        status, value = verified(drafted, "--with-ssh-keygen")
        assert status == 1
        opinions = [(row["standing"], row["second_opinion"]["ok"]) for row in value["items"]]
        assert sorted(opinions) == [("bad", False), *[("counts", True)] * 3]
        assert all(row["second_opinion"]["agrees"] for row in value["items"])
        out = drafted.run("verify", "--with-ssh-keygen").out
        assert "ssh-keygen was asked about 4 signatures and agrees on 4.\n" in out

    def test_where_it_is_laxer_the_difference_is_told(self, drafted: Office) -> None:
        """OpenSSH takes no offence at text after the end marker; we do."""
        path = drafted.play.sign("WI-001", "jane")
        drafted.play.write(f"{path}.sig", drafted.play.read(f"{path}.sig") + b"more\n")
        drafted.play.commit("jane")
        ended = drafted.run("verify", "WI-001", "--with-ssh-keygen")
        assert ended.status == 1
        assert "agrees on 1.\n" in ended.out
        assert "ssh-keygen DISAGREES: it accepts the signature" in ended.out

    def test_unsigned_ones_are_not_asked_about(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings().kind("WI", Kind(assurance="unsigned")))
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.play.sign("WI-001", "jane", assurance="unsigned")
        office.play.commit("jane")
        assert rows(office, "WI-001", "--with-ssh-keygen")[-1]["second_opinion"] is None

    def test_without_ssh_keygen_a_sentence(self, office: Office, tmp_path: Path) -> None:
        (tmp_path / "bin").mkdir()
        found = subprocess.run(["which", "git"], check=True, capture_output=True, text=True).stdout.strip()
        (tmp_path / "bin" / "git").symlink_to(found)
        env = {**office.env("jane"), "PATH": str(tmp_path / "bin")}
        ended = run("verify", "--with-ssh-keygen", env=env, cwd=office.root)
        assert ended.status == 2
        assert "ssh-keygen is not installed: OpenSSH 9.1 or later is needed" in ended.err


class TestProofs:
    def enrolled(self, play: Play, person: str, proof: bytes) -> None:
        text = play.register.text()
        block = "".join(f"            {line}\n" for line in proof.decode().splitlines())
        line = f"{{key: {Key(person).public}, from: 2025-01-01}}\n"
        entry = (
            f"key: {Key(person).public}\n        from: 2025-01-01\n"
            f'        enrolled:\n          "on": 2026-01-05\n          proof: |\n{block}'
        )
        play.write("people.yml", text.replace(line, entry))
        play.authorise("jane" if person != "jane" else "bob")
        play.commit("jane")

    def proof(self, person: str, signer: str = "", named: str = "") -> bytes:
        qms = "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10"
        return Key(signer or person).sign(challenge(qms, named or person, Key(person).public, "2026-01-05"))

    def test_one_that_verifies(self, office: Office) -> None:
        self.enrolled(office.play, "tom", self.proof("tom"))
        out = office.ok("verify")
        assert "5 keys in people.yml: 1 with proof of possession, 4 without.\n" in out

    @pytest.mark.parametrize(
        ("signer", "named", "why"),
        [("max", "tom", "signed by another key"), ("tom", "max", "the signature does not fit")],
    )
    def test_one_that_does_not(self, office: Office, signer: str, named: str, why: str) -> None:
        self.enrolled(office.play, "tom", self.proof("tom", signer, named))
        ended = office.run("verify")
        assert ended.status == 1
        assert f"  bad proof: tom, {fingerprint('tom')}: " in ended.out
        assert why in ended.out

    def test_a_proof_that_is_no_text_of_ours(self, office: Office) -> None:
        self.enrolled(office.play, "tom", "ungültig".encode())
        ended = office.run("verify", "_authority")
        assert ended.status == 1
        assert "bad proof: tom" in ended.out

    def test_a_key_of_a_kind_that_does_not_count(self, office: Office) -> None:
        line = Key("tom").public
        office.play.write("people.yml", office.play.register.text().replace(line, "ssh-dss AAAA"))
        office.play.authorise("jane")
        office.play.commit("jane")
        (row,) = [row for row in verified(office)[1]["keys"] if row["person"] == "tom"]
        assert (row["fingerprint"], row["proved"]) == (None, None)

    def test_in_json(self, office: Office) -> None:
        self.enrolled(office.play, "tom", self.proof("tom"))
        keys = {row["person"]: row for row in verified(office)[1]["keys"]}
        assert (keys["tom"]["proved"], keys["tom"]["enrolled"]) == (True, "2026-01-05")
        assert (keys["jane"]["proved"], keys["jane"]["valid"]) == (None, "from 2025-01-01")

    def test_each_key_with_its_time(self, office: Office) -> None:
        old, lost = Held("old", until="2026-01-20"), Held("jane", revoked=("2026-02-03", "2026-01-01"))
        office.play.configure(register=usual_register().with_keys("jane", old, lost))
        office.play.authorise("bob")
        office.play.commit("bob")
        keys = {row["key"]: row for row in verified(office)[1]["keys"]}
        assert {name: keys[Key("old").public][name] for name in ("from", "until", "revoked")} == {
            "from": "2025-01-01",
            "until": "2026-01-20",
            "revoked": None,
        }
        assert keys[Key("jane").public]["revoked"] == {
            "on": "2026-02-03",
            "compromised_since": "2026-01-01",
            "reason": "laptop lost",
        }
        out = office.run("verify", "_authority").out
        assert (
            f"  jane, {fingerprint('old')}: from 2025-01-01 until 2026-01-20; no proof of possession\n" in out
        )
        assert "revoked (in other hands since 2026-01-01): laptop lost; no proof of possession\n" in out

    def test_the_list_names_the_proof(self, office: Office) -> None:
        self.enrolled(office.play, "tom", self.proof("tom"))
        line = f"  tom, {fingerprint('tom')}: from 2025-01-01; proof of possession, 2026-01-05\n"
        assert line in office.ok("verify", "_authority")
        assert line not in office.ok("verify")

    def test_ssh_keygen_is_asked_about_proofs_and_settings_too(self, office: Office) -> None:
        self.enrolled(office.play, "tom", self.proof("tom"))
        status, value = verified(office, "_authority", "--with-ssh-keygen")
        assert status == 0
        assert [row["second_opinion"]["agrees"] for row in value["items"]] == [True]
        asked = {row["person"]: row["second_opinion"] for row in value["keys"]}
        assert asked["tom"] == {"ok": True, "why": None, "agrees": True}
        assert asked["jane"] is None
        out = office.ok("verify", "_authority", "--with-ssh-keygen")
        assert "ssh-keygen was asked about 2 signatures and agrees on 2.\n" in out

    @pytest.mark.parametrize(("signer", "named"), [("max", "tom"), ("tom", "max")])
    def test_it_agrees_that_a_proof_is_bad(self, office: Office, signer: str, named: str) -> None:
        self.enrolled(office.play, "tom", self.proof("tom", signer, named))
        _, value = verified(office, "_authority", "--with-ssh-keygen")
        (tom,) = [row["second_opinion"] for row in value["keys"] if row["person"] == "tom"]
        assert (tom["ok"], tom["agrees"]) == (False, True)

    def test_where_ssh_keygen_takes_a_proof_that_we_refuse(self, office: Office) -> None:
        self.enrolled(office.play, "tom", self.proof("tom") + b"more\n")
        ended = office.run("verify", "_authority", "--with-ssh-keygen")
        assert ended.status == 1
        assert f"  ssh-keygen DISAGREES: tom, {fingerprint('tom')}: it accepts the proof\n" in ended.out


class TestAllowedSigners:
    def test_one_line_a_key_sorted_by_person_then_key(self, tmp_path: Path) -> None:
        register = usual_register().with_keys(
            "jane", Held("jane"), Held("jane2"), Held("old", until="2026-02-01")
        )
        office = Office.founded(tmp_path / "repo", register=register)
        out = office.ok("allowed-signers")
        janes = sorted(Key(name).public for name in ("jane", "jane2"))
        expected = [("anna", Key("anna").public), ("bob", Key("bob").public)]
        expected += [("jane", key) for key in janes]
        expected += [("max", Key("max").public), ("tom", Key("tom").public)]
        assert out == "".join(f'{who} namespaces="isodocs" {key}\n' for who, key in expected)

    def test_at_a_time(self, tmp_path: Path) -> None:
        register = usual_register().with_keys(
            "jane", Held("old", until="2026-02-01"), Held("jane", "2026-02-01")
        )
        office = Office.founded(tmp_path / "repo", register=register)
        before = office.ok("allowed-signers", "--at", "2026-01-31T22:59:59Z")
        after = office.ok("allowed-signers", "--at", "2026-01-31T23:00:00Z")
        assert Key("old").public in before
        assert Key("jane").public not in before
        assert Key("old").public not in after
        assert Key("jane").public in after

    def test_by_the_register_that_governed_then(self, office: Office) -> None:
        office.play.day("2026-03-02")
        office.play.configure(register=usual_register().but(tom=None))
        office.play.authorise("jane")
        office.play.commit("jane")
        assert "\ntom " in office.ok("allowed-signers", "--at", "2026-03-01")
        assert "\ntom " not in office.ok("allowed-signers")

    def test_a_key_of_two_people_is_left_out_and_said(self, tmp_path: Path) -> None:
        register = usual_register().with_keys("bob", Held("bob"), Held("jane"))
        office = Office.founded(tmp_path / "repo", register=register)
        ended = office.run("allowed-signers")
        assert ended.status == 0
        assert Key("jane").public not in ended.out
        name = fingerprint("jane")
        assert ended.err == (
            f"The key {name} is that of bob and jane, so it counts for nobody and is left out.\n"
        )

    @pytest.mark.parametrize("when", ["yesterday", "2026-13-01", "2026-01-01 10:00"])
    def test_a_bad_time(self, office: Office, when: str) -> None:
        assert "is no date such as" in refused(office, "allowed-signers", "--at", when)

    def test_before_the_root(self, office: Office) -> None:
        ended = office.run("allowed-signers", "--at", "2020-01-01")
        assert (ended.status, ended.out) == (0, "")
        assert "the history of this system begins at 2026-01-05T08:04:00Z" in ended.err

    def test_ssh_keygen_takes_it(self, office: Office, tmp_path: Path) -> None:
        allowed = tmp_path / "allowed_signers"
        allowed.write_text(office.ok("allowed-signers"))
        (path,) = office.play.signatures("WI-001", "1")
        for person, status in (("jane", 0), ("bob", 255)):
            done = subprocess.run(
                [
                    "ssh-keygen",
                    "-Y",
                    "verify",
                    "-n",
                    "isodocs",
                    "-I",
                    person,
                    "-f",
                    allowed,
                    "-s",
                    f"{path}.sig",
                ],
                cwd=office.root,
                input=office.play.read(path),
                capture_output=True,
                check=False,
            )
            assert done.returncode == status, done

    def test_an_unborn_repository(self, tmp_path: Path, office: Office) -> None:
        subprocess.run(["git", "init", "-q", tmp_path / "new"], check=True)
        ended = run("allowed-signers", env=office.env("jane"), cwd=tmp_path / "new")
        assert ended.status == 2
        assert "no register governs" in ended.err


def fingerprint(name: str) -> str:
    """As ssh-keygen shows it."""
    done = subprocess.run(
        ["ssh-keygen", "-l", "-f", "-"], input=Key(name).public, capture_output=True, text=True, check=True
    )
    return done.stdout.split()[1]


def test_the_company_of_the_scenarios_verifies(tmp_path: Path) -> None:
    """A branch, a merge and an authority change, all by the tests' own signatures."""
    office = Office(founded(tmp_path / "repo"))
    office.play.branch("b")
    office.play.revise("SOP-001", "2")
    office.play.signs("SOP-001", "anna")
    office.play.signs("SOP-001", "jane")
    office.play.merge("b")
    office.play.configure(Settings(title="Other"))
    office.play.authorise("jane")
    office.play.commit("jane")
    status, value = verified(office, "--with-ssh-keygen")
    assert status == 0
    assert all(row["counts"] and row["second_opinion"]["ok"] for row in value["items"])
    assert len(value["items"]) == 6
