"""Enrolling: a person's key goes into the register, with proof that the person holds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from isodocs.commands import desk as desks
from isodocs.commands.options import mainline_option, trust_root_option, within_start
from isodocs.commands.output import say
from isodocs.core import enrolment
from isodocs.core.enrolment import Newcomer, NewKey
from isodocs.core.identity import local_day, parse_date
from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_register
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.subject import governing, people_for
from isodocs.core.text import visible
from isodocs.reports import redline
from isodocs.signing import enrol as proofs
from isodocs.signing.signer import KeyFile, generate
from isodocs.writing import clear_dead, write

if TYPE_CHECKING:
    from datetime import date

    from isodocs.core.authority import Register
    from isodocs.signing.signer import Signer
    from isodocs.workspace import Desk


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be entered: whose key, since when, and who stands for it."""

    person: str
    newcomer: Newcomer | None
    since: date
    today: date
    checked_by: str | None


@click.command()
@click.argument("person")
@click.option("--name", metavar="NAME", help="The full name, for somebody new.")
@click.option("--email", "emails", multiple=True, metavar="ADDRESS", help="An address he commits under.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role, for somebody new.")
@click.option("--key", metavar="FILE", help="Take this key. Default: git's user.signingkey.")
@click.option("--new", metavar="FILE", help="Make a new ed25519 key there, with a passphrase.")
@click.option("--from", "since", metavar="DATE", help="Since when it counts. Default: today.")
@click.option("--checked-by", metavar="PERSON", help="Who made sure that it is this person's key.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; enter what is shown.")
@mainline_option
@trust_root_option
def enrol(
    person: str,
    name: str | None,
    emails: tuple[str, ...],
    roles: tuple[str, ...],
    key: str | None,
    new: str | None,
    since: str | None,
    checked_by: str | None,
    mainline: str | None,
    trust_root: str | None,
    *,
    yes: bool,
) -> int:
    r"""Add a person's signing key to people.yml, with proof that the person holds it.

    The person himself runs this: the key signs a text that names him, the key and the day. The register is
    protected, so the change counts once it is authorised.

    \b
    isodocs enrol jane --new ~/.ssh/isodocs --name "Jane Doe" --email jane@ex.org
    isodocs enrol jane --key ~/.ssh/id_ed25519    a further key of who is there
    """
    if key and new:
        raise CannotRun("Either --key, a key that is there, or --new, a key to be made.")
    newcomer = Newcomer(name or "", emails, roles) if name or emails or roles else None
    desk = desks.sit(mainline, trust_root)
    entry = _entry(desk, person, newcomer, since, checked_by)
    data, register = _read(desk)
    enrolment.refuse_checker(governing(desk.library).register, person, checked_by)
    signer = None if new else desks.find_signer(desk.repository, key)
    if signer is not None and _is_entered(desk, register, person, signer):
        say(f"This key stands in the entry of {person} already, and does not count yet.{_next(desk, entry)}")
        return 0
    enrolment.refuse_person(register, person, newcomer)
    if signer is not None:
        _refuse_key(desk, register, signer)
    say(_announcement(entry, signer, new))
    desks.confirm(f"Add this to {REGISTER_FILE}?", yes=yes)
    chosen = signer or _make(within_start(Path(new or "")), entry)
    try:
        changed = enrolment.enter(data, register, person, newcomer, _proved(desk, entry, chosen))
        _write(desk, data, changed)
    except CannotRun as fault:
        hint = "" if signer else f" The new key is in {new}: go on with --key {new}."
        raise CannotRun(f"{fault}{hint}") from None
    say(redline.text(data, changed, (f"{REGISTER_FILE} before", f"{REGISTER_FILE} now"), colour=False))
    say(_next(desk, entry))
    return 0


def _entry(
    desk: Desk, person: str, newcomer: Newcomer | None, since: str | None, checked_by: str | None
) -> Entry:
    today = local_day(desk.library.moment, governing(desk.library).settings.timezone)
    begin = parse_date(since) if since else today
    if begin is None:
        raise CannotRun(f"'{since}' is no date such as 2026-03-01.")
    return Entry(person, newcomer, begin, today, checked_by)


