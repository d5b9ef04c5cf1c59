"""Statements: what a person signs about a document, as canonical JSON.

A statement's file must be exactly what ``encode`` would write. So there is one way to say a thing, a
statement is known by the SHA-256 of its file, and nothing can hide in white space or repeated keys.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

FORMAT = 1
UNKNOWN_WRITER = "?"
AUTHORITY_ID = "_authority"


class Meaning(StrEnum):
    """What a signature says."""

    AUTHORED = "authored"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RETURNED = "returned"
    REAFFIRMED = "reaffirmed"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"
    AUTHORITY = "authority"


WITHOUT_ROLE = frozenset({Meaning.AUTHORED, Meaning.ACKNOWLEDGED})
ON_APPROVED_REVISION = frozenset({Meaning.REAFFIRMED, Meaning.ACKNOWLEDGED, Meaning.WITHDRAWN})


class Assurance(StrEnum):
    """How sure we are that the person meant it."""

    SIGNED = "signed"
    WITNESSED = "witnessed"
    UNSIGNED = "unsigned"
    LEGACY = "legacy"

    @property
    def rank(self) -> int:
        """Higher is stronger; ``legacy`` satisfies no policy."""
        return _RANKS[self]


_RANKS = {Assurance.SIGNED: 3, Assurance.WITNESSED: 2, Assurance.UNSIGNED: 1, Assurance.LEGACY: 0}


class Content(NamedTuple):
    """What is signed: the SHA-256 of the document's blob and of every local file it embeds.

    ``document`` is None for the protected set. ``embedded`` is sorted by path, relative to the document.
    """

    document: str | None
    embedded: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form; what a ``predecessor`` names."""
        return _content_digest(self)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; the keys are those of the file, in FORMATS."""

    assurance: Assurance
    content: Content
    id: str | None
    meaning: Meaning
    name: str
    next_review: str | None
    person: str
    predecessor: str | None
    qms: str
    reason: str | None
    register: str
    revision: str | None
    role: str | None
    signer: str
    source: str | None
    time: str
    writers: tuple[str, ...]
    format: int = FORMAT

    @property
    def about(self) -> str:
        """What it is about: a document's id, or ``_authority`` for settings and people."""
        return self.id or AUTHORITY_ID


@lru_cache(maxsize=4096)
def _content_digest(content: Content) -> str:
    """Asked again and again for the last approved revision; as ``canonical`` would write it."""
    embedded = _table(content.embedded, "  ")
    text = f'{{\n  "document": {_text(content.document)},\n  "embedded": {embedded}\n}}\n'
    return sha256(text.encode("ascii"))


def sha256(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    """The one way to write JSON that is signed."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=True) + "\n").encode("ascii")


def encode(statement: Statement) -> bytes:
    """The statement's file: what ``canonical`` makes of its keys, written out for speed."""
    content = statement.content
    signed = f'"document": {_text(content.document)},\n    "embedded": {_table(content.embedded, "    ")}'
    lines = [
        f'  "assurance": {_text(statement.assurance)}',
        f'  "content": {{\n    {signed}\n  }}',
        f'  "format": {statement.format}',
        *(f'  "{key}": {_text(getattr(statement, key))}' for key in _MIDDLE),
        f'  "writers": {_list(statement.writers)}',
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("ascii")


_MIDDLE = (
    "id",
    "meaning",
    "name",
    "next_review",
    "person",
    "predecessor",
    "qms",
    "reason",
    "register",
    "revision",
    "role",
    "signer",
    "source",
    "time",
)


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring_ascii(value)


def _list(items: tuple[str, ...]) -> str:
    return "[\n    " + ",\n    ".join(map(_text, items)) + "\n  ]" if items else "[]"


def _table(items: tuple[tuple[str, str], ...], margin: str) -> str:
    if not items:
        return "{}"
    lines = (f"{margin}  {_text(key)}: {_text(value)}" for key, value in items)
    return "{\n" + ",\n".join(lines) + f"\n{margin}}}"


def file_name(data: bytes, statement: Statement) -> str:
    """The path under which a statement is stored: by document, revision, meaning and person."""
    return place_of(statement, sha256(data))


def place_of(statement: Statement, digest: str) -> str:
    """The same, of a statement whose digest is known."""
    leaf = f"{statement.meaning}.{statement.person}.{digest[:12]}.json"
    if statement.meaning is Meaning.AUTHORITY:
        return f"signatures/_authority/{statement.content.digest[:16]}/{leaf}"
    return f"signatures/{statement.id}/{statement.revision}/{leaf}"
