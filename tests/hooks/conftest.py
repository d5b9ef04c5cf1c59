"""The company of the scenarios with its hooks in place, once for each program that runs hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.hooked import Company

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["pre-commit", "prek"])
def runner(request: pytest.FixtureRequest) -> str:
    """The two programs that run hooks."""
    return str(request.param)


@pytest.fixture
def company(tmp_path: Path, runner: str) -> Company:
    """The company with its hooks in place."""
    made = Company(tmp_path, runner)
    made.install()
    return made


@pytest.fixture
def late(tmp_path: Path, runner: str) -> Company:
    """The same, with WI-002 overdue."""
    made = Company(tmp_path, runner, overdue=True)
    made.install()
    return made
