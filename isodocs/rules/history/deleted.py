"""HX101, document-deleted: the file of a document that is not withdrawn has gone.

What: A document was approved and not withdrawn, and the judged tree holds no readable file with its id: it
was deleted, renamed within, made a link, or its front matter was broken.

Why: Deleting a file ends nothing: the revision stays in force, and nobody can read it any more. A document
ends by a signed withdrawal, with a reason (ISO 9001, 7.5.3.2).

Good: `isodocs withdraw SOP-007` first; then the file may go.

Bad: `git rm documents/SOP-007-purchasing.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import Family, rule, sheet_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Approval


def check(library: Library) -> Iterator[Problem]:
    """Look for approved documents without a file."""
    for name in library.index.missing:
        life = library.state.life(name)
        path = _last_path(library, name, life.approvals[-1])
        message = f"{_what(library, name, path)}, but {name} is not withdrawn."
        fix = f"Restore it ({_restore(library, path)}), or end the document first: isodocs withdraw {name}"
        yield Problem("HX101", message, fix, path, id=name)


def _last_path(library: Library, name: str, approval: Approval) -> str:
    """Where the document stood before the change."""
    known = library.base.tree.paths.get(name) if library.base else None
    return min(known) if known else approval.path


def _what(library: Library, name: str, path: str) -> str:
    entry, sheet = library.files.get(path), sheet_at(library, path)
    if entry is None:
        return f"The file of {name} has gone"
    if not entry.regular:
        return f"The file of {name} is no ordinary file any more"
    if sheet is not None and sheet.id:
        return f"The file of {name} now calls itself {sheet.id}"
    return f"The file of {name} can no longer be read as a document"


def _restore(library: Library, path: str) -> str:
    source = library.base.commit[:12] if library.base else "<commit>"
    return f'git checkout {source} -- "{path}"'


RULE = rule(__doc__, "HX101", "document-deleted", Family.HISTORY, check)
