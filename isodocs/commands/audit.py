"""What auditors ask: why each signature counts or not, and the keys for checking with stock tools alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isodocs import workspace
from isodocs.commands import chain as chains
from isodocs.commands import opinions
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
from isodocs.commands.progress import Progress
from isodocs.commands.seal import verify_seal
from isodocs.core.identity import format_time
from isodocs.core.problem import CannotRun
from isodocs.core.suggest import closest
from isodocs.core.tree import AUTHORITY_ID
from isodocs.registers import evidence, signatures
from isodocs.registers.signers import allowed_signers as signers_of
from isodocs.reports import audit as report

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.registers.signatures import Finding


@click.command()
@document_argument(required=False)
@click.option("--chain", is_flag=True, help="Show the chain of authority back to the trust root.")
@click.option(
    "--seal",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Hold a seal against the history: was it rebuilt since?",
)
@click.option(
    "--key",
    metavar="KEY",
    help="With --seal: the key it must be signed with, as fingerprint, public key or file.",
)
@as_of_option
@mainline_option
@trust_root_option
@snapshot_option
@click.option("--with-ssh-keygen", is_flag=True, help="Ask ssh-keygen for a second opinion on each.")
@format_option("text", "json")
def verify(
    document: str | None,
    form: str,
    *,
    chain: bool,
    seal: Path | None,
    key: str | None,
    with_ssh_keygen: bool,
    **options: Any,
) -> int:
    r"""Say for every statement who signed what, and why it counts or does not.

    On a working branch its statements are judged as they would enter the mainline. ID may be _authority,
    for settings and people. With --chain, who could change settings and people, link by link; of a document,
    the path from its text to the trust root, with the command that shows each hop. Exit status 1: something
    that should count does not, a link does not hold, or history was rebuilt since it was sealed.

    \b
    isodocs verify SOP-001
    isodocs verify --as-of 2026-03-31 --with-ssh-keygen
    isodocs verify SOP-001 --chain
    isodocs verify --seal 2026-06-30.seal.json
    """
    _refuse_mixed(document, options, chain=chain, seal=seal, key=key)
    if seal is not None:
        trust = {name: options[name] for name in ("mainline", "trust_root")}
        return verify_seal(seal, form, key, with_ssh_keygen=with_ssh_keygen, **trust)
    if chain:
        del options["snapshot"]
        return chains.show(document, form, with_ssh_keygen=with_ssh_keygen, **options)
    return _verify(document, form, with_ssh_keygen=with_ssh_keygen, **options)


def _refuse_mixed(
    document: str | None, options: dict[str, Any], *, chain: bool, seal: Path | None, key: str | None
) -> None:
    """What makes no sense together.

    Raises:
        CannotRun: naming it.
    """
    if key is not None and seal is None:
        raise CannotRun("--key says who must have made a seal: use it with --seal FILE.")
    if seal is not None and (chain or document or options["as_of"]):
        raise CannotRun("A seal is held against the whole history of today: use --seal FILE alone.")
    if options["snapshot"] and (chain or seal):
        raise CannotRun("A snapshot has no history, so there is no chain and nothing that a seal could tell.")


def _verify(document: str | None, form: str, *, with_ssh_keygen: bool, **options: Any) -> int:
    with Progress("Reading the history and checking its signatures"):
        library = workspace.open_reading(start(), with_branch=True, genuine=True, **options)
    if library is None:
        if form == "json":
            say_json(envelope("verify", None, [], documents=[], keys=[], authority=None, fails=False))
        else:
            say("There is no commit on the mainline yet, so there is nothing to verify.")
        return 0
    for note in library.notes:
        remark(note)
    found = signatures.findings(library, document)
    _refuse_unknown(library, document, found)
    rows = [signatures.row(library, one) for one in found]
    if with_ssh_keygen:
        opinions.ask_about(library, found, rows)
    result = report.Report(
        rows,
        evidence.summaries(library, found, document),
        opinions.key_rows(library, document, with_ssh_keygen=with_ssh_keygen),
        evidence.authority(library) if document in {None, AUTHORITY_ID} else None,
        lists_keys=document == AUTHORITY_ID,
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
        name = opinions.fingerprint(line) or line
        remark(f"The key {name} is that of {' and '.join(people)}, so it counts for nobody and is left out.")
    if not found.lines:
        remark(f"No key is valid at {format_time(library.moment)}.")
    say(found.text)
    return 0
