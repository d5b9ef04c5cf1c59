"""The pages about all documents: home, the registers, a page for each type, and the rules.

Tables are Markdown, so that their links work in every generator.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from isodocs.edition.html import harmless_code, in_markdown, in_title, one_line
from isodocs.edition.links import folder, page_path, relative
from isodocs.edition.pages import front_matter, status_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from isodocs.edition.model import Edition, PublishedDocument, RulePage, WithdrawnRow

HOME: Final = "index.md"
MASTER_LIST: Final = "register/master-list.md"
WITHDRAWN: Final = "register/withdrawn.md"
RULES: Final = "rules.md"
FACTS: Final = "edition.json"
_LATELY: Final = 8
_DUE: Final = 12
_FAMILIES: Final = {
    "FM": "Front matter",
    "ID": "Identity",
    "RV": "Revision",
    "AP": "Approval",
    "RD": "Review dates",
    "LN": "Links",
    "CT": "Content",
    "RC": "Records",
    "CV": "Coverage",
    "HX": "History",
    "AU": "Authority",
}


def in_order(edition: Edition) -> list[PublishedDocument]:
    """The documents of an edition by type, in the order of the settings, then by id."""
    place = {name: number for number, name in enumerate(edition.types)}
    return sorted(
        edition.documents, key=lambda each: (place.get(each.type, len(place)), each.type, _number(each.id))
    )


def by_type(edition: Edition) -> list[tuple[str, str, list[PublishedDocument]]]:
    """Type id, title and documents of each type that has any."""
    groups = groupby(in_order(edition), key=lambda each: each.type)
    return [
        (name, rows[0].type_title, rows) for name, rows in ((name, list(group)) for name, group in groups)
    ]


def type_page_path(type_id: str) -> str:
    """Where the page of a document type stands in the staged tree."""
    return f"{folder(type_id)}/index.md"


def _number(name: str) -> tuple[str, int, str]:
    prefix, _, digits = name.rpartition("-")
    return prefix, int(digits) if digits.isdecimal() else 0, name


def home(edition: Edition) -> str:
    """The first page: what this is, how current it is, the documents by type, what is new and what is due."""
    parts = [
        f"# {in_markdown(edition.title)}",
        _standing(edition),
        *(f"> {in_markdown(note)}" for note in edition.notes),
        "## Documents",
        _types(edition),
        *_section("Changed lately", _changed(edition)),
        *_section("Review due", _due(edition)),
        "## Registers",
        _registers(edition),
    ]
    return front_matter(in_title("Home")) + "\n\n".join(part for part in parts if part) + "\n"


def _standing(edition: Edition) -> str:
    count = len(edition.documents)
    named = f"commit `{edition.commit[:12]}`" if edition.commit else "a tree without commit"
    return (
        f"This is the controlled manual: **{count} {_plural('document', count)} in force**, each with its "
        f"approval and its history. Edition as of **{in_markdown(edition.as_of)}**, {named}. "
        "Drafts, superseded and withdrawn texts are not in it. A printed page is uncontrolled."
    )


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _types(edition: Edition) -> str:
    if not edition.documents:
        return "No document is in force yet."
    rows = (
        (f"[{in_markdown(title)}]({relative(HOME, type_page_path(name))})", in_markdown(name), str(len(rows)))
        for name, title, rows in by_type(edition)
    )
    return _table(("Type", "Prefix", "In force"), rows)


def _section(title: str, table: str) -> tuple[str, ...]:
    return (f"## {title}", table) if table else ()


def _changed(edition: Edition) -> str:
    """The newest revisions in force, newest first."""
    dated = [(each, row) for each in edition.documents if (row := each.current) and row.effective_from]
    dated.sort(key=lambda pair: _number(pair[0].id))
    dated.sort(key=lambda pair: pair[1].effective_from or edition.day, reverse=True)
    rows = (
        (
            _iso(row.effective_from),
            _link(HOME, each),
            in_markdown(row.revision),
            in_markdown(row.reason) or "—",
        )
        for each, row in dated[:_LATELY]
    )
    return _table(("Since", "Document", "Revision", "Reason"), rows)


def _due(edition: Edition) -> str:
    """Documents overdue or soon to be reviewed, the most urgent first."""
    due = [
        each
        for each in edition.documents
        if each.review_due and (each.review_due - edition.day).days <= edition.due_soon_days
    ]
    due.sort(key=lambda each: (each.review_due or edition.day, _number(each.id)))
    rows = (
        (
            _iso(each.review_due),
            _link(HOME, each),
            in_markdown(each.owner),
            "**overdue**" if each.overdue else "soon",
        )
        for each in due[:_DUE]
    )
    return _table(("Due", "Document", "Owner", "State"), rows)


def _registers(edition: Edition) -> str:
    lines = [f"- [Master document list]({MASTER_LIST}): every document in force, with owner and dates"]
    if edition.withdrawn:
        lines.append(f"- [Withdrawn documents]({WITHDRAWN}): numbers that are taken for ever")
    if edition.rules:
        lines.append(f"- [Rules]({RULES}): what the check looks for before a document can come into force")
    return "\n".join(lines)


def master_list(edition: Edition) -> str:
    """The master document list."""
    count = len(edition.documents)
    intro = (
        f"{count} {_plural('document', count)} in force as of {in_markdown(edition.as_of)}. "
        "Newer drafts are not shown; each document stands here with the revision that applies."
    )
    table = document_table(MASTER_LIST, in_order(edition)) or "No document is in force yet."
    return front_matter("Master document list") + f"# Master document list\n\n{intro}\n\n{table}\n"


def document_table(page: str, documents: Sequence[PublishedDocument]) -> str:
    """A table of documents, for the page at that place."""
    rows = (
        (
            f"[{in_markdown(each.id)}]({relative(page, page_path(each))})",
            in_markdown(each.title),
            in_markdown(each.revision),
            status_words(each),
            in_markdown(each.owner),
            _iso(each.effective_from),
            _iso(each.review_due),
        )
        for each in documents
    )
    return _table(("Document", "Title", "Revision", "Status", "Owner", "Effective from", "Review due"), rows)


def type_page(type_id: str, title: str, documents: Sequence[PublishedDocument]) -> str:
    """The documents of one type."""
    count = len(documents)
    intro = f"{count} {_plural('document', count)} of type {in_markdown(type_id)} in force."
    table = document_table(type_page_path(type_id), documents)
    return front_matter(in_title(title)) + f"# {in_markdown(title)}\n\n{intro}\n\n{table}\n"


def withdrawn(edition: Edition) -> str:
    """The withdrawn documents: numbers and reasons, no text."""
    intro = "These documents were in force once. Their numbers are never given again; their texts are in git."
    rows = (_withdrawn(edition, row) for row in sorted(edition.withdrawn, key=lambda row: _number(row.id)))
    table = _table(("Document", "Title", "Last revision", "Withdrawn on", "Reason", "Replaced by"), rows)
    return front_matter("Withdrawn documents") + f"# Withdrawn documents\n\n{intro}\n\n{table}\n"


def _withdrawn(edition: Edition, row: WithdrawnRow) -> tuple[str, ...]:
    pages = {each.id: page_path(each) for each in edition.documents}
    replaced = ", ".join(
        f"[{in_markdown(name)}]({relative(WITHDRAWN, pages[name])})" if name in pages else in_markdown(name)
        for name in row.replaced_by
    )
    return (
        in_markdown(row.id),
        in_markdown(row.title),
        in_markdown(row.revision),
        _iso(row.withdrawn_on),
        in_markdown(row.reason) or "—",
        replaced or "—",
    )


def rules(edition: Edition) -> str:
    """Every rule of the check, by family."""
    parts = [
        "# Rules",
        "Before a document comes into force it passes these checks. `isodocs explain CODE` prints the same.",
    ]
    listed = sorted(edition.rules, key=lambda rule: rule.code)
    for family, group in groupby(listed, key=lambda rule: rule.family):
        parts.append(f"## {in_markdown(_FAMILIES.get(family, family))}")
        parts += [_rule(rule) for rule in group]
    return front_matter("Rules") + "\n\n".join(parts) + "\n"


def _rule(rule: RulePage) -> str:
    parts = [
        f"### {in_markdown(rule.code)} {in_markdown(rule.name)}",
        in_markdown(rule.what),
        in_markdown(rule.why),
        f"On a branch: **{in_markdown(rule.draft)}**. For release: **{in_markdown(rule.release)}**.",
        _example("Wrong", rule.bad),
        _example("Right", rule.good),
    ]
    return "\n\n".join(part for part in parts if part)


def _example(word: str, text: str) -> str:
    """An example as fenced code, in which nothing is markup."""
    if not text.strip():
        return ""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    shown = harmless_code(text).strip("\n")
    return f"{word}:\n\n{fence} text\n{shown}\n{fence}"


def _link(page: str, document: PublishedDocument) -> str:
    words = f"{in_markdown(document.id)} {in_markdown(document.title)}"
    return f"[{words}]({relative(page, page_path(document))})"


def _iso(value: date | None) -> str:
    return value.isoformat() if value else "—"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines])


def facts(edition: Edition) -> str:
    """The edition for machines: what is in force, and the digest of each signed text."""
    items = [
        {
            "id": each.id,
            "title": one_line(each.title),
            "type": each.type,
            "owner": one_line(each.owner),
            "revision": each.revision,
            "status": each.status,
            "overdue": each.overdue,
            "challenged": each.challenged,
            "effective_from": each.effective_from.isoformat() if each.effective_from else None,
            "review_due": each.review_due.isoformat() if each.review_due else None,
            "page": page_path(each),
            "sha256": each.digest,
        }
        for each in in_order(edition)
    ]
    counts = Counter(each.type for each in edition.documents)
    value = {
        "format": 1,
        "qms": edition.qms,
        "title": one_line(edition.title),
        "as_of": edition.as_of,
        "commit": edition.commit,
        "mainline": edition.mainline,
        "snapshot": edition.snapshot,
        "next_change": edition.next_change,
        "counts": dict(sorted(counts.items())),
        "items": items,
    }
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=True) + "\n"
