"""`verify --chain`: each link back to the trust root, and the path of one document, followed by hand."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.company import Held, Person, Register, Settings, usual_register
from support.office import Office, refused, run
from support.statements import Key

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]


def chain(office: Office, *words: str) -> tuple[int, Row]:
    """The chain as JSON, with the exit status."""
    ended = office.run("verify", *words, "--chain", "--format", "json")
    assert "isodocs: " not in ended.err, ended
    value: Row = json.loads(ended.out)
    assert value["fails"] is (ended.status == 1)
    return ended.status, value


def change(office: Office, *signers: str, register: Register | None = None, **settings: Any) -> str:
    """A signed change of settings and people, in a commit of its own."""
    play = office.play
    before = play.set_digest("main")
    play.configure(replace(play.settings, **settings), register)
    for who in signers:
        play.authorise(who, after=before)
    return play.commit(signers[0])


def grown(office: Office) -> Office:
    """Two sets after the trust root, and a document approved under the second."""
    office.play.day("2026-02-16")
    change(office, "jane", register=usual_register().granting("max", "process-owner"))
    office.play.day("2026-03-02")
    office.play.write("mkdocs.yml", "site_name: x\n")
    change(office, "bob", title="Renamed")
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    office.play.signs("WI-001", "jane")
    office.play.merge("b")
    return office


class TestChain:
    def test_the_trust_root_alone(self, office: Office) -> None:
        status, value = chain(office)
        (row,) = value["items"]
        assert status == 0
        assert value["trust_root"] == {"commit": office.play.new, "pinned": False, "named": None}
        assert (row["link"], row["root"], row["pinned"], row["current"]) == (0, True, False, True)
        assert (row["commit"], row["content"]) == (office.play.new, office.play.set_digest())
        assert (row["predecessor"], row["quorum"], row["signatures"]) == (None, None, [])
        assert [(one["path"], one["change"]) for one in row["files"]] == [
            ("isodocs.yml", "added"),
            ("people.yml", "added"),
        ]

    def test_each_link_names_who_signed_and_what_changed(self, office: Office) -> None:
        grown(office)
        _, value = chain(office)
        first, second, third = value["items"]
        assert [row["link"] for row in value["items"]] == [0, 1, 2]
        assert (second["predecessor"], third["predecessor"]) == (first["content"], second["content"])
        assert (second["role"], second["quorum"], second["reached"]) == ("quality-manager", 1, 1)
        assert second["entered"] == "2026-02-16T09:02:00Z"
        assert second["changes"] == ["max gets the role process-owner from 2025-01-01"]
        (signed,) = second["signatures"]
        assert (signed["person"], signed["signer"], signed["name"]) == ("jane", "jane", "Jane")
        assert (signed["key"], signed["fingerprint"]) == (Key("jane").public, fingerprint("jane"))
        assert signed["key_valid"] == {"from": "2025-01-01", "until": None, "revoked": None}
        assert third["changes"] == ["title: Quality management system, now Renamed"]
        assert [(one["path"], one["change"]) for one in third["files"]] == [
            ("isodocs.yml", "changed"),
            ("mkdocs.yml", "added"),
        ]
        assert third["current"] is True

    def test_in_words(self, office: Office) -> None:
        grown(office)
        out = office.ok("verify", "--chain")
        assert out.startswith(
            "Renamed: who could change settings and people, from the trust root on\n\n0  Trust root "
        )
        assert (
            "     not pinned: whoever can rewrite all of history can choose it; pin it with --trust-root or "
            "ISODOCS_TRUST_ROOT\n"
        ) in out
        assert (
            "     adopted by 1 of 1 as Quality manager\n     signed by Jane, claimed 2026-02-16T09:01:00Z, "
            in out
        )
        assert out.endswith("3 links; the last of them governs.\nEvery link holds.\n")

    def test_a_pinned_trust_root(self, office: Office) -> None:
        root = office.play.new
        assert "     pinned: it is the commit that you named\n" in office.ok(
            "verify", "--chain", "--trust-root", root
        )
        env = {**office.env("jane"), "ISODOCS_TRUST_ROOT": root}
        ended = run("verify", "--chain", "--format", "json", env=env, cwd=office.root)
        assert json.loads(ended.out)["trust_root"] == {"commit": root, "pinned": True, "named": root}

    def test_a_trust_root_by_a_name_is_not_pinned(self, office: Office) -> None:
        """Whoever rewrites history moves the tag with it."""
        office.play.repo.git("tag", "root", office.play.new)
        for name in ("root", office.play.new[:12]):
            _, value = chain(office, "--trust-root", name)
            assert value["trust_root"] == {"commit": office.play.new, "pinned": False, "named": name}
        assert "     named as root: such a name can be moved" in office.ok(
            "verify", "--chain", "--trust-root", "root"
        )

    def test_a_trust_root_that_lies_later_begins_the_chain_there(self, office: Office) -> None:
        grown(office)
        later = office.play.repo.git("rev-list", "--first-parent", "main").split()[1]
        _, value = chain(office, "--trust-root", later)
        assert [row["commit"] for row in value["items"]] == [later]

    def test_as_of_a_day(self, office: Office) -> None:
        grown(office)
        assert len(chain(office, "--as-of", "2026-02-20")[1]["items"]) == 2

    def test_before_the_root(self, office: Office) -> None:
        ended = office.run("verify", "--chain", "--as-of", "2020-01-01")
        assert (ended.status, ended.out) == (0, "No settings and people governed then.\n")
        assert "the history of this system begins at 2026-01-05T08:04:00Z" in ended.err
        assert chain(office, "--as-of", "2020-01-01")[1]["items"] == []

    def test_what_is_signed_on_a_branch_is_no_link_yet(self, office: Office) -> None:
        office.play.branch("b")
        change(office, "jane", title="Renamed")
        assert len(chain(office)[1]["items"]) == 1

    def test_what_nobody_signed_is_no_link(self, office: Office) -> None:
        office.play.configure(Settings(title="Renamed"))
        office.play.commit("max")
        assert len(chain(office)[1]["items"]) == 1

    def test_a_quorum_of_two(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings(quorum=2))
        change(office, "jane", "bob", title="Renamed")
        row = chain(office)[1]["items"][1]
        assert (row["quorum"], row["reached"]) == (2, 2)
        assert {one["person"] for one in row["signatures"]} == {"bob", "jane"}

    def test_about_settings_and_people_is_the_same(self, office: Office) -> None:
        grown(office)
        assert office.ok("verify", "_authority", "--chain") == office.ok("verify", "--chain")

    def test_a_file_that_leaves_and_one_that_is_protected_no_more(self, office: Office) -> None:
        office.play.write("mkdocs.yml", "site_name: x\n")
        office.play.write("templates/sop.md", "# x\n")
        change(office, "jane")
        office.play.write("mkdocs.yml", None)
        text = office.play.settings.text().replace(', "templates/**"', "")
        office.play.write("isodocs.yml", text)
        office.play.authorise("jane", after=office.play.set_digest("main"))
        office.play.commit("jane")
        row = chain(office)[1]["items"][-1]
        assert [(one["path"], one["change"]) for one in row["files"]] == [
            ("isodocs.yml", "changed"),
            ("mkdocs.yml", "removed"),
            ("templates/sop.md", "unprotected"),
        ]
        assert row["changes"][0].startswith("authority.protects: isodocs.yml, people.yml, mkdocs.yml")

    def test_an_empty_repository(self, tmp_path: Path, office: Office) -> None:
        subprocess.run(["git", "init", "-q", tmp_path / "new"], check=True)
        ended = run("verify", "--chain", env=office.env("jane"), cwd=tmp_path / "new")
        assert ended.status == 2
        assert "so there is no chain of authority" in ended.err


class TestChallenged:
    """A key that signed a link turns out to have been in other hands."""

    def lost(self, office: Office, since: str) -> None:
        """Bob's key is revoked, by jane."""
        grown(office)
        office.play.day("2026-04-01")
        bob = Held("bob", revoked=("2026-04-01", since))
        change(office, "jane", register=office.play.register.with_keys("bob", bob))

    def test_the_link_does_not_hold(self, office: Office) -> None:
        self.lost(office, "2026-03-01")
        status, value = chain(office)
        assert status == 1
        assert [row["holds"] for row in value["items"]] == [True, True, False, True]
        row = value["items"][2]
        assert (row["challenged"], row["current"]) == (True, False)
        assert row["why"] == (
            "it was signed with a key that may have been in other hands; without it 0 of 1 people have signed"
        )
        out = office.run("verify", "--chain").out
        assert ", CHALLENGED\n" in out
        assert "IN DOUBT: the key may have been in other hands" in out
        assert "pin a trust root that lies after it" in out
        assert out.endswith("1 of them does not hold: 2.\n")
        assert "bob's key …" in out
        assert "is revoked on 2026-04-01: laptop lost" in out

    def test_what_was_signed_before_it_was_lost_holds(self, office: Office) -> None:
        self.lost(office, "2026-03-03")
        assert chain(office)[0] == 0

    def test_a_trust_root_after_it_holds(self, office: Office) -> None:
        self.lost(office, "2026-03-01")
        assert chain(office, "--trust-root", office.play.tip())[0] == 0

    def test_the_set_that_governs_is_signed_afresh(self, tmp_path: Path) -> None:
        """With a quorum of two, one doubted key is enough to challenge, and one fresh signature to mend."""
        register = usual_register().granting("tom", "quality-manager")
        office = Office.founded(tmp_path / "repo", Settings(quorum=2), register)
        office.play.day("2026-03-02")
        lost = Held("bob", revoked=("2026-04-01", "2026-03-01"))
        change(office, "jane", "bob", register=register.with_keys("bob", lost))
        status, value = chain(office)
        assert (status, [row["holds"] for row in value["items"]]) == (1, [True, False])
        assert "let people whose keys are not in doubt sign it afresh" in office.run("verify", "--chain").out
        assert ", CHALLENGED: a key that signed it may have been in other hands\n" in office.run("verify").out
        office.play.authorise("tom", after=value["items"][1]["predecessor"])
        office.play.commit("tom")
        status, value = chain(office)
        assert status == 0
        assert [one["counted"] for one in value["items"][1]["signatures"]] == [True, True, False]
        assert "signed again by Tom" in office.ok("verify", "--chain")


