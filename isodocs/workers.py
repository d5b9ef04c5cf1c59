"""Work shared by several processes, where the machine has the cores for it.

A worker is a fork: it has all that its parent had, and only what it works out is sent back. Where a worker
dies (memory ran out, somebody killed it), the work is given up, and the caller goes another way.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


def _forked(work: Callable[[int], _Result], tasks: Sequence[int], number: int) -> Iterator[_Result]:
    import multiprocessing  # noqa: PLC0415 - heavy, and seldom wanted
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    gc.freeze()  # what forks share stays shared
    pool = ProcessPoolExecutor(
        number, mp_context=multiprocessing.get_context("fork"), initializer=_begin, initargs=(work,)
    )
    try:
        yield from pool.map(_do, tasks)
    except (BrokenProcessPool, OSError) as fault:
        raise GivenUp from fault
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


_AT_WORK: list[Callable[[int], Any]] = []


def _begin(work: Callable[[int], Any]) -> None:
    """Called once in each worker; the interrupt key is for the parent."""
    import signal  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _AT_WORK.append(work)


def _do(number: int) -> Any:  # noqa: ANN401 - whatever the function makes
    return _AT_WORK[-1](number)
