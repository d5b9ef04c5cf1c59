"""By what right a statement was signed: by whose key, in which role, and for whom.

A deputy signs for another person in that person's role: the statement names both. The right is that of a role
of his own whose ``deputy_for`` is the role signed for; it is not handed on any further. A person who is named
in a role's place has no deputy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.statement import WITHOUT_ROLE

if TYPE_CHECKING:
    from isodocs.core.life import Authority, Verdict
    from isodocs.core.statement import Statement

Fault = tuple[str, str]
"""The code of a rule, and why: a clause without full stop."""


def check_signer(
    statement: Statement, verdict: Verdict | None, moment: int, governing: Authority
) -> Fault | None:
    """The key is valid, and that of the signer; signer and person are known."""
    register, zone = governing.register, governing.settings.zone
    if verdict is not None:
        if not register.keys_of(verdict.key):
            return "AP106", "the key that signed it is in nobody's entry of people.yml"
        holder = register.key_holder(verdict.key, moment, zone)
        if holder is None:
            return "AP106", "the key that signed it was not valid when it entered"
        if holder != statement.signer:
            return "AP103", f"it names {statement.signer} as signer, but {holder}'s key signed it"
    for who in (statement.person, statement.signer):
        if who not in register.people:
            return "AP103", f"{who} is not in {governing.settings.title}'s register"
    if statement.signer != statement.person and statement.meaning in WITHOUT_ROLE:
        return "AP103", f"{statement.signer} signed for {statement.person}, but this everybody signs himself"
    return None


def check_role(statement: Statement, moment: int, governing: Authority) -> Fault | None:
    """The person held the role, where the meaning needs one; a deputy held one that stands in for it."""
    if statement.meaning in WITHOUT_ROLE:
        return None
    person, signer, role = statement.person, statement.signer, statement.role
    if role is None:
        return "AP103", f"it names no role, and {statement.meaning} needs one"
    register, zone = governing.register, governing.settings.zone
    if not register.holds(person, role, moment, zone):
        return "AP103", f"{person} did not hold the role {role} when it entered"
    if signer == person or register.deputises(signer, role, moment, zone):
        return None
    return "AP103", f"{signer} signed for {person} and held no role that is deputy for {role}"
