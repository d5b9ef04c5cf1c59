"""Seconds and memory of commands.

Machines are shared and busy: what is compared is run in turns, and the least of several runs counts. Beside
the clock's seconds stand those of the processors, over all processes that a command starts: on a busy machine
these say more, on a quiet one the clock does, since it knows what runs side by side.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Work = Callable[[], object]

REPEATS = 3
PAUSE = 0.05  # seconds between two looks at memory
PROCESSES = Path("/proc")
KIB = 1024


@dataclass(frozen=True)
class Command:
    """A command whose output nobody wants, with its folder and environment.

    Attributes:
        words: program and arguments.
        folder: where it runs.
        environ: all variables it sees.
        data: what it reads.
        expected: the exit statuses that are right.
    """

    words: Sequence[str]
    folder: Path
    environ: Mapping[str, str]
    data: bytes = b""
    expected: tuple[int, ...] = (0,)

    def __call__(self) -> None:
        """Run it.

        Raises:
            RuntimeError: it ended otherwise than expected; the text holds its last words.
        """
        done = subprocess.run(
            self.words,
            cwd=self.folder,
            env=self.environ,
            input=self.data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode not in self.expected:
            last = done.stderr.decode("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{' '.join(self.words)} ended with {done.returncode}: {last}")

    def peak(self) -> int:
        """Run it once more, and look how much memory it and its children have at most, in bytes."""
        process = subprocess.Popen(
            self.words,
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with _watching(process.pid) as watch:
            process.communicate(self.data)
        return watch.most


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and of processors."""

    clock: float = 0.0
    cpu: float = 0.0

    def __mul__(self, times: float) -> Taken:
        return Taken(self.clock * times, self.cpu * times)


def least_of(runs: Sequence[Taken]) -> Taken:
    """The least of both kinds of seconds."""
    return Taken(min(run.clock for run in runs), min(run.cpu for run in runs))


def seconds(work: Work) -> Taken:
    """How long something takes."""
    begin, used = time.perf_counter(), _used()
    work()
    return Taken(time.perf_counter() - begin, _used() - used)


def _used() -> float:
    """Seconds of processors that this process and those that it waited for have used."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def least(*works: tuple[Work | None, Work], repeats: int = REPEATS) -> list[Taken]:
    """The least of several runs of each, in turns; before each run, what prepares it."""
    taken: list[list[Taken]] = [[] for _ in works]
    for _ in range(repeats):
        for (before, work), mine in zip(works, taken, strict=True):
            if before:
                before()
            mine.append(seconds(work))
    return [least_of(mine) for mine in taken]


class _watching(threading.Thread):  # noqa: N801 - reads as what the block does
    """Looks at the memory of a process and of its children until the block ends.

    Pages that several share count once in all (PSS). Files that git maps are left out: they are the page
    cache's, which gives them back when somebody wants room.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self._pid = pid
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(PAUSE):
            self.most = max(self.most, sum(map(memory, family(self._pid))))


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for place in PROCESSES.glob("[0-9]*/stat"):
        text = _text(place)
        if text:
            parent = int(text.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(place.parent.name))
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += children.get(one, [])


def memory(pid: int) -> int:
    """The memory of one process in bytes; 0 when it is gone."""
    rows = (line.split() for line in _text(PROCESSES / str(pid) / "smaps_rollup").splitlines()[1:])
    sizes = {row[0]: int(row[1]) * KIB for row in rows}
    if _text(PROCESSES / str(pid) / "comm").startswith("git"):
        return sizes.get("Pss_Anon:", 0) + sizes.get("Pss_Shmem:", 0)
    return sizes.get("Pss:", 0)


def _text(place: Path) -> str:
    try:
        return place.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def environment(home: Path) -> dict[str, str]:
    """What measured commands see: a home of their own, and nothing that slows Python or git down."""
    dropped = re.compile(r"GIT_.*|XDG_.*|ISODOCS_.*|PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not dropped.fullmatch(name)}
    home.mkdir(parents=True, exist_ok=True)
    return {
        **kept,
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Max",
        "GIT_AUTHOR_EMAIL": "max@example.org",
        "GIT_COMMITTER_NAME": "Max",
        "GIT_COMMITTER_EMAIL": "max@example.org",
        "NO_MKDOCS_2_WARNING": "1",
    }
