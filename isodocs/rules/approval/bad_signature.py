"""AP105, bad-signature: a signature that does not verify.

What: A statement's signature is missing, or does not verify over the exact bytes of the statement by the
key it carries.

Why: The file was changed after it was signed, or damaged on its way; such a statement has not entered. One
that has entered keeps the signature with which it did.
This blocks wherever it lies: a signature that lies must never go unseen.

Good: Statement and signature are as `isodocs approve` wrote them; `.gitattributes` keeps git from touching
them.

Bad: Git turned the line ends of a `.sig` file into CRLF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.problem import Problem
from isodocs.core.statement import AUTHORITY_ID, Assurance
from isodocs.core.tree import is_statement
from isodocs.rules.approval.void import describe
from isodocs.rules.base import Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Judged, Verdict
    from isodocs.core.survey import Placed

WITHOUT_SIGNATURE = frozenset({Assurance.UNSIGNED, Assurance.LEGACY})
_FIX = "Restore the files as they were signed (keep `signatures/** -text` in .gitattributes), or sign anew."


def check(library: Library) -> Iterator[Problem]:
    """Verify what has not entered; of what has, all in a whole check, and what the change touches."""
    state = library.state
    for name, digest in sorted(_suspects(library)):
        found = state.tree.statement(digest, name)
        statement = found[1].statement if found else None
        if found is None or statement is None or statement.assurance in WITHOUT_SIGNATURE:
            continue
        verdict = judging.signature(state, digest, library.evidence, name)
        if why := _fault(state.judgement(name, digest), verdict):
            message = f"{describe(statement)} does not verify: {why.rstrip('.')}."
            yield Problem("AP105", message, _FIX, found[0], id=statement.id or "")


def _fault(known: Judged | None, verdict: Verdict | None) -> str:
    """What is wrong with a signature; empty if nothing is, or if HX105 tells of it."""
    if verdict is None:
        return "" if known else "its .sig file is missing"
    if not verdict.ok:
        return verdict.why or "it is not over these bytes"
    replaced = known is not None and known.key != verdict.key
    return "its .sig file is by another key than the one with which it entered" if replaced else ""


def _suspects(library: Library) -> set[Placed]:
    """The statements whose signatures are worth a look."""
    if library.whole:
        return set(library.index.unproven)
    suspects = set(library.index.waiting)
    for path in {path.removesuffix(".sig") for path in library.touched_paths}:
        entry = library.files.get(path) if is_statement(path) else None
        reading = library.evidence.statements.get(entry.oid) if entry and entry.regular else None
        statement = reading.statement if reading is not None else None
        if reading is not None and statement is not None:
            suspects.add((statement.about, reading.digest))
    return {one for one in suspects if one[0] == AUTHORITY_ID or library.judges(one[0])}


RULE = rule(__doc__, "AP105", "bad-signature", Family.APPROVAL, check, everywhere=True)
