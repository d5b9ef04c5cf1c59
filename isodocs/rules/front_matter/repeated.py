"""FM103, duplicate-key: a key that stands in the front matter twice.

What: A key is given a second time, in the front matter or in one of its parts.

Why: Programs differ on which of the two counts, and so do people.

Good: Each key stands once.

Bad: `owner` stands twice.
"""

from __future__ import annotations

from isodocs.rules.base import Family, rule
from isodocs.rules.examples import GOOD, PATH, page
from isodocs.rules.front_matter.reading import reported

RULE = rule(
    __doc__,
    "FM103",
    "duplicate-key",
    Family.FRONT_MATTER,
    examine=reported("FM103"),
    good=GOOD,
    bad={PATH: page().replace("title:", "owner: sales\ntitle:")},
)
