"""A fold that goes on from what earlier runs kept says exactly what a fold of the whole history says."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from model.deeds import life

from isodocs.core import dossier, status
from isodocs.core.lazy import loaded
from isodocs.core.survey import everything
from isodocs.git.cache import OFF
from isodocs.git.repository import Repository
from isodocs.git.walk import first_parents
from isodocs.workspace.folding import Folded, Question, fold
from isodocs.workspace.head import Head
from isodocs.workspace.past import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIRST = int(os.environ.get("ISODOCS_MEMORY_FROM", "0"))
COUNT = int(os.environ.get("ISODOCS_MEMORY_SEEDS", "8"))
EVENTS = 50


def opened(path: Path, *, kept: bool) -> Repository:
    return Repository.open(path, os.environ if kept else {**os.environ, OFF: "1"})


def told(folded: Folded, names: set[str]) -> Mapping[str, object]:
    """All that a state says, in a form in which two can be compared; of these ids, and all its own."""
    state, evidence = folded.state, folded.evidence
    oids = {digest: oid for oid, digest in loaded(evidence.digests).items()}
    head = Head.of(state, 0)
    return {
        "head": head.to_bytes() if head else None,
        "files": dict(state.tree.files),
        "survey": everything(state, evidence),
        "dossiers": {
            name: dossier.to_bytes(dossier.dossier_of(state, evidence, name, oids))
            for name in sorted(names | names_of(state, evidence))
        },
        "embedders": {path: evidence.lineage.embedders(path) for path in state.tree.files},
        "views": status.view(state, evidence, state.time + 40 * 86_400),
    }


def test_the_same_is_told(tmp_path: Path) -> None:
    """Whatever commits were asked for before, in whatever order, each time in a run of its own."""
    for seed in range(FIRST, FIRST + COUNT):
        company = life(seed, EVENTS)
        repo, written = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        tip = written[company.world.branches["main"]]
        chain = list(first_parents(opened(repo.path, kept=False), tip))[::-1]
        dice = random.Random(seed)  # noqa: S311 - no secret
        asked = dice.sample(chain, min(len(chain), 6))
        for one in [*(sorted(asked, key=chain.index) if seed % 3 else asked), tip]:
            kept = fold(Question(opened(repo.path, kept=True), one))
            whole = fold(Question(opened(repo.path, kept=False), one))
            names = names_of(whole.state, whole.evidence)
            assert told(kept, names) == told(whole, names), f"seed {seed}, {one}"
            if kept.survey is not None:
                assert kept.survey() == everything(whole.state, whole.evidence), f"seed {seed}, {one}"


@pytest.mark.parametrize("seed", range(4))
def test_what_is_lost_is_folded_anew(seed: int, tmp_path: Path) -> None:
    """Any part of what was kept may be gone or damaged: then the same is told, only later."""
    company = life(seed, EVENTS)
    repo, written = company.world.write(tmp_path / "qms", company.world.branches["main"])
    tip = written[company.world.branches["main"]]
    middle = list(first_parents(opened(repo.path, kept=False), tip))[5]
    fold(Question(opened(repo.path, kept=True), middle))
    (segment,) = (repo.path / ".git").glob("isodocs/cache/*/state/*.segment")
    anew = fold(Question(opened(repo.path, kept=False), tip))
    names, data = names_of(anew.state, anew.evidence), segment.read_bytes()
    whole = told(anew, names)
    dice = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(6):
        for one in (repo.path / ".git").glob("isodocs/cache/*/state/*"):
            one.unlink()
        damaged = bytearray(data)
        for _ in range(dice.choice((1, 20, 400))):
            damaged[dice.randrange(len(data))] ^= 1 + dice.randrange(255)
        segment.write_bytes(damaged)
        assert told(fold(Question(opened(repo.path, kept=True), tip)), names) == whole


def test_the_state_at_the_old_tip_of_a_push_is_kept_too(tmp_path: Path) -> None:
    """Also where the push is folded from the beginning, so that a refused one costs that only once."""
    for seed in range(3):
        company = life(seed, EVENTS)
        repo, written = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        tip = written[company.world.branches["main"]]
        chain = list(first_parents(opened(repo.path, kept=False), tip))
        old = chain[7]
        fold(Question(opened(repo.path, kept=True), tip, keep=(old,)))
        kept = fold(Question(opened(repo.path, kept=True), old))
        assert kept.steps == ()
        whole = fold(Question(opened(repo.path, kept=False), old))
        names = names_of(whole.state, whole.evidence)
        assert told(kept, names) == told(whole, names), f"seed {seed}"
        assert kept.survey is not None
        assert kept.survey() == everything(whole.state, whole.evidence)
