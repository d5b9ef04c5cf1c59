"""The fixture company of SCENARIOS.md: its settings, its register, its first documents.

Texts only; what plays them into git is `support.play`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from support.statements import QMS, Key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ADDRESSES = {
    "jane": ("jane@ex.org", "jane@home.net"),
    "bob": ("bob@ex.org",),
    "anna": ("anna@ex.org",),
    "max": ("max@ex.org", "max@home.net"),
    "tom": ("tom@ex.org",),
}
OUTSIDERS = {"eve": "eve@other.example", "web-flow": "noreply@forge.example"}
MAIN_ROLE = {"jane": "quality-manager", "bob": "quality-manager", "anna": "process-owner"}
SINCE = "2025-01-01"


@dataclass(frozen=True)
class Held:
    """A key held from one day until another (exclusive), perhaps known to be lost since."""

    key: str
    since: str = SINCE
    until: str | None = None
    revoked: tuple[str, str] | None = None  # on, compromised_since

    def line(self) -> str:
        """One entry of a person's `keys`."""
        until = "" if self.until is None else f", until: {self.until}"
        revoked = ""
        if self.revoked is not None:
            on, since = self.revoked
            revoked = f", revoked: {{on: {on}, compromised_since: {since}, reason: laptop lost}}"
        return f"{{key: {Key(self.key).public}, from: {self.since}{until}{revoked}}}"


@dataclass(frozen=True)
class Person:
    """One entry of the register."""

    emails: tuple[str, ...]
    roles: tuple[tuple[str, ...], ...] = ()  # role, from, perhaps until
    keys: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Register:
    """people.yml."""

    people: Mapping[str, Person]
    roles: tuple[str, ...] = ("process-owner", "quality-manager")
    deputies: Mapping[str, str] = field(default_factory=dict)  # role: the role it is deputy for

    def but(self, **people: Person | None) -> Register:
        """The register with these people added, changed, or (None) left out."""
        merged = {**self.people, **people}
        return replace(self, people={name: person for name, person in merged.items() if person})

    def granting(self, person: str, role: str, since: str = SINCE, until: str = "") -> Register:
        """The register with one role more."""
        old, grant = self.people[person], (role, since, until) if until else (role, since)
        return self.but(**{person: replace(old, roles=(*old.roles, grant))})

    def with_deputies(self, **roles: str) -> Register:
        """The register with roles that are deputy for others: `deputy_qm="quality-manager"`."""
        added = {name.replace("_", "-"): role for name, role in roles.items()}
        return replace(self, deputies={**self.deputies, **added})

    def without_role(self, person: str) -> Register:
        """The register in which `person` has no role."""
        return self.but(**{person: replace(self.people[person], roles=())})

    def with_keys(self, person: str, *keys: Held) -> Register:
        """The register in which `person` has these keys and no others."""
        return self.but(**{person: replace(self.people[person], keys=keys)})

    def text(self) -> str:
        """The bytes of people.yml, as text."""
        lines = ["format: 1", "roles:"]
        lines += [f"  {role}: {{title: {role.replace('-', ' ').capitalize()}}}" for role in self.roles]
        lines += [
            f"  {role}: {{title: {role.replace('-', ' ').capitalize()}, deputy_for: {held}}}"
            for role, held in self.deputies.items()
        ]
        lines.append("people:")
        for name, person in self.people.items():
            roles = ", ".join(map(_grant, person.roles))
            lines += [f"  {name}:", f"    name: {name.title()}", f"    emails: [{', '.join(person.emails)}]"]
            lines.append(f"    roles: [{roles}]")
            lines.append("    keys:" if person.keys else "    keys: []")
            lines += [f"      - {held.line()}" for held in person.keys]
        return "\n".join(lines) + "\n"


def _grant(entry: Sequence[str]) -> str:
    role, since, *until = entry
    return f"{{role: {role}, from: {since}{''.join(f', until: {day}' for day in until)}}}"


def usual_register(since: str = SINCE) -> Register:
    """Five people, a key each; jane and bob quality managers, anna process owner."""
    return Register({name: _usual_person(name, since) for name in ADDRESSES})


def _usual_person(name: str, since: str) -> Person:
    role = MAIN_ROLE.get(name)
    return Person(ADDRESSES[name], ((role, since),) if role else (), (Held(name, since),))


@dataclass(frozen=True)
class Kind:
    """One document type."""

    approved: tuple[str, ...] = ("quality-manager",)
    independence: str = "any-editor"
    assurance: str = "signed"
    distinct: bool = False
    revision: str = "integer"
    withdrawn: tuple[str, ...] = ()
    verified: bool = False  # hardware keys that know their user

    def lines(self, name: str) -> list[str]:
        """Its lines in isodocs.yml."""
        lines = [
            f"  {name}:",
            f"    title: Type {name}",
            f"    revision: {self.revision}",
            "    review_months: 24",
            f"    independence: {self.independence}",
            f"    distinct_people: {str(self.distinct).lower()}",
            f"    approved: {self._policy(self.approved)}",
        ]
        if self.withdrawn:
            lines.append(f"    withdrawn: {self._policy(self.withdrawn)}")
        return lines

    def _policy(self, roles: Sequence[str]) -> str:
        verified = ", user_verification: true" if self.verified else ""
        return f"{{assurance: {self.assurance}, roles: [{', '.join(roles)}]{verified}}}"


def _usual_kinds() -> dict[str, Kind]:
    return {"SOP": Kind(("process-owner", "quality-manager")), "WI": Kind()}


@dataclass(frozen=True)
class Settings:
    """isodocs.yml."""

    drafts: bool = False
    kinds: Mapping[str, Kind] = field(default_factory=_usual_kinds)
    unknown_writers: str = "refuse"
    quorum: int = 1
    recovery: tuple[str, int] | None = None  # role, quorum
    verified: bool = False  # authority by hardware keys that know their user
    title: str = "Quality management system"

    def kind(self, name: str, kind: Kind) -> Settings:
        """The settings with one type added or changed."""
        return replace(self, kinds={**self.kinds, name: kind})

    def text(self) -> str:
        """The bytes of isodocs.yml, as text."""
        protects = 'isodocs.yml, people.yml, mkdocs.yml, .gitattributes, "theme/**", "templates/**"'
        lines = [
            "format: 1",
            f"qms: {QMS}",
            f"title: {self.title}",
            "mainline: main",
            "timezone: Europe/Berlin",
            f"drafts_on_mainline: {str(self.drafts).lower()}",
            f"unknown_writers: {self.unknown_writers}",
            "standards: [iso9001:2015]",
            "authority:",
            "  role: quality-manager",
            f"  quorum: {self.quorum}",
            f"  protects: [{protects}]",
        ]
        if self.recovery is not None:
            role, quorum = self.recovery
            lines.append(f"  recovery: {{role: {role}, quorum: {quorum}}}")
        if self.verified:
            lines.append("  user_verification: true")
        lines.append("types:")
        for name, kind in self.kinds.items():
            lines += kind.lines(name)
        return "\n".join(lines) + "\n"


def document_text(identity: str, revision: str, words: str, **front: str) -> str:
    """A small controlled document; `front` adds front matter keys or replaces their values."""
    keys = {
        "id": identity,
        "title": f"Document {identity}",
        "type": identity.partition("-")[0],
        "owner": "process-owner",
        "revision": revision,
        "review_date": "2027-12-31",
    }
    if revision not in ("1", "A", "1.0"):
        keys["change"] = f"Reason of revision {revision}."
    keys.update(front)
    head = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\n{head}---\n\n# Document {identity}\n\n{words}\n"
