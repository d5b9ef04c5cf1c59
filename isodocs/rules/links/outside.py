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

from isodocs.core import sheet
from isodocs.core.document import DOCUMENTS
from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, WARNING, Family, id_of, remembered, rule
from isodocs.rules.examples import BODY, PATH, document, page
from isodocs.rules.links.targets import is_outside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.core.markdown import Link, Picture
    from isodocs.rules.premises import Premises

FILE_SCHEME = "file:"


def examine(reading: Reading, _premises: Premises) -> Iterator[Problem]:
    """Look for links without a place, and for pictures beyond the repository."""
    facts, name = remembered(reading, sheet.of), id_of(reading)
    for one in facts.references:
        if one.kind == "file" and is_outside(one):
            message = f"`{one.written}` leads out of {DOCUMENTS}, and is not published."
            fix = f"Move the file under {DOCUMENTS}, or write where it is kept in words."
            if one.written.startswith("/"):
                fix = "Write the path relative to this file."
            yield Problem("LN106", message, fix, reading.path, one.span, name)
    for picture in facts.embedded:
        if picture.place is None:
            message = f"The picture `{picture.target}` lies outside of the repository."
            fix = f"Copy it under {DOCUMENTS} and write the path relative to this file."
            yield Problem("LN106", message, fix, reading.path, picture.span, name)
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
    examine=examine,
    draft=WARNING,
    good={PATH: page(f"{BODY}\nUse [the form](request.xlsx).\n"), "documents/request.xlsx": "cells\n"},
    bad=document(f"{BODY}\nUse [the form](../forms/request.xlsx).\n"),
    requires=UNREADABLE,
)
