"""Work shared by several processes gives what one process gives."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from isodocs import workers
from isodocs.core.problem import CannotRun
from isodocs.workers import GivenUp, cores, meanwhile, shared_out

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=[1, 2, 5])
def number(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """However many cores there are."""
    monkeypatch.setattr(workers, "cores", lambda: request.param)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    yield request.param
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208 - pipes are closed again


def test_results_come_in_order(number: int) -> None:
    def work(task: int) -> tuple[int, bytes]:
        time.sleep(0.02 if task % 3 else 0.1)
        return task, bytes([task]) * 200_000

    tasks = list(range(12))
    assert list(shared_out(work, tasks)) == [(task, bytes([task]) * 200_000) for task in tasks]
    assert list(shared_out(work, [])) == []
    assert number


def test_what_a_worker_raises_is_raised(number: int) -> None:
    def work(task: int) -> int:
        if task == 3:
            raise CannotRun("no more")
        return task

    found: list[int] = []
    with pytest.raises(CannotRun, match="no more"):
        found.extend(shared_out(work, range(9)))
    assert number


def test_a_worker_that_dies_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 3)

    def work(task: int) -> int:
        if task == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return task

    with pytest.raises(GivenUp):
        list(shared_out(work, range(9)))


def test_nobody_is_left_when_it_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 3)

    def work(task: int) -> int:
        if task:
            time.sleep(600)
        return os.getpid()

    results = shared_out(work, range(9))
    next(results)
    results.close()  # type: ignore[attr-defined] # it is a generator
    assert multiprocessing.active_children() == []


def test_work_goes_on_beside_other_work(number: int) -> None:
    with meanwhile(lambda task: task * task, range(7)) as found:
        assert found == []
        here = [task * task for task in range(7)]
    assert sorted(found) == here
    with meanwhile(lambda task: task, []) as found:
        pass
    assert found == []
    assert number


def test_what_it_raises_is_raised_at_the_end_of_the_other_work(number: int) -> None:
    ended: list[int] = []

    def work(task: int) -> int:
        if task == 3:
            raise CannotRun("no more")
        return task

    with pytest.raises(CannotRun, match="no more"), meanwhile(work, range(9)):
        ended.append(number)
    assert ended == [number]


def test_nobody_is_left_when_the_other_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 3)
    began = time.monotonic()
    with pytest.raises(CannotRun, match="here"), meanwhile(lambda _: time.sleep(600), range(9)):
        raise CannotRun("here")
    assert multiprocessing.active_children() == []
    assert time.monotonic() - began < 300


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1
