"""Where a reference in a document leads once the document is a page of an edition.

A link to another document resolves by the id at the start of its target's file name, so that a moved
file breaks no signed text. What an edition does not hold, it does not link to.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from isodocs.core.identity import id_in_filename, is_id
from isodocs.edition.html import is_safe_scheme, scheme_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isodocs.edition.model import Attachment, PublishedDocument

ATTACHMENTS: Final = "attachments"
RESERVED: Final = frozenset({"assets", "attachments", "drafts", "register", "search", "stylesheets"})
NOT_IN_FORCE: Final = "not in force"
NOT_PUBLISHED: Final = "not published"
ELSEWHERE: Final = "picture on another host, not shown"
ACTIVE_PICTURE: Final = "picture not shown: it contains active content"
UNSAFE: Final = "unsafe link removed"
SCHEME: Final = "isodocs"
_UNSAFE_IN_NAMES: Final = re.compile(r"[^\w.-]+|_{2,}")
_MAX_NAME: Final = 80
# What a browser runs when such a file is opened by itself, from the site's own origin.
_ACTIVE_FILES: Final = re.compile(
    r"\.(?:html?|xhtml?|xht|shtml|mhtml?|xml|xsl|xslt|rdf|js|mjs|cjs|css|swf|wasm|hta|htc|md|markdown|"
    r"mdown|mkd|mkdn)$",
)
# What makes an SVG picture more than a drawing when it is opened by itself. Entities are decoded before.
_ACTIVE_SVG: Final = re.compile(
    r"<\s*(?:[\w-]+:)?(?:script|iframe|object|embed|form|handler|listener|link|base|meta)\b|"
    r"<\s*(?:[\w-]+:)?(?:image|use|img|video|audio|feimage)\b[^>]*?(?:href|src)\s*=\s*[\"']?\s*"
    r"(?:[a-z][a-z0-9+.-]*:)?//|<!entity|<!doctype[^>]*\[|<\?xml-stylesheet|[\s\"'/]on[a-z]+\s*=|"
    r"(?:java|vb)\s*script\s*:|data:\s*(?:text|application)/|attributename\s*=\s*[\"']?\s*(?:[\w-]+:)?"
    r"(?:href|on)|@import|url\(\s*[\"']?\s*(?:[a-z][a-z0-9+.-]*:)?//|\x00",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference becomes.

    Attributes:
        address: to link to or to show, relative to the page; None where nothing is linked any more.
        mark: words that say in brackets why there is no link or picture.
        same: the author's own address may stay as it was written.
    """

    address: str | None = None
    mark: str = ""
    same: bool = False


KEEP: Final = Target(same=True)


def page_path(document: PublishedDocument) -> str:
    """Where the page of a document stands in the staged tree."""
    return f"{folder(document.type)}/{document.id}.md"


def folder(type_id: str) -> str:
    """The staged folder of a document type, in lower case, never one that the edition needs itself."""
    name = type_id.lower()
    return f"type-{name}" if name in RESERVED else name


def attachment_path(reference: str, attachment: Attachment) -> str:
    """Where an embedded file stands in the staged tree: by digest, under a harmless form of its name."""
    return f"{ATTACHMENTS}/{attachment.digest[:16]}/{attachment_name(reference, attachment)}"


def attachment_name(reference: str, attachment: Attachment) -> str:
    """A name without anything that a path, a page or a browser could take for more than a name.

    A file that a browser would run gets ``.txt`` at its end.
    """
    name = unicodedata.normalize("NFC", posixpath.basename(reference))
    name = _UNSAFE_IN_NAMES.sub("-", name).strip(".-_") or "file"
    stem, dot, ending = name.rpartition(".")
    if dot and len(name) > _MAX_NAME:
        name = f"{stem[: max(1, _MAX_NAME - len(ending) - 1)]}.{ending}"
    name = name[:_MAX_NAME]
    if _ACTIVE_FILES.search(name.lower()) or (is_svg(name) and _is_active(attachment)):
        name += ".txt"
    return name


def _is_active(attachment: Attachment) -> bool:
    return is_active_svg(attachment.read()) if attachment.active is None else attachment.active


