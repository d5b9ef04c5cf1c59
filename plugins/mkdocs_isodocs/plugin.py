"""Configuration and hooks of the plugin. Each hook hands over to a function that is tested by itself."""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority

from isodocs.core.problem import CannotRun
from isodocs.edition.shelf import Shelf
from mkdocs_isodocs import content, earlier, navigation, presentation, search, workers
from mkdocs_isodocs.configuration import IsodocsConfig
from mkdocs_isodocs.dependencies import UnknownInfluence
from mkdocs_isodocs.rendering import StagedPage
from mkdocs_isodocs.source import edition_for, previews_for, store_for, watched

if TYPE_CHECKING:
    from collections.abc import Callable

    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

log = logging.getLogger("mkdocs.plugins.isodocs")
_LAST = -100
_SELDOM = (100_000, 20, 20)
"""When Python looks for what could be given back: a build makes many values, and keeps nearly all of them."""


class IsodocsPlugin(BasePlugin[IsodocsConfig]):  # type: ignore[no-untyped-call] # MkDocs leaves it untyped
    """Feeds MkDocs the edition in force in place of the documents folder."""

    def __init__(self) -> None:
        super().__init__()
        self.serving = False
        self.site = content.Site()
        self.earlier: earlier.EarlierPages | None = None
        self.told = False
        self.thresholds = gc.get_threshold()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Learn whether somebody is looking at the site while writing, or whether it goes out."""
        self.serving, self.told = command == "serve", False
        self.thresholds = gc.get_threshold()
        if not self.serving:
            gc.set_threshold(*_SELDOM)
        if dirty and not self.serving:
            raise PluginError("--dirty keeps the pages of documents no longer in force. Build without it.")
        if self.config.preview and not self.serving:
            log.info("isodocs: preview is for `mkdocs serve`; drafts never come into a build.")

    @event_priority(_LAST)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Prepare theme and extensions; let nothing reach for another host."""
        presentation.prepare(config, offline=self.config.offline)
        return config

    @event_priority(_LAST)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Replace what MkDocs found in the documents folder by the edition."""
        store = store_for(self.config, config) if self.config.incremental else None
        shelf = Shelf(store)
        try:
            edition = edition_for(self.config, config, shelf)
            previews = previews_for(self.config, config) if self.config.preview and self.serving else ()
            self.site = content.gather(files, edition, previews, config, shelf)
        except CannotRun as error:
            raise PluginError(str(error)) from error
        config.nav = navigation.as_config(self.site)
        self.earlier = self._earlier(config, store) if self.config.incremental else None
        return self.site.files

    def _earlier(self, config: MkDocsConfig, store: earlier.Store | None) -> earlier.EarlierPages | None:
        try:
            return earlier.open_for(config, self.site, store, serving=self.serving)
        except UnknownInfluence as reason:
            if not self.told:
                log.info("isodocs: every page is rendered anew, as %s.", reason)
            self.told = True
            return None

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Date the pages by the edition instead of by the clock, and number them."""
        navigation.number_pages(nav, self.site)
        navigation.date_pages(nav, self.site)
        if self.earlier:
            left = self.earlier.offer(nav, self.site, files)
            if not self.serving:
                for made in workers.make(left, config, nav, files):
                    self.earlier.take(*made)
        return nav

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Give the templates what they need on every page."""
        del config, files
        if self.earlier and self.earlier.templates:
            env.bytecode_cache = self.earlier.templates
        env.globals["isodocs_site"] = presentation.site_facts(self.site, serving=self.serving)
        return env

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Put the document's id before its heading, and adapt the addresses in raw HTML to the page."""
        del config
        document = self.site.documents.get(page.file.src_uri)
        named = presentation.with_id(html, document.id) if document else html
        named = search.leave_out(named, path=page.file.src_uri, is_document=document is not None)
        looked_in = (page.lookups if isinstance(page, StagedPage) else None) or files
        return content.resolve_raw_addresses(named, page.file, looked_in)

    @event_priority(-_LAST)
    def _hide_rows(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Spare the search what it leaves out."""
        del config, nav
        if isinstance(page, StagedPage):
            page.hide_rows()
        return context

    @event_priority(_LAST)
    def _give_facts(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the page's template its document and its part of the navigation."""
        del config
        if isinstance(page, StagedPage):
            page.show_rows()
        if isinstance(page, StagedPage) and page.kept:
            return context | {"isodocs_kept": page.kept.html}  # type: ignore[return-value] # as below
        document = self.site.documents.get(page.file.src_uri)
        extra = {
            "nav": navigation.around(page, nav, self.site),
            "isodocs": presentation.page_facts(page, document),
        }
        return context | extra  # type: ignore[return-value] # a TypedDict of MkDocs, which knows no keys of ours

    on_page_context = CombinedEvent(_hide_rows, _give_facts)

    @event_priority(_LAST)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Keep what was rendered, for later builds."""
        del config
        if self.earlier:
            self.earlier.keep(page, output)
        return output

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> LiveReloadServer:
        """Build anew when a signature or the settings change, too."""
        del builder
        for path in watched(self.config, config):
            server.watch(str(path))
        return server

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Complete the search index, and write it as a script where no server will be."""
        gc.set_threshold(*self.thresholds)
        earlier.finish(config, self.site, self.earlier)
        if self.config.offline:
            content.write_offline_index(config.site_dir)
