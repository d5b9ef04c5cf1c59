"""AP101, not-approved: a text that is not the one approved last.

What: The judged tree holds a document whose exact text and pictures are not those of its last approved
revision. In the draft profile, and where the settings allow drafts on the mainline, this is for information.

Why: The mainline is what people work from. Documents are approved before they are issued (ISO 9001, 7.5.2
and 7.5.3; ISO 13485, 4.2.4).

Good: The branch brings revision 2 together with the signatures its type asks for.

Bad: Revision 2 is merged, and one of two signatures is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem, Profile
from isodocs.rules.approval.outstanding import outstanding
from isodocs.rules.base import BROKEN_FRONT, ERROR, INFO, Family, rule, span_at, views_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.status import DocumentView


def check(library: Library) -> Iterator[Problem]:
    """Say of each draft who must still sign."""
    severity = INFO if library.settings.drafts_on_mainline else ERROR
    for _, view in views_of(library, RULE, lambda: library.index.drafts):
        found = outstanding(library, view)
        if found is not None and view.draft is not None and not _needs_a_number_first(library, view):
            path = view.draft.path
            span = span_at(library, path, "revision")
            yield Problem("AP101", found.why, found.fix, path, span, view.id, severity)


def _needs_a_number_first(library: Library, view: DocumentView) -> bool:
    """Whether an author is told of the number alone (RV101): signatures are asked for once that is mended."""
    taken = {approval.revision for approval in view.life.approvals}
    return library.profile is Profile.DRAFT and view.draft is not None and view.draft.revision in taken


RULE = rule(
    __doc__,
    "AP101",
    "not-approved",
    Family.APPROVAL,
    check,
    draft=INFO,
    requires=(*BROKEN_FRONT, "ID102"),
)
