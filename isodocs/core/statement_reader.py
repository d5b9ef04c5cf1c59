"""Reading statements, strictly: a file that ``encode`` would not write exactly so is none."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any

from isodocs.core.statement import (
    FORMAT,
    UNKNOWN_WRITER,
    Assurance,
    Content,
    Meaning,
    Statement,
    encode,
)

MAX_SIZE = 4096
EMBEDDED_ALLOWANCE = 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9-]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


class UnreadableStatement(ValueError):
    """The file is not a statement as we write it; the text says why."""


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
