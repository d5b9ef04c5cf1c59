"""Links, pictures and their places; which files a document embeds; when two bodies say the same."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.frontmatter import parse
from isodocs.core.markdown import Outline, body_digest, embedded, local_target, outline
from isodocs.core.problem import Span


def at(body: str, span: Span, first_line: int = 1) -> str:
    """The text a span covers; a span over several lines comes with LF."""
    lines = re.split(r"\r\n?|\n", body)[span.line - first_line : span.end_line - first_line + 1]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def links(body: str) -> list[str]:
    return [link.target for link in outline(body).links]


def pictures(body: str) -> list[str]:
    return [picture.target for picture in outline(body).pictures]


def test_an_empty_body_has_nothing() -> None:
    assert outline("") == Outline((), (), (), (), frozenset())


def test_a_heading_stands_where_its_text_stands() -> None:
    body = "\n##   Scope of *this* {#scope}  \n"
    heading = outline(body, 10).headings[0]
    assert (heading.level, heading.text, heading.anchor) == (2, "Scope of this", "scope")
    assert heading.span == Span(11, 6, 11, 21)
    assert at(body, heading.span, 10) == "Scope of *this*"


def test_spans_count_code_points_not_bytes() -> None:
    body = "🛠 e\u0301 [x](y.md)\n"
    (link,) = outline(body).links
    assert link.span == Span(1, 10, 1, 14)
    assert at(body, link.span) == "y.md"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(end: str) -> None:
    body = end.join(["# One", "", "text", "[a](b.md)", "", "```mermaid", "graph", "```", "![p](q.png)", ""])
    found = outline(body, 7)
    assert found.headings[0].span == Span(7, 3, 7, 6)
    assert found.links[0].span == Span(10, 5, 10, 9)
    assert found.pictures[0].span == Span(15, 6, 15, 11)
    assert found.fences[0].span == Span(12, 1, 14, 4)
    assert found.fences[0].language == "mermaid"


@pytest.mark.parametrize(
    ("body", "target", "text"),
    [
        ("[a](b.md)", "b.md", "a"),
        ("[a *b*](b.md 'T')", "b.md", "a *b*"),
        ("[a]( b.md )", "b.md", "a"),
        ("[a](<b c.md>)", "b c.md", "a"),
        ('[a](b c.md "T (x)")', "b c.md", "a"),
        ("[a](b(1).md)", "b(1).md", "a"),
        ("[a [b]](c.md)", "c.md", "a [b]"),
        ("[a](b\\_c.md)", "b_c.md", "a"),
        ("[a](b.md?x=1&amp;y=2#z)", "b.md?x=1&y=2#z", "a"),
        ("[a\nb](c.md)", "c.md", "a\nb"),
        ("<https://example.org/x>", "https://example.org/x", "https://example.org/x"),
        ("<me@example.org>", "mailto:me@example.org", "me@example.org"),
        ('<a href="b.md">x</a>', "b.md", ""),
        ("<a class=x href=b.md>x</a>", "b.md", ""),
        ("<A HREF='b.md'>x</A>", "b.md", ""),
        ("[a][r]\n\n[r]: b.md", "b.md", "a"),
        ("[a][]\n\n[A]: <b.md> 'T'", "b.md", "a"),
        ("[A  b]\n\n[a B]:\n  b.md", "b.md", "A  b"),
        ("- x\n\n    [r]: b.md\n\n[r]", "b.md", "r"),
        ("[a](b.md){ .button }", "b.md", "a"),
        ("> [a](b.md)", "b.md", "a"),
        ("| [a](b.md) |\n|---|", "b.md", "a"),
        ("[isodocs](isodocs:SOP-002#scope)", "isodocs:SOP-002#scope", "isodocs"),
    ],
)
def test_one_link(body: str, target: str, text: str) -> None:
    (link,) = outline(body).links
    assert (link.target, link.text) == (target, text)


@pytest.mark.parametrize(
    "body",
    [
        "`[a](b.md)`",
        "``[a](`b.md)``",
        "\\[a](b.md)",
        "[a\\](b.md)",
        "[a] (b.md)",
        "[a](b.md",
        "[a][nowhere]",
        "[a]",
        "- [ ] task\n- [x] done",
        "```\n[a](b.md)\n```",
        "~~~~\n[a](b.md)\n~~~~",
        "    [a](b.md)",
        "\t[a](b.md)",
        "<!-- [a](b.md) -->",
        "x <!-- [a](b.md) --> y",
        "<!--\n[a](b.md)\n\n[c](d.md)\n-->",
        "<pre>[a](b.md)</pre>",
        "<script>var a = '<a href=\"x\">';</script>",
        "<style>[a](b.md)</style>",
        "<a name='x'>y</a>",
        "<link href='x.css'>",
        "[r]: b.md",
    ],
)
def test_no_link(body: str) -> None:
    assert links(body) == []
    assert links(f"Text.\n\n{body}\n\nText.\n") == []


@pytest.mark.parametrize(
    ("body", "target", "alt"),
    [
        ("![a](b.png)", "b.png", "a"),
        ("![](b.png)", "b.png", ""),
        ("![a](b.png 'T'){ width=300 }", "b.png", "a"),
        ("![a][r]\n\n[r]: b.png", "b.png", "a"),
        ("![r]\n\n[r]: b.png", "b.png", "r"),
        ('<img src="b.png" alt="a b">', "b.png", "a b"),
        ("<img alt=a src=b.png />", "b.png", "a"),
        ("<p>\n<img\n  src='b.png'\n  alt=''>\n</p>", "b.png", ""),
        ("<figure markdown>\n![a](b.png)\n</figure>", "b.png", "a"),
        ("[![a](b.png)](c.md)", "b.png", "a"),
        ("| x |\n|---|\n| ![a](b.png) |", "b.png", "a"),
        ("!!! note\n    ![a](b.png)", "b.png", "a"),
        ("## ![a](b.png) in a heading", "b.png", "a"),
        ("- x\n\n    ![a](b.png)", "b.png", "a"),
    ],
)
def test_one_picture(body: str, target: str, alt: str) -> None:
    (picture,) = outline(body).pictures
    assert (picture.target, picture.alt) == (target, alt)


def test_a_picture_put_in_place_by_an_attribute_list_is_seen() -> None:
    assert pictures("![a](b.png){src=c.png}") == ["b.png", "c.png"]
    assert links("[a](b.md){: href=c.md }") == ["b.md", "c.md"]


def test_a_link_around_a_picture_is_both() -> None:
    found = outline("[![a](b.png) text](c.md)\n")
    assert [link.target for link in found.links] == ["c.md"]
    assert [picture.target for picture in found.pictures] == ["b.png"]


@pytest.mark.parametrize(
    "body",
    [
        "Text [a](b.md) and [c](<d e.md> 'T').",
        "![a](b.md)  <a href='c.md'>x</a> <https://example.org>",
        "> - [a](b.md)\n>     more [c]( d.md )",
    ],
)
def test_a_span_covers_the_target_as_written(body: str) -> None:
    found = outline(body)
    places = [(link.span, link.target) for link in found.links]
    places += [(picture.span, picture.target) for picture in found.pictures]
    for span, target in places:
        assert at(body, span).strip() == target


def test_a_reference_spans_the_whole_link() -> None:
    body = "See [the *text*][ref] here.\n\n[ref]: b.md\n"
    (link,) = outline(body).links
    assert at(body, link.span) == "[the *text*][ref]"


def test_anchors_of_all_kinds() -> None:
    body = """# Title

