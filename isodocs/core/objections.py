"""Why a person cannot sign, or need not: said before he signs, so that no signature serves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.identity import SCHEMES
from isodocs.core.policy import requirement
from isodocs.core.problem import CannotRun
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.statement import UNKNOWN_WRITER, Meaning, Statement
from isodocs.core.subject import Subject, governing, name_of, people_for
from isodocs.core.warrant import check_role, check_signer

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.life import Judged


def roles_to_sign(
    library: Library, about: Subject, meaning: Meaning, person: str, signer: str | None = None
) -> tuple[str, ...]:
    """The roles in which this person can sign: those that nobody has signed for yet, else one he holds.

    With a signer, only those that he may fill as deputy for the person.

    Raises:
        CannotRun: there is none that the policy asks for.
    """
    held = roles_held(library, about, meaning, person, signer)
    signed = {item.statement.role for item in _standing(library, about, meaning)}
    return tuple(sorted(held - signed)) or (min(held),)


def roles_held(
    library: Library, about: Subject, meaning: Meaning, person: str, signer: str | None = None
) -> frozenset[str]:
    """The roles that the policy asks for and this person holds now; with a signer, those he is deputy for.

    Raises:
        CannotRun: there is none.
    """
    authority = governing(library)
    asked = requirement(authority.settings, about.document, meaning)
    if asked is None:
        raise CannotRun(
            f"The settings that govern know no type {about.document.type}. "
            "A new type and its first document take two pushes: the settings first."
        )
    zone = authority.settings.zone
    held = {role for role in asked.roles if authority.register.holds(person, role, library.moment, zone)}
    if not held:
        raise CannotRun(
            f"{name_of(authority, person)} holds no role that may sign this: "
            f"{people_for(library, asked.roles)}."
        )
    if signer is None or signer == person:
        return frozenset(held)
    stands_in = {role for name, role in deputised(library, signer) if name == person and role in held}
    if not stands_in:
        raise CannotRun(
            f"{name_of(authority, signer)} is no deputy of {name_of(authority, person)} as "
            f"{' or '.join(sorted(held))}. Deputies are roles with deputy_for in {REGISTER_FILE}."
        )
    return frozenset(stands_in)


def deputised(library: Library, signer: str) -> tuple[tuple[str, str], ...]:
    """For whom a person may sign now, and in which role of theirs: pairs of person and role, sorted."""
    authority = governing(library)
    register, zone, now = authority.register, authority.settings.zone, library.moment
    roles = {role.deputy_for for role in register.roles.values() if role.deputy_for is not None}
    return tuple(
        sorted(
            (person, role)
            for role in roles
            if register.deputises(signer, role, now, zone)
            for person in register.holders(role, now, zone)
            if person != signer
        )
    )


def remaining(library: Library, about: Subject, made: Statement) -> str:
    """Whose signatures are still missing for a statement to take effect, once it is there; empty if none.

    Each role stands with the people who hold it and, for an approval, did not write the text.
    """
    settings = governing(library).settings
    asked = requirement(settings, about.document, made.meaning)
    if asked is None:
        return ""
    here = judging.hoped(made)
    if made.meaning is not Meaning.APPROVED:
        return people_for(library, asked.missing([*_standing(library, about, made.meaning), here]))
    life = library.state.life(about.id)
    missing = asked.missing([*judging.counting(life, made.content), here])
    parts = [people_for(library, missing, frozenset(made.writers))]
    if settings.types[about.document.type].prepared == "signed":
        said = life.valid(Meaning.AUTHORED, made.content)
        authored = {item.statement.person for item in said if not item.weak}
        parts += [f"{person} as author" for person in sorted({*made.writers} - authored)]
    return "; ".join(part for part in parts if part)


def _standing(library: Library, about: Subject, meaning: Meaning) -> list[Judged]:
    """The valid statements of a meaning about this content that another one would only repeat."""
    life = library.state.life(about.id)
    authority = governing(library)
    asked = requirement(authority.settings, about.document, meaning)
    items = [
        item
        for item in life.valid(meaning, about.content)
        if not item.weak and (asked is None or asked.is_strong(item))
    ]
    if meaning is Meaning.APPROVED:
        if about.approval is None and (judging.barred(life, about.content) or _lingers(library, about)):
            return []
        zone = authority.settings.zone
        return [
            item
            for item in items
            if not any(key.compromised(item.time, zone) for _, key in authority.register.keys_of(item.key))
        ]
    if meaning is Meaning.RETURNED:
        return items if judging.barred(life, about.content) else []
    if meaning is Meaning.REAFFIRMED:
        last = max((one.step for one in life.reaffirmations if one.content == about.content), default=-1)
        return [item for item in items if item.step > last]
    return items


def _lingers(library: Library, about: Subject) -> bool:
    """Whether all have signed and it was not approved: a policy changed, or the author signed last."""
    life = library.state.life(about.id)
    asked = requirement(governing(library).settings, about.document, Meaning.APPROVED)
    signed = judging.counting(life, about.content)
    return asked is not None and asked.satisfied(signed) and life.approved(about.content) is None


def _refuse_repeated(library: Library, about: Subject, made: Statement) -> None:
    authority = governing(library)
    for item in _standing(library, about, made.meaning):
        said = item.statement
        if (said.person, said.signer, said.role) == (made.person, made.signer, made.role):
            who = authority.register.name_on(said)
            raise CannotRun(
                f"{who} signed this already ({made.meaning}, {made.id} revision {made.revision}, "
                f"{said.time}); once is enough."
            )


def _refuse_number(library: Library, about: Subject) -> None:
    """A draft's number must fit its type and lie above every approved one."""
    kind = governing(library).settings.types.get(about.document.type)
    if about.approval is not None or kind is None:
        return
    scheme = SCHEMES[kind.revision]
    number = scheme.parse(about.document.revision)
    if number is None:
        raise CannotRun(
            f"{about.path} says revision '{about.document.revision}', but {about.document.type} documents "
            f"are numbered {scheme.example}. Correct it and commit, then sign."
        )
    for approval in about.before.approvals:
        earlier = scheme.parse(approval.revision)
        if earlier is not None and number <= earlier:
            last = about.before.approvals[-1].revision
            raise CannotRun(
                f"{about.path} has changed and says revision {about.document.revision}; approved is "
                f"{last}. Write revision {scheme.next(last)[0]} and the reason in 'change', commit, then "
                "sign."
            )


