"""Evidence for the fold: every blob of a history that counts, read once and reduced to what is asked of it.

Signatures are checked as they are read, and neither they nor the statements' bytes are held on to. Two git
processes whatever the number of documents: one for the settings, which say what is protected, and one for
everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from isodocs.core import document, lineage, reading
from isodocs.core.document import DOCUMENTS, SIGNATURES, Document, is_document
from isodocs.core.history import REGULAR_MODES
from isodocs.core.lazy import Lazy
from isodocs.core.life import Evidence
from isodocs.core.settings import ALWAYS_PROTECTED, REGISTER_FILE, SETTINGS_FILE, Settings, globs
from isodocs.core.statement import sha256
from isodocs.core.tree import StatementFile, is_statement
from isodocs.git.objects import file_by_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from isodocs.core.authority import Register
    from isodocs.core.history import Change, Step
    from isodocs.signing.verify import Verdict

    Blobs = Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]


@dataclass(slots=True)
class Wanted:
    """Object names by what they are read as; insertion order keeps reading in the order of history.

    Of a document's versions each has a path at which it stood.
    """

    documents: dict[str, str] = field(default_factory=dict)
    digests: dict[str, None] = field(default_factory=dict)
    statements: dict[str, None] = field(default_factory=dict)
    signatures: dict[str, dict[str, None]] = field(default_factory=dict)
    registers: dict[str, None] = field(default_factory=dict)
    signed: dict[str, None] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)

    def all(self) -> list[str]:
        """Each object once: documents file by file; a signature soon after the statement it stands beside."""
        documents = dict.fromkeys(file_by_file(self.documents))
        return list(documents | self.digests | self.registers | self.signed)

    def add(self, change: Change) -> None:
        """Want what came with a change of an ordinary file."""
        path, oid = change.path, change.new
        if is_document(path):
            self.documents.setdefault(oid, path)
        elif path.startswith(DOCUMENTS):
            self.digests[oid] = None
        elif is_statement(path):
            self.statements[oid] = self.signed[oid] = None
            self.beside[f"{path}.sig"] = oid
        elif path.startswith(SIGNATURES):
            self.signed[oid] = None
            if path in self.beside:
                self.signatures.setdefault(oid, {})[self.beside[path]] = None
        elif path == REGISTER_FILE:
            self.registers[oid] = None


class SignatureStore:
    """Checks signatures over statements, both by object name; each pair is checked once.

    Args:
        load: gives the bytes of a blob.
    """

    def __init__(self, load: Callable[[str], bytes]) -> None:
        self.load = load
        self._verdicts: dict[tuple[str, str], Verdict] = {}

    def __call__(self, statement: str, signature: str) -> Verdict:
        """The verdict on the signature in one blob over the statement in another."""
        found = self._verdicts.get((statement, signature))
        if found is None:
            found = self.check(statement, signature, self.load(statement), self.load(signature))
        return found

    def check(self, statement: str, signature: str, text: bytes, armour: bytes) -> Verdict:
        """The same, where the bytes are at hand; these are not kept."""
        from isodocs.signing.verify import check  # noqa: PLC0415 - heavy, and a hook seldom verifies

        found = self._verdicts[statement, signature] = check(text, armour)
        return found


class Earlier(lineage.Earlier, Protocol):
    """What is known of the steps before: besides who touched what, what stands in a blob."""

    def document(self, oid: str) -> Document | None:
        """The facts of a version of a document, as far as they are remembered."""

    def digest(self, oid: str) -> str | None:
        """The SHA-256 of a blob, as far as it is remembered."""

    def named(self, digest: str) -> str | None:
        """The blob of a SHA-256, of approved texts and the files that they embed."""


def gather(steps: Sequence[Step], blobs: Blobs, earlier: Earlier | None = None) -> Evidence:
    """Read all that the fold of these steps can ask for.

    Args:
        steps: the mainline, with all commits that came with it.
        blobs: gives the contents of blobs by object name, in the order asked.
        earlier: what came before the steps; what is in their blobs is read when it is asked for.
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
    wanted = Wanted()
    for change in changes:
        wanted.add(change)
        if change.path in ALWAYS_PROTECTED or protected.fullmatch(change.path):
            wanted.digests[change.new] = None
    return _read(steps, wanted, settings, blobs, earlier)


def _settings(changes: Iterable[Change], blobs: Blobs) -> dict[str, Settings | None]:
    names = dict.fromkeys(change.new for change in changes if change.path == SETTINGS_FILE)
    return {oid: reading.read_settings(data)[0] for oid, data in blobs(names)}


def _read(
    steps: Sequence[Step],
    wanted: Wanted,
    settings: dict[str, Settings | None],
    blobs: Blobs,
    earlier: Earlier | None,
) -> Evidence:
    found = _Tables(settings) if earlier is None else _tables_on(earlier, settings, blobs)
    store = _fill(found, wanted, blobs)
    return Evidence(
        found.documents,
        found.digests,
        found.statements,
        found.settings,
        found.registers,
        store,
        lineage.Lineage(steps, found.documents, found.digests, earlier),
        earlier.named if earlier is not None else None,
    )


def _fill(found: _Tables, wanted: Wanted, blobs: Blobs) -> SignatureStore:
    """Read what is wanted into the tables; gives the verdicts on the signatures among it."""
    store = SignatureStore(lambda oid: next(blobs([oid]))[1])
    texts: dict[str, bytes] = {}
    for oid, data in blobs(wanted.all()):
        if oid in wanted.documents:
            found.documents[oid] = document.read(data)
            found.digests[oid] = found.documents[oid].sha256
        elif oid in wanted.digests or oid in wanted.registers:
            found.digests[oid] = sha256(data)
        if oid in wanted.statements:
            found.statements[oid] = StatementFile.from_bytes(data)
            texts[oid] = data
        for statement in wanted.signatures.get(oid, ()):
            if statement in texts:
                store.check(statement, oid, texts.pop(statement), data)
        if oid in wanted.registers:
            found.registers[oid] = reading.read_register(data)[0]
    return store


def part_of(wanted: Wanted, blobs: Blobs, beside: Evidence) -> Evidence:
    """Evidence from what is wanted, and whatever other evidence holds of documents and of who governs."""
    found = _Tables({})
    store = _fill(found, wanted, blobs)
    return replace(beside, statements=found.statements, check=store)


@dataclass(slots=True)
class _Tables:
    """What stands in blobs, by object name."""

    settings: dict[str, Settings | None]
    documents: dict[str, Document] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    statements: dict[str, StatementFile] = field(default_factory=dict)
    registers: dict[str, Register | None] = field(default_factory=dict)


def _tables_on(earlier: Earlier, settings: dict[str, Settings | None], blobs: Blobs) -> _Tables:
    """The same, and whatever else is asked for: of what came before, and of files that are not committed."""

    def blob(oid: str) -> bytes:
        return next(iter(blobs([oid])))[1]

    def of_document(oid: str) -> Document:
        return earlier.document(oid) or document.read(blob(oid))

    def of_settings(oid: str) -> Settings | None:
        return reading.read_settings(blob(oid))[0] if oid else None

    def of_register(oid: str) -> Register | None:
        return reading.read_register(blob(oid))[0] if oid else None

    found: Lazy[str, Settings | None] = Lazy(of_settings)
    found.update(settings)
    return _Tables(
        found,
        Lazy(of_document),
        Lazy(lambda oid: earlier.digest(oid) or sha256(blob(oid))),
        Lazy(lambda oid: StatementFile.from_bytes(blob(oid))),
        Lazy(of_register),
    )
