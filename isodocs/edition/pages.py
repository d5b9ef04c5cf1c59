"""The page of a document: what is known about its approval, the signed text, and its revision history.

What frames the text is made here and says nothing that an author could have written into it: everything
people typed is escaped. It reads well as plain Markdown and without any style sheet.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from isodocs.edition.html import in_html, in_markdown, in_title
from isodocs.edition.links import attachment_name, attachment_path, relative
from isodocs.edition.text import body_of, publish, split_heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from isodocs.edition.links import Resolver
    from isodocs.edition.model import ApprovalRow, HistoryRow, PreviewDocument, PublishedDocument

CARD: Final = "isodocs-card"
HISTORY_HEADING: Final = "Revision history"
_BY: Final = {
    "authored": "Written by",
    "reviewed": "Reviewed by",
    "approved": "Approved by",
    "reaffirmed": "Reaffirmed by",
}
_DIAGRAM: Final = re.compile(rb"^[ \t>]*(?:`{3,}|~{3,})[ \t]*\{?\.?[ \t]*mermaid", re.MULTILINE)
_NONE: Final = "—"
_SHORT: Final = 10
_LONG: Final = 18
_PREVIEW: Final = {
    "draft": "This is a draft. It was not approved.",
    "in-review": "This draft is in review. It is not approved.",
    "returned": "This draft was returned by a reviewer. It is not approved.",
}


def has_diagram(page: bytes) -> bool:
    """Whether there is code for a diagram in a page."""
    return _DIAGRAM.search(page) is not None


def document_page(document: PublishedDocument, resolver: Resolver) -> str:
    """The staged Markdown of a document in force."""
    return _page(document, resolver, "", _history(document))


def preview_page(preview: PreviewDocument, resolver: Resolver) -> str:
    """The page of a draft, for its author's eyes. It says so at both ends."""
    sentence = _PREVIEW.get(preview.status, _PREVIEW["draft"])
    warning = (
        f'<p class="isodocs-draft"><strong>Draft, not in force.</strong> {sentence} Do not work from it.</p>'
    )
    return _page(preview.document, resolver, warning, warning + "\n")


def page_title(document: PublishedDocument) -> str:
    """Id and title, as navigation and search show them."""
    return in_title(f"{document.id} {document.title}")


def front_matter(title: str) -> str:
    """The front matter of a staged page: a title that is already escaped, and nothing else."""
    return f"---\ntitle: {json.dumps(title)}\n---\n\n"


def _page(document: PublishedDocument, resolver: Resolver, notice: str, end: str) -> str:
    heading, rest = split_heading(publish(body_of(document.source), document, resolver))
    if not heading:
        heading = f"# {in_markdown(document.title)}\n"
    parts = (
        heading.strip("\n"),
        notice,
        _card(document),
        _payload(document, resolver),
        rest.strip("\n"),
        end,
    )
    return front_matter(page_title(document)) + "\n\n".join(part for part in parts if part)


def _card(document: PublishedDocument) -> str:
    """The header block: a table of facts."""
    rows = [
        _fact("Document", in_html(document.id)),
        _fact("Revision", in_html(document.revision)),
        _fact("Status", _status(document)),
        _fact("Owner", in_html(document.owner)),
        _fact("Effective from", day(document.effective_from)),
        _fact("Review due", day(document.review_due)),
    ]
    rows += [
        _fact(name, in_html(text), kind="isodocs-long" if len(text) > _LONG else "")
        for name, text in (
            ("Classification", document.classification),
            ("Clauses", ", ".join(document.clauses)),
            ("For", ", ".join(document.audience)),
        )
        if text
    ]
    rows += [_fact(name, text, kind="isodocs-wide") for name, text in _signatures(document)]
    rows += [_fact("Note", in_html(note), kind="isodocs-wide") for note in document.mark_notes]
    table = "\n".join(rows)
    return f'<table class="{CARD}" data-search-exclude="true">\n<tbody>\n{table}\n</tbody>\n</table>'


def _fact(name: str, value: str, *, kind: str = "") -> str:
    shown = f' class="{kind}"' if kind else ""
    return f'<tr{shown}><th scope="row">{name}</th><td>{value or _NONE}</td></tr>'


