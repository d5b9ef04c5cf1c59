"""What is kept of a state besides its documents: where it stands, who governs, and where the rest lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.dossier_reader import Reader
from isodocs.core.dossier_writer import Writer

if TYPE_CHECKING:
    from isodocs.core.life import Adoption, Judged, State
    from isodocs.core.statement import Content


@dataclass(frozen=True, slots=True)
class Head:
    """A state that has an authority, at one commit of the mainline.

    Attributes:
        number: of the step; ``commit`` is its commit, ``time`` is t(n).
        root: the trust root.
        newest: the latest date of a commit of the mainline from the root on, in seconds since 1970.
        sources: the object names of settings, register and scope.
        digest: of the protected set that governs, adopted at the step ``since`` by the commit ``adopted``.
        predecessor: the digest of the set before; None for the trust root's.
        recovered: whether it was adopted by the recovery role.
        log: the statements on protected sets that were judged.
        adoptions: the protected sets that governed.
        protected: the protected files of the tree.
        pending: the ids to be looked at again in the next step.
        dossiers: the pieces of the table of dossiers: id → name and size of its bytes.
        embedders: the pieces of the table of embedded files: path → ids.
        survey: under what the survey is kept.
        weight: how many bytes all that takes, about.
    """

    number: int
    commit: str
    time: int
    root: str
    newest: int
    sources: tuple[str, str, str]
    digest: str
    since: int
    adopted: str
    predecessor: str | None
    recovered: bool
    log: tuple[Judged, ...]
    adoptions: tuple[Adoption, ...]
    protected: Content
    pending: frozenset[str]
    dossiers: tuple[str, ...] = ()
    embedders: tuple[str, ...] = ()
    survey: str = ""
    weight: int = 0

    @classmethod
    def of(cls, state: State, newest: int) -> Head | None:
        """The head of a state; None where there is none to keep: nothing governs, or authority is held."""
        authority = state.authority
        if authority is None or authority.held or state.protected is None or state.root is None:
            return None
        return cls(
            number=state.number,
            commit=state.commit,
            time=state.time,
            root=state.root,
            newest=newest,
            sources=authority.sources,
            digest=authority.digest,
            since=authority.step,
            adopted=authority.commit,
            predecessor=authority.predecessor,
            recovered=authority.recovered,
            log=state.authority_log,
            adoptions=state.adoptions,
            protected=state.protected,
            pending=state.pending,
        )

    def to_bytes(self) -> bytes:
        """Written down."""
        out = Writer()
        return out.finished(
            [
                [self.number, self.time, self.newest, self.since, self.recovered, self.weight],
                out.texts((self.commit, self.root, self.digest, self.adopted, self.predecessor)),
                out.texts(self.sources),
                [out.judged(one) for one in self.log],
                [out.adoption(one) for one in self.adoptions],
                out.content(self.protected),
                out.texts(sorted(self.pending)),
                out.texts(self.dossiers),
                out.texts(self.embedders),
                self.survey,
            ]
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Head:
        """What ``to_bytes`` wrote; nothing else may be given."""
        read = Reader(data)
        numbers, names, sources, log, adoptions, protected, pending, dossiers, embedders, survey = read.row
        number, time, newest, since, recovered, weight = numbers
        commit, root, digest, adopted, predecessor = map(read.text, names)
        settings, register, scope = map(read.text, sources)
        return cls(
            number,
            commit,
            time,
            root,
            newest,
            (settings, register, scope),
            digest,
            since,
            adopted,
            predecessor,
            recovered,
            tuple(map(read.judged, log)),
            tuple(map(read.adoption, adoptions)),
            read.content(protected),
            frozenset(map(read.text, pending)),
            tuple(map(read.text, dossiers)),
            tuple(map(read.text, embedders)),
            survey,
            weight,
        )
