"""Making a statement: what it is about, who says it, in which role; shown, asked, signed, written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.commands import desk as desks
from isodocs.commands.output import colourful, remark, say
from isodocs.core import proposal
from isodocs.core.document import resolve
from isodocs.core.identity import id_in_filename, local_day, parse_date
from isodocs.core.lifecycle import capped
from isodocs.core.problem import CannotRun
from isodocs.core.settings import ALWAYS_PROTECTED
from isodocs.core.statement import (
    WITHOUT_ROLE,
    Assurance,
    Meaning,
    Statement,
    UnreadableStatement,
    encode,
    file_name,
    read,
)
from isodocs.core.tree import is_statement
from isodocs.git.staging import stage
from isodocs.reports import proposed
from isodocs.signing import verify

if TYPE_CHECKING:
    from isodocs.core.proposal import Subject
    from isodocs.signing.signer import Signer
    from isodocs.workspace import Desk

ASKS_REASON = frozenset({Meaning.RETURNED, Meaning.WITHDRAWN})
TAKES_EFFECT = frozenset({Meaning.APPROVED, Meaning.REAFFIRMED, Meaning.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for, beyond document and meaning."""

    role: str | None = None
    key: str | None = None
    reason: str | None = None
    next_review: str | None = None
    revision: str | None = None
    unsigned_as: str | None = None
    yes: bool = False
    dry_run: bool = False


def sign_authority(wish: Wish, mainline: str | None, trust_root: str | None) -> int:
    """Show, ask, sign and write a statement on settings, people and protected files; the exit status."""
    wish = _checked(Meaning.AUTHORITY, wish)
    desk = desks.sit(mainline, trust_root)
    current = desk.library.state.protected
    files = {path for path, _ in current.embedded} if current else set()
    desks.refuse_unsaved(desk, {*ALWAYS_PROTECTED, *files, *_protected(desk)})
    key = desks.find_signer(desk.repository, wish.key)
    made = proposal.authority_statement(desk.library, desks.holder(desk, key), wish.reason)
    newer = desks.newer_mainline(desk, mainline, trust_root)
    if newer and proposal.governing(newer).digest != made.predecessor:
        raise CannotRun(
            f"Settings or people were changed on {newer.settings.mainline} since this branch left it. "
            f"Bring the branch up to date first: git merge {newer.settings.mainline}"
        )
    _refuse_oversize(made)
    if (done := _again(desk, None, made, key, wish)) is not None:
        return done
    base = desk.library.base
    old = base.protected if base else None
    texts = dict(
        desk.library.blobs(digest for one in (old, made.content) if one for _, digest in one.embedded)
    )
    say(proposed.authority(old, made.content, texts, colour=colourful()))
    return _finish(desk, None, made, key, wish)


def _protected(desk: Desk) -> set[str]:
    """The paths with changes that are protected by the settings that govern, such as a new theme file."""
    scope = proposal.governing(desk.library).scope
    return {path for path in desk.unsaved if scope.protects(path)}


def sign(name: str, meaning: Meaning, wish: Wish, mainline: str | None, trust_root: str | None) -> int:
    """Show, ask, sign and write one statement about a document; the exit status."""
    wish = _checked(meaning, wish)
    desk = desks.sit(mainline, trust_root)
    if name not in desk.library.views:
        desks.refuse_unsaved(desk, {path for path in desk.unsaved if id_in_filename(path) == name})
    about = proposal.subject(desk.library, name, meaning, wish.revision)
    if about.approval is None:
        desks.refuse_unsaved(desk, _files(about))
    key = None if wish.unsigned_as else desks.find_signer(desk.repository, wish.key)
    person = desks.holder(desk, key) if key else _unsigned(desk, wish)
    made = proposal.statement(
        desk.library,
        about,
        meaning,
        person,
        role=_role(desk, about, meaning, person, wish.role),
        reason=wish.reason,
        next_review=wish.next_review,
        assurance=Assurance.SIGNED if key else Assurance.UNSIGNED,
    )
    _refuse_past(desk, made)
    _refuse_stale(desk, about, meaning, mainline, trust_root)
    _refuse_oversize(made)
    if (done := _again(desk, about, made, key, wish)) is not None:
        return done
    _show(desk, about, made)
    return _finish(desk, about, made, key, wish)


def _checked(meaning: Meaning, wish: Wish) -> Wish:
    """The wish, with its texts cleaned of needless space.

    Raises:
        CannotRun: a reason is missing or no plain text, or a date is none.
    """
    reason = " ".join((wish.reason or "").split()) or None
    if meaning in ASKS_REASON and reason is None:
        raise CannotRun("A reason is needed and stays on record: add --reason 'why'.")
    if reason is not None and not reason.isprintable():
        raise CannotRun("The reason holds a character that cannot be shown; write it as plain text.")
    if wish.next_review and parse_date(wish.next_review) is None:
        raise CannotRun(f"'{wish.next_review}' is no date such as 2028-06-01.")
    return replace(wish, reason=reason)


def _files(about: Subject) -> frozenset[str]:
    embedded = (resolve(about.path, target) for target, _ in about.content.embedded)
    return frozenset({about.path, *(path for path in embedded if path)})


def _unsigned(desk: Desk, wish: Wish) -> str:
    person = wish.unsigned_as or ""
    if wish.key:
        raise CannotRun("Either --key or --unsigned-as: a statement with a key is signed.")
    if person not in proposal.governing(desk.library).register.people:
        raise CannotRun(f"There is no person {person} in people.yml.")
    return person


