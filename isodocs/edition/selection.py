"""What an edition holds: of every document the revision in force at one moment, and nothing else."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from isodocs.core.document import type_of
from isodocs.core.identity import end_of_day, format_time, local_day
from isodocs.core.library import Judged
from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_document
from isodocs.core.statement import UNKNOWN_WRITER, Assurance, Meaning
from isodocs.core.status import Status
from isodocs.edition.model import (
    ApprovalRow,
    Attachment,
    Edition,
    HistoryRow,
    PreviewDocument,
    PublishedDocument,
    RulePage,
    WithdrawnRow,
)
from isodocs.registers.documents import writers
from isodocs.rules.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from isodocs.core.document import FrontMatter
    from isodocs.core.library import Library
    from isodocs.core.life import Judged as JudgedStatement
    from isodocs.core.statement import Content
    from isodocs.core.status import DocumentView, RevisionView

SHOWN_MEANINGS = frozenset({Meaning.AUTHORED, Meaning.REVIEWED, Meaning.APPROVED, Meaning.REAFFIRMED})
SNAPSHOT_NOTE = (
    "This edition was read from the files alone. Who wrote each text, and when each signature came in, "
    "is not known from history; times are those the signers claim."
)


def select(library: Library) -> Edition:
    """The edition at the library's moment.

    Raises:
        CannotRun: the blobs of what is in force cannot be read, or are not what was signed.
    """
    return edition_of(library, list(rows_of(library, _views(library))))


@dataclass(frozen=True, slots=True)
class Row:
    """What an edition takes from one document.

    Attributes:
        document: what is in force of it, if anything is.
        withdrawn: that it is withdrawn, if it is.
        moments: when any of that may become untrue without a commit, in seconds since 1970.
    """

    document: PublishedDocument | None = None
    withdrawn: WithdrawnRow | None = None
    moments: tuple[int, ...] = ()


def rows_of(library: Library, views: Sequence[DocumentView]) -> Iterator[Row]:
    """A row for each view.

    Raises:
        CannotRun: the blobs of what is in force cannot be read, or are not what was signed.
    """
    texts = _texts(library, (view.in_force.approval.content for view in views if view.in_force))
    for view in views:
        yield Row(
            _published(library, view, texts) if view.in_force else None,
            _withdrawn(library, view) if view.status is Status.WITHDRAWN else None,
            tuple(_moments(library, view)),
        )


def edition_of(library: Library, rows: Iterable[Row]) -> Edition:
    """The edition of a library with these rows, which are sorted by id."""
    settings, rows = library.settings, list(rows)
    moments = (moment for row in rows for moment in row.moments)
    return Edition(
        title=settings.title,
        qms=settings.qms,
        as_of=_moment_text(library),
        epoch=library.moment,
        day=library.today,
        commit=library.commit or "",
        mainline=settings.mainline,
        timezone=settings.timezone,
        documents=tuple(row.document for row in rows if row.document),
        withdrawn=tuple(row.withdrawn for row in rows if row.withdrawn),
        rules=rule_pages(),
        snapshot=library.judged is Judged.SNAPSHOT,
        types=tuple(settings.types),
        next_change=min((moment for moment in moments if moment > library.moment), default=None),
        due_soon_days=settings.review.due_soon_days,
        notes=(SNAPSHOT_NOTE,) if library.judged is Judged.SNAPSHOT else (),
    )


def _views(library: Library) -> list[DocumentView]:
    """The documents that are looked at here, in the order of their ids."""
    return [view for view in library.views.values() if library.judges(view.id)]


def drafts(library: Library) -> tuple[PreviewDocument, ...]:
    """The drafts of a library, for their author's eyes."""
    found = [view for view in library.views.values() if view.draft]
    texts = _texts(library, (view.draft.content for view in found if view.draft and view.draft.content))
    return tuple(_preview(library, view, texts) for view in found if view.draft and view.draft.content)


def _texts(library: Library, contents: Iterable[Content]) -> dict[str, bytes]:
    """Every file the contents name, by digest."""
    wanted: dict[str, None] = {}
    for content in contents:
        if content.document is not None:
            wanted[content.document] = None
        wanted.update((digest, None) for _, digest in content.embedded)
    return read_files(library, wanted)


def read_files(library: Library, wanted: Collection[str]) -> dict[str, bytes]:
    """Files by their digests.

    Raises:
        CannotRun: one cannot be read.
    """
    texts = dict(library.blobs(wanted))
    if missing := sorted(set(wanted) - texts.keys()):
        raise CannotRun(f"A file that is in force cannot be read: SHA-256 {missing[0]}.")
    return texts


def _published(library: Library, view: DocumentView, texts: Mapping[str, bytes]) -> PublishedDocument:
    assert view.in_force is not None  # noqa: S101 - only such views are selected
    revision = view.in_force
    approval = revision.approval
    front = _front(texts[approval.document.sha256], library)
    return PublishedDocument(
        id=view.id,
        title=approval.document.title,
        type=type_of(view.id),
        type_title=_type_title(library, view.id),
        revision=approval.revision,
        owner=title_of(library, approval.document.owner),
        effective_from=_day(library, revision.effective_from),
        path=approval.path,
        source=texts[approval.document.sha256],
        review_due=view.review_due,
        overdue=view.overdue,
        challenged=view.challenged,
        mark_notes=_mark_notes(view),
        classification=(front.classification or "") if front else "",
        clauses=front.clauses if front else (),
        audience=tuple(title_of(library, one) for one in front.audience) if front else (),
        embedded={path: Attachment.of(texts[digest]) for path, digest in approval.content.embedded},
        payload=_payload(front),
        approvals=tuple(
            _approval(library, item)
            for item in revision.signatures
            if item.valid and item.statement.meaning in SHOWN_MEANINGS
        ),
        history=tuple(_history(library, one) for one in reversed(view.revisions)),
        approved_by_author=revision.approved_by_author,
    )


