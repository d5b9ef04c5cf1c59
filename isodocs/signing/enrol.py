"""Proof of possession: who enrols a key signs a challenge with it.

The challenge is signed in the one namespace ``isodocs``. It can never be taken for a statement, which is
JSON and begins with ``{``; nor a statement for it.
"""

from __future__ import annotations

import re
from datetime import date as calendar_date
from uuid import UUID

from isodocs.signing import verify
from isodocs.signing.keys import parse_line

_PERSON = re.compile(r"[a-z0-9-]+", re.ASCII)
_TEMPLATE = """\
isodocs enrolment
I hold this key alone and shall sign with it as the person named here.
qms: {qms}
person: {person}
key: {key}
date: {date}
"""


def challenge(qms: str, person: str, key_line: str, date: str) -> bytes:
    """The text to sign, the same bytes for the same facts.

    Args:
        qms: the repository's UUID, as in its settings.
        person: the person's id in the register.
        key_line: the key's line; its comment is dropped.
        date: the day of enrolment, ISO 8601.

    Raises:
        ValueError: one of them is not in its canonical form (BadKey, a ValueError, for the key).
    """
    key = parse_line(key_line).line()
    if str(UUID(qms)) != qms:
        raise ValueError(f"{qms!a} is not a UUID in lower case")
    if calendar_date.fromisoformat(date).isoformat() != date:
        raise ValueError(f"{date!a} is not a date such as 2026-03-01")
    if not _PERSON.fullmatch(person):
        raise ValueError(f"{person!a} is not a person's id")
    return _TEMPLATE.format(qms=qms, person=person, key=key, date=date).encode("ascii")


def proves(qms: str, person: str, key_line: str, date: str, armour: bytes) -> verify.Verdict:
    """Whether ``armour`` is the challenge for these facts, signed by the very key that is enrolled.

    Raises:
        ValueError: as for ``challenge``.
    """
    verdict = verify.check(challenge(qms, person, key_line, date), armour)
    if verdict.ok and verdict.key != parse_line(key_line).line():
        why = "the proof was signed by another key than the one to be enrolled"
        return verify.Verdict(ok=False, key=verdict.key, fingerprint=verdict.fingerprint, why=why)
    return verdict
