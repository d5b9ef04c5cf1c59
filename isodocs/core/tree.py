"""The tree of a commit as the fold keeps it: files, and which of them hold which document or statement.

Values inside the tables are never changed in place, so a copy of the tables is a copy of the tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isodocs.core.document import SIGNATURES, Document, is_document
from isodocs.core.history import Change, Entry
from isodocs.core.lazy import copied
from isodocs.core.lineage import content_of, present_content_of
from isodocs.core.statement import AUTHORITY_ID, Content, Statement, sha256
from isodocs.core.statement_reader import UnreadableStatement, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["AUTHORITY_ID", "StatementFile", "Text", "TreeIndex", "is_statement"]

_NONE: frozenset[str] = frozenset()
_NOTHING: Mapping[str, frozenset[str]] = {}


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file under ``signatures/`` that should be a statement: its digest, and what it says or why not."""

    digest: str
    statement: Statement | None
    why: str = ""

    @classmethod
    def from_bytes(cls, data: bytes) -> StatementFile:
        """Read a statement file; one that cannot be read keeps the reason."""
        try:
            return cls(sha256(data), read(data))
        except UnreadableStatement as error:
            return cls(sha256(data), None, str(error))


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it stands in a tree; its content is None where a file that it embeds is missing."""

    path: str
    document: Document
    content: Content | None


def is_statement(path: str) -> bool:
    """Whether a file of the repository should be a statement."""
    return path.startswith(SIGNATURES) and path.endswith(".json")


@dataclass(slots=True)
class TreeIndex:
    """The files of one tree, indexed.

    Attributes:
        files: entry by path.
        paths: document id → paths of the readable files with that id.
        about: document id (or ``_authority``) → the statements in this tree that name it, each with the
            paths of the files that hold it.
    """

    documents: Mapping[str, Document]
    readings: Mapping[str, StatementFile]
    files: dict[str, Entry] = field(default_factory=dict)
    paths: dict[str, frozenset[str]] = field(default_factory=dict)
    about: dict[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    _by_digest: dict[str, frozenset[str]] | None = field(default=None, repr=False, compare=False)

    def fork(self) -> TreeIndex:
        """An independent copy."""
        return TreeIndex(
            self.documents,
            self.readings,
            copied(self.files),
            copied(self.paths),
            copied(self.about),
        )

    @property
    def statements(self) -> dict[str, frozenset[str]]:
        """Every statement in the tree with the files that hold it, by digest. Dear: looks through all."""
        if self._by_digest is None:
            self._by_digest = {digest: paths for one in self.about.values() for digest, paths in one.items()}
        return self._by_digest

    def apply(self, changes: Iterable[Change]) -> set[str]:
        """Go on to the next tree; the ids whose text or statements differ now."""
        dirty: set[str] = set()
        self._by_digest = None
        for change in changes:
            path = change.path
            old = self.files.pop(path, None)
            names = [] if old is None else [self._unlist(path, old)]
            if not change.removed:
                entry = Entry(change.new_mode, change.new)
                self.files[path] = entry
                names.append(self._list(path, entry))
            dirty.update(name for name in names if name is not None)
        return dirty

    def document_at(self, path: str) -> Document | None:
        """The readable document at a path."""
        entry = self.files.get(path)
        if entry is None or not entry.regular or not is_document(path):
            return None
        document = self.documents.get(entry.oid)
        return document if document is not None and document.id else None

    def find(self, name: str) -> tuple[str, Document] | None:
        """The one file that holds the document; None if there is none, or more than one."""
        paths = self.paths.get(name, _NONE)
        if len(paths) != 1:
            return None
        (path,) = paths
        document = self.documents.get(self.files[path].oid)
        return (path, document) if document is not None else None

    def text(self, name: str, digests: Mapping[str, str]) -> Text | None:
        """The document as it stands in this tree; None where ``find`` gives none."""
        found = self.find(name)
        if found is None:
            return None
        path, document = found
        return Text(path, document, content_of(document, path, self.files.get, digests))

    def content(self, name: str, digests: Mapping[str, str], *, partial: bool = False) -> Content | None:
        """The exact content of a document in this tree; None if it has none that could be signed."""
        found = self.find(name)
        if found is None:
            return None
        path, document = found
        read = present_content_of if partial else content_of
        return read(document, path, self.files.get, digests)

    def holding(self, name: str, digest: str) -> frozenset[str]:
        """The files that hold a statement about a document (or ``_authority``), by its digest."""
        return self.about.get(name, _NOTHING).get(digest, _NONE)

    def statement(self, digest: str, name: str | None = None) -> tuple[str, StatementFile] | None:
        """A path that holds a statement, and what it says; None if it is not in this tree.

        Without the name of what it is about, all that is in the tree is looked through.
        """
        held = self.statements.get(digest, _NONE) if name is None else self.holding(name, digest)
        for path in sorted(held):
            return path, self.readings[self.files[path].oid]
        return None

    def _list(self, path: str, entry: Entry) -> str | None:
        """Put a file into the tables; the id that it concerns."""
        if is_statement(path):
            if entry.regular and entry.oid in self.readings:
                return self._list_statement(path, self.readings[entry.oid])
            return None
        document = self.document_at(path)
        if document is None:
            return self._signed_by(path)
        _add(self.paths, document.id, path)
        return document.id

    def _list_statement(self, path: str, reading: StatementFile) -> str | None:
        if reading.statement is None:
            return None
        name = reading.statement.about
        known = self.about.get(name, _NOTHING)
        self.about[name] = {**known, reading.digest: known.get(reading.digest, _NONE) | {path}}
        return name

    def _unlist(self, path: str, entry: Entry) -> str | None:
        """Take a file out of the tables; the id that it concerned."""
        document = self.documents.get(entry.oid) if entry.regular and is_document(path) else None
        if document is not None and document.id:
            _discard(self.paths, document.id, path)
            return document.id
        reading = self.readings.get(entry.oid) if entry.regular and is_statement(path) else None
        if reading is None or reading.statement is None:
            return None
        name = reading.statement.about
        known = dict(self.about.get(name, _NOTHING))
        _discard(known, reading.digest, path)
        if known:
            self.about[name] = known
        else:
            self.about.pop(name, None)
        return name

    def _signed_by(self, path: str) -> str | None:
        """The id concerned by a ``.sig`` that came: that of the statement beside it."""
        beside = self.files.get(path.removesuffix(".sig")) if path.endswith(".json.sig") else None
        reading = self.readings.get(beside.oid) if beside else None
        return reading.statement.about if reading is not None and reading.statement is not None else None


def _add(table: dict[str, frozenset[str]], key: str, value: str) -> None:
    table[key] = table.get(key, _NONE) | {value}


def _discard(table: dict[str, frozenset[str]], key: str, value: str) -> None:
    rest = table.get(key, _NONE) - {value}
    if rest:
        table[key] = rest
    else:
        table.pop(key, None)
