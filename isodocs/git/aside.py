"""Something that a git process does while we, or another one, go on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Aside(Generic[T]):
    """Work that is begun now, in a thread; within ``with``, so that it never outlives who asked for it.

    Args:
        work: it; mostly it waits for a process.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._result: list[T] = []
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Aside[T]:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait, also where another fault ends it all."""
        self._thread.join()

    def result(self) -> T:
        """What came of it; what it raised is raised here."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self._result[0]

    def _run(self) -> None:
        try:
            self._result.append(self._work())
        except BaseException as fault:  # noqa: BLE001 - it is raised where the result is asked for
            self._fault = fault
