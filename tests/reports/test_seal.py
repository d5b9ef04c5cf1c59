"""A seal in words: what is said of the key, of the tip, and of each thing that differs."""

from __future__ import annotations

from typing import Any

import pytest

from isodocs.reports import seal as report

Row = dict[str, Any]

COUNTS = {"documents": 2, "revisions": 1, "statements": 9, "in_force": 2, "withdrawn": 0, "sets": 1}


def facts(**changes: object) -> Row:
    return {
        "made": "2026-06-01T09:00:00Z",
        "signer": "jane",
        "name": "Jane",
        "key": "ssh-ed25519 AAAA",
        "fingerprint": "SHA256:x",
        "holder": "jane",
        "why": "",
        "expected_key": None,
        "qms": "q",
        "title": "QMS",
        "mainline": "main",
        "commit": "c" * 40,
        "time": "2026-05-01T09:00:00Z",
        "steps": 3,
        "root": "a" * 40,
        "counts": COUNTS,
        "here": False,
        **changes,
    }


def row(kind: str = "missing", **changes: object) -> Row:
    sealed, found = ("then" if kind != "new" else None), ("now" if kind != "missing" else None)
    return {
        "kind": kind,
        "id": "SOP-001",
        "item": "statement",
        "name": "1/x",
        "sealed": sealed,
        "found": found,
        **changes,
    }


def text(*rows: Row, grown: int | None = 0, colour: bool = False, **changes: object) -> str:
    return report.text(facts(**changes), rows, grown=grown, colour=colour)


def test_one_that_stands() -> None:
    assert text() == (
        "Seal of QMS, made 2026-06-01T09:00:00Z by Jane\n"
        "  signed with the key SHA256:x\n"
        "    compare it with the fingerprint that you were given with the seal\n"
        "    jane's, by the register of then\n"
        f"  sealed: main at {'c' * 40}, 2026-05-01T09:00:00Z\n"
        "  2 documents, 1 approved revision, 9 statements, 1 set of settings and people, "
        "2 documents in force, 0 withdrawn\n"
        "\n"
        "The sealed commit stands on the mainline; nothing was added since.\n"
        "\n"
        "Nothing that was sealed is missing or different."
    )


@pytest.mark.parametrize(
    ("grown", "words"), [(0, "nothing was added since"), (1, "1 step came since"), (7, "7 steps came since")]
)
def test_how_much_came_since(grown: int, words: str) -> None:
    assert f"stands on the mainline; {words}." in text(grown=grown)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"expected_key": True}, "    it is the key that you named\n"),
        ({"expected_key": False}, "    it is NOT the key that you named\n"),
        ({"why": "that key was nobody's", "holder": None}, "    in doubt: that key was nobody's\n"),
        ({"second_opinion": {"ok": True, "why": None, "agrees": True}}, "    ssh-keygen agrees\n"),
        (
            {"second_opinion": {"ok": False, "why": "no", "agrees": False}},
            "    ssh-keygen DISAGREES: no\n",
        ),
    ],
)
def test_the_key(changes: Row, words: str) -> None:
    assert words in text(**changes)


def test_a_history_that_was_rebuilt() -> None:
    lost = row(item="commit", id=None, name=None, sealed="c" * 40)
    out = text(lost, row(), row("changed"), row("new", id="_authority"), grown=None)
    assert "HISTORY WAS REBUILT since this seal was made.\n" in out
    assert (
        "\n\nSOP-001\n"
        "  missing  statement 1/x; sealed: then\n"
        "  changed  statement 1/x; sealed: then; now: now\n"
        "\n"
        "Settings and people\n"
        "  new      statement 1/x; now: now; by its date it should be in the seal\n"
        "\n"
        "Of what was sealed: 1 missing, 1 changed, 1 new."
    ) in out


def test_a_sealed_commit_that_still_lies_here() -> None:
    out = text(row(), grown=None, here=True)
    assert "It still lies in this repository: git log -p cccccccccccc shows what it was.\n" in out
    assert "It still lies" not in text(row(), grown=None)


def test_only_the_commits_differ() -> None:
    out = text(row(item="commit", id=None, name=None), grown=None)
    assert out.endswith("What differs is in the commits: messages, names, or texts that nobody approved.")


def test_another_trust_root() -> None:
    out = text(row("changed", id=None, item="trust root", name=None), grown=3)
    assert "\n\nThe history as a whole\n  changed  trust root; sealed: then; now: now\n" in out
    assert "\nThe commits are the same and are read otherwise: with another trust root, " in out


def test_nothing_acts_on_the_terminal() -> None:
    evil = "\x1b[2J"
    out = text(row(sealed=evil, name=evil, id=evil), title=evil, name=evil, mainline=evil, why=evil)
    assert "\x1b" not in out


def test_colours() -> None:
    assert "\x1b[32mThe sealed commit stands\x1b[0m" in text(colour=True)
    assert "\x1b[31mmissing\x1b[0m" in text(row(), grown=None, colour=True)
