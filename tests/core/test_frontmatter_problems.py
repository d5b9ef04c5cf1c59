"""What is said of front matter that cannot be read: one plain sentence, the place, and the way out."""

from __future__ import annotations

import time

import pytest

from isodocs.core import yaml_reader
from isodocs.core.frontmatter import MAX_FRONT, Parsed, Scalar, bare, parse
from isodocs.core.problem import Problem, Span
from isodocs.core.yaml_parser import PlainParser

PROCEDURE = """---
id: SOP-001
title: "Control of documents: who, what, when"
approvers: [operations-manager, 'managing-director']
records:
  - name: Approval record
---
# Control of documents
"""


def front(text: str) -> Parsed:
    return parse(f"---\n{text}\n---\nBody.\n".encode())


def only(parsed: Parsed) -> Problem:
    (problem,) = parsed.problems
    return problem


def scalar(parsed: Parsed, key: str) -> Scalar:
    assert parsed.front is not None
    found = parsed.front.get(key)
    assert isinstance(found, Scalar)
    return found


SYNTAX = [
    ("title: SOP: Control", 2, 11, "second colon", "quotes"),
    ('title: "open', 2, 8, "never closed", "Close"),
    ("title: 'open\nowner: x", 2, 8, "never closed", "Close"),
    ("a: @x", 2, 4, "cannot begin with `@`", "quotes"),
    ("a: `x`", 2, 4, "cannot begin with a backtick", "quotes"),
    ("a: %x", 2, 4, "cannot begin with `%`", "quotes"),
    ("a: ]", 2, 4, "cannot begin with `]`", "quotes"),
    ("%a: b", 2, 1, "begin with `%`", "quotes"),
    ("a: *bold*", 2, 4, "begins with `*`", "quotes"),
    ("a: & b", 2, 4, "begins with `&`", "quotes"),
    ("a: *b", 2, 4, "YAML alias", "quotes"),
    ("a: &b c", 2, 4, "YAML anchor", "quotes"),
    ("a: !x y", 2, 4, "YAML tag", "quotes"),
    ("a: !!python/object:os.system {}", 2, 4, "YAML tag", "quotes"),
    ("a: [b, c\nd: e", 2, 4, "not closed", "Close"),
    ("a: {b: c\nd: e", 2, 4, "not closed", "Close"),
    ("a: [b, c]d", 2, 10, "Text follows", "quotes"),
    ('a: "b" c', 2, 8, "Text follows", "quotes"),
    ("title: 'Don't'", 2, 13, "Text follows", "quotes"),
    ('a: "C:\\qms"', 2, 7, "escape", "backslashes"),
    ('a: "\\xZZ"', 2, 7, "escape", "backslashes"),
    ("a:\n\tb: c", 3, 1, "A tab", "spaces"),
    ("a:\n  \tb: c", 3, 3, "A tab", "spaces"),
    ("\ta: b", 2, 1, "A tab", "spaces"),
    ("a: b\n  c: d", 3, 4, "cannot stand here", "indentation"),
    ("a:\n    b: c\n  d: e", 4, 3, "indentation", "neighbours"),
    ("a:\n  - b\n c: d", 4, 2, "indentation", "neighbours"),
    ("id:SOP-1\ntitle: x", 2, 3, "space is missing", "Put one in"),
    ("id SOP-1\ntitle: x", 2, 1, "neither a key", "key: value"),
    ("title: x\njunk", 3, 1, "neither a key", "key: value"),
    (": b", 2, 1, "key before this colon", "key: value"),
    ("just words", 2, 1, "no list of keys", "key: value"),
    ("- a\n- b", 2, 1, "no list of keys", "key: value"),
    ("[a]: b", 2, 1, "cannot be a key", "word"),
    ("<<: {a: b}", 2, 1, "merge key", "keys out"),
    ("a: b\n--- c\nd: e", 3, 1, "second YAML document", "Remove"),
    ("a: |x\n  y", 2, 5, "line break", "quotes"),
    ("a: - b", 2, 4, "list does not fit", "Indent"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "fix"), SYNTAX)
def test_what_is_no_yaml_is_said_plainly(text: str, line: int, column: int, message: str, fix: str) -> None:
    problem = only(front(text))
    assert (problem.code, problem.span.line, problem.span.column) == ("FM102", line, column)
    assert message in problem.message
    assert fix in problem.fix


@pytest.mark.parametrize(("text", "line", "column", "message", "fix"), SYNTAX)
def test_so_does_the_parser_in_python(
    text: str, line: int, column: int, message: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_reader, "new_parser", PlainParser)
    problems = front(text).problems
    assert problems
    assert {problem.code for problem in problems} == {"FM102"}
    assert message or fix
    assert abs(problems[0].span.line - line) <= 1
    assert column


def test_one_fault_does_not_hide_the_others_or_the_rest() -> None:
    parsed = front('id: SOP-001\na: b: c\nd: "x\ne: [1\nowner: me\nowner: you')
    assert [(problem.code, problem.span.line) for problem in parsed.problems] == [
        *(("FM102", 3), ("FM102", 4), ("FM102", 5), ("FM103", 7)),
    ]
    assert bare(parsed.front) == {"id": "SOP-001", "owner": "me"}
    assert parsed.body == "Body.\n"


