"""The text of a page: what is rewritten, what is shown as text, and what is left alone."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support import editions, rendering

from isodocs.edition import links, text
from isodocs.edition.model import Attachment

JOINER = "\u2060"
PICTURE = Attachment.of(b"picture")
SHOWN = f"../attachments/{PICTURE.digest[:16]}/a.png"
DOCUMENT = editions.document(embedded={"img/a.png": PICTURE})
RESOLVER = links.Resolver({"SOP-001": DOCUMENT, "SOP-002": editions.document("SOP-002")})
GONE = ' <em class="isodocs-mark">(not in force)</em>'
UNPUBLISHED = ' <em class="isodocs-mark">(not published)</em>'
UNSAFE = ' <em class="isodocs-mark">(unsafe link removed)</em>'


def publish(body: str) -> str:
    return text.publish(body, DOCUMENT, RESOLVER)


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ("[x](SOP-002-records.md)", "[x](SOP-002.md)"),
        ("[x](SOP-002-records.md 'title')", "[x](SOP-002.md 'title')"),
        ("[x](<SOP-002 records.md>)", "[x](SOP-002.md)"),
        ("[x](isodocs:SOP-002#a)", "[x](SOP-002.md#a)"),
        ("[a [b] c](SOP-002.md)", "[a [b] c](SOP-002.md)"),
        ("[x](SOP-009-old.md)", f"{JOINER}x{GONE}"),
        ("[**x** `y`](SOP-009-old.md).", f"{JOINER}**x** `y`{GONE}."),
        ("[x](people.yml)", f"{JOINER}x{UNPUBLISHED}"),
        ("[x](#here)", "[x](#here)"),
        ("[x](https://x.example/a_b)", "[x](https://x.example/a_b)"),
        ("[x](<https://x.example/a b>)", "[x](https://x.example/a%20b)"),
        ("[x](javascript:alert(1))", f"{JOINER}x{UNSAFE}"),
        ("[x][r] and [r] and [y][]\n\n[r]: SOP-002-a.md\n[y]: SOP-002-b.md", None),
        ("![a](img/a.png)", f"![a]({SHOWN})"),
        ('![a](./img/a.png "t")', f'![a]({SHOWN} "t")'),
        ("![a][p]\n\n[p]: img/a.png", f"![a][p]\n\n[p]: {SHOWN}"),
        ("![a](b.png)", f"{JOINER}a{UNPUBLISHED}"),
        ("[![a](img/a.png)](SOP-002.md)", f"[![a]({SHOWN})](SOP-002.md)"),
        ("[![a](img/a.png)](SOP-009.md)", f"{JOINER}![a]({SHOWN}){GONE}"),
        ("[ ] task, [1], interval [0, 5)", "[ ] task, [1], interval [0, 5)"),
        ("[^1] note\n\n[^1]: SOP-009.md", "[^1] note\n\n[^1]: SOP-009.md"),
    ],
)
def test_references(body: str, published: str | None) -> None:
    expected = published or "[x][r] and [r] and [y][]\n\n[r]: SOP-002.md\n[y]: SOP-002.md"
    assert publish(body) == expected


def test_a_definition_that_leads_nowhere_goes_and_its_uses_are_marked() -> None:
    assert publish('[x][r] and [r].\n\n[r]: SOP-009-a.md "t"\n\nEnd') == (
        f"{JOINER}x{GONE} and {JOINER}r{GONE}.\n\n\n\nEnd"
    )


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ("<b>bold</b> H<sub>2</sub>O<br/>", "<b>bold</b> H<sub>2</sub>O<br>"),
        ("<kbd class='x' onclick='y'>Ctrl</kbd>", "<kbd>Ctrl</kbd>"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("<iframe src='x'></iframe>", "&lt;iframe src='x'>&lt;/iframe>"),
        ("<b>never ends", "&lt;b>never ends"),
        ("never began</b>", "never began&lt;/b>"),
        ("<b><i>x</b>", "<b>&lt;i>x</b>"),
        ("<ID>", "&lt;ID>"),
        ("\\<b>", "&lt;b>"),
        ("a < b and c <= d <- e", "a < b and c <= d <- e"),
        ("before <!-- hidden --> after", f"before {JOINER} after"),
        ("<!-- hidden -->\nafter", "\nafter"),
        ("<!-- never ends", "&lt;!-- never ends"),
        ("<https://x.example/a>", "<https://x.example/a>"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)>"),
        ("<a href='SOP-002-x.md'>see</a>", "[see](SOP-002.md)"),
        ("<a href='SOP-009-x.md'>see</a>", f"{JOINER}see{GONE}"),
        ("<a href='javascript:alert(1)'>see</a>", f"{JOINER}see{UNSAFE}"),
        ("<a href='https://x.example'>see</a>", '<a href="https://x.example">see</a>'),
        ("<img src='img/a.png' alt='a' style='x'>", f"![a]({SHOWN})"),
        ("<img src='https://x.example/a.png' alt='a'>", None),
        ("    <T> in what may be code", f"    <{JOINER}T> in what may be code"),
        ("{onclick=alert(1)}", "&#123;onclick=alert(1)}"),
        ("{ .isodocs-card }", "&#123; .isodocs-card }"),
        ('![a](img/a.png){ width="300" } {#id}', f'![a]({SHOWN}){{ width="300" }} {{#id}}'),
        ('--8<-- "secret.md"', '--8&lt;-- "secret.md"'),
        ("/// html | script", "//&#47; html | script"),
    ],
)
def test_raw_html_and_what_extensions_make_of_text(body: str, published: str | None) -> None:
    remote = f'{JOINER}a <em class="isodocs-mark">(picture on another host, not shown)</em>'
    assert publish(body) == (published or remote)


def test_in_a_raw_table_addresses_are_marked_for_the_generator() -> None:
    body = "<table><tr><td><img src='img/a.png'><a href='SOP-002.md'>x</a></td></tr></table>"
    assert publish(body) == (
        f'<table><tr><td><img src="{SHOWN}" data-isodocs="relative">'
        '<a href="SOP-002.md" data-isodocs="relative">x</a></td></tr></table>'
    )


@pytest.mark.parametrize(
    "body",
    [
        "```\n[x](SOP-009.md) <ID> a < b\n```\n",
        "~~~ yaml\nid: SOP-001 # {x: y}\n~~~\n",
        "`[x](SOP-009.md)` and ``a ` <ID>``",
        "- item\n\n    ```\n    [x](SOP-009.md)\n    ```\n",
        "> ```\n> [x](SOP-009.md)\n> ```\n",
        "```mermaid\ngraph LR\n  A[Plan<br/>it] --> B{Fine?}\n```\n",
        "| a | b |\n| --- | :-: |\n| 1 | 2 |\n",
        "!!! note\n    Text\n\nTerm\n:   Definition\n\n1. one\n2. two\n",
        "Plain *words*, **more**, `code`, & and &amp; \u00e4\u00f6\u00fc \u4e2d\u6587.\n",
    ],
)
def test_everything_else_stays_as_it_was_written(body: str) -> None:
    assert publish(body) == body


def test_a_fence_that_nobody_closes_is_no_code() -> None:
    assert "<script>" not in publish("```\n<script>alert(1)</script>\n")


@pytest.mark.parametrize(
    "tail", [" " * 20_000, "<b>" * 9_000 + "</i>" * 9_000, "\n" * 20_000 + "x", "{a " * 9_000 + "}"]
)
@pytest.mark.parametrize("head", ["[a](", "]", "]:", "`", "```\n", "{", "<b>", "[a]: x "])
def test_no_long_tail_takes_long(head: str, tail: str) -> None:
    began = time.perf_counter()
    publish(head + tail)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("before", ["[x](", "[x](  \n ", "[x](" + " " * 500, "[x]: ", "[a\nb]: "])
@pytest.mark.parametrize(
    "address", ["javascript:alert('a b')<x", "&#" + "0" * 400 + "106;avascript:alert(1) <x"]
)
def test_an_address_cannot_hide_from_the_scanner(before: str, address: str) -> None:
    page = rendering.with_python_markdown(publish(f"{before}{address})\n\n[x] [a b]\n"))
    assert rendering.faults(page) == []


def test_code_that_a_renderer_might_not_see_as_code_cannot_act() -> None:
    assert publish("`<script>`") == f"`<{JOINER}script>`"
    assert publish("`[x](javascript:alert(1))`") == f"`[x]({JOINER}javascript:alert(1))`"
    assert publish("`{onclick=alert(1)}`") == f"`{{onclick{JOINER}=alert(1)}}`"
    assert publish("```\n--8<-- x\n```\n") == f"```\n--8<{JOINER}-- x\n```\n"


@pytest.mark.parametrize(
    ("source", "body"),
    [
        (b"---\nid: SOP-001\n---\n\n# T\n", "\n# T\n"),
        (b"\xef\xbb\xbf---\r\nid: SOP-001\r\n---\r\n# T\r\n", "# T\n"),
        (b"---\nid: x\nchange: |\n  a\n---\nText\n---\nMore\n", "Text\n---\nMore\n"),
        (b"# No front matter\n", "# No front matter\n"),
        (b"---\nid: x\n", "---\nid: x\n"),
        (b"---\nid: x\n---", ""),
    ],
)
def test_the_body_begins_behind_the_front_matter(source: bytes, body: str) -> None:
    assert text.body_of(source) == body


@pytest.mark.parametrize(
    ("body", "heading"),
    [
        ("# T\n\nText", "# T\n"),
        ("\n\n#  T #\nText", "\n\n#  T #\n"),
        ("T\n===\nText", "T\n===\n"),
        ("## Two\n", ""),
        ("#hash\n", ""),
        ("Text\n# T\n", ""),
        ("", ""),
    ],
)
def test_the_heading_is_found(body: str, heading: str) -> None:
    assert text.split_heading(body) == (heading, body[len(heading) :])


@pytest.mark.parametrize(
    "piece",
    [
        "`a",
        "<a ",
        "[",
        "](",
        "{a ",
        "<!--",
        "![",
        "[a](",
        "``` ",
        "\\",
        "<b>",
        "[a]: x\n",
        "```\n",
        "~~~x\n",
        "> ",
        '<a href="',
        "[](a(",
        "`` ` ",
        "{a=",
        "<td>",
        "`````x",
        "--8<--",
        "///\n",
        "[a][",
        "(((",
        "<b ",
        "`a` ",
        "<b></i>",
        "<b><img src=x>",
        "[a](    ",
        "{a}",
        "]    ",
        "<td><img>",
        "`{a ` ",
        "[a](x 'y",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.perf_counter()
    publish(piece * 10_000)
    assert time.perf_counter() - began < 5


FRAGMENTS = json.loads(Path(__file__).with_name("fragments.json").read_text("utf-8"))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=14).map("".join))
@example("<hr><<b>script>alert(1)</b>")
@example("<hr>&lt;a <<hr>x<iframe src=//x>")
@example('`{: style="x" onclick="alert(1)"}')
@example("[a]([javascript:alert(1) x](SOP-009.md))")
@example("[a](<!-- -->javascript:alert(1))")
@example("[a](java<!-- -->script:alert(1))")
@example("<[script](SOP-009.md)>")
@example("[script](SOP-009.md)<b>")
@example('{--<iframe src=//x>{: style="x" onclick="alert(1)"}')
@example("<table><tr><td><https://x/?a=b></td></tr></table>")
def test_no_renderer_makes_anything_of_it(body: str) -> None:
    published = publish(body)
    for extensions in (rendering.SITE_EXTENSIONS, rendering.MANY_EXTENSIONS):
        assert rendering.faults(rendering.with_python_markdown(published, extensions)) == []
    assert rendering.faults(rendering.with_commonmark(published)) == []
