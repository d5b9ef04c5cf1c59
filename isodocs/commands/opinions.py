"""What is verified beside the fold: the keys with their proofs of possession, and ssh-keygen's opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isodocs.commands.progress import Progress
from isodocs.core.lifecycle import readable_authority
from isodocs.core.statement import encode
from isodocs.core.tree import AUTHORITY_ID
from isodocs.registers.chain import key_period
from isodocs.registers.signers import signer_line, validity
from isodocs.signing import enrol, keys
from isodocs.signing.verify import second_opinion
from isodocs.workspace.evidence import SignatureStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isodocs.core.authority import Key
    from isodocs.core.library import Library
    from isodocs.registers.signatures import Finding

    Row = dict[str, Any]


def ask_about(library: Library, found: Sequence[Finding], rows: Sequence[Row]) -> None:
    """Put ssh-keygen's opinion on each signature into its row, as ``second_opinion``.

    Raises:
        CannotRun: ssh-keygen is missing or too old.
    """
    with Progress("Asking ssh-keygen", len(rows)) as progress:
        for one, row in zip(found, rows, strict=True):
            row["second_opinion"] = _opinion(library, one)
            row["fails"] = row["fails"] or _differs(row)
            progress.step()


def _differs(row: Row) -> bool:
    opinion = row["second_opinion"]
    return opinion is not None and not opinion["agrees"]


def _opinion(library: Library, one: Finding) -> Row | None:
    """What ssh-keygen says of the signature beside a statement; None where none lies there.

    It is asked whether the signature was made over these bytes by the key that it carries (where we cannot
    read that, by one of the signer's). Whose key that is, and when it counts, stands in people.yml.
    """
    store = library.evidence.check
    beside = library.files.get(f"{one.path}.sig") if one.path else None
    if one.statement is None or beside is None or not isinstance(store, SignatureStore):
        return None
    data, armour = encode(one.statement), store.load(beside.oid)
    mine = store(library.files[one.path].oid, beside.oid)
    signer, person = one.statement.signer, library.register.people.get(one.statement.signer)
    known = [key.key for key in person.keys] if person else []
    allowed = "".join(f"{signer_line(signer, key)}\n" for key in ([mine.key] if mine.key else known))
    other = second_opinion(data, armour, allowed, signer)
    return {"ok": other.ok, "why": other.why or None, "agrees": other.ok == mine.ok}


def key_rows(library: Library, document: str | None, *, with_ssh_keygen: bool) -> list[Row]:
    """Every key of the register in the judged tree, with its proof of possession."""
    if document not in {None, AUTHORITY_ID}:
        return []
    read = readable_authority(library.state.tree, library.evidence)
    settings, register = read or (library.settings, library.register)
    found = list(register.all_keys())
    with Progress("Asking ssh-keygen about keys", len(found)) as progress:
        rows = []
        for who, key in found:
            rows.append(_key(settings.qms, who, key, with_ssh_keygen=with_ssh_keygen))
            progress.step()
    return rows


def _key(qms: str, person: str, key: Key, *, with_ssh_keygen: bool) -> Row:
    proved, why = _proof(qms, person, key)
    row = {
        "person": person,
        "key": key.key,
        "fingerprint": fingerprint(key.key),
        "valid": validity(key),
        **(key_period(key) or {}),
        "enrolled": key.enrolled.on.isoformat() if key.enrolled else None,
        "checked_by": key.enrolled.checked_by if key.enrolled else None,
        "proved": proved,
        "why": why,
        "fails": proved is False,
    }
    if with_ssh_keygen:
        row["second_opinion"] = _proof_opinion(qms, person, key, proved=proved)
        row["fails"] = row["fails"] or _differs(row)
    return row


def _proof(qms: str, person: str, key: Key) -> tuple[bool | None, str]:
    """Whether the proof of possession verifies; None where there is none."""
    if key.enrolled is None:
        return None, ""
    try:
        proof = key.enrolled.proof.encode("ascii")
        verdict = enrol.proves(qms, person, key.key, key.enrolled.on.isoformat(), proof)
    except ValueError as fault:
        return False, str(fault)
    return verdict.ok, verdict.why


def _proof_opinion(qms: str, person: str, key: Key, *, proved: bool | None) -> Row | None:
    """What ssh-keygen says of a proof of possession; None where there is none that could be asked about."""
    if key.enrolled is None:
        return None
    try:
        proof = key.enrolled.proof.encode("ascii")
        text = enrol.challenge(qms, person, key.key, key.enrolled.on.isoformat())
    except ValueError:
        return None
    other = second_opinion(text, proof, f"{signer_line(person, key.key)}\n", person)
    return {"ok": other.ok, "why": other.why or None, "agrees": other.ok == proved}


def fingerprint(line: str) -> str | None:
    """Of a key, ``SHA256:…``; None where it cannot be read."""
    try:
        return keys.parse_line(line).fingerprint()
    except keys.BadKey:
        return None
