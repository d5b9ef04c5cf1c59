"""What readers and auditors ask: the master document list, a document's status, history and text."""

from __future__ import annotations

import sys
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
from isodocs.commands.output import colourful, envelope, remark, say, say_json, width
from isodocs.commands.progress import Progress
from isodocs.core.identity import local_day
from isodocs.core.problem import CannotRun
from isodocs.core.status import Status
from isodocs.core.suggest import closest
from isodocs.core.text import visible
from isodocs.git.repository import Repository
from isodocs.registers import acknowledgements, documents, progress
from isodocs.reports import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from isodocs.core.library import Library
    from isodocs.core.life import Approval
    from isodocs.core.status import DocumentView, RevisionView

    Options = dict[str, Any]


def _reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every reading command, passed on as one dict."""
    for option in (as_of_option, mainline_option, trust_root_option, snapshot_option):
        command = option(command)
    return command


def _open(options: Options, *, with_branch: bool = False) -> Library | None:
    with Progress("Reading the history"):
        library = workspace.open_reading(start(), with_branch=with_branch, **options)
    for note in library.notes if library else ():
        remark(note)
    return library


def _mainline(options: Options) -> str:
    """The name of the mainline, where it has no commit that could say so."""
    return options["mainline"] or workspace.mainline_name(Repository.open(start()))


def find(views: Mapping[str, DocumentView], name: str, as_of: str | None = None) -> DocumentView:
    """The document with an id, among those of a day.

    Raises:
        CannotRun: there is none; the text names the closest.
    """
    view = views.get(name)
    if view is None:
        near = closest(name, views)
        day = f" --as-of {as_of}" if as_of else ""
        hint = f" Did you mean {near}?" if near else f" 'isodocs list{day}' names them all."
        what = f"There was no document {name} as of {as_of}." if as_of else f"There is no document {name}."
        raise CannotRun(f"{what}{hint}")
    return view


@click.command("list")
@_reading
@format_option("text", "json")
def list_(form: str, **options: Any) -> int:
    r"""The master document list: every document, its revision and its status.

    \b
    isodocs list                       what is in force now
    isodocs list --as-of 2026-03-31    what was in force at the end of that day
    """
    library = _open(options)
    rows = documents.master_list(library) if library else []
    if form == "json":
        say_json(envelope("list", library, rows))
    elif library is None:
        say(f"No commit on {_mainline(options)} yet, so nothing is in force.")
    elif not rows:
        say("There are no documents yet.")
    else:
        say(tables.master_list(rows, zone=library.settings.timezone, colour=colourful(), width=width()))
    return 0


@click.command()
@document_argument(required=False)
@_reading
@format_option("text", "json")
def status(document: str | None, form: str, **options: Any) -> int:
    """How a document, or every document, stands: in force, being drafted, who still has to sign.

    On a working branch the text in the work tree is taken as the next step of the mainline.
    """
    library = _open(options, with_branch=True)
    if library is None:
        say_json(envelope("status", None, [])) if form == "json" else say("No commit on the mainline yet.")
        return 0
    standing = progress.standing(library)
    chosen = find(standing, document, options["as_of"]) if document else None
    if form == "json":
        views = [chosen] if chosen else standing.values()
        say_json(envelope("status", library, [_row(library, view) for view in views]))
    elif chosen:
        say(_sheet(library, chosen))
    else:
        rows = [documents.row(one) for one in progress.lines(library)]
        say(tables.master_list(rows, zone=library.settings.timezone, colour=colourful(), width=width()))
    return 0


def _row(library: Library, view: DocumentView) -> dict[str, Any]:
    return {**documents.row(view), **acknowledgements.row(library, view)}


def _coming(library: Library, one: Approval) -> str:
    since = local_day(one.effective_from, library.settings.timezone)
    return f"revision {one.revision}, in force from {since}"


def _sheet(library: Library, view: DocumentView) -> str:
    row = documents.row(view)
    marks = ", ".join([row["status"], *(mark for mark in ("overdue", "challenged") if row[mark])])
    pairs = [
        ("Document", f"{view.id} {row['title']}"),
        ("Status", marks),
        ("Revision", row["revision"]),
        ("Owner", row["owner"]),
        ("Effective", tables.day(row["effective_from"], library.settings.timezone)),
        ("Review due", row["review_due"] or ""),
        ("File", row["path"]),
    ]
    in_force = view.in_force
    signed = documents.signatures(library, in_force.signatures) if in_force else []
    lines = tables.signatures(signed)
    pairs += [("Signed" if number == 0 else "", line) for number, line in enumerate(lines)]
    pairs += acknowledgements.pairs(library, view)
    pairs += [("Coming", _coming(library, one)) for one in view.upcoming]
    if view.draft:
        stage = "complete" if view.draft.status is Status.APPROVED else view.draft.status.value
        pairs.append(("Draft", f"revision {view.draft.revision}, {stage}, {view.draft.path}"))
    outlook = progress.outlook(library, view)
    heads = ("" if view.draft else "Coming", *[""] * len(outlook.sentences))
    pairs += list(zip(heads, outlook.sentences, strict=False))
    pairs.append(("Next", outlook.command))
    return tables.sheet(pairs, colour=colourful(), width=width())


@click.command()
@document_argument()
@_reading
@format_option("text", "json")
def history(document: str, form: str, **options: Any) -> int:
    """The revisions of a document: when each was in force, why it changed, who wrote and signed it."""
    library = _required(_open(options))
    rows = documents.history(library, find(library.views, document, options["as_of"]))
    if form == "json":
        say_json(envelope("history", library, rows))
    elif not rows:
        say(f"No revision of {document} has been approved yet.")
    else:
        say(tables.history(rows, zone=library.settings.timezone, colour=colourful(), width=width()))
    return 0


@click.command()
@document_argument()
@click.option("--revision", metavar="R", help="This revision. Default: the one in force.")
@_reading
@format_option("text", "json")
def show(document: str, revision: str | None, form: str, **options: Any) -> int:
    r"""The exact text of a document that was approved: in force now, on a day, or of a revision.

    \b
    isodocs show SOP-001
    isodocs show SOP-001 --revision 2
    isodocs show SOP-001 --as-of 2026-03-31
    """
    library = _required(_open(options))
    view = find(library.views, document, options["as_of"])
    if form == "json":
        say_json(envelope("show", library, [documents.row(view)]))
        return 0
    chosen = _revision(view, revision)
    digest = chosen.approval.document.sha256
    remark(f"{document} revision {chosen.approval.revision}, {chosen.status}")
    for _, text in library.blobs([digest]):
        _put(text)
    return 0


def _put(text: bytes) -> None:
    """The exact bytes into a file or a pipe; where a terminal watches, nothing that could act on it."""
    if sys.stdout.isatty():
        say("\n".join(map(visible, text.decode("utf-8", "replace").split("\n"))))
    else:
        sys.stdout.buffer.write(text)


def _revision(view: DocumentView, number: str | None) -> RevisionView:
    if number is None:
        if view.in_force is None:
            raise CannotRun(
                f"No revision of {view.id} is in force then; it is {view.status}. Name one with --revision."
            )
        return view.in_force
    for one in view.revisions:
        if one.approval.revision == number:
            return one
    known = ", ".join(one.approval.revision for one in view.revisions) or "none"
    raise CannotRun(f"Revision {number} of {view.id} was never approved; approved are: {known}.")


def _required(library: Library | None) -> Library:
    if library is None:
        raise CannotRun("There is no commit on the mainline yet.")
    return library
