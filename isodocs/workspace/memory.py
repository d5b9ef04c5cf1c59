"""Keeping the fold's state from one run to the next, and finding the nearest one to go on from.

A state is kept by the commit at which it is S(n) and the pinned trust root: both say everything that it
follows from, so what was kept once stays right whatever happens to branches. A history with corrected dates
is not kept: these can change what an earlier commit means.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from isodocs.core import dossier
from isodocs.core.lazy import loaded
from isodocs.core.survey import everything
from isodocs.git.walk import first_parents
from isodocs.workspace.head import Head
from isodocs.workspace.past import Past, names_of
from isodocs.workspace.pieces import KIND, Lost, Pieces, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from isodocs.core.life import Evidence, State
    from isodocs.core.survey import Survey
    from isodocs.git.cache import Cache
    from isodocs.git.repository import Repository

    Anew = Callable[[str], tuple[State, Evidence, Head | None]]

_SPARE = 16 << 20
_TOO_MUCH = 3
"""So many times what the last state takes, and some bytes besides, all kept states may take together."""


class Memory:
    """The states of one repository that were kept under one trust root.

    Args:
        repository: the repository.
        trust_root: the pinned root; None where none is.
        cache: where they lie; the repository's own, if none is given.
    """

    def __init__(self, repository: Repository, trust_root: str | None, cache: Cache | None = None) -> None:
        self._repository, self._root = repository, trust_root
        self._cache: Cache = cache or repository.cache

    def nearest(self, tip: str, latest: int, anew: Anew) -> Past | None:
        """The state kept at ``tip``, else at the commit next below it on its first-parent chain.

        Args:
            tip: a commit.
            latest: the latest date that a commit of the mainline may have, in seconds since 1970.
            anew: folds the history up to a commit, where something that was kept is gone.
        """
        if not self._cache.size(KIND):
            return None
        self._repository.require_complete()
        for commit in chain((tip,), first_parents(self._repository, tip)):
            head = self.head(commit)
            if head is not None:
                if head.newest > latest:
                    return None
                return Past(self._repository, self._cache, head, partial(anew, head.commit))
        return None

    def head(self, commit: str) -> Head | None:
        """The head of the state that is kept for a commit."""
        data = self._cache.get(KIND, self._question(commit))
        return Head.from_bytes(data) if data is not None else None

    def _question(self, commit: str) -> bytes:
        return f"head {self._root or '-'} {commit}".encode("ascii", "replace")

    def keep(
        self, state: State, evidence: Evidence, newest: int, past: Past | None, paths: Iterable[str] = ()
    ) -> Survey | None:
        """Keep a state, for those who go on from its commit; its survey, if it could be kept.

        Args:
            state: S(n).
            evidence: what it was folded with.
            newest: the latest date of a commit of the mainline, in seconds since 1970.
            past: the state from which it was folded; None where it was folded from the beginning.
            paths: the files that changed since that.
        """
        head = Head.of(state, newest)
        if head is None or not self._cache.kept:
            return None
        with suppress(Lost):  # again, since it was folded anew: nothing can be written here
            names = frozenset(state.changed | evidence.lineage.names)
            if past is None:
                survey = everything(state, evidence)
                self._keep(head, state, evidence, None, names_of(state, evidence), survey)
            else:
                listing = partial(self._repository.asking.names, state.commit)
                survey = past.survey().updated(state, evidence, names, frozenset(paths), listing)
                self._keep(head, state, evidence, past, names, survey)
            return survey
        return None

    def _keep(
        self,
        head: Head,
        state: State,
        evidence: Evidence,
        past: Past | None,
        names: Collection[str],
        survey: Survey,
    ) -> None:
        oids = {digest: oid for oid, digest in loaded(evidence.digests).items()}
        dossiers = (
            (name, dossier.to_bytes(dossier.dossier_of(state, evidence, name, oids))) for name in names
        )
        self.keep_parts(head, dossiers, embedders_in(evidence), survey, past)

    def keep_parts(
        self,
        head: Head,
        dossiers: Iterable[tuple[str, bytes]],
        embedders: Mapping[str, list[str]],
        survey: Survey,
        past: Past | None = None,
    ) -> Head:
        """Keep a state of which everything was worked out.

        Args:
            head: of the state, without where the rest lies.
            dossiers: by id, those that differ from what was kept before.
            embedders: the ids of the documents that embed a file, by its path; likewise.
            survey: of the state.
            past: what was kept before; None where nothing was.
        """
        rows: dict[str, tuple[str, int] | None] = {
            name: (keep(self._cache, data), len(data)) for name, data in dossiers
        }
        before: Pieces[tuple[str, int]] = past.dossiers if past is not None else Pieces(self._cache)
        embedding: Pieces[list[str]] = past.embedding if past is not None else Pieces(self._cache)
        table, files = before.kept(rows), embedding.kept(embedders)
        weight = sum(size for _, size in (row for _, row in table.items()))
        head = replace(
            head,
            dossiers=tuple(table.names),
            embedders=tuple(files.names),
            survey=keep(self._cache, survey.to_bytes()),
            weight=weight,
        )
        self._cache.put(KIND, self._question(head.commit), head.to_bytes())
        self._cache.flush()
        if self._cache.size(KIND) > _TOO_MUCH * weight + _SPARE:
            self._cache.keep_only(KIND, self._live(head, table, files))
        return head

    def _live(
        self, head: Head, dossiers: Pieces[tuple[str, int]], embedders: Pieces[list[str]]
    ) -> Iterable[bytes]:
        """The questions behind all that one state needs."""
        yield self._question(head.commit)
        names = [head.survey, *dossiers.names, *embedders.names]
        names += [name for _, (name, _) in dossiers.items()]
        yield from (bytes.fromhex(name) for name in names if name)


def embedders_in(evidence: Evidence) -> dict[str, list[str]]:
    """The ids of the documents that embed a file, by its path; of the files that evidence was read of."""
    return {path: sorted(evidence.lineage.embedders(path)) for path in evidence.lineage.embedded}
