"""Reading settings and register: a file of a later format is refused with the one sentence that helps."""

from __future__ import annotations

import pytest

from isodocs.core.reading import read_document, read_register, read_settings


@pytest.mark.parametrize("read", [read_settings, read_register])
def test_a_later_format_asks_for_a_newer_isodocs(read: object) -> None:
    assert callable(read)
    value, problems = read(b"# ours\nformat: 2\nnew: {}\n")
    assert value is None
    (one,) = problems
    assert (one.code, one.span.line, one.span.column) == ("FM105", 2, 9)
    assert one.message == "This file has format 2; this isodocs reads format 1."
    assert "newer isodocs" in one.fix


@pytest.mark.parametrize("stated", ["0", "one", "01x", "-1"])
def test_something_else_is_no_later_format(stated: str) -> None:
    value, problems = read_register(f"format: {stated}\n".encode())
    assert value is None
    assert not any("newer" in one.fix for one in problems)


def test_a_table_is_needed() -> None:
    value, problems = read_settings(b"- one\n")
    assert value is None
    assert [one.message for one in problems] == ["This is not a table of keys and values."]


FRONTS = (
    "id: SOP-001", "id: 'SOP-001'", "id: sop-1", "id: [SOP-001]", "id: {a: SOP-001}", "id:", "title: x",
    "id: SOP-001\nid: SOP-002", "id: SOP-001\ntitle: &a x", "id: SOP-001\ntitle: [",
    "id: SOP-001\nx: \u202e", "- x",
    "id: SOP-001\nimpact: [[[[[[[[[x]]]]]]]]]", "id: SOP-001\nrevision: \x1b", "", "x",
)  # fmt: skip


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize(
    "around", [("---\n", "\n---\ntext"), ("---\n", ""), ("", ""), ("\ufeff---\n", "\n---\n")]
)
def test_the_id_by_itself_is_that_of_the_facts(front: str, around: tuple[str, str]) -> None:
    reading = read_document("documents/SOP-001.md", (around[0] + front + around[1]).encode())
    assert reading.id == reading.document.id
    assert reading.sha256 == reading.document.sha256
