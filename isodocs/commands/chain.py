"""The chain of authority back to the trust root, and the path from one document down to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isodocs import workspace
from isodocs.commands import opinions
from isodocs.commands.options import start
from isodocs.commands.output import colourful, envelope, remark, say, say_json
from isodocs.commands.progress import Progress
from isodocs.core.problem import CannotRun
from isodocs.core.suggest import closest
from isodocs.core.tree import AUTHORITY_ID
from isodocs.registers import chain, signatures
from isodocs.registers.trail import trail
from isodocs.reports import chain as report

if TYPE_CHECKING:
    from isodocs.core.library import Library

    Row = dict[str, Any]


def show(document: str | None, form: str, *, with_ssh_keygen: bool, **options: Any) -> int:
    """Print it; the exit status: 1 where a link does not hold, or the evidence of the document is not whole.

    JSON: ``items`` are the links, oldest first (keys in ``registers.chain.rows``), or of a document its one
    path (``registers.trail``), with all ``links`` beside it. ``trust_root``: ``commit``, how it was
    ``named``, and whether it is ``pinned``: by its whole id. ``fails``: as the exit status. Where
    ssh-keygen was asked, each signature has ``second_opinion`` {ok, why, agrees}, null where the statement
    is no longer in the tree.
    """
    with Progress("Reading the history and checking its signatures"):
        library = workspace.open_reading(start(), genuine=True, **options)
    if library is None:
        raise CannotRun("There is no commit on the mainline yet, so there is no chain of authority.")
    for note in library.notes:
        remark(note)
    named = options.get("trust_root")
    rows = chain.rows(library, named=named)
    root = {"commit": library.state.root, "pinned": named == library.state.root, "named": named}
    if document in {None, AUTHORITY_ID}:
        return _show_chain(library, rows, root, form, with_ssh_keygen=with_ssh_keygen)
    return _show_path(library, document or "", rows, root, form, with_ssh_keygen=with_ssh_keygen)


def _show_chain(library: Library, rows: list[Row], root: Row, form: str, *, with_ssh_keygen: bool) -> int:
    signed = [one for row in rows for one in row["signatures"]]
    agrees = _ask(library, AUTHORITY_ID, signed) if with_ssh_keygen else True
    fails = not agrees or not all(row["holds"] for row in rows)
    if form == "json":
        say_json(envelope("verify", library, rows, trust_root=root, fails=fails))
    else:
        say(report.text(rows, library.settings.title, colour=colourful()))
        _say_opinion(signed)
    return int(fails)


def _show_path(
    library: Library, name: str, rows: list[Row], root: Row, form: str, *, with_ssh_keygen: bool
) -> int:
    found = trail(library, name)
    if found is None:
        raise CannotRun(_no_path(library, name))
    on_the_way = [rows[number] for number in found["links"]]
    of_links, agrees = [one for row in on_the_way for one in row["signatures"]], True
    if with_ssh_keygen:
        agrees = _ask(library, name, found["statements"]) and _ask(library, AUTHORITY_ID, of_links)
    broken = [one for one in signatures.findings(library, name) if one.fails]
    holds = all(row["holds"] for row in on_the_way)
    fails = bool(broken) or found["challenged"] or not holds or not agrees
    if form == "json":
        say_json(envelope("verify", library, [found], links=rows, trust_root=root, fails=fails))
    else:
        say(report.path(found, rows, broken=len(broken), colour=colourful()))
        _say_opinion([*found["statements"], *of_links])
    return int(fails)


def _ask(library: Library, name: str, rows: list[Row]) -> bool:
    """Put ssh-keygen's opinion into the rows of statements; whether it agrees everywhere."""
    wanted = {row["statement"] for row in rows}
    found = [one for one in signatures.findings(library, name) if one.digest in wanted]
    asked: list[Row] = [{"fails": False} for _ in found]
    opinions.ask_about(library, found, asked)
    said = {one.digest: row["second_opinion"] for one, row in zip(found, asked, strict=True)}
    for row in rows:
        row["second_opinion"] = said.get(row["statement"])
    return not any(row["fails"] for row in asked)


def _say_opinion(rows: list[Row]) -> None:
    asked = [row["second_opinion"] for row in rows if row.get("second_opinion") is not None]
    if asked:
        agree = sum(one["agrees"] for one in asked)
        say(f"ssh-keygen was asked about {len(asked)} signatures and agrees on {agree}.")


def _no_path(library: Library, name: str) -> str:
    if name in library.views:
        return f"No revision of {name} was approved, so there is no evidence to follow yet."
    near = closest(name, library.views)
    hint = f"Did you mean {near}?" if near else "'isodocs list' names them all."
    return f"There is no document {name} on the mainline. {hint}"
