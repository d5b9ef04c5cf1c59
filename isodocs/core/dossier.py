"""All that the fold must know of one document to go on, as one value that can be kept and read again.

It is written by ``dossier_writer`` and read by ``dossier_reader``, and nobody else reads those bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from isodocs.core.document import DOCUMENTS, resolve
from isodocs.core.dossier_reader import Reader
from isodocs.core.dossier_writer import Writer
from isodocs.core.history import Entry
from isodocs.core.statement import AUTHORITY_ID
from isodocs.core.writing import brings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from isodocs.core.document import Document
    from isodocs.core.life import Evidence, Life, State
    from isodocs.core.lineage import Touch

MOST_TOUCHES: Final = 200
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Dossier:
    """One document at one step of the mainline.

    Attributes:
        life: what happened to it.
        paths: the readable files of the tree with its id.
        statements: the statements of the tree that name it, by digest, with the files that hold them.
        places: every path at which some commit held it.
        touches: the commits that touch it since its last approval or withdrawal; None where they were too
            many to keep.
        entries: of the tree, those files and the files they embed, by path.
        documents: what stands in those files, by object name.
        digests: their SHA-256, by object name.
    """

    life: Life
    paths: frozenset[str] = frozenset()
    statements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    touches: tuple[Touch, ...] | None = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)


def dossier_of(state: State, evidence: Evidence, name: str, oids: Mapping[str, str]) -> Dossier:
    """What a state knows of one document.

    Args:
        state: S(n).
        evidence: what it was folded with.
        name: the document's id, or ``_authority``.
        oids: the blob of a SHA-256, as far as the evidence read it.
    """
    lineage, life = evidence.lineage, state.life(name)
    paths = state.tree.paths.get(name, _NONE)
    entries = {path: entry for path in sorted(paths) if (entry := state.tree.files.get(path)) is not None}
    documents = {entry.oid: evidence.documents[entry.oid] for entry in entries.values()}
    for path in sorted(paths):
        for target in documents[entries[path].oid].embeds:
            place = resolve(path, target)
            found = state.tree.files.get(place) if place and place.startswith(DOCUMENTS) else None
            if place is not None and found is not None:
                entries[place] = found
    digests = {one.oid: evidence.digests[one.oid] for one in entries.values() if one.regular}
    sets = [one.content for one in state.adoptions] if name == AUTHORITY_ID else []
    for content in [*(approval.content for approval in life.approvals), *sets]:
        for digest in (content.document, *(digest for _, digest in content.embedded)):
            oid = oids.get(digest or "") or (evidence.named(digest) if evidence.named and digest else None)
            if oid is not None and digest is not None:
                digests[oid] = digest
    few = lineage.count(name, life.last_event, state.number) <= MOST_TOUCHES
    touches = lineage.touches(name, life.last_event, state.number) if few else []
    return Dossier(
        life,
        paths,
        state.tree.about.get(name, {}),
        lineage.places(name),
        self_contained(touches, name, life, evidence) if few and len(touches) <= MOST_TOUCHES else None,
        entries,
        documents,
        digests,
    )


def self_contained(touches: Sequence[Touch], name: str, life: Life, evidence: Evidence) -> tuple[Touch, ...]:
    """The touches of a document, each with what it brought and which of the others it grew from."""
    kept: list[Touch] = []
    for touch in touches:
        grown = (one.oid for one in kept if evidence.lineage.grew_from(touch, one, life.last_event))
        kept.append(replace(touch, brought=brings(touch, name, evidence), after=frozenset(grown)))
    return tuple(kept)


def to_bytes(dossier: Dossier) -> bytes:
    """The dossier written down; equal dossiers give equal bytes."""
    out = Writer()
    row = [
        out.life(dossier.life),
        out.texts(sorted(dossier.paths)),
        [[out.text(one), *out.texts(sorted(dossier.statements[one]))] for one in sorted(dossier.statements)],
        out.texts(sorted(dossier.places)),
        None if dossier.touches is None else [out.touch(one) for one in dossier.touches],
        [[out.text(path), out.text(one.mode), out.text(one.oid)] for path, one in _sorted(dossier.entries)],
        [[out.text(oid), out.document(one)] for oid, one in _sorted(dossier.documents)],
        [[out.text(oid), out.text(one)] for oid, one in _sorted(dossier.digests)],
    ]
    return out.finished(row)


def from_bytes(data: bytes) -> Dossier:
    """The dossier that ``to_bytes`` wrote down; nothing else may be given."""
    read = Reader(data)
    text = read.text
    life, paths, statements, places, touches, entries, documents, digests = read.row
    return Dossier(
        read.life(life),
        frozenset(map(text, paths)),
        {text(one[0]): frozenset(map(text, one[1:])) for one in statements},
        frozenset(map(text, places)),
        None if touches is None else tuple(map(read.touch, touches)),
        {text(path): Entry(text(mode), text(oid)) for path, mode, oid in entries},
        {text(oid): read.documents[one] for oid, one in documents},
        {text(oid): text(one) for oid, one in digests},
    )


def _sorted(table: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return sorted(table.items())
