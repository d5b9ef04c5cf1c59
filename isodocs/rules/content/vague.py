"""CT105, vague-word: words that leave the reader to decide.

What: The text holds one of the `vague` words of the settings ("as appropriate", "if necessary" if they do
not say).

Why: Two people who follow the same procedure must do the same. Who judges what is appropriate, and by what?

Good: "Above 10 µm deviation, the gauge is adjusted."

Bad: "The gauge is adjusted if necessary."
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import WARNING, Family, id_of, rule
from isodocs.rules.content.prose import found
from isodocs.rules.examples import BODY, GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Look for the vague words of the settings."""
    pattern, signs = _sought(premises.content.vague)
    text = reading.parsed.body.lower()
    if pattern is None or not any(sign in text for sign in signs):
        return
    for words, span in found(reading, pattern):
        message = f"`{words}` leaves it to the reader."
        yield Problem("CT105", message, "Say when, who or how much.", reading.path, span, id_of(reading))


@cache
def _sought(phrases: tuple[str, ...]) -> tuple[re.Pattern[str] | None, frozenset[str]]:
    """What to look for, and the words without one of which nothing will be found."""
    return _pattern(phrases), frozenset(max(one.lower().split(), key=len, default="") for one in phrases)


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for all phrases, the longest first; white space between words may be any."""
    words = [r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(phrases, key=len, reverse=True)]
    parts = [rf"(?<!\w){word}(?!\w)" for word in words if word]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


RULE = rule(
    __doc__,
    "CT105",
    "vague-word",
    Family.CONTENT,
    examine=examine,
    draft=WARNING,
    release=WARNING,
    good=GOOD,
    bad=document(f"{BODY}\nThe gauge is adjusted if necessary.\n"),
)
