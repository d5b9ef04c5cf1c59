"""The values of an edition as JSON, and back: read by the types of the model, and strictly.

Bytes do not stand in the JSON. Their SHA-256 stands in their place, and whoever writes keeps them beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from isodocs.core.text import visible
from isodocs.edition.model import Attachment
from isodocs.reports.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T")
_LONGEST = 60
_HEXADECIMAL = frozenset("0123456789abcdef")


def to_json(value: object, blobs: dict[str, bytes]) -> object:
    """A value of the model as JSON has it; bytes are put into ``blobs``, by their SHA-256."""
    if isinstance(value, bytes | Attachment):
        one = Attachment.of(value) if isinstance(value, bytes) else value
        blobs[one.digest] = one.read()
        return one.digest
    if isinstance(value, tuple):
        return [to_json(one, blobs) for one in value]
    if isinstance(value, Mapping):
        return {key: to_json(one, blobs) for key, one in sorted(value.items())}
    if is_dataclass(value):
        return {one.name: to_json(getattr(value, one.name), blobs) for one in fields(value)}
    return value.isoformat() if isinstance(value, date) else value


class Reader:
    """Makes values of the model from JSON; each method raises ``ValueError`` where there is none.

    Args:
        blob: gives the bytes of a SHA-256.
    """

    def __init__(self, blob: Callable[[str], bytes]) -> None:
        self._blob = blob

    def all_of(self, kind: type[T], value: object) -> tuple[T, ...]:
        """A list of values of one type."""
        made: tuple[T, ...] = self.made(tuple[kind, ...], value)  # type: ignore[valid-type] # kind is a type
        return made

    def made(self, kind: Any, value: object) -> Any:  # noqa: ANN401 - a value of that type
        """A value of a type of the model."""
        inner = get_args(kind)
        if NoneType in inner:
            return None if value is None else self.made(inner[0], value)
        if kind in {bytes, Attachment}:
            return self._file(kind, _typed(str, value))
        if get_origin(kind) is tuple:
            return tuple(self.made(inner[0], one) for one in _typed(list, value))
        if get_origin(kind) is Mapping:
            return {key: self.made(inner[1], one) for key, one in _typed(dict, value).items()}
        if kind is date:
            return date.fromisoformat(_typed(str, value))
        return self._row(kind, value) if is_dataclass(kind) else _typed(kind, value)

    def _row(self, kind: Any, value: object) -> object:  # noqa: ANN401
        hints = hints_of(kind)
        found = Fields(value, f"a {kind.__name__}", hints).value
        return kind(**{key: self.made(hint, found[key]) for key, hint in hints.items()})

    def _file(self, kind: type, digest: str) -> bytes | Attachment:
        if len(digest) != 2 * sha256().digest_size or not _HEXADECIMAL.issuperset(digest):
            raise ValueError(f"{_shown(digest)} is no SHA-256")
        return self._blob(digest) if kind is bytes else Attachment(digest, lambda: self._blob(digest))


def _typed(kind: type[T], value: object) -> T:
    """The value, if it is of exactly this type: true is no number."""
    if type(value) is not kind:
        raise ValueError(f"{_shown(value)} is no {kind.__name__}")
    return value


def _shown(value: object) -> str:
    return visible(repr(value)[:_LONGEST])


@cache
def hints_of(kind: Hashable) -> Mapping[str, Any]:
    """The types of a model's attributes."""
    return get_type_hints(kind, localns={"date": date, "Mapping": Mapping, "Callable": Callable})
