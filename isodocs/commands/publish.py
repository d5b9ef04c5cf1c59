"""Publishing: the edition in force as a plain staged tree, which any site generator can build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from isodocs.commands.sharing import merge_option, refuse_more, require_moment, shard_option
from isodocs.core.problem import CannotRun
from isodocs.core.text import visible
from isodocs.edition.selection import select
from isodocs.edition.stage import stage
from isodocs.workspace import open_reading
from isodocs.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isodocs.core.library import Library
    from isodocs.core.shard import Shard
    from isodocs.edition.model import Edition


@click.command()
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("parts", metavar="[PART]...", nargs=-1, type=click.Path(path_type=Path))
@as_of_option
@mainline_option
@trust_root_option
@snapshot_option
@shard_option
@merge_option
def export(target: Path, parts: tuple[Path, ...], *, merge: bool, share: Shard | None, **options: Any) -> int:
    r"""Write the manual of what is in force into DIR, as Markdown with its pictures.

    DIR must be new, empty, or made by an earlier export; what is no longer in force is removed from it.

    Several machines can share the work on a very large repository: each writes its part into a file, named
    in the place of DIR, and --merge writes what one run would write. A part is worth what the machine is
    worth that wrote it, and whoever could change it on its way.

    \b
    isodocs export public
    isodocs export then --as-of 2026-03-31
    isodocs export --shard 2/4 --as-of 2026-03-31 part-2.zip
    isodocs export --merge public part-*.zip
    """
    if parts and not merge:
        raise CannotRun("One DIR is enough; only --merge takes the parts of several machines.")
    if merge:
        refuse_more(("merge",), "a merge is told by the parts what they hold.")
        return _merge(target, parts)
    if share is not None:
        require_moment(share, options["as_of"])
    library = open_reading(start(), share=share, **options)
    if library is None:
        raise CannotRun("There is no commit on the mainline yet, so nothing is in force.")
    for note in library.notes:
        remark(note)
    if share is not None:
        return _part(library, share, target)
    return _staged(select(library), target)


def _staged(edition: Edition, target: Path) -> int:
    if within_start(target).is_file():
        raise click.BadParameter(f"Directory '{target}' is a file.", param_hint="'DIR'")
    count = stage(edition, within_start(target))
    number = len(edition.documents)
    moment = visible(edition.as_of)  # it may come from a part
    say(f"{number} documents in force as of {moment}: {count} files written to {target}.")
    return 0


def _part(library: Library, share: Shard, target: Path) -> int:
    from isodocs.edition import parts  # noqa: PLC0415 - only where it is needed
    from isodocs.reports.parts import tree_of  # noqa: PLC0415

    edition = select(library)
    try:
        write(within_start(target), parts.written(edition, share, tree_of(library), library.notes))
    except OSError as error:
        raise CannotRun(f"{target} cannot be written: {error.strerror or error}.") from error
    number = len(edition.documents)
    say(f"Part {share}: {number} documents in force as of {edition.as_of}, written to {target}.")
    return 0


def _merge(target: Path, files: Sequence[Path]) -> int:
    from isodocs.edition import parts  # noqa: PLC0415 - only where it is needed

    if not files:
        raise CannotRun("Name the parts: isodocs export --merge DIR PART…")
    edition, notes = parts.merged([within_start(path) for path in files])
    for note in notes:
        remark(note)
    return _staged(edition, target)
