"""The fold asks git as often for many documents as for few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.generator import Shape, generate

from isodocs.core.moment import AsOf
from isodocs.git.repository import Repository
from isodocs.workspace.mainline import open_mainline

if TYPE_CHECKING:
    from pathlib import Path

NOW = 2_000_000_000


def asked(path: Path, shape: Shape) -> tuple[int, int]:
    """How many processes it took, and how many documents were found in force."""
    generate(path, shape)
    repository = Repository.open(path)
    library = open_mainline(repository, repository.resolve("main"), AsOf("", NOW))
    assert library is not None
    return repository.processes, sum(view.in_force is not None for view in library.views.values())


def test_the_number_of_git_processes_is_constant(tmp_path: Path) -> None:
    few, in_force = asked(tmp_path / "few", Shape(documents=2, revisions=1))
    assert in_force == 2
    many, in_force = asked(tmp_path / "many", Shape(documents=40, revisions=3, merges=1, renames=0.5))
    assert in_force == 40
    assert many == few
