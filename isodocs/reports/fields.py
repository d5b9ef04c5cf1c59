"""Reading JSON that somebody else may have written: every value is asked for what it must be."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_MOST = 1 << 53
_NAME = re.compile(r"[a-z0-9-]+")


def read_object(data: bytes) -> dict[str, Any]:
    """The object that a file holds.

    Raises:
        ValueError: it holds none, or one that names a key twice.
    """
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - whoever reads knows one kind of fault
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands there twice")
    return value


class Fields:
    """An object with exactly these keys; each method gives one value, or raises ``ValueError``.

    Args:
        value: what was read.
        what: its name in messages.
        keys: those it must have.
    """

    def __init__(self, value: object, what: str, keys: Iterable[str]) -> None:
        names = set(keys)
        if not isinstance(value, dict) or value.keys() != names:
            raise ValueError(f"{what} must have the keys {', '.join(sorted(names))}, and no others")
        self.value: dict[str, Any] = value
        self._what = what

    def _fault(self, key: str) -> ValueError:
        return ValueError(f"{key} of {self._what} is not what it must be")

    def text(self, key: str) -> str:
        """A text, perhaps empty."""
        value = self.value[key]
        if not isinstance(value, str):
            raise self._fault(key)
        return value

    def matching(self, key: str, fits: Callable[[str], bool]) -> str:
        """A text of a certain form."""
        value = self.text(key)
        if not fits(value):
            raise self._fault(key)
        return value

    def among(self, key: str, known: Iterable[str]) -> str:
        """One of some words."""
        return self.matching(key, set(map(str, known)).__contains__)

    def number(self, key: str, least: int) -> int:
        """A whole number."""
        value = self.value[key]
        if type(value) is not int or not least <= value < _MOST:
            raise self._fault(key)
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.value[key]
        if not isinstance(value, bool):
            raise self._fault(key)
        return value

    def _list(self, key: str) -> Sequence[Any]:
        value = self.value[key]
        if not isinstance(value, list):
            raise self._fault(key)
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        found = [one for one in self._list(key) if isinstance(one, str)]
        if len(found) != len(self._list(key)):
            raise self._fault(key)
        return found

    def items(self, key: str, keys: Sequence[str]) -> Iterator[Fields]:
        """A list of objects with these keys."""
        return (Fields(one, f"an item of '{key}'", keys) for one in self._list(key))

    def names(self, key: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """A list of pairs, each an id of a role or person and a list of such ids."""
        for one in self._list(key):
            match one:
                case [str(name), [*others]] if all(isinstance(other, str) for other in others):
                    if not all(map(_NAME.fullmatch, (name, *others))):
                        raise self._fault(key)
                    yield name, tuple(others)
                case _:
                    raise self._fault(key)
