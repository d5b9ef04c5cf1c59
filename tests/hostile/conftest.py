"""The company of the hostile tests, made once; the clock stands still."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hostile.calls import NOW, Company, make_company

if TYPE_CHECKING:
    from pathlib import Path

    from hostile.calls import Call


@pytest.fixture(autouse=True)
def _the_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: float(NOW))


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company, clean; nobody may change it."""
    return make_company(tmp_path_factory.mktemp("company") / "clean")


@pytest.fixture(scope="session")
def truths() -> dict[Call, tuple[int, str, str]]:
    """What each call answers on the clean company, as far as it was asked."""
    return {}


def truth(
    call: Call, company: Company, truths: dict[Call, tuple[int, str, str]], folder: Path
) -> tuple[int, str, str]:
    """What a call answers on the clean company."""
    if call not in truths:
        truths[call] = company.copy(folder).answer(call)
    return truths[call]
