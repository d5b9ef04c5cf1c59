"""ID106, type: a type that the settings do not know, or that is not the one of the id.

What: `type` is not the prefix of the `id`, or the settings have no such type.

Why: The type says who must approve. A document whose type nobody has defined can never be approved.

Good: `id: SOP-001` with `type: SOP`.

Bad: `id: SOP-001` with `type: WI`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.document import type_of
from isodocs.core.problem import Problem
from isodocs.core.settings import SETTINGS_FILE
from isodocs.core.suggest import closest
from isodocs.rules.base import UNREADABLE, Family, rule, span_of, text_of
from isodocs.rules.examples import GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Compare type, id and settings."""
    name, kind = reading.id, type_of(reading.id)
    written = text_of(reading, "type")
    if name and written and written != kind:
        message = f"The type is `{written}`, but the id {name} is one of type {kind}."
        fix = f"Write `type: {kind}`, or choose an id of type {written}."
        yield Problem("ID106", message, fix, reading.path, span_of(reading, "type"), name)
    elif name and kind not in premises.types:
        near = closest(kind, premises.types)
        message = f"The settings know no document type {kind}."
        fix = f"Did you mean {near}?" if near else f"Define it in {SETTINGS_FILE} first, and have it signed."
        yield Problem("ID106", message, fix, reading.path, span_of(reading, "id"), name)


RULE = rule(
    __doc__,
    "ID106",
    "type",
    Family.IDENTITY,
    examine=examine,
    good=GOOD,
    bad=document(type="WI"),
    requires=(*UNREADABLE, "ID101"),
)
