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

from isodocs.core.document import DOCUMENTS
from isodocs.core.identity import fold_id, is_id
from isodocs.core.problem import Problem
from isodocs.rules.base import Family, id_at, judged_readings, rule, span_of, text_of
from isodocs.rules.examples import GOOD, PATH, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Fold ids and paths, and see which fall together."""
    known = {fold_id(name): name for name in (*library.state.lives, *library.state.tree.paths)}
    for reading in judged_readings(library):
        written = text_of(reading, "id")
        other = known.get(fold_id(written))
        if other is not None and other != written and not is_id(written):
            message = f"The id `{written}` differs from {other} only in capital and small letters."
            fix = "Choose another number, or write the id as it is if this is the same document."
            yield Problem("ID103", message, fix, reading.path, span_of(reading, "id"), other)
    first: dict[str, str] = {}
    beside = (path for path in library.touched_paths if path.startswith(DOCUMENTS) and path in library.files)
    paths = (path for path in library.files if path.startswith(DOCUMENTS)) if library.whole else beside
    for path in sorted({*library.readings, *paths}):
        other = first.setdefault(fold_id(path), path)
        if other != path:
            message = f"On Windows and macOS this file and {other} have the same name."
            yield Problem("ID103", message, "Rename one of them.", path, id=id_at(library, path))


RULE = rule(
    __doc__,
    "ID103",
    "differs-by-case",
    Family.IDENTITY,
    check,
    good=GOOD,
    bad={PATH: page(), "documents/SOP-001-Purchasing.md": page(id="SOP-002")},
)
