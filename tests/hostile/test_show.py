"""What is shown must not act on the terminal, and what is signed must be what was shown."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from typing import TYPE_CHECKING

import pytest
from hostile.calls import Call, known
from hostile.wounds import git
from support.company import document_text

from isodocs import cli
from isodocs.commands import desk, read

if TYPE_CHECKING:
    from pathlib import Path

    from hostile.calls import Company

ESCAPE = "\x1b]0;owned\x07\x1b[2J\u202e\u2066\x9b31m\r\x08"
ACTS = "\x1b\x07\x9b\x08\u202e\u2066\u200f\x7f"
RAW = {"show"}  # prints the exact bytes of what was approved, for files and pipes
JSON = [
    Call((*words.split(), "--format", "json"))
    for words in (
        "list",
        "status",
        "history WI-001",
        "check",
        "verify",
        "gate --base main",
        "rules",
        "waivers",
    )
]


@pytest.fixture
def loud(company: Company, tmp_path: Path) -> Company:
    """A company whose names, titles, reasons, messages, branches and files hold what drives a terminal."""
    copy = company.copy(tmp_path / "loud")
    copy.run(Call(("list",), on="main"))
    office = copy.office
    office.play.paths.clear()
    office.play.doc("WI-001", "3", f"Text {ESCAPE} of it.", change=json.dumps(f"Because {ESCAPE}"))
    text = document_text("WI-002", "1", "Text.").replace("Document WI-002", json.dumps(f"Title {ESCAPE}"))
    office.play.write(f"documents/WI-002-{ESCAPE}\udcff.md", text)
    office.play.write(f"signatures/WI-001/3/approved.{ESCAPE}.json", "{}\n")
    office.play.repo.git("add", "-A")
    office.play.repo.commit(f"Message {ESCAPE}", author=(f"Max {ESCAPE}".replace("\r", ""), "max@ex.org"))
    git(copy, "update-ref", "refs/heads/loud\u202e\u009b31m", "main")
    return copy


def silent(text: str) -> bool:
    """Whether nothing in it acts on a terminal."""
    return not set(text) & set(ACTS) and "\r" not in text


def sayings() -> list[Call]:
    """The calls that show something of this repository, other than its exact bytes."""
    return [call for call in known() if call.words[0] not in {*RAW, "demo", "init"} and call.on != "bare"]


@pytest.mark.parametrize("call", sayings(), ids=lambda call: call.label)
def test_nothing_said_acts_on_a_terminal(loud: Company, call: Call) -> None:
    ended = loud.run(Call(call.words, call.by, "", call.stdin), loud.root)
    assert silent(ended.out), call
    assert silent(ended.err), call
    assert "fault of isodocs" not in ended.err, ended.err


@pytest.mark.parametrize("watched", [True, False])
def test_a_text_that_was_approved_with_escapes_in_it(
    loud: Company, monkeypatch: pytest.MonkeyPatch, *, watched: bool
) -> None:
    """A file or a pipe gets the exact bytes, a terminal nothing that acts on it."""
    text = f"Hello {ESCAPE}\n".encode()
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    monkeypatch.setattr(stream, "isatty", lambda: watched)
    monkeypatch.setattr(sys, "stdout", stream)
    read._put(text)
    stream.flush()
    data = stream.buffer.getvalue()
    assert silent(data.decode()) == watched
    assert watched or data == text
    assert loud.root.exists()


@pytest.mark.parametrize("call", JSON, ids=lambda call: call.label)
def test_machines_get_json_in_ascii(loud: Company, call: Call) -> None:
    ended = loud.run(Call(call.words, on=""), loud.root)
    assert ended.out.isascii()
    json.loads(ended.out)


@pytest.mark.parametrize(
    "line",
    [
        "ssh-ed25519 {key}\\n*\\tnamespaces=isodocs\\tssh-ed25519\\tAAAA",
        "ssh-ed25519 AAAA comment\\njane ssh-ed25519 AAAA",
        'ssh-ed25519 {key}\\nmax namespaces=\\"isodocs\\" ssh-ed25519 {key}',
        "ssh-ed25519 {key} \\u2028 x",
    ],
)
def test_no_key_brings_further_lines(company: Company, tmp_path: Path, line: str) -> None:
    """One line of allowed-signers is one key; a line break in the register must not add another."""
    copy = company.copy(tmp_path / "copy")
    copy.run(Call(("list",), on="main"))
    place = copy.root / "people.yml"
    text = place.read_text()
    key = text.partition("ssh-ed25519 ")[2].partition(",")[0]
    first = f"ssh-ed25519 {key}"
    place.write_text(text.replace(first, f'"{line.replace("{key}", key)}"', 1))
    ended = copy.run(Call(("allowed-signers", "--snapshot"), on=""), copy.root)
    assert ended.status == 2 or ended.out.count("\n") == text.count("- {key:"), ended
    assert set(re.findall(r"^\S+ \S+ ssh-ed25519 \S+$", ended.out, re.MULTILINE)) == set(
        ended.out.splitlines()
    )


def test_a_complaint_shows_what_was_typed_harmlessly(loud: Company) -> None:
    for words in (("status", ESCAPE), ("list", "--trust-root", ESCAPE), ("explain", ESCAPE), (ESCAPE,)):
        ended = loud.run(Call(words, on=""), loud.root)
        assert ended.status == 2
        assert silent(ended.err), words


def test_what_is_signed_is_what_was_shown(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the question and the answer somebody commits another text, and changes the file once more."""
    copy = company.copy(tmp_path / "copy")
    place = copy.root / "documents" / "WI-001-text.md"

    def meanwhile(question: str, *, yes: bool) -> None:
        assert question
        assert not yes
        place.write_text(document_text("WI-001", "3", "I resign, and give all to Eve."))
        git(copy, "-c", "user.name=Eve", "-c", "user.email=eve@x", "commit", "-qam", "Later")
        place.write_text(document_text("WI-001", "3", "And more."))

    monkeypatch.setattr(desk, "confirm", meanwhile)
    ended = copy.run(Call(("approve", "WI-001")))
    assert ended.status == 0, ended
    assert "Eve" not in ended.out
    (made,) = copy.root.glob("signatures/WI-001/3/*.json")
    shown = company.office.play.repo.run("cat-file", "blob", "draft:documents/WI-001-text.md").stdout
    digest = hashlib.sha256(shown).hexdigest()
    assert json.loads(made.read_bytes())["content"]["document"] == digest
    assert digest in ended.out


def test_settings_that_change_while_they_are_signed(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = company.copy(tmp_path / "copy")
    settings = copy.root / "isodocs.yml"

    def meanwhile(question: str, *, yes: bool) -> None:
        assert question
        assert not yes
        settings.write_text(settings.read_text().replace("quorum: 1", "quorum: 0"))

    monkeypatch.setattr(desk, "confirm", meanwhile)
    ended = copy.run(Call(("authorise",), on="settings"))
    assert ended.status == 0, ended
    (made,) = copy.root.glob("signatures/_authority/*/authority.jane.*.json")
    shown = company.office.play.repo.run("cat-file", "blob", "settings:isodocs.yml").stdout
    digest = hashlib.sha256(shown).hexdigest()
    assert json.loads(made.read_bytes())["content"]["embedded"]["isodocs.yml"] == digest


def test_the_output_survives_a_narrow_encoding(loud: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a terminal that knows ASCII alone."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.chdir(loud.root)
    for name, value in loud.office.env("jane").items():
        monkeypatch.setenv(name, value)
    assert cli.main(["list"]) == 0
