"""Whatever breaks at whatever moment: nothing is torn, the next run succeeds and leaves the same result.

One command after the other is struck at every call with which it, or its git, writes: killed, disk full,
disk broken. The ordinary run takes a slice; ``--slow`` takes every case of every command.
"""

from __future__ import annotations

import shutil
import sys
from copy import copy
from typing import TYPE_CHECKING

import pytest
from crash import world
from crash.faults import FAULTS, Point, points, strike
from crash.world import COMMANDS, Command, State, leftovers, look, rerun, torn
from support.gitrepo import Repo
from support.office import Office

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

pytestmark = pytest.mark.faults
KILLED = -9
SLICE = {"approve": 8, "undo": 5, "enrol": 4, "init": 4}


class Matrix:
    """All cases of one command.

    Attributes:
        points: the calls that can be struck.
        before: the state it starts from.
        after: the state it leads to, normalised.
    """

    def __init__(self, command: Command, founded: Office, folder: Path) -> None:
        self.command = command
        self.folder = folder
        self.founded = founded
        self.count = self.missed = 0
        office = self.office("seen")
        self.before = look(office)
        within = [office.root.parent]
        self.points = points(
            command.line(office), office.env(command.by), office.root, within=within, stdin=command.stdin
        )
        self.after = look(office).normal(random=command.random)

    def office(self, name: str) -> Office:
        """The situation, afresh; the first one made is copied for the others."""
        template = self.folder / "template"
        if not template.exists():
            self.command.prepare(self.founded.copy(world.place(template)))
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(template, target, symlinks=True)
        office = copy(self.founded)
        office.play = copy(self.founded.play)
        office.play.repo = Repo(target / "repo", create=False)
        office.root = target / ("new" if (target / "new").exists() else "repo")
        office.home = target / "repo.home"
        return office

    def cases(self) -> list[tuple[Point, str]]:
        """Every point with every fault that can happen there.

        A pipe is neither full nor broken: who writes to it can only be killed. That is tried in the first
        command, since all of them read alike.
        """
        first = self.command is COMMANDS[0]
        return [
            (point, fault)
            for point in self.points
            for fault in FAULTS
            if not point.tells or (first and fault == "KILL")
        ]

    def judge(self, point: Point, fault: str) -> list[str]:
        """What is wrong after one fault; nothing if all is well."""
        self.count += 1
        office = self.office("case")
        words = self.command.line(office)
        done = strike(point, fault, words, office.env(self.command.by), office.root, self.command.stdin)
        wrong = [*self._ending(point, fault, done), *self._state(office, done)]
        self._unlock(office, done, wrong)
        if why := rerun(self.command, office):
            wrong.append(f"the rerun failed: {why}")
        elif look(office).normal(random=self.command.random) != self.after:
            wrong.append("the rerun led to something else")
        wrong += [f"left over: {name}" for name in leftovers(office)]
        return [f"{self.command.name} {point} {fault}: {one}" for one in wrong]

    def _ending(self, point: Point, fault: str, done: CompletedProcess[str]) -> list[str]:
        """How it ended: killed, or with one sentence and no traceback."""
        if fault == "KILL" and point.process == 0:
            self.missed += done.returncode != KILLED  # now and then Python opens a file more than before
            return []
        if done.returncode not in {0, 1, 2}:
            return [f"exit status {done.returncode}: {done.stderr}"]
        if "Traceback" in done.stderr or "fault of isodocs" in done.stderr:
            return [f"no clear sentence: {done.stderr}"]
        if done.returncode == 2 and point.what != "stderr" and done.stderr.count("isodocs: ") != 1:
            return [f"not one sentence: {done.stderr}"]
        return []

    def _state(self, office: Office, done: CompletedProcess[str]) -> list[str]:
        """What stands there now: never torn, and after an error that was told, as it was."""
        state = look(office)
        found = [f"torn: {name}" for name in torn(office, state)]
        if done.returncode == 0 and state.normal(random=self.command.random) != self.after:
            found.append("it said that all is well")
        if done.returncode == 2 and state != self.before and not self._complete(state):
            found.append(
                f"not as it was: {sorted(state.files.keys() ^ self.before.files.keys())} {done.stderr}"
            )
        return found

    def _complete(self, state: State) -> bool:
        """Whether all was done, and only the last words failed; or the first documents of several."""
        normal = state.normal(random=self.command.random)
        whole = {**self.before.normal(random=self.command.random), **normal}
        return normal == self.after or (
            self.command.name == "approve-two" and whole.items() <= self.after.items()
        )

    def _unlock(self, office: Office, done: CompletedProcess[str], wrong: list[str]) -> None:
        """A git that was killed leaves its lock, which is never removed for it: the person is told of it."""
        for name in ("index.lock", "config.lock"):
            for lock in office.root.parent.rglob(name):
                told = rerun(self.command, office)
                if done.returncode == 0 or not _names(told, lock.name):
                    wrong.append(f"nobody speaks of {lock.name}: {told}")
                lock.unlink()


def _names(told: str, lock: str) -> bool:
    """Whether a message tells what is in the way; of its configuration git itself says that it is locked."""
    return lock in told or (lock == "config.lock" and "could not lock config file" in told)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office.founded(tmp_path_factory.mktemp("company") / "repo")


def _named(name: str) -> Command:
    return next(one for one in COMMANDS if one.name == name)


@pytest.mark.parametrize("name", SLICE)
def test_a_slice(name: str, company: Office, tmp_path: Path) -> None:
    matrix = Matrix(_named(name), company, tmp_path)
    cases = [case for case in matrix.cases() if not case[0].tells]
    step = len(cases) / SLICE[name]
    chosen = [cases[int(number * step)] for number in range(SLICE[name])]
    wrong = [one for case in chosen for one in matrix.judge(*case)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", [one.name for one in COMMANDS])
def test_every_case(name: str, company: Office, tmp_path: Path) -> None:
    matrix = Matrix(_named(name), company, tmp_path)
    wrong = [one for case in matrix.cases() for one in matrix.judge(*case)]
    sys.stdout.write(f"{name}: {matrix.count} cases, {matrix.missed} of them missed their call\n")
    assert matrix.missed <= matrix.count // 50
    assert not wrong, "\n".join(wrong)
