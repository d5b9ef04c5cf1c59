"""What is read quickly says what the reading in full says, of 20,000 documents with any sort of fault."""

from __future__ import annotations

import hashlib
import random
import sys

import pytest

from isodocs.core import document, frontmatter, markdown, plain_front, text

LINES = (
    "id: SOP-001",
    "id: sop-1",
    "title: Purchasing",
    "title: Einkauf für Büros – “neu”",
    'title: "Purchasing: services"',
    "title: 'It''s'",
    'title: "a \\" b"',
    "title: a: b",
    "title: a:b #c",
    "title: a#b",
    "title: x ",
    "title:   wide",
    "title:\tx",
    "title:",
    "title: # none",
    "title: [",
    "title: {a: b}",
    "title: |\n  one\n  two",
    "title: >-\n  one",
    "title: one\n  two",
    "title: &a x",
    "title: *a",
    "title: !str x",
    "title: '' ",
    'title: ""',
    "title: @x",
    "title: - x",
    "title: -x",
    "title: ?x",
    "title: a\u00a0b",
    "title: a\u2028b",
    "title: \ufeffb",
    "title: \U0001f600",
    "title: ²",
    "revision: 1.10",
    "revision: 0x1F",
    "owner: no",
    "owner: process-owner",
    "on: yes",
    "<<: x",
    "x-note: 1:2",
    "a b: c",
    "review_date: 2027-12-31",
    "effective_date: 31.12.2027",
    "change: Step 10, made [clearer] {x} & more!",
    "approvers: [bob, 'jane', \"x, y\"]",
    "approvers: [bob,, x]",
    "approvers: [a: b]",
    "approvers: [[a], b]",
    "approvers: []",
    "approvers: [ a , b ]",
    "approvers: [a",
    "approvers: bob",
    "approvers:\n- bob\n- jane",
    "approvers:\n  - bob\n  - x: y",
    "approvers:\n  - bob\n - jane",
    "approvers:\n  - bob\n   - jane",
    "approvers:\n  - [a]",
    "approvers:\n  -",
    "approvers:\n  -   'a b'  ",
    "- x",
    "  - x",
    "payload: data.xlsx",
    "payload: [a.csv, ../b.csv]",
    'clauses: ["7.5", "8.5.1"]',
    "supersedes: []",
    "# comment",
    "",
    "---",
    "...",
    "%YAML 1.2",
    "training: {method: x}",
    "training:\n  method: x",
)
BODIES = (
    "# Title\n\nWe do it.  Twice.\n\n- one\n-  two\n",
    "a\tb\x0bc\u3000d\u00a0e\r\nf",
    "![A](a.png) and <img src=b.png> <IMG SRC='c.png'> <\u0131mg src=x>\n",
    "![R][ref] ! [no] ![ref]\n\n[ref]: d.png 'x'\n",
    "`![code](e.png)`\n\n```\n![f](f.png)\n```\n",
    "",
    "\n\n\n",
    "ends without",
    "\u2028\u2029\u205f\u1680",
)
SPECIAL = ":#-[]{}'\"\\,|>!&*?%@`\t\r\n \u00a0\u2028\u0085\ufeff\x00\x1b\x7f\u0131é\ufffe\U0001f600abc1"


def made(dice: random.Random) -> bytes:
    """A document, sound or not."""
    lines = ["id: SOP-001", *dice.choices(LINES, k=dice.randrange(6))]
    if dice.random() < 0.2:
        dice.shuffle(lines)
    words = "---\n" + "".join(f"{line}\n" for line in lines) + "---\n"
    words += "".join(dice.choices(BODIES, k=dice.randrange(4)))
    for _ in range(dice.choice([0, 0, 1, 1, 2, 5])):
        place = dice.randrange(len(words) if dice.random() < 0.3 else min(len(words), 120))
        words = words[:place] + dice.choice([*SPECIAL, ""]) + words[place + dice.randrange(2) :]
    data = words.encode()
    if dice.random() < 0.05:
        data = data.replace(b"\n", dice.choice([b"\r\n", b"\r"]))
    if dice.random() < 0.05:
        place = dice.randrange(len(data))
        data = data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]
    return data


@pytest.mark.parametrize("seed", range(20))
def test_quick_and_full_reading_agree(seed: int) -> None:
    dice, quick = random.Random(seed), 0  # noqa: S311 - documents, no secrets
    for _ in range(1000):
        data = made(dice)
        parsed = frontmatter.parse(data)
        digest = hashlib.sha256(data).hexdigest()
        assert document.read(data) == document.from_parsed(parsed, digest), data
        plain = plain_front.read(data)
        if plain is not None:
            quick += 1
            values, body = plain
            assert (parsed.problems, parsed.body) == ((), body), data
            front = parsed.front
            assert front is not None
            found = frontmatter.bare(front)
            assert isinstance(found, dict)
            assert values == {key: tuple(one) if isinstance(one, list) else one for key, one in found.items()}
    assert quick > 50


@pytest.mark.parametrize("seed", range(5))
def test_digests_of_bodies(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - as above
    spaces = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    for _ in range(2000):
        body = "".join(dice.choices([*spaces, " ", " ", "\n", "\n", "a", "ä", "b c", "\u200b", "  "], k=30))
        body = "".join(letter for letter in body if dice.random() < 0.9 or letter.isalpha())
        plain = hashlib.sha256(" ".join(body.split()).encode()).hexdigest()
        assert markdown.body_digest(body) == plain, body


def test_control_characters_are_found_among_others() -> None:
    for code in (*range(0x20), *range(0x7F, 0xA1), 0x2028, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE):
        found, problems = text.decode(f"äö “x”{chr(code)}y".encode())
        assert found == f"äö “x”{chr(code)}y"
        named = (
            (code < 0x20 and chr(code) not in "\t\n\r") or 0x7F <= code <= 0x9F or code in {0xFFFE, 0xFFFF}
        )
        assert bool(problems) == named, hex(code)


def test_what_is_read_quickly() -> None:
    data = (
        b"---\nid: SOP-001\ntitle: 'x: y'\napprovers: [a, b]\nclauses:\n  - \"7.5\"\nchange:\n---\n\ntext\n"
    )
    values, body = plain_front.read(data) or ({}, "")
    assert (values["title"], values["approvers"], values["clauses"], values["change"]) == (
        "x: y",
        ("a", "b"),
        ("7.5",),
        "",
    )
    assert body == "\ntext\n"
    assert plain_front.read(b"---\n" + b"x: y\n" * 4000 + b"---\n") is None
