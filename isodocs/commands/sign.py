"""Signing: what a person says about a document, shown before it is asked for, written ready to commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from isodocs.commands.decisions import decide, decide_waiting
from isodocs.commands.options import documents, mainline_option, trust_root_option
from isodocs.commands.proposing import Sitting, Wish, checked
from isodocs.commands.signing import sign, sign_authority
from isodocs.core.problem import CannotRun
from isodocs.core.statement import Meaning

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Any]


def _signing(command: Command) -> Command:
    """The options of every command that signs."""
    options = (
        click.option("--key", metavar="FILE", help="Sign with this key. Default: git's user.signingkey."),
        click.option("--yes", "-y", is_flag=True, help="Do not ask; sign what is shown."),
        click.option("--dry-run", is_flag=True, help="Show what would be signed, and stop."),
        mainline_option,
        trust_root_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


role_option = click.option("--role", metavar="ROLE", help="Sign in this role, where you hold several.")
reason_option = click.option("--reason", metavar="TEXT", help="Why; a sentence that stays on record.")
for_option = click.option(
    "--for", "stands_for", metavar="PERSON", help="Sign as deputy for this person; both names are shown."
)
waiting_option = click.option(
    "--waiting", is_flag=True, help="Take up all that waits here for your signature of this kind."
)
unsigned_option = click.option(
    "--unsigned-as",
    metavar="PERSON",
    help="Write it without a signature, for this person. Counts only where the policy allows it.",
)
ids_argument = click.argument("names", metavar="[ID]...", nargs=-1, shell_complete=documents)


def _sign(
    names: tuple[str, ...], meaning: Meaning, mainline: str | None, trust_root: str | None, **given: Any
) -> int:
    """One document as ever; several, or those that wait, with one decision for each."""
    if bool(names) == bool(given.get("waiting")):
        hint = " or add --waiting" if "waiting" in given else ""
        raise click.UsageError("Either documents or --waiting." if names else f"Name a document{hint}.")
    if given.get("revision") and len(names) != 1:
        raise CannotRun("--revision goes with one document.")
    sitting = Sitting(checked(meaning, Wish(**given)), mainline, trust_root)
    if not names:
        return decide_waiting(sitting, meaning)
    if len(set(names)) == 1:
        return sign(names[0], meaning, sitting)
    return decide(sitting, names, meaning)


@click.command()
@ids_argument
@waiting_option
@role_option
@reason_option
@for_option
@unsigned_option
@_signing
def approve(**given: Any) -> int:
    r"""Sign that you approve the text of a document, as it is committed here.

    Shows what changed since the last approved revision and asks before it signs. Any later change of the
    text asks for new signatures. Of several documents each is shown and decided by itself.

    \b
    git switch revise-sop-001
    isodocs approve SOP-001
    git commit -m "Approve SOP-001 revision 2"
    """
    return _sign(meaning=Meaning.APPROVED, **given)


@click.command()
@ids_argument
@waiting_option
@role_option
@reason_option
@for_option
@unsigned_option
@_signing
def review(**given: Any) -> int:
    """Sign that you reviewed a text before its issue. This alone approves nothing."""
    return _sign(meaning=Meaning.REVIEWED, **given)


@click.command()
@ids_argument
@waiting_option
@unsigned_option
@_signing
def author(**given: Any) -> int:
    """Sign that you wrote the text, where a policy asks for it or your branch will be squashed."""
    return _sign(meaning=Meaning.AUTHORED, **given)


@click.command("return")
@ids_argument
@role_option
@reason_option
@for_option
@unsigned_option
@_signing
def return_(**given: Any) -> int:
    """Send a text back to its author, with the reason on record. It cannot be approved as it stands."""
    return _sign(meaning=Meaning.RETURNED, **given)


@click.command()
@ids_argument
@waiting_option
@role_option
@reason_option
@click.option("--next", "next_review", metavar="DATE", help="When to review it next, YYYY-MM-DD.")
@for_option
@unsigned_option
@_signing
def reaffirm(**given: Any) -> int:
    r"""Sign the periodic review of the revision in force: it stays as it is.

    \b
    isodocs reaffirm SOP-001 --next 2028-06-01 --reason "Still how we work; seen with two operators."
    isodocs reaffirm --waiting    what is overdue or due soon, one by one
    """
    return _sign(meaning=Meaning.REAFFIRMED, **given)


@click.command()
@ids_argument
@waiting_option
@click.option("--revision", metavar="R", help="Of this revision. Default: the one in force.")
@unsigned_option
@_signing
def acknowledge(**given: Any) -> int:
    """Sign that you have read and understood a revision."""
    return _sign(meaning=Meaning.ACKNOWLEDGED, **given)


@click.command()
@ids_argument
@waiting_option
@role_option
@reason_option
@for_option
@unsigned_option
@_signing
def withdraw(**given: Any) -> int:
    """Take a document out of force, with the reason on record. Its file may go afterwards."""
    return _sign(meaning=Meaning.WITHDRAWN, **given)


@click.command()
@click.option("--role", metavar="ROLE", help="Sign in this role: that of the authority, or of recovery.")
@reason_option
@for_option
@_signing
def authorise(mainline: str | None, trust_root: str | None, **given: Any) -> int:
    r"""Sign changed settings, people and the other protected files, as they are committed here.

    \b
    git switch -c enrol-jane
    git commit -am "Enrol Jane"
    isodocs authorise
    git commit -m "Authorise settings and people"
    """
    return sign_authority(Wish(**given), mainline, trust_root)
