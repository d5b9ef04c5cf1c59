"""What ``verify --seal`` tells: who sealed, what was sealed, and what of it is missing or different now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from isodocs.core.identity import parse_time
from isodocs.registers.chain import links

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.life import Verdict
    from isodocs.core.seal import Seal
    from isodocs.core.seal_check import Comparison
    from isodocs.registers.chain import Link

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealer:
    """Whose key made a seal, as the history of today has it.

    Attributes:
        person: whose key it was when the seal was made; None if nobody's.
        why: why the key does not speak for the person whom the seal names; empty where it does.
    """

    person: str | None
    why: str


def sealer(library: Library, seal: Seal, key: str) -> Sealer:
    """Whose key it is, by the register in force when the seal was made.

    Args:
        library: the mainline of today.
        seal: as it was read.
        key: the key that its signature carries, kind and base64.
    """
    made = parse_time(seal.made) or 0
    link = _governing(links(library), made)
    if link is None:
        return Sealer(None, "no register governed yet when it was made, by the history of today")
    zone = link.settings.zone
    person = link.register.key_holder(key, made, zone)
    if person is None:
        return Sealer(None, "by the register of then, in the history of today, that key was nobody's")
    if person != seal.signer:
        return Sealer(person, f"it names {seal.signer}, but the key was {person}'s")
    if any(one.compromised(made, zone) for _, one in library.register.keys_of(key)):
        return Sealer(person, "that key may have been in other hands when it was made")
    return Sealer(person, "")


def _governing(chain: list[Link], moment: int) -> Link | None:
    return next((one for one in reversed(chain) if one.adoption.time <= moment), None)


def facts(seal: Seal, verdict: Verdict, who: Sealer, *, expected: bool | None) -> Row:
    """The seal itself as a row; ``expected``: whether it is the key that was asked for, None if none was."""
    return {
        "made": seal.made,
        "signer": seal.signer,
        "name": seal.name,
        "key": verdict.key,
        "fingerprint": verdict.fingerprint,
        "holder": who.person,
        "why": who.why,
        "expected_key": expected,
        "qms": seal.qms,
        "title": seal.title,
        "mainline": seal.mainline,
        "commit": seal.commit,
        "time": seal.time,
        "steps": seal.steps,
        "root": seal.root,
        "counts": seal.counts.model_dump(),
    }


def rows(found: Comparison) -> list[Row]:
    """A row for each thing that is missing, changed or new."""
    return [
        {
            "kind": one.kind.value,
            "id": one.id or None,
            "item": one.item,
            "name": one.name or None,
            "sealed": one.sealed,
            "found": one.found,
        }
        for one in found.differences
    ]
