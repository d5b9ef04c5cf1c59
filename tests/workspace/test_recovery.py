"""A key is renewed, lost or stolen; somebody leaves or is away; nobody can sign: what people do then.

Each test plays one part of the example's WI-012 with the command line, in real git.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from support.company import Register, Settings, usual_register
from support.office import Office, refused
from support.today import FROM, PEOPLE, Company, day, today

if TYPE_CHECKING:
    from pathlib import Path

RECOVERY = "  recovery: {role: top-management, quorum: 2}\n"


@dataclass(frozen=True)
class Recoverable(Settings):
    """Settings that name who steps in when the quorum is lost."""

    def text(self) -> str:
        """The bytes of isodocs.yml, as text."""
        quorum = f"  quorum: {self.quorum}\n"
        return super().text().replace(quorum, quorum + RECOVERY)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office.founded(tmp_path_factory.mktemp("recovery") / "repo")


@pytest.fixture
def company(founded: Office, tmp_path: Path) -> Company:
    return today(founded.copy(tmp_path / "repo"))


def topped() -> Register:
    """A register in which anna and tom are the top management."""
    register = replace(usual_register(), roles=("process-owner", "quality-manager", "top-management"))
    return register.granting("anna", "top-management").granting("tom", "top-management")


class TestRotation:
    """A new key while the old one still works."""

    def test_both_count_until_the_old_one_ends(self, company: Company) -> None:
        company.begin()
        company.renew("jane")
        company.key_of("jane", f"until: {day(7)}")
        company.authorised("jane")
        company.revise("WI-001", "2")
        company.approved("WI-001", "jane")
        assert company.in_force("WI-001") == "2"
        company.revise("WI-001", "3")
        company.office.ok("approve", "WI-001", "--key", company.office.key("jane-2"), "--yes")
        company.office.commit()
        company.office.play.merge("change-3")
        assert company.in_force("WI-001") == "3"
        company.sound()

    def test_what_waits_with_the_old_key_is_signed_again(self, company: Company) -> None:
        waits = company.revise("WI-001", "2")
        company.office.ok("approve", "WI-001", "--yes", by="jane")
        company.office.commit()
        company.office.play.on("main")
        company.begin()
        company.renew("jane")
        company.key_of("jane", f"until: {day(-1)}")
        company.authorised("jane")
        merged = company.office.copy(company.office.root.parent / "merged")
        merged.play.merge(waits)
        assert company.in_force("WI-001") == "1"
        assert today(merged).in_force("WI-001") == "1"
        assert "AP106" in merged.run("check").out
        company.office.play.on(waits)
        company.office.play.repo.merge("main", options=())
        company.office.ok("approve", "WI-001", "--key", company.office.key("jane-2"), "--yes")
        company.office.commit()
        company.office.play.merge(waits)
        assert company.in_force("WI-001") == "2"
        company.sound()


class TestLeaver:
    """Role and key end; what was approved stays."""

    @pytest.fixture
    def left(self, company: Company) -> Company:
        company.revise("WI-001", "2")
        company.approved("WI-001", "bob")
        company.begin()
        text = company.office.play.read(PEOPLE).decode()
        name = "    name: Bob\n"
        before, entry = text.split(name)
        company.office.play.write(PEOPLE, before + name + entry.replace(FROM, f"{FROM}, until: {day(-1)}", 2))
        company.authorised("jane")
        return company

    def test_what_was_approved_stays(self, left: Company) -> None:
        assert left.in_force("WI-001") == "2"
        assert not left.row("WI-001")["challenged"]
        assert "bob" not in left.office.ok("allowed-signers")
        left.sound()

    def test_the_leaver_signs_no_more(self, left: Company) -> None:
        left.revise("WI-001", "3")
        assert "bob" in refused(left.office, "approve", "WI-001", "--yes", by="bob").lower()

    def test_the_role_goes_on_with_somebody_else(self, left: Company) -> None:
        left.revise("WI-001", "3")
        left.approved("WI-001", "jane")
        assert left.in_force("WI-001") == "3"


class TestStolen:
    """The key is revoked; what it alone carried is challenged until it is signed anew."""

    @pytest.fixture
    def stolen(self, company: Company) -> Company:
        company.revise("WI-001", "2")
        company.approved("WI-001", "bob")
        company.begin()
        company.renew("bob")
        reason = "reason: laptop stolen"
        company.key_of("bob", f"revoked: {{on: {day(-1)}, compromised_since: {day(-3)}, {reason}}}")
        company.authorised("jane")
        return company

    def test_it_stays_in_force_and_is_challenged(self, stolen: Company) -> None:
        row = stolen.row("WI-001")
        assert (row["status"], row["revision"], row["challenged"]) == ("effective", "2", True)
        assert not stolen.row("SOP-001")["challenged"]

    def test_the_stolen_key_signs_no_more(self, stolen: Company) -> None:
        stolen.revise("WI-001", "3")
        assert refused(stolen.office, "approve", "WI-001", "--yes", by="bob")

    @pytest.mark.parametrize(("signer", "key"), [("jane", "jane"), ("bob", "bob-2")])
    def test_a_fresh_signature_lifts_it(self, stolen: Company, signer: str, key: str) -> None:
        stolen.begin()
        stolen.office.ok("approve", "WI-001", "--key", stolen.office.key(key), "--yes", by=signer)
        stolen.office.commit(signer)
        stolen.office.play.merge(f"change-{stolen.branches}")
        row = stolen.row("WI-001")
        assert (row["status"], row["revision"], row["challenged"]) == ("effective", "2", False)
        stolen.sound()

    def test_taken_back_without_a_doubt_about_the_past(self, company: Company) -> None:
        company.revise("WI-001", "2")
        company.approved("WI-001", "bob")
        company.begin()
        company.key_of("bob", f"revoked: {{on: {day(-1)}, reason: worn out}}")
        company.authorised("jane")
        assert not company.row("WI-001")["challenged"]


class TestLost:
    """One of two quality managers has lost his key."""

    def test_the_other_one_signs_the_new_key(self, company: Company) -> None:
        company.begin()
        company.renew("bob")
        company.key_of("bob", f"until: {day(-1)}")
        company.authorised("jane")
        company.revise("WI-001", "2")
        company.office.ok("approve", "WI-001", "--key", company.office.key("bob-2"), "--yes", by="bob")
        company.office.commit("bob")
        company.office.play.merge("change-2")
        assert company.in_force("WI-001") == "2"
        company.sound()


class TestRecovered:
    """Both quality managers have lost their keys; top management steps in."""

    @pytest.fixture
    def lost(self, tmp_path: Path) -> Company:
        company = today(Office.founded(tmp_path / "repo", Recoverable(), topped()))
        company.begin()
        company.renew("jane")
        company.key_of("jane", f"until: {day(-1)}")
        return company

    def test_two_of_them_let_somebody_sign_again(self, lost: Company) -> None:
        said = lost.authorised("anna", "tom", words=("--role", "top-management"))
        assert said
        lost.revise("WI-001", "2")
        lost.office.ok("approve", "WI-001", "--key", lost.office.key("jane-2"), "--yes")
        lost.office.commit()
        lost.office.play.merge("change-2")
        assert lost.in_force("WI-001") == "2"
        lost.sound()

    def test_it_is_shown_as_recovered(self, lost: Company) -> None:
        lost.authorised("anna", "tom", words=("--role", "top-management"))
        assert "recover" in lost.office.ok("verify", "--chain").lower()

    def test_one_of_them_is_not_enough(self, lost: Company) -> None:
        lost.authorised("anna", words=("--role", "top-management"))
        assert "AU101" in lost.office.run("check").out

    def test_who_does_not_hold_the_role_cannot(self, lost: Company) -> None:
        lost.office.play.commit("max")
        assert refused(lost.office, "authorise", "--role", "top-management", "--yes", by="max")


class TestAway:
    """A substitute holds the role for some time; a deputy signs for its holder."""

    def test_a_substitute(self, company: Company) -> None:
        company.begin()
        role = f"roles: [{{role: quality-manager, from: {day(-2)}, until: {day(14)}}}]"
        company.edit("emails: [tom@ex.org]\n    roles: []", f"emails: [tom@ex.org]\n    {role}")
        company.authorised("jane")
        company.revise("WI-001", "2")
        company.approved("WI-001", "tom")
        assert company.in_force("WI-001") == "2"

    @pytest.fixture
    def deputised(self, company: Company) -> Company:
        company.begin()
        title = "  quality-manager: {title: Quality manager}\n"
        deputy = "  deputy-qm: {title: Deputy quality manager, deputy_for: quality-manager}\n"
        company.edit(title, title + deputy)
        role = f"roles: [{{role: deputy-qm, {FROM}}}]"
        company.edit("emails: [tom@ex.org]\n    roles: []", f"emails: [tom@ex.org]\n    {role}")
        company.authorised("jane")
        return company

    def test_a_deputy_signs_for_somebody(self, deputised: Company) -> None:
        name = deputised.revise("WI-001", "2")
        deputised.office.ok("approve", "WI-001", "--for", "jane", "--yes", by="tom")
        deputised.office.commit("tom")
        deputised.office.play.merge(name)
        assert deputised.in_force("WI-001") == "2"
        assert "Tom for Jane" in deputised.office.ok("history", "WI-001")
        assert "Tom for Jane" in deputised.office.ok("verify", "WI-001")
        deputised.sound()

    def test_not_for_what_that_person_wrote(self, deputised: Company) -> None:
        deputised.begin()
        deputised.office.play.revise("WI-001", "2", by="jane")
        sentence = refused(deputised.office, "approve", "WI-001", "--for", "jane", "--yes", by="tom")
        assert "Jane wrote part" in sentence

    def test_not_without_the_role_for_it(self, deputised: Company) -> None:
        deputised.revise("WI-001", "2")
        assert refused(deputised.office, "approve", "WI-001", "--for", "jane", "--yes", by="max")
