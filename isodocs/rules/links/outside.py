"""LN106, link-outside: a link or picture that leaves what is published.

What: A local link leads out of `documents/`, a picture out of the repository, or one of them to a `file:`
address.

Why: Only what stands under `documents/` is published; the link would be broken for every reader. A file
outside the repository is on one computer only, and cannot be signed.

Good: The form stands under `documents/` and is linked there.

Bad: `[Form](../forms/request.xlsx)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.document import DOCUMENTS, resolve
from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, WARNING, Family, id_of, judged_readings, rule
from isodocs.rules.examples import BODY, PATH, document, page
from isodocs.rules.links.picture import embedded
from isodocs.rules.links.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library, Reading
    from isodocs.core.markdown import Link, Picture

FILE_SCHEME = "file:"


def check(library: Library) -> Iterator[Problem]:
    """Look for links without a place, and for pictures beyond the repository."""
    for one in targets(library):
        if one.place is None:
            message = f"`{one.written}` leads out of {DOCUMENTS}, and is not published."
            fix = f"Move the file under {DOCUMENTS}, or write where it is kept in words."
            if one.written.startswith("/"):
                fix = "Write the path relative to this file."
            yield Problem("LN106", message, fix, one.reading.path, one.span, one.source)
    for reading in judged_readings(library):
        for target, span in embedded(reading):
            if resolve(reading.path, target) is None and not library.defaults:
                message = f"The picture `{target}` lies outside of the repository."
                fix = f"Copy it under {DOCUMENTS} and write the path relative to this file."
                yield Problem("LN106", message, fix, reading.path, span, id_of(reading))
        yield from _on_one_computer(reading)


def _on_one_computer(reading: Reading) -> Iterator[Problem]:
    """Links and pictures by an address that means another file on every computer."""
    places: tuple[Link | Picture, ...] = (*reading.outline.links, *reading.outline.pictures)
    for one in places:
        if one.target.lower().startswith(FILE_SCHEME):
            message = f"`{one.target}` is a file on one computer, which readers do not have."
            fix = f"Copy the file under {DOCUMENTS} and write the path relative to this file."
            yield Problem("LN106", message, fix, reading.path, one.span, id_of(reading))


RULE = rule(
    __doc__,
    "LN106",
    "link-outside",
    Family.LINKS,
    check,
    draft=WARNING,
    good={PATH: page(f"{BODY}\nUse [the form](request.xlsx).\n"), "documents/request.xlsx": "cells\n"},
    bad=document(f"{BODY}\nUse [the form](../forms/request.xlsx).\n"),
    requires=UNREADABLE,
)
