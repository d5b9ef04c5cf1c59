"""What rules look up instead of going through everything.

In a hook nothing may go through all documents, files or statements. What a rule must know of the rest of the
library it asks here: short lists of what is out of the ordinary, and lookups by a key. ``Scan`` works each
out from the library when it is first asked; who continues an earlier state can answer from what it kept.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from isodocs.core.document import DOCUMENTS, SIGNATURES
from isodocs.core.identity import split_id
from isodocs.core.statement import AUTHORITY_ID, Assurance
from isodocs.core.survey import fits, folded, is_proven

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from isodocs.core.library import Library
    from isodocs.core.life import Judged, Life, State
    from isodocs.core.survey import Placed


class Index(Protocol):
    """Of the judged tree and of S of it. Ids and paths come sorted, each once."""

    @property
    def drafts(self) -> Collection[str]:
        """The ids whose text in the tree is not what was approved last."""

    @property
    def missing(self) -> Collection[str]:
        """The ids that were approved, are not withdrawn and have no readable file."""

    @property
    def repeated(self) -> Collection[str]:
        """The ids that several files have."""

    @property
    def withdrawn(self) -> Collection[str]:
        """The ids that are withdrawn at the library's moment."""

    @property
    def changed(self) -> Collection[str]:
        """The ids of which a statement was judged in the judged change, also with authority held."""

    @property
    def count(self) -> int:
        """How many document files there are, links and submodules left out."""

    @property
    def here(self) -> Collection[str]:
        """The ids that have a readable file. Long: only for guesses at what a wrong id was meant to be."""

    @property
    def unreadable(self) -> Collection[str]:
        """The document files that give no id."""

    @property
    def irregular(self) -> Collection[str]:
        """The files below ``documents/`` that are links or submodules."""

    @property
    def collisions(self) -> Collection[tuple[str, ...]]:
        """The files below ``documents/`` whose paths differ in capital and small letters only, by group."""

    @property
    def waiting(self) -> Collection[Placed]:
        """The statements in the tree that were never judged."""

    @property
    def unproven(self) -> Collection[Placed]:
        """The statements in the tree whose signature files may not be what they entered by.

        It may hold too many, never too few: those that wait, and those whose files were replaced since.
        """

    @property
    def lesser(self) -> Collection[Placed]:
        """The valid statements in the tree that are weak, or not signed by a key."""

    @property
    def strays(self) -> Collection[str]:
        """The files below ``signatures/`` that may be neither a statement at its place nor its ``.sig``.

        It may hold too many, never too few.
        """

    def due(self, until: date) -> Collection[str]:
        """The ids in force whose review is due on a day or before it."""

    def highest(self, prefix: str) -> int:
        """The highest number that an id of a prefix ever had; 0 if there is none."""

    def names_in(self, folder: str) -> Collection[str]:
        """The names of the files that lie directly in a folder."""

    def superseding(self, name: str) -> tuple[str, str] | None:
        """Id and path of the first document that says it supersedes another."""


