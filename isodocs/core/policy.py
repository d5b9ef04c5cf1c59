"""Whose signatures a policy asks for, and whether a set of signatures satisfies it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from isodocs.core.settings import OWNER
from isodocs.core.statement import Assurance, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from isodocs.core.document import Document
    from isodocs.core.life import Judged
    from isodocs.core.settings import Settings

Pair = tuple[str, str]
"""Who signed, and for whom."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One signature from each of ``roles`` (a role's or a person's id), of at least ``assurance``.

    ``user_verification``: only from hardware keys that say they knew their user.
    """

    roles: frozenset[str]
    assurance: Assurance = Assurance.SIGNED
    distinct_people: bool = False
    user_verification: bool = False

    def counts(self, item: Judged) -> bool:
        """Whether a valid statement is strong enough, and for a role that is asked."""
        return item.statement.role in self.roles and self.is_strong(item)

    def is_strong(self, item: Judged) -> bool:
        """Whether a statement is of the assurance that is asked."""
        if self.user_verification and not item.user_verified:
            return False
        return item.statement.assurance.rank >= max(self.assurance.rank, 1)

    def satisfied(self, items: Iterable[Judged]) -> bool:
        """Whether these valid statements are all that is asked."""
        return not self.missing(items)

    def missing(self, items: Iterable[Judged]) -> frozenset[str]:
        """The roles that still have to sign.

        Where people must differ, no two roles are filled by one signer, nor for one and the same person.
        """
        signed: dict[str, set[Pair]] = {role: set() for role in self.roles}
        for item in items:
            if self.counts(item) and item.statement.role is not None:
                signed[item.statement.role].add((item.statement.signer, item.statement.person))
        if not self.distinct_people:
            return frozenset(role for role, pairs in signed.items() if not pairs)
        filled: list[str] = []
        for role in sorted(self.roles):
            if _apart([signed[one] for one in (*filled, role)]):
                filled.append(role)
        return self.roles - frozenset(filled)


def requirement(settings: Settings, document: Document, meaning: Meaning) -> Requirement | None:
    """What the type's policy asks for a meaning; None if the settings do not know the type.

    ``owner`` stands for the document's own owner. Its ``approvers`` are added to those of ``approved``.
    """
    kind = settings.types.get(document.type)
    if kind is None:
        return None
    policy = kind.policy(meaning)
    added = document.approvers if meaning is Meaning.APPROVED else ()
    return _requirement(
        policy.roles,
        document.owner,
        added,
        policy.assurance,
        distinct=kind.distinct_people,
        user_verification=policy.user_verification,
    )


@lru_cache(maxsize=1024)
def _requirement(
    roles: tuple[str, ...],
    owner: str,
    added: tuple[str, ...],
    assurance: Assurance,
    *,
    distinct: bool,
    user_verification: bool,
) -> Requirement:
    """The same from what it rests on: most documents share a few."""
    asked = frozenset(owner if role == OWNER else role for role in roles)
    return Requirement(asked.union(added), assurance, distinct, user_verification)


def _apart(choices: Sequence[set[Pair]]) -> bool:
    """Whether one pair of each set can be taken so that signers and persons all differ."""
    ordered = sorted(choices, key=len)
    hopeless: set[tuple[int, frozenset[Pair]]] = set()

    def fill(number: int, used: frozenset[Pair]) -> bool:
        if number == len(ordered):
            return True
        if (number, used) in hopeless:
            return False
        for signer, person in sorted(ordered[number]):
            taken = frozenset({("signer", signer), ("person", person)})
            if not taken & used and fill(number + 1, used | taken):
                return True
        hopeless.add((number, used))
        return False

    return fill(0, frozenset())


def reach(items: Iterable[Judged]) -> int:
    """How many people these statements stand for: each signer and each person signed for counts once."""
    signed: dict[str, set[str]] = {}
    for item in items:
        signed.setdefault(item.statement.person, set()).add(item.statement.signer)
    return len(_match(signed))


def _match(signers: dict[str, set[str]]) -> dict[str, str]:
    """A largest assignment of signers to the people they signed for, each once: signer → person."""
    assigned: dict[str, str] = {}

    def place(person: str, tried: set[str]) -> bool:
        for signer in sorted(signers[person] - tried):
            tried.add(signer)
            if signer not in assigned or place(assigned[signer], tried):
                assigned[signer] = person
                return True
        return False

    for person in sorted(signers):
        place(person, set())
    return assigned
