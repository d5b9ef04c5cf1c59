"""What a page of the site depends on, as digests: two pages with one digest are the same to the byte.

What cannot be known is not guessed: then no page is taken over from an earlier build.
"""

from __future__ import annotations

import enum
import functools
import os
import sys
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b, sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page

from mkdocs_isodocs import navigation, presentation
from mkdocs_isodocs.content import StagedSource
from mkdocs_isodocs.rendering import is_heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.plugins import BasePlugin
    from mkdocs.structure import StructureItem
    from mkdocs.structure.files import File
    from mkdocs.structure.nav import Navigation

    from mkdocs_isodocs.content import Site

PACKAGE: Final = Path(__file__).parent
_OURS: Final = "mkdocs_isodocs.plugin"
PLUGINS: Final = frozenset({"material.plugins.search.plugin", _OURS})
# fmt: off
_MARKDOWN: Final = (
    "abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes",
    "legacy_attrs", "legacy_em", "md_in_html", "nl2br", "sane_lists", "smarty", "tables", "toc",
)
_PYMDOWNX: Final = (
    "arithmatex", "betterem", "caret", "critic", "details", "emoji", "escapeall", "extra", "highlight",
    "inlinehilite", "keys", "magiclink", "mark", "progressbar", "saneheaders", "smartsymbols", "striphtml",
    "superfences", "tabbed", "tasklist", "tilde",
)
# Where things lie, what is served and told, what the edition decides; theme and plugins are looked at apart.
_ELSEWHERE: Final = frozenset({
    "config_file_path", "dev_addr", "docs_dir", "draft_docs", "exclude_docs", "hooks", "nav", "not_in_nav",
    "pages", "plugins", "remote_branch", "remote_name", "site_dir", "strict", "theme", "watch",
})
# fmt: on
EXTENSIONS: Final = frozenset(
    {
        *_MARKDOWN,
        *(f"markdown.extensions.{name}" for name in _MARKDOWN),
        *(f"pymdownx.{n}" for n in _PYMDOWNX),
    }
)
"""Extensions that look at the text alone. ``pymdownx.snippets`` and the like read files."""
_SUPPLIERS: Final = frozenset({"markdown", "material", "pymdownx"})
_PACKAGES: Final = (
    "backrefs",
    "jieba",
    "jinja2",
    "markdown",
    "markupsafe",
    "mkdocs",
    "mkdocs-material",
    "properdocs",
    "pygments",
    "pymdown-extensions",
    "pyyaml",
)
_TEMPLATES: Final = (".html", ".htm", ".xml", ".j2", ".jinja", ".jinja2")


class UnknownInfluence(Exception):
    """Something in the configuration may change pages in a way that nobody here can know; its sentence."""


def site_digest(config: MkDocsConfig, site: Site, *, serving: bool) -> bytes:
    """All that every page depends on: configuration, theme, versions.

    Raises:
        UnknownInfluence: the influence of something in the configuration cannot be known.
    """
    digest = blake2b(digest_size=32)
    for part in _of_site(config, site, serving=serving):
        digest.update(b"%d:%b" % (len(part), part))
    return digest.digest()


def _of_site(config: MkDocsConfig, site: Site, *, serving: bool) -> Iterator[bytes]:
    yield repr(
        (sys.version, Page.__module__, is_heard(), presentation.site_facts(site, serving=serving))
    ).encode()
    yield repr([(name, _version(name)) for name in _PACKAGES]).encode()
    yield repr(_configuration(config)).encode("utf-8", "surrogatepass")
    yield from _code(PACKAGE, (".py",))
    own = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    for folder in map(Path, config.theme.dirs):
        if own is not None and folder == own:
            yield from _own_theme(own)
        else:
            yield from _code(folder, _TEMPLATES)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _code(folder: Path, endings: tuple[str, ...]) -> Iterator[bytes]:
    """Names and contents of the files below a folder that are code."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each not in {".icons", "__pycache__", "assets"})
        for name in sorted(names):
            if name.endswith(endings):
                path = Path(place, name)
                yield path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")
                yield path.read_bytes()


def _own_theme(folder: Path) -> Iterator[bytes]:
    """A company's folder beside the theme: pictures of its own are known, templates are not."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if name.lower().endswith(_TEMPLATES):
                raise UnknownInfluence(
                    f"the template {path.relative_to(folder)} of `custom_dir` may show anything"
                )
            if ".icons" in path.parts:
                yield path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")
                yield path.read_bytes()


