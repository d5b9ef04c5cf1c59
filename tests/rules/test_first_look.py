"""Rules that look first whether there is anything to find find what they would find without that look."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from isodocs.core.reading import read_document
from isodocs.core.settings import ContentSettings
from isodocs.rules.content import conflict, empty, placeholder, vague
from isodocs.rules.content.prose import found, lines
from isodocs.rules.premises import Premises

if TYPE_CHECKING:
    from isodocs.core.library import Reading

SETTINGS = (
    ContentSettings(),
    ContentSettings(placeholders=("T…", "…x", "a b", "<…>", "…"), vague=("Wide", "is  it", "wide open", "ß")),
    ContentSettings(placeholders=(), vague=()),
)
ROWS = (
    "# Head", "## Scope", "### Purpose", "", "", "", " ", "\t", "\x0b", "\u00a0", "\u2028", "text", "TODO",
    "TBD x", "T1", "a b", "a\tb",
    "<name of it>", "<b>", "< a", "<<<<<<< HEAD", ">>>>>>> x", "||||||| y", "<<<<<<", " <<<<<<<",
    "<<<<<<<<", "=======", "====",
    "---", "-", "=-=", "- ", "- - -", "<!-- c -->", "<!--", "-->", "<!-- TODO -->", "as appropriate",
    "If Necessary", "if\nnecessary",
    "wide", "WIDE OPEN", "is it", "is\nit", "ẞ", "`TODO`", "```", "[x](TODO.md)", "> quote", "TODO\r",
    "Head\n====", "Head\n----",
)  # fmt: skip
VALUES = ("x", "TODO", "'a b'", "<name>", "[TODO]", "{a: TODO}", "T", "'x T'", "")


def documents(seed: int) -> list[Reading]:
    dice = random.Random(seed)  # noqa: S311 - the same cases each time
    made = []
    for _ in range(600):
        front = [f"{key}: {dice.choice(VALUES)}" for key in ("title", "owner", "change")]
        end = dice.choice(("\n", "\n", "\r\n"))
        body = end.join(dice.choices(ROWS, k=dice.randint(0, 10)))
        text = "\n".join(["---", *front, "id: SOP-001", "---", body])
        made.append(read_document("documents/SOP-001.md", text.encode()))
    return made


def premises(content: ContentSettings) -> Premises:
    return Premises((), {}, content, {}, lambda _: iter(()))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("content", SETTINGS)
def test_words(seed: int, content: ContentSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    for reading in documents(seed):
        quick = list(placeholder.examine(reading, premises(content)))
        with monkeypatch.context() as patched:
            patched.setattr(placeholder, "_holds", lambda _text, _signs: True)
            assert quick == list(placeholder.examine(reading, premises(content)))
        pattern = vague._pattern(content.vague)
        wanted = [span for _, span in found(reading, pattern)] if pattern else []
        assert [one.span for one in vague.examine(reading, premises(content))] == wanted


@pytest.mark.parametrize("seed", range(6))
def test_marks_of_a_merge(seed: int) -> None:
    for reading in documents(seed):
        first = reading.parsed.body_line
        marks = ("<<<<<<<", ">>>>>>>", "|||||||")
        wanted = [
            number
            for number, line in enumerate(lines(reading), first)
            if line.startswith(marks) and line[7:8] in {"", " "}
        ]
        assert [one.span.line for one in conflict.examine(reading, premises(ContentSettings()))] == wanted


def is_empty(rows: list[str]) -> bool:
    """Whether lines say nothing: the first may underline the heading above."""
    said = [row.strip() for row in rows if row.strip()]
    return not [row for number, row in enumerate(said) if number or not set(row) <= {"=", "-"}]


@pytest.mark.parametrize("seed", range(6))
def test_empty_sections(seed: int) -> None:
    seen = set()
    for reading in documents(seed):
        rows, first = empty._visible(reading), reading.parsed.body_line
        spans = [one.span for one in empty.examine(reading, premises(ContentSettings()))]
        if not "".join(rows).strip():
            assert [span.line for span in spans] == [first]
            continue
        headings = reading.outline.headings
        wanted = []
        for number, heading in enumerate(headings):
            following = headings[number + 1] if number + 1 < len(headings) else None
            if following is not None and following.level > heading.level:
                continue
            end = following.span.line - first if following else len(rows)
            if is_empty(rows[heading.span.end_line - first + 1 : end]):
                wanted.append(heading.span)
        assert spans == wanted
        seen.add(bool(wanted))
    assert seen == {True, False}
