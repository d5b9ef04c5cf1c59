"""A sample of the tamper matrix in real git, by the command line: what holds on paper holds there."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from scenarios import product
from support.gitrepo import Repo
from support.play import iso
from tamper.alterations import Alteration, alterations, company, everything

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tamper.ledger import Ledger

CASES = 200 if everything() else 12
DAY = "2026-02-02T12:00:00Z"


def sample() -> Iterator[Alteration]:
    """A few bytes of every file, the same in every run."""
    pick = random.Random(20260202)  # noqa: S311 - a sample, no secret
    each = -(-CASES // len(company().tree))
    for path, data in sorted(company().tree.items()):
        yield from pick.sample(list(alterations(path, data)), each)


def in_git(ledger: Ledger, path: Path) -> Repo:
    """The ledger as a repository."""
    repo = Repo(path)
    lines: list[bytes] = []
    for one in ledger.written:
        who = f"{one.by.title()} <{one.by}@ex.org> {one.time} +0000"
        lines += [f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 4\nstep\ndeleteall".encode()]
        lines += [
            f"M 100644 inline {name}\ndata {len(data)}\n".encode() + data for name, data in one.tree.items()
        ]
    repo.git("fast-import", "--quiet", stdin=b"\n".join(lines) + b"\n")
    repo.git("reset", "-q", "--hard", "main")
    return repo


def approvals(repo: Repo) -> set[tuple[str, str, str]]:
    """Revision, status and commit of every revision of WI-001 that was ever approved."""
    outcome = product.ask(repo, "history", "WI-001", "--as-of", DAY, "--format", "json")
    return {
        (item["revision"], item["status"], item["commit"])
        for item in outcome.items
        if item["status"] in ("effective", "approved", "superseded", "withdrawn")
    }


def fails(repo: Repo) -> bool:
    """Whether ``verify`` or a check of the whole ends with a complaint."""
    return any(product.ask(repo, *words, "--as-of", DAY).status != 0 for words in (["verify"], ["check"]))


@pytest.mark.parametrize("one", list(sample()), ids=str)
def test_on_top(one: Alteration, tmp_path: Path) -> None:
    ledger = company().copy().commit({one.path: one.altered}, by="max", when="2026-02-02")
    repo = in_git(ledger, tmp_path / "company")
    old, new = repo.git("rev-parse", "main~1", "main").split()
    gate = product.judge(repo, old, new, DAY)
    assert gate.status == 1, gate
    assert [one["code"] for one in gate.items if one["severity"] == "error"]
    listed = {item["id"]: (item["status"], item["revision"]) for item in product.listed(repo, DAY).items}
    assert listed.pop("WI-001") == ("effective", "2")
    assert all(status == "draft" for status, _ in listed.values()), listed  # under an altered id
    assert {commit for _, _, commit in approvals(repo)} == {
        repo.git("rev-parse", "main~3"),
        repo.git("rev-parse", "main~1"),
    }
    assert fails(repo)


@pytest.mark.parametrize("one", list(sample()), ids=str)
def test_from_the_start(one: Alteration, tmp_path: Path) -> None:
    honest = in_git(company(), tmp_path / "honest")
    told = approvals(honest)
    root = honest.git("rev-list", "--max-parents=0", "main")
    repo = in_git(company().rebuilt(one.path, one.honest, one.altered), tmp_path / "company")
    found = product.listed(repo, DAY)
    if found.status == 0:
        numbers = {(revision, status) for revision, status, _ in approvals(repo)}
        assert fails(repo) or numbers != {(revision, status) for revision, status, _ in told}
    else:
        assert found.status == 2, found
    if root != repo.git("rev-list", "--max-parents=0", "main"):
        pinned = product.ask(repo, "list", "--trust-root", root, "--as-of", DAY)
        assert pinned.status == 2, pinned


def test_the_paper_is_what_git_holds(tmp_path: Path) -> None:
    repo = in_git(company(), tmp_path / "company")
    assert not fails(repo)
    outcome = product.ask(repo, "verify", "--as-of", DAY, "--format", "json")
    assert outcome.status == 0, outcome
    assert {item["meaning"] for item in json.loads(outcome.output)["items"]} == {"approved", "authority"}
    assert iso(company().written[-1].time) < DAY
