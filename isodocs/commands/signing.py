"""Signing one statement: shown, asked, signed, written ready to commit; and what comes next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.commands import desk as desks
from isodocs.commands.output import colourful, remark, say
from isodocs.commands.proposing import Proposed, Sitting, Wish, checked
from isodocs.core import proposal
from isodocs.core.problem import CannotRun
from isodocs.core.statement import Meaning, Statement, encode, file_name
from isodocs.core.statement_reader import UnreadableStatement, read
from isodocs.core.tree import AUTHORITY_ID, is_statement
from isodocs.git.staging import stage
from isodocs.reports import proposed, situation
from isodocs.signing import verify

if TYPE_CHECKING:
    from isodocs.core.proposal import Subject

TAKES_EFFECT = frozenset({Meaning.APPROVED, Meaning.REAFFIRMED, Meaning.WITHDRAWN})


def sign_authority(wish: Wish, mainline: str | None, trust_root: str | None) -> int:
    """Show, ask, sign and write a statement on settings, people and protected files; the exit status."""
    sitting = Sitting(checked(Meaning.AUTHORITY, wish), mainline, trust_root)
    return _sign(sitting, sitting.propose_authority())


def sign(name: str, meaning: Meaning, sitting: Sitting) -> int:
    """Show, ask, sign and write one statement about a document; the exit status."""
    return _sign(sitting, sitting.propose(name, meaning))


def _sign(sitting: Sitting, one: Proposed) -> int:
    if restage(sitting, one):
        say_next(one.made)
        return say_missing(sitting, one)
    show(sitting, one)
    if sitting.wish.dry_run:
        remark("Nothing was signed: this was a dry run.")
        return 0
    desks.confirm("Sign this?", yes=sitting.wish.yes)
    write(sitting, one)
    say_next(one.made)
    return say_missing(sitting, one)


def show(sitting: Sitting, one: Proposed) -> None:
    """What changed and what will be signed, on standard output."""
    library, about, made = sitting.library, one.about, one.made
    if about is None:
        old = library.base.protected if library.base else None
        embedded = (digest for content in (old, made.content) if content for _, digest in content.embedded)
        texts = dict(library.blobs(embedded))
        say(proposed.authority(old, made.content, texts, colour=colourful()))
        return
    before = proposed.previous(about)
    others = [*about.before.approvals[-1:], *([before] if before else [])]
    texts = dict(library.blobs({about.document.sha256, *(one.document.sha256 for one in others)}))
    told = proposed.news if made.meaning is Meaning.ACKNOWLEDGED else proposed.change
    say(told(about, texts, colour=colourful()))
    say(proposed.summary(about, made))
    for sentence in situation.remarks(library, about, made):
        say(f"  {sentence}")


def say_next(made: Statement) -> None:
    """How to keep a statement that is staged, and how to take it back."""
    say(f'Next: git commit -m "{proposed.deed(made)}"')
    say(f"To take it back before: isodocs undo {made.id or AUTHORITY_ID}")


def write(sitting: Sitting, one: Proposed) -> None:
    """Sign, check the signature, write both files and hand them to git.

    Raises:
        CannotRun: the key does not sign, or the files cannot be written; nothing is left behind.
    """
    data, key = encode(one.made), sitting.key
    path = file_name(data, one.made)
    files = {path: data}
    if key is not None:
        armour = key.sign(data)
        verdict = verify.check(data, armour)
        if not verdict.ok:
            raise CannotRun(f"The new signature does not verify: {verdict.why}. Nothing was written.")
        if proposal.must_know_user(sitting.library, one.made) and not verdict.user_verified:
            raise CannotRun(
                "The policy asks for a hardware key that knew its user, by PIN or finger, and this signature "
                "does not say so. Nothing was written."
            )
        files = {f"{path}.sig": armour, path: data}  # the statement last: killed midway, none is there
    desks.put(sitting.desk, files)
    say(f"{'Signed' if key else 'Written'} and staged: {path}")


def restage(sitting: Sitting, one: Proposed) -> bool:
    """Stage the same statement, made earlier and not committed yet; whether there is one."""
    files = None if sitting.wish.dry_run else _written_before(sitting, one.made)
    if files is None:
        return False
    stage(sitting.desk.repository, files)
    say(f"You signed this before, and it is not committed yet: {next(iter(files))}")
    return True


def _written_before(sitting: Sitting, made: Statement) -> dict[str, bytes] | None:
    """The files of the same statement, made earlier with the same key and not committed yet."""
    folder = file_name(encode(made), made).rpartition("/")[0] + "/"
    for name in sorted(sitting.desk.unsaved):
        place = sitting.desk.root / name
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
        if sitting.key is None:
            return files
        armour = beside.read_bytes() if beside.is_file() else b""
        verdict = verify.check(files[name], armour)
        if verdict.ok and verdict.key == sitting.key.public_key.line():
            return {**files, f"{name}.sig": armour}
    return None


def say_missing(sitting: Sitting, one: Proposed) -> int:
    """What is missing until a statement takes effect; the exit status."""
    library, name = sitting.library, sitting.library.settings.mainline
    if one.about is None:
        missing = proposal.still_to_adopt(library, one.made)
        say(f"Still to sign: {missing}." if missing else "Nothing more is missing.")
        say(f"The change governs once it is part of {name}{', with all signatures' if missing else ''}.")
    elif one.made.meaning in TAKES_EFFECT:
        missing = proposal.remaining(library, one.about, one.made)
        arrives = "with that commit" if library.branch == name else f"when it is merged into {name}"
        returned = " and ".join(situation.returned_by(library, one.about, one.made))
        if missing:
            say(f"Still to sign: {missing}.")
        if returned:
            say(f"It stays returned until {returned} approves it too, or the text is changed.")
        if not missing and not returned:
            say(f"Nothing more is missing: it counts {arrives}.")
        _say_authors(sitting, one.about, one.made)
    return 0


def _say_authors(sitting: Sitting, about: Subject, made: Statement) -> None:
    """What the writers run whose own statement the policy asks for."""
    register = proposal.governing(sitting.library).register
    names = [
        register.people[one].name if one in register.people else "whoever wrote under an unknown address"
        for one in situation.authors_missing(sitting.library, about, made)
    ]
    if names:
        say(f"The policy asks {' and '.join(names)} to sign as author: isodocs author {about.id}")
