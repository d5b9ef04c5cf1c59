"""FM104, unknown-key: a key of the front matter that is not known.

What: A key is neither one of those isodocs knows, nor declared under `fields` in the settings, nor does it
begin with `x-`. Where a known key is written nearly the same, it is named.

Why: A misspelt `efective_date` would silently have no effect, and the document would come into force on
another day than its author wrote.

Good: `machine` is declared in the settings, and `x-note` needs no declaration.

Bad: `tilte` is nobody's key.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.rules.base import INFO, Family, found, judged_readings, rule
from isodocs.rules.examples import document
from isodocs.rules.front_matter.reading import reported
from isodocs.rules.front_matter.typed_status import is_computed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library, Reading
    from isodocs.core.problem import Problem
    from isodocs.rules.premises import Premises

_reported = reported("FM104")


def check(library: Library) -> Iterator[Problem]:
    """Hand on unknown keys; of documents written for another program, one note for each."""
    yield from _foreign(library) if library.defaults else found(library, RULE)


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Unknown keys, save those of which FM109 says more."""
    for problem in _reported(reading, premises):
        if not is_computed(reading, problem.span):
            yield problem


def _foreign(library: Library) -> Iterator[Problem]:
    """One note for each key that documents written for another program use."""
    counts: Counter[str] = Counter()
    first: dict[str, Problem] = {}
    for reading in judged_readings(library):
        for problem in reading.problems:
            if problem.code == "FM104":
                counts[problem.message] += 1
                first.setdefault(problem.message, replace(problem, path=reading.path))
    for message, problem in first.items():
        also = f" {counts[message]} files have it; this is the first." if counts[message] > 1 else ""
        fix = "Declare it under `fields` when you write the settings."
        yield replace(problem, message=f"{message}{also}", fix=fix, severity=INFO)


RULE = rule(
    __doc__,
    "FM104",
    "unknown-key",
    Family.FRONT_MATTER,
    check,
    examine=examine,
    good=document(machine="torque tester", **{"x-note": "kept in the shop"}),
    bad=document(tilte="Purchasing"),
)
