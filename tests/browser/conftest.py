"""One browser and one site for the tests that look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import browser as browsers
from support import editions, sites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with browsers.launched(chromium) as started:
        yield started


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return sites.build(tmp_path_factory.mktemp("company"), monkeypatch, editions.company())


@pytest.fixture(scope="session")
def origin(built: Path) -> Iterator[str]:
    with browsers.served(built) as address:
        yield address