def _configuration(config: MkDocsConfig) -> list[object]:
    if config.theme.name != "material":
        raise UnknownInfluence(f"the theme `{config.theme.name}` may show anything")
    if config.hooks:
        raise UnknownInfluence("`hooks` may change anything")
    for name, plugin in config.plugins.items():
        if type(plugin).__module__ not in PLUGINS:
            raise UnknownInfluence(f"the plugin `{name}` may change anything")
    for extension in config.markdown_extensions:
        if extension not in EXTENSIONS:
            raise UnknownInfluence(f"the Markdown extension `{extension}` may read anything")
    if "custom_icons" in repr(config.mdx_configs.get("pymdownx.emoji")):
        raise UnknownInfluence("`custom_icons` are read from files")
    return [
        [(name, described(value)) for name, value in config.items() if name not in _ELSEWHERE],
        [(name, described(value)) for name, value in config.theme.items() if name != "locale"],
        str(config.theme.locale),
        [(name, described(_settings(plugin))) for name, plugin in config.plugins.items()],
    ]


def _settings(plugin: BasePlugin[Any]) -> dict[str, object]:
    """The settings of a plugin, but for the day that is asked for: what changes with it, each page says."""
    ours = type(plugin).__module__ == _OURS
    return {name: value for name, value in plugin.config.items() if not (ours and name == "as_of")}


def described(value: object) -> object:
    """A setting as what it says, without where it lies in memory.

    Raises:
        UnknownInfluence: it is code that is not known.
    """
    found: object = value
    if isinstance(value, enum.Enum):
        found = [type(value).__qualname__, value.name]
    elif isinstance(value, Mapping):
        found = [(described(name), described(each)) for name, each in value.items()]
    elif isinstance(value, (list, tuple)):
        found = [described(each) for each in value]
    elif isinstance(value, functools.partial):
        found = ["partial", described(value.func), described(value.args), described(value.keywords)]
    elif isinstance(value, (FunctionType, type)):
        if value.__module__.partition(".")[0] not in _SUPPLIERS:
            raise UnknownInfluence(f"`{value.__qualname__}` in the settings may do anything")
        found = [value.__module__, value.__qualname__]
    elif value is not None and not isinstance(value, (bool, int, float, str, date)):
        raise UnknownInfluence(f"a `{type(value).__name__}` in the settings may do anything")
    return found


class PageDigests:
    """The digest of every page of one build."""

    def __init__(self, of_site: bytes, nav: Navigation, site: Site) -> None:
        self._of_site, self._nav, self._site = of_site, nav, site
        self._heads = {page.file.src_uri: (page.url, _head(page.file)) for page in nav.pages}

    def of(self, page: Page) -> bytes:
        """Over all that the page depends on, except for what it looks for while it is rendered."""
        document = self._site.documents.get(page.file.src_uri)
        beside = [each and self._heads[each.file.src_uri] for each in (page.previous_page, page.next_page)]
        shown = [self._shown(item) for item in navigation.around(page, self._nav, self._site).items]
        facts: Any = (
            page.file.src_uri,
            page.url,
            page.canonical_url,
            page.update_date,
            presentation.page_facts(page, document),
            document.id if document else None,
            beside,
            shown,
        )
        digest = blake2b(self._of_site, digest_size=32)
        digest.update(repr(facts).encode("utf-8", "surrogatepass"))
        digest.update(_digest(page.file).encode("ascii"))
        return digest.digest()

    def _shown(self, item: StructureItem) -> object:
        if isinstance(item, Section):
            return item.title, item.active, [self._shown(each) for each in item.children]
        return self._heads[item.file.src_uri]  # type: ignore[attr-defined] # the navigation holds no links


def _head(file: File) -> str:
    """All that other pages show of a page."""
    return file.head if isinstance(file, StagedSource) else file.content_string


def _digest(file: File) -> str:
    return file.digest if isinstance(file, StagedSource) else sha256(file.content_bytes).hexdigest()
