"""In a hook no rule goes through all documents, files, statements or readings: it looks things up.

And it says there what it says anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.keyed import WentThrough, answers, keyed
from support.library import Mainline
from support.randomlibrary import judged_ways, random_mainline

from isodocs.core.library import Judged
from isodocs.core.problem import Profile
from isodocs.rules.examples import COMPANY, GOOD
from isodocs.rules.registry import RULES

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.rules.base import Rule


def check_hook(library: Library) -> None:
    """Hold a hook by lookups against one that may go through everything."""
    assert library.hook
    assert answers(keyed(library)) == answers(library)


def test_the_guard_guards() -> None:
    library = keyed(random_mainline(1, 1).library(Judged.INDEX))
    for go in (lambda: sorted(library.views), library.readings.items, lambda: library.by_id):
        with pytest.raises(WentThrough):
            go()


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.bad.files], ids=lambda rule: rule.code)
def test_examples(rule: Rule, profile: Profile) -> None:
    line = Mainline().commit({**COMPANY, **GOOD, "documents/SOP-030-x.md": "---\nid: SOP-030\n---\n"})
    line.commit({"documents/SOP-020-x.md": "no front matter\n", **rule.bad.files}, day="2026-02-02")
    line.write({path: None for path in rule.bad.files if path.startswith("documents/")})
    check_hook(line.library(Judged.INDEX, profile=profile))
    check_hook(line.commit({**COMPANY, **rule.good.files}).library(Judged.TREE, profile=profile))


@pytest.mark.parametrize("seed", range(20))
def test_random_companies(seed: int) -> None:
    """Hooks go by lookups; what else is judged may go through everything, but goes by the index too."""
    for name, library in judged_ways(random_mainline(seed)):
        if library.hook:
            assert answers(keyed(library)) == answers(library), name
