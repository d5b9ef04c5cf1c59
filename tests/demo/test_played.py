"""The end of the story is what it says; all of it counts; nothing of the player's own machine shows."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.demo import LONG_AGO, answer, git, isodocs, played_in

from isodocs.core.identity import format_time, parse_time
from isodocs.core.problem import CannotRun, Profile, Severity
from isodocs.core.reading import read_register
from isodocs.core.statement import Meaning
from isodocs.core.statement_reader import read
from isodocs.demo.player import play
from isodocs.demo.story import Calendar, read_story
from isodocs.registers import documents
from isodocs.rules import engine
from isodocs.signing import enrol
from isodocs.workspace import open_library, open_reading

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.demo.player import Played

STORY = read_story()
DAYS = Calendar(LONG_AGO, STORY.zone)
NOW = ("--as-of", LONG_AGO.isoformat())
ROTATED = "mikael-strand"
SQUASHED = "signatures/WI-001/2/"


@pytest.fixture(scope="module")
def library(played: Played) -> Library:
    found = open_reading(played.root, as_of=LONG_AGO.isoformat())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def rows(played: Played) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in answer(played.root, "list", *NOW)["items"]}


@pytest.fixture(scope="module")
def problems(played: Played) -> list[dict[str, Any]]:
    found = answer(played.root, "check", *NOW)["items"]
    assert isinstance(found, list)
    return found


def history(library: Library, name: str) -> dict[str, dict[str, Any]]:
    return {row["revision"]: row for row in documents.history(library, library.views[name])}


class TestEndState:
    def test_in_force(self, rows: dict[str, dict[str, Any]]) -> None:
        found = {name: int(row["revision"]) for name, row in rows.items() if row["status"] == "effective"}
        assert found == STORY.expected.effective

    def test_withdrawn(self, rows: dict[str, dict[str, Any]]) -> None:
        found = [name for name, row in rows.items() if row["status"] == "withdrawn"]
        assert tuple(found) == STORY.expected.withdrawn

    def test_overdue(self, rows: dict[str, dict[str, Any]]) -> None:
        assert tuple(name for name, row in rows.items() if row["overdue"]) == STORY.expected.overdue

    def test_nothing_is_challenged_or_unsigned(self, rows: dict[str, dict[str, Any]]) -> None:
        in_force = [row for row in rows.values() if row["status"] == "effective"]
        assert not any(row["challenged"] for row in rows.values())
        assert {row["assurance"] for row in in_force} == {"signed"}

    def test_not_yet_effective(self, rows: dict[str, dict[str, Any]]) -> None:
        coming = {name: int(one["revision"]) for name, row in rows.items() for one in row["upcoming"]}
        assert coming == STORY.expected.upcoming

    def test_days_are_those_of_the_company(self, played: Played) -> None:
        """The day begins at 22:00 or 23:00 UTC there; shown is the day of the document's own header."""
        day = LONG_AGO + timedelta(days=15)
        assert f"2 from {day}" in isodocs(played.root, "list", *NOW).stdout
        assert f"effective_date: {day}" in git(played.root, "grep", "effective_date", "documents/procedures")

    def test_no_draft_stands_on_main(self, rows: dict[str, dict[str, Any]]) -> None:
        assert [name for name, row in rows.items() if row["draft"]] == []

    def test_due_soon(self, problems: list[dict[str, Any]]) -> None:
        assert {item["id"] for item in problems if item["code"] == "RD102"} == set(STORY.expected.due_soon)

    def test_superseded_twice(self, played: Played) -> None:
        items = answer(played.root, "history", "SOP-001", *NOW)["items"]
        found = {row["revision"]: row for row in items}
        assert [row["status"] for row in found.values()] == ["superseded", "superseded", "effective"]
        assert found["1"]["effective_until"] == found["2"]["effective_from"]
        assert all(found[number]["reason"] for number in ("2", "3"))

    def test_open_branches(self, played: Played) -> None:
        branches = git(played.root, "branch", "--format=%(refname:short)").split()
        assert branches == ["main", *STORY.expected.open_branches]
        for branch, name in STORY.expected.open_branches.items():
            changed = git(played.root, "diff", "--name-only", "main", branch)
            assert Path(changed).name.startswith(name)


