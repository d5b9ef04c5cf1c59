"""One seed from end to end: make its history, write it with git, and ask both sides everything."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from history import compare
from history.brute import Graph
from history.fold import Fold
from history.generator import make
from history.objects import Objects
from support.gitrepo import Repo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from history.generator import Made

FEW = 4


@dataclass
class Outcome:
    """The differences of a seed, and what its history held."""

    differences: list[str]
    counts: Counter[str] = field(default_factory=Counter)


def seed(number: int) -> Outcome:
    """Everything about one seed; where there is a difference, of the shortest history that shows one."""
    outcome = history(make(number))
    commits = outcome.counts["commits"]
    for fewer in range(2, commits + 1) if outcome.differences else ():
        shorter = history(make(number, fewer))
        if shorter.differences:
            told = [f"seed {number} with {fewer} commits: {text}" for text in shorter.differences[:FEW]]
            return Outcome(told, outcome.counts)
    return Outcome([f"seed {number}: {text}" for text in outcome.differences[:FEW]], outcome.counts)


def history(made: Made) -> Outcome:
    """Walk, ranges, fold after every step and at every tip, and what the fold looks at."""
    with tempfile.TemporaryDirectory() as folder:
        repo = Repo(Path(folder) / "repo", object_format=made.object_format)
        tips = made.world.write(repo, made.tips)
        objects = Objects(repo.path, tips)
        try:
            return Outcome(list(_differences(repo, objects, tips)), _counts(objects, tips))
        finally:
            objects.close()


def _differences(repo: Repo, objects: Objects, tips: list[str]) -> Iterator[str]:
    graph, tip = Graph(objects.commits), tips[-1]
    for oid in objects.commits:
        yield from compare.plain_differences(objects, oid)
    yield from compare.walk(repo.path, objects, graph, tip, repo.env)
    for base in [None, *tips, *list(objects.commits)[:: len(objects.commits) // 4 + 1]]:
        yield from compare.between(repo.path, objects, graph, base, tip, repo.env)
    yield from compare.mainline(repo.path, objects, tips, repo.env)
    yield from compare.looked_at(repo.path, objects, tip, repo.env)


def splits(made: Made) -> Iterator[str]:
    """The fold up to every step and then to the end, each in a repository that was never folded before.

    On the way to the end it is also asked for the state after the next step, as gates do.
    """
    with tempfile.TemporaryDirectory() as folder:
        fresh = Repo(Path(folder) / "fresh", object_format=made.object_format)
        tip = made.world.write(fresh, made.tips)[-1]
        objects = Objects(fresh.path, [tip])
        chain = Graph(objects.commits).chain(tip)
        for step, after in pairwise(chain):
            used = Path(folder) / "used"
            shutil.copytree(fresh.path, used)
            texts = list(compare.one_after_another(used, objects, [step], fresh.env))
            texts += compare.one_after_another(used, objects, [tip], fresh.env)
            texts += compare.one_after_another(used, objects, [tip], fresh.env, keep=[after])
            yield from (f"seed {made.seed}, folded up to {step} and then on: {text}" for text in texts)
            shutil.rmtree(used)
        objects.close()


def one_by_one(made: Made) -> Iterator[str]:
    """The fold up to each step of the mainline in turn, as if each had been pushed alone."""
    with tempfile.TemporaryDirectory() as folder:
        repo = Repo(Path(folder) / "repo", object_format=made.object_format)
        tip = made.world.write(repo, made.tips)[-1]
        objects = Objects(repo.path, [tip])
        chain = Graph(objects.commits).chain(tip)
        for text in compare.one_after_another(repo.path, objects, chain, repo.env):
            yield f"seed {made.seed}, step by step: {text}"
        objects.close()


def _counts(objects: Objects, tips: list[str]) -> Counter[str]:
    """What a history held; only told, never compared."""
    brute = Fold(objects)
    for oid in brute.graph.chain(tips[-1]):
        brute.go(oid)
    lives = brute.lives.values()
    return Counter(
        {
            "commits": len(objects.commits),
            "merges": sum(len(one.parents) > 1 for one in objects.commits.values()),
            "roots": sum(not one.parents for one in objects.commits.values()),
            "steps": len(brute.chain),
            "tips": len(tips),
            "statements judged": len(brute.verdicts),
            "approvals": sum(len(life.approvals) for life in lives),
            "carried": sum(one.writers.carried for life in lives for one in life.approvals),
            "withdrawals": sum(len(life.withdrawals) for life in lives),
            "registers adopted": len(brute.adopted),
        }
    )
