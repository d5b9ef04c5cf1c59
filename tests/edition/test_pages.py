"""The page of a document: header, text, history."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml
from support import editions, rendering

from isodocs.edition import pages
from isodocs.edition.links import Resolver
from isodocs.edition.model import Attachment, PreviewDocument, PublishedDocument

HOSTILE = "<script>alert(1)</script>[x](javascript:alert(1)) *a* | `b` & \"c\" 'd'\n\n# e"


def page(document: PublishedDocument) -> str:
    return pages.document_page(document, Resolver({document.id: document}))


def shown(document: PublishedDocument) -> str:
    """The words of the rendered page, in one line."""
    return " ".join(rendering.words(rendering.with_python_markdown(without_front(page(document)))).split())


def without_front(text: str) -> str:
    return text.partition("\n---\n")[2]


def test_the_header_says_what_is_in_force() -> None:
    words = shown(
        editions.document(clauses=("7.5.2", "7.5.3"), audience=("All employees",), classification="internal")
    )
    for fact in (
        "Document SOP-001",
        "Revision 2",
        "Status effective",
        "Owner Quality manager",
        "Effective from 2026-03-09",
        "Review due 2028-03-31",
        "Classification internal",
        "Clauses 7.5.2, 7.5.3",
        "For All employees",
        "Approved by Jane Doe, Quality manager, 2026-03-01 10:15:00 UTC (claimed), signed SHA256:abc",
    ):
        assert fact.replace(" ", "") in words.replace(" ", "")


def test_the_header_stands_between_heading_and_text() -> None:
    text = page(editions.document())
    assert text.index("# Control of documents") < text.index("isodocs-card") < text.index("Text.")


def test_a_text_without_heading_gets_its_title() -> None:
    text = page(editions.document(body="Only text.\n", title="A *new* title"))
    assert "\n# A &#42;new&#42; title\n" in text


def test_the_front_matter_of_the_source_is_not_published() -> None:
    document = editions.document(source=b"---\nid: SOP-001\nx-secret: canary\n---\n# T\n\nText\n")
    assert "canary" not in page(document)


def test_the_staged_front_matter_is_a_title_alone() -> None:
    text = page(editions.document(title='R&D: "quoted" <b> # {x}'))
    front = yaml.safe_load(text.split("---\n")[1])
    assert front == {"title": "SOP-001 R&D: &quot;quoted&quot; &lt;b&gt; # {x}"}


def test_signatures_are_grouped_by_meaning_and_sorted() -> None:
    words = shown(
        editions.document(
            approvals=(
                editions.approval("Zoe Last", time="2026-03-02T00:00:00Z"),
                editions.approval("Ann First", role="Owner", assurance="witnessed", claimed=False),
                editions.approval("Max Roe", meaning="authored", role="", fingerprint=""),
                editions.approval("Rae View", meaning="reviewed"),
            ),
        ),
    )
    order = [words.index(name) for name in ("Max Roe", "Rae View", "Ann First", "Zoe Last")]
    assert order == sorted(order)
    assert "Written by" in words
    assert "Reviewed by" in words
    assert "(witnessed), witnessed" in words


def test_an_approval_by_the_author_is_said() -> None:
    assert "approved by its author" in shown(editions.document(approved_by_author=True))
    assert "approved by its author" not in shown(editions.document())


def test_a_document_nobody_signed_says_so_with_a_dash() -> None:
    assert "Approved by—" in shown(editions.document(approvals=())).replace("Approved by —", "Approved by—")


def test_marks_are_shown() -> None:
    words = shown(editions.document(overdue=True, challenged=True, mark_notes=("Known since 2026-11-02.",)))
    assert "overdue" in words
    assert "challenged" in words
    assert "Known since 2026-11-02." in words


def test_the_history_gives_reasons_people_and_commits() -> None:
    words = shown(
        editions.document(
            history=(
                editions.history("2", reason="Clearer limits after an audit"),
                editions.history(
                    "1",
                    status="superseded",
                    effective_from=date(2025, 1, 2),
                    effective_until=date(2026, 3, 9),
                    reason="",
                    writers=("?",),
                ),
            ),
        ),
    )
    assert "Clearer limits after an audit" in words
    assert "since 2026-03-09" in words
    assert "2025-01-02until 2026-03-09" in words
    assert "0123456789" in words
    assert "0123456789a" not in words
    assert "unknown" in words


def test_the_evidence_names_file_and_digest() -> None:
    words = shown(editions.document())
    assert re.search(r"documents/procedures/SOP-001-some-title\.md, SHA-256 [0-9a-f]{64}", words)


def test_a_controlled_file_can_be_fetched() -> None:
    form = Attachment.of(b"PK a form")
    document = editions.document("FRM-001", payload="f/form.xlsx", embedded={"f/form.xlsx": form})
    address = f"../attachments/{form.digest[:16]}/form.xlsx"
    assert f"**Controlled file:** [form.xlsx]({address}), SHA-256 `{form.digest}`" in page(document)


@pytest.mark.parametrize("render", [rendering.with_python_markdown, rendering.with_commonmark])
def test_nothing_that_people_typed_acts(render: object) -> None:
    assert callable(render)
    document = editions.document(
        title=HOSTILE,
        owner=HOSTILE,
        classification=HOSTILE,
        clauses=(HOSTILE,),
        audience=(HOSTILE,),
        path=f"documents/{HOSTILE}.md",
        mark_notes=(HOSTILE,),
        approvals=(editions.approval(HOSTILE, role=HOSTILE, fingerprint=HOSTILE, assurance=HOSTILE),),
        history=(
            editions.history(reason=HOSTILE, approved_by=(HOSTILE,), writers=(HOSTILE,), revision=HOSTILE),
        ),
    )
    html = render(without_front(page(document)))
    assert [fault for fault in rendering.faults(html) if "isodocs-c" not in fault] == []
    assert html.count("<h1") == 1
    assert html.count("<table") == 2
    assert "<a " not in html


def test_a_text_cannot_fake_the_header() -> None:
    fake = '<table class="isodocs-card"><tr><td>Approved by the board</td></tr></table>\n'
    assert page(editions.document(body=f"# T\n\n{fake}")).count("isodocs-card") == 1


def test_a_preview_says_what_it_is_at_both_ends() -> None:
    preview = editions.draft()
    text = pages.preview_page(preview, Resolver({}, "drafts"))
    warnings = [found.start() for found in re.finditer("Draft, not in force", text)]
    assert len(warnings) == 2
    assert warnings[0] < text.index("New text.") < warnings[1]
    assert "Revision history" not in text


@pytest.mark.parametrize(
    ("status", "words"), [("in-review", "in review"), ("returned", "returned"), ("odd", "a draft")]
)
def test_a_preview_names_its_status(status: str, words: str) -> None:
    preview = PreviewDocument(editions.draft().document, status)
    assert words in pages.preview_page(preview, Resolver({}, "drafts"))
