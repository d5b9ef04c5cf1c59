"""CT106, same-as-template: a document that is still its template.

What: Every line of the text, headings apart, stands in the template of the document's type as well. The
template is the file the settings name, as long as it is among the protected files.

Why: A system of filled-in templates exists on paper only; auditors know the common ones by heart.

Good: The text says what this company does.

Bad: The document is a copy of `templates/sop.md` with an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem, Span
from isodocs.rules.base import UNREADABLE, WARNING, Family, rule
from isodocs.rules.content.prose import lines
from isodocs.rules.examples import BODY, GOOD, document
from isodocs.rules.premises import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Reading
    from isodocs.rules.premises import Premises

_TEMPLATE = "templates/sop.md"


def examine(reading: Reading, premises: Premises) -> Iterator[Problem]:
    """Compare the text with the template of its type."""
    kind = premises.kind(reading.id)
    known = premises.known_sentences.get(kind.template) if kind and kind.template else None
    own = sentences(lines(reading)) if known else frozenset()
    if known and own and own <= known:
        message = f"The text is still that of its template, {kind.template if kind else ''}."
        line = reading.parsed.body_line
        fix = "Write what is done here, by whom and how."
        span = Span(line, 1, line, 1)
        yield Problem("CT106", message, fix, reading.path, span, reading.id)


RULE = rule(
    __doc__,
    "CT106",
    "same-as-template",
    Family.CONTENT,
    examine=examine,
    draft=WARNING,
    good={**GOOD, _TEMPLATE: "## Purpose\n\nSay what it is for.\n\n## Scope\n\nSay where it applies.\n"},
    bad={**document(BODY), _TEMPLATE: f"---\nid: SOP-000\n---\n\n{BODY}"},
    requires=UNREADABLE,
)
