"""LN105, link-old-path: a link to where a document stood before it was moved.

What: The path of a link is not there, but the id at the start of its file name leads to the document
elsewhere. It works; it is a warning.

Why: Moved files break no signed text, since links follow the id. The next revision can put the path right.

Good: `[Suppliers](SOP-007-suppliers.md)`, and the file is there.

Bad: The same link, after the file moved to `documents/purchasing/`.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, WARNING, Family, rule
from isodocs.rules.examples import BODY, PATH, page
from isodocs.rules.links.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library

_LINKING = page(f"{BODY}\nSee [suppliers](SOP-007-suppliers.md).\n")
_LINKED = page(id="SOP-007", title="Suppliers")


def check(library: Library) -> Iterator[Problem]:
    """Compare the path of each link with the place of the document it means."""
    if library.defaults:
        return
    for one in targets(library):
        if one.place and one.path and one.path != one.place:
            to = posixpath.relpath(one.path, posixpath.dirname(one.sheet.path) or ".")
            message = f"{one.name} now stands at {one.path}."
            fix = f"With the next revision, write {to}."
            yield Problem("LN105", message, fix, one.sheet.path, one.span, one.source)


RULE = rule(
    __doc__,
    "LN105",
    "link-old-path",
    Family.LINKS,
    check,
    draft=WARNING,
    release=WARNING,
    good={PATH: _LINKING, "documents/SOP-007-suppliers.md": _LINKED},
    bad={PATH: _LINKING, "documents/purchasing/SOP-007-suppliers.md": _LINKED},
    requires=UNREADABLE,
)