Para <a id="raw"></a><a name="old"></a> *x*{#inline}
{: #block }

<div id="html">
<p name="not-this">
</div>

See[^n].

[^n]: Note.
"""
    assert outline(body).anchors == {"title", "raw", "old", "inline", "block", "html", "fn:n", "fnref:n"}


def test_fences_tell_their_language_and_place() -> None:
    body = "```mermaid\na\n```\n\n- x\n\n    ~~~ { .python #id }\n    b\n    ~~~\n\n````\n```\n````\n"
    found = outline(body).fences
    assert [fence.language for fence in found] == ["mermaid", "python", ""]
    assert [(fence.span.line, fence.span.end_line) for fence in found] == [(1, 3), (7, 9), (11, 13)]


def test_a_fence_never_closed_is_none() -> None:
    assert [heading.text for heading in outline("```\n# Heading\n").headings] == ["Heading"]


@pytest.mark.parametrize(
    ("target", "path", "fragment"),
    [
        ("a.md", "a.md", ""),
        ("a.md#b", "a.md", "b"),
        ("#b", "", "b"),
        ("", "", ""),
        ("?x=1#b", "", "b"),
        ("../a/b.md?x#c", "../a/b.md", "c"),
        ("a%20b.md#%C3%BC", "a b.md", "ü"),
        ("a%2", "a%2", ""),
        ("%2e%2e/a.md", "../a.md", ""),
        ("a%23b.md", "a#b.md", ""),
        ("/a.md", "/a.md", ""),
        ("./a:b.md", "./a:b.md", ""),
        ("a#b#c", "a", "b#c"),
        (" a.md ", "a.md", ""),
        ("Prüfung.md", "Prüfung.md", ""),
        ("1:2.md", "1:2.md", ""),
    ],
)
def test_a_local_target(target: str, path: str, fragment: str) -> None:
    assert local_target(target) == (path, fragment)


@pytest.mark.parametrize(
    "target",
    [
        *(
            "https://example.org/a.md",
            "mailto:me@example.org",
            "HTTP:a",
            "tel:+49",
            "isodocs:SOP-001",
            "C:\\a.md",
        ),
        *(
            "//example.org/a.png",
            "\\\\host\\a",
            "/\\host/a",
            "\\/host",
            "java\nscript:x",
            " \x01https:x",
            "ht\ttps://a",
        ),
        *("data:image/png;base64,AAAA", "file:///etc/passwd", "git+ssh://a"),
    ],
)
def test_a_target_elsewhere(target: str) -> None:
    assert local_target(target) is None


def test_embedded_files_are_normalised_sorted_and_once() -> None:
    document = parse(
        b"---\nid: FRM-001\npayload: ./files/form%201.xlsx\n---\n"
        b"![a](./img/a.png) ![a](img//a.png#x) ![b](../b.png?v=1) ![c](img/../c.png)\n"
        b"![far](https://example.org/x.png) ![far](//example.org/x.png) ![page](#top) [link](link.md)\n"
        b"<img src='d%20e.png'> `![no](no.png)`\n\n![r]\n\n[r]: r.png\n"
    )
    assert embedded(document.front, document.body) == (
        *("../b.png", "c.png", "d e.png", "files/form 1.xlsx", "img/a.png", "r.png"),
    )


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("payload: a.xlsx", ("a.xlsx",)),
        ("payload: [b.xlsx, a.xlsx]", ("a.xlsx", "b.xlsx")),
        ("payload: https://example.org/a.xlsx", ()),
        ("payload:", ()),
        ("payload: {a: b}", ()),
        ("other: a.xlsx", ()),
        ("payload: /a.xlsx", ("/a.xlsx",)),
    ],
)
def test_the_payload_is_embedded(front: str, expected: tuple[str, ...]) -> None:
    document = parse(f"---\n{front}\n---\nText.\n".encode())
    assert embedded(document.front, document.body) == expected


def test_without_front_matter_the_body_counts() -> None:
    assert embedded(None, "![a](a.png)") == ("a.png",)
    assert embedded(None, "no picture") == ()


def test_white_space_makes_no_other_body() -> None:
    assert body_digest("a b\n\nc\n") == body_digest("\r\na\tb\r\n c")
    assert body_digest("a b") != body_digest("ab")
    assert len(body_digest("")) == len("0" * 64)


@given(st.text(alphabet="ab[](){}!<>`*_#\\\n -|:.&\"'=/~", max_size=200))
def test_any_text_can_be_read(body: str) -> None:
    found = outline(body)
    height = len(body.split("\n"))
    places = [link.span for link in found.links] + [picture.span for picture in found.pictures]
    assert all(span.end_line <= height for span in places)


@pytest.mark.parametrize(
    "block",
    [
        *(
            "[x](y.md) ",
            "# Heading\n\n",
            "![",
            "[",
            "`a ",
            "<div>\n",
            "- item\n",
            "> quote\n",
            "| a | b |\n",
            "<!-- ",
        ),
        *(
            "```\ncode\n",
            "[a]: b.md\n",
            "*a ",
            "_a ",
            "&amp; ",
            "word ",
            "-",
            "{#a} ",
            "[x](",
            "<a href='",
            "    code\n",
        ),
    ],
)
def test_time_grows_with_the_length_and_no_faster(block: str) -> None:
    def seconds(size: int) -> float:
        body = block * (size // len(block))
        begun = time.process_time()
        outline(body)
        return time.process_time() - begun

    assert seconds(300_000) < 25 * seconds(30_000) + 0.5
