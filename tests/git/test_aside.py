"""What is done aside gives what it would give at once, and never outlives who asked for it."""

from __future__ import annotations

import threading
from typing import NoReturn

import pytest

from isodocs.core.problem import CannotRun
from isodocs.git.aside import Aside


def test_its_result() -> None:
    with Aside(lambda: [1, 2]) as aside:
        assert aside.result() == [1, 2]
        assert aside.result() == [1, 2]


def test_its_fault_is_raised_where_the_result_is_asked_for() -> None:
    def work() -> NoReturn:
        raise CannotRun("no")

    with Aside(work) as aside, pytest.raises(CannotRun, match="no"):
        aside.result()


def test_it_has_ended_when_another_fault_ends_it_all() -> None:
    go, done = threading.Event(), []

    def work() -> None:
        go.wait(10)
        done.append(1)

    def interrupted() -> NoReturn:
        with Aside(work):
            go.set()
            raise ValueError("other")

    with pytest.raises(ValueError, match="other"):
        interrupted()
    assert done == [1]
