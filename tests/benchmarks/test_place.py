"""What is measured is what the lines say: cold is cold, the hook sees one document, the push is rightful."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from benchmarks import lines
from benchmarks.generator import Shape, generate, shape_of
from benchmarks.place import Place

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = Shape(documents=5, revisions=2, crlf=0.4, pictures=0.4, signatures="mixed")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A small repository."""
    generate(tmp_path / "qms", SHAPE)
    return Place(tmp_path / "qms", shape_of(tmp_path / "qms"), tmp_path / "scratch")


def test_a_repository_says_what_it_was_made_of(place: Place, tmp_path: Path) -> None:
    assert place.shape == SHAPE
    with pytest.raises(FileNotFoundError):
        shape_of(tmp_path)


def test_after_forgetting_nothing_is_kept(place: Place) -> None:
    place.isodocs("check")()
    kept = place.path / ".git" / "isodocs"
    assert list(kept.rglob("*"))
    place.forget()
    assert not kept.exists()
    assert not list((place.path / ".git").rglob("*.segment"))


def test_the_hook_sees_one_document_and_lets_it_pass(place: Place) -> None:
    before = place.ask("for-each-ref")
    with place.changed():
        assert len(place.ask("diff", "--cached", "--name-only").splitlines()) == 1
        place.isodocs("check", "--staged")()
    assert place.ask("status", "--porcelain") == ""
    assert place.ask("for-each-ref") == before


def test_the_gate_accepts_the_push(place: Place) -> None:
    old, new, _ = place.push.words.decode().split()
    server = place.push.server
    words = ["git", "-C", str(server), "diff", "--name-only", old, new]
    changed = subprocess.run(words, check=True, capture_output=True, text=True)
    assert len(changed.stdout.splitlines()) == 5  # the text, two statements, two signatures
    lines.gate(place)()


def test_on_a_small_repository_every_line_is_measured() -> None:
    assert lines.lines_of(lines.SMALL) == lines.LINES
    assert {line.key for scale in lines.BOTH for line in lines.lines_of(scale)} == {
        line.key for line in lines.LINES
    }
