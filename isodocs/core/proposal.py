"""What a person is about to sign: the statement, made from a library, or the sentence why there is none.

Nothing is signed or written here. A proposal that would be void at once, or could not count, is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.identity import format_time
from isodocs.core.objections import refuse, remaining, roles_held, roles_to_sign
from isodocs.core.problem import CannotRun
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.statement import WITHOUT_ROLE, Assurance, Meaning, Statement
from isodocs.core.subject import Subject, governing, name_of, people_for, subject

if TYPE_CHECKING:
    from isodocs.core.library import Library

__all__ = [
    "Subject",
    "authority_statement",
    "governing",
    "remaining",
    "roles_held",
    "roles_to_sign",
    "statement",
    "subject",
    "writers",
]

NO_REGISTER = "0" * 64


def writers(library: Library, about: Subject) -> tuple[str, ...]:
    """Who wrote the text, as the statement will name them, sorted."""
    if about.approval is not None:
        return tuple(sorted(about.approval.seen_writers))
    found = judging.writers(
        library.state, about.id, about.before, about.content, governing(library), library.evidence
    )
    return tuple(sorted(found.people))


def statement(
    library: Library,
    about: Subject,
    meaning: Meaning,
    person: str,
    *,
    role: str | None,
    reason: str | None = None,
    next_review: str | None = None,
    assurance: Assurance = Assurance.SIGNED,
) -> Statement:
    """The statement that the person would sign now.

    Raises:
        CannotRun: it could not count.
    """
    authority = governing(library)
    made = Statement(
        assurance=assurance,
        content=about.content,
        id=about.id,
        meaning=meaning,
        name=name_of(authority, person),
        next_review=next_review,
        person=person,
        predecessor=about.predecessor,
        qms=authority.settings.qms,
        reason=reason,
        register=register_digest(library),
        revision=about.document.revision,
        role=None if meaning in WITHOUT_ROLE else role,
        signer=person,
        source=None,
        time=format_time(library.moment),
        writers=writers(library, about),
    )
    refuse(library, about, made)
    return made


def authority_statement(library: Library, person: str, reason: str | None = None) -> Statement:
    """The statement over settings, people and protected files as the tree has them.

    Raises:
        CannotRun: they are what governs already, or the person may not change them, or has signed them.
    """
    authority = governing(library)
    tree_set = library.state.protected
    if library.base is None:
        raise CannotRun("The first commit needs no signature on settings and people: trust begins with it.")
    if tree_set is None or tree_set.digest == authority.digest:
        raise CannotRun("Settings, people and the other protected files are those that govern already.")
    role = authority.settings.authority.role
    if not authority.register.holds(person, role, library.moment, authority.settings.zone):
        who = people_for(library, frozenset({role}))
        raise CannotRun(f"{name_of(authority, person)} may not change them; that is up to: {who}.")
    for item in library.state.authority_log:
        fresh = item.step > authority.step and item.statement.predecessor == authority.digest
        if fresh and item.valid and item.statement.person == person and item.statement.content == tree_set:
            raise CannotRun(f"{item.statement.name} signed these files already, {item.statement.time}.")
    return Statement(
        assurance=Assurance.SIGNED,
        content=tree_set,
        id=None,
        meaning=Meaning.AUTHORITY,
        name=name_of(authority, person),
        next_review=None,
        person=person,
        predecessor=authority.digest,
        qms=authority.settings.qms,
        reason=reason,
        register=register_digest(library),
        revision=None,
        role=role,
        signer=person,
        source=None,
        time=format_time(library.moment),
        writers=(),
    )


def register_digest(library: Library) -> str:
    """SHA-256 of the register in the tree, for the record."""
    entry = library.files.get(REGISTER_FILE)
    return library.evidence.digests.get(entry.oid, NO_REGISTER) if entry else NO_REGISTER
