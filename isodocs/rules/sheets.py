"""The sheets of a library's documents, made where nobody kept them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from isodocs.core import sheet
from isodocs.core.sheet import Sheet
from isodocs.rules.base import remembered
from isodocs.rules.registry import RULES

if TYPE_CHECKING:
    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

Paths = Callable[[], Collection[str]]
Read = Callable[[str], "Reading | None"]
Pass = Callable[[list[str]], Iterable["Reading"]]
Kept = Callable[[str], bytes | None]
Keep = Callable[[str, bytes], None]

_EXAMINING = tuple(rule.examine for rule in RULES if rule.examine is not None)


def make(reading: Reading, premises: Premises) -> Sheet:
    """The sheet of a document file that was read in full, with what the rules find in it."""
    facts = remembered(reading, sheet.of)
    found = [problem for examine in _EXAMINING for problem in examine(reading, premises)]
    return facts.with_problems(found) if found else facts


class Sheets(Mapping[str, Sheet]):
    """Sheets by path, each looked up or made when it is first asked for.

    Args:
        paths: gives the paths of all document files that are ordinary files; asked only by who goes through.
        read: reads one in full, where no sheet is kept; None where no such file is there.
        premises: what the settings say.
        kept: gives the bytes of the sheet that was kept for the file at a path, for its very bytes, its path,
            the digest of the premises and this version of the code; None if there is none, or no ordinary
            file.
        keep: takes a new one.
        passing: reads many in one go, in the order asked for; they are not remembered.
    """

    def __init__(
        self,
        paths: Paths,
        read: Read,
        premises: Premises,
        kept: Kept,
        keep: Keep,
        passing: Pass | None = None,
    ) -> None:
        self._paths, self._read, self._passing = paths, read, passing
        self._premises = premises
        self._kept, self._keep = kept, keep
        self._known: dict[str, Sheet | None] = {}

    def __getitem__(self, path: str) -> Sheet:
        """The sheet of the file at a path."""
        if path not in self._known:
            self._known[path] = self._found(path) or self._made(path)
        known = self._known[path]
        if known is None:
            raise KeyError(path)
        return known

    def __iter__(self) -> Iterator[str]:
        """The paths."""
        return iter(self._paths())

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._paths())

    def look_up(self, paths: Iterable[str]) -> None:
        """Look up or make the sheets of many files that are there, where these can be read in one go."""
        missing = []
        for path in paths if self._passing is not None else ():
            if path not in self._known and (found := self._found(path)) is not None:
                self._known[path] = found
            elif path not in self._known:
                missing.append(path)
        for reading in self._passing(missing) if self._passing is not None and missing else ():
            self._known[reading.path] = self._kept_anew(reading)

    def _found(self, path: str) -> Sheet | None:
        data = self._kept(path)
        try:
            return Sheet.from_bytes(path, data) if data is not None else None
        except ValueError:
            return None

    def _made(self, path: str) -> Sheet | None:
        reading = self._read(path)
        return self._kept_anew(reading) if reading is not None else None

    def _kept_anew(self, reading: Reading) -> Sheet:
        made = make(reading, self._premises)
        self._keep(reading.path, made.to_bytes())
        return made
