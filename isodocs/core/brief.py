"""A document in brief: all that lists say of it, at any time from its last event on.

A brief follows from what happened to a document, and from the settings and the register that govern. It is
small, whatever the document has behind it, so a list grows with its rows and not with their history.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from isodocs.core import status
from isodocs.core.identity import local_day
from isodocs.core.statement import Assurance
from isodocs.core.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from isodocs.core.life import Authority, Life
    from isodocs.core.status import Draft


class Facts(Protocol):
    """What a text says of itself, as far as lists show it."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def owner(self) -> str:
        """Its owner."""

    @property
    def revision(self) -> str:
        """Its number."""


class Dated(Protocol):
    """A revision that was approved."""

    @property
    def revision(self) -> str:
        """Its number."""

    @property
    def effective_from(self) -> int | None:
        """From when on it is in force, in seconds since 1970."""


class Assured(Protocol):
    """A revision in force."""

    @property
    def effective_from(self) -> int | None:
        """From when on it is in force, in seconds since 1970."""

    @property
    def assurance(self) -> Assurance:
        """The weakest assurance of the signatures by which it was approved."""


class Listed(Protocol):
    """What a row of a list is made of: a line, or a whole ``DocumentView``, which says what each means."""

    @property
    def id(self) -> str: ...  # noqa: D102 - as in DocumentView, and so on below
    @property
    def status(self) -> Status: ...  # noqa: D102
    @property
    def overdue(self) -> bool: ...  # noqa: D102
    @property
    def challenged(self) -> bool: ...  # noqa: D102
    @property
    def review_due(self) -> date | None: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def document(self) -> Facts | None: ...  # noqa: D102
    @property
    def in_force(self) -> Assured | None: ...  # noqa: D102
    @property
    def upcoming(self) -> Sequence[Dated]: ...  # noqa: D102
    @property
    def draft(self) -> Draft | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Term:
    """An approved revision: when it is in force, and what lists show of it.

    Attributes:
        revision: its number; ``title`` and ``owner`` as it says them.
        path: where its text stood when it was approved.
        effective_from: in seconds since 1970, as ``Approval`` has it.
        until: when it stops being in force, or would have; None while that is open.
        withdrawn: whether it is a withdrawal that ends it.
        assurance: as ``RevisionView`` has it, and so ``challenged``.
        due: the day by which it must be reviewed, while it is in force.
    """

    revision: str
    title: str
    owner: str
    path: str
    effective_from: int
    until: int | None
    withdrawn: bool
    assurance: Assurance
    challenged: bool
    due: date | None

    def status(self, moment: int) -> Status:
        """At a time."""
        never = self.until is not None and self.effective_from >= self.until
        began = None if never else self.effective_from
        return status.standing_of(began, self.until, moment, withdrawn=self.withdrawn)


@dataclass(frozen=True, slots=True)
class Line:
    """A document at a time, as a line of a list."""

    id: str
    status: Status
    in_force: Term | None
    upcoming: tuple[Term, ...]
    draft: Draft | None
    review_due: date | None
    overdue: bool
    challenged: bool
    document: Facts | None
    path: str


@dataclass(frozen=True, slots=True)
class Brief:
    """A document in brief.

    Attributes:
        terms: the revisions that were not over when the last of them was approved, oldest first, and the
            last one in any case.
        withdrawn: whether the last thing that happened is a withdrawal.
    """

    terms: tuple[Term, ...] = ()
    withdrawn: bool = False

    def line(self, name: str, moment: int, zone: str, draft: Draft | None) -> Line:
        """The document at a time that is not before its last event.

        Args:
            name: its id.
            moment: seconds since 1970.
            zone: the company's time zone.
            draft: its text in the tree, where that is not what was approved last.
        """
        standing = [(one, one.status(moment)) for one in self.terms]
        in_force = next((one for one, how in standing if how is Status.EFFECTIVE), None)
        upcoming = tuple(one for one, how in standing if how is Status.APPROVED)
        due = in_force.due if in_force else None
        last = self.terms[-1] if self.terms else None
        speaks: Term | Draft | None = in_force or last or draft
        return Line(
            id=name,
            status=status.standing(in_force, upcoming, draft, withdrawn=self.withdrawn),
            in_force=in_force,
            upcoming=upcoming,
            draft=draft,
            review_due=due,
            overdue=due is not None and local_day(moment, zone) > due,
            challenged=in_force is not None and in_force.challenged,
            document=speaks.document if isinstance(speaks, status.Draft) else speaks,
            path=speaks.path if speaks else "",
        )

    def to_json(self) -> list[Any]:
        """As what JSON can hold."""
        rows = [list(astuple(one)) for one in self.terms]
        for row in rows:
            row[-1] = row[-1].isoformat() if row[-1] else None
        return [self.withdrawn, *rows]

    @classmethod
    def from_json(cls, value: list[Any]) -> Brief:
        """What ``to_json`` gave; nothing else may be given."""
        withdrawn, *rows = value
        return cls(tuple(map(_term, rows)), withdrawn)


def _term(row: list[Any]) -> Term:
    *words, until, withdrawn, assurance, challenged, due = row
    revision, title, owner, path, since = words
    day = date.fromisoformat(due) if due else None
    return Term(revision, title, owner, path, since, until, withdrawn, Assurance(assurance), challenged, day)


def brief_of(life: Life, authority: Authority) -> Brief:
    """The brief of a document, by what happened to it, under the authority that governs."""
    return Brief(tuple(_terms(life, authority)), life.withdrawn)


def _terms(life: Life, authority: Authority) -> Iterator[Term]:
    last = len(life.approvals) - 1
    latest = life.approvals[last].time if life.approvals else 0
    for number in range(last + 1):
        end = status.end_of(life, number)
        if number < last and end is not None and end <= latest:
            continue  # a line is never asked for an earlier time
        approval = life.approvals[number]
        seen = status.revision(life, number, latest, authority)
        yield Term(
            approval.document.revision,
            approval.document.title,
            approval.document.owner,
            approval.path,
            approval.effective_from,
            end,
            status.was_withdrawn(life, number, end),
            seen.assurance,
            seen.challenged,
            status.review_due(life, approval, authority),
        )


def written(briefs: dict[str, Brief]) -> bytes:
    """Briefs by id, as bytes."""
    return json.dumps({name: one.to_json() for name, one in briefs.items()}, separators=(",", ":")).encode()


def read(data: bytes) -> dict[str, Brief]:
    """What ``written`` wrote; nothing else may be given."""
    return {name: Brief.from_json(row) for name, row in json.loads(data).items()}
