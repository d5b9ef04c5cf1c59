"""No file of the site names another host in a way that a browser would follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support import editions, sites

from mkdocs_isodocs import hosts

if TYPE_CHECKING:
    from pathlib import Path

# What may be named, and why.
NAMESPACES = r"www\.w3\.org/(?:2000/svg|1999/xhtml|1999/xlink|1998/Math/MathML|2000/xmlns|XML/1998/namespace)"
SITEMAP = r"www\.sitemaps\.org/schemas/sitemap"
COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|(?:^|(?<=[\s;{]))//[^\n]*", re.DOTALL | re.MULTILINE)
# Scripts name these in sentences for developers (Mermaid; lunr: bit.ly, isaacs), a style sheet in a licence
# (Font Awesome); none is loaded. That no request goes out is what tests/browser shows.
IN_SENTENCES = re.compile(
    r"https?://(?:bit\.ly/2s3ChXG|chevrotain\.io|fontawesome\.com|github\.com/(?:isaacs|mermaid-js|chevrotain|markedjs|jquery)|langium\.org|"
    r"en\.wikipedia\.org|tldrlegal\.com|jquery\.org|openjsf\.org|lodash\.com|underscorejs\.org|"
    r"opensource\.org|engelschall\.com|www\.eclipse\.org|katex\.org|blog\.bitsrc\.io|cytoscape\.org|"
    r"js\.cytoscape\.org|mermaid\.js\.org|stackoverflow\.com|developer\.mozilla\.org|bugs\.|www\.graphviz\.org|"
    r"html\.spec\.whatwg\.org|tc39\.es|iconify\.design|knsv\.github\.io)[^\s\"'`)]*",
)
ADDRESS = re.compile(
    rf"(?:https?:)?//(?!{NAMESPACES})(?!{SITEMAP})[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'`)]*", re.IGNORECASE
)
ATTRIBUTE = re.compile(
    r"<(?!a\b)\w+\b[^>]*?\s(?:href|src|srcset|action|data|poster|content)\s*=\s*[\"']?\s*((?:https?:)?//[^\s\"'>]+)",
    re.IGNORECASE,
)
LOADING = re.compile(
    r"(?:fetch|import|importScripts|Worker|open|url|src=|href=)\s*\(?[\"'`]?\s*((?:https?:)?//[\w.]+)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("company")
    config = (
        f"{sites.PLAIN}repo_url: https://github.com/example/manual\nedit_uri: edit/main/\n"
        "extra_css: [https://x.example/a.css]\nextra_javascript: [https://x.example/a.js]\n"
        "extra: {analytics: {provider: google, property: G-1}, homepage: 'https://x.example', "
        "polyfills: ['https://unpkg.com/x']}\nplugins: [search, isodocs]\n"
    )
    with pytest.MonkeyPatch.context() as monkeypatch:
        built = sites.tree(sites.build(folder, monkeypatch, editions.company(), config))
    return {path: data.decode("utf-8", "replace") for path, data in built.items()}


def test_no_page_names_another_host(site: dict[str, str]) -> None:
    pages = {path: text for path, text in site.items() if path.endswith(".html")}
    assert len(pages) > 10
    assert {path: ADDRESS.findall(text) for path, text in pages.items() if ADDRESS.search(text)} == {}


def test_no_script_or_style_sheet_names_another_host(site: dict[str, str]) -> None:
    found = {}
    for path, text in site.items():
        if path.endswith((".js", ".css", ".json", ".xml")):
            rest = IN_SENTENCES.sub("", COMMENT.sub("", text))
            if left := re.findall(rf"https?://(?!{NAMESPACES})(?!{SITEMAP})[^\s\"'`)]+", rest):
                found[path] = left
    assert found == {}


def test_nothing_is_loaded_from_another_host(site: dict[str, str]) -> None:
    for path, text in site.items():
        if path.endswith((".js", ".css")):
            loaded = [place for place in LOADING.findall(COMMENT.sub("", text)) if "www.w3.org" not in place]
            assert loaded == [], path


def test_mermaid_ships_only_where_a_page_draws(
    site: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "assets/isodocs/mermaid.min.js" in site
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.edition(editions.document())))
    assert "assets/isodocs/mermaid.min.js" not in built


def test_the_theme_script_loads_the_mermaid_that_ships(site: dict[str, str]) -> None:
    bundle = next(text for path, text in site.items() if "javascripts/bundle." in path)
    assert 'new URL("assets/isodocs/mermaid.min.js",__md_scope).href' in bundle
    assert "unpkg" not in bundle


@pytest.mark.parametrize(
    ("script", "changed"),
    [
        ('x("https://unpkg.com/mermaid@11/dist/mermaid.min.js")', f"x({hosts._LOCAL})"),
        ('x("https://unpkg.com/mermaid@12.1/dist/m.js")', f"x({hosts._LOCAL})"),
        ("`https://api.github.com/repos/${e}`", "`about:blank#/repos/${e}`"),
        ('"http://www.w3.org/2000/svg"', '"http://www.w3.org/2000/svg"'),
    ],
)
def test_known_addresses_are_replaced(script: str, changed: str) -> None:
    assert hosts.local(script) == changed


def test_every_page_carries_the_security_policy(site: dict[str, str]) -> None:
    for path, text in site.items():
        if path.endswith(".html"):
            head = text.partition("</head>")[0]
            policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', head)
            assert policy, path
            assert "script-src 'self' file:;" in policy[1]
            assert head.index("Content-Security-Policy") < head.index("<script")


def test_no_page_has_an_inline_script_or_handler(site: dict[str, str]) -> None:
    for path, text in site.items():
        if path.endswith(".html"):
            inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text)
            assert inline == [], path
            assert re.findall(r"<[^>]+\son[a-z]+\s*=", text) == [], path
            assert "javascript:" not in text, path
