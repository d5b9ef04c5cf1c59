"""Signing: what a person says about a document, shown before it is asked for, written ready to commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from isodocs.commands.options import document_argument, mainline_option, trust_root_option
from isodocs.commands.signing import Wish, sign, sign_authority
from isodocs.core.statement import Meaning

if TYPE_CHECKING:
    from collections.abc import Callable


def _signing(command: Callable[..., Any]) -> Callable[..., Any]:
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
unsigned_option = click.option(
    "--unsigned-as",
    metavar="PERSON",
    help="Write it without a signature, for this person. Counts only where the policy allows it.",
)


@click.command()
@document_argument()
@role_option
@reason_option
@unsigned_option
@_signing
def approve(document: str, mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    r"""Sign that you approve the text of a document, as it is committed here.

    Shows what changed since the last approved revision and asks before it signs. Any later change of the
    text asks for new signatures.

    \b
    git switch revise-sop-001
    isodocs approve SOP-001
    git commit -m "Approve SOP-001 revision 2"
    """
    return sign(document, Meaning.APPROVED, Wish(**wish), mainline, trust_root)


@click.command()
@document_argument()
@role_option
@reason_option
@unsigned_option
@_signing
def review(document: str, mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    """Sign that you reviewed a text before its issue. This alone approves nothing."""
    return sign(document, Meaning.REVIEWED, Wish(**wish), mainline, trust_root)


@click.command()
@document_argument()
@unsigned_option
@_signing
def author(document: str, mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    """Sign that you wrote the text, where a policy asks for it or your branch will be squashed."""
    return sign(document, Meaning.AUTHORED, Wish(**wish), mainline, trust_root)


@click.command("return")
@document_argument()
@role_option
@reason_option
@unsigned_option
@_signing
def return_(document: str, mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    """Send a text back to its author, with the reason on record. It cannot be approved as it stands."""
    return sign(document, Meaning.RETURNED, Wish(**wish), mainline, trust_root)


@click.command()
@document_argument()
@role_option
@reason_option
@click.option("--next", "next_review", metavar="DATE", help="When to review it next, YYYY-MM-DD.")
@unsigned_option
@_signing
def reaffirm(document: str, mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    r"""Sign the periodic review of the revision in force: it stays as it is.

    \b
    isodocs reaffirm SOP-001 --next 2028-06-01 --reason "Still how we work; seen with two operators."
    """
    return sign(document, Meaning.REAFFIRMED, Wish(**wish), mainline, trust_root)


@click.command()
@document_argument()
@click.option("--revision", metavar="R", help="Of this revision. Default: the one in force.")
@unsigned_option
@_signing
def acknowledge(document: str, mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    """Sign that you have read and understood a revision."""
    return sign(document, Meaning.ACKNOWLEDGED, Wish(**wish), mainline, trust_root)


@click.command()
@document_argument()
@role_option
@reason_option
@unsigned_option
@_signing
def withdraw(document: str, mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    """Take a document out of force, with the reason on record. Its file may go afterwards."""
    return sign(document, Meaning.WITHDRAWN, Wish(**wish), mainline, trust_root)


@click.command()
@reason_option
@_signing
def authorise(mainline: str | None, trust_root: str | None, **wish: Any) -> int:
    r"""Sign changed settings, people and the other protected files, as they are committed here.

    \b
    git switch -c enrol-jane
    git commit -am "Enrol Jane"
    isodocs authorise
    git commit -m "Authorise settings and people"
    """
    return sign_authority(Wish(**wish), mainline, trust_root)