def is_svg(name: str) -> bool:
    """Whether a browser takes a file of this name for an SVG picture."""
    return name.lower().endswith((".svg", ".svgz"))


def is_active_svg(data: bytes) -> bool:
    """Whether an SVG picture holds anything beyond drawing: scripts, events, links, other files."""
    return data[:2] == b"\x1f\x8b" or _ACTIVE_SVG.search(unescape(data.decode("latin-1"))) is not None


class Resolver:
    """Resolves the references of the documents of one edition.

    Attributes:
        folder: where the pages being written stand, if not in the folder of their type.
    """

    def __init__(self, documents: Mapping[str, PublishedDocument], folder: str = "") -> None:
        self._pages = {name: page_path(document) for name, document in documents.items()}
        self.folder = folder

    def place(self, document: PublishedDocument) -> str:
        """The staged path of the page that is being written for a document."""
        return f"{self.folder}/{document.id}.md" if self.folder else page_path(document)

    def page(self, name: str) -> str | None:
        """The staged path of a document in force, by its id."""
        return self._pages.get(name)

    def link(self, document: PublishedDocument, target: str) -> Target:
        """What an ordinary link of a document becomes."""
        scheme = scheme_of(target)
        if scheme == SCHEME:
            return self._by_id(document, target.partition(":")[2].strip())
        if scheme:
            return KEEP if is_safe_scheme(scheme) else Target(mark=UNSAFE)
        target = target.strip()
        if not target or target.startswith(("#", "//")):
            return KEEP
        place, anchor = _split(target)
        attachment = document.embedded.get(posixpath.normpath(place))
        if attachment is not None:
            return Target(self._relative(document, attachment_path(place, attachment)))
        name = id_in_filename(place)
        if name is None:
            return Target(mark=NOT_PUBLISHED)
        return self._to_page(document, name, anchor)

    def picture(self, document: PublishedDocument, target: str) -> Target:
        """What a picture of a document becomes."""
        scheme = scheme_of(target)
        if scheme or target.strip().startswith("//"):
            return Target(mark=ELSEWHERE if not scheme or is_safe_scheme(scheme) else UNSAFE)
        place, _ = _split(target)
        attachment = document.embedded.get(posixpath.normpath(place))
        if attachment is None:
            return Target(mark=NOT_PUBLISHED)
        path = attachment_path(place, attachment)
        if path.endswith(".txt"):
            return Target(mark=ACTIVE_PICTURE)
        return Target(self._relative(document, path))

    def _by_id(self, document: PublishedDocument, reference: str) -> Target:
        name, _, anchor = reference.partition("#")
        name = unquote(name).strip("/ ")
        return self._to_page(document, name, anchor) if is_id(name) else Target(mark=NOT_PUBLISHED)

    def _to_page(self, document: PublishedDocument, name: str, anchor: str) -> Target:
        path = self.page(name)
        if path is None:
            return Target(mark=NOT_IN_FORCE)
        address = self._relative(document, path)
        return Target(f"{address}#{quote(unquote(anchor), safe=_ANCHOR)}" if anchor else address)

    def _relative(self, document: PublishedDocument, path: str) -> str:
        return relative(self.place(document), path)


class Noting(Resolver):
    """A resolver that notes which documents it is asked for, and whether they are in force."""

    def __init__(self, resolver: Resolver) -> None:
        super().__init__({}, resolver.folder)
        self._resolver = resolver
        self.asked: dict[str, bool] = {}

    def page(self, name: str) -> str | None:
        """The staged path of a document in force, by its id."""
        found = self._resolver.page(name)
        self.asked[name] = found is not None
        return found


_ANCHOR: Final = "-._~:@!$&'*+,;=/?"


def relative(page: str, path: str) -> str:
    """An address from one staged page to another staged file, percent-encoded."""
    return quote(posixpath.relpath(path, posixpath.dirname(page) or "."))


def _split(target: str) -> tuple[str, str]:
    """A local target as its path, percent signs decoded, and the anchor behind it."""
    place, _, anchor = target.strip().partition("#")
    return unquote(place.partition("?")[0]), anchor
