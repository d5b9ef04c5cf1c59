"""Random work at the desks: what isodocs lets people sign is never void once it is on the mainline."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from support.company import usual_register
from support.office import Office
from support.untouched import photograph

from isodocs.registers.signatures import Standing, findings

if TYPE_CHECKING:
    from pathlib import Path

WRITERS = ("max", "max", "max", "tom", "tom", "anna", "jane", "eve")
SIGNERS = ("jane", "jane", "bob", "anna", "anna", "anna", "max")
DEPUTY, DEPUTISED = "tom", ("jane", "bob")
DOCUMENTS = ("SOP-001", "WI-001", "WI-002")
MEANINGS = {
    "approve": 12,
    "return": 1,
    "review": 1,
    "author": 2,
    "acknowledge": 2,
    "reaffirm": 2,
    "withdraw": 1,
}
FOR_OTHERS = frozenset({"approve", "return", "review", "reaffirm", "withdraw"})
STEPS = 30


def number_of(office: Office, name: str) -> int:
    """The highest revision on the mainline; 0 if there is none."""
    view = office.library(with_branch=False).views.get(name)
    return int(view.life.approvals[-1].revision) if view and view.life.approvals else 0


class Work:
    """What happens on one branch after the other.

    Attributes:
        branch: the number of the branch that is checked out.
        written: the document somebody last wrote.
    """

    def __init__(self, office: Office, seed: int) -> None:
        self.office = office
        self.dice = random.Random(seed)  # noqa: S311 - chance that can be had again
        self.branch = 0
        self.written = "WI-001"
        office.play.branch("b0")

    def step(self) -> None:
        """One random deed."""
        deeds = [self.write, self.sign, self.sign_what_waits, self.arrive]
        deed = self.dice.choices(deeds, [8, 18, 2, 4])[0]
        deed()

    def write(self) -> None:
        """Somebody writes a revision, mostly the next one."""
        self.written = self.dice.choice(DOCUMENTS)
        number = number_of(self.office, self.written) + self.dice.choice([0, *[1] * 6, 2])
        text = f"Text {self.dice.random()}."
        self.office.play.revise(self.written, str(max(number, 1)), text, by=self.dice.choice(WRITERS))

    def sign(self) -> None:
        """Somebody signs something, mostly what was last written."""
        name = self.written if self.dice.random() < 0.7 else self.dice.choice(DOCUMENTS)
        person, words = self.dice.choice(SIGNERS), list[str]()
        command = self.dice.choices(list(MEANINGS), list(MEANINGS.values()))[0]
        if command in FOR_OTHERS and self.dice.random() < 0.2:
            person, words = DEPUTY, ["--for", self.dice.choice(DEPUTISED)]
        self.run(command, name, *reason(command), *words, by=person)

    def sign_what_waits(self) -> None:
        """Somebody signs all that waits for him."""
        command = self.dice.choice(["approve", "author", "acknowledge", "reaffirm"])
        self.run(command, "--waiting", by=self.dice.choice(SIGNERS))

    def run(self, *words: str, by: str) -> None:
        """Sign, and commit it or now and then take it back: then all is as it was."""
        before = photograph(self.office.root)
        ended = self.office.run(*words, "--yes", by=by)
        assert ended.status in {0, 1, 2}, ended
        assert "fault of isodocs" not in ended.err, ended
        if self.office.status() == "":
            assert photograph(self.office.root) == before
        elif self.dice.random() < 0.2:
            self.office.ok("undo", "--yes", by=by)
            after = photograph(self.office.root)
            assert {**after, ".git/index": b""} == {**before, ".git/index": b""}
            assert self.office.status() == ""
        else:
            self.office.commit(by)

    def arrive(self) -> None:
        """The branch comes to the mainline, and the next begins."""
        if self.dice.random() < 0.3:
            self.office.play.squash(f"b{self.branch}", by="max")
        else:
            self.office.play.merge(f"b{self.branch}", by=self.dice.choice(WRITERS))
        self.branch += 1
        self.office.play.branch(f"b{self.branch}")


def reason(command: str) -> list[str]:
    return ["--reason", "Because."] if command in {"return", "withdraw"} else []


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Tom, who writes, is deputy for the quality managers too."""
    register = usual_register().with_deputies(deputy_qm="quality-manager").granting(DEPUTY, "deputy-qm")
    return Office.founded(tmp_path_factory.mktemp("random") / "repo", register=register)


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 60))]
)
def test_nothing_that_was_signed_is_void(company: Office, tmp_path: Path, seed: int) -> None:
    office = company.copy(tmp_path / "repo")
    work = Work(office, seed)
    for _ in range(STEPS):
        work.step()
    work.arrive()
    office.play.on("main")
    found = findings(office.library(with_branch=False))
    wrong = [one for one in found if one.standing not in {Standing.COUNTS, Standing.WAITS}]
    assert wrong == []
    assert office.run("verify", "--with-ssh-keygen").status == 0
