"""Parts that several machines made of one thing, and whether they belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from isodocs.core.problem import CannotRun
from isodocs.core.text import visible
from isodocs.reports.program import program
from isodocs.rules.base import quote_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from isodocs.core.shard import Shard

MOST_BYTES: Final = 512 << 20
_SHOWN: Final = {"commit": "the commit", "as_of": "the time", "profile": "the profile"}


@dataclass(frozen=True, slots=True)
class Piece:
    """What the file of a part says of itself.

    Attributes:
        name: what the file is called.
        share: which part it is.
        program: what made it, as ``program`` gives it.
        said: what must be the same in all parts.
    """

    name: str
    share: Shard
    program: str
    said: Mapping[str, object]


def require_together(pieces: Sequence[Piece]) -> None:
    """Refuse parts of which one is missing or there twice, or that are parts of different things.

    Raises:
        CannotRun: with what is wrong.
    """
    first, known = pieces[0], dict[int, Piece]()
    for piece in pieces:
        if piece.program != program():
            raise CannotRun(
                f"{piece.name} was made by isodocs {visible(piece.program)}, and this is {program()}: "
                "the same program must make the parts and merge them."
            )
        if piece.share.count != first.share.count:
            raise CannotRun(
                f"{first.name} is part {first.share} and {piece.name} part {piece.share}: "
                "they do not belong together."
            )
        twin = known.setdefault(piece.share.number, piece)
        if twin is not piece:
            raise CannotRun(f"Part {piece.share} is there twice: {twin.name} and {piece.name}.")
        if difference := _difference(first.said, piece.said):
            raise CannotRun(f"{first.name} and {piece.name} do not belong together: {difference}.")
    count = first.share.count
    missing = [str(number) for number in range(1, count + 1) if number not in known]
    if missing:
        words = (
            f"Part {missing[0]} of {count} is" if len(missing) == 1 else f"{_list(missing)} of {count} are"
        )
        raise CannotRun(f"{words} missing: all of them are needed.")


def _difference(one: Mapping[str, object], other: Mapping[str, object]) -> str:
    """In what two parts differ that must not; empty where they do not."""
    for key, words in _SHOWN.items():
        if one.get(key) != other.get(key):
            here, there = visible(str(one.get(key))), visible(str(other.get(key)))
            return f"{words} is {here} in one and {there} in the other"
    return "" if one == other else "they were made of other files or settings, or for somebody else"


def _list(numbers: Sequence[str]) -> str:
    return f"Parts {quote_list(list(numbers))}"
