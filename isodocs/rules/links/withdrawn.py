"""LN104, link-to-withdrawn: a link to a document that is withdrawn.

What: A link, or an id in the front matter, leads to a document that was withdrawn.

Why: Readers are sent to what no longer applies; on the published site the page is gone.

Good: The link leads to the document that took its place.

Bad: SOP-004 is withdrawn, and SOP-001 still sends its readers there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.core.status import Status
from isodocs.rules.base import UNREADABLE, WARNING, Family, rule
from isodocs.rules.links.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Ask of every target whether it is withdrawn."""
    for one in targets(library):
        view = library.views.get(one.name) if one.name in library.index.withdrawn else None
        if view is None or view.status is not Status.WITHDRAWN or one.name == one.source:
            continue
        message = f"{one.name} is withdrawn."
        yield Problem("LN104", message, _fix(library, one.name), one.sheet.path, one.span, one.source)


def _fix(library: Library, name: str) -> str:
    """What took its place, if a document says that it does."""
    found = library.index.superseding(name)
    if found is not None:
        return f"Link to {found[0]} ({found[1]}), which supersedes it."
    return "Link to what took its place, or remove the link."


RULE = rule(
    __doc__,
    "LN104",
    "link-to-withdrawn",
    Family.LINKS,
    check,
    draft=WARNING,
    requires=UNREADABLE,
)
