"""Front matter: what is read, where it stands, and what is said of what cannot be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core import yaml_reader
from isodocs.core.frontmatter import (
    Mapping,
    Node,
    Parsed,
    Scalar,
    Sequence,
    bare,
    parse,
    parse_yaml,
)
from isodocs.core.problem import Problem, Span
from isodocs.core.yaml_parser import PlainParser

PROCEDURE = """---
id: SOP-001
title: "Control of documents: who, what, when"
type: SOP
owner: quality-manager
revision: 1.10
review_date: 2027-03-01
change: Clarified who may approve   # asked for by the audit
approvers: [operations-manager, 'managing-director']
clauses:
  - iso9001:7.5
  - "iso9001:7.5.3"
supersedes: []
records:
  - name: Approval record
    keeper: quality-manager
note: |
  First line.

  Second line.

on: off
---

# Control of documents
"""


def front(text: str) -> Parsed:
    return parse(f"---\n{text}\n---\nBody.\n".encode())


def only(parsed: Parsed) -> Problem:
    (problem,) = parsed.problems
    return problem


def value(parsed: Parsed, key: str) -> Node:
    assert parsed.front is not None
    found = parsed.front.get(key)
    assert found is not None
    return found


def scalar(parsed: Parsed, key: str) -> Scalar:
    found = value(parsed, key)
    assert isinstance(found, Scalar)
    return found


def at(text: str, span: Span) -> str:
    lines = re.split(r"\r\n?|\n", text)[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def test_a_procedure_is_read() -> None:
    parsed = parse(PROCEDURE.encode())
    assert parsed.problems == ()
    assert bare(parsed.front) == {
        "id": "SOP-001",
        "title": "Control of documents: who, what, when",
        "type": "SOP",
        "owner": "quality-manager",
        "revision": "1.10",
        "review_date": "2027-03-01",
        "change": "Clarified who may approve",
        "approvers": ["operations-manager", "managing-director"],
        "clauses": ["iso9001:7.5", "iso9001:7.5.3"],
        "supersedes": [],
        "records": [{"name": "Approval record", "keeper": "quality-manager"}],
        "note": "First line.\n\nSecond line.\n",
        "on": "off",
    }
    assert parsed.body == "\n# Control of documents\n"
    assert parsed.body_line == 24


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spans_cover_what_is_written(end: str) -> None:
    text = PROCEDURE.replace("\n", end)
    parsed = parse(text.encode())
    assert parsed.problems == ()
    assert parsed.front is not None
    written = {entry.key.text: at(text, entry.value.span) for entry in parsed.front.entries}
    assert [at(text, entry.key.span) for entry in parsed.front.entries] == list(parsed.front.keys())
    assert written["title"] == '"Control of documents: who, what, when"'
    assert written["change"] == "Clarified who may approve"
    assert written["approvers"] == "[operations-manager, 'managing-director']"
    assert written["clauses"] == '- iso9001:7.5\n  - "iso9001:7.5.3"'
    assert written["records"] == "- name: Approval record\n    keeper: quality-manager"
    assert written["note"] == "|\n  First line.\n\n  Second line."
    assert written["supersedes"] == "[]"
    assert scalar(parsed, "id").span == Span(2, 5, 2, 12)
    assert at(text, parsed.front.span).startswith("id: SOP-001")
    assert at(text, parsed.front.span).endswith("on: off")
    assert parsed.body_line == 24


def test_columns_count_code_points() -> None:
    parsed = front("title: 🛠👩🏽‍🔬 e\u0301 x   # c\nÜber: {é: 🛠}")
    assert scalar(parsed, "title").span == Span(2, 8, 2, 18)
    inner = value(parsed, "Über")
    assert isinstance(inner, Mapping)
    assert inner.entries[0].value.span == Span(3, 11, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1.10",
            "no",
            "off",
            "yes",
            "null",
            "~",
            "0x1F",
            "1e3",
            "2026-01-01",
            "12:30",
            ".inf",
            "=",
            "0o7",
            "1_000",
        ),
        *(
            "true",
            "Don't",
            "C#",
            "a:b",
            "http://x.y/z",
            "<b>",
            "5 > 3",
            "x & y",
            "a * b",
            "50%",
            "100@home",
            "-1",
            "?x",
        ),
    ],
)
def test_scalars_are_what_is_written(text: str) -> None:
    found = scalar(front(f"key: {text}"), "key")
    assert (found.text, found.quoted) == (text, False)


@pytest.mark.parametrize(
    ("written", "text", "quoted"),
    [
        ("", "", False),
        ('""', "", True),
        ("''", "", True),
        ('"a\\tb\\u00e9"', "a\tbé", True),
        ("'it''s'", "it's", True),
        ("|\n  a\n  b", "a\nb\n", True),
        ("|-\n  a", "a", True),
        (">\n  a\n  b", "a b\n", True),
        ("a\n  b", "a b", False),
    ],
)
def test_ways_to_write_a_scalar(written: str, text: str, quoted: bool) -> None:  # noqa: FBT001 - a case of a table
    found = scalar(front(f"key: {written}\nnext: x"), "key")
    assert (found.text, found.quoted) == (text, quoted)


def test_an_empty_value_stands_behind_its_colon() -> None:
    assert scalar(front("a: b\nkey:\nnext: x"), "key").span == Span(3, 5, 3, 5)


def test_keys_and_entries() -> None:
    parsed = front("b: 1\na: 2")
    assert parsed.front is not None
    assert parsed.front.keys() == ("b", "a")
    assert parsed.front.get("c") is None
    entry = parsed.front.entry("a")
    assert entry is not None
    assert entry.key.span == Span(3, 1, 3, 2)


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("", "is empty", "Begin it"),
        ("\n\n", "is empty", "Begin it"),
        ("# Title\n", "no front matter", "Begin it"),
        ("+++\nid = 1\n+++\n", "TOML", "key: value"),
        ('{"id": 1}\n', "JSON", "key: value"),
        ("id: SOP-001\ntitle: x\n---\nText.\n", "no opening line", "above"),
        ("\n---\nid: x\n---\n", "not at the very beginning", "Remove"),
        ("Text\n---\nid: x\n---\n", "no front matter", "Begin it"),
        ("--- # c\nid: x\n---\n", "holds something more", "hyphens"),
        ("----\nid: x\n----\n", "no front matter", "Begin it"),
        ("---\nid: x\ntitle: y\n\nText.\n", "never closed", "below line 3"),
        ("---\nid: x\n- a\n  b\n# Title\nText.\n", "never closed", "below line 5"),
        ("---\n", "never closed", "below line 1"),
        ("---", "never closed", "below line 1"),
    ],
)
def test_no_front_matter(text: str, message: str, fix: str) -> None:
    parsed = parse(text.encode())
    problem = only(parsed)
    assert (problem.code, problem.span.line, problem.span.column) == ("FM101", 1, 1)
    assert message in problem.message
    assert fix in problem.fix
    assert (parsed.front, parsed.body, parsed.body_line) == (None, text, 1)


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\nid: x\n---\nBody\n", "Body\n", 4),
        ("---\nid: x\n...\nBody\n", "Body\n", 4),
        ("--- \t\nid: x\n---  \nBody", "Body", 4),
        ("---\nid: x\n---\n", "", 4),
        ("---\nid: x\n---", "", 4),
        ("---\nid: x\n---\n---\n", "---\n", 4),
        ("---\r\nid: x\r\n---\r\n\r\nBody\r\n", "\r\nBody\r\n", 4),
        ("---\n---\nBody\n", "Body\n", 3),
        ("---\n# nothing\n---\nBody\n", "Body\n", 4),
    ],
)
def test_where_the_body_begins(text: str, body: str, line: int) -> None:
    parsed = parse(text.encode())
    assert (parsed.problems, parsed.body, parsed.body_line) == ((), body, line)
    assert parsed.front is not None


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_parsers_read_alike(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = PROCEDURE.replace("\n", end).encode()
    fast = parse(data)
    monkeypatch.setattr(yaml_reader, "new_parser", PlainParser)
    assert parse(data) == fast


def test_a_settings_file() -> None:
    node, problems = parse_yaml(b"# settings\nformat: 1\ntypes:\n  SOP: {review_months: 24}\n", "isodocs.yml")
    assert problems == ()
    assert bare(node) == {"format": "1", "types": {"SOP": {"review_months": "24"}}}
    assert isinstance(node, Mapping)
    assert node.entries[0].value.span == Span(2, 9, 2, 10)


def test_a_settings_file_may_open_with_a_document_mark() -> None:
    node, problems = parse_yaml(b"---\nformat: 1\n")
    assert (bare(node), problems) == ({"format": "1"}, ())


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"a: 1\na: 2\n", "FM103", 2),
        (b"a: &x 1\n", "FM102", 1),
        (b"a: 1\n---\nb: 2\n", "FM102", 2),
        (b"a: [1\n", "FM102", 1),
        (b"\xef\xbb\xbfa: 1\n", "FM107", 1),
        (b"a: \xff\n", "FM107", 1),
        (b"a: 1\n" + b"#" * 1024 * 1024, "FM108", 1),
        (b"a: [[[[[[[[1]]]]]]]]\n", "FM108", 1),
    ],
)
def test_a_settings_file_is_read_as_strictly(data: bytes, code: str, line: int) -> None:
    _, problems = parse_yaml(data, "people.yml")
    assert [(problem.code, problem.path, problem.span.line) for problem in problems] == [
        (code, "people.yml", line)
    ]


@pytest.mark.parametrize("data", [b"", b"\n", b"# only\n", b"---\n"])
def test_an_empty_settings_file(data: bytes) -> None:
    node, problems = parse_yaml(data)
    assert problems == ()
    assert node is None


def test_a_list_in_a_settings_file() -> None:
    node, problems = parse_yaml(b"- a\n- b: c\n")
    assert problems == ()
    assert isinstance(node, Sequence)


SAFE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_-]{0,10}", fullmatch=True), SAFE, max_size=8))
def test_what_is_written_in_quotes_comes_back(values: dict[str, str]) -> None:
    lines = [f"{key}: '" + text.replace("'", "''") + "'" for key, text in values.items()]
    parsed = front("\n".join(lines))
    assert parsed.problems == ()
    assert bare(parsed.front) == values
