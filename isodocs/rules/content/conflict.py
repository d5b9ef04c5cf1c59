"""CT101, conflict-marker: the marks of an unfinished merge.

What: A line begins with seven `<`, `>` or `|`, as git writes them where two changes conflict.

Why: Both versions stand in the text, and readers do not know which applies.

Good: The conflict is resolved and the marks are removed. To show such a mark on purpose, indent it.

Bad: The file was committed as `git merge` left it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem, Span
from isodocs.rules.base import WARNING, Family, id_of, rule
from isodocs.rules.content.prose import lines
from isodocs.rules.examples import BODY, GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

_MARK = re.compile(r"(?:<{7}|>{7}|\|{7})(?= |$)")


def examine(reading: Reading, _premises: Premises) -> Iterator[Problem]:
    """Look at the beginning of every line."""
    body = reading.parsed.body
    if not any(mark in body and mark * 7 in body for mark in "<>|"):
        return
    for number, line in enumerate(lines(reading), reading.parsed.body_line):
        if mark := _MARK.match(line):
            message = f"Here stands `{mark[0]}`, the mark of a merge conflict."
            fix = "Keep the right text and remove the marks."
            span = Span(number, 1, number, 8)
            yield Problem("CT101", message, fix, reading.path, span, id_of(reading))


RULE = rule(
    __doc__,
    "CT101",
    "conflict-marker",
    Family.CONTENT,
    examine=examine,
    draft=WARNING,
    good=GOOD,
    bad=document(f"{BODY}\n<<<<<<< HEAD\nTwo offers.\n=======\nThree offers.\n>>>>>>> branch\n"),
)
