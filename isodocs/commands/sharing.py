"""One check or export by several machines: the options that say so, and what is done with the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from isodocs.commands.output import remark, say
from isodocs.core.problem import CannotRun, Severity
from isodocs.rules import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem
    from isodocs.core.shard import Shard
    from isodocs.reports.frame import Frame

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_OFFERED = (2, 3, 4, 8)


class _Shard(click.ParamType["Shard"]):
    """``I/N``: part I of N."""

    name = "I/N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        """The part that was asked for."""
        from isodocs.core.shard import Shard  # noqa: PLC0415 - a hook judges no part

        try:
            return value if isinstance(value, Shard) else Shard.read(str(value))
        except ValueError:
            self.fail(f"'{value}' is no part such as 2/4: the second of four.", param, ctx)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """The usual numbers of parts."""
        parts = [f"{number}/{count}" for count in _OFFERED for number in range(1, count + 1)]
        return [CompletionItem(part) for part in parts if part.startswith(incomplete)]


shard_option: Decorator = click.option(
    "--shard",
    "share",
    metavar="I/N",
    type=_Shard(),
    help="Do part I of N only, and leave a result for --merge. Needs --as-of, the same for all parts.",
)
merge_option: Decorator = click.option(
    "--merge", is_flag=True, help="Put the results of all parts together: they are the arguments."
)


def require_moment(share: Shard, as_of: str | None) -> None:
    """Refuse a part whose clock could differ from that of the others.

    Raises:
        CannotRun: no time is given.
    """
    if not as_of:
        raise CannotRun(
            f"Part {share} needs --as-of, a day or a time that is the same for all parts: what is in force "
            'and what is overdue depend on it. Today: --as-of "$(date -u +%F)"'
        )


def refuse_rest(paths: Sequence[Path]) -> None:
    """Refuse what belongs to the merge, where a part is asked for.

    Raises:
        CannotRun: paths or a format were given.
    """
    if paths:
        raise CannotRun("Leave out PATHS: the parts divide everything among them, by the ids of documents.")
    source = click.get_current_context().get_parameter_source("form")
    if source is ParameterSource.COMMANDLINE:
        raise CannotRun("Leave out --format: a part has a form of its own, and --merge takes --format.")


def refuse_more(allowed: Sequence[str], reason: str) -> None:
    """Refuse options beside those that are allowed here.

    Raises:
        CannotRun: one was given on the command line.
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and isinstance(parameter, click.Option) and parameter.name not in allowed:
            raise CannotRun(f"Leave out {parameter.opts[0]}: {reason}")


def deliver_part(library: Library, share: Shard) -> int:
    """Write the result of a part; the exit status says whether there was an error in it."""
    from isodocs.reports import parts  # noqa: PLC0415 - only where it is needed

    found = engine.find(library)
    say(parts.written(found, library, share))
    number = sum(one.problem.severity is Severity.ERROR for one in found)
    remark(
        f"Part {share} found {number} error{'s' * (number != 1)}. "
        "The verdict is that of all parts: isodocs check --merge FILE…"
    )
    return int(number > 0)


def merged_check(files: Sequence[Path]) -> tuple[tuple[Problem, ...], Frame]:
    """What the results of all parts say together.

    Raises:
        CannotRun: they do not belong together, one is missing, or is no result.
    """
    from isodocs.reports import parts  # noqa: PLC0415 - only where it is needed
    from isodocs.reports.together import MOST_BYTES  # noqa: PLC0415

    if not files:
        raise CannotRun("Name the results of all parts: isodocs check --merge FILE…")
    return parts.merged([parts.read(path.name, _content(path, MOST_BYTES)) for path in files])


def _content(path: Path, most: int) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise CannotRun(f"{path.name} is larger than any result.")
    return data
