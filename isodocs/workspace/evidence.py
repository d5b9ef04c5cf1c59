"""Evidence for the fold: every blob of a history that counts, read once and reduced to what is asked of it.

Two git processes whatever the number of documents: one for the settings, which say what is protected, and
one for everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isodocs.core import document, reading
from isodocs.core.document import DOCUMENTS, SIGNATURES, Document, is_document
from isodocs.core.history import REGULAR_MODES
from isodocs.core.life import Evidence
from isodocs.core.lineage import Lineage
from isodocs.core.settings import ALWAYS_PROTECTED, REGISTER_FILE, SETTINGS_FILE, Settings, globs
from isodocs.core.statement import sha256
from isodocs.core.tree import StatementFile, is_statement
from isodocs.signing.verify import Verdict, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from isodocs.core.authority import Register
    from isodocs.core.history import Change, Step

    Blobs = Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]


@dataclass(slots=True)
class _Wanted:
    """Object names by what they are read as; insertion order keeps reading in the order of history."""

    documents: dict[str, None] = field(default_factory=dict)
    digests: dict[str, None] = field(default_factory=dict)
    statements: dict[str, None] = field(default_factory=dict)
    signatures: dict[str, None] = field(default_factory=dict)
    registers: dict[str, None] = field(default_factory=dict)

    def all(self) -> list[str]:
        """Each object once."""
        return list(self.documents | self.digests | self.statements | self.signatures | self.registers)


class SignatureStore:
    """Statements and signatures by object name; each pair is checked once."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self._verdicts: dict[tuple[str, str], Verdict] = {}

    def __call__(self, statement: str, signature: str) -> Verdict:
        """The verdict on the signature in one blob over the statement in another."""
        pair = (statement, signature)
        found = self._verdicts.get(pair)
        if found is None:
            found = check(self.blobs.get(statement, b""), self.blobs.get(signature, b""))
            self._verdicts[pair] = found
        return found


def gather(steps: Sequence[Step], blobs: Blobs) -> Evidence:
    """Read all that the fold of these steps can ask for.

    Args:
        steps: the mainline, with all commits that came with it.
        blobs: gives the contents of blobs by object name, in the order asked.
    """
    changes = [
        change
        for step in steps
        for commit in step.arrivals
        for diff in commit.diffs
        for change in diff
        if change.new_mode in REGULAR_MODES
    ]
    settings = _settings(changes, blobs)
    protected = globs(
        tuple(
            sorted({glob for one in settings.values() if one for glob in one.authority.protects})
            + list(ALWAYS_PROTECTED)
        )
    )
    wanted = _Wanted()
    for change in changes:
        _want(wanted, change)
        if change.path in ALWAYS_PROTECTED or protected.fullmatch(change.path):
            wanted.digests[change.new] = None
    return _read(steps, wanted, settings, blobs)


def _settings(changes: Iterable[Change], blobs: Blobs) -> dict[str, Settings | None]:
    names = dict.fromkeys(change.new for change in changes if change.path == SETTINGS_FILE)
    return {oid: reading.read_settings(data)[0] for oid, data in blobs(names)}


def _want(wanted: _Wanted, change: Change) -> None:
    path, oid = change.path, change.new
    if is_document(path):
        wanted.documents[oid] = None
    elif path.startswith(DOCUMENTS):
        wanted.digests[oid] = None
    elif is_statement(path):
        wanted.statements[oid] = None
    elif path.startswith(SIGNATURES):
        wanted.signatures[oid] = None
    elif path == REGISTER_FILE:
        wanted.registers[oid] = None


def _read(
    steps: Sequence[Step], wanted: _Wanted, settings: dict[str, Settings | None], blobs: Blobs
) -> Evidence:
    documents: dict[str, Document] = {}
    digests: dict[str, str] = {}
    statements: dict[str, StatementFile] = {}
    registers: dict[str, Register | None] = {}
    store = SignatureStore()
    for oid, data in blobs(wanted.all()):
        if oid in wanted.documents:
            documents[oid] = document.read(data)
            digests[oid] = documents[oid].sha256
        elif oid in wanted.digests or oid in wanted.registers:
            digests[oid] = sha256(data)
        if oid in wanted.statements:
            statements[oid] = StatementFile.from_bytes(data)
            store.blobs[oid] = data
        if oid in wanted.signatures:
            store.blobs[oid] = data
        if oid in wanted.registers:
            registers[oid] = reading.read_register(data)[0]
    return Evidence(
        documents, digests, statements, settings, registers, store, Lineage(steps, documents, digests)
    )
