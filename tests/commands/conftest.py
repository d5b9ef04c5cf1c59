"""The fixture company at its desks, founded once and copied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.office import Office

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def founded_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The company of SCENARIOS.md; nobody may change it."""
    return Office.founded(tmp_path_factory.mktemp("office") / "repo")


@pytest.fixture
def office(founded_office: Office, tmp_path: Path) -> Office:
    """The company of SCENARIOS.md: SOP-001 r1 and WI-001 r1 in force, the mainline checked out."""
    return founded_office.copy(tmp_path / "repo")


@pytest.fixture
def drafted(office: Office) -> Office:
    """The same on branch ``b``, where max wrote revision 2 of SOP-001 and of WI-001."""
    office.play.branch("b")
    office.play.revise("SOP-001", "2")
    office.play.revise("WI-001", "2")
    return office
