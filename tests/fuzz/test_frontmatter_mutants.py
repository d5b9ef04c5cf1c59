"""Broken documents by the thousand: reading never raises, never takes long, and every place lies in the file.

``ISODOCS_MUTANTS=200000 pytest tests/fuzz`` runs the full figure; the ordinary run takes a slice.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from isodocs.core.frontmatter import Mapping, Sequence, parse, parse_yaml, replace_scalar
from isodocs.core.markdown import embedded, outline
from isodocs.core.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isodocs.core.frontmatter import Node
    from isodocs.core.problem import Span

Answer = TypeVar("Answer")
MUTANTS = int(os.environ.get("ISODOCS_MUTANTS", "2000"))
BATCH = 10_000
CODES = {"FM101", "FM102", "FM103", "FM107", "FM108"}
LONGEST_SECONDS = 1.0

PROCEDURE = """---
id: SOP-001
title: "Control of documents: who, what, when"
type: SOP
owner: quality-manager
revision: 3
review_date: 2027-03-01
effective_date: 2026-04-01
change: Clarified who may approve   # asked for by the audit
approvers: [operations-manager, managing-director]
clauses:
  - iso9001:7.5
  - "iso9001:7.5.3"
supersedes: []
audience: [everybody]
records:
  - name: Approval record
    keeper: quality-manager
    retention: P10Y
impact: {product: no, training: 'yes, all of us'}
---

# Control of documents

## Scope {#scope}

