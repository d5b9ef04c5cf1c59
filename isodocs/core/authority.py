"""The authority register, ``people.yml``: people, the roles they hold and the keys that are theirs, when."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from isodocs.core.settings import Model, Name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self
    from zoneinfo import ZoneInfo

    from isodocs.core.statement import Statement

_KEY_PARTS = 2
_KEY = re.compile(r"[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}", re.ASCII)


def _canonical_key(line: str) -> str:
    key = " ".join(line.split(" ")[:_KEY_PARTS])
    if _KEY.fullmatch(key) is None:  # a line break within would add a line to allowed-signers
        raise ValueError("is not an OpenSSH public key such as 'ssh-ed25519 AAAA…'")
    return key


class Period(Model):
    """From a day (inclusive) until a day (exclusive), each at 00:00 in the company's time zone."""

    from_: date = Field(alias="from")
    until: date | None = None

    def holds(self, moment: int, zone: ZoneInfo) -> bool:
        """Whether the period covers a time, in seconds since 1970."""
        if moment < day_start(self.from_, zone):
            return False
        return self.until is None or moment < day_start(self.until, zone)


class Grant(Period):
    """A role, held for a period."""

    role: Name


class Revocation(Model):
    """A key taken back: since when it counts no more, and since when it may have been in other hands."""

    on: date
    compromised_since: date | None = None
    reason: str = Field(min_length=1)


class Enrolment(Model):
    """How a key was taken in: when, who checked the person's identity, and the proof that he holds it.

    ``proof`` is the signature over the challenge of ``isodocs.signing.enrol``, in OpenSSH's armour.
    """

    on: date
    checked_by: str | None = None
    proof: str


class Key(Period):
    """An OpenSSH public key, valid for a period."""

    key: Annotated[str, AfterValidator(_canonical_key)]
    revoked: Revocation | None = None
    enrolled: Enrolment | None = None

    def valid(self, moment: int, zone: ZoneInfo) -> bool:
        """Whether a statement that enters at this time may carry the key."""
        if self.revoked and moment >= day_start(self.revoked.on, zone):
            return False
        return self.holds(moment, zone)

    def compromised(self, moment: int, zone: ZoneInfo) -> bool:
        """Whether what entered at this time is in doubt, because the key may have been in other hands."""
        since = self.revoked.compromised_since if self.revoked else None
        return since is not None and moment >= day_start(since, zone)


class Person(Model):
    """One person of the register."""

    name: str = Field(min_length=1)
    emails: tuple[str, ...] = ()
    logins: dict[str, str] = Field(default_factory=dict)
    roles: tuple[Grant, ...] = ()
    keys: tuple[Key, ...] = ()


class Role(Model):
    """One role of the register."""

    title: str
    deputy_for: Name | None = None


class Register(Model):
    """The whole of ``people.yml``."""

    format: Literal[1, "1"] = 1
    roles: dict[Name, Role] = Field(default_factory=dict)
    people: dict[Name, Person] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _disjoint(self) -> Self:
        if both := sorted(self.roles.keys() & self.people.keys()):
            raise ValueError(f"{both[0]} is both a role and a person; give one of them another id")
        return self

    @cached_property
    def _by_email(self) -> dict[str, str]:
        owners: dict[str, set[str]] = {}
        for who, person in self.people.items():
            for mail in person.emails:
                owners.setdefault(mail.casefold(), set()).add(who)
        return {mail: min(people) for mail, people in owners.items() if len(people) == 1}

    @cached_property
    def _deputies(self) -> dict[str, list[str]]:
        """The roles that are deputy for a role. A person's own place has none."""
        found: dict[str, list[str]] = {}
        for name, role in self.roles.items():
            if role.deputy_for is not None and role.deputy_for not in self.people:
                found.setdefault(role.deputy_for, []).append(name)
        return found

    @cached_property
    def _by_key(self) -> dict[str, list[tuple[str, Key]]]:
        found: dict[str, list[tuple[str, Key]]] = {}
        for who, key in self.all_keys():
            found.setdefault(key.key, []).append((who, key))
        return found

    def all_keys(self) -> Iterator[tuple[str, Key]]:
        """Every key with its person, in the order of the file."""
        for who, person in self.people.items():
            for key in person.keys:
                yield who, key

    def name(self, person: str) -> str:
        """The printed name of a person; the id of somebody unknown."""
        known = self.people.get(person)
        return known.name if known else person

    def printed(self, person: str, signer: str) -> str:
        """The name beside a signature: of who signed and, where that is a deputy, for whom."""
        return self.name(person) if signer == person else f"{self.name(signer)} for {self.name(person)}"

    def name_on(self, statement: Statement) -> str:
        """The name to show beside a signature: that of the register, then the one signed under if it differs.

        A statement prints what its signer likes; shown alone, his approval would pass for somebody else's.
        """
        shown = self.printed(statement.person, statement.signer)
        return shown if statement.name == shown else f"{shown} (signed as {statement.name})"

    def person_of_email(self, email: str) -> str | None:
        """Whose address it is, whatever its case; None if nobody's, or if several people share it."""
        return self._by_email.get(email.casefold())

    def keys_of(self, line: str) -> list[tuple[str, Key]]:
        """The entries of a public key (kind and base64), with their people."""
        return self._by_key.get(line, [])

    def key_holder(self, line: str, moment: int, zone: ZoneInfo) -> str | None:
        """Whose key it validly is at a time; None if nobody's, or more than one person's."""
        holders = {who for who, key in self.keys_of(line) if key.valid(moment, zone)}
        return holders.pop() if len(holders) == 1 else None

    def holds(self, person: str, role: str, moment: int, zone: ZoneInfo) -> bool:
        """Whether a person holds a role at a time. A person named in a role's place holds his own name."""
        entry = self.people.get(person)
        if entry is None:
            return False
        if role == person:
            return True
        return any(grant.role == role and grant.holds(moment, zone) for grant in entry.roles)

    def deputises(self, person: str, role: str, moment: int, zone: ZoneInfo) -> bool:
        """Whether a person holds, at a time, a role that is deputy for this one; that does not chain."""
        return any(self.holds(person, one, moment, zone) for one in self._deputies.get(role, ()))

    def deputies(self, role: str, moment: int, zone: ZoneInfo) -> tuple[str, ...]:
        """Who may sign for those who hold a role, at a time, sorted."""
        return tuple(sorted(who for who in self.people if self.deputises(who, role, moment, zone)))

    def holders(self, role: str, moment: int, zone: ZoneInfo) -> tuple[str, ...]:
        """Who holds a role (or is the person named in a role's place) at a time, sorted."""
        return tuple(sorted(who for who in self.people if self.holds(who, role, moment, zone)))


@lru_cache(maxsize=4096)
def day_start(day: date, zone: ZoneInfo) -> int:
    """00:00 of a day in a zone, in seconds since 1970."""
    return int(datetime.combine(day, time.min, zone).timestamp())
