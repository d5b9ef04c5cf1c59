"""What earlier runs worked out and keep beside the repository: how much it is, and how to be rid of it.

JSON: ``items`` with ``kind``, ``entries``, ``bytes`` and ``files``; ``enabled``, whether this run may keep
anything. With ``--clear`` no items, and ``cleared``: the bytes that went.
"""

from __future__ import annotations

import click

from isodocs.commands.options import format_option, start
from isodocs.commands.output import envelope, remark, say, say_json
from isodocs.core.problem import CannotRun
from isodocs.git.cache import OFF
from isodocs.git.repository import Repository
from isodocs.git.upkeep import Size, clear, sizes

_ABOUT = {
    "state": "what is in force, and by whose signatures",
    "check": "what the rules said of each document",
    "bundles": "what documents ask of each other",
    "list": "what lists say of each document",
    "site-page": "pages of the manual, as they were rendered",
    "site-search": "what its search finds on them",
    "git": "that git is new enough",
}
_KILO = 1024


@click.command()
@click.option("--clear", "empty", is_flag=True, help="Remove all of it. It is made again when it is needed.")
@format_option("text", "json")
def cache(form: str, *, empty: bool) -> int:
    r"""Show what is kept to be fast, or clear it.

    isodocs keeps what it worked out in the folder isodocs of git's own folder. It belongs to you and to this
    version of isodocs: what others left there is not believed. Nothing in it is needed, and it is never
    pushed. With ISODOCS_NO_CACHE=1 in the environment nothing is kept or used.

    \b
    isodocs cache
    isodocs cache --clear
    """
    repository = Repository.open(start())
    place = repository.common_dir
    if empty:
        return _clear(repository, form)
    found = sizes(place)
    rows = [
        {"kind": one.kind, "entries": one.entries, "bytes": one.size, "files": one.files} for one in found
    ]
    if form == "json":
        say_json(envelope("cache", None, rows, enabled=repository.cache.kept))
        return 0
    say("\n".join(map(_line, found)) if found else "Nothing is kept here.")
    if not repository.cache.kept:
        remark(f"Nothing new is kept: {OFF} is set, or your own folder cannot be written.")
    return 0


def _clear(repository: Repository, form: str) -> int:
    try:
        gone = clear(repository.common_dir)
    except OSError as error:
        raise CannotRun(f"{error.filename} cannot be removed: {error.strerror}.") from None
    if form == "json":
        say_json(envelope("cache", None, [], cleared=gone))
    else:
        say(f"Removed {_amount(gone)}." if gone else "There was nothing to remove.")
    return 0


def _line(size: Size) -> str:
    about = f"  {_ABOUT[size.kind]}" if size.kind in _ABOUT else ""
    entries = f"{size.entries} {'entry' if size.entries == 1 else 'entries'}"
    return f"{size.kind:<12}{entries:>16}{_amount(size.size):>12}{about}"


def _amount(size: float) -> str:
    """A number of bytes as people say it."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < _KILO:
            return f"{size:.0f} {unit}"
        size /= _KILO
    return f"{size:.1f} GiB"