def _read(desk: Desk) -> tuple[bytes, Register]:
    """The register as it lies in the work tree."""
    path = desk.root / REGISTER_FILE
    if path.is_symlink() or not path.is_file():
        raise CannotRun(f"There is no {REGISTER_FILE} here that is an ordinary file.")
    data = path.read_bytes()
    register, problems = read_register(data)
    if register is None:
        first = problems[0]
        raise CannotRun(f"{first.path}:{first.span.line}:{first.span.column}: {first.message} {first.fix}")
    return data, register


def _is_entered(desk: Desk, register: Register, person: str, signer: Signer) -> bool:
    """Whether an earlier run entered the key already, and it is not authorised yet."""
    if isinstance(signer, KeyFile):
        clear_dead(signer.path.parent)
    line = signer.public_key.line()
    governs = governing(desk.library).register.keys_of(line)
    return not governs and {who for who, _ in register.keys_of(line)} == {person}


def _refuse_key(desk: Desk, register: Register, signer: Signer) -> None:
    line, fingerprint = signer.public_key.line(), signer.public_key.fingerprint()
    for known in (register, governing(desk.library).register):
        enrolment.refuse_key(known, line, fingerprint)


def _announcement(entry: Entry, signer: Signer | None, new: str | None) -> str:
    known = entry.newcomer
    lines = [
        ("Person", entry.person if known is None else f"{entry.person}, new: {known.name}"),
        ("Addresses", ", ".join(known.emails) if known else ""),
        ("Roles", ", ".join(known.roles) if known else ""),
        ("Key", f"{signer.public_key.kind} {signer.public_key.fingerprint()}" if signer else ""),
        ("New key", f"ed25519, in {new}" if new else ""),
        ("Since", entry.since.isoformat()),
        ("Checked by", entry.checked_by or "nobody"),
    ]
    return "\n".join(f"{name + ':':<12}{visible(value)}" for name, value in lines if value)


def _make(path: Path, entry: Entry) -> Signer:
    """A new key file; nothing that is there is overwritten."""
    path = path.expanduser()
    passphrase = desks.new_passphrase(path)
    comment = entry.newcomer.emails[0] if entry.newcomer else entry.person
    generate(path, comment, passphrase or None)
    return KeyFile(path, lambda _question: passphrase)


def _proved(desk: Desk, entry: Entry, signer: Signer) -> NewKey:
    """The key with its proof of possession."""
    line, day = signer.public_key.line(), entry.today.isoformat()
    qms = governing(desk.library).settings.qms
    armour = signer.sign(proofs.challenge(qms, entry.person, line, day))
    verdict = proofs.proves(qms, entry.person, line, day, armour)
    if not verdict.ok:
        raise CannotRun(f"The proof of possession does not verify: {verdict.why}. Nothing was added.")
    return NewKey(line, entry.since, entry.today, entry.checked_by, armour.decode("ascii"))


def _write(desk: Desk, old: bytes, new: bytes) -> None:
    """Write the register, unless somebody else changed it meanwhile."""
    path = desk.root / REGISTER_FILE
    if path.read_bytes() != old:
        raise CannotRun(f"{REGISTER_FILE} was changed by somebody else meanwhile; nothing was added.")
    write(path, new)


def _next(desk: Desk, entry: Entry) -> str:
    library = desk.library
    lines = ["", "Next:", f'  git add {REGISTER_FILE} && git commit -m "Enrol {entry.person}"']
    if library.base is None:
        return "\n".join([*lines, "The first commit of the repository makes it count."])
    role = governing(library).settings.authority.role
    who = people_for(library, frozenset({role}))
    lines += [f"  isodocs authorise, by {who}", '  git commit -m "Authorise settings and people"']
    return "\n".join([*lines, f"The key counts once that is part of {library.settings.mainline}."])
