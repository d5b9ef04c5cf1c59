"""The fixture company at its desks, founded once and copied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.company import Settings
from support.office import Office

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def founded_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The company that allows drafts on its mainline; nobody may change it."""
    return Office.founded(tmp_path_factory.mktemp("office") / "repo", Settings(drafts=True))


@pytest.fixture
def office(founded_office: Office, tmp_path: Path) -> Office:
    """SOP-001 r1 and WI-001 r1 in force, the mainline checked out."""
    return founded_office.copy(tmp_path / "repo")
