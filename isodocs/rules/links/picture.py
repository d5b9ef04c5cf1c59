"""LN103, picture-missing: a picture or payload file that is not there.

What: A local picture, or the file under `payload`, is not in the tree at the path that the document gives,
or is a link or another special file.

Why: Pictures and payload are signed with the document. While one is missing, the document cannot be
approved, and readers do not see what was meant.

Good: `![Label](img/label.svg)`, and `documents/img/label.svg` is there.

Bad: The picture was not added to the commit.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from isodocs.core.identity import fold_id
from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, WARNING, Family, judged_sheets, rule
from isodocs.rules.examples import BODY, PATH, document, page
from isodocs.rules.links.targets import Nearby

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library

NOT_PATHS = ("/", "{")
"""How pictures begin that another program looks up in its own way."""


def check(library: Library) -> Iterator[Problem]:
    """Look up every embedded file."""
    nearby = Nearby(library)
    for sheet in judged_sheets(library):
        for one in sheet.embedded:
            if one.place is None or (library.defaults and one.target.startswith(NOT_PATHS)):
                continue
            entry = library.files.get(one.place)
            if entry is None:
                message, fix = f"There is no file {one.place} here.", _fix(nearby, one.place)
            elif not entry.regular:
                message = f"{one.place} is no ordinary file."
                fix = "Put the file itself there, not a link to it."
            else:
                continue
            yield Problem("LN103", message, fix, sheet.path, one.span, sheet.called)


def _fix(nearby: Nearby, place: str) -> str:
    name, beside = posixpath.basename(place), nearby.names(posixpath.dirname(place))
    same = next((one for one in beside if fold_id(one) == fold_id(name)), None)
    if same:
        return f"It is called {same}: capital and small letters differ."
    near = nearby.file(place)
    return f"Did you mean {near}?" if near else "Add the file to the commit, or correct the path."


RULE = rule(
    __doc__,
    "LN103",
    "picture-missing",
    Family.LINKS,
    check,
    draft=WARNING,
    good={PATH: page(f"{BODY}\n![Label](img/label.svg)\n"), "documents/img/label.svg": "<svg/>\n"},
    bad=document(f"{BODY}\n![Label](img/label.svg)\n"),
    requires=UNREADABLE,
)