See [records](SOP-002-records.md#scope) and ![the flow](img/flow.png "Flow").

| what | who |
| ---- | --- |
| `draft` | author |

```mermaid
graph LR; a --> b
```
"""
SMALL = "---\nid: WI-003\nrevision: 1.10\nowner: no\non: off\n---\nText.\n"
BLOCKS = """---
id: FRM-002
title: >-
  A title that runs
  over two lines
change: |
  First line.

  Second line, with a tab\tand an emoji 🛠 and é.
'quoted key': "é\\u00e9\\n"
x-list:
- one
-
  - two
---
> # Quoted

- item
    1. deeper
"""
FOREIGN = """---
Überschrift: Prüfmittelüberwachung
назва: Контроль документів
题目: 文件控制 👩🏽‍🔬
---
# Überblick
"""
REGISTER = """format: 1
roles:
  quality-manager: {title: Quality manager}
people:
  jane-doe:
    name: Jane Doe
    emails: [jane@example.org]
    roles: [{role: quality-manager, from: 2025-01-01}]
    keys: [{key: ssh-ed25519 AAAA, from: 2025-01-01, until: 2027-01-01}]
"""
CORPUS = [
    text.encode()
    for text in (PROCEDURE, SMALL, BLOCKS, FOREIGN, REGISTER, "", "---\n---\n", "+++\na = 1\n+++\n")
]
INSERTS = [
    *(
        b": ",
        b"- ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"&a ",
        b"*a",
        b"!tag ",
        b"!!python/object:os.system ",
        b"|",
        b">",
        b"|2-",
    ),
    *(
        b"'",
        b'"',
        b"#",
        b"%YAML 1.1",
        b"@",
        b"`",
        b"?",
        b"? ",
        b",",
        b"<<: ",
        b"---\n",
        b"...\n",
        b"--- a\n",
        b"\t",
        b"\n",
    ),
    *(
        b"\r",
        b"\r\n",
        b"\x00",
        b"\x1b",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b"\xc2\x85",
    ),
    *(
        b"\\",
        b'"\\xZZ"',
        b'"\\UFFFFFFFF"',
        b'"\\ud800"',
        b"0x1F",
        b"1e999",
        b"~",
        b"=",
        b".inf",
        b"2001-99-99",
        b"12:34:56",
    ),
    *(
        b"\xf0\x9f\x92\xa9",
        b"\xcc\x81",
        b"\xef\xbf\xbe",
        b"<a href=",
        b"![x](",
        b"]: ",
        b"<!--",
        b"```",
        b"{#",
        b"\x02\x03",
    ),
]
GROWTH = [
    *(
        b"[" * 60000,
        b"{a: " * 20000,
        b"- " * 30000,
        b"? " * 30000,
        b"a: " * 20000,
        b"x" * 70000,
        b'"' + b"y" * 60000,
    ),
    *(
        b"a:\n" * 20000,
        b"&a " * 20000,
        b"!" * 60000,
        b"- [" * 9000,
        b"\n" * 65000,
        b" " * 65000,
        b"#" * 65000,
        b"'" * 65000,
    ),
    *(b"".join(b"k%d: v\n" % i for i in range(5000)), b"".join(b" " * i + b"a:\n" for i in range(300))),
    *(
        b"[](" * 20000,
        b"`" * 30000 + b"a",
        b"<a " * 20000,
        b"![" * 30000,
        b"* _" * 20000,
        b"\\" * 60000,
        b"{#a}" * 9000,
    ),
    *(
        b"-" * 60000 + b"| -",
        b"- " * 500 + b"|",
        b"```" + b"a" * 60000 + b"!",
        b"# " + b"*a _b " * 9000,
        b"<!--\n" * 12000,
    ),
    *(
        b"<div>\n" * 9000,
        b"<div '\n" * 9000,
        b"[^a]: " * 9000,
        b"[a]: b\n" * 9000,
        b"# a_5\n" * 9000,
        b">" * 60000,
    ),
    *(
        b"<script>" * 7000,
        b"[x](a\"b' " * 6000,
        b"&amp" * 15000,
        b"\t" * 60000,
        b"> ```\n" * 9000,
        b"[a][" * 15000,
    ),
]
CODECS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7"]

place = st.integers(0, 2**16)
mutation = st.one_of(
    st.tuples(st.just("insert"), place, st.sampled_from(INSERTS)),
    st.tuples(
        st.sampled_from(["delete line", "duplicate line", "swap lines", "indent", "dedent"]), place, place
    ),
    st.tuples(st.just("flip"), place, st.integers(1, 255)),
    st.tuples(st.sampled_from(["truncate", "cut"]), place, place),
    st.tuples(st.just("value"), place, st.sampled_from(INSERTS)),
    st.tuples(st.just("bytes"), place, st.binary(min_size=1, max_size=8)),
)
WHOLE: list[tuple[str, str | int] | None] = [
    *[("encode", codec) for codec in CODECS] * 2,
    *[("line ends", end) for end in ("\r\n", "\r", "\n\n", "\u2028")] * 4,
    *[("grow", size) for size in range(len(GROWTH) * 2)],
]
whole = st.sampled_from(WHOLE + [None] * 1000)


def mutated(data: bytes, how: str, where: int, what: int | bytes) -> bytes:
    """The document with one thing changed."""
    if isinstance(what, bytes):
        at = where % (len(data) + 1)
        if how == "value" and (colons := [m.end() for m in re.finditer(b": ", data)]):
            at = colons[where % len(colons)]
        return data[:at] + what + data[at:]
    if how == "flip" and data:
        at = where % len(data)
        return data[:at] + bytes([data[at] ^ what]) + data[at + 1 :]
    if how == "truncate":
        return data[: where % (len(data) + 1)]
    if how == "cut":
        start, end = sorted((where % (len(data) + 1), what % (len(data) + 1)))
        return data[:start] + data[end:]
    return b"".join(_lines_changed(data.splitlines(keepends=True) or [b""], how, where, what))


def _lines_changed(lines: list[bytes], how: str, where: int, what: int) -> list[bytes]:
    one, other = where % len(lines), what % len(lines)
    if how == "delete line":
        del lines[one]
    elif how == "duplicate line":
        lines.insert(other, lines[one])
    elif how == "swap lines":
        lines[one], lines[other] = lines[other], lines[one]
    elif how == "indent":
        lines[one] = b" " * (what % 7) + lines[one]
    elif how == "dedent":
        lines[one] = lines[one].lstrip(b" ")
    return lines


def rewritten(data: bytes, how: str, what: str | int) -> bytes:
    """The document in another encoding, with other line ends, or very large."""
    if isinstance(what, int):
        at = data.find(b"\n") + 1
        return data[:at] + b"big: " * (what % 2) + GROWTH[what // 2] + b"\n" + data[at:]
    text = data.decode("utf-8", "replace")
    return text.encode(what, "replace") if how == "encode" else text.replace("\n", what).encode()


def check_span(span: Span, lines: list[str]) -> None:
    """Whether a span lies in a file of these lines. One line below the last is where a file could go on."""
    assert 1 <= span.line <= len(lines) + 1, span
    assert span.line <= span.end_line <= len(lines) + 1, span
    assert (span.line, span.column) <= (span.end_line, span.end_column), span
    for line, column in ((span.line, span.column), (span.end_line, span.end_column)):
        width = len(lines[line - 1]) if line <= len(lines) else 0
        assert 1 <= column <= width + 2, span


def spans(node: Node | None) -> Iterator[Span]:
    if node is None:
        return
    yield node.span
    if isinstance(node, Sequence):
        for item in node.items:
            yield from spans(item)
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield entry.key.span
            yield from spans(entry.value)


def timed(read: Callable[..., Answer], *arguments: object) -> Answer:
    """What ``read`` gives; it must not need a second of the processor."""
    begun = time.process_time()
    answer = read(*arguments)
    assert time.process_time() - begun < LONGEST_SECONDS
    return answer


def check(data: bytes) -> None:
    """Read a document in every way; nothing may raise, all places must lie in the file."""
    text, _ = decode(data)
    lines = re.split(r"\r\n?|\n", text)
    parsed = timed(parse, data)
    assert text.endswith(parsed.body)
    for span in [*spans(parsed.front), *(problem.span for problem in parsed.problems)]:
        check_span(span, lines)
    assert {problem.code for problem in parsed.problems} <= CODES
    node, problems = timed(parse_yaml, data, "people.yml")
    for span in [*spans(node), *(problem.span for problem in problems)]:
        check_span(span, lines)
    found = timed(outline, parsed.body, parsed.body_line)
    places = [heading.span for heading in found.headings] + [link.span for link in found.links]
    for span in [*places, *(one.span for one in found.pictures), *(one.span for one in found.fences)]:
        check_span(span, lines)
    timed(embedded, parsed.front, parsed.body)
    if parsed.front and not parsed.problems and parsed.front.get("id"):
        try:
            again = timed(replace_scalar, data, "id", "SOP-999")
        except ValueError:
            return
        changed = parse(again).front
        assert changed is not None
        assert changed.keys() == parsed.front.keys()


@pytest.mark.parametrize("batch", range(-(-MUTANTS // BATCH)))
@settings(
    max_examples=min(MUTANTS, BATCH),
    deadline=None,
    database=None,
    phases=[Phase.generate],  # shrinking a slow case takes minutes and tells little
    suppress_health_check=list(HealthCheck),
)
@given(data=st.sampled_from(CORPUS), mutations=st.lists(mutation, max_size=5), last=whole)
def test_a_broken_document_is_a_value_never_an_exception(
    batch: int, data: bytes, mutations: list[tuple[str, int, int | bytes]], last: tuple[str, str | int] | None
) -> None:
    del batch  # hypothesis keeps what it has drawn: batches keep the memory small
    for how, where, what in mutations:
        data = mutated(data, how, where, what)
    if last:
        data = rewritten(data, *last)
    check(data)
