"""What auditors ask: why each signature counts or not, and the keys for checking with stock tools alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from isodocs import workspace
from isodocs.commands.options import (
    as_of_option,
    document_argument,
    format_option,
    mainline_option,
    snapshot_option,
    start,
    trust_root_option,
)
from isodocs.commands.output import colourful, envelope, remark, say, say_json
from isodocs.core.identity import format_time
from isodocs.core.lifecycle import readable_authority
from isodocs.core.problem import CannotRun
from isodocs.core.statement import encode
from isodocs.core.suggest import closest
from isodocs.core.tree import AUTHORITY_ID
from isodocs.registers import evidence, signatures
from isodocs.registers.signers import allowed_signers as signers_of
from isodocs.registers.signers import signer_line, validity
from isodocs.reports import audit as report
from isodocs.signing import enrol, keys
from isodocs.signing.verify import second_opinion
from isodocs.workspace.evidence import SignatureStore

if TYPE_CHECKING:
    from isodocs.core.authority import Key
    from isodocs.core.library import Library
    from isodocs.registers.signatures import Finding

    Row = dict[str, Any]


@click.command()
@document_argument(required=False)
@as_of_option
@mainline_option
@trust_root_option
@snapshot_option
@click.option("--with-ssh-keygen", is_flag=True, help="Ask ssh-keygen for a second opinion on each.")
@format_option("text", "json")
def verify(document: str | None, form: str, *, with_ssh_keygen: bool, **options: Any) -> int:
    r"""Say for every statement who signed what, and why it counts or does not.

    On a working branch its statements are judged as they would enter the mainline. ID may be _authority,
    for settings and people. Exit status 1: something that should count does not.

    \b
    isodocs verify SOP-001
    isodocs verify --as-of 2026-03-31 --with-ssh-keygen
    """
    library = workspace.open_reading(start(), with_branch=True, **options)
    if library is None:
        if form == "json":
            say_json(envelope("verify", None, [], documents=[], keys=[]))
        else:
            say("There is no commit on the mainline yet, so there is nothing to verify.")
        return 0
    for note in library.notes:
        remark(note)
    found = signatures.findings(library, document)
    _refuse_unknown(library, document, found)
    rows = [signatures.row(library, one) for one in found]
    if with_ssh_keygen:
        for one, row in zip(found, rows, strict=True):
            row["second_opinion"] = _opinion(library, one)
            row["fails"] = row["fails"] or _differs(row)
    result = report.Report(
        rows,
        evidence.summaries(library, found, document),
        _keys(library, document),
        evidence.authority(library) if document in {None, AUTHORITY_ID} else None,
    )
    if form == "json":
        more = {"documents": list(result.documents), "keys": list(result.keys)}
        say_json(envelope("verify", library, rows, **more, authority=result.authority, fails=result.fails))
    else:
        say(report.text(result, zone=library.settings.timezone, colour=colourful()))
    return 1 if result.fails else 0


def _refuse_unknown(library: Library, name: str | None, found: list[Finding]) -> None:
    known = {*library.views, *library.base_views, AUTHORITY_ID}
    if name is None or name in known or found:
        return
    near = closest(name, known)
    hint = f"Did you mean {near}?" if near else "'isodocs list' names them all."
    raise CannotRun(f"There is no document {name}, and no statement about one. {hint}")


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
    data, armour = encode(one.statement), store.blobs.get(beside.oid, b"")
    mine = store(library.files[one.path].oid, beside.oid)
    signer, person = one.statement.signer, library.register.people.get(one.statement.signer)
    known = [key.key for key in person.keys] if person else []
    allowed = "".join(f"{signer_line(signer, key)}\n" for key in ([mine.key] if mine.key else known))
    other = second_opinion(data, armour, allowed, signer)
    return {"ok": other.ok, "why": other.why or None, "agrees": other.ok == mine.ok}


def _keys(library: Library, document: str | None) -> list[Row]:
    """Every key of the register in the judged tree, with its proof of possession."""
    if document not in {None, AUTHORITY_ID}:
        return []
    read = readable_authority(library.state.tree, library.evidence)
    settings, register = read or (library.settings, library.register)
    return [_key(settings.qms, who, key) for who, key in register.all_keys()]


def _key(qms: str, person: str, key: Key) -> Row:
    proved, why = _proof(qms, person, key)
    return {
        "person": person,
        "key": key.key,
        "fingerprint": _fingerprint(key.key),
        "valid": validity(key),
        "enrolled": key.enrolled.on.isoformat() if key.enrolled else None,
        "checked_by": key.enrolled.checked_by if key.enrolled else None,
        "proved": proved,
        "why": why,
        "fails": proved is False,
    }


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


def _fingerprint(line: str) -> str | None:
    try:
        return keys.parse_line(line).fingerprint()
    except keys.BadKey:
        return None


@click.command("allowed-signers")
@click.option(
    "--at", "as_of", metavar="TIME", help="The keys valid then: a day (its end) or a UTC time. Default: now."
)
@mainline_option
@trust_root_option
@snapshot_option
def allowed_signers(**options: Any) -> int:
    r"""Print the keys that count at a time, for `ssh-keygen -Y verify`, by the register that governed then.

    \b
    isodocs allowed-signers --at 2026-03-01T10:15:00Z > allowed_signers
    """
    library = workspace.open_reading(start(), **options)
    if library is None:
        raise CannotRun("There is no commit on the mainline yet, so no register governs.")
    for note in library.notes:
        remark(note)
    found = signers_of(library.register, library.moment, library.settings.zone)
    for line, people in found.ambiguous:
        name = _fingerprint(line) or line
        remark(f"The key {name} is that of {' and '.join(people)}, so it counts for nobody and is left out.")
    if not found.lines:
        remark(f"No key is valid at {format_time(library.moment)}.")
    say(found.text)
    return 0
