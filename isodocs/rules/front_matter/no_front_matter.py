"""FM101, no-front-matter: a document without front matter.

What: The file has no front matter, or its front matter is not opened or not closed by a line of three
hyphens. TOML (`+++`) and JSON are not read, nor is what a symbolic link points to.

Why: Id, revision and owner of a document stand in its front matter. Without it the file is under nobody's
control.

Good: The file begins with a line `---`, the keys, and another line `---`.

Bad: The file begins with its heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.document import is_document
from isodocs.core.problem import Problem
from isodocs.rules.base import INFO, Family, found, id_at, rule
from isodocs.rules.examples import GOOD, PATH
from isodocs.rules.front_matter.reading import reported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library

NONE_AT_ALL = "The document has no front matter."


def check(library: Library) -> Iterator[Problem]:
    """Hand on what reading found; among files written for another program, one note for all."""
    bare = []
    for problem in found(library, RULE):
        if library.defaults and problem.message == NONE_AT_ALL:
            bare.append(problem.path)
        else:
            yield problem
    yield from _links(library)
    if bare:
        message = f"{len(bare)} of {len(library.readings)} files have no front matter, beginning with this."
        fix = "That is no fault here: without settings they are read as plain text."
        yield Problem("FM101", message, fix, bare[0], severity=INFO)


def _links(library: Library) -> Iterator[Problem]:
    """Documents that are no ordinary files. An approved one that became such is HX101's."""
    for path in library.index.irregular:
        name = id_at(library, path)
        if is_document(path) and name not in library.state.lives and _is_judged(library, path):
            message = "The document is a link or a submodule, not a file."
            yield Problem("FM101", message, "Put the file itself in its place.", path, id=name)


def _is_judged(library: Library, path: str) -> bool:
    return not library.hook or path in library.touched_paths


RULE = rule(
    __doc__,
    "FM101",
    "no-front-matter",
    Family.FRONT_MATTER,
    check,
    examine=reported("FM101"),
    good=GOOD,
    bad={PATH: "# Purchasing\n\nWe buy what was ordered.\n"},
)
