"""Statements: what a person signs about a document, as canonical JSON that is read strictly.

A statement's file must be exactly what ``encode`` would write. So there is one way to say a thing, a
statement is known by the SHA-256 of its file, and nothing can hide in white space or repeated keys.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any

FORMAT = 1
MAX_SIZE = 4096
EMBEDDED_ALLOWANCE = 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9-]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
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


class UnreadableStatement(ValueError):
    """The file is not a statement as we write it; the text says why."""


@dataclass(frozen=True, slots=True)
class Content:
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


def read(data: bytes) -> Statement:
    """Read a statement strictly.

    Raises:
        UnreadableStatement: it is not exactly as ``encode`` writes it, or its values make no sense.
    """
    return _plain(data) or _read(data)


def _plain(data: bytes) -> Statement | None:
    """The statement, if it is of the usual kind: on a document that embeds nothing, and without escapes."""
    found = _PLAIN.fullmatch(data.decode("ascii", "replace")) if len(data) <= MAX_SIZE else None
    if found is None:
        return None
    assurance, document, meaning, name, person, qms, register, revision, signer, day, hours, listed = (
        found.group(*_PLAIN_KEYS)
    )
    writers = tuple(_QUOTED.findall(listed)) if listed else ()
    following = _or_none(found["next_review"])
    if not _is_real_date(day) or (following is not None and not _is_real_date(following)):
        return None
    if len(writers) > 1 and list(writers) != sorted(set(writers)):
        return None
    return Statement(
        _ASSURANCES[assurance],
        Content(document),
        found["id"],
        _MEANINGS[meaning],
        name,
        following,
        person,
        _or_none(found["predecessor"]),
        qms,
        _or_none(found["reason"]),
        register,
        revision,
        _or_none(found["role"]),
        signer,
        _or_none(found["source"]),
        day + hours,
        writers,
    )


def _or_none(text: str) -> str | None:
    return None if text == "null" else text[1:-1]


_CHARACTER = r"[ !#-\[\]-~]"  # as it stands in JSON: no quote, no backslash, nothing but ASCII
_OPTIONAL_TEXT = f'null|"{_CHARACTER}*"'
_WRITER = r'"(?:[a-z0-9-]+|\?)"'
_PLAIN_VALUES = {
    "assurance": f'"(?P<assurance>{"|".join(Assurance)})"',
    "content": '{\n    "document": "(?P<document>[0-9a-f]{64})",\n    "embedded": {}\n  }',
    "format": str(FORMAT),
    "id": f'"(?P<id>{_CHARACTER}+)"',
    "meaning": f'"(?P<meaning>{"|".join(one for one in Meaning if one is not Meaning.AUTHORITY)})"',
    "name": f'"(?P<name>{_CHARACTER}*)"',
    "next_review": f"(?P<next_review>{_OPTIONAL_TEXT})",
    "person": '"(?P<person>[a-z0-9-]+)"',
    "predecessor": '(?P<predecessor>null|"[0-9a-f]{64}")',
    "qms": f'"(?P<qms>{_CHARACTER}*)"',
    "reason": f"(?P<reason>{_OPTIONAL_TEXT})",
    "register": '"(?P<register>[0-9a-f]{64})"',
    "revision": f'"(?P<revision>{_CHARACTER}+)"',
    "role": f"(?P<role>{_OPTIONAL_TEXT})",
    "signer": '"(?P<signer>[a-z0-9-]+)"',
    "source": f"(?P<source>{_OPTIONAL_TEXT})",
    "time": r'"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<hours>T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)"',
    "writers": rf"\[(?:\]|(?P<writers>\n    {_WRITER}(?:,\n    {_WRITER})*)\n  \])",
}
_PLAIN = re.compile(
    "{\n" + ",\n".join(f'  "{key}": {value}' for key, value in sorted(_PLAIN_VALUES.items())) + "\n}\n"
)
_PLAIN_KEYS = (
    *("assurance", "document", "meaning", "name", "person", "qms"),
    *("register", "revision", "signer", "day", "hours", "writers"),
)
_QUOTED = re.compile(r'"([^"]+)"')
_ASSURANCES = {one.value: one for one in Assurance}
_MEANINGS = {one.value: one for one in Meaning}


def _read(data: bytes) -> Statement:
    """The statement, read step by step, so that there are words for whatever is wrong with it."""
    if len(data) > MAX_SIZE + EMBEDDED_ALLOWANCE * 1024:
        raise UnreadableStatement("it is too large")
    value = _load(data)
    _check_keys(value)
    statement = _build(value)
    if len(data) > MAX_SIZE + EMBEDDED_ALLOWANCE * len(statement.content.embedded):
        raise UnreadableStatement("it is too large")
    if encode(statement) != data:
        raise UnreadableStatement("it is not in canonical form")
    return statement


def _load(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data.decode("ascii"))
        if b"\\ud" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # no lone surrogates
    except (ValueError, RecursionError) as error:
        raise UnreadableStatement("it is not JSON in ASCII") from error
    if not isinstance(value, dict):
        raise UnreadableStatement("it is not a JSON object")
    return value


_STRINGS = ("name", "person", "qms", "register", "signer", "time")
_OPTIONAL = ("id", "next_review", "predecessor", "reason", "revision", "role", "source")
_KEYS = frozenset({*_STRINGS, *_OPTIONAL, "assurance", "content", "format", "meaning", "writers"})


def _check_keys(value: dict[str, Any]) -> None:
    found = value.get("format")
    if found != FORMAT or isinstance(found, bool):
        raise UnreadableStatement(f"its format is {found!r}; this isodocs reads format {FORMAT}")
    if missing := sorted(_KEYS - value.keys()):
        raise UnreadableStatement(f"it lacks {', '.join(missing)}")
    if extra := sorted(value.keys() - _KEYS):
        raise UnreadableStatement(f"it has an unknown key {extra[0][:40]!r}")
    for key in _STRINGS:
        if not isinstance(value[key], str):
            raise UnreadableStatement(f"{key} is not a text")
    for key in _OPTIONAL:
        if not isinstance(value[key], str | None):
            raise UnreadableStatement(f"{key} is neither a text nor null")


def _build(value: dict[str, Any]) -> Statement:
    try:
        assurance, meaning = Assurance(value["assurance"]), Meaning(value["meaning"])
    except (ValueError, TypeError) as error:
        raise UnreadableStatement("its meaning or assurance is unknown") from error
    writers = value["writers"]
    if not isinstance(writers, list) or not all(isinstance(writer, str) for writer in writers):
        raise UnreadableStatement("writers is not a list of texts")
    statement = Statement(
        assurance=assurance,
        meaning=meaning,
        content=_content(value["content"]),
        writers=tuple(writers),
        **{key: value[key] for key in (*_STRINGS, *_OPTIONAL)},
    )
    _check_values(statement)
    return statement


def _content(value: object) -> Content:
    if not isinstance(value, dict) or value.keys() != {"document", "embedded"}:
        raise UnreadableStatement("content is not made of document and embedded")
    document, embedded = value["document"], value["embedded"]
    if document is not None and not _is_digest(document):
        raise UnreadableStatement("content.document is not a SHA-256")
    if not isinstance(embedded, dict) or not all(_is_digest(digest) for digest in embedded.values()):
        raise UnreadableStatement("content.embedded is not a table of SHA-256")
    return Content(document, tuple(sorted(embedded.items())))


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _check_values(statement: Statement) -> None:
    for key in ("person", "signer"):
        if not _NAME.fullmatch(getattr(statement, key)):
            raise UnreadableStatement(f"{key} is not a person's id")
    if not _is_real_time(statement.time):
        raise UnreadableStatement("time is not a UTC time such as 2026-03-01T10:15:00Z")
    if statement.next_review is not None and not _is_real_date(statement.next_review):
        raise UnreadableStatement("next_review is not a date")
    if list(statement.writers) != sorted(set(statement.writers)):
        raise UnreadableStatement("writers is not sorted, or names one twice")
    if any(w != UNKNOWN_WRITER and not _NAME.fullmatch(w) for w in statement.writers):
        raise UnreadableStatement("writers names something that is not a person's id")
    if not _is_digest(statement.register):
        raise UnreadableStatement("register is not a SHA-256")
    if statement.predecessor is not None and not _is_digest(statement.predecessor):
        raise UnreadableStatement("predecessor is not a SHA-256")
    _check_subject(statement)


def _check_subject(statement: Statement) -> None:
    of_authority = statement.meaning is Meaning.AUTHORITY
    if of_authority != (statement.content.document is None) or of_authority != (statement.id is None):
        raise UnreadableStatement("id and document are null for authority, and only there")
    if not of_authority and not statement.revision:
        raise UnreadableStatement("it names no revision")


@lru_cache(maxsize=4096)
def _is_real_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_real_time(text: str) -> bool:
    if not _TIME.fullmatch(text) or not _is_real_date(text[:10]):
        return False
    hours, minutes, seconds = (int(part) for part in text[11:19].split(":"))
    return hours < 24 and minutes < 60 and seconds < 60  # noqa: PLR2004 - a clock's own numbers
