"""FM102, front-matter-syntax: front matter that is not YAML as we read it.

What: The front matter cannot be read as keys with values. Beside what YAML forbids, this is so for anchors
and aliases, tags, merge keys, and more than one YAML document.

Why: What two programs read differently cannot be approved. So only what a reader sees on the page is allowed.

Good: A value with a colon stands in quotes: `title: "Purchasing: services"`.

Bad: The same value without quotes.
"""

from __future__ import annotations

from isodocs.rules.base import Family, rule
from isodocs.rules.examples import document
from isodocs.rules.front_matter.reading import reported

RULE = rule(
    __doc__,
    "FM102",
    "front-matter-syntax",
    Family.FRONT_MATTER,
    examine=reported("FM102"),
    good=document(title='"Purchasing: services"'),
    bad=document(title="Purchasing: services"),
)
