"""What reading a file found, handed on by the rule that the code names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.rules.base import id_of, judged_readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem
    from isodocs.rules.base import Check


def reported(code: str) -> Check:
    """A check that hands on the problems of one code: of documents, settings and the register."""

    def check(library: Library) -> Iterator[Problem]:
        for reading in judged_readings(library):
            for problem in reading.problems:
                if problem.code == code:
                    yield replace(problem, path=reading.path, id=id_of(reading))
        yield from (problem for problem in library.texts if problem.code == code)

    return check