def _role(desk: Desk, about: Subject, meaning: Meaning, person: str, wanted: str | None) -> str | None:
    if meaning in WITHOUT_ROLE:
        return None
    roles = proposal.roles_to_sign(desk.library, about, meaning, person)
    if wanted is None:
        if len(roles) > 1:
            raise CannotRun(f"You can sign in several roles; choose one with --role: {', '.join(roles)}.")
        return roles[0]
    held = proposal.roles_held(desk.library, about, meaning, person)
    if wanted not in held:
        raise CannotRun(f"You cannot sign this as {wanted}; you can as: {', '.join(sorted(held))}.")
    return wanted


def _refuse_stale(
    desk: Desk, about: Subject, meaning: Meaning, mainline: str | None, trust_root: str | None
) -> None:
    """What the mainline decided since this branch left it would make the signature void."""
    newer = desks.newer_mainline(desk, mainline, trust_root)
    if newer is None:
        return
    life = newer.state.life(about.id)
    if about.approval is None:
        stale = life.predecessor != about.predecessor
    elif meaning is Meaning.WITHDRAWN:
        stale = life.predecessor != about.content.digest
    else:
        in_force = life.in_force(desk.library.moment)
        stale = meaning is Meaning.REAFFIRMED and (in_force is None or in_force.content != about.content)
    if stale:
        name = newer.settings.mainline
        raise CannotRun(
            f"{about.id} has moved on: {name} decided on it since this branch left it. "
            f"Bring the branch up to date first (git merge {name}); a draft then needs the next number."
        )


def _show(desk: Desk, about: Subject, made: Statement) -> None:
    """What changed and what will be signed, on standard output."""
    digests = {about.document.sha256, *(one.document.sha256 for one in about.before.approvals[-1:])}
    say(proposed.change(about, dict(desk.library.blobs(digests)), colour=colourful()))
    say(proposed.summary(about, made))
    if made.meaning is Meaning.REAFFIRMED:
        wanted = parse_date(made.next_review or "")
        settings = proposal.governing(desk.library).settings
        due = capped(wanted, about.document.type, desk.library.moment, settings)
        if due != wanted:
            say(f"  Its type's interval sets the next review to {due}.")


def _refuse_past(desk: Desk, made: Statement) -> None:
    wanted = parse_date(made.next_review or "")
    zone = proposal.governing(desk.library).settings.timezone
    if wanted and wanted <= local_day(desk.library.moment, zone):
        raise CannotRun(f"The next review, {wanted}, must be after today.")


def _finish(desk: Desk, about: Subject | None, made: Statement, key: Signer | None, wish: Wish) -> int:
    """Ask, sign, check the signature, write both files and hand them to git."""
    data = encode(made)
    path = file_name(data, made)
    if wish.dry_run:
        remark("Nothing was signed: this was a dry run.")
        return 0
    desks.confirm("Sign this?", yes=wish.yes)
    files = {path: data}
    if key is not None:
        armour = key.sign(data)
        verdict = verify.check(data, armour)
        if not verdict.ok:
            raise CannotRun(f"The new signature does not verify: {verdict.why}. Nothing was written.")
        files = {f"{path}.sig": armour, path: data}  # the statement last: killed midway, none is there
    desks.put(desk, files)
    say(f"{'Signed' if key else 'Written'} and staged: {path}")
    return _say_next(desk, about, made)


def _refuse_oversize(made: Statement) -> None:
    try:
        read(encode(made))
    except UnreadableStatement as fault:
        raise CannotRun(f"The statement would be refused, since {fault}. Is the reason too long?") from None


def _again(desk: Desk, about: Subject | None, made: Statement, key: Signer | None, wish: Wish) -> int | None:
    """Stage the same statement, made earlier and not committed yet; None if there is none."""
    files = None if wish.dry_run else _written_before(desk, made, key)
    if files is None:
        return None
    stage(desk.repository, files)
    say(f"You signed this before, and it is not committed yet: {next(iter(files))}")
    return _say_next(desk, about, made)


def _written_before(desk: Desk, made: Statement, key: Signer | None) -> dict[str, bytes] | None:
    """The files of the same statement, made earlier with the same key and not committed yet."""
    folder = file_name(encode(made), made).rpartition("/")[0] + "/"
    for name in sorted(desk.unsaved):
        place = desk.root / name
        if not name.startswith(folder) or not is_statement(name) or not place.is_file():
            continue
        files = {name: place.read_bytes()}
        try:
            found = read(files[name])
        except UnreadableStatement:
            continue
        if replace(found, time=made.time, register=made.register) != made:
            continue
        beside = place.with_name(place.name + ".sig")
        if key is None:
            return files
        armour = beside.read_bytes() if beside.is_file() else b""
        verdict = verify.check(files[name], armour)
        if verdict.ok and verdict.key == key.public_key.line():
            return {**files, f"{name}.sig": armour}
    return None


def _say_next(desk: Desk, about: Subject | None, made: Statement) -> int:
    """What to do with it, and what is missing until it takes effect."""
    say(f'Next: git commit -m "{proposed.deed(made)}"')
    library, name = desk.library, desk.library.settings.mainline
    if about is None:
        say(f"The change governs once {_quorum(desk)} and is part of {name}.")
    elif made.meaning in TAKES_EFFECT:
        missing = proposal.remaining(library, about, made)
        arrives = "with that commit" if library.branch == name else f"when it is merged into {name}"
        say(f"Still to sign: {missing}." if missing else f"Nothing more is missing: it counts {arrives}.")
    return 0


def _quorum(desk: Desk) -> str:
    needed = proposal.governing(desk.library).settings.authority.quorum
    return "it is committed" if needed == 1 else f"{needed} people have signed it"
