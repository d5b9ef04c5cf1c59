"""The path of one document as values: which statements stand on it, and by what right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from support.company import Kind, Settings
from support.library import Mainline, founded, text

from isodocs.core.library import Judged
from isodocs.registers import stock_tools
from isodocs.registers.trail import Row, trail

if TYPE_CHECKING:
    from isodocs.core.library import Library


def mainline(line: Mainline) -> Library:
    return line.library(Judged.MAINLINE, base=None)


def found(line: Mainline, name: str = "WI-001") -> Row:
    row = trail(mainline(line), name)
    assert row is not None
    return row


def test_of_the_revision_in_force() -> None:
    line = founded()
    line.approve("WI-001", text("WI-001", "2"), "jane", revision="2", day="2026-02-02")
    row = found(line)
    assert (row["revision"], row["effective_from"], row["commit"]) == (
        "2",
        "2026-02-02T09:00:00Z",
        f"{1:040x}",
    )
    assert [one["person"] for one in row["statements"]] == ["jane"]


def test_of_what_is_approved_and_not_in_force_the_one_before() -> None:
    line = founded()
    line.approve(
        "WI-001", text("WI-001", "2", effective_date="2027-01-01"), "jane", revision="2", day="2026-02-02"
    )
    assert found(line)["revision"] == "1"


def test_an_unknown_document_and_a_draft_have_none() -> None:
    line = founded(drafts=True)
    line.commit({"documents/WI-002.md": text("WI-002")})
    library = mainline(line)
    assert trail(library, "WI-002") is None
    assert trail(library, "WI-003") is None


def test_void_statements_and_readers_are_no_part_of_it() -> None:
    line = founded()
    approval = mainline(line).state.life("WI-001").approvals[0]
    line.sign("WI-001", "tom", meaning="acknowledged", role=None, predecessor=approval.predecessor)
    line.sign("WI-001", "tom", role="quality-manager", predecessor=approval.predecessor)
    line.commit(day="2026-02-02")
    assert [one["person"] for one in found(line)["statements"]] == ["jane"]


def test_the_word_of_who_wrote_it_stands_on_it() -> None:
    line = founded()
    line.write({"documents/WI-001.md": text("WI-001", "2")})
    line.sign("WI-001", "max", meaning="authored", role=None, revision="2")
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    said = {one["meaning"]: (one["person"], one["counts"], one["roles"]) for one in found(line)["statements"]}
    assert said["authored"] == ("max", True, [])


def test_one_in_a_role_that_nobody_asks_for_does_not_count() -> None:
    line = founded()
    line.write({"documents/WI-001.md": text("WI-001", "2")})
    line.sign("WI-001", "anna", role="process-owner", revision="2")
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    counts = {one["person"]: one["counts"] for one in found(line)["statements"]}
    assert counts == {"anna": False, "jane": True}


def test_unsigned_ones_have_no_key_to_follow() -> None:
    settings = Settings().kind("WI", replace(Kind(), assurance="unsigned"))
    line = Mainline(settings).company().write({"documents/WI-001.md": text("WI-001")})
    line.sign("WI-001", "jane", assurance="unsigned")
    line.commit()
    (one,) = found(line)["statements"]
    assert (one["assurance"], one["key"], one["key_valid"]) == ("unsigned", None, None)
    assert (one["see"]["signature"], one["see"]["key"]) == (None, None)


def test_what_it_embeds_stands_beside_it() -> None:
    line = founded()
    line.write({"documents/img/a.png": b"x", "documents/WI-001.md": text("WI-001", "2", "![a](img/a.png)")})
    line.sign("WI-001", "jane", revision="2", embedded={"img/a.png": "documents/img/a.png"})
    line.commit(day="2026-02-02")
    assert [one["path"] for one in found(line)["text"]] == ["documents/WI-001.md", "documents/img/a.png"]
    assert all(one["blob"] for one in found(line)["text"])


def test_a_path_that_the_shell_would_read_otherwise_is_quoted() -> None:
    assert stock_tools.blob("a" * 40, "documents/a.md") == "git cat-file blob aaaaaaaaaaaa:documents/a.md"
    assert (
        stock_tools.blob("a" * 40, "documents/$(x).md")
        == "git cat-file blob 'aaaaaaaaaaaa:documents/$(x).md'"
    )
