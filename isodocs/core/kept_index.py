"""The index of a library that stands on a kept state: nothing that did not change is looked at."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from isodocs.core.identity import split_id
from isodocs.core.index import claims_at
from isodocs.core.survey import due_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from isodocs.core.library import Library
    from isodocs.core.survey import Placed, Survey


class Kept:
    """Answers from the survey of the state before the judged change, and what the change makes of it.

    Args:
        library: the library.
        known: the survey of its base, or of its own state.
        listing: the names of what lies in a folder (``""`` or ending with ``/``), before the change or after.
        own: whether the survey is that of its own state, as it is where it has no base.
    """

    def __init__(
        self,
        library: Library,
        known: Survey,
        listing: Callable[[str], Iterable[str]],
        *,
        own: bool = False,
    ) -> None:
        self._library, self._known = library, known
        self._own = own or library.base is None
        self._listing = listing

    @cached_property
    def _survey(self) -> Survey:
        library = self._library
        if self._own:
            return self._known
        names = frozenset(library.state.changed | library.touched)
        return self._known.updated(
            library.state, library.evidence, names, library.touched_paths, self._all_in
        )

    def _all_in(self, folder: str) -> set[str]:
        """The names in a folder before the change and after it."""
        inner = (path[len(folder) :] for path in self._library.touched_paths if path.startswith(folder))
        return {*self._listing(folder), *(path.partition("/")[0] for path in inner)}

    @property
    def drafts(self) -> tuple[str, ...]:
        """As ``Index`` says, and so on below."""
        return tuple(sorted(self._survey.drafts))

    @property
    def missing(self) -> tuple[str, ...]:
        """Approved, not withdrawn, without a file."""
        return tuple(sorted(self._survey.missing))

    @property
    def repeated(self) -> tuple[str, ...]:
        """Had by several files."""
        return tuple(sorted(self._survey.repeated))

    @property
    def withdrawn(self) -> frozenset[str]:
        """Withdrawn."""
        return self._survey.withdrawn

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """With statements judged now."""
        library = self._library
        before = library.base.lives if library.base else {}
        if library.base is None:
            return tuple(sorted(library.state.lives))
        folds = [one for one in (library.state, library.held) if one is not None]
        return tuple(
            sorted(
                {
                    name
                    for fold in folds
                    for name in fold.changed
                    if name in fold.lives and fold.lives[name] is not before.get(name)
                }
            )
        )

    @property
    def count(self) -> int:
        """By the ids and the files without one."""
        found, paths = self._survey, self._library.state.tree.paths
        more = sum(len(paths[name]) - 1 for name in found.repeated)
        return len(found.here) + more + len(found.unreadable)

    @property
    def here(self) -> tuple[str, ...]:
        """With a file."""
        return tuple(sorted(self._survey.here))

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Without an id."""
        return tuple(sorted(self._survey.unreadable))

    @property
    def irregular(self) -> tuple[str, ...]:
        """No ordinary files."""
        return tuple(sorted(self._survey.irregular))

    @property
    def collisions(self) -> tuple[tuple[str, ...], ...]:
        """Same but for capitals."""
        return tuple(sorted(self._survey.collisions))

    @property
    def waiting(self) -> tuple[Placed, ...]:
        """Never judged."""
        return tuple(sorted(self._survey.waiting))

    @property
    def unproven(self) -> tuple[Placed, ...]:
        """Without a signature that still is the one by which they entered."""
        return tuple(sorted(self._survey.unproven))

    @property
    def lesser(self) -> tuple[Placed, ...]:
        """Weak, or without a key."""
        return tuple(sorted(self._survey.lesser))

    @property
    def strays(self) -> tuple[str, ...]:
        """Not what belongs there, or not where it belongs."""
        return tuple(sorted(self._survey.strays))

    def due(self, until: date) -> tuple[str, ...]:
        """By the times of the revisions."""
        days = ((name, due_at(rows, self._library.moment)) for name, rows in self._survey.due.items())
        return tuple(sorted(name for name, day in days if day is not None and day <= until))

    def highest(self, prefix: str) -> int:
        """By all ids that ever were."""
        known = map(split_id, self._survey.here | self._survey.gone)
        return max((one[1] for one in known if one and one[0] == prefix), default=0)

    def names_in(self, folder: str) -> tuple[str, ...]:
        """By the folder before the change, and the change."""
        start = f"{folder}/" if folder else ""
        return tuple(sorted(name for name in self._all_in(start) if start + name in self._library.files))

    def superseding(self, name: str) -> tuple[str, str] | None:
        """By the documents that may say so: few, of which one is read."""
        likely = {path for path, others in self._survey.claims.items() if name in others}
        for path in sorted(likely | self._survey.unreadable):
            own, others = claims_at(self._library, path)
            if name in others:
                return own, path
        return None
