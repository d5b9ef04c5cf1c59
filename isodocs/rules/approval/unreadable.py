"""AP108, unreadable-statement: a file under `signatures/` that is no statement of ours.

What: A file under `signatures/` is not a statement exactly as isodocs writes it, belongs to another QMS,
or is neither a statement nor the signature beside one.

Why: A statement has one way to be written, so that nothing can hide in it and its digest names it. What
lies beside it could be taken for a proof.

Good: Only what `isodocs approve` and its sisters wrote lies there.

Bad: Somebody corrected a name in a statement with an editor.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from isodocs.core.document import SIGNATURES
from isodocs.core.identity import is_id
from isodocs.core.problem import Problem
from isodocs.core.tree import is_statement
from isodocs.rules.base import Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.history import Entry
    from isodocs.core.library import Library

HARMLESS = frozenset({".gitattributes", ".gitignore", ".gitkeep", "README.md"})
_RESTORE = "Restore the file as it was signed, or remove it and sign anew."


def check(library: Library) -> Iterator[Problem]:
    """Look at every file under ``signatures/``."""
    for path, entry in _files(library):
        if fault := _fault(library, path, entry):
            yield Problem("AP108", *fault, path, id=_id_of(path))


def _files(library: Library) -> Iterator[tuple[str, Entry]]:
    """The files that may be at fault."""
    touched = (path for path in library.touched_paths if path.startswith(SIGNATURES))
    for path in sorted(touched) if library.hook else library.index.strays:
        entry = library.files.get(path)
        if entry is not None:
            yield path, entry


def _fault(library: Library, path: str, entry: Entry) -> tuple[str, str] | None:
    """Message and fix, if something is wrong with the file."""
    if posixpath.basename(path) in HARMLESS:
        return None
    if not entry.regular:
        return "This is no ordinary file, so it cannot be a statement.", "Remove it."
    if is_statement(path):
        return _unreadable(library, entry)
    if not path.endswith(".json.sig"):
        return "This file is neither a statement nor a signature.", "Move it out of signatures/."
    if path.removesuffix(".sig") not in library.files:
        return "This signature has no statement beside it.", "Remove it, or restore the statement."
    return None


def _unreadable(library: Library, entry: Entry) -> tuple[str, str] | None:
    reading = library.evidence.statements.get(entry.oid) if entry.regular else None
    if reading is None:
        return None
    if reading.statement is None:
        return f"This is not a statement as isodocs writes it: {reading.why}.", _RESTORE
    if reading.statement.qms != library.settings.qms:
        return (
            "This statement belongs to another QMS.",
            "Remove it; a signature counts only where it was given.",
        )
    return None


def _id_of(path: str) -> str:
    """The document in whose folder the file lies."""
    folder = path.removeprefix(SIGNATURES).partition("/")[0]
    return folder if is_id(folder) else ""


RULE = rule(__doc__, "AP108", "unreadable-statement", Family.APPROVAL, check)
