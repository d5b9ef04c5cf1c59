"""Handmade editions: what the tests of pages, staging and plugin work on."""

from __future__ import annotations

from datetime import date
from typing import Any

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

TYPES = {"POL": "Policy", "SOP": "Procedure", "WI": "Work instruction", "FRM": "Form"}
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
)


def approval(name: str = "Jane Doe", **changes: Any) -> ApprovalRow:
    """A signature by the quality manager."""
    row: dict[str, Any] = {
        "name": name,
        "role": "Quality manager",
        "meaning": "approved",
        "time": "2026-03-01T10:15:00Z",
        "claimed": True,
        "assurance": "signed",
        "fingerprint": "SHA256:abcdefghijklmnopqrstuvwxyz",
    }
    return ApprovalRow(**{**row, **changes})


def history(revision: str = "2", **changes: Any) -> HistoryRow:
    """A revision in force since 2026-03-09."""
    row: dict[str, Any] = {
        "revision": revision,
        "status": "effective",
        "effective_from": date(2026, 3, 9),
        "effective_until": None,
        "reason": "Clearer limits",
        "approved_by": ("Jane Doe",),
        "writers": ("Max Roe",),
        "commit": "0123456789abcdef0123456789abcdef01234567",
    }
    return HistoryRow(**{**row, **changes})


def document(
    name: str = "SOP-001", body: str = "# Control of documents\n\nText.\n", **changes: Any
) -> PublishedDocument:
    """A procedure in force, with ``body`` as its text."""
    kind = name.partition("-")[0]
    front = f"---\nid: {name}\ntitle: A title\nrevision: 2\n---\n"
    facts: dict[str, Any] = {
        "id": name,
        "title": "Control of documents",
        "type": kind,
        "type_title": TYPES.get(kind, kind),
        "revision": "2",
        "owner": "Quality manager",
        "effective_from": date(2026, 3, 9),
        "path": f"documents/procedures/{name}-some-title.md",
        "source": (front + body).encode(),
        "review_due": date(2028, 3, 31),
        "approvals": (approval(),),
        "history": (history(),),
    }
    return PublishedDocument(**{**facts, **changes})


def edition(*documents: PublishedDocument, **changes: Any) -> Edition:
    """The edition of these documents as of 2026-11-23."""
    facts: dict[str, Any] = {
        "title": "Example company, quality management",
        "qms": "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10",
        "as_of": "2026-11-23 06:30 (Europe/Berlin)",
        "epoch": 1795411800,
        "day": date(2026, 11, 23),
        "commit": "8f1f0b5f9f0d4a6e2f4a7f0e9d3c5b1a2e4d6c8b",
        "mainline": "main",
        "timezone": "Europe/Berlin",
        "documents": documents,
        "types": ("POL", "SOP", "WI", "FRM"),
    }
    return Edition(**{**facts, **changes})


def rule(code: str = "FM101", **changes: Any) -> RulePage:
    """A rule with both examples."""
    facts: dict[str, Any] = {
        "code": code,
        "name": "front-matter-missing",
        "family": code[:2],
        "draft": "error",
        "release": "error",
        "what": "The document has no front matter.",
        "why": "Without it nobody knows which document this is.",
        "good": "---\nid: SOP-001\n---",
        "bad": "# A title",
    }
    return RulePage(**{**facts, **changes})


def company() -> Edition:
    """An edition with some of everything."""
    diagram = (
        "# Quality policy\n\n```mermaid\ngraph LR\n  A[Plan] --> B[Do] --> C[Check] --> D[Act] --> A\n```\n"
    )
    links = (
        "# Control of documents\n\nSee [records](SOP-002-records.md#keeping), [old](SOP-009-gone.md) and "
        "[the policy](isodocs:POL-001).\n\n![label](../img/label.svg)\n\n## Keeping\n\n"
        "| Step | Who |\n| --- | --- |\n| 1 | Author |\n"
    )
    return edition(
        document("POL-001", diagram, title="Quality policy", owner="Managing director"),
        document("SOP-001", links, embedded={"../img/label.svg": Attachment.of(PICTURE)}),
        document(
            "SOP-002", "# Records\n\n## Keeping\n\nSix years.\n", title="Control of records", overdue=True
        ),
        document("WI-001", "Text without heading.\n", title="Gauge calibration", challenged=True),
        document(
            "FRM-001",
            "# Audit report\n",
            title="Audit report",
            payload="FRM-001.xlsx",
            embedded={"FRM-001.xlsx": Attachment.of(b"PK\x03\x04 a form")},
        ),
        withdrawn=(
            WithdrawnRow(
                "SOP-008", "Fax orders", "Procedure", "2", date(2025, 6, 30), "no fax", ("SOP-001",)
            ),
        ),
        rules=(rule(), rule("RD101", name="review-overdue")),
        next_change=1890000000,
    )


def draft(name: str = "SOP-001", body: str = "# Next revision\n\nNew text.\n") -> PreviewDocument:
    """A draft of a next revision."""
    return PreviewDocument(
        document(name, body, revision="3", status="draft", approvals=(), history=(), effective_from=None),
    )


def withdrawn(name: str = "SOP-008", **changes: Any) -> WithdrawnRow:
    """A document withdrawn in 2025."""
    facts: dict[str, Any] = {
        "id": name,
        "title": "Fax orders",
        "type_title": "Procedure",
        "revision": "2",
        "withdrawn_on": date(2025, 6, 30),
    }
    return WithdrawnRow(**{**facts, **changes})
