"""The state at a commit of the mainline as an earlier run left it, read only as far as it is asked for.

It answers exactly what a fold of the whole history would. What cannot be found any more is folded anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from isodocs.core import dossier
from isodocs.core.lazy import Lazy, loaded
from isodocs.core.life import Authority, State
from isodocs.core.survey import Survey, everything
from isodocs.core.tree import AUTHORITY_ID, TreeIndex
from isodocs.git.tree import commit_tree
from isodocs.workspace.pieces import Lost, Pieces, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from isodocs.core.document import Document
    from isodocs.core.dossier import Dossier
    from isodocs.core.history import Entry
    from isodocs.core.life import Evidence, Life
    from isodocs.core.lineage import Touch
    from isodocs.core.shard import Shard
    from isodocs.git.cache import Cache
    from isodocs.git.repository import Repository
    from isodocs.workspace.head import Head

    Anew = Callable[[], tuple[State, Evidence, Head | None]]

_NONE: frozenset[str] = frozenset()
_Part = TypeVar("_Part")


class Past:
    """S at one commit.

    Args:
        repository: where it lies.
        cache: where the state was kept.
        head: of the state.
        anew: folds the history up to that commit again, and keeps it; gives the new head, if it was kept.
        part: the part that was folded, where several machines share the work.
    """

    def __init__(
        self, repository: Repository, cache: Cache, head: Head, anew: Anew, part: Shard | None = None
    ) -> None:
        self.head, self.part = head, part
        self._repository, self._cache, self._anew = repository, cache, anew
        self._asking = repository.asking
        self.dossiers: Pieces[tuple[str, int]] = Pieces(cache, head.dossiers)
        self.embedding: Pieces[list[str]] = Pieces(cache, head.embedders)
        self._read: dict[str, Dossier | None] = {}
        self._documents: dict[str, Document] = {}
        self._digests: dict[str, str] = {}
        self._oids: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}
        self._touches: dict[str, tuple[Touch, ...]] = {}
        self._ancestors: dict[str, frozenset[str]] = {}
        self._folded: tuple[State, Evidence] | None = None

    @property
    def number(self) -> int:
        """The number of its step."""
        return self.head.number

    def entry(self, commit: str, path: str) -> Entry | None:
        """What stands at a path in the tree of any commit."""
        return self._asking.entry(commit, path)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether one commit contains another."""
        known = self._ancestors.get(new)  # asked again and again of where a branch began
        if known is None:
            listed = self._repository.run("rev-list", "--end-of-options", new, "--").decode("ascii")
            known = self._ancestors[new] = frozenset(listed.split())
        return old in known

    def document(self, oid: str) -> Document | None:
        """The facts of a version of a document, where a dossier that was read holds them."""
        return self._documents.get(oid)

    def digest(self, oid: str) -> str | None:
        """The SHA-256 of a blob, where a dossier that was read holds it."""
        return self._digests.get(oid)

    def named(self, digest: str) -> str | None:
        """The blob of a SHA-256; dossiers are read until one knows it."""
        for name in (AUTHORITY_ID, *self.names()) if digest not in self._oids else ():
            if name not in self._read and self.dossier(name) is not None and digest in self._oids:
                break
        return self._oids.get(digest)

    def touches(self, name: str) -> tuple[Touch, ...]:
        """The commits that touch a document, after its last approval or withdrawal."""
        found = self.dossier(name)
        if found is None:
            return ()
        if found.touches is not None:
            return found.touches
        if name not in self._touches:
            state, evidence = self._whole()
            life = state.life(name)
            all_of_them = evidence.lineage.touches(name, life.last_event, state.number)
            self._touches[name] = dossier.self_contained(all_of_them, name, life, evidence)
        return self._touches[name]

    def places(self, name: str) -> frozenset[str]:
        """Every path at which some commit held a document."""
        found = self.dossier(name)
        return found.places if found is not None else _NONE

    def embedders(self, path: str) -> frozenset[str]:
        """The ids of the documents of which some version embeds a file."""
        if self._folded is None:
            try:
                return frozenset(self.embedding.get(path) or ())
            except Lost:
                self._whole()
        return frozenset(self._whole()[1].lineage.embedders(path))

    def names(self) -> list[str]:
        """The ids of all that it holds a dossier of."""
        if self._folded is None:
            try:
                return [name for name, _ in self.dossiers.items()]
            except Lost:
                self._whole()
        return sorted(names_of(*self._whole()))

    def survey(self) -> Survey:
        """What is out of the ordinary in the state."""
        if self._folded is None:
            try:
                return Survey.from_bytes(find(self._cache, self.head.survey))
            except Lost:
                self._whole()
        return everything(*self._whole())

    def dossier(self, name: str) -> Dossier | None:
        """All that is known of one document; None where nothing is."""
        if name not in self._read:
            found = self._read[name] = self._find(name)
            if found is not None:
                self._documents.update(found.documents)
                self._digests.update(found.digests)
                self._oids.update((digest, oid) for oid, digest in found.digests.items())
                self._entries.update(found.entries)
        return self._read[name]

    def _find(self, name: str) -> Dossier | None:
        if self._folded is None:
            try:
                place = self.dossiers.get(name)
                return dossier.from_bytes(find(self._cache, place[0])) if place is not None else None
            except Lost:
                self._whole()
        state, evidence = self._whole()
        if name not in names_of(state, evidence):
            return None
        oids = {digest: oid for oid, digest in loaded(evidence.digests).items()}
        return dossier.dossier_of(state, evidence, name, oids)

    def _whole(self) -> tuple[State, Evidence]:
        if self._folded is None:
            state, evidence, head = self._anew()
            self._folded = state, evidence
            if head is not None:
                self.dossiers = Pieces(self._cache, head.dossiers)
                self.embedding = Pieces(self._cache, head.embedders)
        return self._folded

    def state(self, evidence: Evidence) -> State:
        """S, to be folded on with evidence that was gathered upon this past."""
        head = self.head
        source, people, scope = head.sources
        settings, register, scoped = (
            evidence.settings[source],
            evidence.registers[people],
            evidence.settings[scope],
        )
        assert settings is not None  # noqa: S101 - what governs could be read when it was adopted
        assert register is not None  # noqa: S101
        assert scoped is not None  # noqa: S101
        return State(
            TreeIndex(evidence.documents, evidence.statements, self._files(), self._paths(), self._about()),
            number=head.number,
            commit=head.commit,
            time=head.time,
            root=head.root,
            authority=Authority(
                settings,
                register,
                scoped,
                head.digest,
                head.since,
                head.adopted,
                predecessor=head.predecessor,
                recovered=head.recovered,
                sources=head.sources,
            ),
            lives=self._lives(),
            authority_log=head.log,
            adoptions=head.adoptions,
            protected=head.protected,
            pending=head.pending,
        )

    def _files(self) -> dict[str, Entry]:
        commit = self.head.commit

        def files() -> Iterable[tuple[str, Entry]]:
            return commit_tree(self._repository, commit).entries.items()

        return Lazy(lambda path: self._entries.get(path) or self.entry(commit, path), files)

    def _lives(self) -> dict[str, Life]:
        def life(name: str) -> Life | None:
            found = self.dossier(name)
            return found.life if found is not None and found.life.judged else None

        return self._table(life)

    def _paths(self) -> dict[str, frozenset[str]]:
        def paths(name: str) -> frozenset[str] | None:
            found = self.dossier(name)
            return (found.paths or None) if found is not None else None

        return self._table(paths)

    def _about(self) -> dict[str, Mapping[str, frozenset[str]]]:
        def about(name: str) -> Mapping[str, frozenset[str]] | None:
            found = self.dossier(name)
            return (found.statements or None) if found is not None else None

        return self._table(about)

    def _table(self, part: Callable[[str], _Part | None]) -> dict[str, _Part]:
        def parts() -> Iterator[tuple[str, _Part]]:
            for name in self.names():
                value = part(name)
                if value is not None:
                    yield name, value

        return Lazy(part, parts)


def names_of(state: State, evidence: Evidence) -> set[str]:
    """Of whom anything is known: ids of documents, also of those that are gone, and the authority's place."""
    return {*state.lives, *state.tree.paths, *state.tree.about, AUTHORITY_ID, *evidence.lineage.names}
