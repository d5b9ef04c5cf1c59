"""Every verb in every bad situation: it answers, or says in one sentence why it cannot; never a traceback."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from support.gitrepo import Repo
from support.play import Play, founded

from isodocs.cli import main
from isodocs.commands import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.office import Office

# What each verb is called with; the rest need no words.
WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("history", "show", "approve", "review", "author", "acknowledge"), ("WI-001",)),
    **dict.fromkeys(("return", "withdraw"), ("WI-001", "--reason", "Not now.")),
    "reaffirm": ("WI-001",),
    "explain": ("RV101",),
    "completion": ("bash",),
    "export": ("out",),
    "enrol": ("jane",),
}
# They look at nothing, or make something new instead of judging what is there.
ELSEWHERE = {"explain", "rules", "schema", "completion", "init", "demo"}
# It needs neither history nor settings to take back what lies here.
WITHOUT_HISTORY = {"undo", "cache"}
JUDGING = sorted(VERBS.keys() - ELSEWHERE)


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


def answered(repo: Repo, place: Path, verb: str) -> tuple[int, str]:
    """Exit status and words of the verb at this place; it must end well, or in a sentence."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with (
        patch.dict(os.environ, repo.env, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = main(["-C", str(place), verb, *WORDS.get(verb, ())])
    errors = err.buffer.getvalue().decode()
    assert status in {0, 1, 2}, (verb, errors)
    assert "Traceback" not in errors, (verb, errors)
    assert "fault of isodocs" not in errors, (verb, errors)
    assert status != 2 or errors.strip(), verb
    return status, errors


def plain_folder(folder: Path) -> tuple[Repo, Path]:
    place = folder / "plain"
    place.mkdir()
    return Repo(folder / "elsewhere" / "repo"), place


def empty_repository(folder: Path) -> tuple[Repo, Path]:
    repo = Repo(folder / "repo")
    return repo, repo.path


def foreign_repository(folder: Path) -> tuple[Repo, Path]:
    repo = Repo(folder / "repo")
    repo.commit("first", {"README.md": "Hello."})
    return repo, repo.path


def unreadable(file: str, text: str) -> Callable[[Path], tuple[Repo, Path]]:
    def make(folder: Path) -> tuple[Repo, Path]:
        play = Play(folder / "company")
        play.doc("WI-001", "1")
        play.write(file, text)
        play.commit("max")
        return play.repo, play.repo.path

    return make


def bare(folder: Path) -> tuple[Repo, Path]:
    play = founded(folder / "company")
    play.repo.git("clone", "-q", "--bare", str(play.repo.path), str(folder / "bare.git"))
    return play.repo, folder / "bare.git"


def detached(folder: Path) -> tuple[Repo, Path]:
    play = founded(folder / "company")
    play.repo.switch(play.tip())
    return play.repo, play.repo.path


def shallow(folder: Path) -> tuple[Repo, Path]:
    play = founded(folder / "company")
    play.commit("max")
    play.repo.git("clone", "-q", "--depth", "1", f"file://{play.repo.path}", str(folder / "clone"))
    return play.repo, folder / "clone"


def inside_dot_git(folder: Path) -> tuple[Repo, Path]:
    play = founded(folder / "company")
    return play.repo, play.repo.path / ".git"


def conflicted(folder: Path) -> tuple[Repo, Path]:
    play = founded(folder / "company")
    play.branch("one")
    play.revise("WI-001", "2", "One.")
    play.branch("two", "main")
    play.revise("WI-001", "2", "Two.")
    play.repo.run(
        "merge", "-q", "one", env=play.repo.signature(("Max", "max@ex.org"), None, None, None), check=False
    )
    return play.repo, play.repo.path


def without_its_object(folder: Path) -> tuple[Repo, Path]:
    play = founded(folder / "company")
    name = play.repo.git("rev-parse", "HEAD:documents/WI-001-text.md")
    (play.repo.path / ".git" / "objects" / name[:2] / name[2:]).unlink()
    return play.repo, play.repo.path


SITUATIONS = {
    "a plain folder": plain_folder,
    "an empty repository": empty_repository,
    "a repository without isodocs": foreign_repository,
    "a bare repository": bare,
    "a detached HEAD": detached,
    "a shallow clone": shallow,
    "inside .git": inside_dot_git,
    "a merge with conflicts": conflicted,
    "a missing object": without_its_object,
    "settings that are no YAML": unreadable("isodocs.yml", "types: ["),
    "settings of another kind": unreadable("isodocs.yml", "- a\n- b\n"),
    "empty settings": unreadable("isodocs.yml", ""),
    "settings of a later format": unreadable("isodocs.yml", "format: 2\n"),
    "a register that is no YAML": unreadable("people.yml", "people: {"),
    "a register of another kind": unreadable("people.yml", "people: [jane]\n"),
}
READABLE = {
    "a bare repository",
    "a detached HEAD",
    "an empty repository",
    "inside .git",
    "a merge with conflicts",
    "a missing object",  # as long as the work tree has it
}
REFUSED = SITUATIONS.keys() - READABLE


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_verb_breaks(situation: str, tmp_path: Path) -> None:
    repo, place = SITUATIONS[situation](tmp_path)
    outcomes = {verb: answered(repo, place, verb) for verb in JUDGING}
    if situation in REFUSED:
        assert {verb for verb, (status, _) in outcomes.items() if status != 2} <= WITHOUT_HISTORY


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_looks_at_nothing_works_everywhere(situation: str, tmp_path: Path) -> None:
    repo, place = SITUATIONS[situation](tmp_path)
    for verb in ("explain", "rules", "schema", "completion"):
        assert answered(repo, place, verb)[0] == 0, verb


def test_without_git_it_says_so(tmp_path: Path) -> None:
    repo, place = empty_repository(tmp_path)
    repo.env["PATH"] = str(tmp_path)
    for verb in JUDGING:
        status, errors = answered(repo, place, verb)
        assert status == 2, verb
        assert "git" in errors


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59Z", "9999-12-31"])
def test_the_edition_of_the_last_moment_of_the_calendar(office: Office, tmp_path: Path, when: str) -> None:
    assert "documents in force as of 9999-12-31" in office.ok("export", str(tmp_path / "x"), "--as-of", when)
