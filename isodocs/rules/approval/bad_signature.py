"""AP105, bad-signature: a signature that does not verify.

What: A statement's signature is missing, or does not verify over the exact bytes of the statement by the
key it carries.

Why: The file was changed after it was signed, or damaged on its way; such a statement has not entered.
This blocks wherever it lies: a signature that lies must never go unseen.

Good: Statement and signature are as `isodocs approve` wrote them; `.gitattributes` keeps git from touching
them.

Bad: Git turned the line ends of a `.sig` file into CRLF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.problem import Problem
from isodocs.core.statement import Assurance
from isodocs.rules.approval.void import describe
from isodocs.rules.base import Family, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library

WITHOUT_SIGNATURE = frozenset({Assurance.UNSIGNED, Assurance.LEGACY})
_FIX = "Restore the files as they were signed (keep `signatures/** -text` in .gitattributes), or sign anew."


def check(library: Library) -> Iterator[Problem]:
    """Verify what has not entered; of what has, all in a whole check, and what the change touches."""
    state = library.state
    for digest, paths in state.tree.statements.items():
        known = digest in state.judged
        if known and not library.whole and not _touched(library, paths):
            continue
        found = state.tree.statement(digest)
        statement = found[1].statement if found else None
        if statement is None or statement.assurance in WITHOUT_SIGNATURE:
            continue
        verdict = judging.signature(state, digest, library.evidence)
        if (verdict is None and known) or (verdict is not None and verdict.ok):
            continue
        why = verdict.why if verdict is not None else "its .sig file is missing"
        message = f"{describe(statement)} does not verify: {why.rstrip('.')}."
        yield Problem("AP105", message, _FIX, min(paths), id=statement.id or "")


def _touched(library: Library, paths: frozenset[str]) -> bool:
    return any(path in library.touched_paths or f"{path}.sig" in library.touched_paths for path in paths)


RULE = rule(__doc__, "AP105", "bad-signature", Family.APPROVAL, check, everywhere=True)
