"""The pipes between us and a git process."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Iterator


def close(pipe: IO[bytes] | None) -> None:
    """Close a pipe, also one whose other side is gone."""
    if pipe is None:
        return
    try:
        pipe.close()
    except OSError:  # what was not written yet has no reader any more
        return


def end(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    """Be rid of a process, and of the file in which it complained, whatever it was doing."""
    process.kill()
    for pipe in (process.stdout, process.stdin):
        close(pipe)
    process.wait()
    errors.close()


@contextmanager
def feeding(process: subprocess.Popen[bytes], requests: Iterable[bytes]) -> Iterator[None]:
    """Write the requests from a thread, so that neither side waits for the other for ever."""
    faults: list[BaseException] = []

    def write() -> None:
        pipe = process.stdin
        try:
            for request in requests:
                if pipe is not None:
                    pipe.write(request)
        except BrokenPipeError:
            return
        except BaseException as fault:  # noqa: BLE001 - it is raised where the answers are read
            faults.append(fault)
        finally:
            close(pipe)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield
    finally:
        process.kill()
        writer.join()
    if faults:
        raise faults[0]