def test_no_more_than_twenty_faults_are_told() -> None:
    assert len(front("\n".join(f"a{n}: b: c" for n in range(100))).problems) == 20


def test_a_key_given_twice_tells_where_the_first_stands() -> None:
    parsed = front("a: 1\nb: 2\na: 3")
    problem = only(parsed)
    assert (problem.code, problem.span) == ("FM103", Span(4, 1, 4, 2))
    assert "line 2" in problem.message
    assert bare(parsed.front) == {"a": "1", "b": "2"}


def test_a_key_given_twice_further_down() -> None:
    parsed = front("x:\n  - a: 1\n    'a': 2")
    assert (only(parsed).code, only(parsed).span) == ("FM103", Span(4, 5, 4, 8))


def test_an_alias_is_kept_as_its_text() -> None:
    parsed = front("a: *b")
    assert scalar(parsed, "a").text == "*b"


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"\xef\xbb\xbf---\nid: x\n---\n", 1, 1, "byte order mark"),
        (b"---\nid: x\n---\nGr\xfc\xdfe\n", 4, 3, "0xFC"),
        (b"---\nid: x\ntitle: a\xc3\xa9\xff\n---\n", 3, 10, "0xFF"),
        (b"---\nid: x\n---\n\xed\xa0\x80\n", 4, 1, "0xED"),
        (b"---\nid: x\n---\nab\x00c\n", 4, 3, "NUL"),
        (b"---\nid: x\ntitle: a\x1bb\n---\n", 3, 9, "escape"),
        (b"---\nid: x\n---\na\xc2\x85b\n", 4, 2, "U+0085"),
        (b"---\nid: x\n---\na\xef\xbf\xbfb\n", 4, 2, "U+FFFF"),
        (b"---\nid: x\ntitle: a\xe2\x80\xa8b\n---\n", 3, 9, "U+2028"),
        (b"---\nid: x\ntitle: a\xe2\x80\xaeb\n---\n", 3, 9, "U+202E"),
        ("---\r\nid: x\r\n---\r\n".encode("utf-16"), 1, 1, "UTF-16"),
        ("---\nid: x\n---\n".encode("utf-16-le"), 1, 1, "UTF-16"),
        ("---\nid: x\n---\n".encode("utf-16-be"), 1, 1, "UTF-16"),
        ("---\nid: x\n---\n".encode("utf-32"), 1, 1, "UTF-32"),
    ],
)
def test_encoding(data: bytes, line: int, column: int, message: str) -> None:
    parsed = parse(data)
    problem = only(parsed)
    assert (problem.code, problem.span.line, problem.span.column) == ("FM107", line, column)
    assert message in problem.message
    assert problem.fix
    assert scalar(parsed, "id").text == "x"


def test_the_front_matter_is_read_behind_a_byte_order_mark() -> None:
    parsed = parse(b"\xef\xbb\xbf" + PROCEDURE.encode())
    assert [problem.code for problem in parsed.problems] == ["FM107"]
    assert parsed.front == parse(PROCEDURE.encode()).front


def test_a_byte_that_is_no_utf8_in_the_body_leaves_the_front_matter_whole() -> None:
    parsed = parse(PROCEDURE.encode() + b"\xff")
    assert parsed.front == parse(PROCEDURE.encode()).front
    assert parsed.body.endswith("\ufffd")


def test_the_reading_order_marks_of_the_body_are_no_problem() -> None:
    assert parse("---\nid: x\n---\nעברית \u202aabc\u202c\n".encode()).problems == ()


def test_depth() -> None:
    assert front("a: " + "[" * 7 + "]" * 7).problems == ()
    parsed = front("id: x\na: " + "[" * 8 + "]" * 8)
    assert (only(parsed).code, only(parsed).span.line, only(parsed).span.column) == ("FM108", 3, 11)
    assert bare(parsed.front) == {"id": "x"}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_very_deep_is_refused_fast(opening: str) -> None:
    begun = time.process_time()
    parsed = front("a:\n  " + opening * (60000 // len(opening)))
    assert time.process_time() - begun < 1
    assert {problem.code for problem in parsed.problems} <= {"FM102", "FM108"}
    assert parsed.problems


def test_size_of_the_front_matter() -> None:
    room = MAX_FRONT - len("id: x\n#\n")
    assert front(f"id: x\n#{'y' * room}").problems == ()
    parsed = front(f"id: x\n#{'y' * (room + 1)}")
    assert (only(parsed).code, parsed.front, parsed.body) == ("FM108", None, "Body.\n")


def test_a_body_of_3_megabytes_is_fine() -> None:
    body = "A line of text with [a link](x.md) and an é.\n" * 70000
    begun = time.process_time()
    parsed = parse(b"---\nid: x\n---\n" + body.encode())
    assert time.process_time() - begun < 1
    assert (parsed.problems, parsed.body) == ((), body)
