"""ID105, file-name: a file that is not named after its id.

What: The name of the file does not begin with the document's id, followed by a hyphen, an underscore, a
space, a dot or the end.

Why: Links find their target by the id at the start of its file name, so a file may move without breaking
signed text. And people find it, too.

Good: SOP-001 stands in `documents/SOP-001-purchasing.md`.

Bad: SOP-001 stands in `documents/purchasing.md`.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from isodocs.core.identity import id_in_filename
from isodocs.core.problem import Problem
from isodocs.rules.base import UNREADABLE, Family, rule, span_of
from isodocs.rules.examples import GOOD, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises


def examine(reading: Reading, _premises: Premises) -> Iterator[Problem]:
    """Compare the id with the file's name."""
    name, path = reading.id, reading.path
    named = id_in_filename(path)
    if name and named != name:
        folder, leaf = posixpath.split(path)
        rest = leaf.removeprefix(named or "").lstrip("-_ ")
        wanted = posixpath.join(folder, f"{name}-{rest}" if not rest.startswith(".") else name + rest)
        message = f"The file's name does not begin with the document's id, {name}."
        fix = f'Rename it: git mv "{path}" "{wanted}".'
        yield Problem("ID105", message, fix, path, span_of(reading, "id"), name)


RULE = rule(
    __doc__,
    "ID105",
    "file-name",
    Family.IDENTITY,
    examine=examine,
    good=GOOD,
    bad={"documents/purchasing.md": page()},
    requires=(*UNREADABLE, "ID102", "HX101"),
)
