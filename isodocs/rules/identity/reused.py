"""ID104, reused-id: the id of a withdrawn document, given to another one.

What: A document bears the id of one that was withdrawn, but another title.

Why: An id is unique for ever: old records and printed copies still name it, and would now point to
something else (ISO 9001, 7.5.3). A withdrawn document may come back, as its own next revision.

Good: After SOP-004 "Fax" was withdrawn, the procedure for the portal becomes SOP-019.

Bad: After SOP-004 "Fax" was withdrawn, a file says `id: SOP-004` and `title: Portal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, Family, rule, span_at, views_of
from isodocs.rules.identity.duplicate import next_free

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Compare what stands under a withdrawn id with what was withdrawn."""
    for name, view in views_of(library, RULE, lambda: library.index.drafts):
        if view.draft is None or not view.life.withdrawn:
            continue
        old, new = view.life.approvals[-1].document.title, view.draft.document.title
        if old.casefold() != new.casefold():
            message = f'{name} was the id of "{old}", which is withdrawn.'
            fix = f"Take a new id, such as {next_free(library, name)}."
            span = span_at(library, view.draft.path, "id")
            yield Problem("ID104", message, fix, view.draft.path, span, name)


RULE = rule(
    __doc__,
    "ID104",
    "reused-id",
    Family.IDENTITY,
    check,
    requires=(*UNREADABLE, "RV101", "RV102"),
)
