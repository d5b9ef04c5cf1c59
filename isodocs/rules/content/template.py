"""CT106, same-as-template: a document that is still its template.

What: Every line of the text, headings apart, stands in the template of the document's type as well. The
template is the file the settings name, as long as it is among the protected files.

Why: A system of filled-in templates exists on paper only; auditors know the common ones by heart.

Good: The text says what this company does.

Bad: The document is a copy of `templates/sop.md` with an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import frontmatter
from isodocs.core.problem import Problem, Span
from isodocs.rules.base import UNREADABLE, WARNING, Family, judged_readings, kind_of, known_types, rule
from isodocs.rules.content.prose import lines
from isodocs.rules.examples import BODY, GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isodocs.core.library import Library

_TEMPLATE = "templates/sop.md"


def check(library: Library) -> Iterator[Problem]:
    """Compare each document with the template of its type."""
    templates = _templates(library)
    for reading in judged_readings(library):
        kind = kind_of(library, reading.document.id)
        known = templates.get(kind.template or "") if kind else None
        own = _sentences(lines(reading)) if known else frozenset()
        if known and own and own <= known:
            message = f"The text is still that of its template, {kind.template if kind else ''}."
            line = reading.parsed.body_line
            fix = "Write what is done here, by whom and how."
            span = Span(line, 1, line, 1)
            yield Problem("CT106", message, fix, reading.path, span, reading.document.id)


def _templates(library: Library) -> dict[str, frozenset[str]]:
    """The sentences of each template, by its path."""
    paths = {kind.template for kind in known_types(library).values() if kind.template}
    digests = {
        library.evidence.digests[entry.oid]: path
        for path in sorted(paths)
        if (entry := library.files.get(path)) is not None and entry.oid in library.evidence.digests
    }
    blobs = dict(library.blobs(sorted(digests))) if digests else {}
    return {
        digests[digest]: _sentences(frontmatter.parse(data).body.splitlines())
        for digest, data in blobs.items()
    }


def _sentences(rows: Iterable[str]) -> frozenset[str]:
    """The lines that say something, white space folded; headings say nothing yet."""
    folded = (" ".join(row.split()) for row in rows)
    return frozenset(row for row in folded if row and not row.startswith("#"))


RULE = rule(
    __doc__,
    "CT106",
    "same-as-template",
    Family.CONTENT,
    check,
    draft=WARNING,
    good={**GOOD, _TEMPLATE: "## Purpose\n\nSay what it is for.\n\n## Scope\n\nSay where it applies.\n"},
    bad={**document(BODY), _TEMPLATE: f"---\nid: SOP-000\n---\n\n{BODY}"},
    requires=UNREADABLE,
)