class Scan:
    """Answers by going through the library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def _state(self) -> State:
        return self._library.state

    @cached_property
    def drafts(self) -> tuple[str, ...]:
        """As ``Index`` says, and so on below."""
        return tuple(name for name, view in sorted(self._library.views.items()) if view.draft is not None)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Approved, not withdrawn, without a file."""
        here = self._state.tree.paths
        return tuple(
            name
            for name, life in sorted(self._state.lives.items())
            if life.approvals and not life.withdrawn and name not in here
        )

    @cached_property
    def repeated(self) -> tuple[str, ...]:
        """Had by several files."""
        return tuple(name for name, paths in sorted(self._state.tree.paths.items()) if len(paths) > 1)

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Withdrawn at the moment."""
        views = self._library.views
        return frozenset(name for name, view in views.items() if view.status == "withdrawn")

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """With statements judged now."""
        base = self._library.base.lives if self._library.base else {}
        folds = (self._state, self._library.held)
        return tuple(sorted({name for fold in folds if fold for name in _differing(fold.lives, base)}))

    @property
    def count(self) -> int:
        """By the documents."""
        sheets, readings = self._library.sheets, self._library.readings
        return len(readings if sheets is None else sheets)

    @cached_property
    def here(self) -> tuple[str, ...]:
        """With a file."""
        return tuple(sorted(self._state.tree.paths))

    @cached_property
    def unreadable(self) -> tuple[str, ...]:
        """Without an id."""
        sheets, readings = self._library.sheets, self._library.readings
        if sheets is not None:
            return tuple(path for path in sorted(sheets) if not sheets[path].id)
        return tuple(path for path in sorted(readings) if not readings[path].id)

    @cached_property
    def irregular(self) -> tuple[str, ...]:
        """No ordinary files."""
        files = self._library.files.items()
        return tuple(sorted(path for path, one in files if not one.regular and path.startswith(DOCUMENTS)))

    @cached_property
    def collisions(self) -> tuple[tuple[str, ...], ...]:
        """Same but for capitals."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for path in self._library.files:
            if path.startswith(DOCUMENTS):
                groups[folded(path)].append(path)
        return tuple(sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1))

    @cached_property
    def waiting(self) -> tuple[Placed, ...]:
        """Never judged."""
        return tuple(sorted((name, digest) for name, digest, _, item in self._statements() if item is None))

    def _statements(self) -> Iterator[tuple[str, str, frozenset[str], Judged | None]]:
        """Each statement of the tree: about what, its digest, its files, and what became of it."""
        for name, held in self._state.tree.about.items():
            items = self._state.authority_log if name == AUTHORITY_ID else self._state.life(name).judged
            known = {item.digest: item for item in items}
            for digest, paths in held.items():
                yield name, digest, paths, known.get(digest)

    @cached_property
    def unproven(self) -> tuple[Placed, ...]:
        """Without a signature that still is the one by which they entered."""
        return tuple(
            sorted(
                (name, digest)
                for name, digest, paths, item in self._statements()
                if not is_proven(self._state, self._library.evidence, item, paths)
            )
        )

    @cached_property
    def lesser(self) -> tuple[Placed, ...]:
        """Weak, or without a key."""
        found = ((name, item) for name, _, _, item in self._statements() if item is not None and item.valid)
        return tuple(
            sorted(
                (name, item.digest)
                for name, item in found
                if item.weak or item.statement.assurance is not Assurance.SIGNED
            )
        )

    @cached_property
    def strays(self) -> tuple[str, ...]:
        """Not what belongs there, or not where it belongs."""
        files, evidence, qms = self._library.files, self._library.evidence, self._library.settings.qms
        return tuple(
            sorted(
                path
                for path, entry in files.items()
                if path.startswith(SIGNATURES) and not fits(files, evidence, qms, path, entry)
            )
        )

    def due(self, until: date) -> tuple[str, ...]:
        """By the views."""
        return tuple(
            name
            for name, view in sorted(self._library.views.items())
            if view.review_due is not None and view.review_due <= until
        )

    def highest(self, prefix: str) -> int:
        """By all ids that ever were."""
        known = (split_id(name) for name in (*self._state.lives, *self._state.tree.paths))
        return max((one[1] for one in known if one and one[0] == prefix), default=0)

    def names_in(self, folder: str) -> tuple[str, ...]:
        """By all files."""
        return self._folders.get(folder, ())

    @cached_property
    def _folders(self) -> dict[str, tuple[str, ...]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self._library.files):
            folder, _, name = path.rpartition("/")
            found[folder].append(name)
        return {folder: tuple(names) for folder, names in found.items()}

    def superseding(self, name: str) -> tuple[str, str] | None:
        """By all documents."""
        return self._superseding.get(name)

    @cached_property
    def _superseding(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for path, name, others in self._claims():
            for other in others:
                found.setdefault(other, (name, path))
        return found

    def _claims(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Each document file: its path, its id as written, and what it says it supersedes."""
        sheets, readings = self._library.sheets, self._library.readings
        for path in sorted(readings if sheets is None else sheets):
            yield path, *claims_at(self._library, path)


def claims_at(library: Library, path: str) -> tuple[str, tuple[str, ...]]:
    """The id of a document file as written, and what it says it supersedes."""
    if library.sheets is not None:
        return library.sheets[path].written, library.sheets[path].supersedes
    front = library.readings[path].front
    return (front.id, front.supersedes) if front else ("", ())


def _differing(lives: Mapping[str, Life], before: Mapping[str, Life]) -> list[str]:
    return [name for name, life in lives.items() if life is not before.get(name)]
