"""The index of a library of which one part is judged here, and the rest elsewhere.

What rules go through is this part's only; what they look up is everybody's. So each problem is found in one
part at least, and none is found that judging everything would not find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.document import SIGNATURES, is_document
from isodocs.core.index import Scan
from isodocs.core.statement import AUTHORITY_ID
from isodocs.core.survey import fits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from isodocs.core.index import Index
    from isodocs.core.library import Library
    from isodocs.core.shard import Shard
    from isodocs.core.survey import Placed


class Part:
    """An index seen from one part.

    Args:
        library: the library.
        share: the part.
        known: the index of all, where one was kept; else it is worked out from the library.
    """

    def __init__(self, library: Library, share: Shard, known: Index | None) -> None:
        self._library, self._share = library, share
        self._kept = known is not None
        self._known: Index = known or Scan(library)

    def _names(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if self._share.has(name))

    def _placed(self, placed: Iterable[Placed]) -> tuple[Placed, ...]:
        return tuple(one for one in placed if one[0] == AUTHORITY_ID or self._share.has(one[0]))

    @property
    def drafts(self) -> Collection[str]:
        """As ``Index`` says, of this part's documents; and so on below."""
        return self._names(self._known.drafts)

    @property
    def missing(self) -> Collection[str]:
        """Of this part."""
        return self._names(self._known.missing)

    @property
    def repeated(self) -> Collection[str]:
        """Of this part."""
        return self._names(self._known.repeated)

    @property
    def withdrawn(self) -> Collection[str]:
        """Of all parts."""
        return self._known.withdrawn

    @property
    def changed(self) -> Collection[str]:
        """Of all parts, as far as they are known."""
        return tuple(name for name in self._known.changed if self._share.knows(name))

    @property
    def count(self) -> int:
        """Of all parts."""
        if self._kept or self._library.sheets is not None:
            return self._known.count
        files = self._library.files.items()
        return sum(is_document(path) and entry.regular for path, entry in files)

    @property
    def here(self) -> Collection[str]:
        """Of all parts."""
        return self._known.here

    @property
    def unreadable(self) -> Collection[str]:
        """Of all parts."""
        return self._known.unreadable

    @property
    def irregular(self) -> Collection[str]:
        """Of all parts."""
        return self._known.irregular

    @property
    def collisions(self) -> Collection[tuple[str, ...]]:
        """Of all parts."""
        return self._known.collisions

    @property
    def waiting(self) -> Collection[Placed]:
        """Of this part."""
        return self._placed(self._known.waiting)

    @property
    def unproven(self) -> Collection[Placed]:
        """Of this part."""
        return self._placed(self._known.unproven)

    @property
    def lesser(self) -> Collection[Placed]:
        """Of this part."""
        return self._placed(self._known.lesser)

    @property
    def strays(self) -> Collection[str]:
        """Among the files that were read here."""
        if self._kept:
            return tuple(path for path in self._known.strays if self._share.reads(path))
        files, evidence, qms = self._library.files, self._library.evidence, self._library.settings.qms
        here = ((path, files.get(path)) for path in self._library.state.tree.files)
        return tuple(
            sorted(
                path
                for path, entry in here
                if path.startswith(SIGNATURES)
                and entry is not None
                and not fits(files, evidence, qms, path, entry)
            )
        )

    def due(self, until: date) -> Collection[str]:
        """Of this part."""
        return self._names(self._known.due(until))

    def highest(self, prefix: str) -> int:
        """Of all parts."""
        return self._known.highest(prefix)

    def names_in(self, folder: str) -> Collection[str]:
        """Of all parts."""
        return self._known.names_in(folder)

    def superseding(self, name: str) -> tuple[str, str] | None:
        """Of all parts."""
        return self._known.superseding(name)
