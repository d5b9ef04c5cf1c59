"""Publishing: the edition in force as a plain staged tree, which any site generator can build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from isodocs.commands.options import (
    as_of_option,
    mainline_option,
    snapshot_option,
    start,
    trust_root_option,
    within_start,
)
from isodocs.commands.output import remark, say
from isodocs.core.problem import CannotRun
from isodocs.edition.selection import select
from isodocs.edition.stage import stage
from isodocs.workspace import open_reading


@click.command()
@click.argument("target", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@as_of_option
@mainline_option
@trust_root_option
@snapshot_option
def export(target: Path, **options: Any) -> int:
    r"""Write the manual of what is in force into DIR, as Markdown with its pictures.

    DIR must be new, empty, or made by an earlier export; what is no longer in force is removed from it.

    \b
    isodocs export public
    isodocs export then --as-of 2026-03-31
    """
    library = open_reading(start(), **options)
    if library is None:
        raise CannotRun("There is no commit on the mainline yet, so nothing is in force.")
    for note in library.notes:
        remark(note)
    edition = select(library)
    count = stage(edition, within_start(target))
    number = len(edition.documents)
    say(f"{number} documents in force as of {edition.as_of}: {count} files written to {target}.")
    return 0
