"""What reading a file found, handed on by the rule that the code names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.rules.base import id_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.core.problem import Problem
    from isodocs.rules.base import Examine
    from isodocs.rules.premises import Premises


def reported(code: str) -> Examine:
    """What hands on the problems of one code in a document."""

    def examine(reading: Reading, _premises: Premises) -> Iterator[Problem]:
        for problem in reading.problems:
            if problem.code == code:
                yield replace(problem, path=reading.path, id=id_of(reading))

    return examine
