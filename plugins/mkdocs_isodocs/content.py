"""What the site is made of: the edition's files and the theme's, and nothing that merely lay beside them."""

from __future__ import annotations

import json
import os
import posixpath
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.utils import is_markdown_file

from isodocs.edition.links import Resolver
from isodocs.edition.pages import front_matter, has_diagram, page_title, preview_page
from isodocs.edition.shelf import Shelf
from isodocs.edition.stage import StagedFile, attachments, page_file
from isodocs.edition.stage import files as staged_files
from mkdocs_isodocs import hosts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig

    from isodocs.edition.model import Edition, PreviewDocument, PublishedDocument

DRAFTS: Final = "drafts"
STAMP: Final = "assets/isodocs/edition.js"
MERMAID: Final = "assets/isodocs/mermaid.min.js"
_END_OF_HEAD: Final = b"\n---\n\n"
_RAW_ADDRESS: Final = re.compile(
    r'(<(?:a|img)\b[^>]*?\b(?:href|src)=")([^"#]*)([^>]*?) data-isodocs="relative"'
)


@dataclass(slots=True)
class Site:
    """The site of one edition: its files, and which page shows which document, where in its section."""

    files: Files = field(default_factory=lambda: Files([]))
    edition: Edition | None = None
    documents: dict[str, PublishedDocument] = field(default_factory=dict)
    drafts: dict[str, PreviewDocument] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


class StagedSource(File):
    """A file of the edition that is read only when it is written out: it may be large."""

    staged: StagedFile

    @classmethod
    def of(cls, staged: StagedFile, config: MkDocsConfig) -> StagedSource:
        """The file as MkDocs wants it; patterns that exclude files do not apply to it."""
        made = cls(
            staged.path,
            src_dir=None,
            dest_dir=config.site_dir,
            use_directory_urls=config.use_directory_urls,
            inclusion=InclusionLevel.INCLUDED,
        )
        made.generated_by = "isodocs"
        made.staged = staged
        return made

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, which are read only where nobody knows it."""
        known = self.staged.facts
        return known.digest if known is not None else sha256(self.staged.read()).hexdigest()

    @property
    def head(self) -> str:
        """The front matter of a page, which is read only where nobody knows it."""
        if self.staged.facts is not None and self.staged.document is not None:
            return front_matter(page_title(self.staged.document))
        data = self.staged.read()
        return data[: data.find(_END_OF_HEAD) + len(_END_OF_HEAD)].decode("utf-8")

    @property
    def content_bytes(self) -> bytes:
        """The bytes, read now."""
        return self.staged.read()

    @content_bytes.setter
    def content_bytes(self, value: bytes) -> None:
        self.staged = StagedFile(self.src_uri, lambda: value)

    @property
    def content_string(self) -> str:
        """The text, read now."""
        return self.staged.read().decode("utf-8")

    @content_string.setter
    def content_string(self, value: str) -> None:
        self.content_bytes = value.encode("utf-8")

    def is_modified(self) -> bool:
        """Always: the edition decides, not a file's date."""
        return True

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature is MkDocs'
        """Write it to its place in the site."""
        del dirty
        target = Path(self.abs_dest_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.staged.read())


def gather(
    found: Iterable[File],
    edition: Edition,
    previews: tuple[PreviewDocument, ...],
    config: MkDocsConfig,
    shelf: Shelf | None = None,
) -> Site:
    """The site of an edition. Of what MkDocs found, only the theme's own files are taken over."""
    site = Site(edition=edition)
    pages = (shelf or Shelf(None)).page
    staged = [*staged_files(edition, pages), *_preview_files(site, edition, previews)]
    diagrams = any(_has_diagram(file) for file in staged)
    theirs = {
        file.src_uri: file for file in _theme_files(found, config) if diagrams or file.src_uri != MERMAID
    }
    ours = {file.path: StagedSource.of(file, config) for file in staged}
    ours[STAMP] = StagedSource.of(_stamp(edition), config)
    site.documents |= {file.path: file.document for file in staged if file.document is not None}
    site.files = Files([*ours.values(), *(theirs[name] for name in sorted(theirs) if name not in ours)])
    return site


def _has_diagram(file: StagedFile) -> bool:
    if file.facts is not None:
        return file.facts.diagrams
    return is_markdown_file(file.path) and has_diagram(file.read())


def _stamp(edition: Edition) -> StagedFile:
    """The edition's day and commit as a script: pages that do not change need no new bytes for it."""
    facts = {"asOf": edition.as_of, "commit": edition.commit[:12], "nextChange": edition.next_change}
    text = f"window.isodocsEdition = {json.dumps(facts, sort_keys=True, ensure_ascii=True)};\n"
    return StagedFile(STAMP, lambda: text.replace("<", "\\u003c").encode("ascii"))


def _preview_files(
    site: Site, edition: Edition, previews: tuple[PreviewDocument, ...]
) -> Iterator[StagedFile]:
    """Pages of drafts, in a folder of their own."""
    resolver = Resolver({each.id: each for each in edition.documents}, DRAFTS)
    for preview in previews:
        path = f"{DRAFTS}/{preview.document.id}.md"
        site.drafts[path] = preview
        yield page_file(path, preview_page(preview, resolver), preview.document)
    known = {file.path for file in attachments(edition.documents)}
    drafts = attachments(tuple(preview.document for preview in previews))
    yield from (file for file in drafts if file.path not in known)


def _theme_files(found: Iterable[File], config: MkDocsConfig) -> Iterator[File]:
    """Files of the theme, also where the documents folder has one of the same name, which does not count."""
    folders = {os.path.normpath(folder): folder for folder in config.theme.dirs}
    for file in found:
        if file.src_uri.endswith(".map"):
            continue
        if file.src_dir is not None and os.path.normpath(file.src_dir) in folders:
            yield hosts.without_other_hosts(file, config)
            continue
        for folder in config.theme.dirs:
            if not is_markdown_file(file.src_uri) and (Path(folder) / file.src_uri).is_file():
                theirs = File(file.src_uri, folder, config.site_dir, config.use_directory_urls)
                yield hosts.without_other_hosts(theirs, config)
                break


def resolve_raw_addresses(html: str, page: File, files: Files) -> str:
    """Addresses in raw HTML stand relative to the staged file; make them relative to the page."""
    if 'data-isodocs="relative"' not in html:
        return html

    def adapt(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.src_uri), unquote(found[2])))
        file = files.get_file_from_path(path)
        return f"{found[1]}{file.url_relative_to(page) if file else '#'}{found[3]}"

    return _RAW_ADDRESS.sub(adapt, html)


def write_offline_index(site_dir: str) -> None:
    """Put the search index into a script: a page on a disk may not fetch a file, but may load a script."""
    index = Path(site_dir) / "search" / "search_index.json"
    if index.is_file():
        index.with_suffix(".js").write_text(f"var __index = {index.read_text('utf-8')}", encoding="utf-8")
