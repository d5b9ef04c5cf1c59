"""Signing for somebody else, as a deputy; and settings mended by the recovery role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.company import Settings, usual_register
from support.office import Office, refused

if TYPE_CHECKING:
    from pathlib import Path

DEPUTY = usual_register().with_deputies(deputy_qm="quality-manager").granting("tom", "deputy-qm")

NOTHING = "There is nothing to take back: what is committed stays. Answer it: isodocs return ID --reason …\n"


def statement(office: Office) -> dict[str, Any]:
    (path,) = [path for path in office.staged() if path.endswith(".json")]
    value: dict[str, Any] = json.loads((office.root / path).read_bytes())
    return value


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Tom is deputy for the quality managers."""
    return Office.founded(tmp_path_factory.mktemp("deputies") / "repo", register=DEPUTY)


@pytest.fixture
def deputised(company: Office, tmp_path: Path) -> Office:
    office = company.copy(tmp_path / "repo")
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    return office


class TestFor:
    def test_both_names_stand_on_the_statement_and_it_counts(self, deputised: Office) -> None:
        out = deputised.ok("approve", "WI-001", "--for", "jane", "--yes", by="tom")
        assert "Tom for Jane (jane), as quality-manager" in out
        value = statement(deputised)
        assert (value["person"], value["signer"], value["name"]) == ("jane", "tom", "Tom for Jane")
        assert value["role"] == "quality-manager"
        deputised.commit("tom")
        deputised.play.merge("b")
        row = json.loads(deputised.ok("status", "WI-001", "--format", "json"))["items"][0]
        assert (row["revision"], row["status"]) == ("2", "effective")
        assert "Tom for Jane" in deputised.ok("history", "WI-001")

    def test_who_is_only_a_deputy_is_told_how(self, deputised: Office) -> None:
        sentence = refused(deputised, "approve", "WI-001", "--yes", by="tom")
        assert sentence == (
            "Tom holds no role that may sign this: quality-manager (Bob or Jane). "
            "As a deputy you can sign for Bob (--for bob) or Jane (--for jane)."
        )

    def test_who_is_no_deputy(self, deputised: Office) -> None:
        sentence = refused(deputised, "approve", "WI-001", "--for", "jane", "--yes", by="anna")
        assert sentence.startswith("Anna is no deputy of Jane as quality-manager.")

    def test_for_oneself_is_no_deputy(self, deputised: Office) -> None:
        deputised.ok("approve", "WI-001", "--for", "jane", "--yes")
        assert statement(deputised)["name"] == "Jane"

    def test_for_somebody_unknown(self, deputised: Office) -> None:
        sentence = refused(deputised, "approve", "WI-001", "--for", "zoe", "--yes", by="tom")
        assert sentence == "There is no person zoe in people.yml."

    def test_a_deputy_who_wrote_it(self, deputised: Office) -> None:
        deputised.play.revise("WI-001", "2", "More.", by="tom")
        sentence = refused(deputised, "approve", "WI-001", "--for", "jane", "--yes", by="tom")
        assert "Tom wrote part of WI-001 revision 2, so somebody else has to approve it" in sentence

    def test_for_a_writer(self, deputised: Office) -> None:
        deputised.play.revise("WI-001", "2", "More.", by="jane")
        sentence = refused(deputised, "approve", "WI-001", "--for", "jane", "--yes", by="tom")
        assert "Jane wrote part of WI-001 revision 2" in sentence

    def test_what_waits_for_the_person(self, deputised: Office) -> None:
        assert "Nothing here waits" in deputised.ok("approve", "--waiting", "--yes", by="tom")
        deputised.ok("approve", "--waiting", "--for", "jane", "--yes", by="tom")
        assert statement(deputised)["id"] == "WI-001"
        deputised.commit("tom")
        assert deputised.ok("approve", "--waiting", "--for", "jane", "--yes", by="tom") == (
            "Nothing here waits for a signature of jane (approved).\n"
        )

    def test_a_deputy_can_take_it_back(self, deputised: Office) -> None:
        deputised.ok("approve", "WI-001", "--for", "jane", "--yes", by="tom")
        assert deputised.ok("undo", "--yes") == NOTHING
        assert "approved by Tom for Jane" in deputised.ok("undo", "--yes", by="tom")
        assert deputised.status() == ""

    def test_return_and_withdraw_too(self, deputised: Office) -> None:
        words = ("--for", "jane", "--reason", "No.", "--yes")
        for command in ("return", "withdraw"):
            deputised.ok(command, "WI-001", *words, by="tom")
            deputised.commit("tom")
        assert "returned by Tom for Jane: No." in deputised.ok("status", "WI-001")

    @pytest.mark.parametrize("command", ["author", "acknowledge"])
    def test_not_what_everybody_signs_himself(self, deputised: Office, command: str) -> None:
        ended = deputised.run(command, "WI-001", "--for", "jane", by="tom")
        assert (ended.status, "No such option" in ended.err) == (2, True)

    def test_without_a_signature_there_is_no_deputy(self, deputised: Office) -> None:
        sentence = refused(deputised, "approve", "WI-001", "--for", "jane", "--unsigned-as", "tom", "--yes")
        assert sentence == "Either --for or --unsigned-as: a statement with a key is signed."


class TestAuthorise:
    def changed(self, office: Office) -> None:
        office.play.write("mkdocs.yml", "site_name: b\n")
        office.play.commit("max")

    def test_by_a_deputy(self, deputised: Office) -> None:
        self.changed(deputised)
        deputised.ok("authorise", "--for", "jane", "--yes", by="tom")
        assert statement(deputised)["name"] == "Tom for Jane"
        deputised.commit("tom")
        deputised.play.merge("b")
        assert "counts" in deputised.ok("verify", "_authority")

    def test_who_is_only_a_deputy_is_told_how(self, deputised: Office) -> None:
        self.changed(deputised)
        assert refused(deputised, "authorise", "--yes", by="tom").endswith(
            "As a deputy you can sign for Bob (--for bob) or Jane (--for jane)."
        )

    def test_by_the_recovery_role(self, tmp_path: Path) -> None:
        """Two quality managers are asked and one is gone: the director mends it."""
        register = usual_register()
        register = type(register)(register.people, (*register.roles, "director")).granting("anna", "director")
        settings = Settings(quorum=2, recovery=("director", 1))
        office = Office.founded(tmp_path / "repo", settings, register)
        office.play.branch("b")
        self.changed(office)
        out = office.ok("authorise", "--yes", by="anna")
        assert "shall govern: mkdocs.yml" in out
        assert statement(office)["role"] == "director"
        office.commit("anna")
        office.play.merge("b")
        assert "counts" in office.ok("verify", "_authority")

    def test_a_role_that_has_no_say(self, deputised: Office) -> None:
        self.changed(deputised)
        sentence = refused(deputised, "authorise", "--role", "process-owner", "--yes")
        assert sentence == "Settings and people are changed by quality-manager, not by process-owner."


def test_a_deputy_with_nothing_of_his_own_is_told_for_whom(deputised: Office) -> None:
    out = deputised.ok("approve", "--waiting", "--yes", by="tom")
    assert out.startswith("Nothing here waits for your signature (approved).\n")
    assert "As deputy for Jane: WI-001 (--waiting --for jane)\n" in out
