"""Seals: what stands on the mainline, signed, for somebody outside; and later, what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isodocs import workspace
from isodocs.commands import desk as desks
from isodocs.commands import uncommitted
from isodocs.commands.options import mainline_option, start, trust_root_option, within_start
from isodocs.commands.output import colourful, envelope, remark, say, say_json
from isodocs.commands.progress import Progress
from isodocs.core import seal as seals
from isodocs.core.document import DOCUMENTS, SIGNATURES
from isodocs.core.problem import CannotRun
from isodocs.core.seal import Seal, UnreadableSeal
from isodocs.core.seal_check import compare
from isodocs.core.sealing import make
from isodocs.git.mainline import REMOTES, find_mainline
from isodocs.git.repository import Repository
from isodocs.registers import sealing
from isodocs.registers.signers import signer_line
from isodocs.reports import seal as report
from isodocs.signing import keys, verify
from isodocs.writing import take_back, write_new

if TYPE_CHECKING:
    from isodocs.core.library import Library

_READING = "Reading the history and checking its signatures"
_LONGEST_SIGNATURE = 1 << 16


@click.command()
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it, the signature beside it. Default: seal-COMMIT.json.",
)
@click.option("--key", metavar="FILE", help="Sign with this key. Default: git's user.signingkey.")
@click.option("--dry-run", is_flag=True, help="Show what would be sealed, and stop.")
@mainline_option
@trust_root_option
def seal(output: Path | None, key: str | None, *, dry_run: bool, **options: Any) -> int:
    r"""Write down what stands on the mainline, signed, to hand to somebody outside.

    Whoever can rewrite the repository can rewrite all of its history, and every signature will still
    verify. A seal that somebody else keeps tells it: `isodocs verify --seal FILE`.

    \b
    isodocs seal --output 2026-06-30.seal.json
    ssh-keygen -Y check-novalidate -n isodocs -s 2026-06-30.seal.json.sig < 2026-06-30.seal.json
    """
    library = _mainline(**options)
    repository = Repository.open(start())
    signer = desks.find_signer(repository, key)
    person = desks.holder_in(library, signer)
    made = make(library, signer=person, name=library.register.name(person))
    target = within_start(output or Path(f"seal-{made.commit[:12]}.json"))
    _refuse_among_documents(repository, target)
    _refuse_existing(target, signer.public_key.line())
    say(report.made(made))
    _say_remote(repository, options["mainline"] or made.mainline)
    if dry_run:
        remark("Nothing was written: this was a dry run.")
        return 0
    data = seals.encode(made)
    armour = signer.sign(data)
    verdict = verify.check(data, armour)
    if not verdict.ok:
        raise CannotRun(f"The new signature does not verify: {verdict.why}. Nothing was written.")
    take_back(target.parent, [f"{target.name}.sig"])  # of a run that was killed; nothing else passed
    write_new(target.parent, {f"{target.name}.sig": armour, target.name: data})  # the seal last
    say(f"Written: {output or target.name} and {output or target.name}.sig")
    say(f"Signed with the key {verdict.fingerprint}.")
    say("Hand both files, and this fingerprint by another way, to somebody outside: here they prove nothing.")
    return 0


def _mainline(**options: Any) -> Library:
    """The mainline as it stands now.

    Raises:
        CannotRun: it has no commit.
    """
    with Progress(_READING):
        library = workspace.open_reading(start(), genuine=True, **options)
    if library is None:
        raise CannotRun("There is no commit on the mainline yet, so there is no history to seal or compare.")
    for note in library.notes:
        remark(note)
    return library


def _say_remote(repository: Repository, name: str) -> None:
    """What is only here, and not pushed, is no part of the mainline that others have."""
    ref = find_mainline(repository, name).ref
    if ref.startswith(REMOTES):
        remark(f"This is {ref.removeprefix(REMOTES)}, as it was fetched last.")


def _refuse_among_documents(repository: Repository, target: Path) -> None:
    """There it would be taken for a statement or for a picture of a document."""
    place = target.parent.resolve()
    for name in (DOCUMENTS, SIGNATURES):
        if repository.root is not None and place.is_relative_to((repository.root / name).resolve()):
            raise CannotRun(
                f"{name} holds what the system is made of; write the seal elsewhere (--output FILE)."
            )


def _refuse_existing(target: Path, key: str) -> None:
    """Nothing that is there is lost; but a lone signature by this key is from a run that was killed.

    Raises:
        CannotRun: naming what is there.
    """
    beside = target.with_name(f"{target.name}.sig")
    for path in (target, beside):
        there = path.exists() or path.is_symlink()
        if there and not (path == beside and _is_left_over(target, beside, key)):
            raise CannotRun(f"{path} exists already. A seal is never overwritten: choose another --output.")


def _is_left_over(target: Path, beside: Path, key: str) -> bool:
    if target.exists() or beside.is_symlink() or not beside.is_file():
        return False
    return uncommitted.key_of(_bytes(beside, _LONGEST_SIGNATURE)) == key


def verify_seal(file: Path, form: str, key: str | None, *, with_ssh_keygen: bool, **options: Any) -> int:
    """Hold a seal against the mainline; the exit status: 1 if history was rebuilt or the key is in doubt.

    JSON: ``items`` are the differences: ``kind`` (missing, changed, new), ``id`` (document,
    ``_authority``, or null for the history as a whole), ``item``, ``name``, ``sealed``, ``found``. Beside
    them ``seal`` (who made it, when, of what; ``why`` where the key is in doubt, ``expected_key`` for
    --key, ``here``: the sealed commit lies somewhere in this repository), ``stands`` (it is on the
    mainline's first-parent chain), ``grown`` (steps since), ``fails``.

    Raises:
        CannotRun: the seal cannot be read or trusted, is of another system, or there is no history.
    """
    place = within_start(file)
    found, data, armour = _read(place)
    verdict = verify.check(data, armour)
    if not verdict.ok:
        raise CannotRun(
            f"{file} cannot be trusted: {verdict.why}. Nothing was compared; take the copy that was kept."
        )
    expected = None if key is None else fingerprint_of(key) == verdict.fingerprint
    library = _mainline(**options)
    if library.settings.qms != found.qms:
        raise CannotRun(
            f"{file} seals another management system ({found.title}, {found.qms}), not this one "
            f"({library.settings.qms})."
        )
    comparison = compare(found, library)
    who = sealing.sealer(library, found, verdict.key)
    facts = sealing.facts(found, verdict, who, expected=expected)
    if with_ssh_keygen:
        other = verify.second_opinion(data, armour, _allowed(found, verdict.key), found.signer)
        facts["second_opinion"] = {"ok": other.ok, "why": other.why or None, "agrees": other.ok}
    facts["here"] = Repository.open(start()).resolve(found.commit) is not None
    rows = sealing.rows(comparison)
    named = bool(who.why) and not expected
    fails = not comparison.holds or named or expected is False or not facts.get("second_opinion", _YES)["ok"]
    if form == "json":
        more = {"seal": facts, "stands": comparison.stands, "grown": comparison.grown, "fails": fails}
        say_json(envelope("verify", library, rows, **more))
    else:
        say(report.text(facts, rows, grown=comparison.grown, colour=colourful()))
    return int(fails)


_YES = {"ok": True}


def _allowed(found: Seal, key: str) -> str:
    return f"{signer_line(found.signer, key)}\n"


def _read(place: Path) -> tuple[Seal, bytes, bytes]:
    """The seal, its bytes, and the signature beside it.

    Raises:
        CannotRun: one cannot be read.
    """
    data = _bytes(place, seals.MAX_SIZE)
    try:
        found = seals.read(data)
    except UnreadableSeal as fault:
        raise CannotRun(f"{place.name} {fault}.") from None
    return found, data, _bytes(place.with_name(f"{place.name}.sig"), _LONGEST_SIGNATURE)


def _bytes(place: Path, most: int) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise CannotRun(f"{place} cannot be read: {error.strerror}.") from None


def fingerprint_of(key: str) -> str:
    """The fingerprint that ``--key`` means: itself, or that of a public key or of the file that holds one.

    Raises:
        CannotRun: it is none of these.
    """
    if key.startswith("SHA256:"):
        return key
    text = key
    if " " not in key:
        text = _bytes(within_start(Path(key).expanduser()), _LONGEST_SIGNATURE).decode("utf-8", "replace")
    try:
        return keys.parse_line(text.strip()).fingerprint()
    except keys.BadKey as fault:
        raise CannotRun(f"{key} is neither a fingerprint (SHA256:…) nor a public key: {fault}.") from None
