"""RV105, revision-scheme: a number that is not written as its type asks.

What: `revision` does not fit the type's scheme: `integer` (1, 2, 3), `major.minor` (1.0, 1.1, 2.0) or
`letter` (A, B, … Z, AA). Or a signature names such a number.

Why: Only numbers of one scheme have an order, and the order says what is newer.

Good: `revision: 3` where the scheme is integer.

Bad: `revision: 3a`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.identity import SCHEMES
from isodocs.core.problem import Problem
from isodocs.rules.approval.void import void
from isodocs.rules.base import BROKEN_FRONT, Family, found, rule, span_of, text_of
from isodocs.rules.examples import GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library, Reading
    from isodocs.rules.premises import Premises


def check(library: Library) -> Iterator[Problem]:
    """The numbers that cannot be parsed, and the statements that are void for this."""
    yield from found(library, RULE)
    yield from void(library, "RV105")


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Parse the number."""
    name, revision = reading.id, text_of(reading, "revision")
    kind = premises.kind(name)
    if not name or not revision or kind is None or SCHEMES[kind.revision].parse(revision) is not None:
        return
    scheme = SCHEMES[kind.revision]
    message = f"`{revision[:40]}` is no revision of the scheme {scheme.name}."
    fix = f"Write one like {scheme.example}."
    yield Problem("RV105", message, fix, reading.path, span_of(reading, "revision"), name)


RULE = rule(
    __doc__,
    "RV105",
    "revision-scheme",
    Family.REVISION,
    check,
    examine=examine,
    good=GOOD,
    bad=document(revision="3a"),
    requires=(*BROKEN_FRONT, "ID102"),
)
