"""Ways to store a repository: what is scattered over packs stays whole, and what is cut is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import storage
from benchmarks.generator import Shape, generate, shape_of
from benchmarks.place import Place

if TYPE_CHECKING:
    from pathlib import Path

BY_NAME = {variant.name: variant for variant in storage.VARIANTS}


@pytest.fixture
def server(tmp_path: Path) -> Place:
    """A small repository that clones may filter."""
    generate(tmp_path / "qms", Shape(documents=4, revisions=2))
    place = Place(tmp_path / "qms", shape_of(tmp_path / "qms"), tmp_path / "scratch")
    place.git("config", "uploadpack.allowFilter", "true")()
    return place


def test_many_packs_hold_the_whole_history(server: Place, tmp_path: Path) -> None:
    row = storage.row(storage.Variant("3 packs", packs=3), server, tmp_path / "clones")
    clone = Place(tmp_path / "clones" / "clone", server.shape, tmp_path / "scratch")
    assert len(list(clone.path.glob(".git/objects/pack/*.pack"))) == 3
    assert clone.ask("fsck", "--full", "--connectivity-only") == ""
    assert "refuses" not in row


@pytest.mark.parametrize("name", ["clone --filter=blob:none", "clone --filter=tree:0", "clone --depth=1"])
def test_a_cut_history_is_refused(server: Place, tmp_path: Path, name: str) -> None:
    assert storage.row(BY_NAME[name], server, tmp_path / "clones").endswith("| refuses (HX102) |")
