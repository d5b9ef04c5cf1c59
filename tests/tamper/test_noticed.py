"""What only a fault put into the code on purpose showed to be untested (tests/mutation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.company import Settings, usual_register
from support.statements import Key, content_of
from tamper import paper
from tamper.ledger import Ledger

from isodocs.core.status import Status

if TYPE_CHECKING:
    from isodocs.core.status import DocumentView

PICTURE = b"a picture that is not there yet"
TEXT = paper.place("WI-001")


def waiting(by: str) -> DocumentView:
    """WI-001 whose picture is missing, with a statement of jane's on both, signed by a key."""
    settings, people = Settings(drafts=True).text().encode(), usual_register().text().encode()
    tree = {"isodocs.yml": settings, "people.yml": people}
    tree |= paper.document("WI-001", "1", "As here: ![a](img/a.png)")
    both = content_of(tree[TEXT], {"img/a.png": PICTURE})
    folder = {**tree, "documents/img/a.png": PICTURE}
    said = paper.approved(folder, "WI-001", "jane", content=both)
    (path,) = (one for one in said if one.endswith(".json"))
    said[f"{path}.sig"] = Key(by).sign(said[path] if by == "jane" else said[path] + b"\n")
    return Ledger().commit({**tree, **said}, when="2026-01-05").mainline().views["WI-001"]


@pytest.mark.parametrize(("by", "status"), [("jane", Status.IN_REVIEW), ("eve", Status.DRAFT)])
def test_a_statement_waits_for_a_picture_only_if_it_is_rightly_signed(by: str, status: Status) -> None:
    assert waiting(by).status is status