class TestChecks:
    def test_the_overdue_review_is_the_only_error_on_main(self, problems: list[dict[str, Any]]) -> None:
        errors = [(item["code"], item["id"]) for item in problems if item["severity"] == "error"]
        assert errors == [("RD101", "SOP-007")]

    def test_one_is_overdue_and_one_soon_due(self, problems: list[dict[str, Any]]) -> None:
        found = {item["code"]: item["id"] for item in problems}
        assert found == {"RD101": "SOP-007", "RD102": "SOP-002"}

    def test_each_push_passes_its_gate(self, played: Played) -> None:
        """Every thread of the story is one push, judged with the clock of its time."""
        for old, new, moment in pushes(played):
            library = open_library(
                played.root,
                base=old,
                tip=new,
                as_of=format_time(moment + 60),
                profile=Profile.RELEASE,
                environment={},
            )
            assert library is not None
            errors = [one for one in engine.run(library) if one.severity is Severity.ERROR]
            assert errors == [], (moment, errors)


def pushes(played: Played) -> list[tuple[str, str, int]]:
    """Old tip, new tip and time of each push to main."""
    lines = git(played.root, "log", "--first-parent", "--reverse", "--format=%H %ct", "main").splitlines()
    chain = [(name, int(moment)) for name, moment in (line.split() for line in lines)]
    found, old = [], "0" * 40
    for event in STORY.events:
        if event.keep_open:
            continue
        end = DAYS.moment(event.steps[-1].when)
        new, moment = [one for one in chain if one[1] <= end][-1]
        found.append((old, new, moment))
        old = new
    assert old == chain[-1][0]
    return found


class TestStatements:
    def test_every_statement_counts(self, library: Library) -> None:
        found = [one for life in library.state.lives.values() for one in life.judged]
        assert [(one.statement.id, one.why) for one in found if one.code] == []
        assert [one.why for one in library.state.authority_log if one.code] == []

    def test_all_of_the_story_entered(self, library: Library) -> None:
        told = [signing.meaning for step in STORY.steps() if step.commit for signing in step.commit.sign]
        entered = [one.statement.meaning for life in library.state.lives.values() for one in life.judged]
        entered += [one.statement.meaning for one in library.state.authority_log]
        assert sorted(entered) == sorted(told)
        assert set(entered) == set(Meaning) - {Meaning.AUTHORED, Meaning.REVIEWED}

    def test_writers_are_those_of_the_story(self, library: Library) -> None:
        for name in library.views:
            for revision, row in history(library, name).items():
                assert tuple(row["writers"]) == STORY.authors(f"{name}@{revision}"), (name, revision)

    def test_statements_name_the_same_writers(self, library: Library) -> None:
        for life in library.state.lives.values():
            for item in life.judged:
                if item.statement.meaning in {Meaning.APPROVED, Meaning.RETURNED}:
                    text = f"{item.statement.id}@{item.statement.revision}"
                    assert item.statement.writers == STORY.authors(text)

    def test_each_was_signed_between_the_text_and_its_own_commit(self, played: Played) -> None:
        for path in statements(played):
            statement = read((played.root / path).read_bytes())
            claimed = parse_time(statement.time)
            added = git(
                played.root, "log", "--all", "--diff-filter=A", "--format=%ct", "--max-count=1", "--", path
            )
            longest = timedelta(days=2) if path.startswith(SQUASHED) else timedelta(hours=2)
            assert claimed is not None
            assert int(added) - longest.total_seconds() < claimed < int(added), path

    def test_the_policy_was_reaffirmed(self, library: Library, rows: dict[str, dict[str, Any]]) -> None:
        meanings = [one["meaning"] for one in history(library, "POL-001")["1"]["signatures"]]
        assert meanings == ["approved", "reaffirmed"]
        assert rows["POL-001"]["review_due"] == (LONG_AGO + timedelta(days=600)).isoformat()

    def test_the_rotated_key_signed_later_revisions_only(self, library: Library, played: Played) -> None:
        register, _ = read_register((played.root / "people.yml").read_bytes())
        assert register is not None
        old, new = register.people[ROTATED].keys
        assert old.until is not None
        assert new.from_ < old.until
        prints = {
            name: fingerprint(library, "WI-001", revision) for name, revision in (("old", "1"), ("new", "2"))
        }
        assert prints["old"] != prints["new"]

    def test_a_squash_was_carried_in(self, library: Library, played: Played) -> None:
        commit = history(library, "WI-001")["2"]["commit"]
        words = git(played.root, "show", "--no-patch", "--format=%an/%cn/%p/%b", commit)
        author, committer, parents, body = words.split("/", 3)
        assert (author, committer) == ("Tomas Wiklund", "Nina Falk")
        assert " " not in parents
        assert "Co-authored-by: Mikael Strand <" in body

    def test_a_withdrawal_took_the_file(self, library: Library, played: Played) -> None:
        row = history(library, "WI-010")["1"]
        assert row["status"] == "withdrawn"
        assert not (played.root / row["path"]).exists()

    def test_ssh_keygen_agrees(self, played: Played, tmp_path: Path) -> None:
        register, _ = read_register((played.root / "people.yml").read_bytes())
        assert register is not None
        signers = tmp_path / "allowed_signers"
        signers.write_text(
            "".join(f'{who} namespaces="isodocs" {key.key}\n' for who, key in register.all_keys())
        )
        for path in statements(played)[::5]:
            data = (played.root / path).read_bytes()
            done = subprocess.run(
                ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", read(data).person, "-n", "isodocs", "-s",
                 played.root / f"{path}.sig"],
                input=data, capture_output=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, (path, done.stderr)

    def test_every_key_was_enrolled_with_proof(self, played: Played, library: Library) -> None:
        register, _ = read_register((played.root / "people.yml").read_bytes())
        assert register is not None
        found = list(register.all_keys())
        assert len(found) == len(register.people) + 1
        for who, key in found:
            assert key.enrolled is not None
            armour = key.enrolled.proof.encode()
            day = key.enrolled.on.isoformat()
            assert enrol.proves(library.settings.qms, who, key.key, day, armour).ok, who
            assert key.enrolled.checked_by not in {None, who}


