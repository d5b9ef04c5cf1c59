"""Escaping and the allow-list."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import rendering

from isodocs.edition import html

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    "![x](data:text/html,x)",
    "`code` *a* _b_ **c** ~~d~~ ==e== ^^f^^ ++g++",
    "| a | b |",
    "# heading",
    "--8<-- file",
    ":smile: :material-check:",
    "{onclick=alert(1)}",
    "&lt;script&gt; &amp; &#60;",
    "1. one",
    "- item",
    "!!! note",
    "/// html",
    "\\<b\\>",
    "$x$ <https://x.example> https://x.example",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("render", [rendering.with_python_markdown, rendering.with_commonmark])
def test_what_people_typed_is_shown_as_they_typed_it(text: str, render: object) -> None:
    assert callable(render)
    page = render(f"A line {html.in_markdown(text)}\n")
    assert rendering.faults(page) == []
    assert rendering.words(page).strip() == f"A line {html.one_line(text)}"


@pytest.mark.parametrize("text", HOSTILE)
def test_in_many_extensions_it_acts_as_nothing(text: str) -> None:
    page = rendering.with_python_markdown(f"# {html.in_markdown(text)}\n", rendering.MANY_EXTENSIONS)
    assert rendering.faults(page) == []
    assert page.count("<h1") == 1
    assert "<a" not in page.replace('<a class="headerlink"', "")


@pytest.mark.parametrize("text", HOSTILE)
def test_in_a_cell_it_stays_one_cell(text: str) -> None:
    page = rendering.with_python_markdown(f"| {html.in_markdown(text)} | end |\n| --- | --- |\n| x | y |\n")
    assert page.count("<th>") == 2


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("render", [rendering.with_python_markdown, rendering.with_commonmark])
def test_in_raw_html_it_is_text(text: str, render: object) -> None:
    assert callable(render)
    page = render(f'<table title="{html.in_html(text)}">\n<tr><td>{html.in_html(text)}</td></tr>\n</table>\n')
    assert [fault for fault in rendering.faults(page) if "title" not in fault] == []
    assert rendering.words(page).strip() == html.one_line(text)


@given(st.text(max_size=60))
def test_in_markdown_says_the_same_in_any_text(text: str) -> None:
    page = rendering.with_commonmark(f"x{html.in_markdown(text)}x\n")
    assert rendering.words(page).rstrip("\n") == f"x{html.one_line(text)}x"
    assert rendering.faults(page) == []


@given(st.text(max_size=60))
def test_a_title_is_safe_raw_and_reads_well(text: str) -> None:
    title = html.in_title(text)
    assert not set(title) & set("<>\"'")
    assert unescape(title) == html.one_line(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Control of documents", "Control of documents"),
        ("R&D", "R&D"),
        ("Q&A; a", "Q&A; a"),
        ("a &lt; b", "a &amp;lt; b"),
        ("<b>", "&lt;b&gt;"),
        ('say "x"', "say &quot;x&quot;"),
    ],
)
def test_a_title_has_as_few_entities_as_can_be(text: str, title: str) -> None:
    assert html.in_title(text) == title


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SOP-001", "SOP-001"),
        ("2026-11-23 06:30 (Europe/Berlin)", "2026-11-23 06:30 (Europe/Berlin)"),
        ("Clearer limits, after 2 complaints; see there.", "Clearer limits, after 2 complaints; see there."),
    ],
)
def test_ordinary_words_stay_readable_in_the_staged_text(text: str, shown: str) -> None:
    assert html.in_markdown(text) == shown


def test_control_and_direction_characters_are_gone() -> None:
    assert html.one_line("a\x00b\x1bc\u202ed\r\n e\u2028f") == "a b c d e f"


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        ("SOP-002.md", ""),
        ("#anchor", ""),
        ("a b: c", ""),
        ("https://x.example", "https"),
        ("MAILTO:a@x.example", "mailto"),
        ("javascript:alert(1)", "javascript"),
        ("  JavaScript:alert(1)", "javascript"),
        ("java\nscript:alert(1)", "javascript"),
        ("java\tscript:alert(1)", "javascript"),
        ("\x01javascript:alert(1)", "javascript"),
        ("&#106;avascript:alert(1)", "javascript"),
        ("&#x6a;avascript:alert(1)", "javascript"),
        ("javascript&colon;alert(1)", "javascript"),
        ("java&Tab;script:alert(1)", "javascript"),
        ("java&amp;Tab;script:alert(1)", "javascript"),
        ("javascript\\:alert(1)", "javascript"),
        ("<javascript:alert(1)", "javascript"),
        ("data:text/html,x", "data"),
        ("vbscript:x", "vbscript"),
        ("isodocs:SOP-001", "isodocs"),
    ],
)
def test_a_scheme_cannot_hide(address: str, scheme: str) -> None:
    assert html.scheme_of(address) == scheme


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("isodocs approve <ID>", "isodocs approve <ID>"),
        ("Jane <jane@x.example>", "Jane <jane@x.example>"),
        ("a < b <= c << d", "a < b <= c <\u2060< d"),
        ("<script>", "<\u2060script>"),
        ("</script>", "<\u2060/script>"),
        ("<ID onclick=x>", "<\u2060ID onclick=x>"),
        ("<!-- x -->", "<\u2060!-- x -->"),
        ("<https://x.example/a>", "<https://x.example/a>"),
        ("no tag", "no tag"),
    ],
)
def test_code_is_changed_only_where_it_could_act(code: str, shown: str) -> None:
    assert html.harmless_code(code) == shown


def test_a_tag_has_one_form() -> None:
    found = html.TAG.match("<TD colspan='2' class=x onclick=\"y\" id=__config title=z>")
    assert found is not None
    assert html.tag("td", html.attributes_of(found)) == '<td colspan="2">'
    assert html.tag("td", {}, close=True) == "</td>"
