"""What a YAML text holds, as we read it: strings, lists and keys with values, each with its place.

Nothing is given a type here: ``revision: 1.10`` is the text ``1.10`` and ``owner: no`` the text ``no``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from isodocs.core.problem import Span


class Scalar(NamedTuple):
    """A piece of text.

    Attributes:
        text: the value; empty where nothing stands after the colon.
        span: the value as written, with its quotes. Of an empty value: the place where it would stand.
        quoted: written in quotes or as a block (``|``, ``>``), so that an empty text is meant.
    """

    text: str
    span: Span
    quoted: bool = False


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    span: Span


class Entry(NamedTuple):
    """A key with its value."""

    key: Scalar
    value: Node


class Mapping(NamedTuple):
    """Keys with values, in the order of the file; no key twice."""

    entries: tuple[Entry, ...]
    span: Span

    def get(self, name: str) -> Node | None:
        """The value under ``name``, or None."""
        found = self.entry(name)
        return found.value if found else None

    def entry(self, name: str) -> Entry | None:
        """Key and value under ``name``, or None."""
        for entry in self.entries:
            if entry.key.text == name:
                return entry
        return None

    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the file."""
        return tuple(entry.key.text for entry in self.entries)


Node: TypeAlias = Scalar | Sequence | Mapping
