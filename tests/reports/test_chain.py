"""The chain of authority in words."""

from __future__ import annotations

from typing import Any

import pytest

from isodocs.reports import chain as report

Row = dict[str, Any]


def link(number: int = 1, **changes: object) -> Row:
    root = number == 0
    return {
        "link": number,
        "root": root,
        "pinned": False if root else None,
        "named": None,
        "current": False,
        "commit": f"{number}" * 40,
        "entered": "2026-02-02T09:00:00Z",
        "content": "c" * 64,
        "predecessor": None if root else "b" * 64,
        "role": None if root else "quality-manager",
        "role_title": None if root else "Quality manager",
        "quorum": None if root else 2,
        "reached": None if root else 2,
        "recovered": False,
        "challenged": False,
        "holds": True,
        "why": "",
        "signatures": [] if root else [signature()],
        "files": [{"path": "people.yml", "change": "changed", "sha256": "d" * 64}],
        "sha256": {"isodocs.yml": "e" * 64, "people.yml": "d" * 64},
        "changes": [] if root else ["max is new"],
        "see": {"mainline": "git rev-list", "files": ["git one", "git two"]},
        **changes,
    }


def signature(**changes: object) -> Row:
    return {
        "name": "Jane",
        "time": "2026-02-01T09:00:00Z",
        "claimed": True,
        "counted": True,
        "doubted": False,
        "fingerprint": "SHA256:x",
        "see": {"statement": "git statement", "signature": "echo x > allowed && git sig"},
        **changes,
    }


def text(*rows: Row, colour: bool = False) -> str:
    return report.text(rows, "QMS", colour=colour)


def test_a_chain_that_holds() -> None:
    assert text(link(0), link(1)) == (
        "QMS: who could change settings and people, from the trust root on\n"
        "\n"
        f"0  Trust root {'0' * 40}, 2026-02-02T09:00:00Z\n"
        f"     {report.NOT_PINNED}\n"
        "     files: people.yml (changed)\n"
        f"     content {'c' * 64}\n"
        "\n"
        f"1  Commit {'1' * 40}, 2026-02-02T09:00:00Z\n"
        "     adopted by 2 of 2 as Quality manager\n"
        "     signed by Jane, claimed 2026-02-01T09:00:00Z, SHA256:x\n"
        "     files: people.yml (changed)\n"
        "       max is new\n"
        f"     content {'c' * 64}\n"
        "\n"
        "2 links; the last of them governs.\n"
        "Every link holds."
    )


def test_a_pinned_root() -> None:
    out = text(link(0, pinned=True))
    assert f"     {report.PINNED}\n" in out
    assert out.endswith("1 link; the last of them governs.\nEvery link holds.")


def test_a_root_by_name() -> None:
    assert "     named as main: such a name can be moved" in text(link(0, named="main"))


@pytest.mark.parametrize(
    ("current", "words"),
    [
        (True, "let people whose keys are not in doubt sign it afresh"),
        (False, "then pin a trust root that lies after it"),
    ],
)
def test_a_link_that_does_not_hold(words: str, *, current: bool) -> None:
    broken = link(1, holds=False, challenged=True, why="it was signed with a lost key", current=current)
    out = text(link(0), broken)
    assert "Z, CHALLENGED\n" in out
    assert "     does not hold: it was signed with a lost key\n" in out
    assert words in out
    assert out.endswith("1 of them does not hold: 1.")
    assert text(link(0), broken, {**broken, "link": 2}).endswith("2 of them do not hold: 1, 2.")


def test_a_recovered_set() -> None:
    out = text(link(0), link(1, recovered=True))
    assert "Z, RECOVERED\n" in out
    assert "1 of them was adopted by recovery.\n" in out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("added", "mkdocs.yml (new)"),
        ("removed", "mkdocs.yml (removed)"),
        ("unprotected", "mkdocs.yml (no longer protected)"),
    ],
)
def test_what_became_of_a_file(change: str, words: str) -> None:
    out = text(link(1, files=[{"path": "mkdocs.yml", "change": change, "sha256": None}]))
    assert f"     files: {words}\n" in out


def test_no_file_differs() -> None:
    assert "     files: none differs\n" in text(link(1, files=[]))


