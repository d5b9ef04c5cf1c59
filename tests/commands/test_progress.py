"""A sign of life: only at a terminal, only after a second, and no trace of it at the end."""

from __future__ import annotations

import io
import time

import pytest

from isodocs.commands import progress
from isodocs.commands.progress import Progress


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who waits for a twentieth of a second only."""
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr(progress, "_PAUSE", 0.0)


def test_what_is_done_in_a_second_says_nothing() -> None:
    stream = Terminal()
    with Progress("Reading", 3, stream) as one:
        one.step()
    assert stream.getvalue() == ""


@pytest.mark.usefixtures("hasty")
def test_what_takes_longer_is_said_and_erased() -> None:
    stream = Terminal()
    with Progress("Reading", stream=stream):
        time.sleep(0.2)
    assert stream.getvalue() == "\r\x1b[KReading …\r\x1b[K"


@pytest.mark.usefixtures("hasty")
def test_how_many_are_done() -> None:
    stream = Terminal()
    with Progress("Asking", 3, stream) as one:
        time.sleep(0.2)
        one.step()
        one.step()
    shown = stream.getvalue().split("\r\x1b[K")[1:]
    assert shown == ["Asking … 0 of 3", "Asking … 1 of 3", "Asking … 2 of 3", ""]


@pytest.mark.usefixtures("hasty")
def test_nobody_watches() -> None:
    stream = io.StringIO()
    with Progress("Reading", 3, stream) as one:
        time.sleep(0.2)
        one.step()
    assert stream.getvalue() == ""


@pytest.mark.usefixtures("hasty")
def test_nothing_stays_when_it_fails() -> None:
    stream = Terminal()

    def fail() -> None:
        with Progress("Reading", stream=stream):
            time.sleep(0.2)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert stream.getvalue().endswith("\r\x1b[K")
