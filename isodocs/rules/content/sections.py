"""CT103, missing-section: a section that the type asks for is not there.

What: The settings name `sections` for the document's type, and no heading of the document has one of these
names. Numbers before a heading and capital letters do not count.

Why: Readers find their way when every procedure is built alike.

Good: The headings "Purpose" and "Scope" are there.

Bad: "Scope" is missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem, Span
from isodocs.rules.base import UNREADABLE, WARNING, Family, rule
from isodocs.rules.examples import GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

_NUMBER = re.compile(r"^[0-9]+(?:\.[0-9]+)*[.)]?\s+")


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Compare the headings with the sections that the type asks for."""
    kind = premises.kind(reading.id)
    if kind is None or not kind.sections:
        return
    titles = {plain(heading.text) for heading in reading.outline.headings}
    line = reading.parsed.body_line
    for section in kind.sections:
        if plain(section) not in titles:
            message = f"The section `{section}` is missing."
            fix = f"Add a heading `## {section}`."
            span = Span(line, 1, line, 1)
            yield Problem("CT103", message, fix, reading.path, span, reading.id)


def plain(title: str) -> str:
    """A heading without its number, its capitals and runs of white space."""
    return " ".join(_NUMBER.sub("", title).casefold().split())


RULE = rule(
    __doc__,
    "CT103",
    "missing-section",
    Family.CONTENT,
    examine=examine,
    draft=WARNING,
    good=GOOD,
    bad=document("# Purchasing\n\n## Purpose\n\nWe buy what was ordered.\n"),
    requires=(*UNREADABLE, "CT104", "CT106"),
)
