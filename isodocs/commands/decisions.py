"""Several documents in one go: each shown with its change, one decision for each, the key opened once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isodocs.commands import desk as desks
from isodocs.commands import signing
from isodocs.commands.output import remark, say
from isodocs.core.problem import CannotRun
from isodocs.core.proposal import deputised
from isodocs.core.text import visible
from isodocs.registers.waiting import waiting
from isodocs.reports import proposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from isodocs.commands.proposing import Proposed, Sitting
    from isodocs.core.statement import Meaning

REFUSED = 1


@dataclass
class Decisions:
    """What became of each document.

    Attributes:
        signed: the statements that are staged now.
        left: documents that were declined, or not reached.
        refused: documents that cannot be signed.
    """

    signed: list[Proposed] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def decide(sitting: Sitting, names: Sequence[str], meaning: Meaning) -> int:
    """Sign each of these documents that may be signed and is agreed to; the exit status.

    0: all were signed or declined; 1: some cannot be signed.

    Raises:
        CannotRun: none can be signed, or signing failed; what was signed before stays staged.
    """
    sitting.person  # noqa: B018 - a fault of the key is one fault, not one for each document
    done = Decisions()
    todo = _proposals(sitting, names, meaning, done)
    if not todo:
        raise CannotRun("None of them can be signed; nothing was written.")
    done.left = [str(one.made.id) for one in todo]
    finished = False
    try:
        _ask_each(sitting, todo, done)
        finished = True
    finally:
        if finished or done.signed:
            _close(sitting, done)
    return REFUSED if done.refused else 0


def decide_waiting(sitting: Sitting, meaning: Meaning) -> int:
    """Sign what waits on this branch for this person's signature in a meaning; the exit status."""
    names = waiting(sitting.library, meaning, sitting.person)
    if names:
        return decide(sitting, names, meaning)
    whose = "your signature" if sitting.person == sitting.signer else f"a signature of {sitting.person}"
    say(f"Nothing here waits for {whose} ({meaning}).")
    _say_whose_deputy(sitting, meaning)
    return 0


def _say_whose_deputy(sitting: Sitting, meaning: Meaning) -> None:
    """What waits for the people for whom he may sign."""
    if sitting.person != sitting.signer:
        return
    for person in dict.fromkeys(person for person, _ in deputised(sitting.library, sitting.signer)):
        if names := waiting(sitting.library, meaning, person):
            name = sitting.library.register.name(person)
            say(f"As deputy for {name}: {', '.join(names)} (--waiting --for {person})")


def _proposals(sitting: Sitting, names: Iterable[str], meaning: Meaning, done: Decisions) -> list[Proposed]:
    """The statements that could be signed; what cannot is said at once."""
    todo = []
    for name in dict.fromkeys(names):
        try:
            todo.append(sitting.propose(name, meaning))
        except CannotRun as fault:
            remark(f"{visible(name)} cannot be signed: {visible(str(fault))}")
            done.refused.append(name)
    return todo


def _ask_each(sitting: Sitting, todo: Sequence[Proposed], done: Decisions) -> None:
    for number, one in enumerate(todo, 1):
        if not signing.restage(sitting, one):
            say(f"\n=== {number} of {len(todo)}: {one.made.id} revision {one.made.revision}")
            signing.show(sitting, one)
            if sitting.wish.dry_run:
                continue
            answer = desks.choose(f"Sign {one.made.id}?", yes=sitting.wish.yes)
            if answer is desks.Answer.QUIT:
                return
            if answer is desks.Answer.NO:
                continue
            signing.write(sitting, one)
        done.left.remove(str(one.made.id))
        done.signed.append(one)
        signing.say_missing(sitting, one)


def _close(sitting: Sitting, done: Decisions) -> None:
    """The last words: what was signed, left and refused, and how to keep it."""
    if sitting.wish.dry_run:
        remark("Nothing was signed: this was a dry run.")
        return
    parts = [
        ("Signed and staged", [f"{one.made.id} revision {one.made.revision}" for one in done.signed]),
        ("Left as they were", done.left),
        ("Cannot be signed", done.refused),
    ]
    say("\n" + " ".join(f"{head}: {', '.join(names)}." for head, names in parts if names))
    if done.signed:
        say(f'Next: git commit -m "{proposed.deeds([one.made for one in done.signed])}"')
        say("To take one back before: isodocs undo ID")
