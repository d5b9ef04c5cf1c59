"""Seals: what stood on the mainline at a moment, as a small file to hand to somebody outside.

Whoever can rewrite a repository can rewrite all of it: leave one approval out and replay the rest. Every
signature then still verifies. A seal that an outsider keeps tells it: it holds the tip, and of everything
that entered the mainline its name, its time and a digest. It takes about 110 bytes a statement: 16 kB for the
demo company, 2.2 MB for 1,000 documents with 20,000 statements.

Format 1 is canonical JSON (as statements: sorted keys, two spaces, ASCII, one line break at the end); beside
``FILE`` lies ``FILE.sig``, an OpenSSH signature over its bytes, namespace ``isodocs``. All keys are present:

- ``format`` (1), ``kind`` ("seal"), ``qms``, ``title``, ``mainline``
- ``made``: when, as the signer claims; ``signer``, ``name``: who, by the register then
- ``commit``, ``time``, ``steps``: the mainline's tip, its t(n), and the number of steps from the root on
- ``root``: the trust root; ``object_format``: ``sha1`` or ``sha256``, as the commits are named
- ``authority``: ``content``, the digest of the set that governed; ``sets``, oldest first: ``content``,
  ``entered``, ``signed`` (names of the statements that counted), ``recovered``; ``entered`` and ``digest``,
  as for documents
- ``counts``: ``documents``, ``revisions``, ``statements``, ``in_force``, ``withdrawn``, ``sets``
- ``documents``, by id: ``entered`` (time → names of the statements that entered then), ``revisions``
  (number → effective from), ``in_force`` (``revision``, ``content``, ``effective_from``, and ``approved_by``,
  the digests of the statements that approve it; or null), ``withdrawn`` (since when, or null), ``digest``

A statement's name is ``<revision>/<meaning>.<person>.<first 12 of its SHA-256>`` (about authority without the
revision), with `` void CODE`` behind where it was void. A digest is the SHA-256 of lines, each ended by LF:
in order of entry ``statement <SHA-256> <time> <code or ->``; then of a document ``approved <revision>
<content> <time> <effective from>``, ``reaffirmed <content> <time> <due or ->``, ``withdrawn <SHA-256>
<time>``; of the authority ``set <content> <time> <predecessor or ->`` and the SHA-256 of the statements that
counted.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from isodocs.core.identity import parse_time
from isodocs.core.settings import UUID_PATTERN, Model, Name
from isodocs.core.statement import canonical

FORMAT = 1
KIND = "seal"
MAX_SIZE = 64 * 1024 * 1024
VOID = " void "


def _real_time(text: str) -> str:
    if parse_time(text) is None:
        raise ValueError("is no UTC time")
    return text


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Commit = Annotated[str, Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
Time = Annotated[str, AfterValidator(_real_time)]


class UnreadableSeal(ValueError):
    """The file is not a seal as we write it; the text says why, a clause about it."""


class InForce(Model):
    """The revision of a document that was in force."""

    revision: str
    content: Digest
    effective_from: Time
    approved_by: tuple[Digest, ...]


class SealedDocument(Model):
    """What had entered about one document."""

    entered: dict[Time, tuple[str, ...]]
    revisions: dict[str, Time]
    in_force: InForce | None
    withdrawn: Time | None
    digest: Digest

    @property
    def names(self) -> dict[str, str]:
        """When each statement entered, by its name."""
        return {name: time for time, names in self.entered.items() for name in names}


class SealedSet(Model):
    """A set of settings, people and protected files that governed from a time on."""

    content: Digest
    entered: Time
    signed: tuple[str, ...]
    recovered: bool


class SealedAuthority(Model):
    """The chain of the sets that governed, and all statements about it."""

    content: Digest
    sets: tuple[SealedSet, ...]
    entered: dict[Time, tuple[str, ...]]
    digest: Digest

    @property
    def names(self) -> dict[str, str]:
        """When each statement entered, by its name."""
        return {name: time for time, names in self.entered.items() for name in names}


class Counts(Model):
    """How many of each there were."""

    documents: int
    revisions: int
    statements: int
    in_force: int
    withdrawn: int
    sets: int


class Seal(Model):
    """A whole seal; the keys are those of the file."""

    format: Literal[1] = 1
    kind: Literal["seal"] = "seal"
    qms: Annotated[str, Field(pattern=UUID_PATTERN)]
    title: str
    mainline: str
    made: Time
    signer: Name
    name: str
    commit: Commit
    time: Time
    steps: int
    root: Commit
    object_format: Literal["sha1", "sha256"]
    authority: SealedAuthority
    counts: Counts
    documents: dict[str, SealedDocument]


def encode(seal: Seal) -> bytes:
    """The seal's file, which is what is signed."""
    return canonical(seal.model_dump(mode="json"))


def read(data: bytes) -> Seal:
    """Read a seal strictly.

    Raises:
        UnreadableSeal: it is not exactly as ``encode`` writes it, or of a format that is not known.
    """
    if len(data) > MAX_SIZE:
        raise UnreadableSeal(f"is larger than {MAX_SIZE // 2**20} MiB")
    value = _load(data)
    if not isinstance(value, dict) or value.get("kind") != KIND:
        raise UnreadableSeal("is no seal of isodocs")
    found = value.get("format")
    if found != FORMAT or isinstance(found, bool):
        newer = isinstance(found, int) and found > FORMAT
        hint = "; use a newer isodocs" if newer else ""
        raise UnreadableSeal(f"has format {str(found)[:20]}, and this isodocs reads format {FORMAT}{hint}")
    try:
        seal = Seal.model_validate(value)
    except ValidationError as fault:
        place = ".".join(str(part) for part in fault.errors()[0]["loc"])
        raise UnreadableSeal(f"is damaged: {place[:80]} is missing or makes no sense") from None
    if encode(seal) != data:
        raise UnreadableSeal("is damaged: it is not in canonical form")
    return seal


def _load(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(data.decode("ascii"))
    except (ValueError, RecursionError):
        raise UnreadableSeal("is no seal of isodocs: it is not JSON in ASCII") from None
