"""Anchors, links and pictures are those the published site has: held against Python-Markdown itself."""

from __future__ import annotations

import random
from html.parser import HTMLParser
from typing import Any

import pytest

from isodocs.core.anchors import Anchors, attributes, heading_attributes, slug
from isodocs.core.markdown import outline

markdown: Any = pytest.importorskip("markdown", reason="the site extra is not installed")
pytest.importorskip("pymdownx", reason="the site extra is not installed")

EXTENSIONS = [
    *("toc", "attr_list", "md_in_html", "tables", "footnotes", "def_list", "abbr", "admonition"),
    *("pymdownx.superfences", "pymdownx.details", "pymdownx.tabbed"),
]
HEADINGS = r"""
Scope
Purpose and scope
Überprüfung der Prüfmittel
Ärger & Freude
Æsop, Łódź, ß, ø and ð
A *b* c
A **b** c
A _b_ c
A __b__ c
snake_case_word
two_words and _one_
_snake_case_
__init__.py
`code` here
`__init__` and `a*b*c`
``a `tick` b``
`unclosed tick
a `b` c `d` e
[link](target.md) text
[link](target.md "title") _x_
[link with `code`](a.md) and *more*
[ref][one] and [two]
[three][] collapsed
[undefined][nowhere] stays
![pic](a.png) after
before ![pic *alt*](a.png)
[![pic](a.png)](b.md) pictured link
<b>bold</b> html
<a id="x"></a>Anchor
<span class="a > b">tag</span> with a bracket
AT&amp;T and &copy; &#169; &#xA9; &nope
A &lt;b&gt; c
5 < 6 > 4
a<b and c>d
1. Numbered
1.2 Version 1.10
§ 7.5.3 Control
4.3 / 4.4 Scope
Trailing hashes ##
Trailing hash in word C#
C# language
Question? Yes!
“Quotes” — dash – en
emoji 🛠 tool
👩🏽‍🔬 family
日本語の見出し
日本語 and English
Контроль документов
Ελληνικά
עברית
a  b   c
-lead and trail-
a--b---c
a - b — c
under_ score _a b_
**bold _both_**
***x***
*a **b** c*
_a **b** c_
\*escaped\* \_a\_
\`tick\`
a\b and a\\b
Class {.cls}
Colon {: .a .b }
Not {#attr} end
{{ jinja }}
{ not a list }
{}
Email <me@example.com>
Auto <https://example.org/a_b>
https://plain.example.org
Footnote[^1] here
(paren) [bracket]
Ⅳ Roman ﬁ ligature ①
½ and ² and ™
é combining e\u0301
naïve café
x_1
x_1_2
_
***
---x
!important
a/b\c
50% of £5 and €6
"double" 'single'
key: value
key = "value"
Tab	here
<span>nested <i>x</i></span>
a <br> b
a <br/> b
[a](b) [c](d)
[a `]` b](c)
[x](<a b.md>)
[x](a(1).md)
[x](a b.md)
[x](a.md 'single')
*a* _b_ **c** __d__ ***e***
*unclosed star
_unclosed under
a_b_c _d_ e_
a*b*c
1\. not list
# inner hash
^sup^ ~sub~ ==mark==
:smile: [[wiki]]
don't won't
"it's" — he said…
a|b
~~struck~~
x{y}z
$math$
<!-- comment --> hidden
text <!-- comment --> text
&nbsp;space
zero\u200bwidth
NBSP\u00a0here
""".strip().split("\n")
HEADINGS = [
    text.replace("\\u0301", "\u0301").replace("\\u200b", "\u200b").replace("\\u00a0", "\xa0")
    for text in HEADINGS
]
WITH_IDS = [
    *(
        "Custom {#custom-id}",
        "Custom {#custom-id}",
        "Both {.cls #both}",
        "Colon {: #colon }",
        "KV {id=kv key='v'}",
    ),
    *(
        "Two {#a} {#b}",
        "[l](k.md){#inner} linked",
        "*em*{#eid} x",
        "`c`{#cid}",
        "Scope {#scope}",
        "Hash # {#hash}",
    ),
]
TAIL = "\n\n[one]: u\n[two]: v\n[three]: w\n\n[^1]: A note.\n"
BLOCKS = [
    *(
        "# Title",
        "## Scope",
        "## Scope",
        "Title\n=====",
        "Sub\n---",
        "text [a](b.md) more",
        "***",
        "---",
        "- - -",
    ),
    *("- item\n- [x](y.md)", "1. one\n2. two", "    # indented", "    code [no](no.md)", "  - two spaces"),
    *(
        "- a\n    - b [n](n.md)",
        "- a\n\n    para [p](p.md)\n\n    ## In list",
        "- a\n\n        code [c](c.md)",
    ),
    *(
        "```\n[f](f.md)\n# no\n```",
        "    ```\n    # x\n    ```",
        "~~~ python\n# c\n~~~",
        "```text\n>>> a\n```",
    ),
    *(
        "``` yaml hl_lines='2 3'\n# y\n```",
        "````\n```\n# in\n```\n````",
        "```inline``` [a](i.md)",
        "```\n# open",
    ),
    *("> # Q\n> text [q](q.md)", "> - a\n> ## QQ", "> > # deep", "> ```\n> # x\n> ```"),
    *("!!! note\n    ## N\n    [n2](n2.md)", '!!! note "T"\n\n    para\n\n        code [z](z)\n\n    ## N3'),
    *(
        "??? tip\n    ### D",
        '=== "Tab"\n    #### T\n\n    ![t](t.png)',
        '=== "T2"\n\n    - l\n\n        - m [m2](m2.md)',
    ),
    *("| a | b |\n|---|---|\n| [l](l.md) | ![i](i.png) |", "a | b\n--|--\n[k](k.md) | `[no](x)`"),
    *(
        "text\n# Mid heading\nmore",
        "para\nline2\n---",
        "#NoSpace",
        "####### seven",
        "# Trailing #",
        "  ## two",
    ),
    *(
        "<div>\n# raw\n[r](r.md)\n</div>",
        "<div markdown>\n## md\n[m](m.md)\n</div>",
        "<pre><a href='pre.md'>x</a></pre>",
    ),
    *("<!-- c [c](c) -->", "<!--\n# no\n\n[x](x)\n-->", "<p>x <a href='h.md'>y</a></p> tail [t](t.md)"),
    *(
        "inline <b>x</b> <img src='s.png' alt=x>",
        "<img src=bare.png>",
        "<table><tr><td>\n# cell\n</td></tr></table>",
    ),
    *(
        "[ref]: r.md 't'",
        "[ref] and [t][ref]",
        "![pic][ref]",
        "[^1]: foot [n](fn.md)",
        "see[^1]",
        "*[ISO]: x\n\nISO",
    ),
    *(
        "Term\n:   Def [d](d.md)",
        "`code [no](x)` and `` ` ``",
        "a  \nb",
        "\\[esc](e.md)",
        "[a][b",
        "](x)",
        "[]( )",
        "[x]()",
    ),
    *(
        "[multi\nline](ml.md)",
        "[t](a b.md 'ti')",
        "[t](<a b.md>)",
        '[t](a.md "q (r)")',
        "[t](a(b)c.md)",
        "[o [i](j.md)](k.md)",
    ),
    *(
        "<https://e.org>",
        "<a@e.org>",
        "[e&amp;f](g&amp;h.md)",
        "[p](a\\_b.md)",
        "![](only.png)",
        "![a](x.png){ width=3 }",
    ),
    *(
        "{: #blockid }",
        "para\n{: #pid }",
        "*em*{#eid}",
        "## x <a id='y'></a>",
        "## `c` _d_",
        "## [l](k.md) {.c #lid}",
    ),
    *(
        "- # li head",
        "+ a\n+ b\n\n## Next",
        "text\n- tight [ti](ti.md)",
        "para\n    cont [co](co.md)",
        "a\n===\nb",
    ),
    *(
        "* a\n\n    b\n* c\n\n# H",
        "1. x\n\n   three [t3](t3.md)",
        "\ttab code [tc](tc)",
        "-\ttab item",
        "1) no list",
    ),
]


