"""Work shared by several processes, where the machine has the cores for it.

A worker is a fork: it has all that its parent had, and only what it works out is sent back. Where a worker
dies (memory ran out, somebody killed it), the work is given up, and the caller goes another way.
"""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, ForkProcess

_MOST: Final = 8
_ONE: Final = 1
_Result = TypeVar("_Result")


class GivenUp(Exception):
    """A worker died."""


def cores() -> int:
    """How many processes can run at once; one where there are no forks."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared_out(work: Callable[[int], _Result], tasks: Sequence[int]) -> Iterator[_Result]:
    """What a function makes of each number, in order; worked out side by side.

    Args:
        work: a function of a number; what it raises is raised here.
        tasks: the numbers.

    Raises:
        GivenUp: a worker died.
    """
    number = min(cores(), len(tasks), _MOST)
    if number <= _ONE:
        yield from map(work, tasks)
        return
    yield from _forked(work, tasks, number)


@contextmanager
def meanwhile(work: Callable[[int], _Result], tasks: Sequence[int]) -> Iterator[list[_Result]]:
    """The same beside what the body of a ``with`` does; the results are there after it, in the order done.

    Raises:
        GivenUp: a worker died.
    """
    found: list[_Result] = []
    number = min(cores(), len(tasks), _MOST)
    if number <= _ONE:
        yield found
        found += map(work, tasks)
        return
    with _forks(work, tasks, number) as forks:
        forks.fill()
        yield found
        while forks.running:
            found += forks.finished().values()
            forks.fill()


def _forked(work: Callable[[int], _Result], tasks: Sequence[int], number: int) -> Iterator[_Result]:
    """Each task by a fork of its own, so that what it looks at is copied for it alone, and gone with it."""
    with _forks(work, tasks, number) as forks:
        done: dict[int, _Result] = {}
        for place in range(len(tasks)):
            while place not in done:
                forks.fill()
                done |= forks.finished()
            yield done.pop(place)


@contextmanager
def _forks(work: Callable[[int], Any], tasks: Sequence[int], number: int) -> Iterator[_Forks]:
    import multiprocessing  # noqa: PLC0415 - heavy, and seldom wanted

    forks = _Forks(multiprocessing.get_context("fork"), work, tasks, number)
    gc.freeze()  # what forks share stays shared
    try:
        yield forks
    finally:
        forks.end()
        gc.unfreeze()


class _Forks:
    """The workers that run now, by the pipe through which each tells its result: so many at once."""

    def __init__(
        self, context: ForkContext, work: Callable[[int], Any], tasks: Sequence[int], number: int
    ) -> None:
        self.running: dict[Connection, tuple[int, ForkProcess]] = {}
        self._context, self._work, self._number = context, work, number
        self._waiting = list(enumerate(tasks))[::-1]

    def fill(self) -> None:
        """Begin as many tasks as there is room for.

        Raises:
            GivenUp: no process can be started.
        """
        while self._waiting and len(self.running) < self._number:
            self._begin(*self._waiting.pop())

    def _begin(self, place: int, task: int) -> None:
        reader, writer = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_tell, args=(self._work, task, writer), daemon=True)
        try:
            process.start()
        except OSError as fault:
            raise GivenUp from fault
        writer.close()
        self.running[reader] = place, process

    def finished(self) -> dict[int, Any]:
        """Wait until tasks are done; their results by place. What one raised is raised.

        Raises:
            GivenUp: a worker died.
        """
        from multiprocessing.connection import Connection, wait  # noqa: PLC0415

        found = {}
        for reader in wait(list(self.running)):
            assert isinstance(reader, Connection)  # noqa: S101 - nothing else was given
            try:
                fault, result = reader.recv()
            except EOFError as end:
                raise GivenUp from end
            place, process = self.running.pop(reader)
            reader.close()
            process.join()
            process.close()
            if fault is not None:
                raise fault
            found[place] = result
        return found

    def end(self) -> None:
        """Be rid of those that still run."""
        for reader, (_, process) in self.running.items():
            process.kill()
            process.join()
            process.close()
            reader.close()
        self.running.clear()


def _tell(work: Callable[[int], Any], task: int, writer: Connection) -> None:
    """What a worker does; the interrupt key is for its parent."""
    import signal  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    answer: tuple[Exception | None, Any]
    try:
        answer = None, work(task)
    except Exception as fault:  # noqa: BLE001 - it is raised where it is told
        answer = fault, None
    writer.send(answer)
    writer.close()
