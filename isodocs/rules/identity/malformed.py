"""ID101, malformed-id: an id that is not built like one.

What: The `id` is not a prefix of capital letters and digits, a hyphen, and a number: `SOP-001`.

Why: The id names the document for ever, in links, signatures, records and on paper. It must mean the same
to every program and be easy to read out on the telephone.

Good: `id: SOP-001`.

Bad: `id: sop 1`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isodocs.core.identity import is_id
from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, Family, id_of, rule, span_of, text_of
from isodocs.rules.examples import GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

_LOOSE = re.compile(r"([A-Za-z][A-Za-z0-9]*)[\s_./–-]*([0-9]+)")


def examine(reading: Reading, _premises: Premises) -> Iterator[Problem]:
    """Look at the id that is written."""
    written = text_of(reading, "id")
    if written and not is_id(written):
        loose = _LOOSE.fullmatch(written.strip())
        near = f"{loose[1].upper()}-{loose[2]}" if loose else ""
        fix = f"Write `{near}`." if is_id(near) else "Write a prefix, a hyphen and a number: `SOP-001`."
        message = f"`{written[:60]}` is not an id."
        yield Problem("ID101", message, fix, reading.path, span_of(reading, "id"), id_of(reading))


RULE = rule(
    __doc__,
    "ID101",
    "malformed-id",
    Family.IDENTITY,
    examine=examine,
    good=GOOD,
    bad=document(id="sop 1"),
    requires=UNREADABLE,
)
