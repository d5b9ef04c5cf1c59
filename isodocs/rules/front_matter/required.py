"""FM106, missing-key: a key that every document must have, and this one lacks.

What: One of `id`, `title`, `type`, `owner` and `revision` is missing or has no value; or a key within one of
the grouped keys, such as the `name` of a record.

Why: A document is identified by its id, title and revision, and somebody answers for it (ISO 9001, 7.5.2).

Good: All five keys have a value.

Bad: `owner` is missing.
"""

from __future__ import annotations

from isodocs.rules.base import Family, rule
from isodocs.rules.examples import GOOD, document
from isodocs.rules.front_matter.reading import reported

RULE = rule(
    __doc__,
    "FM106",
    "missing-key",
    Family.FRONT_MATTER,
    examine=reported("FM106"),
    good=GOOD,
    bad=document(owner=None),
    requires=("FM102", "FM103"),
)
