"""CT104, empty: a document or a section without text.

What: There is nothing below the front matter, or nothing between a heading and the next one of the same
or a higher level. Comments are nothing.

Why: An empty section looks as if somebody had decided that there is nothing to say.

Good: Every section says something, be it "Not applicable, because …".

Bad: "Scope" is followed by "Responsibilities" at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem, Span
from isodocs.rules.base import UNREADABLE, WARNING, Family, id_of, rule
from isodocs.rules.content.prose import lines
from isodocs.rules.examples import GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

_UNDERLINE = "=-"


def examine(reading: Reading, _premises: Premises) -> Iterator[Problem]:
    """Look between the headings."""
    rows = _visible(reading)
    if any(not row.isspace() for row in rows if row):
        yield from _sections(reading, rows)
        return
    line = reading.parsed.body_line
    message, fix = "The document has no text.", "Write it below the front matter."
    yield Problem("CT104", message, fix, reading.path, Span(line, 1, line, 1), id_of(reading))


def _sections(reading: Reading, rows: list[str]) -> Iterator[Problem]:
    first, headings = reading.parsed.body_line, reading.outline.headings
    for heading, following in zip(headings, [*headings[1:], None], strict=False):
        if following is not None and following.level > heading.level:
            continue
        start = heading.span.end_line - first + 1
        end = following.span.line - first if following is not None else len(rows)
        between = (row for line in rows[start:end] if (row := line.strip()))
        if not next(between, "").strip(_UNDERLINE) and not next(between, ""):
            message = f"The section `{heading.text}` is empty."
            fix = "Write its text, or remove the heading."
            yield Problem("CT104", message, fix, reading.path, heading.span, id_of(reading))


def _visible(reading: Reading) -> list[str]:
    """The lines without comments."""
    rows = lines(reading)
    if "<!--" not in reading.parsed.body:
        return rows
    body, text = "\n".join(rows), []
    while "<!--" in body:
        before, _, rest = body.partition("<!--")
        comment, _, body = rest.partition("-->")
        text.append(before + "\n" * comment.count("\n"))
    return "".join([*text, body]).split("\n")


RULE = rule(
    __doc__,
    "CT104",
    "empty",
    Family.CONTENT,
    examine=examine,
    draft=WARNING,
    good=GOOD,
    bad=document("# Purchasing\n\n## Purpose\n\nWe buy.\n\n## Scope\n"),
    requires=UNREADABLE,
)
