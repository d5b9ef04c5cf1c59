"""The texts whose number, reason and dates are still open: drafts, and what the judged change approves.

What was approved earlier is history. A rule that blocked it could never be satisfied again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from isodocs.core.identity import SCHEMES, Scheme
from isodocs.core.problem import START
from isodocs.rules.base import entered_now, number_before, remembered, sheet_at
from isodocs.rules.premises import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from isodocs.core.document import Document
    from isodocs.core.library import Library
    from isodocs.core.life import Approval
    from isodocs.core.problem import Span
    from isodocs.core.statement import Content


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text of a document.

    Attributes:
        id: the document.
        path: where it stands, or stood when it was approved.
        document: what it says of itself.
        content: what would be signed; None where an embedded file is missing.
        before: the revisions approved before it, oldest first.
        approval: its own, if the judged change brings it; None of a draft.
        spans: where the keys that a sheet places stand; none where it no longer stands there.
        valid_until: the last day it can be in force, if it says one and still stands there.
        scheme: how its type numbers revisions; None if the type is unknown.
    """

    id: str
    path: str
    document: Document
    content: Content | None
    before: tuple[Approval, ...]
    approval: Approval | None
    spans: Mapping[str, Span]
    valid_until: date | None
    scheme: Scheme | None

    @property
    def revision(self) -> str:
        """The number it gives itself."""
        return self.document.revision

    def span(self, key: str) -> Span:
        """Where a value of its front matter stands."""
        return self.spans.get(key, START)

    def number(self, revision: str) -> tuple[int, ...] | None:
        """A revision as something that sorts."""
        return self.scheme.parse(revision) if self.scheme else None


def candidates(library: Library) -> tuple[Candidate, ...]:
    """The texts in question, by id."""
    return remembered(library, _candidates)


def _candidates(library: Library) -> tuple[Candidate, ...]:
    found = []
    new_here = library.index.changed if number_before(library) is not None else ()
    for name in sorted({*library.index.drafts, *new_here}):
        view = library.views.get(name)
        if view is None:
            continue
        approvals = view.life.approvals
        new = sum(1 for _ in takewhile(lambda one: entered_now(library, one.step), reversed(approvals)))
        for index, one in enumerate(approvals[len(approvals) - new :], len(approvals) - new):
            facts = one.path, one.document, one.content
            found.append(_candidate(library, name, *facts, approvals[:index], one))
        if view.draft is not None:
            draft = view.draft.path, view.draft.document, view.draft.content
            found.append(_candidate(library, name, *draft, approvals, None))
    return tuple(found)


def _candidate(
    library: Library,
    name: str,
    path: str,
    document: Document,
    content: Content | None,
    before: tuple[Approval, ...],
    approval: Approval | None,
) -> Candidate:
    sheet = sheet_at(library, path)
    here = sheet if sheet is not None and sheet.sha256 == document.sha256 else None
    spans, until = (here.spans, here.valid_until) if here else ({}, None)
    kind = kind_of(library, name)
    scheme = SCHEMES[kind.revision] if kind else None
    return Candidate(name, path, document, content, before, approval, spans, until, scheme)
