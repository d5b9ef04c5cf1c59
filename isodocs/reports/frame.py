"""What a report says around the problems: how much was judged, as what, and what is still to be signed.

It is one value, so that a report can be written where the documents are not: from the results of several
machines that judged a part each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.document import is_document
from isodocs.core.identity import format_time
from isodocs.core.problem import Severity
from isodocs.rules import engine
from isodocs.rules.approval.outstanding import outstanding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem
    from isodocs.rules.approval.outstanding import Outstanding

NOT_APPROVED = "AP101"


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one report.

    Attributes:
        commit: what was judged, or on what it stands; None outside of git.
        as_of: the moment, UTC, as ``2026-03-01T10:15:00Z``.
        mainline: the branch that counts.
        judged: what was judged, such as ``tree``.
        profile: ``draft`` or ``release``.
        documents: how many document files there are.
        foreign: they were written for another program.
        notes: what the user should know besides.
        waived: the problems that are notes because a waiver sets their rule aside.
        texts: the paths of errors at which an ordinary document file stands.
        waiting: what the drafts lack that are not approved and should be, by id.
    """

    commit: str | None
    as_of: str
    mainline: str
    judged: str
    profile: str
    documents: int
    foreign: bool
    notes: tuple[str, ...]
    waived: frozenset[Problem]
    texts: frozenset[str]
    waiting: Mapping[str, Outstanding]


def frame_of(problems: Iterable[Problem], library: Library | Frame) -> Frame:
    """The frame around some problems of a library; a frame that is at hand stays what it is."""
    if isinstance(library, Frame):
        return library
    found = tuple(problems)
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    return Frame(
        commit=library.commit,
        as_of=format_time(library.moment),
        mainline=library.settings.mainline,
        judged=str(library.judged),
        profile=str(library.profile),
        documents=library.index.count,
        foreign=library.defaults,
        notes=library.notes,
        waived=frozenset(problem for problem in found if engine.is_waived(problem, library)),
        texts=frozenset(problem.path for problem in errors if _is_text(library, problem.path)),
        waiting={} if library.defaults else _waiting(errors, library),
    )


def _is_text(library: Library, path: str) -> bool:
    """Whether an ordinary document file stands at a path."""
    entry = library.files.get(path) if is_document(path) else None
    return entry is not None and entry.regular


def _waiting(errors: Iterable[Problem], library: Library) -> dict[str, Outstanding]:
    names = dict.fromkeys(problem.id for problem in errors if problem.code == NOT_APPROVED)
    return {
        name: item
        for name in names
        if (view := library.views.get(name)) is not None and (item := outstanding(library, view)) is not None
    }