class TestSecondOpinion:
    def test_of_each_link(self, office: Office) -> None:
        grown(office)
        status, value = chain(office, "--with-ssh-keygen")
        opinions = [one["second_opinion"] for row in value["items"] for one in row["signatures"]]
        assert (status, opinions) == (0, [{"ok": True, "why": None, "agrees": True}] * 2)
        out = office.ok("verify", "--chain", "--with-ssh-keygen")
        assert out.endswith("ssh-keygen was asked about 2 signatures and agrees on 2.\n")

    def test_on_the_path_of_a_document(self, office: Office) -> None:
        grown(office)
        (found,) = chain(office, "WI-001", "--with-ssh-keygen")[1]["items"]
        assert [one["second_opinion"]["ok"] for one in found["statements"]] == [True]
        out = office.ok("verify", "WI-001", "--chain", "--with-ssh-keygen")
        assert out.endswith("ssh-keygen was asked about 3 signatures and agrees on 3.\n")

    def test_of_what_was_pruned_there_is_none(self, office: Office) -> None:
        grown(office)
        value = chain(office)[1]
        path = value["items"][1]["signatures"][0]["path"]
        for name in (path, f"{path}.sig"):
            office.play.write(name, None)
        office.play.commit("jane")
        first = chain(office, "--with-ssh-keygen")[1]["items"][1]["signatures"][0]
        assert first["second_opinion"] is None
        assert first["see"]["statement"].split()[-1].partition(":")[0] != office.play.tip()[:12]


