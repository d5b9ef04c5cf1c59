"""The lines of the manual measure what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import lines, site
from benchmarks.generator import Shape, generate
from benchmarks.place import Place

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A small repository."""
    shape = Shape(documents=5, revisions=2)
    generate(tmp_path / "qms", shape)
    return Place(tmp_path / "qms", shape, tmp_path / "scratch")


def test_every_line_is_measured(place: Place) -> None:
    found = list(site.rows(place, lines.SMALL))
    assert {"manual", "manual-again"} <= {row.key for row in found}
    assert all(row.ours and row.ours.clock > 0 and row.bound is None for row in found)
    assert {row.key for row in found} <= {key for key, _ in site.LINES}
    sites = place.scratch / "sites"
    pages = {path.parent.name for path in (sites / "bare").rglob("index.html")}
    assert pages == {path.parent.name for path in (sites / "ours").rglob("index.html")} - {"ours"} | {"bare"}
    assert b"Revision history" in (sites / "bare/sop/SOP-00001/index.html").read_bytes()


def test_only_some_lines_are_measured(place: Place) -> None:
    assert [row.key for row in site.rows(place, lines.SMALL, only=["manual-again", "hook"])] == [
        "manual-again"
    ]
    assert list(site.rows(place, lines.USUAL, only=["none"])) == []


def test_what_grows_is_told_with_its_memory_and_its_size(place: Place) -> None:
    row = site.growth(place, 7, lines.SMALL)
    assert row.memory > 1_000_000
    assert "search index" in row.note
    assert not list(place.scratch.glob("of-*"))
