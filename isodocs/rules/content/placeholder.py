"""CT102, placeholder: words that wait to be replaced.

What: The text, or a value of the front matter, holds a placeholder of the settings (`TODO`, `TBD`, `FIXME`,
`<…>` if they do not say). `…` in a placeholder stands for any words, so that `<…>` finds `<name of the
machine>`. Code, comments and HTML are left out.

Why: A procedure with a hole in it cannot be followed, and should not be approved.

Good: The sentence is finished.

Bad: `The limit is <value from engineering>.`
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from isodocs.core.nodes import Scalar
from isodocs.core.problem import Problem, Span
from isodocs.rules.base import WARNING, Family, id_of, rule
from isodocs.rules.content.prose import found
from isodocs.rules.examples import BODY, GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

_ANYTHING = "…"
_WORDS = r"[^<>\s](?:[^<>\n]{0,78}?[^<>\s])?"
_TAGS = frozenset(
    """
    a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center
    cite code col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption
    figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label
    legend li link main map mark menu meta meter nav noscript object ol optgroup option output p param
    picture pre progress q rp rt ruby s samp script search section select slot small source span strike
    strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt
    u ul var video wbr
    """.split()  # noqa: SIM905 - a literal would be a line a tag
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>")


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Look for the placeholders of the settings."""
    pattern, signs = _sought(premises.content.placeholders)
    if pattern is None:
        return
    in_front = _in_front_matter(reading, pattern) if _holds(_values(reading), signs) else ()
    in_body = found(reading, pattern) if _holds(reading.parsed.body, signs) else ()
    for words, span in (*in_front, *in_body):
        if not _is_html(words):
            message = f"Here stands the placeholder `{words}`."
            fix = "Write what belongs there, or put it in backticks if it is meant to be read."
            yield Problem("CT102", message, fix, reading.path, span, id_of(reading))


@cache
def _sought(placeholders: tuple[str, ...]) -> tuple[re.Pattern[str] | None, frozenset[str]]:
    """What to look for, and the words without one of which nothing will be found."""
    return _pattern(placeholders), frozenset(text.split(_ANYTHING)[0] for text in placeholders)


def _pattern(placeholders: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for all placeholders; words are found as whole words."""
    parts = []
    for text in placeholders:
        if text.strip(_ANYTHING + " "):
            inner = _WORDS.join(re.escape(part) for part in text.split(_ANYTHING))
            before = r"(?<!\w)" if text[0].isalnum() else ""
            after = r"(?!\w)" if text[-1].isalnum() else ""
            parts.append(f"{before}{inner}{after}")
    return re.compile("|".join(parts)) if parts else None


def _holds(text: str, signs: frozenset[str]) -> bool:
    return any(sign in text for sign in signs)


def _values(reading: Reading) -> str:
    """The texts of the front matter, one below the other."""
    entries = reading.parsed.front.entries if reading.parsed.front else ()
    return "\n".join([entry.value.text for entry in entries if isinstance(entry.value, Scalar)])


def _in_front_matter(reading: Reading, pattern: re.Pattern[str]) -> Iterator[tuple[str, Span]]:
    for entry in reading.parsed.front.entries if reading.parsed.front else ():
        if isinstance(entry.value, Scalar) and (match := pattern.search(entry.value.text)):
            yield match[0], entry.value.span


def _is_html(words: str) -> bool:
    tag = _TAG.fullmatch(words)
    return tag is not None and tag[1].lower() in _TAGS


RULE = rule(
    __doc__,
    "CT102",
    "placeholder",
    Family.CONTENT,
    examine=examine,
    draft=WARNING,
    good=GOOD,
    bad=document(f"{BODY}\nThe limit is <value from engineering>.\n"),
)
