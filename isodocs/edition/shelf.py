"""The documents of an edition as an earlier build saw them: of most of them nothing needs to be read again.

What an edition takes from a document follows from what is known of it, from the settings and the register
that govern, from the rules of the time zone, and from the moment; its page follows from that, and from which
of the documents that it links to are in force. The first are the question under which an answer is kept; the
answer itself says at which moments it holds, and with which links. So a question may have several answers,
which lie under its numbers.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, fields
from datetime import date
from functools import cache, partial
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from zoneinfo import TZPATH

from isodocs.core.document import type_of
from isodocs.core.statement import AUTHORITY_ID
from isodocs.edition.links import Noting, is_active_svg, page_path
from isodocs.edition.model import (
    Attachment,
    HistoryRow,
    PublishedDocument,
    WithdrawnRow,
)
from isodocs.edition.pages import document_page
from isodocs.edition.selection import Row, edition_of, read_files, rows_of, select
from isodocs.edition.stage import PageFacts, StagedFile, document_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isodocs.core.library import Library
    from isodocs.core.status import DocumentView
    from isodocs.edition.links import Resolver
    from isodocs.edition.model import Edition

KIND: Final = "edition"
MOST: Final = 64 << 20
"""So many bytes all answers may take: some tens of thousands of documents."""
ANSWERS: Final = 8
"""So many answers to one question are kept: before and after a date, overdue, a link come or gone."""
FEW: Final = 32
"""So many documents are read one by one; then all that are left are read at once."""
_AT_ONCE: Final = (
    "title",
    "type_title",
    "revision",
    "owner",
    "path",
    "status",
    "overdue",
    "challenged",
    "effective_from",
    "review_due",
)
_LATER: Final = {one.name for one in fields(PublishedDocument)} - {"id", "type", "embedded", *_AT_ONCE}


class Store(Protocol):
    """Where bytes are kept from one build to the next; it may forget anything at any time."""

    def get(self, kind: str, question: bytes, /) -> bytes | None:
        """What was kept, or nothing."""

    def put(self, kind: str, question: bytes, answer: bytes, /) -> None:
        """Keep it."""

    def limit(self, kind: str, most: int, /) -> None:
        """Let the entries of a kind take no more bytes than that."""


class KeptDocument(PublishedDocument):
    """A document in force with what lists say of it; the rest is read when it is asked for."""

    __slots__ = ("_read", "current", "digest")
    _read: Callable[[str], PublishedDocument]
    current: HistoryRow | None
    digest: str

    def __init__(self, read: Callable[[str], PublishedDocument], **known: object) -> None:
        object.__setattr__(self, "_read", read)
        for name, value in known.items():
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> object:
        """What nobody has asked for yet."""
        if name not in _LATER:
            raise AttributeError(name)
        whole = self._read(self.id)
        for one in _LATER:
            object.__setattr__(self, one, getattr(whole, one))
        return getattr(whole, name)


@dataclass(slots=True)
class _Answer:
    """What an edition takes from one document, while this holds.

    Attributes:
        since: the first second at which it holds; None: from the beginning.
        until: the first at which it does not hold any more; None: it holds for good.
        due: the day after which the document is overdue, if there is one.
        document: its facts, digest, current row of the history and embedded files, if it is in force.
        page: SHA-256 of the page, whether it has diagrams, and which documents it looked for, if they were
            there; None where no page was made.
    """

    since: int | None
    until: int | None
    due: str | None
    moments: list[int]
    withdrawn: list[Any] | None
    document: list[Any] | None
    page: list[Any] | None = None

    @classmethod
    def of(cls, view: DocumentView | None, row: Row, moment: int) -> _Answer:
        """From what was worked out now."""
        life = view.life if view is not None else None
        turns = [one.effective_from for one in life.approvals] if life is not None else []
        turns += [one.time for one in life.withdrawals] if life is not None else []
        due = view.review_due if view is not None else None
        return cls(
            max((one for one in turns if one <= moment), default=None),
            min((one for one in turns if one > moment), default=None),
            due.isoformat() if due else None,
            list(row.moments),
            _plain(astuple(row.withdrawn)) if row.withdrawn else None,
            _facts(row.document) if row.document else None,
        )

    def holds(self, library: Library) -> bool:
        """Whether it is true at the library's moment."""
        begun = self.since is None or self.since <= library.moment
        ended = self.until is not None and self.until <= library.moment
        if not begun or ended or self.due is None or self.document is None:
            return begun and not ended
        overdue: bool = self.document[0][_AT_ONCE.index("overdue")]
        return (library.today > date.fromisoformat(self.due)) == overdue

    def leads(self, resolver: Resolver) -> bool:
        """Whether there is a page, and all that it links to is in force, or not in force, as it was."""
        return self.page is not None and all(
            (resolver.page(name) is not None) == there for name, there in self.page[2].items()
        )

    def to_bytes(self) -> bytes:
        """For a store."""
        return json.dumps(
            [self.since, self.until, self.due, self.moments, self.withdrawn, self.document, self.page],
            separators=(",", ":"),
        ).encode("ascii")


