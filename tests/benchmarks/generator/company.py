"""The company whose documents are made: its people, their roles and keys, its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.generator.keys import Key
from isodocs.core.statement import sha256

if TYPE_CHECKING:
    import random

    from benchmarks.generator.shape import Shape

QMS = "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10"
OWNER, MANAGER = "process-owner", "quality-manager"
SETTINGS = f"""\
format: 1
qms: {QMS}
title: Benchmark
mainline: main
timezone: Europe/Berlin
authority: {{role: {MANAGER}, quorum: 1}}
types:
  SOP:
    title: Procedure
    review_months: 600
    approved: {{roles: [owner, {MANAGER}]ASSURANCE}}
"""
# Who, in which role, with which kind of key where kinds are mixed, and how often of ten.
PEOPLE = (
    ("max", None, "ssh-ed25519", 4),
    ("mia", None, "ssh-ed25519", 3),
    ("omar", None, "ssh-ed25519", 3),
    ("anna", OWNER, "ssh-ed25519", 7),
    ("olaf", OWNER, "ecdsa-sha2-nistp256", 2),
    ("petra", OWNER, "ssh-rsa", 1),
    ("jane", MANAGER, "ssh-ed25519", 8),
    ("kurt", MANAGER, "sk-ssh-ed25519@openssh.com", 2),
)


@dataclass(frozen=True)
class Person:
    """Somebody of the company."""

    id: str
    role: str | None
    key: Key
    weight: int

    @property
    def name(self) -> str:
        """As it is printed."""
        return self.id.title()

    @property
    def ident(self) -> str:
        """Name and address, as commits have them."""
        return f"{self.name} <{self.id}@example.org>"


class Company:
    """The people of a shape, and the two files that name them and the rules."""

    def __init__(self, shape: Shape) -> None:
        mixed = shape.signatures == "mixed"
        self.signs = shape.signatures != "none"
        self.people = {
            name: Person(name, role, Key(kind if mixed else "ssh-ed25519", f"{shape.seed}/{name}"), weight)
            for name, role, kind, weight in PEOPLE
        }
        assurance = ", assurance: unsigned" if not self.signs else ""
        self.settings = SETTINGS.replace("ASSURANCE", assurance).encode()
        self.register = self._register().encode()
        self.register_digest = sha256(self.register)

    def pick(self, role: str | None, chance: random.Random) -> str:
        """Somebody in a role; those with none write."""
        people = [person for person in self.people.values() if person.role == role]
        return chance.choices(people, [person.weight for person in people])[0].id

    def _register(self) -> str:
        lines = [
            "format: 1",
            "roles:",
            *(f"  {role}: {{title: {role}}}" for role in (OWNER, MANAGER)),
            "people:",
        ]
        for person in self.people.values():
            roles = f"[{{role: {person.role}, from: 2019-01-01}}]" if person.role else "[]"
            lines += [
                f"  {person.id}:",
                f"    name: {person.name}",
                f"    emails: [{person.id}@example.org]",
                f"    roles: {roles}",
                f"    keys: [{{key: '{person.key.line}', from: 2019-01-01}}]",
            ]
        return "\n".join(lines) + "\n"
