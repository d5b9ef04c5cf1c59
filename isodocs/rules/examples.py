"""The small company in which the examples of the rules are read."""

from __future__ import annotations

COMPANY = {
    "isodocs.yml": """\
format: 1
qms: 3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10
title: Example company
timezone: Europe/Berlin
authority: {role: quality-manager, protects: [isodocs.yml, people.yml, "templates/**"]}
types:
  SOP:
    title: Procedure
    review_months: 24
    template: templates/sop.md
    sections: [Purpose, Scope]
    approved: {roles: [owner, quality-manager]}
  WI:
    title: Work instruction
    approved: {roles: [quality-manager]}
fields: {machine: {about: The machine it applies to}}
""",
    "people.yml": """\
format: 1
roles:
  process-owner: {title: Process owner}
  quality-manager: {title: Quality manager}
people:
  jane-doe:
    name: Jane Doe
    emails: [jane@example.org]
    roles: [{role: quality-manager, from: 2025-01-01}]
    keys: [{key: ssh-ed25519 JANE, from: 2025-01-01}]
""",
}
"""The files that stand beside those of every example."""

PATH = "documents/SOP-001-purchasing.md"
BODY = "# Purchasing\n\n## Purpose\n\nWe buy what was ordered.\n\n## Scope\n\nAll purchases.\n"
KEYS = {
    "id": "SOP-001",
    "title": "Purchasing",
    "type": "SOP",
    "owner": "process-owner",
    "revision": "1",
}


def page(body: str = BODY, **keys: str | None) -> str:
    """The text of a document. ``keys`` changes or adds keys of the front matter; None leaves one out."""
    front = {**KEYS, **keys}
    lines = [f"{key}: {value}".rstrip() for key, value in front.items() if value is not None]
    return "\n".join(["---", *lines, "---", "", body])


def document(body: str = BODY, **keys: str | None) -> dict[str, str]:
    """A tree with one document."""
    return {PATH: page(body, **keys)}


GOOD = document()
