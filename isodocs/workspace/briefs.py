"""The briefs of a state's documents, kept from one list to the next: nobody's life is read for a line.

A brief follows from a document's dossier and from the settings and the register that govern, so it is kept by
the names of these. They are kept by the piece of the table of dossiers as well, so that a list costs few
questions; after a change the pieces that changed are made anew, from single briefs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from isodocs.core import brief
from isodocs.core.brief import Brief, brief_of
from isodocs.core.dossier import from_bytes
from isodocs.workspace.memory import Memory
from isodocs.workspace.pieces import Lost, Pieces, find

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from isodocs.core.life import Authority
    from isodocs.git.cache import Cache
    from isodocs.git.repository import Repository
    from isodocs.workspace.folding import Folded

KIND = "list"
MOST = 64 << 20
"""So many bytes all briefs may take: a hundred thousand of them."""


def briefs_on(
    folded: Folded, repository: Repository, trust_root: str | None
) -> Callable[[], Mapping[str, Brief] | None] | None:
    """What gives the briefs of all ids that a folded state has a dossier of; None where none is kept."""
    state, authority = folded.state, folded.state.authority
    if folded.survey is None or authority is None:
        return None

    def briefs() -> Mapping[str, Brief] | None:
        head = Memory(repository, trust_root).head(state.commit)
        if head is None:
            return None
        try:
            return _Briefs(repository.cache, authority).of(Pieces(repository.cache, head.dossiers))
        except Lost:
            return None

    return briefs


class _Briefs:
    """Looks briefs up, and makes those that nobody kept."""

    def __init__(self, cache: Cache, authority: Authority) -> None:
        self._cache, self._authority = cache, authority
        cache.limit(KIND, MOST)
        self._governs = " ".join(authority.sources[:2])

    def of(self, dossiers: Pieces[tuple[str, int]]) -> dict[str, Brief]:
        """The briefs of a table of dossiers, by id.

        Raises:
            Lost: part of the table is gone.
        """
        found: dict[str, Brief] = {}
        for number, piece in enumerate(dossiers.names):
            data = self._cache.get(KIND, self._question(piece)) if piece else b"{}"
            if data is None:
                data = brief.written(self._made(dossiers.piece(number)))
                self._cache.put(KIND, self._question(piece), data)
            found |= brief.read(data)
        return found

    def _made(self, rows: Mapping[str, tuple[str, int]]) -> dict[str, Brief]:
        made = {}
        for name, (dossier, _) in sorted(rows.items()):
            data = self._cache.get(KIND, self._question(dossier))
            if data is not None:
                made[name] = Brief.from_json(json.loads(data))
                continue
            life = from_bytes(find(self._cache, dossier)).life  # nothing of it is held on to
            one = made[name] = brief_of(life, self._authority)
            self._cache.put(KIND, self._question(dossier), json.dumps(one.to_json()).encode())
        return made

    def _question(self, name: str) -> bytes:
        return f"{name} {self._governs}".encode("ascii", "replace")