class TestShown:
    """What is out of the ordinary is said at the link and at the signature."""

    def test_a_recovered_set(self, tmp_path: Path) -> None:
        register = usual_register().granting("max", "top-management").granting("tom", "top-management")
        register = replace(register, roles=(*register.roles, "top-management"))
        office = Office.founded(
            tmp_path / "repo", Settings(quorum=2, recovery=("top-management", 2)), register
        )
        play = office.play
        before = play.set_digest()
        play.configure(replace(play.settings, title="Recovered"))
        for who in ("max", "tom"):
            play.authorise(who, after=before, role="top-management")
        play.commit("max")
        row = chain(office)[1]["items"][1]
        assert (row["recovered"], row["role"], row["reached"], row["holds"]) == (
            True,
            "top-management",
            2,
            True,
        )
        out = office.ok("verify", "--chain")
        assert ", RECOVERED\n     adopted by 2 of 2 as Top management\n" in out
        assert "1 of them was adopted by recovery.\n" in out
        office.ok("seal", "--output", str(tmp_path / "s.json"), by="jane")
        assert json.loads((tmp_path / "s.json").read_text())["authority"]["sets"][1]["recovered"] is True

    def test_a_deputy(self, tmp_path: Path) -> None:
        register = usual_register().granting("tom", "deputy-qm").with_deputies(deputy_qm="quality-manager")
        office = Office.founded(tmp_path / "repo", register=register)
        play = office.play
        before = play.set_digest()
        play.configure(replace(play.settings, title="Renamed"))
        play.authorise("jane", after=before, signer="tom")
        play.commit("tom")
        play.branch("b")
        play.revise("WI-001", "2")
        play.sign("WI-001", "jane", writers=["max"], signer="tom")
        play.commit("tom")
        play.merge("b")
        (one,) = chain(office)[1]["items"][1]["signatures"]
        assert (one["person"], one["signer"]) == ("jane", "tom")
        assert "signed by Tom for Jane" in office.ok("verify", "--chain")
        (found,) = chain(office, "WI-001")[1]["items"]
        (approved,) = found["statements"]
        assert [(one["person"], one["role"], one["deputy_for"]) for one in approved["roles"]] == [
            ("tom", "deputy-qm", "quality-manager"),
            ("jane", "quality-manager", None),
        ]
        out = office.ok("verify", "WI-001", "--chain")
        assert "1. approved by Tom for Jane" in out
        assert (
            "    tom holds the role deputy-qm from 2025-01-01, which is deputy for quality-manager\n" in out
        )
        assert "    jane holds the role quality-manager from 2025-01-01\n" in out
        assert "ssh-keygen -Y verify -n isodocs -I tom -f allowed -s sig\n" in out


