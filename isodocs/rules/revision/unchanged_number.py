"""RV101, changed-without-revision: other text under the number of an approved revision.

What: The document, or a file it embeds, differs from the approved revision whose number it bears.

Why: One number must mean one text. What was approved are the exact bytes, front matter and pictures
included; every change is a new revision and is approved anew (ISO 9001, 7.5.3).

Good: The text changes, `revision` goes from 2 to 3, and `change` says why.

Bad: Revision 2 is approved; a word is mended, and `revision` stays 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import BROKEN_FRONT, Family, quote_list, rule
from isodocs.rules.candidates import Candidate, candidates
from isodocs.rules.identity.duplicate import next_free

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Approval


def check(library: Library) -> Iterator[Problem]:
    """Compare each draft with the approved revision of the same number."""
    for one in candidates(library):
        same = [item for item in one.before if item.revision == one.revision]
        if one.approval or not same or any(item.content == one.content for item in same):
            continue
        message, fix = _say(library, one, same[-1])
        yield Problem("RV101", message, fix, one.path, one.span("revision"), one.id)


def _say(library: Library, one: Candidate, approved: Approval) -> tuple[str, str]:
    if library.views[one.id].life.withdrawn:
        message = f"{one.id} is withdrawn, and its revision {one.revision} was another text."
        after = next_number(one)
        fix = (
            f"To bring it back, write `revision: {after}`; a new document takes {next_free(library, one.id)}."
        )
        return message, fix
    message = f"{_what(one, approved)} since revision {one.revision} was approved."
    fix = f"Write `revision: {next_number(one)}` and the reason under `change`, or restore the approved text."
    return message, fix


def _what(one: Candidate, approved: Approval) -> str:
    """What differs, as the subject of a sentence."""
    if one.content is None:
        return f"{one.path} embeds files that are missing here, so it has changed"
    if one.content.document != approved.content.document:
        return "The text has changed"
    old, new = dict(approved.content.embedded), dict(one.content.embedded)
    names = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    return f"{quote_list(names)} {'has' if len(names) == 1 else 'have'} changed, which the document embeds,"


def next_number(one: Candidate) -> str:
    """The number that may follow the last approved one."""
    if one.scheme is None or not one.before:
        return "the next"
    return one.scheme.next(one.before[-1].revision)[0]


RULE = rule(
    __doc__,
    "RV101",
    "changed-without-revision",
    Family.REVISION,
    check,
    requires=(*BROKEN_FRONT, "ID102", "RV105"),
)