class Shelf:
    """What earlier builds kept of documents, for one build.

    Args:
        store: where it is kept; None: nothing is.
    """

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._library: Library | None = None
        self._questions: dict[str, bytes] = {}
        self._answers: dict[str, _Answer] = {}
        self._lazy: list[str] = []
        self._singles = 0
        self._whole: dict[str, PublishedDocument] = {}
        self._files: dict[str, bytes] | None = None

    def select(self, library: Library) -> Edition:
        """The edition at the library's moment.

        Raises:
            CannotRun: the blobs of what has to be read cannot be read, or are not what was signed.
        """
        grounds = library.grounds() if library.grounds is not None and self._store is not None else None
        if grounds is None:
            return select(library)
        assert self._store is not None  # noqa: S101 - as asked above
        self._store.limit(KIND, MOST)
        self._library = library
        rules = zone_rules(library.settings.timezone)
        names = sorted(name for name in grounds if name != AUTHORITY_ID and library.judges(name))
        self._questions = {name: _question(grounds[name], rules) for name in names}
        kept = {name: found for name in names if (found := self._kept(name)) is not None}
        fresh = self._fresh([name for name in names if name not in kept])
        return edition_of(library, (fresh.get(name) or self._row(name, kept[name]) for name in names))

    def page(self, document: PublishedDocument, resolver: Resolver) -> StagedFile:
        """The page of a document of that edition, which is made only where somebody reads it."""
        answer = self._answers.get(document.id)
        if answer is None:
            return document_file(document, resolver)
        if not answer.leads(resolver):
            other = next((one for _, one in self._all(document.id) if one.leads(resolver)), None)
            if other is None:
                return self._made(answer, document, resolver)
            answer = other
        assert answer.page is not None  # noqa: S101 - it leads somewhere
        digest, diagrams, _ = answer.page
        return StagedFile(
            page_path(document),
            lambda: document_page(document, resolver).encode("utf-8"),
            document,
            PageFacts(digest, diagrams),
        )

    def _made(self, answer: _Answer, document: PublishedDocument, resolver: Resolver) -> StagedFile:
        """A page that is made now, and kept."""
        noting = Noting(resolver)
        made = document_file(document, noting)
        facts = PageFacts.of(made.read())
        answer.page = [facts.digest, facts.diagrams, noting.asked]
        self._keep(document.id, answer)
        return StagedFile(made.path, made.read, document, facts)

    def _fresh(self, names: list[str]) -> dict[str, Row]:
        """The rows that nobody kept; those of documents in force are kept with their pages."""
        assert self._library is not None  # noqa: S101 - it was given
        views = {name: self._library.views.get(name) for name in names}
        there = [view for view in views.values() if view is not None]
        rows = {view.id: row for view, row in zip(there, rows_of(self._library, there), strict=True)}
        for name, view in views.items():
            row = rows.setdefault(name, Row())
            answer = _Answer.of(view, row, self._library.moment)
            if row.document is not None:
                self._answers[name] = answer
            else:
                self._keep(name, answer)
        return rows

    def _row(self, name: str, answer: _Answer) -> Row:
        self._answers[name] = answer
        return Row(
            self._document(name, answer.document) if answer.document else None,
            _withdrawn(answer.withdrawn) if answer.withdrawn else None,
            tuple(answer.moments),
        )

    def _document(self, name: str, facts: list[Any]) -> PublishedDocument:
        at_once, digest, current, embedded = facts
        *words, since, due = at_once
        self._lazy.append(name)
        known = dict(zip(_AT_ONCE, [*words, _day(since), _day(due)], strict=True))
        return KeptDocument(
            self._read,
            id=name,
            type=type_of(name),
            digest=digest,
            current=_history(current) if current else None,
            embedded={
                path: Attachment(one, partial(self._file, one), active) for path, one, active in embedded
            },
            **known,
        )

    def _read(self, name: str) -> PublishedDocument:
        """A document with all its facts. After some, those that nobody has asked for yet are read with it."""
        assert self._library is not None  # noqa: S101 - what is kept was read for it
        if name not in self._whole:
            self._singles += 1
            names = self._lazy if self._singles > FEW else [name]
            views = [self._library.views[one] for one in names]
            self._whole |= {
                row.document.id: row.document for row in rows_of(self._library, views) if row.document
            }
        return self._whole[name]

    def _file(self, digest: str) -> bytes:
        """A file that a document embeds; the first time, all of them are read."""
        assert self._library is not None  # noqa: S101 - as above
        if self._files is None:
            wanted: dict[str, None] = {}
            for name, answer in self._answers.items():
                if answer.document and answer.document[-1]:
                    self._library.views.get(name)  # what is known of it says where the files lie
                    wanted.update((one, None) for _, one, _ in answer.document[-1])
            self._files = read_files(self._library, wanted)
        return self._files[digest]

    def _kept(self, name: str) -> _Answer | None:
        return next((one for _, one in self._all(name)), None)

    def _all(self, name: str) -> Iterator[tuple[int, _Answer]]:
        """The answers about a document that hold now, with their numbers."""
        assert self._library is not None  # noqa: S101 - as above
        for number, data in self._numbered(name):
            answer = _Answer(*json.loads(data)) if data is not None else None
            if answer is not None and answer.holds(self._library):
                yield number, answer

    def _numbered(self, name: str) -> Iterator[tuple[int, bytes | None]]:
        """What lies under the numbers of a question; at the end the first number that is free, if any is."""
        for number in range(ANSWERS):
            data = self._store.get(KIND, self._questions[name] + bytes([number])) if self._store else None
            yield number, data
            if data is None:
                return

    def _keep(self, name: str, answer: _Answer) -> None:
        free = next((number for number, data in self._numbered(name) if data is None), None)
        if free is not None and self._store is not None:
            self._store.put(KIND, self._questions[name] + bytes([free]), answer.to_bytes())


