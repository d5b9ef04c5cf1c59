"""FM105, wrong-type: a value of a wrong kind.

What: A value is not what its key asks for: a date that is not written year-month-day, a text where a list
must be, a word that is not among those allowed.

Why: Dates in five notations cannot be compared, and a list written as a text names one thing that does not
exist.

Good: `review_date: 2027-06-30`.

Bad: `review_date: 30.06.2027`.
"""

from __future__ import annotations

from isodocs.rules.base import Family, rule
from isodocs.rules.examples import document
from isodocs.rules.front_matter.reading import reported

RULE = rule(
    __doc__,
    "FM105",
    "wrong-type",
    Family.FRONT_MATTER,
    examine=reported("FM105"),
    good=document(review_date="2027-06-30"),
    bad=document(review_date="30.06.2027"),
)
