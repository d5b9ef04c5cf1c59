"""Statements: one way to write them, and nothing else is read."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.statement import (
    Assurance,
    Content,
    Meaning,
    Statement,
    canonical,
    encode,
    file_name,
    sha256,
)
from isodocs.core.statement_reader import MAX_SIZE, UnreadableStatement, _plain, _read, read

PLAIN = Statement(
    assurance=Assurance.SIGNED,
    content=Content("a" * 64),
    id="SOP-001",
    meaning=Meaning.APPROVED,
    name="Jané Doe",
    next_review=None,
    person="jane-doe",
    predecessor=None,
    qms="3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10",
    reason=None,
    register="b" * 64,
    revision="2",
    role="quality-manager",
    signer="jane-doe",
    source=None,
    time="2026-03-01T10:15:00Z",
    writers=("max-roe",),
)
AUTHORITY = replace(
    PLAIN,
    meaning=Meaning.AUTHORITY,
    content=Content(None, (("isodocs.yml", "c" * 64), ("people.yml", "d" * 64))),
    id=None,
    revision=None,
    writers=(),
)


def value(statement: Statement = PLAIN) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encode(statement))
    return found


def changed(**keys: object) -> bytes:
    return canonical({**value(), **keys})


@pytest.mark.parametrize(
    "statement", [PLAIN, AUTHORITY, replace(PLAIN, reason="why\n", next_review="2028-02-29")]
)
def test_what_is_written_is_read(statement: Statement) -> None:
    assert read(encode(statement)) == statement


def test_it_is_the_json_of_the_format_page() -> None:
    data = encode(PLAIN)
    assert data == (json.dumps(value(), sort_keys=True, indent=2, ensure_ascii=True) + "\n").encode()
    assert set(value()) == {
        *("assurance", "content", "format", "id", "meaning", "name", "next_review", "person", "predecessor"),
        *("qms", "reason", "register", "revision", "role", "signer", "source", "time", "writers"),
    }


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(
    name=NAMES,
    reason=st.none() | NAMES,
    embedded=st.dictionaries(NAMES, DIGESTS, max_size=3),
    writers=st.frozensets(st.text("abc-1", min_size=1, max_size=3), max_size=3),
)
def test_writing_by_hand_equals_json(
    name: str, reason: str | None, embedded: dict[str, str], writers: frozenset[str]
) -> None:
    content = Content("a" * 64, tuple(sorted(embedded.items())))
    statement = replace(PLAIN, name=name, reason=reason, content=content, writers=tuple(sorted(writers)))
    data = encode(statement)
    assert data == canonical(json.loads(data))
    assert read(data) == statement


REFUSED: list[tuple[str, bytes]] = [
    ("not JSON", b"approved"),
    ("not JSON", '{"ä": 1}'.encode()),
    ("not JSON", b"[" * 100_000),
    ("not a JSON object", b"[]\n"),
    ("too large", b" " * (2 << 20)),
    ("canonical", encode(PLAIN).rstrip(b"\n")),
    ("canonical", encode(PLAIN) + b"\n"),
    ("canonical", encode(PLAIN).replace(b"\n", b"\r\n")),
    ("canonical", encode(PLAIN).replace(b'"id": "SOP-001"', b'"id": "SOP-002",\n  "id": "SOP-001"')),
    ("canonical", encode(PLAIN).replace(b"SOP-001", b"\\u0053OP-001")),
    ("format is 2", changed(format=2)),
    ("format is '1'", changed(format="1")),
    ("format is True", changed(format=True)),
    ("canonical", changed(format=1.0)),
    ("unknown key", changed(more=1)),
    ("lacks role", canonical({key: item for key, item in value().items() if key != "role"})),
    ("name is not a text", changed(name=None)),
    ("role is neither", changed(role=1)),
    ("meaning or assurance", changed(meaning="accepted")),
    ("meaning or assurance", changed(assurance=[])),
    ("writers is not a list", changed(writers="max-roe")),
    ("writers is not a list", changed(writers=[1])),
    ("not sorted", changed(writers=["b", "a"])),
    ("not sorted", changed(writers=["a", "a"])),
    ("not a person's id", changed(writers=["Max"])),
    ("person is not", changed(person="../x")),
    ("signer is not", changed(signer="")),
    ("time is not", changed(time="2026-03-01T10:15:00+00:00")),
    ("time is not", changed(time="2026-02-30T10:15:00Z")),
    ("time is not", changed(time="2026-03-01T24:00:00Z")),
    ("next_review", changed(next_review="2026-2-1")),
    ("register is not", changed(register="")),
    ("predecessor is not", changed(predecessor="A" * 64)),
    ("content is not made of", changed(content={"document": "a" * 64})),
    ("content is not made of", changed(content=None)),
    ("document is not a SHA-256", changed(content={"document": "a" * 63, "embedded": {}})),
    ("embedded is not", changed(content={"document": "a" * 64, "embedded": {"a.png": "1"}})),
    ("embedded is not", changed(content={"document": "a" * 64, "embedded": []})),
    ("only there", changed(id=None)),
    ("only there", changed(content={"document": None, "embedded": {}})),
    ("only there", changed(meaning="authority")),
    ("no revision", changed(revision=None)),
    ("not JSON", changed(reason="\ud800")),
]


@pytest.mark.parametrize(("why", "data"), REFUSED, ids=range(len(REFUSED)))
def test_anything_else_is_refused_with_its_reason(why: str, data: bytes) -> None:
    with pytest.raises(UnreadableStatement, match=why):
        read(data)


USUAL = replace(PLAIN, name="Jane Doe", next_review="2027-02-28", role=None, writers=("?", "al", "max-roe"))


def test_the_usual_kind_is_read_as_any_other() -> None:
    """There is a quick way to read it, which must never say anything else than the slow one."""
    data = encode(USUAL)
    others = [
        bytes([*data[:at], new, *data[at + 1 :]]) for at in range(len(data)) for new in _others(data[at])
    ]
    others += [data[:at] + data[at + 1 :] for at in range(len(data))]
    others += [data[: at + 1] + data[at:] for at in range(len(data))]
    plain = [text.replace(b"Jan\\u00e9", b"Jane") for _, text in REFUSED]
    whole = [encode(replace(USUAL, reason="x" * MAX_SIZE)), encode(replace(USUAL, revision="x" * MAX_SIZE))]
    quick = 0
    for one in (data, *others, *plain, *whole):
        found = _plain(one)
        quick += found is not None
        if found is not None:
            assert found == _read(one), one
            assert encode(found) == one
    assert _plain(data) == USUAL
    assert quick > len(data)  # letters of names for other letters


def _others(byte: int) -> tuple[int, ...]:
    return byte ^ 1, byte ^ 0x20, byte ^ 0x80, ord('"'), ord("\n"), ord("5")


def test_a_long_reason_is_too_large() -> None:
    with pytest.raises(UnreadableStatement, match="too large"):
        read(changed(reason="x" * 4096))


def test_files_lie_by_document_revision_meaning_and_person() -> None:
    data = encode(PLAIN)
    assert file_name(data, PLAIN) == f"signatures/SOP-001/2/approved.jane-doe.{sha256(data)[:12]}.json"
    data = encode(AUTHORITY)
    folder = f"signatures/_authority/{AUTHORITY.content.digest[:16]}"
    assert file_name(data, AUTHORITY) == f"{folder}/authority.jane-doe.{sha256(data)[:12]}.json"


@given(
    st.binary(max_size=300)
    | st.integers(0, len(encode(PLAIN)) - 1).map(lambda at: _flipped(encode(PLAIN), at))
)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with contextlib.suppress(UnreadableStatement):
        assert encode(read(data)) == data


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@given(
    document=st.none() | st.just("a" * 64),
    embedded=st.dictionaries(
        st.text(min_size=1, max_size=8), st.sampled_from(["b" * 64, "c" * 64]), max_size=4
    ),
)
def test_the_digest_of_a_content_is_that_of_its_canonical_form(
    document: str | None, embedded: dict[str, str]
) -> None:
    content = Content(document, tuple(sorted(embedded.items())))
    assert content.digest == sha256(canonical({"document": document, "embedded": embedded}))
