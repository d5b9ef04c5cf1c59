"""What a push asks of a server: which refs are to point where, and which of them no push may touch.

A pre-receive hook gets one line for each ref on standard input: ``OLD NEW REF`` (githooks(5)). Names are
compared as a file system that folds case would see them, since some clone will lie on one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from isodocs.core.problem import CannotRun
from isodocs.git.mainline import HEADS

REPLACED = "refs/replace/"
OWN = "refs/isodocs/"
_LINE = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs/[^\0\n]+)")


@dataclass(frozen=True, slots=True)
class Update:
    """One ref that a push would move.

    Attributes:
        ref: its full name.
        old: where it points now; None if the push makes it.
        new: where it would point; None if the push deletes it.
    """

    ref: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a push is refused whatever it brings, and what to do instead."""

    what: str
    instead: str


def read(data: bytes) -> tuple[Update, ...]:
    """Read what git writes to a pre-receive or post-receive hook.

    Raises:
        CannotRun: it is something else, or nothing at all.
    """
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) < 2 or lines.pop():  # noqa: PLR2004 - a line and what follows its end
        raise CannotRun("git did not say which refs this push moves, so nothing can be judged.")
    found = tuple(map(_update, lines))
    if len({update.ref for update in found}) != len(found):
        raise CannotRun("This push names one ref twice.")
    return found


def _update(line: str) -> Update:
    match = _LINE.fullmatch(line)
    if match is None:
        raise CannotRun(f"git said something of this push that is not understood: {line[:200]!a}.")
    old, new, ref = match.groups()
    return Update(ref, old if old.strip("0") else None, new if new.strip("0") else None)


def folded(name: str) -> str:
    """A name as a file system that minds neither case nor composition has it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def objection(update: Update, mainline: str, former: tuple[str, ...] = ()) -> Refusal | None:
    """Why no push may do this, whatever it brings; None if it may, or if the mainline is to be judged.

    Args:
        update: what is asked.
        mainline: the mainline's name.
        former: branches that were the mainline before the settings named another.
    """
    ref, place = update.ref, folded(update.ref)
    if f"{place}/".startswith(REPLACED):
        return _replacing(update)
    if f"{place}/".startswith(OWN):
        return Refusal(f"{ref} is kept by the server alone.", "Leave it out of the push.")
    for name in former:
        if ref == HEADS + name:
            what = f"{name} was the mainline and stays as it is; the settings name {mainline} now."
            return Refusal(what, f"Push to {mainline}.")
    if ref == HEADS + mainline:
        return None if update.new else _deleting(mainline)
    names = (mainline, *former) if update.new else ()
    return next((refusal for name in names if (refusal := _mistakable(ref, name))), None)


def _replacing(update: Update) -> Refusal | None:
    if update.new is None:
        return None
    return Refusal(
        f"{update.ref} would replace an object, and so the past, for whoever fetches it.",
        "Leave it out of the push, and delete it in your clone: git replace -d "
        + update.ref.removeprefix(REPLACED),
    )


def _deleting(mainline: str) -> Refusal:
    return Refusal(
        f"This would delete {mainline}, the mainline that says what is in force.",
        "Withdraw documents that are no longer wanted: isodocs withdraw ID",
    )


def _mistakable(ref: str, mainline: str) -> Refusal | None:
    """Whether a ref could be taken for the mainline, by a person, a file system or git itself.

    Git looks for a short name as refs/NAME, refs/tags/NAME, refs/heads/NAME, refs/remotes/NAME and
    refs/remotes/NAME/HEAD (gitrevisions(7)), and for a clone's ``origin/NAME`` among the tags first.
    """
    place, name = folded(ref), folded(mainline)
    target = HEADS + name
    if place == target:
        return Refusal(f"{ref} differs from {HEADS}{mainline} in nothing but case.", "Choose another name.")
    if f"{place}/".startswith(f"{target}/") or f"{target}/".startswith(f"{place}/"):
        return Refusal(
            f"{ref} and {HEADS}{mainline} cannot stand side by side where case does not count.",
            "Choose another name.",
        )
    longer = place.startswith(("refs/tags/", "refs/remotes/")) and f"{place}/".endswith(f"/{name}/")
    before = {f"refs/{name}", f"refs/remotes/{name}", f"refs/remotes/{name}/head"}
    if place in {"refs/head", "refs/heads/head", "refs/tags/head"}:
        return Refusal(f"{ref} could be taken for HEAD itself.", "Choose another name.")
    if longer or place in before:
        return Refusal(
            f"{ref} could be taken for {mainline}: git would find it under the same name.",
            "Choose another name.",
        )
    return None