def _status(document: PublishedDocument) -> str:
    marks = [document.status, *_marks(document)]
    return " ".join(
        f'<span class="isodocs-chip isodocs-{in_html(mark)}">{in_html(mark)}</span>' for mark in marks
    )


def _marks(document: PublishedDocument) -> list[str]:
    marked = (("overdue", document.overdue), ("challenged", document.challenged))
    return [name for name, holds in marked if holds]


def status_words(document: PublishedDocument) -> str:
    """Status and marks for a register's cell, the marks set off."""
    return ", ".join([document.status, *(f"**{mark}**" for mark in _marks(document))])


def _signatures(document: PublishedDocument) -> Iterable[tuple[str, str]]:
    """A row for each meaning: who signed, as what, when and how sure that is."""
    order = list(_BY)
    rows = sorted(
        document.approvals,
        key=lambda row: (
            order.index(row.meaning) if row.meaning in order else len(order),
            row.time,
            row.name,
        ),
    )
    for meaning, group in groupby(rows, key=lambda row: row.meaning):
        lines = [_signature(row) for row in group]
        if meaning == "approved" and document.approved_by_author:
            lines.append("<em>approved by its author</em>")
        yield _BY.get(meaning, in_html(meaning)), "<br>".join(lines)
    if not any(row.meaning == "approved" for row in rows):
        yield _BY["approved"], ""


def _signature(row: ApprovalRow) -> str:
    time = row.time.replace("T", " ").removesuffix("Z")
    stamp = f'<time datetime="{in_html(row.time)}">{in_html(time)} UTC</time>' if row.time else ""
    parts = [
        f"<strong>{in_html(row.name)}</strong>",
        in_html(row.role),
        f"{stamp} ({'claimed' if row.claimed else 'witnessed'})" if stamp else "",
        in_html(row.assurance),
    ]
    key = f" <code>{in_html(row.fingerprint)}</code>" if row.fingerprint else ""
    return f'<span class="isodocs-signature">{", ".join(part for part in parts if part)}{key}</span>'


def _payload(document: PublishedDocument, resolver: Resolver) -> str:
    """The controlled file that the document stands for, to download."""
    attachment = document.embedded.get(document.payload) if document.payload else None
    if attachment is None:
        return ""
    address = relative(resolver.place(document), attachment_path(document.payload, attachment))
    name = in_markdown(attachment_name(document.payload, attachment))
    return f"**Controlled file:** [{name}]({address}), SHA-256 `{attachment.digest}`"


def _history(document: PublishedDocument) -> str:
    rows = "\n".join(_revision(row) for row in document.history)
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Revision", "In force", "Reason", "Approved by", "Written by")
    )
    table = (
        f'<table class="isodocs-history" data-search-exclude="true">\n<thead>\n<tr>{head}</tr>\n</thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )
    return "\n\n".join((f"## {HISTORY_HEADING}", table if rows else "", _evidence(document) + "\n"))


def _revision(row: HistoryRow) -> str:
    span = day(row.effective_from)
    if row.effective_until is not None:
        span = f"{span}<br>until {day(row.effective_until)}"
    elif row.effective_from is not None and row.status == "effective":
        span = f"since {span}"
    status = f'<span class="isodocs-chip isodocs-{in_html(row.status)}">{in_html(row.status)}</span>'
    commit = f"<br><code>{in_html(row.commit[:_SHORT])}</code>" if row.commit else ""
    cells = (
        f"{in_html(row.revision)} {status}",
        span,
        in_html(row.reason) or _NONE,
        _names(row.approved_by) + commit,
        _names(row.writers),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _names(names: Sequence[str]) -> str:
    return ", ".join(in_html("unknown" if name == "?" else name) for name in names) or _NONE


def _evidence(document: PublishedDocument) -> str:
    """What anybody can check with git and a digest tool alone."""
    return (
        '<p class="isodocs-evidence" data-search-exclude="true">The signed text is the file '
        f"<code>{in_html(document.path)}</code>, SHA-256 <code>{document.digest}</code>.</p>"
    )


def day(value: date | None) -> str:
    """A calendar day in HTML, or a dash."""
    return f'<time datetime="{value.isoformat()}">{value.isoformat()}</time>' if value else _NONE
