"""Edits by slice: one value changes, every other byte stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.frontmatter import Scalar, bare, insert_key, parse, replace_scalar

DOCUMENT = b"""---
# who is responsible: see people.yml
id:   SOP-001
title: "Control of documents"   # the title
owner: 'quality-manager'
revision: 3
empty:
change: |
  First line.

  Second line.
folded: >-
  a
  b
long: plain text
  over two lines   # end
approvers: [a, b]
last: x
---

# Body
"""


def read(data: bytes, key: str) -> str:
    front = parse(data).front
    assert front is not None
    value = front.get(key)
    assert isinstance(value, Scalar)
    return value.text


@pytest.mark.parametrize(
    ("key", "new", "old_line", "new_line"),
    [
        ("id", "SOP-002", b"id:   SOP-001\n", b"id:   SOP-002\n"),
        ("revision", "4", b"revision: 3\n", b"revision: 4\n"),
        ("revision", "1.10", b"revision: 3\n", b"revision: 1.10\n"),
        ("title", "New", b'"Control of documents"   # the title\n', b'"New"   # the title\n'),
        ("title", 'a "b" \\ c', b'"Control of documents"', b'"a \\"b\\" \\\\ c"'),
        ("owner", "it's", b"'quality-manager'\n", b"'it''s'\n"),
        ("owner", "two\nlines", b"'quality-manager'\n", b'"two\\nlines"\n'),
        ("empty", "no", b"empty:\n", b"empty: no\n"),
        ("empty", "a: b", b"empty:\n", b'empty: "a: b"\n'),
        ("empty", " padded ", b"empty:\n", b'empty: " padded "\n'),
        ("last", "", b"last: x\n", b'last: ""\n'),
        ("last", "# no comment", b"last: x\n", b'last: "# no comment"\n'),
        ("last", "x # y", b"last: x\n", b'last: "x # y"\n'),
        ("last", "*x", b"last: x\n", b'last: "*x"\n'),
        ("last", "Prüfung 🛠", b"last: x\n", "last: Prüfung 🛠\n".encode()),
        ("last", "a\tb", b"last: x\n", b'last: "a\\tb"\n'),
        ("last", "a\u2028b\x07", b"last: x\n", b'last: "a\\u2028b\\x07"\n'),
        ("last", "---", b"last: x\n", b"last: ---\n"),
        ("change", "One.\nTwo.\n", b"|\n  First line.\n\n  Second line.\n", b"|\n  One.\n  Two.\n"),
        ("change", "One.\n\nTwo.", b"|\n  First line.\n\n  Second line.\n", b"|-\n  One.\n\n  Two.\n"),
        ("change", "  indented", b"|\n  First line.\n\n  Second line.\n", b'"  indented"\n'),
        ("folded", "c", b">-\n  a\n  b\n", b"|-\n  c\n"),
        ("long", "short", b"plain text\n  over two lines   # end\n", b"short   # end\n"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_only_the_value_changes(key: str, new: str, old_line: bytes, new_line: bytes, end: bytes) -> None:
    before, after = DOCUMENT.replace(b"\n", end), replace_scalar(DOCUMENT.replace(b"\n", end), key, new)
    assert DOCUMENT.count(old_line) == 1
    assert after == before.replace(old_line.replace(b"\n", end), new_line.replace(b"\n", end))
    assert read(after, key) == new


def test_the_same_value_leaves_the_bytes_alone() -> None:
    for key in ("id", "title", "owner", "revision", "last"):
        assert replace_scalar(DOCUMENT, key, read(DOCUMENT, key)) == DOCUMENT


@pytest.mark.parametrize(
    ("data", "key", "message"),
    [
        (DOCUMENT, "nothing", "no key"),
        (DOCUMENT, "approvers", "is a list"),
        (b"no front matter", "id", "line 1"),
        (b"---\nid: x\nid: y\n---\n", "id", "line 3"),
        (b"---\nid: &a x\n---\n", "id", "line 2"),
        (b"\xef\xbb\xbf---\nid: x\n---\n", "id", "line 1"),
        (b"---\nid: x\n---\n\xff", "id", "line 4"),
        (b"---\n---\n", "id", "no key"),
    ],
)
def test_what_cannot_be_edited_is_refused(data: bytes, key: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace_scalar(data, key, "new")


def test_a_lone_surrogate_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        replace_scalar(DOCUMENT, "id", "\ud800")


@pytest.mark.parametrize(
    ("after", "line_above"),
    [
        ("revision", b"revision: 3\n"),
        ("change", b"  Second line.\n"),
        ("long", b"# end\n"),
        (None, b"last: x\n"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_key_is_put_in_below_another(after: str | None, line_above: bytes, end: bytes) -> None:
    before = DOCUMENT.replace(b"\n", end)
    result = insert_key(before, "status", "open: yes", after)
    above = line_above.replace(b"\n", end)
    assert result == before.replace(above, above + b'status: "open: yes"' + end)
    assert read(result, "status") == "open: yes"


def test_a_key_is_put_in_below_a_list() -> None:
    data = b"---\nids:\n  - a\n  - b\n# comment\nlast: x\n---\n"
    assert (
        insert_key(data, "new", "1", "ids") == b"---\nids:\n  - a\n  - b\nnew: 1\n# comment\nlast: x\n---\n"
    )


@pytest.mark.parametrize("data", [b"---\n---\n", b"---\n---", b"---\n# nothing\n---\nText\n"])
def test_a_key_is_put_into_empty_front_matter(data: bytes) -> None:
    assert read(insert_key(data, "id", "SOP-001"), "id") == "SOP-001"


@pytest.mark.parametrize(
    ("data", "key", "after", "message"),
    [
        (DOCUMENT, "id", None, "already"),
        (DOCUMENT, "new", "nothing", "no key"),
        (DOCUMENT, "a: b", None, "cannot be written"),
        (DOCUMENT, "# x", None, "cannot be written"),
        (b"---\n{id: x}\n---\n", "new", None, "cannot be written"),
        (b"text", "new", None, "line 1"),
    ],
)
def test_a_key_that_cannot_be_put_in(data: bytes, key: str, after: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        insert_key(data, key, "value", after)


@given(
    st.sampled_from(["id", "title", "owner", "empty", "change", "folded", "long", "last"]),
    st.text(max_size=40),
    st.booleans(),
)
def test_any_text_is_written_truly_or_refused(key: str, text: str, windows: bool) -> None:  # noqa: FBT001 - drawn
    before = DOCUMENT.replace(b"\n", b"\r\n") if windows else DOCUMENT
    try:
        after = replace_scalar(before, key, text)
    except ValueError:
        assert any("\ud800" <= character <= "\udfff" for character in text)
        return
    old, new = parse(before), parse(after)
    assert new.problems == ()
    assert bare(new.front) == {**_values(before), key: text}
    assert new.body == old.body


def _values(data: bytes) -> dict[str, object]:
    values = bare(parse(data).front)
    assert isinstance(values, dict)
    return values
