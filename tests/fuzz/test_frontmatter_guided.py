"""A fuzzer led by coverage: an input that reaches new lines of the readers is kept and changed further.

``ISODOCS_FUZZ_SECONDS=300 pytest tests/fuzz`` runs the full figure; the ordinary run takes three seconds.
The seed is printed, so that a failure can be played again with ``ISODOCS_FUZZ_SEED``.
"""

from __future__ import annotations

import os
import random
import sys
import time
from typing import TYPE_CHECKING, Any

from fuzz.test_frontmatter_mutants import CODECS, CORPUS, INSERTS, check, mutated, rewritten

if TYPE_CHECKING:
    from types import FrameType

SECONDS = float(os.environ.get("ISODOCS_FUZZ_SECONDS", "3"))
SEED = int(os.environ.get("ISODOCS_FUZZ_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
HOWS = ["delete line", "duplicate line", "swap lines", "indent", "dedent", "flip", "truncate", "cut"]
LONGEST = 4000
MOST_CHANGES = 4
READERS = f"{os.sep}isodocs{os.sep}core{os.sep}"

Step = tuple[str, int, int]


class Coverage:
    """Which steps from line to line a run of the readers took."""

    def __init__(self) -> None:
        self.seen: set[Step] = set()
        self.fresh = False

    def trace(self, frame: FrameType, event: str, argument: object) -> Any:  # noqa: ANN401, ARG002 - as sys asks
        """Follow calls into the readers, and nothing else."""
        return self._lines() if READERS in frame.f_code.co_filename else None

    def _lines(self) -> Any:  # noqa: ANN401 - a tracing function, as sys asks
        last = 0

        def line(frame: FrameType, event: str, argument: object) -> Any:  # noqa: ANN401, ARG001 - as sys asks
            nonlocal last
            step = (frame.f_code.co_filename, last, frame.f_lineno)
            last = frame.f_lineno
            if step not in self.seen:
                self.seen.add(step)
                self.fresh = True
            return line

        return line

    def is_fresh(self, data: bytes) -> bool:
        """Whether reading ``data`` takes a step never taken before."""
        self.fresh = False
        before = sys.gettrace()
        sys.settrace(self.trace)
        try:
            check(data)
        finally:
            sys.settrace(before)
        return self.fresh


def changed(data: bytes, chance: random.Random, pool: list[bytes]) -> bytes:
    """The input with a few things changed, now and then crossed with another or written in another way."""
    for _ in range(chance.randint(1, MOST_CHANGES)):
        if chance.random() < 1 / 2:
            data = mutated(
                data, chance.choice(["insert", "value"]), chance.getrandbits(16), chance.choice(INSERTS)
            )
        else:
            data = mutated(data, chance.choice(HOWS), chance.getrandbits(16), chance.randrange(1, 256))
    if chance.random() < 1 / 10:
        other = chance.choice(pool)
        data = data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]
    if chance.random() < 1 / 50:
        data = rewritten(data, "encode", chance.choice(CODECS))
    return data[:LONGEST]


def test_what_leads_to_new_lines_is_read_too() -> None:
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    print(f"seed {SEED}")  # noqa: T201 - pytest shows it when the test fails
    coverage = Coverage()
    pool = [data for data in CORPUS if coverage.is_fresh(data)]
    until = time.monotonic() + SECONDS
    runs = 0
    while time.monotonic() < until:
        data = changed(chance.choice(pool), chance, CORPUS)
        runs += 1
        if coverage.is_fresh(data):
            pool.append(data)
    print(f"{runs} runs, {len(pool)} inputs kept, {len(coverage.seen)} steps")  # noqa: T201 - as above
    assert len(pool) > len(CORPUS) / 2
