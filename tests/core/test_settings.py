"""What the settings say about paths."""

from __future__ import annotations

import time

import pytest

from isodocs.core.settings import globs


@pytest.mark.parametrize(
    ("pattern", "matched", "not_matched"),
    [
        ("**/**/x", ["x", "a/x", "a/b/x"], ["ax", "a/y"]),
        ("theme/**/**", ["theme", "theme/a", "theme/a/b"], ["themes"]),
        ("a/***/b", ["a/c/b", "a/c/d/b"], ["a/b"]),
        ("******x", ["x", "a/x"], ["a/y"]),
    ],
)
def test_stars_that_are_repeated(pattern: str, matched: list[str], not_matched: list[str]) -> None:
    found = globs((pattern,))
    assert [path for path in (*matched, *not_matched) if found.fullmatch(path)] == matched


@pytest.mark.parametrize(
    "pattern", ["**/" * 200 + "x", "*" * 300 + "x", "*" * 301 + "/x", "a/" + "**/" * 200]
)
def test_no_repetition_takes_for_ever(pattern: str) -> None:
    began = time.monotonic()
    assert not globs((pattern,)).fullmatch("documents/procedures/deep/down/SOP-001.md")
    assert time.monotonic() - began < 1