def test_signatures_that_came_later_or_are_in_doubt() -> None:
    out = text(link(1, signatures=[signature(doubted=True), signature(counted=False, name="Tom")]))
    assert ", SHA256:x, IN DOUBT: the key may have been in other hands\n" in out
    assert "     signed again by Tom, " in out


def test_nothing_acts_on_the_terminal() -> None:
    evil = "\x1b[2J"
    rows = [
        link(0),
        link(
            1,
            role_title=evil,
            changes=[evil],
            files=[{"path": evil, "change": "added", "sha256": None}],
            signatures=[signature(name=evil)],
        ),
    ]
    assert "\x1b" not in report.text(rows, evil, colour=False)


def test_colours() -> None:
    assert ", \x1b[31mCHALLENGED\x1b[0m\n" in text(
        link(1, holds=False, challenged=True, why="x"), colour=True
    )


def found(**changes: object) -> Row:
    return {
        "id": "SOP-001",
        "title": "Purchasing",
        "revision": "2",
        "status": "effective",
        "effective_from": "2026-02-03T09:00:00Z",
        "approved": "2026-02-03T09:00:00Z",
        "commit": "9" * 40,
        "asked": ["quality-manager"],
        "writers": [],
        "challenged": False,
        "text": [{"path": "documents/a.md", "sha256": "f" * 64, "blob": None, "see": "git text"}],
        "statements": [],
        "links": [0],
        **changes,
    }


def path(broken: int = 0, **changes: object) -> str:
    return report.path(found(**changes), [link(0), link(1)], broken=broken, colour=False)


def test_a_path() -> None:
    assert path() == (
        "SOP-001 Purchasing\n"
        "  Revision 2: effective, in force since 2026-02-03T09:00:00Z; approved 2026-02-03T09:00:00Z, commit "
        "999999999999\n"
        "  Asked to approve: quality-manager. Written by: unknown.\n"
        "  documents/a.md\n"
        f"    SHA-256 {'f' * 64}, blob unknown\n"
        "    $ git text\n"
        "\n"
        f"0  Trust root {'0' * 40}, 2026-02-02T09:00:00Z\n"
        f"     {report.NOT_PINNED}\n"
        "     files: people.yml (changed)\n"
        f"     content {'c' * 64}\n"
        "     Its commit stands on the mainline:\n"
        "       $ git rev-list\n"
        f"     isodocs.yml of this link, SHA-256 {'e' * 64}:\n"
        "       $ git one\n"
        f"     people.yml of this link, SHA-256 {'d' * 64}:\n"
        "       $ git two\n"
        "\n"
        "Every hop holds, down to the trust root."
    )


def test_a_command_of_several_steps_stands_on_several_lines() -> None:
    out = path(links=[1, 0])
    assert "       $ git statement\n       $ echo x > allowed\n       $ git sig\n" in out


def test_a_statement_without_signature() -> None:
    one = {
        "meaning": "approved",
        "name": "Jane",
        "role": "quality-manager",
        "time": "2026-02-01T09:00:00Z",
        "counts": True,
        "doubted": False,
        "path": "signatures/x.json",
        "statement": "0" * 64,
        "entered": "2026-02-02T09:00:00Z",
        "assurance": "unsigned",
        "fingerprint": None,
        "see": {"statement": "git a", "entered": "git b", "signature": None, "key": None},
    }
    out = path(statements=[one])
    assert "1. approved by Jane as quality-manager, claimed 2026-02-01T09:00:00Z\n" in out
    assert "  It is unsigned: no signature stands behind it.\n" in out


@pytest.mark.parametrize(
    ("broken", "changes", "words"),
    [
        (1, {}, "1 statement should count and do not: isodocs verify SOP-001"),
        (2, {}, "2 statements should count and do not: isodocs verify SOP-001"),
        (
            0,
            {"challenged": True},
            "The revision is challenged: a key that signed it may have been in other hands.",
        ),
    ],
)
def test_what_breaks_it(broken: int, changes: Row, words: str) -> None:
    assert path(broken, **changes).endswith(words)


def test_a_link_on_the_way_that_does_not_hold() -> None:
    rows = [link(0), link(1, holds=False, challenged=True, why="x")]
    out = report.path(found(links=[1, 0]), rows, broken=0, colour=False)
    assert out.endswith("Link 1 does not hold.")
