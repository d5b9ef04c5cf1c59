"""FM107, encoding: a file that is not plain UTF-8, or holds characters that nobody sees.

What: The file is not UTF-8, begins with a byte order mark, holds control characters, or its front matter
holds invisible characters that change the reading order.

Why: What an approver does not see, he does not approve.

Good: The file is saved as UTF-8 without a byte order mark.

Bad: A file with an escape character in its text.
"""

from __future__ import annotations

from isodocs.rules.base import Family, rule
from isodocs.rules.examples import GOOD, document
from isodocs.rules.front_matter.reading import reported

RULE = rule(
    __doc__,
    "FM107",
    "encoding",
    Family.FRONT_MATTER,
    examine=reported("FM107"),
    good=GOOD,
    bad=document(body="# Purchasing\n\nWe buy \x1b what was ordered.\n"),
)
