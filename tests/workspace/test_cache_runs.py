"""Real runs on one cache, at once and killed at any moment: each says what it would say without a cache."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from model.deeds import life
from support.gitrepo import Repo

from isodocs.git.cache import OFF

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = 60
AT_ONCE = 8
COMMANDS = (("list", "--format", "json"), ("check", "--staged", "--profile", "release", "--format", "json"))


class Runs:
    """A company's repository whose mainline is put on any of its commits before each run."""

    def __init__(self, folder: Path, seed: int) -> None:
        company = life(seed, EVENTS)
        self.repo, names = company.world.write(folder / "qms", company.world.branches["main"])
        tip = names[company.world.branches["main"]]
        chain = self.repo.git("rev-list", "--first-parent", tip).split()
        self.commits = chain[: len(chain) * 2 // 3]
        self.expected: dict[tuple[str, int], str] = {}

    def put_on(self, commit: str) -> None:
        self.repo.git("update-ref", "refs/heads/main", commit)
        self.repo.git("read-tree", commit)

    def start(self, number: int, *, kept: bool = True) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "isodocs", *COMMANDS[number % len(COMMANDS)], "--as-of", "2026-06-30"],
            cwd=self.repo.path,
            env=self.repo.env | {"PYTHONPATH": os.pathsep.join(sys.path)} | ({} if kept else {OFF: "1"}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def right(self, commit: str, number: int) -> str:
        """What a run without any cache says."""
        question = (commit, number % len(COMMANDS))
        if question not in self.expected:
            self.put_on(commit)
            self.expected[question] = said(self.start(number, kept=False))
        return self.expected[question]


def said(process: subprocess.Popen[bytes]) -> str:
    out, _ = process.communicate(timeout=120)
    assert process.returncode in {0, 1}, out
    return json.dumps(json.loads(out), sort_keys=True)


def at_once(folder: Path, rounds: int, seed: int) -> None:
    runs, dice = Runs(folder, seed), random.Random(seed)  # noqa: S311 - no secret
    for turn in range(rounds):
        commit = dice.choice(runs.commits)
        expected = [runs.right(commit, number) for number in range(AT_ONCE)]
        runs.put_on(commit)
        started = [runs.start(number) for number in range(AT_ONCE)]
        assert [said(one) for one in started] == expected, f"seed {seed}, round {turn}"


def killed(folder: Path, times: int, seed: int) -> None:
    runs, dice = Runs(folder, seed), random.Random(seed)  # noqa: S311 - no secret
    begin = time.monotonic()
    runs.right(runs.commits[0], 0)
    usual = time.monotonic() - begin
    for turn in range(times):
        commit = dice.choice(runs.commits)
        expected = runs.right(commit, turn)
        runs.put_on(commit)
        process = runs.start(turn)
        time.sleep(dice.uniform(0, usual))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert said(runs.start(turn)) == expected, f"seed {seed}, kill {turn}"


def test_runs_at_once(tmp_path: Path) -> None:
    at_once(tmp_path, 2, 1)


def test_killed_runs(tmp_path: Path) -> None:
    killed(tmp_path, 6, 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_fifty_times_eight_runs_at_once(tmp_path: Path, seed: int) -> None:
    at_once(tmp_path, 5, 100 + seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_killed_runs(tmp_path: Path, seed: int) -> None:
    killed(tmp_path, 20, 200 + seed)


def test_a_repository_that_cannot_be_written(tmp_path: Path) -> None:
    """Then it is done without; nothing is said of it."""
    runs = Runs(tmp_path, 3)
    commit = runs.commits[0]
    expected = runs.right(commit, 0)
    runs.put_on(commit)
    (runs.repo.path / ".git" / "isodocs").write_text("in the way", encoding="utf-8")
    assert said(runs.start(0)) == expected
    assert (runs.repo.path / ".git" / "isodocs").read_text("utf-8") == "in the way"


def test_a_linked_work_tree_and_a_clone(tmp_path: Path) -> None:
    """A work tree shares the cache; a clone begins its own; gc and a rewritten mainline change nothing."""
    runs = Runs(tmp_path, 4)
    new, old = runs.commits[0], runs.commits[len(runs.commits) // 2]
    for commit in (new, old, new):
        expected = runs.right(commit, 0)
        runs.put_on(commit)
        assert said(runs.start(0)) == expected
        runs.repo.git("gc", "-q", "--prune=now")
        assert said(runs.start(0)) == expected
    runs.repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), new)
    clone = runs.repo.clone(tmp_path / "clone")
    for place in (tmp_path / "tree", clone.path):
        runs.repo = Repo(place, create=False)
        assert said(runs.start(0)) == runs.expected[new, 0]
