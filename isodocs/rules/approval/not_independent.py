"""AP104, not-independent: an approver who wrote what he approves, or does not know who wrote it.

What: The approver, or the one for whom he signs as deputy, is among the writers of the text since the last
approval, by the commits or by what the signatures say; or somebody unknown wrote part of it; or the writers
that a signature names are not those that the commits of the judged change show, as after an edit that was
made and undone.

Why: Four eyes see what two do not. Where a type asks for independence, the second pair must be another
person's, and must have known whose work it looked at.

Good: Max writes revision 2, Jane approves it.

Bad: Jane corrects a sentence in it, and approves it.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from isodocs.core.library import Judged
from isodocs.core.problem import Problem
from isodocs.core.statement import Meaning
from isodocs.rules.approval.void import path_of, said_by, void
from isodocs.rules.base import Family, entered_now, number_before, quote_list, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Approval, Life
    from isodocs.core.life import Judged as JudgedStatement

GATES = frozenset({Judged.PUSH, Judged.MERGE})


def check(library: Library) -> Iterator[Problem]:
    """The statements that are void for this; at gates, those that name other writers than the commits."""
    yield from void(library, "AP104")
    if library.judged not in GATES:
        return
    for name in library.index.changed if number_before(library) is not None else ():
        life = library.state.life(name)
        for approval in takewhile(lambda one: entered_now(library, one.step), reversed(life.approvals)):
            if approval.independence != "none":
                for item in _counting(life, approval):
                    yield from _compare(library, name, approval, item)


def _counting(life: Life, approval: Approval) -> Iterator[JudgedStatement]:
    """The statements by which a revision was approved."""
    for item in life.valid(Meaning.APPROVED, approval.content):
        if item.step <= approval.step and approval.requirement.counts(item):
            yield item


def _compare(library: Library, name: str, approval: Approval, item: JudgedStatement) -> Iterator[Problem]:
    said, seen = set(item.statement.writers), set(approval.seen_writers)
    if said == seen or (approval.carried and said > seen):
        return
    message = (
        f"{said_by(item.statement)} approved a text by {_people(said)}, "
        f"but the commits show that {_people(seen)} worked on it."
    )
    fix = f"Sign it anew: isodocs approve {name} --role {item.statement.role}"
    yield Problem("AP104", message, fix, path_of(library, item), id=name)


def _people(names: set[str]) -> str:
    return quote_list([name if name != "?" else "somebody unknown" for name in sorted(names)]) or "nobody"


RULE = rule(__doc__, "AP104", "not-independent", Family.APPROVAL, check)