class _Targets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.pictures: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        made = values.get("class") in {"footnote-ref", "footnote-backref"}
        if tag == "a" and "href" in values and not made:
            self.links.add(values["href"] or "")
        if tag == "img" and values.get("src"):
            self.pictures.add(values["src"] or "")
        if values.get("id"):
            self.names.add(values["id"] or "")


def published(body: str) -> tuple[list[tuple[int, str]], set[str], set[str], set[str]]:
    """Headings (level, anchor), links, pictures and all ids of the page the site makes of this body."""
    settings = {"pymdownx.tabbed": {"alternate_style": True}}
    converter = markdown.Markdown(extensions=EXTENSIONS, extension_configs=settings)
    page = _Targets()
    page.feed(converter.convert(body))
    headings: list[tuple[int, str]] = []
    open_tokens = list(converter.toc_tokens)
    while open_tokens:
        token = open_tokens.pop(0)
        headings.append((token["level"], token["id"]))
        open_tokens = [*token["children"], *open_tokens]
    return headings, page.links, page.pictures, page.names


def check_alike(body: str) -> None:
    headings, links, pictures, names = published(body)
    ours = outline(body)
    assert [(heading.level, heading.anchor) for heading in ours.headings] == headings
    assert {link.target for link in ours.links} == links
    assert {picture.target for picture in ours.pictures} == pictures
    assert {name for name in ours.anchors if not name.startswith("fn")} <= names


