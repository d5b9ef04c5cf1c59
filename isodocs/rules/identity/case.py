"""ID103, differs-by-case: ids or file names that differ only in capital and small letters.

What: Two ids, or two paths under `documents/`, are the same once letters are folded and accents are
normalised.

Why: On Windows and macOS the two files are one, and a checkout loses one of them without a word. People
hear no capitals either.

Good: `documents/SOP-001-purchasing.md` alone.

Bad: Beside it `documents/SOP-001-Purchasing.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.identity import fold_id, is_id
from isodocs.core.problem import Problem
from isodocs.rules.base import Family, id_at, judged_sheets, rule, sheet_at
from isodocs.rules.examples import GOOD, PATH, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.sheet import Sheet


def check(library: Library) -> Iterator[Problem]:
    """Fold ids and paths, and see which fall together."""
    for sheet in _sheets(library):
        written = sheet.written
        other = None if is_id(written) else _id_like(library, written)
        if other is not None:
            message = f"The id `{written}` differs from {other} only in capital and small letters."
            fix = "Choose another number, or write the id as it is if this is the same document."
            yield Problem("ID103", message, fix, sheet.path, sheet.span("id"), other)
    yield from _collisions(library)


def _sheets(library: Library) -> tuple[Sheet, ...]:
    """Those of the judged documents; at a gate of all without an id too: one may be like a touched one."""
    judged = judged_sheets(library)
    if not library.narrow or not library.touched_only:
        return judged
    known = {sheet.path for sheet in judged}
    others = (sheet_at(library, path) for path in library.index.unreadable if path not in known)
    return (*judged, *(sheet for sheet in others if sheet is not None))


def _id_like(library: Library, written: str) -> str | None:
    """The id, of now or earlier, that differs in capital and small letters only. Ids are ASCII capitals."""
    folded = fold_id(written)
    name = folded.upper() if folded.isascii() else ""
    return name if name in library.state.lives or name in library.state.tree.paths else None


def _collisions(library: Library) -> Iterator[Problem]:
    for group in library.index.collisions:
        judged = [path for path in group if _is_judged(library, path)]
        for path in judged[1:]:
            message = f"On Windows and macOS this file and {judged[0]} have the same name."
            yield Problem("ID103", message, "Rename one of them.", path, id=id_at(library, path))


def _is_judged(library: Library, path: str) -> bool:
    return library.whole or path in library.touched_paths or sheet_at(library, path) is not None


RULE = rule(
    __doc__,
    "ID103",
    "differs-by-case",
    Family.IDENTITY,
    check,
    good=GOOD,
    bad={PATH: page(), "documents/SOP-001-Purchasing.md": page(id="SOP-002")},
)
