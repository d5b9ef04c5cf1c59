"""What Markdown renderers make of a staged page, and what in it could act in a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import markdown  # type: ignore[import-untyped] # it has no stubs
from markdown_it import MarkdownIt

from isodocs.edition.html import ALLOWED

SITE_EXTENSIONS = ["admonition", "def_list", "footnotes", "tables", "toc", "pymdownx.superfences"]
MANY_EXTENSIONS = [
    *SITE_EXTENSIONS,
    "abbr",
    "attr_list",
    "md_in_html",
    "sane_lists",
    "pymdownx.betterem",
    "pymdownx.caret",
    "pymdownx.critic",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.keys",
    "pymdownx.magiclink",
    "pymdownx.mark",
    "pymdownx.smartsymbols",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
    "pymdownx.tilde",
]
MADE_BY_RENDERERS = frozenset(
    re.findall(
        r"\w+",
        "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre div details summary input label section strike "
        "tt",
    ),
)


def with_python_markdown(text: str, extensions: list[str] | None = None) -> str:
    """As MkDocs renders it."""
    return str(markdown.markdown(text, extensions=extensions or SITE_EXTENSIONS))


def with_commonmark(text: str) -> str:
    """As a CommonMark renderer that lets HTML through."""
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


class _Watch(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        unknown = tag not in ALLOWED and tag not in MADE_BY_RENDERERS
        if unknown and attrs:
            self.faults.append(f"<{tag}> with attributes")
        elif unknown and tag in DANGEROUS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"section {data!r}")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in {
            "srcdoc",
            "srcset",
            "formaction",
            "action",
            "http-equiv",
            "background",
        }:
            self.faults.append(f"<{tag} {name}={value!r}>")
        if name == "style" and not value.replace(" ", "").startswith("text-align:"):
            self.faults.append(f"<{tag} style={value!r}>")
        if name in {"href", "src", "cite", "data", "poster"}:
            self._address(tag, name, value)
        if name == "class" and "isodocs-c" in value:
            self.faults.append(f"class {value!r}")

    def _address(self, tag: str, name: str, value: str) -> None:
        scheme = browser_scheme(value)
        if scheme and (scheme not in {"http", "https", "mailto", "tel"} or name == "src"):
            self.faults.append(f"<{tag} {name}={value!r}>")
        if name == "src" and value and urlsplit(value.strip()).netloc:
            self.faults.append(f"<{tag} src={value!r}> on another host")


def browser_scheme(address: str) -> str:
    """The scheme as a browser finds it: URL Standard, "basic URL parser", steps before the state machine."""
    text = re.sub("[\t\n\r]", "", address.strip("".join(map(chr, range(33)))))
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    return found[1].lower() if found else ""


DANGEROUS = frozenset(
    re.findall(
        r"\w+",
        "script style iframe frame frameset object embed applet form textarea select button base meta link "
        "title noscript template svg math xmp plaintext noembed noframes video audio source portal body html "
        "head marquee isindex",
    ),
)


def faults(html: str) -> list[str]:
    """What could run, load or pretend in this HTML."""
    watch = _Watch()
    watch.feed(html)
    watch.close()
    return watch.faults


def words(html: str) -> str:
    """The text a reader sees."""
    watch = _Watch()
    watch.feed(html)
    watch.close()
    return "".join(watch.words)
