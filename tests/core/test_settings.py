"""What the settings say about paths."""

from __future__ import annotations

import random
import re
import time
from itertools import product

import pytest

from isodocs.core.reading import read_settings
from isodocs.core.settings import GUARDIANS, AuthorityPolicy, globs


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
    ("pattern", "path"),
    [
        ("**a**a**a**a**b", "a" * 4000),
        ("*a*a*a*a*a*a*b", "a" * 4000),
        ("**/a/**/a/**/a/**/b", "a/" * 2000),
        ("a*a*a*a*a/**/*a*a*a", "a" * 2000 + "/b" * 1000),
        ("**/*a*a*a*a*/**", "a" * 2000 + "/b" * 1000),
    ],
)
def test_no_separate_stars_take_for_ever(pattern: str, path: str) -> None:
    began = time.process_time()
    globs((pattern,)).fullmatch(path)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("pattern", ["a**/b", "theme**/x", "****/b", "a" * 501])
def test_a_glob_that_would_take_long_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"between slashes|longer than"):
        AuthorityPolicy(role="quality-manager", protects=(pattern,))


def fits(pattern: str, path: str) -> bool:
    """The meaning of a glob, spelled out: slow, and plain."""
    if not pattern:
        return not path
    if pattern.startswith("**/"):
        starts = [0, *(at + 1 for at, mark in enumerate(path) if mark == "/")]
        return any(fits(pattern[3:], path[at:]) for at in starts)
    if pattern.startswith("**"):
        return any(fits(pattern[2:], path[at:]) for at in range(len(path) + 1))
    if pattern.startswith("*"):
        longest = len(path.partition("/")[0])
        return any(fits(pattern[1:], path[at:]) for at in range(longest + 1))
    same = bool(path) and (pattern[0] == path[0] or (pattern[0] == "?" and path[0] != "/"))
    return same and fits(pattern[1:], path[1:])


def test_globs_mean_what_they_say() -> None:
    pick = random.Random(7)  # noqa: S311 - picks test cases
    pieces = ["a", "b", "/", "*", "/**/", "**", "?", "a/"]
    paths = ["".join(letters) for size in range(6) for letters in product("ab/", repeat=size)]
    for _ in range(3000):
        pattern = "".join(pick.choices(pieces, k=pick.randint(1, 6)))
        if re.search(r"\*{3}|[^/]\*\*/", pattern) or pattern.endswith("/**"):
            continue
        found = globs((pattern,))
        for path in pick.sample(paths, 40):
            assert bool(found.fullmatch(path)) == fits(pattern, path), (pattern, path)


@pytest.mark.parametrize(
    "pattern", ["**/" * 200 + "x", "*" * 300 + "x", "*" * 301 + "/x", "a/" + "**/" * 200]
)
def test_no_repetition_takes_for_ever(pattern: str) -> None:
    began = time.process_time()
    assert not globs((pattern,)).fullmatch("documents/procedures/deep/down/SOP-001.md")
    assert time.process_time() - began < 1


SETTINGS = """\
qms: 3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10
title: Small
authority: {role: quality-manager}
types: {SOP: {title: Procedure, approved: {roles: [quality-manager]}}}
"""


@pytest.mark.parametrize("code", sorted(GUARDIANS))
@pytest.mark.parametrize(
    "weakened",
    [
        "rules: {{{}: {{release: warning}}}}",
        "waivers: [{{rule: {}, id: SOP-001, until: 2026-12-31, reason: moved}}]",
    ],
)
def test_what_guards_history_cannot_be_set_aside(code: str, weakened: str) -> None:
    found, problems = read_settings(f"{SETTINGS}{weakened.format(code)}\n".encode())
    assert found is None
    assert [problem.code for problem in problems] == ["FM105"]
    assert f"{code} guards history and signatures, so no settings can weaken it" in problems[0].message


def test_a_waiver_names_its_document() -> None:
    waiver = 'waivers: [{rule: RD101, id: "", until: 2026-12-31, reason: moved}]\n'
    found, problems = read_settings(f"{SETTINGS}{waiver}".encode())
    assert found is None
    assert [problem.code for problem in problems] == ["FM105"]


def test_other_rules_can() -> None:
    found, problems = read_settings(f"{SETTINGS}rules: {{AP101: {{release: warning}}}}\n".encode())
    assert found is not None
    assert not problems
