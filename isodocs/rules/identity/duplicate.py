"""ID102, duplicate-id: two files with one id.

What: Two or more readable documents have the same `id`.

Why: Nobody could say which of them is meant, so while both are there no statement on either counts.

Good: Each file has an id of its own.

Bad: A copy of SOP-001 still says `id: SOP-001`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.identity import id_in_filename, split_id
from isodocs.core.problem import Problem
from isodocs.rules.base import Family, rule, span_at
from isodocs.rules.examples import GOOD, PATH, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Look for ids that several files have; report them at every file but the one that had it first."""
    for name in library.index.repeated:
        paths = library.state.tree.paths[name]
        keeper = _keeper(library, name, paths)
        fix = f"Give this file an id of its own, such as {next_free(library, name)}, or remove it."
        for path in sorted(paths - {keeper}):
            message = f"{keeper} has the id {name}, too."
            span = span_at(library, path, "id")
            yield Problem("ID102", message, fix, path, span, name)


def _keeper(library: Library, name: str, paths: frozenset[str]) -> str:
    """The file that had the id before, else the one that is named after it, else the first."""
    known = library.base.tree.paths.get(name, frozenset()) if library.base else frozenset[str]()
    named = frozenset(path for path in paths if id_in_filename(path) == name)
    return min(paths & known or paths & named or paths)


def next_free(library: Library, name: str) -> str:
    """The next id of the same prefix that nobody ever had."""
    split = split_id(name)
    if split is None:
        return name
    prefix, digits = split[0], len(name) - len(split[0]) - 1
    return f"{prefix}-{library.index.highest(prefix) + 1:0{digits}}"


RULE = rule(
    __doc__,
    "ID102",
    "duplicate-id",
    Family.IDENTITY,
    check,
    good=GOOD,
    bad={PATH: page(), "documents/SOP-002-copy.md": page()},
)