def _preview(library: Library, view: DocumentView, texts: Mapping[str, bytes]) -> PreviewDocument:
    draft = view.draft
    assert draft is not None  # noqa: S101 - only such views are previewed
    assert draft.content is not None  # noqa: S101
    front = _front(texts[draft.document.sha256], library)
    shown = PublishedDocument(
        id=view.id,
        title=draft.document.title,
        type=type_of(view.id),
        type_title=_type_title(library, view.id),
        revision=draft.revision,
        owner=title_of(library, draft.document.owner),
        effective_from=draft.document.effective_date,
        path=draft.path,
        source=texts[draft.document.sha256],
        review_due=draft.document.review_date,
        status=draft.status.value,
        classification=(front.classification or "") if front else "",
        clauses=front.clauses if front else (),
        audience=tuple(title_of(library, one) for one in front.audience) if front else (),
        embedded={path: Attachment.of(texts[digest]) for path, digest in draft.content.embedded},
        payload=_payload(front),
        history=tuple(_history(library, one) for one in reversed(view.revisions)),
    )
    return PreviewDocument(shown, draft.status.value)


def _front(data: bytes, library: Library) -> FrontMatter | None:
    return read_document("", data, library.settings.fields).front


def _payload(front: FrontMatter | None) -> str:
    return posixpath.normpath(front.payload) if front and front.payload else ""


def _type_title(library: Library, name: str) -> str:
    kind = library.settings.types.get(type_of(name))
    return kind.title if kind else type_of(name)


def title_of(library: Library, name: str) -> str:
    """The title of a role, or the name of a person; the id itself where neither is known."""
    role, person = library.register.roles.get(name), library.register.people.get(name)
    return role.title if role else person.name if person else name


def _person(library: Library, name: str) -> str:
    return "somebody the register does not know" if name == UNKNOWN_WRITER else title_of(library, name)


def _mark_notes(view: DocumentView) -> tuple[str, ...]:
    notes = []
    if view.overdue:
        notes.append(f"Its review was due on {view.review_due}.")
    if view.challenged:
        notes.append("A key that signed it is no longer trusted; fresh signatures are needed.")
    return tuple(notes)


def _approval(library: Library, item: JudgedStatement) -> ApprovalRow:
    statement = item.statement
    return ApprovalRow(
        name=library.register.name_on(statement),
        role=title_of(library, statement.role) if statement.role else "",
        meaning=statement.meaning.value,
        time=statement.time,
        claimed=statement.assurance is not Assurance.WITNESSED,
        assurance=statement.assurance.value,
        fingerprint=item.fingerprint,
    )


def _history(library: Library, one: RevisionView) -> HistoryRow:
    approval = one.approval
    names = dict.fromkeys(
        library.register.name_on(item.statement)
        for item in one.signatures
        if item.valid and item.statement.meaning is Meaning.APPROVED
    )
    return HistoryRow(
        revision=approval.revision,
        status=one.status.value,
        effective_from=_day(library, one.effective_from),
        effective_until=_day(library, one.effective_until),
        reason=approval.document.change,
        approved_by=tuple(names),
        writers=tuple(_person(library, name) for name in writers(one)),
        commit=approval.commit,
    )


def _withdrawn(library: Library, view: DocumentView) -> WithdrawnRow:
    withdrawal, last = view.life.withdrawals[-1], view.life.approvals[-1]
    return WithdrawnRow(
        id=view.id,
        title=last.document.title,
        type_title=_type_title(library, view.id),
        revision=last.revision,
        withdrawn_on=_day(library, withdrawal.time),
        reason=withdrawal.reason or "",
    )


def _day(library: Library, moment: int | None) -> date | None:
    return None if moment is None else local_day(moment, library.settings.timezone)


def _moment_text(library: Library) -> str:
    try:
        moment = datetime.fromtimestamp(library.moment, library.settings.zone)
    except OverflowError:  # the last hours of the calendar, east of Greenwich
        return format_time(library.moment)
    return f"{moment:%Y-%m-%d %H:%M} ({library.settings.timezone})"


def _moments(library: Library, view: DocumentView) -> Iterator[int]:
    """When a view becomes untrue without any commit: a revision takes effect, or a review falls due."""
    yield from (one.effective_from for one in view.upcoming)
    if view.review_due and view.review_due != date.max and not view.overdue:
        yield end_of_day(view.review_due, library.settings.timezone) + 1


def rule_pages() -> tuple[RulePage, ...]:
    """The rules as the manual shows them, in the order of the registry."""
    return tuple(
        RulePage(
            code=rule.code,
            name=rule.name,
            family=str(rule.family),
            draft=rule.draft.value,
            release=rule.release.value,
            what=rule.what,
            why=rule.why,
            good=rule.good.about,
            bad=rule.bad.about,
        )
        for rule in RULES
    )
