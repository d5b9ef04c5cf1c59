"""What is sorted quickly is what sorting line by line gives, of bodies with anything that Markdown knows."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from isodocs.core import markdown, markdown_blocks, markdown_inline, markdown_plain
from isodocs.core.markdown import Outline, outline, picture_targets

PROJECT = Path(__file__).parents[2]
# Lines that are plain, and lines that are nearly so: each may stand above and below each other one.
PLAIN = (
    "", "", "", "", "# Scope", "## Scope", "Text of some words.", "1. first", "- item", "| a | b |",
    "more text", "See [it](a.md#b) and ![p](p.png).", "a `code [x](y)` span", "**Bold** text",
    "   1. inner", "    - inner",
)  # fmt: skip
HOSTILE = (
    " ", "    ", "\t", "\xa0", "\x0b", "\u2028", "#", "######", "####### seven", "# a #", "# #", "#a\\",
    "# a {#x}", "# ein Über ß", "#  two  words ", "# a_b", "# x² 3", "# `a` [l](m.md) {: #y }",
    " # indented", "1. # Heading", "- # Heading", "====", "---",
    "- - -", "***", "_ _ _", "=", "-", "- ", "-", "*", "+ ", "1.", "1. ", "1.\tx", "-\tx", "12.5 mm",
    "2026. was", "1) x", "٣. x", "* a", "+ a", "*a* b", "**a", "* * a", "_a_ b", "__a", "_", "-a", "+a",
    "--- a", "> quote", ">", "  > q", "a > b", "< b", "a < b", "<!-- c -->", "<!--", "-->",
    "a <!-- c --> b", "   <div>", "</div>", '<div id="x">', '<a name="n"></a>', "<br>", "<p markdown>",
    "<b>bold</b> [x](y.md)", "<https://x.y>", "a <img src='q.png'> b", "```", "``` sh", "~~~", "    ```",
    "a ``` b", "[x]: y.md", "[x][x]", "[^1]: note", "[^1] a", "[ ] open", "- [ ] task", "[a](b", "c.md)",
    "[a", "b](c.md)", "!!! note", "!!!", "??? tip", "!x", "![a", "](p.png)", "![p](p.png){ width=1 }",
    "{: #own }", "{#own}", '=== "Tab"', "=x", ": definition", ":x", "/// note", "/x", "|", "  | a |",
    "|---|---|", "| [t](u.md) | `x` |", "    text", "     text", "        text", "        - deep", "  text",
    "  - item", "   - [i](j.md)", "    [k](l.md)", "a  ", "\\", "\\# x", "\\[a](b.md)", "a `b", "c` d",
    "# ![h](h.png) {#z}", "a <IMG src=r.png>", "![p][x]", "![x]", "<İmg src=s.png> !", "\\![a](t.png)",
    "§ 1", "“quoted”", "(a)", "$x$", "&amp; [x](y&amp;z.md)", "😀 [e](f.md)", "ß. x", "²", "²[g](h.md)",
)  # fmt: skip


def slowly(body: str, first: int, monkeypatch: pytest.MonkeyPatch) -> Outline:
    with monkeypatch.context() as patched:
        patched.setattr(markdown_plain, "read", lambda _body: None)
        patched.setattr(markdown, "_WORDS", re.compile("(?!)"))
        return outline(body, first)


def compare(body: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Hold both ways against each other; whether the quick one was taken."""
    found = outline(body, 12)
    assert found == slowly(body, 12, monkeypatch), body
    assert sorted(picture_targets(body)) == sorted(one.target for one in found.pictures), body
    quick = markdown_plain.read(body)
    if quick is None:
        return False
    whole = markdown_blocks.read(body)
    assert (quick.titles, quick.fences, quick.raw, quick.starts) == (
        whole.titles, whole.fences, whole.raw, whole.starts,
    ), body  # fmt: skip
    wanted = [one for one in whole.texts if any(mark in body[slice(*one)] for mark in "[<{")]
    assert quick.texts == wanted, body
    return True


@pytest.mark.parametrize("seed", range(20))
def test_bodies_of_any_lines(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few hostile lines among plain ones, so that what a line does to those after it is seen."""
    dice, quick = random.Random(seed), 0  # noqa: S311 - the same cases each time
    for _ in range(1500):
        share = dice.choice((0, 0.05, 0.2))
        rows = [dice.choice(HOSTILE if dice.random() < share else PLAIN) for _ in range(dice.randint(1, 14))]
        body = "\n".join(rows) + dice.choice(("", "\n", "\n\n", "\n  "))
        quick += compare(body, monkeypatch)
    assert quick > 150


@pytest.mark.parametrize("line", HOSTILE)
def test_one_hostile_line_anywhere(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for above in (
        "",
        "text\n",
        "- item\n",
        "1. a\n    - b\n",
        "# Head\n",
        "| a |\n",
        "- item\n\n",
        "text\n\n",
    ):
        for below in (
            "",
            "\n",
            "\ntext [x](y.md)",
            "\n- [x](y.md)\n- z",
            "\n\n    [x](y.md)",
            "\n# Next",
            "\n====",
        ):
            compare(above + line + below, monkeypatch)


@pytest.mark.parametrize("seed", range(5))
def test_bodies_of_any_characters(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same cases each time
    letters = "ab 1.-*#|[](){}!`<>_\\:=~\n\n\n\t\u00a0ä"
    for _ in range(2000):
        weights = [dice.choice((0, 1, 1, 5)) for _ in letters]
        weights[0] += 9
        compare("".join(dice.choices(letters, weights, k=dice.randint(1, 60))), monkeypatch)


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("example-qms/documents/**/*.md")), ids=lambda path: path.stem
)
def test_documents_as_people_write_them(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = path.read_text("utf-8").split("\n---\n", 1)[1]
    compare(body, monkeypatch)
    for row, line in enumerate(body.split("\n")):  # and with each line said twice, or left out
        rows = body.split("\n")
        compare("\n".join([*rows[:row], line, *rows[row:]]), monkeypatch)
        compare("\n".join(rows[:row] + rows[row + 1 :]), monkeypatch)


@pytest.mark.parametrize(
    "text", ["a[", "[a](b.md)\n", "- [\n", "#", "\n", "1. ", " ", "{\n\n", "# a\n", "- ", "1"]
)
def test_nothing_takes_long(text: str) -> None:
    markdown_plain.read(text * 30_000)
    markdown_plain.read(text * 30_000 + "[x\n#")


def test_what_is_read_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body of the usual kind is not sorted line by line, and its plain stretches are not searched."""

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(markdown_blocks, "read", never)
    searched: list[str] = []
    pieces = markdown_inline.pieces

    def listed(text: str, references: dict[str, str]) -> list[markdown_inline.Piece]:
        searched.append(text)
        return pieces(text, references)

    monkeypatch.setattr(markdown_inline, "pieces", listed)
    found = outline("# Purchasing\n\nWe buy.\n\n1. One.\n2. See [it](a.md).\n3. Three.\n")
    assert [link.target for link in found.links] == ["a.md"]
    assert searched == ["2. See [it](a.md).\n"]