def _refuse_dependent(library: Library, about: Subject, made: Statement) -> None:
    """Nobody approves what he wrote, unless the type asks for no independence."""
    authority = governing(library)
    kind = authority.settings.types.get(about.document.type)
    if made.meaning is not Meaning.APPROVED or kind is None:
        return
    if (about.approval.independence if about.approval else kind.independence) == "none":
        return
    life = library.state.life(about.id)
    wrote = frozenset(made.writers) | judging.frozen_writers(life, about.content)
    if dependent := sorted({made.person, made.signer} & wrote):
        asked = requirement(authority.settings, about.document, Meaning.APPROVED)
        others = people_for(library, asked.roles if asked else frozenset(), wrote)
        raise CannotRun(
            f"{name_of(authority, dependent[0])} wrote part of {made.id} revision {made.revision}, so "
            f"somebody else has to approve it: {others}."
        )
    if UNKNOWN_WRITER in wrote and authority.settings.unknown_writers == "refuse":
        raise CannotRun(
            f"Part of {made.id} revision {made.revision} was written under an address that {REGISTER_FILE} "
            "does not know. Add the address to its person there, in a change of its own, and sign then."
        )


def _refuse_deputy(library: Library, made: Statement) -> None:
    """A deputy signs only in a role that he stands in for, and only what is signed in a role."""
    if made.signer == made.person:
        return
    authority = governing(library)
    fault = check_signer(made, None, library.moment, authority) or check_role(made, library.moment, authority)
    if fault is not None:
        raise CannotRun(f"{made.name} cannot sign this: {fault[1]}.")


def _refuse_weak(library: Library, about: Subject, made: Statement) -> None:
    """A statement below the assurance that the policy asks for serves nothing."""
    kind = governing(library).settings.types.get(about.document.type)
    if kind is None:
        return
    asked = kind.policy(made.meaning).assurance
    if made.assurance.rank < asked.rank:
        raise CannotRun(
            f"{about.document.type} documents ask for {asked} statements here, so one that is "
            f"{made.assurance} would not count. Sign with a key."
        )


def refuse(library: Library, about: Subject, made: Statement) -> None:
    """Stop a statement that could not count, or would say again what was said.

    Raises:
        CannotRun: naming the reason and the way out.
    """
    _refuse_number(library, about)
    _refuse_deputy(library, made)
    _refuse_dependent(library, about, made)
    _refuse_weak(library, about, made)
    _refuse_repeated(library, about, made)
