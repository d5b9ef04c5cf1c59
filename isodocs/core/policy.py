"""Whose signatures a policy asks for, and whether a set of signatures satisfies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.settings import OWNER
from isodocs.core.statement import Assurance, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isodocs.core.document import Document
    from isodocs.core.settings import Settings
    from isodocs.core.statement import Statement


@dataclass(frozen=True, slots=True)
class Requirement:
    """One signature from each of ``roles`` (a role's or a person's id), of at least ``assurance``."""

    roles: frozenset[str]
    assurance: Assurance = Assurance.SIGNED
    distinct_people: bool = False

    def counts(self, statement: Statement) -> bool:
        """Whether a valid statement is strong enough, and for a role that is asked."""
        return statement.role in self.roles and statement.assurance.rank >= max(self.assurance.rank, 1)

    def satisfied(self, statements: Iterable[Statement]) -> bool:
        """Whether these valid statements are all that is asked."""
        return not self.missing(statements)

    def missing(self, statements: Iterable[Statement]) -> frozenset[str]:
        """The roles that still have to sign."""
        signers: dict[str, set[str]] = {role: set() for role in self.roles}
        for statement in statements:
            if self.counts(statement) and statement.role is not None:
                signers[statement.role].add(statement.person)
        if not self.distinct_people:
            return frozenset(role for role, people in signers.items() if not people)
        filled = set(_match(signers).values())
        return frozenset(role for role in self.roles if role not in filled)


def requirement(settings: Settings, document: Document, meaning: Meaning) -> Requirement | None:
    """What the type's policy asks for a meaning; None if the settings do not know the type.

    ``owner`` stands for the document's own owner. Its ``approvers`` are added to those of ``approved``.
    """
    kind = settings.types.get(document.type)
    if kind is None:
        return None
    policy = kind.policy(meaning)
    roles = {document.owner if role == OWNER else role for role in policy.roles}
    if meaning is Meaning.APPROVED:
        roles |= set(document.approvers)
    return Requirement(frozenset(roles), policy.assurance, kind.distinct_people)


def _match(signers: dict[str, set[str]]) -> dict[str, str]:
    """A largest assignment of people to roles, each person once: person → role."""
    assigned: dict[str, str] = {}

    def place(role: str, tried: set[str]) -> bool:
        for person in sorted(signers[role] - tried):
            tried.add(person)
            if person not in assigned or place(assigned[person], tried):
                assigned[person] = role
                return True
        return False

    for role in sorted(signers):
        place(role, set())
    return assigned
