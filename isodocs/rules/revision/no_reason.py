"""RV104, no-reason: a later revision that does not say why.

What: From the second revision on, `change` is missing or empty.

Why: Whoever approves, is trained or audits asks first what changed and why (ISO 9001, 7.5.3.2 and 8.5.6).
The history on the document's page is made of these reasons.

Good: `revision: 2` with `change: Two offers instead of three below 1,000 EUR`.

Bad: `revision: 2` without `change`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import BROKEN_FRONT, Family, rule
from isodocs.rules.candidates import candidates
from isodocs.rules.examples import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Ask every text that is not a first revision."""
    for one in candidates(library):
        first = one.revision in one.scheme.first() if one.scheme else True
        if not one.document.change.strip() and (one.before or not first):
            message = f"Revision {one.revision} does not say why the document was changed."
            fix = "Add a line `change: …` with the reason, in a sentence."
            yield Problem("RV104", message, fix, one.path, one.span("revision"), one.id)


RULE = rule(
    __doc__,
    "RV104",
    "no-reason",
    Family.REVISION,
    check,
    good=document(revision="2", change="Two offers instead of three"),
    bad=document(revision="2"),
    requires=(*BROKEN_FRONT, "ID102", "RV105", "RV101", "RV102"),
)
