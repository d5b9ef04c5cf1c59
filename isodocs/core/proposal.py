"""What a person is about to sign: the statement, made from a library, or the sentence why there is none.

Nothing is signed or written here. A proposal that would be void at once, or could not count, is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import adoption, judging
from isodocs.core.document import type_of
from isodocs.core.identity import format_time
from isodocs.core.objections import deputised, refuse, remaining, roles_held, roles_to_sign
from isodocs.core.policy import reach
from isodocs.core.problem import CannotRun
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.statement import WITHOUT_ROLE, Assurance, Meaning, Statement
from isodocs.core.subject import Subject, governing, name_of, people_for, subject

if TYPE_CHECKING:
    from isodocs.core.library import Library

__all__ = [
    "Subject",
    "authority_statement",
    "deputised",
    "governing",
    "must_know_user",
    "remaining",
    "roles_held",
    "roles_to_sign",
    "statement",
    "still_to_adopt",
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
    signer: str | None = None,
) -> Statement:
    """The statement that would be signed now, by the person or, with ``signer``, by a deputy for him.

    Raises:
        CannotRun: it could not count.
    """
    authority = governing(library)
    signer = signer or person
    made = Statement(
        assurance=assurance,
        content=about.content,
        id=about.id,
        meaning=meaning,
        name=authority.register.printed(person, signer),
        next_review=next_review,
        person=person,
        predecessor=about.predecessor,
        qms=authority.settings.qms,
        reason=reason,
        register=register_digest(library),
        revision=about.document.revision,
        role=None if meaning in WITHOUT_ROLE else role,
        signer=signer,
        source=None,
        time=format_time(library.moment),
        writers=writers(library, about),
    )
    refuse(library, about, made)
    return made


def authority_statement(
    library: Library,
    person: str,
    reason: str | None = None,
    *,
    signer: str | None = None,
    role: str | None = None,
) -> Statement:
    """The statement over settings, people and protected files as the tree has them.

    Args:
        library: with the change.
        person: who signs, or for whom a deputy does.
        reason: why, in his words.
        signer: the deputy who signs; the person himself where left out.
        role: in which role; where left out, that of the authority, or that of recovery where only that is
            held.

    Raises:
        CannotRun: they are what governs already, or the person may not change them, or has signed them.
    """
    authority = governing(library)
    tree_set = library.state.protected
    if library.base is None:
        raise CannotRun("The first commit needs no signature on settings and people: trust begins with it.")
    if tree_set is None or tree_set.digest == authority.digest:
        raise CannotRun("Settings, people and the other protected files are those that govern already.")
    signer = signer or person
    role = _authority_role(library, person, signer, role)
    said = (person, signer, role, tree_set, authority.digest)
    for item in library.state.authority_log:
        one = item.statement
        repeated = (one.person, one.signer, one.role, one.content, one.predecessor) == said
        if repeated and item.step > authority.step and item.valid and not item.weak:
            raise CannotRun(f"{authority.register.name_on(one)} signed these files already, {one.time}.")
    return Statement(
        assurance=Assurance.SIGNED,
        content=tree_set,
        id=None,
        meaning=Meaning.AUTHORITY,
        name=authority.register.printed(person, signer),
        next_review=None,
        person=person,
        predecessor=authority.digest,
        qms=authority.settings.qms,
        reason=reason,
        register=register_digest(library),
        revision=None,
        role=role,
        signer=signer,
        source=None,
        time=format_time(library.moment),
        writers=(),
    )


def must_know_user(library: Library, made: Statement) -> bool:
    """Whether a statement counts only by a hardware key that knew its user."""
    settings = governing(library).settings
    if made.id is None:
        return settings.authority.user_verification
    kind = settings.types.get(type_of(made.id))
    return kind is not None and kind.policy(made.meaning).user_verification


def still_to_adopt(library: Library, made: Statement) -> str:
    """Who must still sign settings and people beside this statement; empty if its role has its quorum."""
    authority = governing(library)
    for one in adoption.quorums(library.state, authority, made.content):
        if one.role == made.role:
            items = (*one.items, judging.hoped(made))
            left, said = one.asked - reach(items), frozenset(item.statement.person for item in items)
            return f"{left} more as {people_for(library, frozenset({one.role}), said)}" if left > 0 else ""
    return ""


def _authority_role(library: Library, person: str, signer: str, wanted: str | None) -> str:
    """In which role somebody changes settings and people: the usual one before that of recovery."""
    authority = governing(library)
    policy, register, zone = authority.settings.authority, authority.register, authority.settings.zone
    roles = [policy.role, *([policy.recovery.role] if policy.recovery else [])]
    if wanted is not None and wanted not in roles:
        raise CannotRun(f"Settings and people are changed by {' or '.join(roles)}, not by {wanted}.")
    asked = [wanted] if wanted else roles
    held = [role for role in asked if register.holds(person, role, library.moment, zone)]
    if not held:
        who = people_for(library, frozenset(asked))
        raise CannotRun(f"{name_of(authority, person)} may not change them; that is up to: {who}.")
    if signer == person:
        return held[0]
    if policy.role not in held or (person, policy.role) not in deputised(library, signer):
        raise CannotRun(
            f"{name_of(authority, signer)} cannot change them for {name_of(authority, person)}: that takes a "
            f"deputy for {policy.role}, and recovery knows no deputies."
        )
    return policy.role


def register_digest(library: Library) -> str:
    """SHA-256 of the register in the tree, for the record."""
    entry = library.files.get(REGISTER_FILE)
    return library.evidence.digests.get(entry.oid, NO_REGISTER) if entry and entry.regular else NO_REGISTER
