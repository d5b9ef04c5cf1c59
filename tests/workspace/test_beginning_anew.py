"""Nobody can sign any more, and nobody steps in: the company begins anew, as the example's WI-012 tells.

A new trust root on top of the old history, everything in force approved again, and pinned anew by everybody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from support.office import Office, refused, run
from support.today import Company, day, today

if TYPE_CHECKING:
    from pathlib import Path

    from support.office import Ended


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office.founded(tmp_path_factory.mktemp("recovery") / "repo")


@pytest.fixture
def company(founded: Office, tmp_path: Path) -> Company:
    return today(founded.copy(tmp_path / "repo"))


@dataclass
class Begun:
    """The company after its new beginning.

    Attributes:
        company: where it happened.
        server: the bare repository to which everybody pushes.
        old: the trust root so far.
        new: the one from now on.
    """

    company: Company
    server: Path
    old: str
    new: str

    def run(self, *words: str, by: str = "jane") -> Ended:
        """A command of somebody who has pinned the new root, as the page says."""
        env = self.company.office.env(by) | {"ISODOCS_TRUST_ROOT": self.new}
        return run(*words, env=env, cwd=self.company.office.root)

    def approve_everything(self) -> None:
        """All of it in one go."""
        self.approve(("SOP-001", "jane", "jane-2"), ("SOP-001", "anna", "anna"), ("WI-001", "tom", "tom"))

    def approve(self, *signings: tuple[str, str, str]) -> None:
        """On a branch, each with a key of his own (document, person, key); then merged."""
        name = self.company.begin()
        for identity, person, key in signings:
            words = ("approve", identity, "--key", self.company.office.key(key), "--yes")
            ended = self.run(*words, by=person)
            assert ended.status == 0, ended
            self.company.office.commit(person)
        self.company.office.play.merge(name)

    def rows(self, root: str, *words: str) -> dict[str, dict[str, Any]]:
        """The master document list, as seen from a trust root."""
        out = self.company.office.ok("list", "--trust-root", root, "--format", "json", *words)
        return {item["id"]: item for item in json.loads(out)["items"]}

    def push(self) -> str:
        """What the server says to a push of the mainline."""
        return self.company.office.play.repo.run("push", "origin", "main", check=False).stderr.decode()

    def let_in(self) -> None:
        """The server takes the new beginning, and nothing else, and holds its root fast."""
        self.on_server("--uninstall")
        assert "main -> main" in self.push()
        self.on_server("--install", "--trust-root", self.new)

    def on_server(self, *words: str) -> None:
        """The administrator at the bare repository."""
        self.company.office.ok("-C", str(self.server), "receive", *words)


class TestBegunAnew:
    """Nobody can sign, and nobody steps in: a new trust root on top of the old history."""

    @pytest.fixture
    def anew(self, company: Company, tmp_path: Path) -> Begun:
        """WI-001 r3 (its second revision written by jane), SOP-001 r2, a server; then both keys are lost."""
        office, play = company.office, company.office.play
        old = play.tip()
        company.begin()
        play.revise("WI-001", "2", by="jane")
        company.approved("WI-001", "bob")
        company.revise("WI-001", "3")
        company.approved("WI-001", "jane")
        company.revise("SOP-001", "2")
        company.approved("SOP-001", "jane", "anna")
        server = tmp_path / "server.git"
        play.repo.git("clone", "-q", "--bare", str(office.root), str(server))
        office.ok("-C", str(server), "receive", "--install", "--trust-root", old)
        play.repo.git("remote", "add", "origin", str(server))
        play.repo.git("fetch", "-q", "origin")
        company.renew("jane")
        for person in ("jane", "bob"):
            company.key_of(person, f"until: {day(-1)}")
        role = f"roles: [{{role: quality-manager, from: {day(-2)}, until: {day(2)}}}]"
        company.edit("emails: [tom@ex.org]\n    roles: []", f"emails: [tom@ex.org]\n    {role}")
        play.repo.git("rm", "-rq", "signatures")
        play.commit("max")
        return Begun(company, server, old, play.tip())

    def test_hooks_and_server_refuse_it_as_they_must(self, anew: Begun) -> None:
        assert "AU101" in anew.company.office.run("gate", "--trust-root", anew.old).out
        said = anew.push()
        assert "AU101" in said
        assert "pre-receive hook declined" in said

    def test_everything_is_approved_again_through_the_gate(self, anew: Begun) -> None:
        anew.let_in()
        anew.approve_everything()
        assert anew.run("gate").status == 0
        assert "rejected" not in anew.push()
        check = anew.run("check")
        assert check.status == 0
        assert check.out.startswith("No problems.")
        rows = anew.rows(anew.new)
        assert {name: row["status"] for name, row in rows.items()} == dict.fromkeys(rows, "effective")
        assert {name: row["revision"] for name, row in rows.items()} == {"SOP-001": "2", "WI-001": "3"}

    def test_one_document_after_the_other(self, anew: Begun) -> None:
        anew.let_in()
        anew.approve(("WI-001", "tom", "tom"))
        assert "rejected" not in anew.push()
        anew.approve(("SOP-001", "jane", "jane-2"), ("SOP-001", "anna", "anna"))
        assert "rejected" not in anew.push()

    def test_from_then_on_as_always(self, anew: Begun) -> None:
        anew.let_in()
        anew.approve_everything()
        anew.push()
        company, play = anew.company, anew.company.office.play
        name = company.revise("WI-001", "4")
        play.merge(name)
        assert "AP101" in anew.push()
        play.repo.git("reset", "-q", "--hard", "origin/main")
        play.on(name)
        ended = anew.run("approve", "WI-001", "--key", company.office.key("jane-2"), "--yes")
        assert ended.status == 0, ended
        company.office.commit()
        play.merge(name)
        assert "No problems." in anew.push()

    def test_nothing_counts_before_somebody_who_never_wrote_it_approves(self, anew: Begun) -> None:
        anew.let_in()
        assert {row["status"] for row in anew.rows(anew.new).values()} == {"draft"}
        anew.company.begin()
        key = anew.company.office.key("jane-2")
        words = ("approve", "WI-001", "--trust-root", anew.new, "--key", key, "--yes")
        assert "wrote part of WI-001" in refused(anew.company.office, *words)

    def test_the_old_root_proves_what_was_before_and_nothing_new(self, anew: Begun) -> None:
        anew.let_in()
        anew.approve_everything()
        rows = anew.rows(anew.old, "--as-of", "2026-02-01")
        assert {name: row["revision"] for name, row in rows.items()} == {"SOP-001": "1", "WI-001": "1"}
        assert {row["status"] for row in rows.values()} == {"effective"}
        assert "AU101" in anew.company.office.run("check", "--trust-root", anew.old).out
