"""What is looked up is the same, whether all is gone through or a survey of the base is carried on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support.keyed import answers, keyed
from support.library import Mainline, founded, text
from support.randomlibrary import judged_ways, random_mainline

from isodocs.core.index import Scan
from isodocs.core.kept_index import Kept
from isodocs.core.library import Judged, Library
from isodocs.core.survey import Survey, everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from isodocs.core.index import Index
    from isodocs.core.life import State

LISTS = (
    *("drafts", "missing", "repeated", "withdrawn", "changed", "count", "here", "unreadable", "irregular"),
    *("collisions", "waiting", "unproven", "lesser", "strays"),
)
SIG = "signatures/WI-001/1/"


def listing(state: State) -> Callable[[str], set[str]]:
    """What lies directly in a folder (``""`` or a path that ends with ``/``)."""

    def names(folder: str) -> set[str]:
        inside = (path.removeprefix(folder) for path in state.tree.files if path.startswith(folder))
        return {rest.partition("/")[0] for rest in inside}

    return names


def kept(library: Library, whole: Library | None = None) -> Kept:
    """The index of a library from the survey of its base; ``whole`` if the library itself only answers."""
    base = (whole or library).base
    assert base is not None
    survey = Survey.from_bytes(everything(base, (whole or library).evidence).to_bytes())
    return Kept(library, survey, listing(base))


def looked_up(index: Index) -> dict[str, object]:
    """Everything that can be asked of an index."""
    found: dict[str, object] = {}
    for name in LISTS:
        value = getattr(index, name)
        found[name] = value if isinstance(value, int) else sorted(value)
    found |= {f"due {month}": list(index.due(date(2026, month, 20))) for month in range(1, 13)}
    found |= {f"highest {prefix}": index.highest(prefix) for prefix in ("WI", "SOP", "FRM", "XX")}
    found |= {f"superseding {name}": index.superseding(name) for name in ("WI-001", "WI-003", "SOP-001")}
    return found | {
        f"in {folder}": sorted(index.names_in(folder)) for folder in ("documents", "documents/sub")
    }


@pytest.mark.parametrize("seed", range(40, 70))
def test_carried_on_equals_gone_through(seed: int) -> None:
    for name, library in judged_ways(random_mainline(seed)):
        if library.base is None or library.moment < library.state.time:
            continue
        assert looked_up(kept(library)) == looked_up(Scan(library)), name


@pytest.mark.parametrize("seed", range(70, 80))
def test_a_hook_gets_along_with_it(seed: int) -> None:
    """Also the index itself goes through nothing then."""
    for name, library in judged_ways(random_mainline(seed)):
        if library.hook:
            asked = replace(keyed(library), indexes=partial(_with_whole, library))
            assert answers(asked) == answers(library), name


def _with_whole(whole: Library, library: Library) -> Kept:
    return kept(library, whole)


def settled() -> Mainline:
    """A mainline on which nothing is still to be looked at again."""
    return founded(drafts=True).commit({"documents/x.txt": "x"}).commit({"documents/y.txt": "y"})


def whole_check(line: Mainline) -> Library:
    """A check by hand in the mainline's work tree."""
    return replace(line.library(Judged.TREE), branch="main")


def test_a_signature_file_that_is_gone_or_replaced_is_unproven() -> None:
    line = settled()
    (path,) = (path for path in line.files if path.startswith(SIG) and path.endswith(".sig"))
    line.commit({path: None})
    assert [name for name, _ in kept(whole_check(line)).unproven] == ["WI-001"]
    line.commit({path: "signed by tom"})
    assert [name for name, _ in kept(whole_check(line)).unproven] == ["WI-001"]
    line.commit({path: "signed by jane"})
    assert list(kept(whole_check(line)).unproven) == []


def test_an_adopted_set_of_settings_moves_the_days_of_reviews() -> None:
    line = settled()
    line.write({"isodocs.yml": line.settings.text().replace("review_months: 24", "review_months: 2")})
    line.sign_authority("jane", predecessor=settled().authority())
    library = line.commit(day="2026-02-02").library(Judged.TREE)
    assert looked_up(kept(library)) == looked_up(Scan(library))


def test_collisions_come_and_go() -> None:
    line = settled().commit({"documents/Sub/x.md": text("WI-008")})
    line.commit({"documents/sub/X.md": text("WI-009"), "documents/wi-001.md": text("WI-007")})
    groups = [("documents/Sub/x.md", "documents/sub/X.md"), ("documents/WI-001.md", "documents/wi-001.md")]
    assert list(kept(whole_check(line)).collisions) == groups
    line.commit({"documents/Sub/x.md": None, "documents/wi-001.md": None})
    assert list(kept(whole_check(line)).collisions) == []
