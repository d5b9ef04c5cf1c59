"""AU102, shared-key: one key for two people.

What: people.yml gives the same public key to two people, at whatever times.

Why: A signature must point to one person (21 CFR Part 11.100).

Good: Everybody has a key of his own; a new person enrols a new key.

Bad: A leaver's key is entered for his successor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.core.settings import REGISTER_FILE
from isodocs.rules.base import Family, quote_list, rule
from isodocs.rules.examples import COMPANY, GOOD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.authority import Register
    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Look for keys in the tree's register that several people have."""
    for key, people in sorted(_holders(_register(library)).items()):
        if len(people) > 1:
            kind, _, body = key.partition(" ")
            message = f"{quote_list(people)} have the same key ({kind} …{body[-12:]})."
            fix = "One of them makes a key of his own: isodocs enrol"
            yield Problem("AU102", message, fix, REGISTER_FILE)


def _register(library: Library) -> Register:
    """The register as it stands in the tree, if it can be read."""
    entry = library.files.get(REGISTER_FILE)
    return (
        library.evidence.registers.get(entry.oid) if entry and entry.regular else None
    ) or library.register


def _holders(register: Register) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for who, key in register.all_keys():
        people = found.setdefault(key.key, [])
        if who not in people:
            people.append(who)
    return found


_SUCCESSOR = """\
  joe-blow:
    name: Joe Blow
    keys: [{key: ssh-ed25519 JANE, from: 2026-01-01}]
"""

RULE = rule(
    __doc__,
    "AU102",
    "shared-key",
    Family.AUTHORITY,
    check,
    good=GOOD,
    bad={**GOOD, REGISTER_FILE: COMPANY[REGISTER_FILE] + _SUCCESSOR},
)
