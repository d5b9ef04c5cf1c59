"""The demonstration is played once a session; who changes it works on a copy."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support.demo import LONG_AGO, played_in

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.demo.player import Played


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The story up to a fixed day long ago."""
    return played_in(tmp_path_factory.mktemp("fixed") / "company", LONG_AGO)


@pytest.fixture(scope="session")
def present(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The story up to today; work on a ``copy``."""
    return played_in(tmp_path_factory.mktemp("present") / "company", None)


@pytest.fixture
def copy(present: Played, tmp_path: Path) -> Path:
    """A copy of the story up to today, to act in."""
    folder = tmp_path / "company"
    shutil.copytree(present.root, folder)
    return folder
