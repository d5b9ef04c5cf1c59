"""A server's gate reads only what a push touches; what concerns the push, it says as ever."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.keyed import keyed
from support.library import Mainline
from support.randomlibrary import judged_ways, random_mainline

from isodocs.core.library import Judged
from isodocs.core.problem import Problem, Profile, Severity
from isodocs.rules import engine
from isodocs.rules.examples import COMPANY, GOOD
from isodocs.rules.registry import RULES

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.rules.base import Rule


def concerning(library: Library, found: tuple[Problem, ...]) -> list[Problem]:
    """What blocks, or lies in what the push touches; as the person who pushes reads it."""
    return [one for one in found if one.severity is Severity.ERROR or library.blocks(one)]


def check_gate(library: Library) -> None:
    """Hold a narrow look by lookups alone against one at everything."""
    narrow = replace(keyed(library), narrow=True)
    found = engine.run(narrow if narrow.touched_only else library)
    assert concerning(library, found) == concerning(library, engine.run(library))


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.bad.files], ids=lambda rule: rule.code)
def test_examples(rule: Rule, profile: Profile) -> None:
    line = Mainline().commit({**COMPANY, **GOOD, "documents/SOP-030-x.md": "---\nid: SOP-030\n---\n"})
    line.commit({"documents/SOP-020-x.md": "no front matter\n", **rule.bad.files}, day="2026-02-02")
    check_gate(line.library(Judged.PUSH, profile=profile))
    line.commit({path: None for path in rule.bad.files if path.startswith("documents/")})
    check_gate(line.library(Judged.PUSH, profile=profile))
    check_gate(line.commit({**COMPANY, **rule.good.files}).library(Judged.PUSH, profile=profile))


@pytest.mark.parametrize("seed", range(100, 140))
def test_random_companies(seed: int) -> None:
    for _, library in judged_ways(random_mainline(seed)):
        if library.judged is Judged.PUSH:
            check_gate(library)
