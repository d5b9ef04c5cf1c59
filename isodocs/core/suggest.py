"""Did you mean …? The one candidate near enough to be worth naming.

A silly suggestion costs more trust than a missing one, so the cutoff is tight and a tie between
two different words is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 64


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``word`` was most likely meant to be, or None.

    Letters' case, hyphens, underscores and spaces are not counted as differences. One mistake is
    forgiven in a word of three letters or more, two from six, three from twelve; a mistake is a
    letter too many, too few, wrong, or two neighbours swapped. Two candidates equally near, or a
    word longer than 64 characters, give None. A candidate equal to ``word`` is not a suggestion.
    """
    wanted = _fold(word)
    limit = _forgiven(len(wanted))
    if not wanted or len(wanted) > LONGEST:
        return None
    best: list[str] = []
    best_distance = limit + 1
    for candidate in sorted(set(candidates) - {word}):
        found = _distance_within(wanted, _fold(candidate), min(limit, best_distance))
        if found is None:
            continue
        if found < best_distance:
            best, best_distance = [candidate], found
        else:
            best.append(candidate)
    return best[0] if len(best) == 1 else None


def _fold(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _forgiven(length: int) -> int:
    return (length >= 3) + (length >= 6) + (length >= 12)  # noqa: PLR2004 - the cutoffs closest() documents


def _distance_within(one: str, other: str, limit: int) -> int | None:
    """The distance (optimal string alignment) if it is at most ``limit``, else None."""
    if abs(len(one) - len(other)) > limit or limit >= len(other):
        return 0 if one == other else None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        previous, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, previous[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None
