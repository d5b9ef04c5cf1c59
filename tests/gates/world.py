"""A company and what people would push to its server: the honest author, the attacker, the leaver.

Dates are of today, since a server's gate goes by its own clock and by nothing else.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from support.company import Held, Person, Register, usual_register
from support.play import Play, who

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QM = "quality-manager"
DAY = 24 * 60 * 60
FOUNDED, GRANTED, LEFT_BEFORE, LEFT = 40, 35, 30, 20  # days ago
MAIN = "refs/heads/main"
DOC = "documents/WI-001-text.md"


def day(ago: int) -> str:
    """The date of so many days ago; of days to come, where negative."""
    return (datetime.now(UTC) - timedelta(days=ago)).date().isoformat()


class Company(Play):
    """The company of SCENARIOS.md, founded forty days ago.

    On its mainline max was granted jane's role, and lost it again; and bob's key ended twenty days ago.

    Attributes:
        root: the trust root.
        base: the mainline's tip, from which every push below starts.
        granted: the commit at which max held the role.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, register=usual_register(day(500)))
        self.at(FOUNDED)
        for identity in ("SOP-001", "WI-001"):
            self.doc(identity, "1")
            self.sign(identity, "jane")
        self.sign("SOP-001", "anna")
        self.root = self.commit("max")
        self.at(GRANTED)
        usual = self.register
        self.granted = self.authorised(usual.granting("max", QM, day(500)))
        self.authorised(usual)
        self.at(LEFT_BEFORE)
        self.base = self.authorised(usual.with_keys("bob", Held("bob", day(500), until=day(LEFT))))
        self.at(0)

    def doc(self, identity: str, revision: str, words: str = "", path: str = "", **front: str) -> str:
        """As in `Play`, with a review date that lies ahead whenever the test runs."""
        return super().doc(identity, revision, words, path, **{"review_date": day(-365), **front})

    def at(self, ago: int) -> None:
        """Set the clock to so many days ago, less an hour."""
        self.repo.clock = int(time.time()) - ago * DAY - 3600

    def authorised(self, register: Register) -> str:
        """A changed register on the mainline, signed by jane."""
        self.configure(register=register)
        self.authorise("jane")
        return self.commit("jane")

    def attempt(self, way: Callable[[Company], str]) -> str:
        """What somebody would push: its tip. The mainline here is then as it was."""
        register, known, paths = self.register, dict(self.known), dict(self.paths)
        self.at(0)
        try:
            return way(self)
        finally:
            self.register, self.known, self.paths = register, known, paths
            self.repo.git("checkout", "-q", "-f", "-B", "main", self.base)
            self.repo.git("clean", "-qfd")
            for name in self.repo.git("branch", "--format=%(refname:short)").split():
                if name != "main":
                    self.repo.git("branch", "-q", "-D", name)


def rightful(p: Company) -> str:
    p.branch("b")
    p.revise("WI-001", "2")
    p.signs("WI-001", "jane")
    return p.merge("b")


def unapproved(p: Company) -> str:
    p.branch("b")
    p.revise("WI-001", "2")
    return p.merge("b")


def self_approved(p: Company) -> str:
    p.branch("b")
    p.revise("WI-001", "2", by="jane")
    p.signs("WI-001", "jane", writers=["max"])
    return p.merge("b", by="max")


def _granted(p: Company) -> None:
    p.configure(register=p.register.granting("max", QM, day(500)))
    p.authorise("jane")


def grant_in_one(p: Company) -> str:
    """One commit grants max the role and brings what he signs by it."""
    _granted(p)
    p.doc("WI-001", "2")
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    return p.commit("tom")


def grant_in_several(p: Company) -> str:
    _granted(p)
    p.commit("jane")
    p.doc("WI-001", "2")
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    return p.commit("tom")


def seized(p: Company) -> str:
    """Eve writes herself into the register, as quality manager."""
    p.configure(register=p.register.but(eve=Person(("eve@other.example",), ((QM, day(500)),))))
    return p.commit("max")


def backdated(p: Company) -> str:
    """Bob signs with the key he had, and dates everything before the day on which it ended."""
    p.at(LEFT + 2)
    p.branch("b")
    p.revise("WI-001", "2")
    p.signs("WI-001", "bob")
    return p.merge("b", by="max")


def leaver(p: Company) -> str:
    """The same with honest dates."""
    p.branch("b")
    p.revise("WI-001", "2")
    p.signs("WI-001", "bob")
    return p.merge("b", by="max")


def replayed(p: Company) -> str:
    """Max puts back the register that granted him the role, with the signatures it had then."""
    p.repo.git("checkout", p.granted, "--", "people.yml", "signatures/_authority")
    return p.commit("max")


def forced(p: Company) -> str:
    p.repo.git("reset", "-q", "--hard", p.root)
    p.write("README.md", "Another story\n")
    return p.commit("max")


def turned(p: Company) -> str:
    """Tom works on his mainline, pulls, and pushes."""
    p.branch("local", p.root)
    p.write("README.md", "Tom's own file\n")
    p.commit("tom")
    return p.repo.merge("main", author=who("tom"))


def stripped(p: Company) -> str:
    """The signature by which WI-001 is in force goes."""
    for path in p.signatures("WI-001", "1"):
        p.write(path, None)
        p.write(f"{path}.sig", None)
    return p.commit("max")


def renaming(p: Company) -> str:
    """Jane moves the mainline to a branch called trunk, and signs that."""
    text = p.read("isodocs.yml").decode()
    p.write("isodocs.yml", text.replace("mainline: main", "mainline: trunk"))
    p.authorise("jane")
    return p.commit("jane")


REFUSED: dict[str, tuple[Callable[[Company], str], str]] = {
    "unapproved": (unapproved, "AP101"),
    "self-approved": (self_approved, "AP104"),
    "grant in one commit": (grant_in_one, "AP103"),
    "grant in several commits": (grant_in_several, "AP103"),
    "backdated by a leaver": (backdated, "HX104"),
    "leaver": (leaver, "AP106"),
    "protected file put back": (replayed, "AU101"),
    "seized": (seized, "AU101"),
    "forced": (forced, "HX103"),
    "turned": (turned, "HX103"),
    "statement removed": (stripped, "HX105"),
}