def statements(played: Played) -> list[str]:
    return [
        path for path in git(played.root, "ls-files", "signatures").splitlines() if path.endswith(".json")
    ]


def fingerprint(library: Library, name: str, revision: str) -> str:
    signatures = history(library, name)[revision]["signatures"]
    return next(str(one["fingerprint"]) for one in signatures if one["person"] == ROTATED)


class TestRepository:
    def test_clean_and_sound(self, played: Played) -> None:
        assert git(played.root, "status", "--porcelain", "--ignored") == ""
        assert git(played.root, "symbolic-ref", "HEAD") == "refs/heads/main"
        git(played.root, "fsck", "--strict")

    def test_commits_are_dated_by_the_story(self, played: Played) -> None:
        times = [int(one) for one in git(played.root, "log", "--all", "--format=%ct").split()]
        told = [DAYS.moment(step.when) for step in STORY.steps() if step.commit or step.merge]
        assert set(times) <= set(told)
        assert times[-1] == told[0]
        assert max(times) == told[-1]

    def test_times_carry_the_zone_of_the_company(self, played: Played) -> None:
        zones = set(git(played.root, "log", "--format=%cd", "--date=format:%z").split())
        assert zones == {"+0100", "+0200"}

    def test_keys_are_closed_and_stay_out_of_git(self, played: Played) -> None:
        assert played.keys == played.root / ".git" / "demo-keys"
        assert stat.S_IMODE(played.keys.stat().st_mode) == 0o700
        private = [path for path in played.keys.iterdir() if path.suffix != ".pub"]
        assert {path.name for path in private} == {*played.people, f"{ROTATED}.old"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}

    def test_no_private_key_in_any_object(self, played: Played) -> None:
        done = subprocess.run(
            ["git", "cat-file", "--batch", "--batch-all-objects"],
            cwd=played.root,
            capture_output=True,
            check=True,
        )
        assert b"BEGIN SSH SIGNATURE" in done.stdout
        assert b"PRIVATE KEY" not in done.stdout

    def test_nothing_of_the_players_own_configuration_shows(self, played: Played) -> None:
        home = played.root.parent / f"{played.root.name}.home"
        assert not (home / "hook-ran").exists()
        assert not (played.root / ".git" / "hooks").exists()
        raw = git(played.root, "log", "--all", "--pretty=raw")
        assert "allory" not in raw
        assert "gpgsig" not in raw
        assert "encoding" not in raw
        lines = git(played.root, "ls-files", "--eol")
        assert "crlf" not in re.sub(r"attr/.*", "", lines)

    def test_all_people_are_in_the_register(self, played: Played) -> None:
        mails = {mail for person in played.people.values() for mail in person.emails}
        assert set(git(played.root, "log", "--all", "--format=%ae%n%ce").split()) <= mails

    def test_whoever_comes_is_an_author(self, played: Played) -> None:
        person = played.people[STORY.visitor]
        assert git(played.root, "config", "user.name") == person.name
        assert git(played.root, "config", "user.email") == person.emails[0]
        assert git(played.root, "config", "user.signingkey") == str(played.keys / STORY.visitor)
        writers = [step.commit.by for step in STORY.events[-1].steps if step.commit]
        assert writers == [STORY.visitor]

    def test_hooks_need_no_path(self, played: Played) -> None:
        text = (played.root / ".pre-commit-config.yaml").read_text()
        assert "repo: local" in text
        entries = [json.loads(one) for one in re.findall(r"entry: (.*)", text)]
        assert [one.rpartition(" -m ")[2] for one in entries] == ["isodocs check --staged", "isodocs gate"]
        for entry in entries:
            done = subprocess.run(
                [*entry.split(), "--help"],
                cwd=played.root,
                env={"PATH": "/nowhere"},
                capture_output=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr


class TestFixedDay:
    def test_two_runs_tell_the_same(self, played: Played, tmp_path: Path) -> None:
        again = played_in(tmp_path / "again", LONG_AGO)
        assert told(again.root) == told(played.root)
        assert texts(again.root) == texts(played.root)
        assert git(again.root, "rev-parse", "HEAD") != git(played.root, "rev-parse", "HEAD")


def told(root: Path) -> str:
    """What list and histories say, without what follows from the keys."""
    library = open_reading(root, as_of=LONG_AGO.isoformat())
    assert library is not None
    found = [documents.master_list(library)]
    found += [documents.history(library, view) for view in library.views.values()]
    return re.sub(r'"(fingerprint|commit|statement)": "[^"]*"', "", json.dumps(found))


def texts(root: Path) -> str:
    """Names of all text blobs of main, without what holds keys and signatures."""
    lines = git(root, "ls-tree", "-r", "main").splitlines()
    return "\n".join(line for line in lines if "signatures/" not in line and "people.yml" not in line)


class TestRefusals:
    def test_a_folder_with_something_in_it(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine")
        with pytest.raises(CannotRun, match="is not empty"):
            play(tmp_path, LONG_AGO)
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_a_file(self, tmp_path: Path) -> None:
        place = tmp_path / "file"
        place.write_text("mine")
        with pytest.raises(CannotRun, match="cannot be used"):
            play(place, LONG_AGO)

    def test_a_day_to_come(self, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match="still to come"):
            play(tmp_path / "new", LONG_AGO.replace(year=2999))
        assert not (tmp_path / "new").exists()


class TestVisitors:
    """What the last printed lines promise, done in a copy of the story up to today."""

    def test_the_author_cannot_approve_her_own_draft(self, copy: Path) -> None:
        git(copy, "switch", *STORY.expected.open_branches)
        git(copy, "as", STORY.visitor)
        done = isodocs(copy, "approve", "SOP-004", "--yes")
        assert done.returncode == 2
        assert "Hanna Sjöberg" in done.stderr

    def test_the_approver_brings_it_into_force(self, copy: Path) -> None:
        (branch,) = STORY.expected.open_branches
        git(copy, "switch", branch)
        assert "Åsa Lindgren" in git(copy, "as", "asa-lindgren")
        done = isodocs(copy, "approve", "SOP-004", "--yes")
        assert done.returncode == 0, done.stderr
        git(copy, "commit", "-m", "Approve SOP-004 revision 3")
        git(copy, "switch", "main")
        git(copy, "as", "nina-falk")
        git(copy, "merge", "--no-ff", "-m", "Merge SOP-004 revision 3", branch)
        row = next(row for row in answer(copy, "list")["items"] if row["id"] == "SOP-004")
        assert (row["revision"], row["status"]) == ("3", "effective")
        assert isodocs(copy, "gate").returncode == 0

    def test_nobody_of_that_name(self, copy: Path) -> None:
        done = subprocess.run(["git", "as", "eve"], cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "There is no eve. People:" in done.stdout
        assert "asa-lindgren Åsa Lindgren" in done.stdout

    def test_today_is_the_last_day(self, present: Played) -> None:
        rows = answer(present.root, "list")["items"]
        assert [row["id"] for row in rows if row["overdue"]] == list(STORY.expected.overdue)