class TestPath:
    def path(self, office: Office, name: str = "WI-001") -> tuple[int, Row]:
        status, value = chain(office, name)
        (found,) = value["items"]
        return status, found

    def test_what_it_leads_over(self, office: Office) -> None:
        grown(office)
        status, found = self.path(office)
        assert status == 0
        assert (found["id"], found["revision"], found["status"]) == ("WI-001", "2", "effective")
        assert (found["asked"], found["writers"]) == (["quality-manager"], ["max"])
        (text,) = found["text"]
        assert text["blob"] == office.play.repo.git("rev-parse", f"main:{text['path']}")
        (one,) = found["statements"]
        assert (one["person"], one["role"], one["link"]) == ("jane", "quality-manager", 2)
        assert one["path"] == office.play.signatures("WI-001", "2")[0]
        assert one["key_valid"]["from"] == "2025-01-01"
        (role,) = one["roles"]
        assert (role["person"], role["role"], role["deputy_for"]) == ("jane", "quality-manager", None)
        assert (role["from"], role["until"]) == ("2025-01-01", None)
        assert found["links"] == [2, 1, 0]

    def test_a_document_of_the_root(self, office: Office) -> None:
        grown(office)
        _, found = self.path(office, "SOP-001")
        assert [one["person"] for one in found["statements"]] == ["anna", "jane"]
        assert found["links"] == [0]
        assert found["root"] == office.play.new

    def test_each_command_shows_what_is_said(self, office: Office, tmp_path: Path) -> None:
        """As an auditor with a shell, in a clone: every line behind a dollar sign is run as it stands."""
        grown(office)
        office.play.day("2026-05-04")
        office.play.sign("WI-001", "jane", meaning="reaffirmed", next_review="2027-01-01", after="1")
        office.play.commit("jane")
        _, value = chain(office, "WI-001")
        (found,) = value["items"]
        out = office.ok("verify", "WI-001", "--chain")
        clone = office.play.repo.clone(tmp_path / "clone")
        shown = {}
        for line in out.splitlines():
            if line.lstrip().startswith("$ "):
                command = line.lstrip().removeprefix("$ ")
                done = subprocess.run(
                    ["sh", "-ec", command],
                    cwd=clone.path,
                    env=clone.env,
                    capture_output=True,
                    text=True,
                    check=True,
                )
                shown[command] = done.stdout
        text = found["text"][0]
        assert shown[text["see"]].startswith(text["sha256"])
        for one in found["statements"]:
            said = json.loads(shown[one["see"]["statement"]])
            assert said["content"]["document"] == text["sha256"]
            assert (
                f'Good "isodocs" signature for jane with ED25519 key {one["fingerprint"]}'
                in shown[one["see"]["signature"].split(" && ")[-1]]
            )
            assert one["key"] in shown[one["see"]["key"]]
        for number in found["links"]:
            link = value["links"][number]
            assert shown[link["see"]["mainline"]].strip() == link["commit"]
            for command, digest in zip(link["see"]["files"], link["sha256"].values(), strict=True):
                assert shown[command].startswith(digest)
            for one in link["signatures"]:
                assert (
                    json.loads(shown[one["see"]["statement"]])["content"]["embedded"]["people.yml"]
                    == (link["sha256"]["people.yml"])
                )
        assert out.endswith("Every hop holds, down to the trust root.\n")

    def test_a_statement_that_was_pruned_is_shown_where_it_entered(self, office: Office) -> None:
        path = office.play.signatures("WI-001", "1")[0]
        office.play.write(path, None)
        office.play.write(f"{path}.sig", None)
        office.play.commit("jane")
        status, found = self.path(office)
        (one,) = found["statements"]
        assert (status, one["path"], one["commit"]) == (1, path, office.play.new)
        office.play.repo.git(*one["see"]["statement"].split()[1:])
        assert (
            "1 statement should count and do not: isodocs verify WI-001"
            in office.run("verify", "WI-001", "--chain").out
        )

    def test_a_withdrawn_document(self, office: Office) -> None:
        office.play.sign("WI-001", "jane", meaning="withdrawn")
        office.play.commit("jane")
        _, found = self.path(office)
        assert found["status"] == "withdrawn"
        assert [one["meaning"] for one in found["statements"]] == ["approved", "withdrawn"]

    def test_a_challenged_revision(self, office: Office) -> None:
        grown(office)
        office.play.day("2026-04-01")
        jane = Held("jane", revoked=("2026-04-01", "2026-03-01"))
        change(office, "bob", register=office.play.register.with_keys("jane", jane))
        status, found = self.path(office)
        assert (status, found["challenged"]) == (1, True)
        assert found["statements"][0]["doubted"] is True
        out = office.run("verify", "WI-001", "--chain").out
        assert "  CHALLENGED: a key that signed it may have been in other hands.\n" in out

    def test_a_picture_is_named_by_its_path_in_the_repository(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("documents/img/a b.png", b"picture")
        office.play.revise("WI-001", "2", "![a](<img/a b.png>)")
        office.ok("approve", "WI-001", "--yes")
        office.commit("jane")
        office.play.merge("b")
        _, found = self.path(office)
        picture = found["text"][1]
        assert picture["path"] == "documents/img/a b.png"
        assert picture["see"].startswith("git cat-file blob '")

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("WI-002", "There is no document WI-002 on the mainline. Did you mean WI-001?"),
            ("XYZ-9", "There is no document XYZ-9 on the mainline. 'isodocs list' names them all."),
        ],
    )
    def test_an_unknown_document(self, office: Office, name: str, why: str) -> None:
        assert refused(office, "verify", name, "--chain") == why

    def test_a_draft_has_no_path(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings(drafts=True))
        office.play.doc("WI-002", "1")
        office.play.commit("max")
        sentence = refused(office, "verify", "WI-002", "--chain")
        assert sentence == "No revision of WI-002 was approved, so there is no evidence to follow yet."

    def test_names_that_would_act_on_a_terminal(self, tmp_path: Path) -> None:
        people = dict(usual_register().people)
        people["jane"] = Person(("jane@ex.org",), (("quality-manager", "2025-01-01"),), (Held("jane"),))
        office = Office.founded(tmp_path / "repo", Settings(title='"Q\\e[31mMS"'), Register(people))
        assert "\x1b" not in office.ok("verify", "--chain")


def fingerprint(name: str) -> str:
    """As ssh-keygen shows it."""
    done = subprocess.run(
        ["ssh-keygen", "-l", "-f", "-"], input=Key(name).public, capture_output=True, text=True, check=True
    )
    return done.stdout.split()[1]
