"""Inputs of a size that nobody writes: an answer or a sentence, in time, and without the machine's memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from hostile.calls import Call
from hostile.wounds import git
from support.company import document_text

if TYPE_CHECKING:
    from pathlib import Path

    from hostile.calls import Company

SECONDS = 30
MEGABYTE = 1 << 20
COMMANDS = (("list",), ("check",), ("verify",), ("status",))


@pytest.fixture
def copy(company: Company, tmp_path: Path) -> Company:
    """The company, to be filled."""
    return company.copy(tmp_path / "copy")


def timed(company: Company, *words: str, by: str = "jane") -> float:
    """How long a call takes, in seconds of this process; it ends well or in a sentence."""
    began = time.process_time()
    ended = company.run(Call(words, by, ""), company.root)
    assert ended.status in {0, 1, 2}, ended
    assert "fault of isodocs" not in ended.err, ended.err[-2000:]
    return time.process_time() - began


def committed(company: Company, message: str = "Much") -> None:
    """Commit the whole work tree."""
    git(company, "add", "-A")
    company.office.play.repo.commit(message, author=("Max", "max@ex.org"))


def fast_import(company: Company, lines: bytes) -> None:
    """Put a commit on the draft that no work tree could hold."""
    head = git(company, "rev-parse", "draft")
    who = b"Max <max@ex.org> 1771900000 +0000"
    start = b"commit refs/heads/draft\nauthor %s\ncommitter %s\ndata 1\nx\nfrom %s\n" % (
        who,
        who,
        head.encode(),
    )
    company.office.play.repo.run("fast-import", "--quiet", "--force", stdin=start + lines + b"\n")


def test_folders_as_deep_as_a_disk_allows(copy: Company) -> None:
    """1,900 folders in each other: 3,800 bytes of path."""
    place = copy.root / "documents"
    here = os.open(place, os.O_RDONLY)
    try:
        for _ in range(1_900):
            os.mkdir("d", dir_fd=here)
            deeper = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = deeper
        handle = os.open("x.md", os.O_CREAT | os.O_WRONLY, 0o644, dir_fd=here)
        os.write(handle, document_text("WI-003", "1", "Deep.").encode())
        os.close(handle)
    finally:
        os.close(here)
    git(copy, "add", "documents")
    for words in COMMANDS:
        assert timed(copy, *words) < SECONDS
    subprocess.run(["rm", "-rf", str(place / "d")], check=True)  # deeper than rmtree's recursion goes


@pytest.mark.parametrize("levels", [1_000, 3_000, 10_000])
def test_folders_deeper_than_any_disk_allows(copy: Company, levels: int) -> None:
    """In git they can be stored, so a push can bring them."""
    blob = git(copy, "hash-object", "-w", "--stdin", stdin=b"x").encode()
    fast_import(copy, b"M 100644 %s documents/%s/x.md\n" % (blob, b"/".join([b"d"] * levels)))
    assert timed(copy, "check", "--base", "main", "--tip", "draft") < SECONDS
    assert timed(copy, "gate", "--base", "main") < SECONDS


TEXTS = (
    "x" * MEGABYTE,
    "*" * MEGABYTE,
    "![" * 100_000,
    "[a](b " * 50_000,
    "line\n" * 100_000,
)
MORE_TEXTS = (
    "word " * (MEGABYTE // 5),
    "[" * 200_000,
    "<" * 200_000,
    "`" * 200_001,
    "> " * 100_000 + "x",
    "- " * 50_000 + "x",
    "| " * 200_000,
    "#" * MEGABYTE,
    "\n" * MEGABYTE,
    "&#x41;" * 100_000,
)


@pytest.mark.parametrize(
    "text",
    [*TEXTS, *(pytest.param(text, marks=pytest.mark.slow) for text in MORE_TEXTS)],
    ids=[f"{text[:6]!r}" for text in (*TEXTS, *MORE_TEXTS)],
)
def test_a_text_of_a_megabyte(copy: Company, text: str) -> None:
    copy.run(Call(("list",)))
    (copy.root / "documents" / "WI-001-text.md").write_text(document_text("WI-001", "3", text))
    committed(copy)
    assert timed(copy, "check") < SECONDS
    assert timed(copy, "approve", "WI-001", "--dry-run") < SECONDS


@pytest.mark.parametrize("number", [2_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_very_many_signatures_in_one_folder(copy: Company, number: int) -> None:
    copy.run(Call(("list",)))
    source = next((copy.root / "signatures" / "WI-001" / "2").glob("*.json"))
    data, armour = source.read_bytes(), source.with_name(source.name + ".sig").read_bytes()
    lines = []
    for count in range(number):
        name = f"signatures/WI-001/3/approved.jane.{count:012x}.json"
        text = data.replace(b"2026-02-02T09:0", b"2026-02-02T08:%d" % (count % 6))
        for path, content in ((name, text), (f"{name}.sig", armour)):
            lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))
    fast_import(copy, b"".join(lines))
    limit = SECONDS * max(1, number // 5_000)
    assert timed(copy, "check", "--base", "main", "--tip", "draft", "--profile", "release") < limit


def measured(company: Company, *words: str) -> tuple[int, int]:
    """Exit status and peak memory, in MB, of a process of its own."""
    script = (
        "import resource, sys; from isodocs.cli import main; status = main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, *words],
        cwd=company.root,
        env=company.office.env("jane"),
        capture_output=True,
        check=False,
    )
    return done.returncode, int(done.stderr.split()[-1]) // 1024


@pytest.mark.parametrize("megabytes", [64, pytest.param(1024, marks=pytest.mark.slow)])
def test_a_huge_picture(copy: Company, megabytes: int) -> None:
    """It is read once, and never held twice."""
    copy.run(Call(("list",)))
    (copy.root / "documents" / "WI-001-text.md").write_text(document_text("WI-001", "3", "![p](huge.png)"))
    place = copy.root / "documents" / "huge.png"
    with place.open("wb") as file:
        file.truncate(megabytes * MEGABYTE)
    committed(copy)
    _, before = measured(copy, "rules")
    status, after = measured(copy, "check")
    assert status in {0, 1}
    assert after < before + 2 * megabytes + 64


def test_a_name_of_a_megabyte(copy: Company) -> None:
    blob = git(copy, "hash-object", "-w", "--stdin", stdin=b"x").encode()
    fast_import(copy, b"M 100644 %s documents/%s.md\n" % (blob, b"n" * MEGABYTE))
    assert timed(copy, "check", "--base", "main", "--tip", "draft") < SECONDS


def test_a_message_of_ten_megabytes(copy: Company) -> None:
    copy.run(Call(("list",)))
    copy.office.play.repo.commit("Co-authored-by: " + "x <" * (3 * MEGABYTE), author=("Max", "max@ex.org"))
    assert timed(copy, "check") < SECONDS
