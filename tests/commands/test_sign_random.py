"""Random work at the desks: what isodocs lets people sign is never void once it is on the mainline."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from isodocs.registers.signatures import Standing, findings

if TYPE_CHECKING:
    from support.office import Office

WRITERS = ("max", "max", "max", "tom", "tom", "anna", "jane", "eve")
SIGNERS = ("jane", "jane", "bob", "anna", "anna", "anna", "max")
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
        deed = self.dice.choices([self.write, self.sign, self.arrive], [4, 10, 2])[0]
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
        person = self.dice.choice(SIGNERS)
        command = self.dice.choices(list(MEANINGS), list(MEANINGS.values()))[0]
        ended = self.office.run(command, name, "--yes", *reason(command), by=person)
        assert ended.status in {0, 2}, ended
        assert "fault of isodocs" not in ended.err, ended
        if ended.status == 0:
            self.office.commit(person)

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


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 60))]
)
def test_nothing_that_was_signed_is_void(office: Office, seed: int) -> None:
    work = Work(office, seed)
    for _ in range(STEPS):
        work.step()
    work.arrive()
    office.play.on("main")
    found = findings(office.library(with_branch=False))
    wrong = [one for one in found if one.standing not in {Standing.COUNTS, Standing.WAITS}]
    assert wrong == []
    assert office.run("verify", "--with-ssh-keygen").status == 0
