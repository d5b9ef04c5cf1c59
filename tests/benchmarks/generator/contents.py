"""One document through all its revisions: texts, pictures, statements and signatures, ready for a pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.generator.company import QMS, Company
from benchmarks.generator.pack import BLOB, packed
from benchmarks.generator.plan import STEP, Way, picture
from benchmarks.generator.texts import Author
from isodocs.core.identity import format_time
from isodocs.core.statement import Assurance, Content, Meaning, Statement, encode, file_name, sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.generator.company import Person
    from benchmarks.generator.pack import Packed
    from benchmarks.generator.plan import Act
    from benchmarks.generator.shape import Shape


@dataclass(frozen=True, slots=True)
class Filed:
    """The files of one revision: ids of blobs by path.

    Attributes:
        text: the text, and its picture.
        approvals: for each approver, the statement and its signature.
    """

    text: dict[str, bytes]
    approvals: tuple[dict[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All of one document.

    Attributes:
        filed: by revision.
        objects: the blobs, in the order in which they can be written.
    """

    filed: dict[int, Filed]
    objects: list[Packed]


def contents(shape: Shape, company: Company, acts: Sequence[Act]) -> Contents:
    """Everything that the revisions of one document put into the repository."""
    return _Desk(shape, company, acts[0].document).done(acts)


def approval(
    company: Company,
    person: Person,
    content: Content,
    *,
    named: tuple[str, str],
    predecessor: str | None,
    writer: str,
    time: int,
) -> dict[str, bytes]:
    """A statement by which a person approves a document's revision, and its signature where they are wanted.

    Args:
        company: whose settings and register hold.
        person: who approves.
        content: what.
        named: the ids of the document and of the revision.
        predecessor: the digest of the content approved last.
        writer: who wrote it.
        time: when, in seconds.
    """
    made = Statement(
        assurance=Assurance.SIGNED if company.signs else Assurance.UNSIGNED,
        content=content,
        id=named[0],
        meaning=Meaning.APPROVED,
        name=person.name,
        next_review=None,
        person=person.id,
        predecessor=predecessor,
        qms=QMS,
        reason=None,
        register=company.register_digest,
        revision=named[1],
        role=person.role,
        signer=person.id,
        source=None,
        time=format_time(time),
        writers=(writer,),
    )
    data = encode(made)
    path = file_name(data, made)
    return {path: data, f"{path}.sig": person.key.sign(data)} if company.signs else {path: data}


class _Desk:
    """Where one document is written and signed."""

    def __init__(self, shape: Shape, company: Company, document: int) -> None:
        self._company = company
        self._author = Author(shape, document)
        self._objects: list[Packed] = []
        self._predecessor: str | None = None
        self._text: tuple[Packed, bytes] | None = None

    def done(self, acts: Sequence[Act]) -> Contents:
        filed = {act.revision: self._revision(act) for act in acts if act.way is not Way.MOVE}
        return Contents(filed, self._objects)

    def _revision(self, act: Act) -> Filed:
        text, drawing = self._author.write(act)
        blob = packed(BLOB, text, self._text)
        self._text = (blob, text)
        self._objects.append(blob)
        files = {act.path: blob.oid}
        embedded: tuple[tuple[str, str], ...] = ()
        if drawing:
            place = picture(act.path)
            files[place] = self._blob(drawing)
            embedded = (("img/" + place.rpartition("/")[2], sha256(drawing)),)
        content = Content(sha256(text), embedded)
        if act.way is Way.DRAFT:
            return Filed(files)
        approvals = tuple(
            self._statement(act, content, self._company.people[person], number)
            for number, person in enumerate(act.people[1:], 1)
        )
        self._predecessor = content.digest
        return Filed(files, approvals)

    def _statement(self, act: Act, content: Content, person: Person, number: int) -> dict[str, bytes]:
        """A statement that this person approves, and its signature."""
        files = approval(
            self._company,
            person,
            content,
            named=(act.id, str(act.revision)),
            predecessor=self._predecessor,
            writer=act.people[0],
            time=act.time if act.way is Way.SQUASH else act.time + number * STEP,
        )
        return {path: self._blob(data) for path, data in files.items()}

    def _blob(self, data: bytes) -> bytes:
        blob = packed(BLOB, data)
        self._objects.append(blob)
        return blob.oid
