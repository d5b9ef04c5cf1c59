"""``isodocs check`` and ``gate`` as somebody at a terminal meets them, on real git."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from scenarios.product import Outcome, ask
from support.gitrepo import Repo
from support.play import Play, founded

if TYPE_CHECKING:
    from pathlib import Path

WHEN = ("--as-of", "2026-02-03")
WI, SOP = "documents/WI-001-text.md", "documents/SOP-001-text.md"
ITEM = {"code", "name", "severity", "path", "message", "fix", "id"} | {
    f"{end}{unit}" for end in ("", "end_") for unit in ("line", "column")
}


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """The company of the scenarios, on the mainline, all in order."""
    return founded(tmp_path / "company")


def edit(play: Play, *paths: str) -> None:
    """Change words of approved documents, which asks for a new revision."""
    for path in paths:
        play.write(path, play.read(path) + b"\nOne more word.\n")


def paths(outcome: Outcome) -> set[str]:
    return {item["path"] for item in outcome.items}


def could_not_run(outcome: Outcome, *words: str) -> None:
    """Exit status 2 with a clear sentence on standard error, nothing on standard output."""
    assert outcome.status == 2, outcome
    assert outcome.output == ""
    assert "Traceback" not in outcome.errors
    assert "fault of isodocs" not in outcome.errors
    for word in words:
        assert word in outcome.errors


class TestText:
    def test_all_in_order(self, play: Play) -> None:
        outcome = ask(play.repo, "check", *WHEN)
        assert outcome.status == 0, outcome
        assert "AP101" not in outcome.output

    def test_a_problem_stands_with_place_code_and_way_out(self, play: Play) -> None:
        edit(play, WI)
        outcome = ask(play.repo, "check", *WHEN)
        assert outcome.status == 1
        assert re.search(rf"^{WI}:\d+:\d+: .*RV101", outcome.output, re.MULTILINE)

    def test_a_blocked_change_ends_with_who_must_sign_and_the_next_command(self, play: Play) -> None:
        play.doc("SOP-001", "2")
        outcome = ask(play.repo, "check", *WHEN)
        assert outcome.status == 1
        assert "isodocs approve SOP-001" in outcome.output
        assert "process-owner" in outcome.output

    def test_warnings_alone_are_status_0(self, play: Play) -> None:
        play.branch("draft")
        play.doc("WI-001", "2", "Tighten as appropriate.")
        outcome = ask(play.repo, "check", *WHEN)
        assert outcome.status == 0, outcome
        assert "CT105" in outcome.output

    def test_colour_is_there_for_who_asks(self, play: Play) -> None:
        edit(play, WI)
        play.repo.env["FORCE_COLOR"] = "1"
        assert "\x1b[" in ask(play.repo, "check", *WHEN).output
        play.repo.env["NO_COLOR"] = "1"
        assert "\x1b[" not in ask(play.repo, "check", *WHEN).output


class TestJson:
    def test_the_envelope(self, play: Play) -> None:
        outcome = ask(play.repo, "check", *WHEN, "--format", "json")
        found = json.loads(outcome.output)
        assert {key: found[key] for key in ("format", "command", "commit", "as_of", "mainline")} == {
            "format": 1,
            "command": "check",
            "commit": play.tip(),
            "as_of": "2026-02-03T22:59:59Z",
            "mainline": "main",
        }
        assert set(found) >= {"items", "counts"}

    def test_an_item(self, play: Play) -> None:
        edit(play, WI)
        outcome = ask(play.repo, "check", *WHEN, "--format", "json")
        (item,) = [item for item in outcome.items if item["code"] == "RV101"]
        assert set(item) >= ITEM
        assert (item["path"], item["id"], item["severity"]) == (WI, "WI-001", "error")
        assert (item["line"], item["column"]) > (1, 1)
        assert json.loads(outcome.output)["counts"]["error"] >= 1

    def test_the_gate_says_its_own_name(self, play: Play) -> None:
        outcome = ask(play.repo, "gate", *WHEN, "--format", "json")
        assert json.loads(outcome.output)["command"] == "gate"


def test_github_annotations(play: Play) -> None:
    edit(play, WI)
    outcome = ask(play.repo, "check", *WHEN, "--format", "github")
    assert outcome.status == 1
    assert re.search(rf"^::error file={WI},line=\d+,.*RV101", outcome.output, re.MULTILINE)


class TestPaths:
    @pytest.fixture
    def edited(self, play: Play) -> Play:
        edit(play, WI, SOP)
        return play

    def found(self, play: Play, *places: str, start: str = "") -> set[str]:
        words = ("-C", str(play.repo.path / start), "check", *WHEN, "--format", "json", *places)
        outcome = ask(play.repo, *words)
        assert outcome.status in {0, 1}, outcome
        return paths(outcome)

    def test_without_paths_everything_is_reported(self, edited: Play) -> None:
        assert self.found(edited) >= {WI, SOP}

    def test_one_file(self, edited: Play) -> None:
        found = self.found(edited, WI)
        assert WI in found
        assert SOP not in found

    def test_a_folder(self, edited: Play) -> None:
        assert self.found(edited, "documents") >= {WI, SOP}

    def test_everything_by_a_dot(self, edited: Play) -> None:
        assert self.found(edited, ".") >= {WI, SOP}

    def test_paths_count_from_where_one_stands(self, edited: Play) -> None:
        found = self.found(edited, "WI-001-text.md", start="documents")
        assert WI in found
        assert SOP not in found

    def test_absolute_paths(self, edited: Play) -> None:
        assert WI in self.found(edited, str(edited.repo.path / WI))

    def test_a_document_that_was_deleted(self, play: Play) -> None:
        play.write(WI, None)
        outcome = ask(play.repo, "check", *WHEN, "--format", "json", WI)
        assert "HX101" in {item["code"] for item in outcome.items}

    def test_the_exit_status_is_that_of_what_is_reported(self, play: Play) -> None:
        edit(play, WI)
        assert ask(play.repo, "check", *WHEN, WI).status == 1
        assert ask(play.repo, "check", *WHEN, SOP).status == 0

    def test_a_path_outside_is_a_sentence(self, play: Play, tmp_path: Path) -> None:
        could_not_run(ask(play.repo, "check", *WHEN, str(tmp_path / "elsewhere.md")), "lies outside")

    def test_a_path_that_names_nothing_is_a_sentence(self, play: Play) -> None:
        could_not_run(ask(play.repo, "check", *WHEN, "documents/SOP-999.md"), "SOP-999.md", "misspelt")


class TestStaged:
    def test_the_index_is_judged_and_not_the_work_tree(self, play: Play) -> None:
        edit(play, WI)
        assert ask(play.repo, "check", "--staged", *WHEN).status == 0
        play.repo.git("add", WI)
        assert ask(play.repo, "check", "--staged", *WHEN).status == 1

    def test_the_index_of_a_partial_commit_is_honoured(
        self, play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(play.repo.path)  # what git tells its hooks holds where they run
        other = tmp_path / "index"
        shutil.copy(play.repo.path / ".git" / "index", other)
        edit(play, WI)
        play.repo.git("add", WI)
        play.repo.env["GIT_INDEX_FILE"] = str(other)
        assert ask(play.repo, "check", "--staged", *WHEN).status == 0


class TestProfiles:
    def test_on_a_branch_unapproved_is_normal(self, play: Play) -> None:
        play.branch("draft")
        play.doc("WI-001", "2")
        assert ask(play.repo, "check", *WHEN).status == 0

    def test_as_a_release_it_is_not(self, play: Play) -> None:
        play.branch("draft")
        play.doc("WI-001", "2")
        outcome = ask(play.repo, "check", *WHEN, "--profile", "release", "--format", "json")
        assert outcome.status == 1
        assert "AP101" in outcome.codes("error")


class TestWholeOrChange:
    """DESIGN, section 5: faults elsewhere are warnings at a gate and errors in a whole check."""

    LATER = ("--as-of", "2028-06-01")

    def severities(self, play: Play, *words: str) -> set[str]:
        outcome = ask(play.repo, *words, *self.LATER, "--format", "json")
        return {item["severity"] for item in outcome.items if item["code"] == "RD101"}

    def test_the_nightly_check_of_the_mainline_judges_everything(self, play: Play) -> None:
        assert self.severities(play, "check") == {"error"}

    def test_a_commit_hook_blocks_for_what_the_commit_touches(self, play: Play) -> None:
        play.write("notes.txt", "Notes.\n")
        play.repo.git("add", "-A")
        assert self.severities(play, "check", "--staged") <= {"warning"}

    def test_a_gate_warns_of_faults_elsewhere(self, play: Play) -> None:
        play.write("notes.txt", "Notes.\n")
        play.commit("max")
        assert self.severities(play, "gate") == {"warning"}


class TestGate:
    def test_head_as_a_release(self, play: Play) -> None:
        assert ask(play.repo, "gate", *WHEN).status == 0
        play.doc("WI-001", "2")
        play.commit("max")
        outcome = ask(play.repo, "gate", *WHEN, "--format", "json")
        assert outcome.status == 1
        assert "AP101" in outcome.codes("error")

    def test_uncommitted_changes_are_not_judged(self, play: Play) -> None:
        edit(play, WI)
        assert ask(play.repo, "gate", *WHEN).status == 0

    @pytest.mark.parametrize(("branch", "status"), [("main", 1), ("draft", 0)])
    def test_the_profile_follows_from_the_remote_branch(self, play: Play, branch: str, status: int) -> None:
        before = play.tip()
        play.branch("draft")
        play.doc("WI-001", "2")
        after = play.commit("max")
        play.repo.env |= {
            "PRE_COMMIT_FROM_REF": before,
            "PRE_COMMIT_TO_REF": after,
            "PRE_COMMIT_REMOTE_BRANCH": f"refs/heads/{branch}",
            "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/draft",
        }
        outcome = ask(play.repo, "gate", *WHEN)
        assert outcome.status == status, outcome

    def test_the_first_push_says_neither_from_nor_to(self, play: Play) -> None:
        play.repo.env |= {
            "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/main",
            "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main",
        }
        outcome = ask(play.repo, "gate", *WHEN)
        assert outcome.status == 0, outcome

    def test_a_tag_is_not_judged(self, play: Play) -> None:
        play.repo.env |= {"PRE_COMMIT_REMOTE_BRANCH": "refs/tags/v1", "PRE_COMMIT_TO_REF": play.tip()}
        outcome = ask(play.repo, "gate", *WHEN)
        assert (outcome.status, outcome.output) == (0, "")
        assert "refs/tags/v1 is no branch" in outcome.errors

    @pytest.mark.parametrize(("branch", "status"), [("draft", 0), ("main", 2)])
    def test_a_deletion_is_judged_for_the_mainline_only(self, play: Play, branch: str, status: int) -> None:
        play.repo.env |= {
            "PRE_COMMIT_REMOTE_BRANCH": f"refs/heads/{branch}",
            "PRE_COMMIT_FROM_REF": play.tip(),
            "PRE_COMMIT_TO_REF": "0" * 40,
        }
        outcome = ask(play.repo, "gate", *WHEN)
        assert outcome.status == status
        assert "deletes" in outcome.errors

    def test_a_range_as_a_server_sees_it(self, play: Play) -> None:
        play.doc("WI-001", "2")
        play.commit("max")
        play.push()
        assert ask(play.repo, "gate", "--base", play.old, "--tip", play.new, *WHEN).status == 1


class TestBadSituations:
    """A sentence and exit status 2, never a traceback."""

    @pytest.mark.parametrize("verb", ["check", "gate"])
    def test_not_a_repository(self, verb: str, tmp_path: Path) -> None:
        repo = Repo(tmp_path / "repo")
        place = tmp_path / "plain"
        place.mkdir()
        could_not_run(ask(repo, "-C", str(place), verb), "not in a git repository")

    def test_an_empty_repository(self, tmp_path: Path) -> None:
        could_not_run(ask(Repo(tmp_path / "repo"), "check"), "isodocs init")

    def test_a_repository_that_isodocs_does_not_know(self, tmp_path: Path) -> None:
        repo = Repo(tmp_path / "repo")
        repo.commit("first", {"README.md": "Hello."})
        could_not_run(ask(repo, "check"), "isodocs.yml", "isodocs init")

    def test_a_detached_head_asks_for_the_profile(self, play: Play) -> None:
        play.repo.switch(play.tip())
        could_not_run(ask(play.repo, "check", *WHEN), "--profile")
        assert ask(play.repo, "check", *WHEN, "--profile", "draft").status == 0

    def test_a_bare_repository(self, play: Play, tmp_path: Path) -> None:
        bare = tmp_path / "bare.git"
        play.repo.git("clone", "-q", "--bare", str(play.repo.path), str(bare))
        could_not_run(ask(play.repo, "-C", str(bare), "check", *WHEN))
        judged = ask(play.repo, "-C", str(bare), "check", "--tip", "main", *WHEN)
        assert judged.status == 0, judged

    @pytest.mark.parametrize("file", ["isodocs.yml", "people.yml"])
    @pytest.mark.parametrize(
        "text", ["", "format: 1\n", "types: [", "a: b\na: c\n", "\x00", "qms: &x 1\nb: *x\n"]
    )
    def test_unreadable_settings_in_the_root(self, file: str, text: str, tmp_path: Path) -> None:
        play = Play(tmp_path / "company")
        play.doc("WI-001", "1")
        play.write(file, text)
        if file == "people.yml" and text == "format: 1\n":
            return  # a register without people can be read
        could_not_run(ask(play.repo, "check", *WHEN), file)

    @pytest.mark.parametrize(
        "words",
        [("--tip", "nowhere"), ("--base", "nowhere"), ("--trust-root", "nowhere"), ("--as-of", "someday")],
    )
    def test_words_that_name_nothing(self, play: Play, words: tuple[str, str]) -> None:
        could_not_run(ask(play.repo, "check", *words), words[1])

    def test_a_shallow_clone_is_refused_with_the_cure(self, play: Play, tmp_path: Path) -> None:
        clone = tmp_path / "clone"
        play.commit("max")
        play.repo.git("clone", "-q", "--depth", "1", f"file://{play.repo.path}", str(clone))
        could_not_run(ask(play.repo, "-C", str(clone), "check"), "git fetch --unshallow")


class TestBadDocuments:
    """A broken document never stops the check of the others."""

    BROKEN: dict[str, bytes] = {  # noqa: RUF012 - read only
        "crlf": b"---\r\nid: SOP-002\r\n---\r\n",
        "bom": b"\xef\xbb\xbf---\nid: SOP-002\n---\n",
        "latin1": b"---\nid: SOP-002\ntitle: Gr\xf6\xdfe\n---\n",
        "nul": b"---\nid: SOP-002\n\x00---\n",
        "tabs": b"---\n\tid:\tSOP-002\n---\n",
        "toml": b"+++\nid = 'SOP-002'\n+++\n",
        "unopened": b"id: SOP-002\n---\n",
        "unclosed": b"---\nid: SOP-002\n",
        "empty": b"",
        "huge": b"---\nid: SOP-002\n---\n" + b"word " * 700_000,
        "alias": b"---\nid: &a SOP-002\ntitle: *a\n---\n",
        "list": b"---\n- id\n---\n",
    }

    @pytest.mark.parametrize("kind", BROKEN)
    def test_it_is_a_problem_with_a_place_and_the_others_are_checked(self, play: Play, kind: str) -> None:
        play.write("documents/SOP-002-x.md", self.BROKEN[kind])
        edit(play, WI)
        outcome = ask(play.repo, "check", *WHEN, "--format", "json")
        assert outcome.status == 1, outcome
        assert paths(outcome) >= {"documents/SOP-002-x.md", WI}
        assert all(item["line"] >= 1 and item["column"] >= 1 for item in outcome.items)

    @pytest.mark.parametrize(
        "name",
        ["SOP-002 with spaces.md", "SOP-002-grün.md", "-SOP-002.md", "SOP-002-😀.md", "SOP-002\ttab.md"],
    )
    def test_names_simply_work(self, play: Play, name: str) -> None:
        play.doc("SOP-002", "1", path=f"documents/{name}")
        outcome = ask(play.repo, "check", *WHEN, "--format", "json")
        assert outcome.status == 1
        assert f"documents/{name}" in paths(outcome)

    def test_a_link_in_place_of_a_document(self, play: Play) -> None:
        (play.repo.path / "documents" / "SOP-002-x.md").symlink_to("/etc/passwd")
        play.repo.git("add", "-A")
        outcome = ask(play.repo, "check", "--staged", *WHEN, "--format", "json")
        assert outcome.status == 1
        assert "documents/SOP-002-x.md" in paths(outcome)
        assert "root:" not in outcome.output


class TestSnapshot:
    def test_a_folder_without_settings_or_git(self, play: Play, tmp_path: Path) -> None:
        place = tmp_path / "docs"
        (place / "sub").mkdir(parents=True)
        (place / "index.md").write_text("# Hello\n\n[gone](gone.md)\n")
        (place / "sub" / "page.markdown").write_text("<<<<<<< HEAD\n")
        outcome = ask(play.repo, "-C", str(place), "check", "--snapshot", "--format", "json")
        assert outcome.status in {0, 1}, outcome
        assert outcome.items
        assert paths(outcome) <= {"index.md", "sub/page.markdown", ""}

    def test_it_says_so(self, play: Play, tmp_path: Path) -> None:
        place = tmp_path / "docs"
        place.mkdir()
        (place / "index.md").write_text("# Hello\n")
        outcome = ask(play.repo, "-C", str(place), "check", "--snapshot")
        assert "built-in settings" in outcome.output + outcome.errors

    def test_a_folder_can_be_named(self, play: Play, tmp_path: Path) -> None:
        place = tmp_path / "docs"
        place.mkdir()
        (place / "index.md").write_text("<<<<<<< HEAD\n")
        outcome = ask(play.repo, "check", "--snapshot", "--format", "json", str(place))
        assert paths(outcome) == {"index.md"}, outcome

    def test_of_a_management_system(self, play: Play) -> None:
        outcome = ask(play.repo, "check", "--snapshot", *WHEN)
        assert outcome.status == 0, outcome

    def test_is_not_for_gates(self, play: Play) -> None:
        assert ask(play.repo, "gate", "--snapshot").status == 2
