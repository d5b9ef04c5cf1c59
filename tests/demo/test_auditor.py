"""The long way of the example's WI-011, walked as an auditor would: git, OpenSSH and a shell, no isodocs.

The blocks of the page are run as they stand; only the lines to be filled in are. What was tampered with must
stop at the step that the page gives for it.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.auditing import BLOCKS, MALLORY, TOOLS, WORDS, Auditor, Insider, root_of
from support.demo import git, isodocs
from support.statements import Key, canonical, sha256, statement_path

from isodocs.demo.files import example_folder

if TYPE_CHECKING:
    from isodocs.demo.player import Played

SOP, TEXT = "SOP-012", "documents/procedures/SOP-012-customers-instruments.md"
MIKAEL = ("Mikael Strand", "mikael.strand@norrvik.example")
NOT_SIGNED = "STOP: no key of mikael-strand made this signature over this statement"


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tools that the page asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("tools")
    for name in TOOLS.split():
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


@pytest.fixture(scope="module")
def auditor(tools: Path, tmp_path_factory: pytest.TempPathFactory, played: Played) -> Auditor:
    """At the company as it is."""
    return Auditor(tools, tmp_path_factory.mktemp("auditor"), played.root, root_of(played.root))


@pytest.fixture(scope="module")
def walked(auditor: Auditor) -> str:
    """What the page prints as it stands."""
    return auditor.walk()


@pytest.fixture
def insider(played: Played, tmp_path: Path) -> Insider:
    return Insider(played, tmp_path / "tampered")


@pytest.fixture
def against(tools: Path, tmp_path: Path, played: Played, insider: Insider) -> Auditor:
    """An auditor who is shown what the insider left behind, and knows the true root."""
    return Auditor(tools, tmp_path, insider.repo.path, root_of(played.root))


GENUINE = (
    ("SOP-012", "2", "1", "asa-lindgren"),
    ("SOP-011", "2", "1", "mikael-strand"),
    ("WI-001", "2", "1", "mikael-strand"),
    ("MAN-001", "2", "1", "karin-holmberg"),
    ("SOP-007", "1", "", "lars-bergqvist"),
)


class TestGenuine:
    @pytest.mark.parametrize(("identity", "revision", "previous", "person"), GENUINE)
    def test_each_step_says_what_the_page_says(
        self, auditor: Auditor, identity: str, revision: str, previous: str, person: str
    ) -> None:
        out = auditor.walk(id=identity, revision=revision, previous=previous, person=person)
        assert "STOP" not in out
        assert "fatal" not in out
        assert "error" not in out
        assert out.startswith(f"false\n{auditor.filled['root']}\ndocuments/")
        assert f'"meaning": "approved",\n  "person": "{person}"' in out
        assert f'Good "isodocs" signature for {person} with' in out
        assert ("is what it follows" in out) == bool(previous)
        assert ('"predecessor": null' in out) == (not previous)
        assert "revoked keys in the register: 0\n" in out

    def test_the_steps_in_order(self, auditor: Auditor, walked: str) -> None:
        assert "STOP" not in walked
        places = [
            r"owner: calibration-lead\nrevision: 2\n",
            r'"document": "[0-9a-f]{64}"',
            r"Mikael Strand: Approve SOP-012 r2 as calibration lead\n",
            r'Good "isodocs" signature for mikael-strand',
            r"roles: \[owner, quality-manager\]",
            r'"person": "asa-lindgren",\n  "role": "quality-manager",\n  "person": "mikael-strand"',
            r"Tomas Wiklund <tomas.wiklund@norrvik.example>, committed by Tomas Wiklund\n",
            r'"writers": \[\n    "tomas-wiklund"\n  \]',
            r"\n  quorum: 1\n",
            r'Good "isodocs" signature for asa-lindgren',
            r"signatures/SOP-012/2/returned\.mikael-strand\.",
            git(Path(auditor.filled["repository"]), "rev-parse", "main"),
        ]
        assert re.search(".*".join(places), walked, re.DOTALL), walked

    def test_only_commits_that_brought_words_are_shown_as_written(self, walked: str) -> None:
        assert walked.count("committed by") == 2  # the returned text, and the one approved; not a merge

    def test_a_key_that_was_renewed_shows_both_with_their_days(self, walked: str) -> None:
        made = re.search(r"made with (.+)\n", walked)
        assert made
        entries = re.findall(r"- key: (.+)\n +from: .+\n(?: +until: (.+)\n)?", walked[made.end() :])
        assert [bool(until) for _, until in entries[:2]] == [True, False]
        assert made[1] == entries[1][0]

    def test_an_older_revision(self, auditor: Auditor) -> None:
        company = Path(auditor.filled["repository"])
        at = git(company, "log", "--first-parent", "--format=%H", "main", "--", "signatures/SOP-001/2")
        out = auditor.walk(id="SOP-001", revision="2", previous="1", at=at, person="asa-lindgren")
        assert "STOP" not in out
        assert "fatal" not in out
        assert "\nrevision: 2\n" in out
        assert 'Good "isodocs" signature for asa-lindgren' in out
        assert "is what it follows" in out
        assert "signatures/SOP-001/3/approved" in out  # which ended it

    def test_a_picture_is_checked(self, auditor: Auditor) -> None:
        assert "../img/label.svg is as signed\n" in auditor.walk(id="SOP-011")

    def test_each_authorised_change_is_shown(self, walked: str) -> None:
        assert len(re.findall(r'"role": "quality-manager",\nGood "isodocs" signature for asa', walked)) == 3

    def test_no_isodocs_and_no_python_within_reach(self, tools: Path) -> None:
        assert {one.name for one in tools.iterdir()} == set(TOOLS.split())
        assert "python" not in "".join(BLOCKS)
        assert "isodocs " not in "".join(BLOCKS).replace("-n isodocs ", "")


class TestTampered:
    """Each stops at the step that the page gives for it."""

    def test_a_byte_of_the_document(self, insider: Insider, against: Auditor) -> None:
        insider.change(TEXT, b"Scope", b"Scops")
        assert against.stops()[0] == "STOP: mikael-strand did not approve this text"

    def test_a_byte_of_the_statement(self, insider: Insider, against: Auditor) -> None:
        insider.change(insider.statement(SOP, "2", "mikael-strand"), b"calibration-lead", b"calibration-lxad")
        assert against.stops() == [NOT_SIGNED]

    def test_a_statement_made_to_name_the_changed_text(self, insider: Insider, against: Auditor) -> None:
        before = sha256(insider.read(TEXT)).encode()
        insider.change(TEXT, b"Scope", b"Scops")
        after = sha256(insider.read(TEXT)).encode()
        insider.change(insider.statement(SOP, "2", "mikael-strand"), before, after)
        assert against.stops()[0] == NOT_SIGNED

    def test_a_signature_exchanged(self, insider: Insider, against: Auditor) -> None:
        ours, other = (insider.statement(SOP, "2", one) for one in ("mikael-strand", "asa-lindgren"))
        insider.repo.commit("swap", {f"{ours}.sig": insider.read(f"{other}.sig")}, author=MALLORY)
        assert against.stops() == [NOT_SIGNED]

    def test_another_key(self, insider: Insider, against: Auditor) -> None:
        path = insider.statement(SOP, "2", "mikael-strand")
        forged = Key("mallory").sign(insider.read(path))
        insider.repo.commit("sign", {f"{path}.sig": forged}, author=MALLORY)
        assert against.stops() == [NOT_SIGNED]

    def test_another_key_that_is_entered_without_authority(self, insider: Insider, against: Auditor) -> None:
        path, key = insider.statement(SOP, "2", "mikael-strand"), Key("mallory")
        mine = f"      - key: {key.public}\n        from: 2025-01-01\n"
        entry = insider.read("people.yml").decode().partition("  mikael-strand:")
        there = entry[2].replace("    keys:\n", f"    keys:\n{mine}", 1)
        insider.repo.commit("people", {"people.yml": "".join([*entry[:2], there])}, author=MALLORY)
        insider.repo.commit("sign", {f"{path}.sig": key.sign(insider.read(path))}, author=MALLORY)
        out = against.walk()
        assert f"made with {key.public}\n" in out
        assert "Mallory: people\n" in out
        assert against.stops() == ["STOP: 0 people authorised this change"]

    def test_authority_claimed_with_a_right_that_it_gives_itself(
        self, insider: Insider, against: Auditor
    ) -> None:
        key = Key("mallory")
        people = insider.read("people.yml").decode()
        entry = "  mallory:\n    name: Mallory\n    roles: [{role: quality-manager, from: 2025-01-01}]\n"
        entry += f"    keys: [{{key: {key.public}, from: 2025-01-01}}]\n"
        (last,) = (
            path
            for path in (insider.repo.path / "signatures/_authority").rglob("*.json")
            if json.loads(path.read_text())["content"]["embedded"]["people.yml"] == sha256(people.encode())
        )
        value = json.loads(last.read_text())
        content = value["content"]
        value["predecessor"] = sha256(canonical(content))
        content["embedded"]["people.yml"] = sha256((people + entry).encode())
        value |= {"person": "mallory", "signer": "mallory", "name": "Mallory"}
        path, data = statement_path(value), canonical(value)
        insider.repo.commit("people", {"people.yml": people + entry}, author=MALLORY)
        insider.repo.commit("sign", {path: data, f"{path}.sig": key.sign(data)}, author=MALLORY)
        assert against.stops() == [
            "STOP: 0 people authorised this change",
            "STOP: no key of mallory made this signature over this statement",
            "STOP: 0 people authorised this change",
        ]

    def test_a_picture(self, insider: Insider, against: Auditor) -> None:
        insider.change("documents/img/label.svg", b"green", b"gruen")
        assert "STOP: ../img/label.svg is not as signed" in against.stops(id="SOP-011")

    def test_a_statement_taken_away(self, insider: Insider, against: Auditor) -> None:
        path = insider.statement(SOP, "2", "mikael-strand")
        insider.repo.commit("gone", {path: None, f"{path}.sig": None}, author=MALLORY)
        assert against.stops()[0] == "STOP: mikael-strand did not approve this text"

    def test_a_text_that_was_returned(self, insider: Insider, against: Auditor) -> None:
        value = json.loads(insider.read(insider.statement(SOP, "2", "asa-lindgren")))
        value |= {"meaning": "returned", "reason": "No."}
        insider.repo.commit("back", insider.signed(value, insider.keys / "asa-lindgren"), author=MALLORY)
        assert against.stops() == ["STOP: this very text was returned"]

    def test_who_approves_his_own_words_is_seen_among_the_writers(
        self, insider: Insider, against: Auditor
    ) -> None:
        insider.change(TEXT, b"revision: 2", b"revision: 3", MIKAEL)
        value = json.loads(insider.read(insider.statement(SOP, "2", "mikael-strand")))
        value |= {"revision": "3", "writers": ["tomas-wiklund"]}
        value["content"]["document"] = sha256(insider.read(TEXT))
        insider.repo.commit("sign", insider.signed(value, insider.keys / "mikael-strand"), author=MIKAEL)
        out = against.walk(revision="3", previous="2")
        assert 'Good "isodocs" signature for mikael-strand' in out
        assert out.count("committed by") == 1
        assert "Mikael Strand <mikael.strand@norrvik.example>, committed by Mikael Strand\n" in out
        assert "is what it follows" not in out  # its predecessor is revision 1

    def test_words_that_a_merge_slips_in(self, insider: Insider, against: Auditor) -> None:
        insider.repo.branch("side")
        insider.repo.commit("elsewhere", {"README": "x"}, author=MALLORY)
        insider.repo.switch("main")
        text = insider.read(TEXT).replace(b"revision: 2", b"revision: 3")
        insider.repo.merge("side", files={TEXT: text}, author=MALLORY)
        value = json.loads(insider.read(insider.statement(SOP, "2", "mikael-strand")))
        value |= {"revision": "3"}
        value["content"]["document"] = sha256(text)
        insider.repo.commit("sign", insider.signed(value, insider.keys / "mikael-strand"), author=MIKAEL)
        out = against.walk(revision="3", previous="2")
        assert out.count("committed by") == 1
        assert "Mallory <mallory@evil.example>, committed by Mallory\n" in out


class TestHostile:
    """Nothing of what the repository holds runs on the auditor's machine, or writes on the screen."""

    def test_a_signer_that_is_a_program(self, insider: Insider, against: Auditor, tmp_path: Path) -> None:
        path = insider.statement(SOP, "2", "mikael-strand")
        hostile = f'"signer": "x/;e touch {tmp_path}/ran;/"'.encode()
        insider.change(path, b'"signer": "mikael-strand"', hostile)
        assert against.stops() == ["STOP: no key of  made this signature over this statement"]
        assert not (tmp_path / "ran").exists()

    def test_a_name_that_drives_the_terminal(self, insider: Insider, against: Auditor) -> None:
        who = ("Tomas\x1b[2J Wiklund", "tomas.wiklund@norrvik.example")
        insider.change(TEXT, b"revision: 2", b"revision: 3", who)
        value = json.loads(insider.read(insider.statement(SOP, "2", "mikael-strand")))
        value |= {"revision": "3"}
        value["content"]["document"] = sha256(insider.read(TEXT))
        insider.repo.commit("sign", insider.signed(value, insider.keys / "mikael-strand"), author=MIKAEL)
        out = against.walk(revision="3", previous="2")
        assert "Tomas[2J Wiklund <tomas" in out
        assert "\x1b" not in out


