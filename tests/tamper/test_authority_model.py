"""The product's authority against the independent model: the same random lives, no difference at any step.

    ISODOCS_SEQUENCES=5000 pytest tests/tamper/test_authority_model.py

A failing seed is played again with acts left out until none can be; what is left is printed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from tamper import sequences
from tamper.ledger import blob_name
from tamper.register import files_of

from isodocs.core import lifecycle, status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tamper.model import Model
    from tamper.sequences import Act, World

    from isodocs.core.life import Evidence, State

COUNT = int(os.environ.get("ISODOCS_SEQUENCES", "200"))
CHUNKS = 8
Facts = dict[str, Any]


def by_model(model: Model) -> Facts:
    """What the model says after a step."""
    return {
        "adopted": (model.adopted, model.before, model.since, model.recovered),
        "governs": model.governs,
        "judged": {sha: (one.valid, one.step) for sha, one in model.entered.items()},
        "approved": {
            name: [(one.text.content, one.step, model.challenged(name, one)) for one in all_]
            for name, all_ in model.approved.items()
        },
    }


def by_product(state: State, evidence: Evidence, world: World) -> Facts:
    """What the product says after a step, in the same words."""
    authority = state.authority
    assert authority is not None
    views = status.view(state, evidence, state.time)
    return {
        "adopted": (authority.digest, authority.predecessor, authority.step, authority.recovered),
        "governs": governing(state, evidence, world),
        "judged": {sha: (one.valid, one.step) for sha, one in state.judged.items()},
        "approved": {
            view.id: [
                (one.approval.content.digest, one.approval.step, one.challenged) for one in view.revisions
            ]
            for view in views
            if view.revisions
        },
    }


def governing(state: State, evidence: Evidence, world: World) -> str:
    """The digest of the set whose settings and people are those that govern."""
    authority = state.authority
    assert authority is not None
    for digest, one in world.sets.items():
        names = [blob_name(data) for data in files_of(one).values()]
        settings, register = evidence.settings.get(names[0]), evidence.registers.get(names[1])
        if settings is authority.settings and register is authority.register:
            return digest
    return "another"


def difference(acts: Sequence[Act]) -> str:
    """Where the two part, if they do."""
    world = sequences.played(acts)
    evidence = world.ledger.evidence()
    state, model = lifecycle.start(evidence), type(world.model)(world.sets)
    starts = dict(world.pushes)
    held: list[tuple[int, State, Model]] = []
    for number, (step, tree) in enumerate(zip(world.ledger.steps, world.trees, strict=True), 1):
        lifecycle.advance(state, step, evidence)
        model.advance(tree)
        if told := unequal(by_product(state, evidence, world), by_model(model)):
            return f"step {number - 1}: {told}"
        for end, other, theirs in held:
            if number <= end:
                lifecycle.advance(other, step, evidence)
                theirs.advance(tree)
                if told := unequal(by_product(other, evidence, world), by_model(theirs)):
                    return f"step {number - 1}, authority held: {told}"
        if number in starts:
            held.append((starts[number], state.fork(hold_authority=True), model.hold()))
    return ""


def unequal(product: Facts, model: Facts) -> str:
    """The first thing that differs."""
    for key, mine in product.items():
        if mine != model[key]:
            return f"{key}: the product says {mine}, the model {model[key]}"
    return ""


def shortest(acts: Sequence[Act]) -> tuple[Act, ...]:
    """A failing sequence without the acts that do not matter."""
    found, at = tuple(acts), 1
    while at < len(found):
        shorter = found[:at] + found[at + 1 :]
        if difference(shorter):
            found = shorter
        else:
            at += 1
    return found


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_difference(chunk: int) -> None:
    for seed in range(chunk, COUNT, CHUNKS):
        acts = sequences.sequence(seed)
        if difference(acts):
            least = shortest(acts)
            pytest.fail(f"seed {seed}: {difference(least)}\n" + "\n".join(map(str, least)))
