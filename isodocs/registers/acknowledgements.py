"""Who has signed that he read and understood the revision in force, and who of its audience has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from isodocs.core.reading import read_document
from isodocs.core.statement import Meaning

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.life import Approval
    from isodocs.core.status import DocumentView


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers of a revision, by id, sorted.

    Attributes:
        done: who acknowledged it.
        open: who is named in its audience, himself or by a role he holds now, and did not.
    """

    done: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def readers(library: Library, view: DocumentView) -> Readers:
    """Who acknowledged the revision in force, and who still has to; nobody where none is in force."""
    authority = library.state.authority
    if view.in_force is None or authority is None:
        return Readers()
    approval = view.in_force.approval
    said = library.state.life(view.id).valid(Meaning.ACKNOWLEDGED, approval.content)
    done = {item.statement.person for item in said}
    register, zone = authority.register, authority.settings.zone
    asked = {
        who for one in audience(library, approval) for who in register.holders(one, library.moment, zone)
    }
    return Readers(tuple(sorted(done)), tuple(sorted(asked - done)))


def audience(library: Library, approval: Approval) -> tuple[str, ...]:
    """The roles and people that an approved revision names as those who must know it."""
    wanted = approval.document.sha256
    reading = library.readings.get(approval.path)
    if reading is None or reading.sha256 != wanted:
        found = [data for _, data in library.blobs([wanted])]
        reading = read_document(approval.path, found[0], library.settings.fields) if found else None
    return reading.front.audience if reading and reading.front else ()


def row(library: Library, view: DocumentView) -> dict[str, Any]:
    """The readers as keys of a document's row, for machines."""
    found = readers(library, view)
    return {"acknowledged_by": list(found.done), "to_acknowledge": list(found.open)}


def pairs(library: Library, view: DocumentView) -> list[tuple[str, str]]:
    """The readers by name, as lines of a document's sheet."""
    found = readers(library, view)
    people = library.register.people

    def names(ids: tuple[str, ...]) -> str:
        return ", ".join(people[one].name if one in people else one for one in ids)

    return [("Read by", names(found.done)), ("Still to read", names(found.open))]
