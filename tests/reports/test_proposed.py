"""What is shown before a signature is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isodocs.core.document import Document
from isodocs.core.life import Approval, Life
from isodocs.core.policy import Requirement
from isodocs.core.statement import Assurance, Content, Meaning, Statement
from isodocs.core.subject import Subject
from isodocs.reports import proposed

OLD = Content("1" * 64, (("a.png", "a" * 64), ("b.png", "b" * 64), ("c.png", "c" * 64)))
NEW = Content("2" * 64, (("b.png", "b" * 64), ("c.png", "d" * 64), ("d\x1b.png", "e" * 64)))
APPROVAL = Approval(
    revision="1",
    content=OLD,
    document=Document("1" * 64, id="WI-001", title="Weld", revision="1"),
    path="documents/WI-001.md",
    step=0,
    commit="",
    time=0,
    effective_from=0,
    predecessor=None,
    requirement=Requirement(frozenset({"owner"})),
)
TEXT = Document("2" * 64, id="WI-001", title="Weld \x1b[2J", revision="2")
DRAFT = Subject("WI-001", TEXT, "documents/WI-001.md", NEW, None, None, Life((APPROVAL,)))
FIRST = replace(DRAFT, before=Life())
AGAIN = replace(DRAFT, content=OLD, document=APPROVAL.document, approval=APPROVAL)
MADE = Statement(
    assurance=Assurance.SIGNED,
    content=NEW,
    id="WI-001",
    meaning=Meaning.APPROVED,
    name="Jane Doe",
    next_review=None,
    person="jane",
    predecessor=None,
    qms="x",
    reason=None,
    register="0" * 64,
    revision="2",
    role="owner",
    signer="jane",
    source=None,
    time="2026-01-01T00:00:00Z",
    writers=("max", "tom"),
)


def test_the_summary() -> None:
    assert proposed.summary(DRAFT, MADE).splitlines() == [
        "",
        "WI-001 revision 2: Weld \\x1b[2J",
        "  You sign that you approve it.",
        "  Name:        Jane Doe (jane), as owner",
        "  Written by:  max, tom",
        "  Embeds:      a.png (no longer embedded)",
        "  Embeds:      b.png (unchanged)",
        "  Embeds:      c.png (changed)",
        "  Embeds:      d\\x1b.png (new)",
        f"  SHA-256:     {'2' * 64}",
    ]


def test_what_else_may_stand_there() -> None:
    made = replace(MADE, assurance=Assurance.UNSIGNED, reason="Why.", next_review="2027-01-01", writers=())
    text = proposed.summary(DRAFT, made)
    for line in (
        "  Reason:      Why.",
        "  Next review: 2027-01-01",
        "  Written by:  unknown",
        "WITHOUT a signature",
    ):
        assert line in text


def test_of_an_approved_revision() -> None:
    text = proposed.summary(AGAIN, replace(MADE, revision="1", content=OLD))
    assert "This revision is approved already; your signature is added to the others." in text
    assert "  Embeds:      a.png\n" in text
    assert proposed.change(AGAIN, {}, colour=False) == ""


def test_the_change() -> None:
    texts = {"1" * 64: b"old\n", "2" * 64: b"new\n"}
    assert proposed.change(DRAFT, texts, colour=False).endswith("-old\n+new")
    assert proposed.change(FIRST, texts, colour=False).startswith("--- nothing\n+++ revision 2\n")


def test_only_a_picture_changed() -> None:
    texts = {"1" * 64: b"same\n", "2" * 64: b"same\n"}
    assert "only what it embeds differs" in proposed.change(DRAFT, texts, colour=False)


@pytest.mark.parametrize("meaning", Meaning)
def test_each_meaning_has_its_words(meaning: Meaning) -> None:
    made = replace(MADE, meaning=meaning)
    assert proposed.SAYS[meaning].startswith("that ")
    assert proposed.deed(made)


def test_settings_and_people() -> None:
    old = Content(None, (("isodocs.yml", "1" * 64), ("mkdocs.yml", "2" * 64), ("people.yml", "3" * 64)))
    new = Content(None, (("isodocs.yml", "4" * 64), ("people.yml", "3" * 64), ("theme/x", "5" * 64)))
    texts = {"1" * 64: b"a\n", "2" * 64: b"b\n", "4" * 64: b"c\n", "5" * 64: b"d\n"}
    out = proposed.authority(old, new, texts, colour=False)
    assert "--- isodocs.yml (governs)\n+++ isodocs.yml\n" in out
    assert "+++ mkdocs.yml (removed)\n" in out
    assert "--- nothing\n+++ theme/x\n" in out
    assert out.endswith("shall govern: isodocs.yml, mkdocs.yml, theme/x.")
    assert "people.yml" not in out
