"""FM108, size-or-depth: a file or its front matter is too large, or too deeply nested.

What: The front matter is larger than 64 KiB or nested more than eight deep, or a settings file is larger
than 1 MiB. A document of more than 2 MiB is a warning.

Why: What nobody can read, nobody can approve. The limits are far beyond what people write, and keep a
broken file from stopping the check of the others.

Good: A document of some pages.

Bad: A list nested nine deep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import WARNING, Family, id_of, rule
from isodocs.rules.examples import GOOD, document
from isodocs.rules.front_matter.reading import reported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

LARGEST = 2 * 1024 * 1024
_reported = reported("FM108")


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Hand on what reading found, and report large files."""
    yield from _reported(reading, premises)
    if reading.size > LARGEST:
        message = f"The document is {reading.size / 1024 / 1024:.1f} MiB long."
        fix = "Divide it, or put the data into a payload file."
        yield Problem("FM108", message, fix, reading.path, id=id_of(reading), severity=WARNING)


RULE = rule(
    __doc__,
    "FM108",
    "size-or-depth",
    Family.FRONT_MATTER,
    examine=examine,
    good=GOOD,
    bad=document(impact="[[[[[[[[[deep]]]]]]]]]"),
)
