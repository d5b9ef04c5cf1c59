"""A sign of life on standard error, for a person who waits at a terminal; nobody else is told anything."""

from __future__ import annotations

import sys
import threading
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

PATIENCE = 1.0
"""How many seconds pass in silence."""
_PAUSE = 0.1
_ERASE = "\r\x1b[K"


class Progress:
    """What is being done, shown once it takes more than a second and erased at the end.

    with Progress("Asking ssh-keygen", len(rows)) as progress:
        for row in rows:
            progress.step()
    """

    def __init__(self, what: str, total: int | None = None, stream: IO[str] | None = None) -> None:
        self._what, self._total = what, total
        self._stream = sys.stderr if stream is None else stream
        self._done, self._shown, self._over = 0, False, False
        self._last = 0.0
        self._lock = threading.Lock()
        self._timer = threading.Timer(PATIENCE, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Begin to wait."""
        if self._stream.isatty():
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line as it was."""
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._shown:
                self._stream.write(_ERASE)
                self._stream.flush()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if self._shown and time.monotonic() - self._last > _PAUSE:
            self._show()

    def _show(self) -> None:
        with self._lock:
            if self._over:
                return
            many = f" {self._done} of {self._total}" if self._total else ""
            self._stream.write(f"{_ERASE}{self._what} …{many}")
            self._stream.flush()
            self._shown, self._last = True, time.monotonic()
