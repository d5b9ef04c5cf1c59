"""The sheets of a library's documents, made where nobody kept them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from isodocs.core import sheet
from isodocs.core.sheet import Sheet
from isodocs.rules.base import remembered
from isodocs.rules.registry import RULES

if TYPE_CHECKING:
    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

Kept = Callable[[str], bytes | None]
Keep = Callable[[str, bytes], None]


def make(reading: Reading, premises: Premises) -> Sheet:
    """The sheet of a document file that was read in full, with what the rules find in it."""
    found = (problem for rule in RULES if rule.examine for problem in rule.examine(reading, premises))
    return remembered(reading, sheet.of).with_problems(found)


class Sheets(Mapping[str, Sheet]):
    """Sheets by path, each looked up or made when it is first asked for.

    Args:
        readings: the documents; only those without a kept sheet are asked for.
        premises: what the settings say.
        kept: gives the bytes of the sheet that was kept for the file at a path, for its very bytes, its path,
            the digest of the premises and this version of the code; None if there is none.
        keep: takes a new one.
    """

    def __init__(self, readings: Mapping[str, Reading], premises: Premises, kept: Kept, keep: Keep) -> None:
        self._readings = readings
        self._premises = premises
        self._kept = kept
        self._keep = keep
        self._known: dict[str, Sheet] = {}

    def __getitem__(self, path: str) -> Sheet:
        """The sheet of the file at a path."""
        if path not in self._known:
            self._known[path] = self._found(path) or self._made(path)
        return self._known[path]

    def __contains__(self, path: object) -> bool:
        """Whether a document file stands at a path."""
        return path in self._readings

    def __iter__(self) -> Iterator[str]:
        """The paths."""
        return iter(self._readings)

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._readings)

    def _found(self, path: str) -> Sheet | None:
        data = self._kept(path) if path in self._readings else None
        try:
            return Sheet.from_bytes(path, data) if data is not None else None
        except ValueError:
            return None

    def _made(self, path: str) -> Sheet:
        made = make(self._readings[path], self._premises)
        self._keep(path, made.to_bytes())
        return made
