"""LN101, link-target: a link that leads nowhere.

What: A link names a file that is not there, or an id that no document has. So does an id under `related`,
`parent`, `replaced_by` or `translation_of`.

Why: A reader who is sent to another procedure must arrive there.

Good: `[Suppliers](SOP-007-suppliers.md)`, and the file is there.

Bad: `[Suppliers](SOP-700-suppliers.md)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, WARNING, Family, rule
from isodocs.rules.examples import BODY, PATH, document, page
from isodocs.rules.links.targets import Nearby, path_of, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.rules.links.targets import Target


def check(library: Library) -> Iterator[Problem]:
    """Look up every target."""
    nearby = Nearby(library)
    for one in targets(library):
        if one.path or one.place is None or _is_former(library, one):
            continue
        what = f"no document {one.name}" if one.name else f"no file {one.place}"
        message = f"There is {what} here."
        yield Problem("LN101", message, _fix(library, nearby, one), one.sheet.path, one.span, one.source)


def _is_former(library: Library, one: Target) -> bool:
    """Whether the document was withdrawn, which LN104 tells."""
    return library.state.life(one.name).withdrawn if one.name else False


def _fix(library: Library, nearby: Nearby, one: Target) -> str:
    if not one.name:
        near = nearby.file(one.place or "")
        return f"Did you mean {near}?" if near else "Correct the path, or remove the link."
    near = nearby.document(one.name)
    if near is None:
        return "Correct the id, or remove the link."
    return f"Did you mean {near} ({path_of(library, near)})?"


RULE = rule(
    __doc__,
    "LN101",
    "link-target",
    Family.LINKS,
    check,
    draft=WARNING,
    good={
        PATH: page(f"{BODY}\nSee [suppliers](SOP-007-suppliers.md).\n"),
        "documents/SOP-007-suppliers.md": page(id="SOP-007", title="Suppliers"),
    },
    bad=document(f"{BODY}\nSee [suppliers](SOP-700-suppliers.md).\n"),
    requires=UNREADABLE,
)
