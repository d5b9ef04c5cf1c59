"""LN102, link-anchor: a link to a heading that is not there.

What: The target of a link is there, but has no heading or mark of the name after `#`.

Why: The reader lands at the top of a long page and has to search.

Good: `[Scope](#scope)`, and there is a heading "Scope".

Bad: `[Scope](#the-scope)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.core.suggest import closest
from isodocs.rules.base import UNREADABLE, WARNING, Family, rule, sheet_at
from isodocs.rules.examples import BODY, document
from isodocs.rules.links.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Look up every anchor in the outline of its target."""
    for one in targets(library):
        there = sheet_at(library, one.path) if one.anchor else None
        if there is None or one.anchor in there.anchors:
            continue
        near = closest(one.anchor, there.anchors)
        where = "here" if there.path == one.sheet.path else f"in {there.path}"
        message = f"There is no heading `#{one.anchor}` {where}."
        fix = f"Did you mean `#{near}`?" if near else "Correct the name after `#`, or leave it out."
        yield Problem("LN102", message, fix, one.sheet.path, one.span, one.source)


RULE = rule(
    __doc__,
    "LN102",
    "link-anchor",
    Family.LINKS,
    check,
    draft=WARNING,
    good=document(f"{BODY}\nSee [scope](#scope).\n"),
    bad=document(f"{BODY}\nSee [scope](#the-scope).\n"),
    requires=UNREADABLE,
)