class TestHistory:
    def test_another_history_with_the_same_files(self, insider: Insider, against: Auditor) -> None:
        insider.repo.git("checkout", "-q", "--orphan", "new")
        insider.repo.commit("all at once", author=MALLORY)
        insider.repo.git("branch", "-q", "-M", "new", "main")
        assert against.stops()[0] == "STOP: this history does not grow from the trust root"

    def test_a_mainline_turned_around(self, insider: Insider, against: Auditor) -> None:
        insider.repo.orphan("new")
        insider.repo.commit("begin", {"README": "x"}, author=MALLORY)
        insider.repo.merge("main", options=("-s", "ours", "--allow-unrelated-histories"), author=MALLORY)
        insider.repo.git("checkout", "-q", "main", "--", ".")
        insider.repo.commit("turn", author=MALLORY)
        insider.repo.git("branch", "-q", "-M", "new", "main")
        assert against.stops()[0] == "STOP: this history does not grow from the trust root"

    def test_a_truncated_history(self, insider: Insider, against: Auditor, tmp_path: Path) -> None:
        insider.repo.clone(tmp_path / "short", "--depth", "3")
        out = against.walk(repository=str(tmp_path / "short"))
        assert out.splitlines()[:2] == ["true", "STOP: this history does not grow from the trust root"]

    def test_an_exchanged_object(self, insider: Insider, against: Auditor) -> None:
        """A replacement hides the change from git, not from a clone that the auditor makes himself."""
        true = insider.repo.git("rev-parse", f"main:{TEXT}")
        fake = insider.repo.git("hash-object", "-w", "--stdin", stdin=b"---\nid: SOP-012\n---\nFake.\n")
        insider.repo.git("replace", true, fake)
        assert against.stops() == []
        assert insider.repo.git("cat-file", "blob", f"main:{TEXT}").endswith("Fake.")


