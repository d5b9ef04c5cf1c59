"""A fold in shares says exactly what a fold of the whole history says."""

from __future__ import annotations

import os
import random
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from model.deeds import life
from workspace.test_memory import opened, told

from isodocs.core import status
from isodocs.core.problem import CannotRun
from isodocs.core.survey import everything
from isodocs.git import walk
from isodocs.git.walk import first_parents
from isodocs.workspace import jobs, shares
from isodocs.workspace.folding import Folded, Question, fold
from isodocs.workspace.memory import Memory
from isodocs.workspace.past import names_of

if TYPE_CHECKING:
    from pathlib import Path

    from support.gitrepo import Repo

    from isodocs.workspace.head import Head

FIRST = int(os.environ.get("ISODOCS_SHARES_FROM", "0"))
COUNT = int(os.environ.get("ISODOCS_SHARES_SEEDS", "8"))
EVENTS = 60
WHO = ("-c", "user.name=Max", "-c", "user.email=max@example.org")


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """However short a history is, it is folded in shares; the tips at which that was done."""
    tips: list[str] = []
    keep = Memory.keep_parts

    def counted(self: Memory, head: Head, *others: Any, **named: Any) -> Head:
        tips.append(head.commit)
        return keep(self, head, *others, **named)

    monkeypatch.setattr(shares, "LONG", 0)
    monkeypatch.setattr(walk, "LONG", 2)
    monkeypatch.setattr(walk, "RANGE", 1)
    monkeypatch.setattr(Memory, "keep_parts", counted)
    return tips


def test_the_same_is_told(tmp_path: Path, divided: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(FIRST, FIRST + COUNT):
        company = life(seed, EVENTS)
        repo, written = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        tip = written[company.world.branches["main"]]
        for kept in (False, True):
            monkeypatch.setattr(shares, "_FEW", 1 + seed % 5)
            by_shares = fold(Question(opened(repo.path, kept=kept), tip))
            whole = fold(Question(opened(repo.path, kept=False), tip, whole=True))
            names = names_of(whole.state, whole.evidence)
            assert told(by_shares, names) == told(whole, names), f"seed {seed}"
            assert by_shares.survey is not None
            assert by_shares.survey() == everything(whole.state, whole.evidence), f"seed {seed}"
    assert len(divided) == 2 * COUNT


def moved(repo: Repo, dice: random.Random) -> None:
    """Statements go to folders that are not theirs, some with their signatures, some as copies."""
    listed = repo.git("ls-files", "-s", "signatures").splitlines()
    entries = {path: head.split()[:2] for head, path in (line.split("\t") for line in listed)}
    named = sorted({path.split("/")[1] for path in entries} - {"_authority"})
    lines = []
    chosen = [path for path in entries if path.endswith(".json") and "/_authority/" not in path]
    for path in dice.sample(chosen, min(len(chosen), 6)):
        folder = dice.choice([*named, "elsewhere", "_authority"])
        target = f"signatures/{folder}/{dice.randrange(3)}/{path.rsplit('/', 1)[1]}"
        for end in ("", ".sig") if dice.random() < 0.8 else ("",):
            if path + end in entries:
                mode, oid = entries[path + end]
                lines.append(f"{mode} {oid}\t{target}{end}")
                if dice.random() < 0.7:
                    lines.append(f"0 {'0' * 40}\t{path}{end}")
    repo.git("update-index", "--index-info", stdin="".join(f"{line}\n" for line in lines).encode())
    tree, time = repo.git("write-tree"), int(repo.git("log", "-1", "--format=%ct", "main")) + 60
    date = {"GIT_COMMITTER_DATE": f"{time} +0000", "GIT_AUTHOR_DATE": f"{time} +0000"}
    done = subprocess.run(
        ["git", *WHO, "-C", str(repo.path), "commit-tree", tree, "-p", "main", "-m", "Moved"],
        env={**repo.env, **date},
        capture_output=True,
        text=True,
        check=True,
    )
    repo.git("update-ref", "refs/heads/main", done.stdout.strip())


def test_statements_in_wrong_folders_count_as_ever(tmp_path: Path, divided: list[str]) -> None:
    for seed in range(FIRST, FIRST + COUNT):
        company, dice = life(seed, EVENTS // 2), random.Random(seed)  # noqa: S311 - no secret
        repo, _ = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        for _ in range(3):
            moved(repo, dice)
        tip = repo.git("rev-parse", "main")
        by_shares = fold(Question(opened(repo.path, kept=False), tip))
        whole = fold(Question(opened(repo.path, kept=False), tip, whole=True))
        names = names_of(whole.state, whole.evidence)
        assert told(by_shares, names) == told(whole, names), f"seed {seed}"
    assert len(divided) == COUNT


@pytest.mark.parametrize("seed", range(4))
def test_from_any_pinned_root_and_up_to_any_old_tip(seed: int, tmp_path: Path, divided: list[str]) -> None:
    """What cannot be folded in shares is folded as a whole, and tells the same."""
    company, dice = life(seed, EVENTS), random.Random(seed)  # noqa: S311 - no secret
    repo, written = company.world.write(tmp_path / "qms", company.world.branches["main"])
    tip = written[company.world.branches["main"]]
    chain = list(first_parents(opened(repo.path, kept=False), tip))
    for _ in range(4):
        root, old = dice.choice(chain), dice.choice(chain)
        for keep in ((), (old,)):
            asked = Question(opened(repo.path, kept=False), tip, trust_root=root, keep=keep)
            by_shares = outcome(asked)
            whole = outcome(replace(asked, repository=opened(repo.path, kept=False), whole=True))
            if isinstance(whole, str) or isinstance(by_shares, str):
                assert by_shares == whole
                continue
            names = names_of(whole.state, whole.evidence)
            assert told(by_shares, names) == told(whole, names), (root, keep)
            assert views_at(by_shares) == views_at(whole), (root, keep)
    assert divided


def outcome(question: Question) -> Folded | str:
    """What a fold gives, or why it cannot be."""
    try:
        return fold(question)
    except CannotRun as fault:
        return str(fault)


def views_at(folded: Folded) -> object:
    """What was in force at the commits whose state was wanted."""
    return {commit: status.view(one, folded.evidence, one.time) for commit, one in folded.at.items()}


def test_git_is_not_asked_more_often_for_a_longer_history() -> None:
    for number in (1, 4_999, 80_000, 80_001, 3_000_000):
        chunks = list(jobs.chunks(range(number)))
        assert len(chunks) <= 16
        assert [one for chunk in chunks for one in chunk] == list(range(number))


def test_a_mainline_whose_settings_protect_statements_is_folded_as_a_whole() -> None:
    protects = [["signatures/**"], ["**/*.json"], ["sig*/x.json"], ["*"]]
    for globs in protects:
        with pytest.raises(shares.Unsuited):
            shares.protected_by(globs)
    assert shares.protected_by(["documents/**", "isodocs.yml"])("documents/a.md")
