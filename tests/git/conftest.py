"""What tests of git begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.gitrepo import Repo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository without a commit."""
    return Repo(tmp_path / "repo")
