"""An edition as plain values: the input of every page, register and staged file.

``isodocs.edition.selection`` makes these values from a library and a day; nothing here opens a file,
asks git or knows the time. A draft has no place in an ``Edition``: it could only be put there by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

EFFECTIVE = "effective"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a document embeds: what it holds is read only when it is staged.

    Attributes:
        digest: SHA-256 of the bytes, 64 hexadecimal digits.
        read: gives the bytes; they must have that digest.
        active: whether it is more than a drawing, where it is an SVG picture; None: nobody has looked yet.
    """

    digest: str
    read: Callable[[], bytes]
    active: bool | None = field(default=None, compare=False)

    @classmethod
    def of(cls, data: bytes) -> Attachment:
        """The attachment of bytes that are at hand."""
        return cls(sha256(data).hexdigest(), lambda: data)


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A signature that counts for the revision in force.

    Attributes:
        name: the printed name that was signed.
        role: title of the role signed for; empty where none was asked.
        meaning: ``approved``, ``reviewed``, ``authored`` or ``reaffirmed``.
        time: when, UTC, as ``2026-03-01T10:15:00Z``.
        claimed: the time is the signer's own claim (anything but a witnessed signature).
        assurance: ``signed``, ``witnessed``, ``unsigned`` or ``legacy``.
        fingerprint: of the key, as ``SHA256:…``; empty where nothing was signed with a key.
    """

    name: str
    role: str
    meaning: str
    time: str
    claimed: bool
    assurance: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One approved revision of a document, in force now or earlier.

    Attributes:
        effective_until: first day on which it was no longer in force; None while it is.
        reason: why it was changed, in the author's words.
        approved_by: printed names.
        writers: printed names of those whose commits wrote it, as far as known.
        commit: the mainline commit with which it was approved.
    """

    revision: str
    status: str
    effective_from: date | None
    effective_until: date | None
    reason: str
    approved_by: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    commit: str = ""


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """A document in force, with the exact text that was signed.

    Attributes:
        owner: title of the role, or name of the person, that owns it.
        path: of the source in the repository, with ``/``; references in the text are relative to it.
        source: the signed bytes of the file, front matter included.
        embedded: the files it embeds, by their path relative to the document as in the signed content.
        payload: key in ``embedded`` of the controlled file that this document stands for.
        approved_by_author: its policy lets the author approve, and the author did.
        audience: titles of the roles it is for.
        mark_notes: sentences on a mark, such as since when it is challenged.
    """

    id: str
    title: str
    type: str
    type_title: str
    revision: str
    owner: str
    effective_from: date | None
    path: str
    source: bytes
    review_due: date | None = None
    status: str = EFFECTIVE
    overdue: bool = False
    challenged: bool = False
    mark_notes: tuple[str, ...] = ()
    classification: str = ""
    clauses: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    embedded: Mapping[str, Attachment] = field(default_factory=dict)
    payload: str = ""
    approvals: tuple[ApprovalRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    approved_by_author: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of the source."""
        return sha256(self.source).hexdigest()

    @property
    def current(self) -> HistoryRow | None:
        """The revision in force, as the history tells it."""
        return next((row for row in self.history if row.revision == self.revision), None)


@dataclass(frozen=True, slots=True)
class PreviewDocument:
    """A draft as its author sees it under ``mkdocs serve``. It is never staged and never built.

    Attributes:
        document: the draft in the form of a published one; approvals and dates may be missing.
        status: ``draft``, ``in-review`` or ``returned``.
    """

    document: PublishedDocument
    status: str = "draft"


@dataclass(frozen=True, slots=True)
class WithdrawnRow:
    """A document that was in force once and was withdrawn: of its text nothing is kept here."""

    id: str
    title: str
    type_title: str
    revision: str
    withdrawn_on: date | None
    reason: str = ""
    replaced_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule of the check, as the manual shows it."""

    code: str
    name: str
    family: str
    draft: str
    release: str
    what: str
    why: str
    good: str = ""
    bad: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """What is in force at one moment, and all that its pages say about it.

    Attributes:
        as_of: the moment for people, in the company's time zone.
        epoch: the same moment, seconds since 1970.
        day: the company's calendar day at that moment.
        commit: of the mainline, 40 or 64 hexadecimal digits; empty where the tree is not in git.
        snapshot: read from a tree alone, without the history that proves it.
        documents: in force; order does not matter.
        types: type ids in the order of the settings, for navigation; types not named follow by name.
        next_change: seconds since 1970 at which this edition becomes untrue without any commit; None: never.
        notes: sentences for the home page, such as what a snapshot cannot show.
    """

    title: str
    qms: str
    as_of: str
    epoch: int
    day: date
    commit: str
    mainline: str
    timezone: str
    documents: tuple[PublishedDocument, ...] = ()
    withdrawn: tuple[WithdrawnRow, ...] = ()
    rules: tuple[RulePage, ...] = ()
    snapshot: bool = False
    types: tuple[str, ...] = ()
    next_change: int | None = None
    due_soon_days: int = 60
    notes: tuple[str, ...] = ()
