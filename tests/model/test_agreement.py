"""The product and the naive model give the same answers on random repositories.

Each seed is a company's life of some dozens of events, written into a real git repository. A failing test
names its seed. `ISODOCS_AGREEMENT_SEEDS=1000` tries as many; `ISODOCS_AGREEMENT_FROM=5000` begins elsewhere.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from model.answers import Item, items
from model.deeds import life
from model.fold import Fold, fold_of
from model.past import past
from scenarios import product
from support.play import iso

from isodocs.workspace import open_reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from support.gitrepo import Repo

FIRST = int(os.environ.get("ISODOCS_AGREEMENT_FROM", "0"))
COUNT = int(os.environ.get("ISODOCS_AGREEMENT_SEEDS", "40"))
EVENTS = 50
DAY = 86_400
SEEN: Counter[str] = Counter()
RARE = (
    "deputy approved valid",
    "deputy approved AP103",
    "deputy approved AP104",
    "deputy authority valid",
    "approved by a deputy too",
    "user verified",
    "user not verified",
    "adopted",
    "recovered",
)
# `verify` tells these of the tree as it stands, also of statements that entered long ago; or nothing entered.
MENDED_BY_THE_TREE = ("AP105", "AP109", "HX105")


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_random_life(seed: int, tmp_path: Path) -> None:
    company = life(seed, EVENTS)
    repo, _ = company.world.write(tmp_path / "qms", company.world.branches["main"])
    fold = fold_of(repo.path)
    for moment in moments(fold):
        asked = product.listed(repo, iso(moment))
        assert asked.status == 0, (seed, asked)
        later = moment >= fold.times[-1]
        told = [theirs(item, later=later) for item in asked.items]
        expected = [ours(item, later=later) for item in items(fold, iso(moment))]
        assert told == expected, f"seed {seed} as of {iso(moment)}"
    for identity, one in sorted(fold.lives.items()):
        if one.approved:
            compare_history(repo, fold, identity, f"seed {seed}, {identity}")
    compare_verdicts(repo, fold, f"seed {seed}")
    compare_adoptions(repo, fold, f"seed {seed}")
    SEEN.update(kinds(fold))


def test_the_lives_hold_what_is_rare() -> None:
    """Of the lives above: deputies, their approvals, recovery, users verified, each good and bad."""
    if COUNT < 40:
        pytest.skip("too few lives to hold everything")
    assert {one for one in RARE if not SEEN[one]} == set()


def kinds(fold: Fold) -> Iterator[str]:
    """What a life holds of the rarer things, by the model."""
    for one in fold.verdicts.values():
        if one.statement.says and len(one.statement.hands) > 1:
            yield f"deputy {one.statement.said('meaning')} {one.code or 'valid'}"
        if one.valid and one.weak and one.statement.said("assurance") == "signed":
            yield "user not verified"
        if one.valid and not one.weak and one.statement.knew_user:
            yield "user verified"
    for identity, past_of in fold.lives.items():
        for approved in past_of.approved:
            if any(
                len(one.statement.hands) > 1 for one in fold.valid(identity, approved.content, "approved")
            ):
                yield "approved by a deputy too"
    yield from ("recovered" if recovered else "adopted" for _, recovered in fold.adopted[1:])


def moments(fold: Fold) -> list[int]:
    """Times at which something may just have changed, the last step, and long after it."""
    last = fold.times[-1]
    starts = {one.start for life in fold.lives.values() for one in life.approved if one.start > fold.times[0]}
    some = sorted({*fold.times, *starts, *(one - 1 for one in starts)})
    chosen = {some[len(some) * part // 4] for part in range(1, 4)}
    return [*sorted(chosen | {last}), last + 200 * DAY, last + 1000 * DAY]


def ours(item: Item, *, later: bool = True) -> dict[str, object]:
    """What the naive model says of an id.

    Whether a view of the past knows of keys revoked since (`challenged`) comes with the approval issue: it is
    asked of the last step and later only.
    """
    draft = item.draft
    return {
        "id": item.id,
        "status": item.status,
        "revision": item.revision,
        "effective_from": iso(item.effective_from) if item.effective_from is not None else None,
        "review_due": item.review_due.isoformat() if item.review_due else None,
        "overdue": item.overdue,
        "challenged": item.challenged if later else None,
        "upcoming": [(number, iso(start)) for number, start in item.upcoming],
        "draft": (draft.revision, draft.path, draft.status) if draft else None,
    }


def theirs(item: Mapping[str, Any], *, later: bool = True) -> dict[str, object]:
    """What the product says of an id, in the same words."""
    draft = item["draft"]
    return {
        **{key: item[key] for key in ("id", "status", "revision", "review_due", "overdue")},
        "challenged": item["challenged"] if later else None,
        "effective_from": item["effective_from"] if item["status"] == "effective" else None,
        "upcoming": [(one["revision"], one["effective_from"]) for one in item["upcoming"]],
        "draft": (draft["revision"], draft["path"], draft["status"]) if draft else None,
    }


def compare_history(repo: Repo, fold: Fold, identity: str, told: str) -> None:
    """The approved revisions: when they entered, when they were in force, what was stated about each."""
    moment = fold.times[-1]
    asked = product.ask(repo, "history", identity, "--as-of", iso(moment), "--format", "json")
    assert asked.status == 0, (told, asked)
    assert [revision_of(item, moment) for item in asked.items] == past(fold, identity, moment), told


def compare_verdicts(repo: Repo, fold: Fold, told: str) -> None:
    """Every statement that was judged, by `verify`: its code, and the step at which it was judged."""
    asked = product.ask(repo, "verify", "--as-of", iso(fold.times[-1]), "--format", "json")
    assert asked.status in (0, 1), (told, asked)
    theirs = {
        item["statement"]: ("" if item["code"] in (None, "AP107") else item["code"], item["commit"])
        for item in asked.items
        if item["code"] not in MENDED_BY_THE_TREE
    }
    ours = {
        sha: (one.code, None if one.code == "AP108" else fold.steps[one.step].id)
        for sha, one in fold.verdicts.items()
        if sha in theirs or one.code
    }
    assert theirs == ours, told


def compare_adoptions(repo: Repo, fold: Fold, told: str) -> None:
    """Where a set of settings and register began to govern, and whether by recovery."""
    with patch.dict(os.environ, repo.env, clear=True):
        library = open_reading(repo.path, as_of=iso(fold.times[-1]))
    assert library is not None, told
    found = library.state.adoptions
    assert [(one.commit, one.recovered) for one in found] == fold.adopted, told
    assert library.state.authority is not None
    assert library.state.authority.digest == fold.set, told


def revision_of(item: Mapping[str, Any], moment: int) -> dict[str, object]:
    """What the product says of a revision; an end that has not come is none."""
    until = item["effective_until"]
    if until and datetime.fromisoformat(until) > datetime.fromtimestamp(moment, UTC):
        until = None
    return {
        **{key: item[key] for key in ("revision", "status", "commit", "path", "entered")},
        "effective_from": item["effective_from"] if item["status"] != "superseded" or until else None,
        "effective_until": until,
        "signatures": sorted(
            (one["statement"], one["why"].partition(":")[0] or "valid") for one in item["signatures"]
        ),
    }
