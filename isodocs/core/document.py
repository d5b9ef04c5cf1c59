"""A controlled document: its front matter as a model, and the few facts about each version the fold needs."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from isodocs.core import frontmatter, markdown, plain_front
from isodocs.core.identity import ID_PATTERN, parse_date
from isodocs.core.settings import Model
from isodocs.core.statement import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isodocs.core.frontmatter import Parsed

_DAYS_KNOWN = 1024  # versions of a document have most of theirs in common
_day = lru_cache(_DAYS_KNOWN)(parse_date)

DOCUMENTS = "documents/"
SIGNATURES = "signatures/"
BREAKS_READING = frozenset({"FM101", "FM102", "FM103", "FM107", "FM108"})


class RecordKept(Model):
    """A record that a procedure leaves behind: its name, who keeps it and for how long."""

    name: str
    keeper: str | None = None
    retention: str | None = None


class Training(Model):
    """How people are trained on a document, and how long before it takes effect."""

    method: str | None = None
    lead_days: int | None = Field(default=None, ge=0)


class External(Model):
    """A document of external origin: who issues it, which edition, where it is held, when last checked."""

    issuer: str | None = None
    edition: str | None = None
    held: str | None = None
    checked: date | None = None


class FrontMatter(Model):
    """The keys of a document's front matter. Keys that settings declare, and ``x-`` keys, stand beside."""

    id: str
    title: str = Field(min_length=1)
    type: str
    owner: str
    revision: str
    review_date: date | None = None
    effective_date: date | None = None
    change: str | None = None
    approvers: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    classification: str | None = None
    retention: str | None = None
    process: str | None = None
    site: str | None = None
    language: str | None = None
    translation_of: str | None = None
    change_class: Literal["substantive", "editorial", "administrative"] | None = None
    change_ref: str | None = None
    impact: dict[str, str] = Field(default_factory=dict)
    review_interval: int | None = Field(default=None, ge=1)
    valid_until: date | None = None
    training: Training | None = None
    parent: str | None = None
    records: tuple[RecordKept, ...] = ()
    payload: str | None = None
    external: External | None = None
    distribution: tuple[str, ...] = ()
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What one version of a document says of itself, as far as status and registers ask.

    ``id`` is empty for a file that cannot be read as a document. ``embeds`` are paths relative to the
    document. ``body_digest`` is that of the text with white space folded and the front matter cut off.
    ``supersedes`` are the ids of the documents whose place it says it takes.
    """

    sha256: str
    id: str = ""
    title: str = ""
    revision: str = ""
    owner: str = ""
    approvers: tuple[str, ...] = ()
    effective_date: date | None = None
    review_date: date | None = None
    change: str = ""
    embeds: tuple[str, ...] = ()
    body_digest: str = ""
    supersedes: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """The prefix of the id, which names the type whatever the front matter says."""
        return type_of(self.id)


def type_of(name: str) -> str:
    """The type that a document id names: its prefix."""
    return name.rpartition("-")[0]


def is_document(path: str) -> bool:
    """Whether a file of the repository is held to be a controlled document."""
    return path.startswith(DOCUMENTS) and path.endswith(".md")


def resolve(path: str, target: str) -> str | None:
    """The path in the repository of a file named relative to a document; None if it lies outside."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if place == ".." or place.startswith(("../", "/")) else place


def read(data: bytes) -> Document:
    """The facts of one version of a document, from its bytes."""
    plain = plain_front.read(data)
    if plain is None:
        return from_parsed(frontmatter.parse(data), sha256(data))
    payload = plain.values.get("payload", ())
    payloads = (payload,) if isinstance(payload, str) else payload
    embeds = markdown.embedded_in(payloads, plain.body)
    return _document(sha256(data), plain.values, sha256(plain.words), embeds)


def id_in(parsed: Parsed) -> str:
    """The id among the facts of a document whose front matter has been read, by itself."""
    front = _readable(parsed)
    name = front.get("id") if front is not None else None
    return name.text if isinstance(name, frontmatter.Scalar) and ID_PATTERN.fullmatch(name.text) else ""


def _readable(parsed: Parsed) -> frontmatter.Mapping | None:
    """The front matter, unless something breaks its reading."""
    return None if any(problem.code in BREAKS_READING for problem in parsed.problems) else parsed.front


def from_parsed(parsed: Parsed, digest: str) -> Document:
    """The facts of a document whose front matter has been read."""
    front = _readable(parsed)
    if front is None:
        return Document(digest)
    values = {entry.key.text: value for entry in front.entries if (value := _value(entry.value)) is not None}
    body = parsed.body
    return _document(digest, values, markdown.body_digest(body), markdown.embedded(front, body))


def _document(
    digest: str, values: Mapping[str, plain_front.Value], body_digest: str, embeds: tuple[str, ...]
) -> Document:
    """The facts of a document whose front matter can be read."""
    name = _text(values, "id")
    if not ID_PATTERN.fullmatch(name):
        return Document(digest)
    return Document(
        sha256=digest,
        id=name,
        title=_text(values, "title"),
        revision=_text(values, "revision"),
        owner=_text(values, "owner"),
        approvers=_texts(values, "approvers"),
        effective_date=_day(_text(values, "effective_date")),
        review_date=_day(_text(values, "review_date")),
        change=_text(values, "change"),
        embeds=embeds,
        body_digest=body_digest,
        supersedes=_texts(values, "supersedes"),
    )


def _text(values: Mapping[str, plain_front.Value], key: str) -> str:
    value = values.get(key, "")
    return value if isinstance(value, str) else ""


def _texts(values: Mapping[str, plain_front.Value], key: str) -> tuple[str, ...]:
    value = values.get(key, ())
    return value if isinstance(value, tuple) else ()


def _value(node: frontmatter.Node) -> plain_front.Value | None:
    """A text, or the texts of a list; None for keys with values."""
    if isinstance(node, frontmatter.Scalar):
        return node.text
    if isinstance(node, frontmatter.Sequence):
        return tuple(item.text for item in node.items if isinstance(item, frontmatter.Scalar))
    return None
