"""What several commands ask for in the same words: where to work, which day, which mainline, which format."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from isodocs.core.problem import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_ID_IN_NAME = re.compile(r"[A-Z][A-Z0-9]*-[0-9]+")
_SHOWN_IN_COMPLETION = 200


@dataclass(frozen=True, slots=True)
class Session:
    """What the options before the verb say."""

    start: Path = field(default_factory=Path.cwd)


def start() -> Path:
    """The folder that the command works in: ``-C DIR``, else the current one."""
    context = click.get_current_context(silent=True)
    session = context.find_root().obj if context else None
    return session.start if isinstance(session, Session) else Path.cwd()


def within_start(path: Path) -> Path:
    """A path from the command line, which counts from the folder the command works in."""
    return start() / path


def documents(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Shell completion: ids of documents, from the names of the files; nothing is read."""
    session = context.find_root().obj
    place = session.start if isinstance(session, Session) else Path.cwd()
    found = {match[0] for name in _file_names(place) if (match := _ID_IN_NAME.match(name))}
    return sorted(one for one in found if one.startswith(typed.upper()))[:_SHOWN_IN_COMPLETION]


def _file_names(place: Path) -> Iterator[str]:
    """The names of the Markdown files of the management system that ``place`` lies in."""
    for folder in (place, *place.parents):
        if (folder / "documents").is_dir():
            for _, _, names in os.walk(folder / "documents"):
                yield from (name for name in names if name.endswith(".md"))
            return


def document_argument(*, required: bool = True) -> Decorator:
    """The argument ``ID``, a document's id, passed on as ``document``."""
    name = "ID" if required else "[ID]"
    return click.argument("document", metavar=name, required=required, shell_complete=documents)


def format_option(*names: str) -> Decorator:
    """``--format``, passed on as ``form``; the first name is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How to write the result.",
    )


as_of_option: Decorator = click.option(
    "--as-of",
    metavar="WHEN",
    help="Answer as of a day (its end, in the company's time zone) or a full UTC time. Default: now.",
)
mainline_option: Decorator = click.option(
    "--mainline", metavar="NAME", help="The branch that counts. Default: as isodocs.yml says."
)
trust_root_option: Decorator = click.option(
    "--trust-root",
    metavar="REV",
    envvar="ISODOCS_TRUST_ROOT",
    show_envvar=True,
    help="The commit from which history counts. Default: the first with readable settings and people.",
)
snapshot_option: Decorator = click.option(
    "--snapshot", is_flag=True, help="Judge the tree by itself, without its git history. Not for gates."
)
profile_option: Decorator = click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    callback=lambda _context, _parameter, value: None if value is None else Profile(value),
    help="draft: on working branches; release: on the mainline and at gates. Default: by the branch.",
)
