"""How the site looks and what it may load: theme, extensions, security policy, facts for the templates."""

from __future__ import annotations

import logging
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pymdownx.emoji  # type: ignore[import-untyped] # as below
import pymdownx.superfences  # type: ignore[import-untyped] # it has no stubs

from isodocs.edition import registers

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from isodocs.edition.model import PublishedDocument
    from mkdocs_isodocs.content import Site

log = logging.getLogger("mkdocs.plugins.isodocs")
THEME: Final = Path(__file__).parent / "theme"
WORKER: Final = "assets/isodocs/iframe-worker.js"
POLICY: Final = (
    "default-src 'none'; script-src 'self' file:{inline}; style-src 'self' 'unsafe-inline' file:; "
    "img-src 'self' data: file:; font-src 'self' file:; connect-src 'self'; worker-src 'self'; "
    "frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
)
_EXTENSIONS: Final = ("admonition", "def_list", "footnotes", "tables", "toc", "pymdownx.superfences")
_UNWANTED_FEATURES: Final = (
    "announce.dismiss",
    "content.action.",
    "header.autohide",
    "navigation.expand",
    "navigation.instant",
    "navigation.path",
    "navigation.sections",
    "navigation.tabs",
    "search.share",
    "toc.integrate",
)
_WANTED_FEATURES: Final = (
    "navigation.indexes",
    "navigation.prune",
    "navigation.top",
    "search.highlight",
    "toc.follow",
)
_KINDS: Final = {registers.HOME: "home", registers.RULES: "rules"}
_HEADING: Final = re.compile(r"<h1\b[^>]*>")
_PALETTE: Final = (
    ("(prefers-color-scheme: light)", "default", "material/weather-night", "Switch to dark mode"),
    ("(prefers-color-scheme: dark)", "slate", "material/weather-sunny", "Switch to light mode"),
)


def prepare(config: MkDocsConfig, *, offline: bool) -> None:
    """Set up theme and extensions, and take out what would load or name another host."""
    config.repo_url = None
    config.edit_uri = None
    config.edit_uri_template = None
    if offline:
        config.use_directory_urls = False
    _prepare_extras(config, offline=offline or not config.use_directory_urls)
    _prepare_extensions(config)
    if config.theme.name == "material":
        _prepare_theme(config)
    else:
        log.warning("isodocs: only the theme `material` shows headers, notices and the security policy.")


def _prepare_extras(config: MkDocsConfig, *, offline: bool) -> None:
    for key in ("analytics", "consent", "homepage"):
        config.extra.pop(key, None)
    config.extra["generator"] = False
    shims = [each for each in config.extra.get("polyfills", []) if not _is_elsewhere(each)]
    config.extra["polyfills"] = [*shims, WORKER] if offline and WORKER not in shims else shims
    for name in ("extra_css", "extra_javascript"):
        kept = [each for each in config[name] if not _is_elsewhere(each)]
        if len(kept) < len(config[name]):
            log.warning("isodocs: %s names another host; it is left out.", name)
        config[name] = kept


def _is_elsewhere(script: object) -> bool:
    parts = urlsplit(str(script))
    return bool(parts.scheme or parts.netloc)


def _prepare_extensions(config: MkDocsConfig) -> None:
    """Switch on what documents need; what mkdocs.yml sets stays as it is."""
    for name in _EXTENSIONS:
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
    config.mdx_configs.setdefault("toc", {}).setdefault("permalink", True)
    fences = config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", [])
    if "pymdownx.emoji" in config.markdown_extensions:
        # Its own pictures would come from another host.
        config.mdx_configs.setdefault("pymdownx.emoji", {}).setdefault(
            "emoji_generator", pymdownx.emoji.to_alt
        )
    if not any(fence.get("name") == "mermaid" for fence in fences):
        code = pymdownx.superfences.fence_code_format
        fences.append({"name": "mermaid", "class": "mermaid", "format": code})


def _prepare_theme(config: MkDocsConfig) -> None:
    theme = config.theme
    if str(THEME) not in theme.dirs:
        theme.dirs.insert(1 if theme.custom_dir else 0, str(THEME))
    theme["font"] = False
    features = [each for each in theme.get("features") or [] if not each.startswith(_UNWANTED_FEATURES)]
    theme["features"] = [*features, *(each for each in _WANTED_FEATURES if each not in features)]
    if not theme.get("palette"):
        theme["palette"] = [
            {
                "media": media,
                "scheme": scheme,
                "primary": "custom",
                "accent": "custom",
                "toggle": {"icon": icon, "name": name},
            }
            for media, scheme, icon, name in _PALETTE
        ]


def site_facts(site: Site, *, serving: bool) -> dict[str, Any]:
    """What every template may ask about the site. The server of ``mkdocs serve`` needs inline scripts."""
    del site
    return {"policy": POLICY.format(inline=" 'unsafe-inline'" if serving else "")}


def with_id(html: str, name: str) -> str:
    """The page with the document's id in its heading, where the search finds it; its anchor stays."""
    return _HEADING.sub(
        lambda found: f'{found[0]}<span class="isodocs-id">{escape(name)}</span> ', html, count=1
    )


def page_facts(page: Page, document: PublishedDocument | None) -> dict[str, Any]:
    """What a page's template may ask about its document. Strings are not escaped."""
    if document is None:
        return {"kind": _KINDS.get(page.file.src_uri, "register")}
    return {
        "kind": "document",
        "id": document.id,
        "revision": document.revision,
        "since": document.effective_from.isoformat() if document.effective_from else "",
        "draft": page.file.src_uri.startswith("drafts/"),
    }
