"""What the settings say of documents, as far as rules ask that look at one file only.

Together with a file's bytes and its path this decides what such rules find. So whoever keeps what they found
finds it again by the ``digest``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from isodocs.core import frontmatter
from isodocs.core.document import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.library import Blobs, Library
    from isodocs.core.settings import ContentSettings, DocumentType, Settings


@dataclass(frozen=True)
class Premises:
    """The settings that govern and those that were adopted with the judged change, taken together.

    Attributes:
        fields: the front matter keys that the settings add.
        types: the document types by prefix.
        content: words that should not stand in a document.
        templates: SHA-256 of the types' templates, by path, of those that are there.
        blobs: gives their bytes.
    """

    fields: tuple[str, ...]
    types: Mapping[str, DocumentType]
    content: ContentSettings
    templates: Mapping[str, str]
    blobs: Blobs

    def kind(self, name: str) -> DocumentType | None:
        """The type of a document id."""
        return self.types.get(type_of(name))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that it says, 64 hexadecimal digits."""
        types = {name: [one.revision, one.template, one.sections] for name, one in self.types.items()}
        content = self.content.model_dump(mode="json")
        said = [sorted(self.fields), types, content, dict(self.templates)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode("ascii")).hexdigest()

    @cached_property
    def known_sentences(self) -> Mapping[str, frozenset[str]]:
        """The sentences of each template, by its path."""
        paths = {digest: path for path, digest in self.templates.items()}
        blobs = dict(self.blobs(sorted(paths))) if paths else {}
        bodies = {digest: frontmatter.parse(data).body for digest, data in blobs.items()}
        return {paths[digest]: sentences(body.splitlines()) for digest, body in bodies.items()}


def premises_of(library: Library) -> Premises:
    """Those of a library."""
    types, digests = known_types(library), library.evidence.digests
    paths = sorted({kind.template for kind in types.values() if kind.template})
    found = {path: library.files.get(path) for path in paths}
    entries = {path: entry for path, entry in found.items() if entry is not None and entry.regular}
    return Premises(
        fields=tuple(library.settings.fields),
        types=types,
        content=library.settings.content,
        templates={path: digests[entry.oid] for path, entry in entries.items() if entry.oid in digests},
        blobs=library.blobs,
    )


def sentences(rows: Iterable[str]) -> frozenset[str]:
    """The lines that say something, white space folded; headings say nothing yet."""
    folded = (" ".join(row.split()) for row in rows)
    return frozenset(row for row in folded if row and not row.startswith("#"))


def known_types(library: Library) -> Mapping[str, DocumentType]:
    """The document types of the settings that govern, and of those that were adopted with this change."""
    return {**adopted(library).types, **library.settings.types}


def kind_of(library: Library, name: str) -> DocumentType | None:
    """The type of a document id."""
    prefix = type_of(name)
    return library.settings.types.get(prefix) or adopted(library).types.get(prefix)


def adopted(library: Library) -> Settings:
    """The settings after the judged change."""
    return library.state.authority.settings if library.state.authority else library.settings