class TestSeal:
    """What an outsider kept from an earlier day."""

    @pytest.fixture
    def seal(self, insider: Insider, tmp_path: Path) -> str:
        path, key = tmp_path / "of-that-day.seal.json", insider.keys / "asa-lindgren"
        done = isodocs(insider.repo.path, "seal", "--output", str(path), "--key", str(key))
        assert done.returncode == 0, done.stderr
        return str(path)

    def test_the_history_went_on(self, insider: Insider, against: Auditor, seal: str) -> None:
        sealed = insider.repo.head()
        insider.repo.commit("later", {"README": "x"}, author=MIKAEL)
        out = against.walk(seal=seal)
        assert "STOP" not in out
        assert out.count('Good "isodocs" signature for asa-lindgren') == 4
        assert f'\n  "root": "{against.filled["root"]}",\n{sealed}\n' in out

    def test_the_history_was_rebuilt(self, insider: Insider, against: Auditor, seal: str) -> None:
        insider.repo.git("reset", "-q", "--hard", "main~1")
        insider.repo.commit("instead", {"README": "x"}, author=MIKAEL)
        sealed = json.loads(Path(seal).read_text("ascii"))["commit"]
        insider.repo.git("branch", "-q", "hidden", sealed)  # still there, but not on the mainline
        assert against.stops(seal=seal) == ["STOP: the history was rebuilt since the seal was made"]

    def test_the_seal_was_changed(self, insider: Insider, against: Auditor, seal: str) -> None:
        before = insider.repo.git("rev-parse", "main~1")
        Path(seal).write_text(Path(seal).read_text("ascii").replace(insider.repo.head(), before), "ascii")
        assert against.stops(seal=seal) == [NOT_SIGNED.replace("mikael-strand", "asa-lindgren")]


class TestPage:
    def test_the_steps_are_numbered_as_they_are_referred_to(self) -> None:
        numbers = [int(one) for one in re.findall(r"^### (\d+)\. ", WORDS, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert max(int(one) for one in re.findall(r"steps? (\d+)", WORDS)) <= len(numbers)

    def test_the_protected_files_are_those_of_the_settings(self) -> None:
        (given,) = re.findall(r"^protected='(.*)'$", WORDS, re.MULTILINE)
        settings = (example_folder() / "isodocs.yml").read_text("utf-8")
        protects = re.search(r"  protects:\n((?:    - .*\n)+)", settings)
        assert protects
        named = [one.strip(' -"').removesuffix("/**") for one in protects[1].splitlines()]
        assert given.split() == named

    def test_revoked_keys_are_counted(self, insider: Insider, against: Auditor) -> None:
        line = b"        enrolled:\n"
        insider.change("people.yml", line, b"        revoked: {on: 2026-01-01, reason: lost}\n" + line)
        assert "revoked keys in the register: 1\n" in against.walk()
