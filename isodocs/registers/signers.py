"""The keys of the register: which are valid at a time, and whose enrolment proves that he holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from isodocs.core.authority import Key, Register

NAMESPACE = "isodocs"


@dataclass(frozen=True, slots=True)
class AllowedSigners:
    """What ``ssh-keygen -Y verify`` may believe.

    Attributes:
        lines: one a key, sorted by person, then key.
        ambiguous: keys that are valid for more than one person and so left out, with these people.
    """

    lines: tuple[str, ...]
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def text(self) -> str:
        """The file, LF line ends."""
        return "".join(f"{line}\n" for line in self.lines)


def allowed_signers(register: Register, moment: int, zone: ZoneInfo) -> AllowedSigners:
    """The keys that are valid at a time (FORMATS, *Statement*; ssh-keygen(1), *ALLOWED SIGNERS*).

    Args:
        register: who people are.
        moment: seconds since 1970.
        zone: the company's time zone, in which a key's dates begin and end.
    """
    holders: dict[str, set[str]] = {}
    for who, key in register.all_keys():
        if key.valid(moment, zone):
            holders.setdefault(key.key, set()).add(who)
    alone = sorted((*people, line) for line, people in holders.items() if len(people) == 1)
    shared = sorted((line, tuple(sorted(people))) for line, people in holders.items() if len(people) > 1)
    return AllowedSigners(tuple(signer_line(who, line) for who, line in alone), tuple(shared))


def signer_line(person: str, key: str) -> str:
    """One line of the file."""
    return f'{person} namespaces="{NAMESPACE}" {key}'


def validity(key: Key) -> str:
    """From when until when a key counts, as text."""
    end = key.revoked.on if key.revoked else key.until
    until = f" until {end}" if end else ""
    return f"from {key.from_}{until}" + (", revoked" if key.revoked else "")
