"""What was read once need not be read again: thousands of histories differ by one byte of one file."""

from __future__ import annotations

from functools import lru_cache

import pytest

from isodocs.core import document, reading
from isodocs.core.tree import StatementFile

_settings = lru_cache(maxsize=4096)(reading.read_settings)
_register = lru_cache(maxsize=4096)(reading.read_register)
_document = lru_cache(maxsize=4096)(document.read)
_statement = lru_cache(maxsize=4096)(StatementFile.from_bytes)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own readers, with a memory of the bytes they have seen."""
    monkeypatch.setattr(reading, "read_settings", _settings)
    monkeypatch.setattr(reading, "read_register", _register)
    monkeypatch.setattr(document, "read", _document)
    monkeypatch.setattr(StatementFile, "from_bytes", _statement)
