"""AP109, names-nothing-here: a statement that fits nothing in this tree.

What: A statement names a text that is not the one that stands here, or waits for a revision to be approved,
or lies in a folder where nobody would look for it. It is a warning.

Why: Most often the text was changed after it was signed. The signature then does not count, though it lies
there.

Good: Whoever changes a signed text asks for new signatures.

Bad: Jane signs; Max then mends a comma on the branch; both are merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.core.statement import ON_APPROVED_REVISION, Meaning, place_of
from isodocs.core.tree import is_statement
from isodocs.rules.approval.void import describe
from isodocs.rules.base import WARNING, Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.statement import Content, Statement

_ASIDE = "If it is no longer needed, remove it and its .sig file."


def check(library: Library) -> Iterator[Problem]:
    """Tell of statements that were not judged, and of those that lie in a wrong place."""
    tree = library.state.tree
    for name, digest in library.index.waiting:
        found = tree.statement(digest, name)
        statement = found[1].statement if found else None
        if found is not None and statement is not None and statement.qms == library.settings.qms:
            message, fix = _why(library, statement)
            yield Problem("AP109", message, fix, found[0], id=statement.id or "")
    for path in library.index.strays if library.whole else sorted(library.touched_paths):
        if is_statement(path):
            yield from _misplaced(library, path)


def _misplaced(library: Library, path: str) -> Iterator[Problem]:
    entry = library.files.get(path)
    reading = library.evidence.statements.get(entry.oid) if entry and entry.regular else None
    if reading is None or reading.statement is None:
        return
    place = place_of(reading.statement, reading.digest)
    if path != place and reading.statement.qms == library.settings.qms:
        message = f"{describe(reading.statement)} lies in a wrong place."
        yield Problem("AP109", message, f"It belongs at {place}.", path, id=reading.statement.id or "")


def _why(library: Library, statement: Statement) -> tuple[str, str]:
    """Why a statement waits, and what can be done."""
    what = describe(statement)
    if statement.meaning is Meaning.AUTHORITY:
        return f"{what} names other files than stand here.", "Sign them anew: isodocs authorise"
    name = statement.id or ""
    life = library.state.life(name)
    if name not in library.state.tree.paths and not life.approvals:
        return f"{what} names {name}, and there is no such document here.", _ASIDE
    if statement.meaning in ON_APPROVED_REVISION and not life.approved(statement.content):
        fix = "It counts from the change after that, in which it may come again."
        return f"{what} waits until the revision it names is approved.", fix
    here = library.state.tree.content(name, library.evidence.digests, partial=True)
    if here is None or here.document != statement.content.document:
        anew = f"If it was changed after it was signed, sign it anew: isodocs approve {name}."
        if statement.meaning is Meaning.RETURNED:
            anew = "That is well if the text was changed because it was returned."
        fix = f"{anew} {_ASIDE}"
        return f"{what} is for another text of {name} than stands here.", fix
    if differing := _differing(here, statement.content):
        return f"{what} is for another {differing} than lies here.", f"Sign it anew: isodocs approve {name}"
    return f"{what} has not entered yet.", "Mend what else is reported on this document."


def _differing(here: Content, signed: Content) -> str:
    """The first embedded file that is not the one that was signed."""
    old, new = dict(signed.embedded), dict(here.embedded)
    return next((path for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)), "")


RULE = rule(
    __doc__,
    "AP109",
    "names-nothing-here",
    Family.APPROVAL,
    check,
    draft=WARNING,
    release=WARNING,
    requires=("AP105", "ID102"),
)
