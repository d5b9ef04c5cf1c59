"""What git says of a push, and what no push may touch, by name alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.problem import CannotRun
from isodocs.gates.updates import Update, folded, objection, read

ZERO, ONE, TWO = "0" * 40, "1" * 40, "2" * 40


def asked(ref: str, new: str | None = ONE, old: str | None = None) -> Update:
    return Update(ref, old, new)


def test_lines_of_git_are_read() -> None:
    data = f"{ZERO} {ONE} refs/heads/main\n{ONE} {ZERO} refs/heads/old one\n{ONE} {TWO} refs/tags/é\n"
    assert read(data.encode()) == (
        Update("refs/heads/main", None, ONE),
        Update("refs/heads/old one", ONE, None),
        Update("refs/tags/é", ONE, TWO),
    )


def test_names_that_are_no_text_survive() -> None:
    [update] = read(f"{ONE} {TWO} refs/heads/".encode() + b"\xff\n")
    assert update.ref.encode("utf-8", "surrogateescape") == b"refs/heads/\xff"


def test_long_object_names_are_read() -> None:
    [update] = read(f"{'0' * 64} {'a' * 64} refs/heads/main\n".encode())
    assert update == Update("refs/heads/main", None, "a" * 64)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"refs/heads/main\n",
        f"{ONE} {TWO} refs/heads/main".encode(),
        f"{ONE} {TWO} refs/heads/main\n\n".encode(),
        f"{ONE} {TWO} main\n".encode(),
        f"{ONE} {TWO[:39]} refs/heads/main\n".encode(),
        f"{ONE} {TWO.replace('2', 'G')} refs/heads/main\n".encode(),
        f"{ONE} {TWO} refs/heads/main\n{ONE} {TWO} refs/heads/main\n".encode(),
        f"{ONE} {TWO} refs/heads/ma\0in\n".encode(),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(CannotRun):
        read(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        found = read(data)
    except CannotRun:
        return
    assert all(update.ref.startswith("refs/") for update in found)


@pytest.mark.parametrize(
    ("ref", "word"),
    [
        ("refs/replace/" + ONE, "replace an object"),
        ("refs/Replace/" + ONE, "replace an object"),
        ("refs/replace", "replace an object"),
        ("refs/isodocs/push-certificates", "kept by the server"),
        ("refs/ISODOCS/x", "kept by the server"),
        ("refs/isodocs", "kept by the server"),
        ("refs/heads/Main", "nothing but case"),
        ("refs/HEADS/main", "nothing but case"),
        ("refs/heads/MAIN/topic", "side by side"),
        ("refs/Heads", "side by side"),
        ("refs/main", "same name"),
        ("refs/tags/main", "same name"),
        ("refs/tags/MAIN", "same name"),
        ("refs/tags/origin/main", "same name"),
        ("refs/remotes/main", "same name"),
        ("refs/remotes/main/HEAD", "same name"),
        ("refs/heads/HEAD", "HEAD itself"),
        ("refs/tags/HEAD", "HEAD itself"),
        ("refs/head", "HEAD itself"),
        ("refs/remotes/origin/main", "could be taken for main"),
        ("refs/remotes/origin/Main", "could be taken for main"),
    ],
)
def test_what_no_push_may_make(ref: str, word: str) -> None:
    refusal = objection(asked(ref), "main")
    assert refusal is not None
    assert word in refusal.what
    assert refusal.instead


@pytest.mark.parametrize(
    "ref",
    [
        "refs/heads/main",
        "refs/heads/mainline",
        "refs/heads/max/main",
        "refs/heads/feature/HEAD",
        "refs/tags/v1",
        "refs/tags/main-2026",
        "refs/notes/commits",
        "refs/replaced",
        "refs/isodocs-own/x",
    ],
)
def test_what_a_push_may_make(ref: str) -> None:
    assert objection(asked(ref), "main") is None


def test_a_name_written_in_two_ways_is_one_name() -> None:
    assert folded("refs/heads/qualit\u00e4t") == folded("refs/heads/qualita\u0308t")
    refusal = objection(asked("refs/heads/qualita\u0308t"), "qualit\u00e4t")
    assert refusal is not None


def test_names_that_could_be_taken_for_the_mainline_may_go() -> None:
    for ref in ("refs/heads/Main", "refs/tags/main", "refs/replace/" + ONE, "refs/heads/HEAD"):
        assert objection(asked(ref, None, ONE), "main") is None


def test_the_mainline_and_the_servers_own_refs_stay() -> None:
    for ref in ("refs/heads/main", "refs/isodocs/push-certificates"):
        assert objection(asked(ref, None, ONE), "main") is not None


def test_a_mainline_in_a_folder() -> None:
    assert objection(asked("refs/heads/QMS"), "qms/main") is not None
    assert objection(asked("refs/heads/qms/other"), "qms/main") is None
    assert objection(asked("refs/heads/qms/main"), "qms/main") is None


def test_a_former_mainline_stays_as_it_is() -> None:
    for new in (TWO, None):
        refusal = objection(asked("refs/heads/main", new, ONE), "trunk", ("main",))
        assert refusal is not None
        assert "was the mainline" in refusal.what
    assert objection(asked("refs/tags/main"), "trunk", ("main",)) is not None
