"""Taking a key into the register: who may have it, and how ``people.yml`` says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core import placing
from isodocs.core.identity import is_person_id
from isodocs.core.problem import CannotRun
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.suggest import closest

if TYPE_CHECKING:
    from datetime import date

    from isodocs.core.authority import Register
    from isodocs.core.placing import Value


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the register is to say of somebody who is not in it yet."""

    name: str
    emails: tuple[str, ...]
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be taken in.

    Attributes:
        line: kind and base64.
        since: from which day it counts.
        on: the day of enrolment, which the proof names.
        checked_by: who checked that it is this person's.
        proof: the signature over the challenge, in armour.
    """

    line: str
    since: date
    on: date
    checked_by: str | None
    proof: str

    def value(self) -> dict[str, Value]:
        """The entry in ``keys``."""
        enrolled: dict[str, Value] = {"on": self.on.isoformat()}
        if self.checked_by:
            enrolled["checked_by"] = self.checked_by
        enrolled["proof"] = self.proof
        return {"key": self.line, "from": self.since.isoformat(), "enrolled": enrolled}


def refuse_person(register: Register, person: str, newcomer: Newcomer | None) -> None:
    """Stop where the person cannot be entered, or is entered already.

    Args:
        register: as it stands in the file.
        person: the id.
        newcomer: what was said of him; None if nothing.

    Raises:
        CannotRun: naming the reason.
    """
    if not is_person_id(person):
        raise CannotRun(f"'{person}' cannot be a person's id: write small letters, digits and hyphens.")
    if person in register.roles:
        raise CannotRun(f"{person} is a role, so no person can have that id.")
    if person in register.people:
        if newcomer is not None:
            raise CannotRun(
                f"{person} stands in {REGISTER_FILE} already: change name, addresses and roles there, and "
                "leave out --name, --email and --role here."
            )
        return
    if newcomer is None:
        near = closest(person, register.people)
        hint = f"Did you mean {near}? Else add" if near else "For somebody new add"
        raise CannotRun(f"There is no {person} in {REGISTER_FILE}. {hint} --name 'Full Name' and --email.")
    _refuse_newcomer(register, newcomer)


def _refuse_newcomer(register: Register, newcomer: Newcomer) -> None:
    if not newcomer.name or not newcomer.name.isprintable():
        raise CannotRun("The name of the person is needed, as it shall be printed: add --name 'Full Name'.")
    if not newcomer.emails:
        raise CannotRun("The address is needed under which the person commits: add --email.")
    for email in newcomer.emails:
        if "@" not in email or not email.isprintable() or " " in email:
            raise CannotRun(f"'{email}' is no address such as jane@example.org.")
        if (other := register.person_of_email(email)) is not None:
            raise CannotRun(f"The address {email} is that of {other} in {REGISTER_FILE}.")
    for role in newcomer.roles:
        if role not in register.roles:
            near = closest(role, register.roles)
            hint = f"Did you mean {near}?" if near else f"There are: {', '.join(sorted(register.roles))}."
            raise CannotRun(f"There is no role {role} in {REGISTER_FILE}. {hint}")


def refuse_key(register: Register, line: str, fingerprint: str) -> None:
    """One key, one person: stop where the key is in anybody's entry, valid or not.

    Raises:
        CannotRun: naming whose.
    """
    if owners := sorted({who for who, _ in register.keys_of(line)}):
        raise CannotRun(
            f"The key {fingerprint} is in the entry of {' and '.join(owners)} already. "
            "One key, one person, and once: make a new one with --new FILE."
        )


def refuse_checker(register: Register, person: str, checker: str | None) -> None:
    """Who checks must be somebody else, of the register.

    Raises:
        CannotRun: he is not.
    """
    if checker is None:
        return
    if checker not in register.people:
        raise CannotRun(f"There is no {checker} in {REGISTER_FILE} who could have checked it.")
    if checker == person:
        raise CannotRun(f"{person} cannot check his own enrolment: name somebody else with --checked-by.")


def enter(data: bytes, register: Register, person: str, newcomer: Newcomer | None, key: NewKey) -> bytes:
    """The register's file with the key in it, and with its person if he is new.

    Args:
        data: the file as it stands.
        register: the same, read.
        person: whose key it is.
        newcomer: what to say of him; None if he is there already.
        key: the key.

    Raises:
        CannotRun: the file is written in a way in which it cannot be added.
    """
    try:
        if newcomer is not None:
            return _with_person(data, register, person, newcomer, key)
        if register.people[person].keys:
            return placing.add_item(data, ("people", person, "keys"), key.value())
        return _with_keys(data, person, key)
    except placing.CannotPlace as fault:
        raise CannotRun(f"{REGISTER_FILE} cannot be added to: {fault}. Add it by hand.") from None


def _with_person(data: bytes, register: Register, person: str, newcomer: Newcomer, key: NewKey) -> bytes:
    entry: dict[str, Value] = {"name": newcomer.name, "emails": list(newcomer.emails)}
    if newcomer.roles:
        since = key.since.isoformat()
        entry["roles"] = [{"role": role, "from": since} for role in newcomer.roles]
    entry["keys"] = [key.value()]
    if not register.people:
        return _with_first_person(data, {person: entry})
    return placing.add_entry(data, ("people",), person, entry)


def _with_first_person(data: bytes, people: dict[str, Value]) -> bytes:
    """For a register without anybody: ``people`` may be there and empty, or missing."""
    ((person, entry),) = people.items()
    try:
        return placing.add_entry(data, ("people",), person, entry)
    except placing.CannotPlace:
        return placing.add_entry(data, (), "people", people)


def _with_keys(data: bytes, person: str, key: NewKey) -> bytes:
    """For a person without keys: ``keys`` may be there and empty, or missing."""
    try:
        return placing.add_item(data, ("people", person, "keys"), key.value())
    except placing.CannotPlace:
        return placing.add_entry(data, ("people", person), "keys", [key.value()])