def _question(ground: str, rules: bytes) -> bytes:
    return blake2b(ground.encode("utf-8", "surrogatepass"), key=rules, digest_size=32).digest()


@cache
def zone_rules(name: str) -> bytes:
    """What tells the rules of a time zone from those of another release of the zones."""
    for folder in TZPATH:
        try:
            return blake2b(Path(folder, name).read_bytes(), digest_size=32).digest()
        except OSError:
            continue
    try:
        return blake2b(f"{name} {version('tzdata')}".encode(), digest_size=32).digest()
    except PackageNotFoundError:
        return blake2b(name.encode(), digest_size=32).digest()


def _facts(document: PublishedDocument) -> list[Any]:
    return [
        _plain(getattr(document, name) for name in _AT_ONCE),
        document.digest,
        _plain(astuple(document.current)) if document.current else None,
        [[path, one.digest, _active(path, one)] for path, one in document.embedded.items()],
    ]


def _active(path: str, attachment: Attachment) -> bool | None:
    return is_active_svg(attachment.read()) if ".svg" in path.lower() else None


def _plain(values: Any) -> list[Any]:  # noqa: ANN401 - any values that JSON can hold, and days
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _history(values: list[Any]) -> HistoryRow:
    revision, status, since, until, reason, approved_by, writers, commit = values
    return HistoryRow(
        revision, status, _day(since), _day(until), reason, tuple(approved_by), tuple(writers), commit
    )


def _withdrawn(values: list[Any]) -> WithdrawnRow:
    name, title, type_title, revision, on, reason, replaced_by = values
    return WithdrawnRow(name, title, type_title, revision, _day(on), reason, tuple(replaced_by))
