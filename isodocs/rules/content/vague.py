"""CT105, vague-word: words that leave the reader to decide.

What: The text holds one of the `vague` words of the settings ("as appropriate", "if necessary" if they do
not say).

Why: Two people who follow the same procedure must do the same. Who judges what is appropriate, and by what?

Good: "Above 10 µm deviation, the gauge is adjusted."

Bad: "The gauge is adjusted if necessary."
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.rules.base import WARNING, Family, id_of, judged_readings, rule
from isodocs.rules.content.prose import found
from isodocs.rules.examples import BODY, GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Look for the vague words of the settings."""
    phrases = library.settings.content.vague
    pattern = _pattern(phrases)
    if pattern is None:
        return
    signs = {max(phrase.lower().split(), key=len, default="") for phrase in phrases}
    for reading in judged_readings(library):
        text = reading.parsed.body.lower()
        if not any(sign in text for sign in signs):
            continue
        for words, span in found(reading, pattern):
            message = f"`{words}` leaves it to the reader."
            yield Problem("CT105", message, "Say when, who or how much.", reading.path, span, id_of(reading))


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
    check,
    draft=WARNING,
    release=WARNING,
    good=GOOD,
    bad=document(f"{BODY}\nThe gauge is adjusted if necessary.\n"),
)