@pytest.mark.parametrize("text", [*HEADINGS, *WITH_IDS])
def test_one_heading(text: str) -> None:
    check_alike(f"# {text}{TAIL}")
    check_alike(f"### {text} ###{TAIL}")


@pytest.mark.parametrize("text", [text for text in HEADINGS if text[:4] != "<!--" and text[0] not in "#1"])
def test_one_underlined_heading(text: str) -> None:
    check_alike(f"{text}\n===={TAIL}")


def test_all_headings_of_one_page_with_their_duplicates() -> None:
    every = [*HEADINGS, *WITH_IDS, *HEADINGS, *WITH_IDS]
    body = "\n\n".join(f"{'#' * (number % 6 + 1)} {text}" for number, text in enumerate(every))
    check_alike(body + TAIL)


@pytest.mark.parametrize("body", BLOCKS)
def test_one_block(body: str) -> None:
    check_alike(f"{body}\n")
    check_alike(f"Intro.\n\n{body}\n\nOutro.\n")


@pytest.mark.parametrize("seed", range(40))
def test_pages_put_together_at_random(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    notes_last = sorted(chance.sample(BLOCKS, 12), key=lambda block: block.startswith("[^"))
    pieces = [block for block in notes_last if not block.startswith("    ")]
    check_alike("\n\n".join(pieces) + "\n")


def test_a_slug_is_plain_ascii() -> None:
    assert slug("Prüf-Mittel  & Co.") == "pruf-mittel-co"
    assert slug("日本語") == ""


def test_taken_anchors_get_the_next_free_number() -> None:
    anchors = Anchors()
    assert [anchors.take(name) for name in ("a", "a", "a_1", "a", "", "")] == [
        "a",
        "a_1",
        "a_2",
        "a_3",
        "_1",
        "_2",
    ]


def test_many_equal_headings_take_no_time() -> None:
    body = "# same_5\n\n" * 20000
    assert outline(body).headings[-1].anchor == "same_20004"


def test_attribute_lists() -> None:
    assert attributes("#a .b key=\"v w\" other='x' z=1") == {"id": "a", "key": "v w", "other": "x", "z": "1"}
    assert heading_attributes("Title ## {#x}") == ("Title", {"id": "x"})
    assert heading_attributes("Title {#x} {#y}") == ("Title {#x} {#y}", {})
    assert heading_attributes("Title {}") == ("Title {}", {})
