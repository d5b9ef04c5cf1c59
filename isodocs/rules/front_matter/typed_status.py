"""FM109, typed-status: a status or an approval typed into the front matter.

What: The front matter has a key such as `status`, `approved_by` or `approval_date`.

Why: Status follows from the mainline, the signatures and the day. A typed one would be a second truth, and
nobody would change it in time. Who approved, and when, is in the signatures.

Good: The front matter says nothing of status.

Bad: `status: approved`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem, Span
from isodocs.rules.base import Family, id_of, rule
from isodocs.rules.examples import GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

STATUS_KEYS = frozenset({"status", "state", "draft", "effective", "superseded", "withdrawn", "obsolete"})
APPROVAL_KEYS = frozenset(
    {
        "approval",
        "approval_date",
        "approved",
        "approved_at",
        "approved_by",
        "approved_date",
        "approved_on",
        "approver",
        "reviewed_by",
        "signature",
        "signatures",
        "signed_by",
    }
)


def is_computed(reading: Reading, span: Span) -> bool:
    """Whether the key at this place is one that types what isodocs computes."""
    return any(key_span == span for _, key_span in _typed(reading))


def _typed(reading: Reading) -> Iterator[tuple[str, Span]]:
    for entry in reading.parsed.front.entries if reading.parsed.front else ():
        name = entry.key.text.casefold().replace("-", "_").replace(" ", "_")
        if name in STATUS_KEYS or name in APPROVAL_KEYS:
            yield name, entry.key.span


def examine(reading: Reading, _premises: Premises) -> Iterator[Problem]:
    """Report the keys that type what is computed, unless the settings declare them."""
    unknown = {problem.span for problem in reading.problems if problem.code == "FM104"}
    for name, span in _typed(reading) if unknown else ():
        if span not in unknown:
            continue
        what = "Status" if name in STATUS_KEYS else "An approval"
        message = f"{what} is not typed: it follows from the mainline and the signatures."
        fix = f"Remove the key; `isodocs status {id_of(reading) or 'ID'}` shows it."
        yield Problem("FM109", message, fix, reading.path, span, id_of(reading))


RULE = rule(
    __doc__,
    "FM109",
    "typed-status",
    Family.FRONT_MATTER,
    examine=examine,
    good=GOOD,
    bad=document(status="approved"),
)
