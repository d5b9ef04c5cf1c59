"""What is read quickly says what the reading in full says, of 20,000 documents with any sort of fault."""

from __future__ import annotations

import codecs
import hashlib
import random
import sys
from typing import TYPE_CHECKING

import pytest

from isodocs.core import document, frontmatter, markdown, plain_front, text

if TYPE_CHECKING:
    from collections.abc import Callable

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


# Below a key: each line may stand above and below each other one.
BELOW = (
    "  - name: List", "    keeper: quality-manager", "    retention: 3 years", "  - name: Other list",
    "    keeper: 'a: b'", "  - item", "  - x:y", "  method: read", "  lead_days: 5", "- name: x",
    "  keeper: y", "- item", "    - deep", "    - name: z", "  -   name: wide", "      keeper: w",
    "  - name:", "  method:", "  - [a, b]", "  - name: [a, b]", "  - {a: b}", "  - name: {a: b}",
    "  - name: x # c", "  # comment", "", "   odd: x", "   - odd", "  - - a", "  -x: y", "  name : x",
    '  "name": x', "  ? a",
    "  <<: x", "  *a : b", "  - &a x", "\tname: x", "  name:\tx", "  -\tname: x", "  - name: |", "  word",
    "    word", "word", "  no: on", "  1: x", "  x-y_z: 2027-01-01", "  é: x", "  - é", "  - name: é",
    "  -name: x", "  - 'q' ", '  - ""', "  name: ''",
)  # fmt: skip


def told(value: object) -> object:
    """What quick reading says of a value: of a list its texts, of keys with values nothing."""
    if isinstance(value, list):
        return tuple(one for one in value if isinstance(one, str))
    return "" if isinstance(value, dict) else value


def compare(data: bytes) -> bool:
    """Hold both ways of reading a document against each other; whether the quick one was taken."""
    parsed = frontmatter.parse(data)
    assert document.read(data) == document.from_parsed(parsed, hashlib.sha256(data).hexdigest()), data
    plain = plain_front.read(data)
    if plain is None:
        return False
    assert (parsed.problems, parsed.body) == ((), plain.body.decode()), data
    assert parsed.front is not None
    found = frontmatter.bare(parsed.front)
    assert isinstance(found, dict)
    assert plain.values == {key: told(one) for key, one in found.items()}, data
    return True


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
        quick += compare(made(dice))
    assert quick > 50


@pytest.mark.parametrize("seed", range(20))
def test_whatever_stands_below_a_key(seed: int) -> None:
    dice, quick = random.Random(seed), 0  # noqa: S311 - as above
    for _ in range(600):
        rows = dice.choices(BELOW[: dice.choice([5, 11, 11, len(BELOW)])], k=dice.randrange(1, 6))
        key = dice.choice(["records", "records", "payload", "training", "approvers", "title"])
        after = dice.choice(["", "owner: x\n", "records:\n"])
        quick += compare("\n".join(["---", "id: SOP-001", f"{key}:", *rows, f"{after}---\ntext"]).encode())
    assert quick > 20


@pytest.mark.parametrize("above", BELOW)
def test_any_two_lines_below_a_key(above: str) -> None:
    for line in BELOW:
        for first in ("", "  - name: first\n", "  method: x\n"):
            compare(f"---\nid: SOP-001\nrecords:\n{first}{above}\n{line}\n---\n".encode())


def cut_off(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def very_long(data: bytes, dice: random.Random) -> bytes:
    length = plain_front.LONGEST + dice.randrange(-100, 100)
    return data.replace(b"title: ", b"title: " + b"long " * (length // 5), 1)


def with_a_character_apart(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + b"\xc3" + data[place : place + 1] + b"\xa9" + data[place + 1 :]


def in_another_encoding(data: bytes, dice: random.Random) -> bytes:
    words = data.decode("utf-8", "replace")
    name = dice.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig"])
    return words.encode(name, "replace")


def with_overlong_letters(data: bytes, _: random.Random) -> bytes:
    return data.replace(b"e", b"\xc0\xa5")


def with_another_end(data: bytes, dice: random.Random) -> bytes:
    ends = ["--- ", "...", "----", "---\n---", " ---", "\n---", "---\r", "---\t", "---x", "-- -"]
    return data.replace(b"\n---\n", f"\n{dice.choice(ends)}\n".encode(), 1)


def with_another_beginning(data: bytes, dice: random.Random) -> bytes:
    beginnings = [
        "--- ",
        "\n---",
        " ---",
        "---\n---",
        "--- # x",
        "----",
        "---\r",
        "---\n",
        "--- id: x",
        "",
        "---\n# x",
    ]
    return data.replace(b"---\n", f"{dice.choice(beginnings)}\n".encode(), 1)


def with_other_gaps(data: bytes, dice: random.Random) -> bytes:
    gaps = ":|:  |:\t|: \t| : |:\n |:\u00a0|:\u3000|: &a |: *a |: !!str |: - |: ? |: # |: |-|: \ufeff"
    return data.replace(b": ", dice.choice(gaps.split("|")).encode(), dice.randrange(1, 4))


ATTACKS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut_off,
    very_long,
    with_a_character_apart,
    in_another_encoding,
    with_overlong_letters,
    with_another_end,
    with_another_beginning,
    with_other_gaps,
)


def hostile(dice: random.Random) -> bytes:
    """A document that no editor of today saves so, or that was cut off, or that is very long."""
    return dice.choice(ATTACKS)(made(dice), dice)


@pytest.mark.parametrize("seed", range(10))
def test_hostile_documents(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - documents, no secrets
    for _ in range(1000):
        compare(hostile(dice))


@pytest.mark.parametrize("seed", range(5))
def test_words_of_files(seed: int) -> None:
    dice, folded = random.Random(seed), 0  # noqa: S311 - as above
    for _ in range(2000):
        data = hostile(dice) if dice.random() < 0.5 else made(dice)
        start = dice.choice([0, data.find(b"\n") + 1])
        found, (_, problems) = text.words(data, start), text.decode(data)
        if found is None:
            assert problems, data
        else:
            folded += 1
            assert found == " ".join(data[start:].decode().split()).encode(), data
            assert not problems or data.startswith(codecs.BOM_UTF8), data
    assert folded > 500


def test_no_character_escapes_the_folding() -> None:
    for code in (*range(0x300), *range(0x1600, 0x3100), *range(0xFE00, 0x10100), 0x1FFFE, sys.maxunicode):
        if not 0xD800 <= code < 0xE000:
            words = f"a {chr(code)} b{chr(code)}{chr(code)}\n\n\n  c{chr(code)}"
            for data in (words.encode(), f"{words} ü".encode()):
                quick, (_, problems) = text.words(data), text.decode(data)
                assert (quick is None) == bool(problems), hex(code)
                assert quick in {None, " ".join(data.decode().split()).encode()}, hex(code)


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
    plain = plain_front.read(data)
    assert plain is not None
    values, body = plain.values, plain.body.decode()
    assert (values["title"], values["approvers"], values["clauses"], values["change"]) == (
        "x: y",
        ("a", "b"),
        ("7.5",),
        "",
    )
    assert body == "\ntext\n"
    assert plain_front.read(b"---\n" + b"x: y\n" * 4000 + b"---\n") is None
