"""`isodocs waivers`: what is set aside, until when, why, and who signed; and what `check` makes of it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from support.company import Settings
from support.office import Office, run

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]

WAIVED = "waivers: [{rule: RD101, id: WI-001, until: 2028-06-01, reason: The audit moved.}]\n"
"""WI-001 is due on 2027-12-31, capped to 24 months after its entry on 2026-01-05."""


def settings(office: Office, extra: str) -> None:
    """Write the settings with more keys at their end."""
    office.play.write("isodocs.yml", office.play.settings.text() + extra)


def signed(office: Office, extra: str, by: str = "jane") -> None:
    """The same, signed and committed."""
    settings(office, extra)
    office.play.authorise(by)
    office.play.commit(by)


def rows(office: Office, *words: str) -> list[Row]:
    value: Row = json.loads(office.ok("waivers", *words, "--format", "json"))
    assert value["command"] == "waivers"
    items: list[Row] = value["items"]
    return items


class TestRegister:
    def test_none(self, office: Office) -> None:
        assert office.ok("waivers") == "No waiver in force. The settings give reviews no grace.\n"
        assert rows(office) == []

    def test_one_in_force_with_who_signed_it(self, office: Office) -> None:
        signed(office, WAIVED)
        (row,) = rows(office)
        assert row == {
            "kind": "waiver",
            "rule": "RD101",
            "id": "WI-001",
            "until": "2028-06-01",
            "reason": "The audit moved.",
            "standing": "in-force",
            "signed_by": ["Jane"],
            "since": "2026-02-02T09:02:00Z",
            "commit": office.play.tip(),
            "root": False,
            "link": 1,
            "about": "review-overdue",
            "faults": [],
        }
        assert office.ok("waivers") == (
            "In force:\n"
            "  WI-001: RD101 review-overdue, until 2028-06-01\n"
            "    The audit moved.\n"
            "    signed by Jane, since 2026-02-02\n"
            "\n"
            "1 waiver in force. The settings give reviews no grace.\n"
        )

    def test_a_later_change_of_the_settings_is_not_what_brought_it(self, office: Office) -> None:
        signed(office, WAIVED)
        office.play.day("2026-03-02")
        signed(office, WAIVED + "review: {due_soon_days: 30}\n", by="bob")
        assert (rows(office)[0]["signed_by"], rows(office)[0]["link"]) == (["Jane"], 1)

    def test_one_that_ended_and_came_again_is_as_old_as_its_return(self, office: Office) -> None:
        signed(office, WAIVED)
        signed(office, "")
        signed(office, WAIVED, by="bob")
        assert (rows(office)[0]["signed_by"], rows(office)[0]["link"]) == (["Bob"], 3)

    def test_one_of_the_trust_root(self, office: Office, tmp_path: Path) -> None:
        root = tmp_path / "new"
        later = Office.founded(root)
        settings(later, WAIVED)
        subprocess.run(["git", "-C", root, "checkout", "-q", "--orphan", "other"], check=True)
        subprocess.run(["git", "-C", root, "branch", "-q", "-D", "main"], check=True)
        subprocess.run(["git", "-C", root, "branch", "-q", "-m", "main"], check=True)
        later.play.commit("max")
        (row,) = rows(later)
        assert (row["root"], row["link"], row["signed_by"]) == (True, 0, [])
        assert "    with the settings of the trust root, 2026-02-02\n" in later.ok("waivers")
        assert rows(office) == []

    def test_until_is_the_first_day_on_which_the_rule_counts_again(self, office: Office) -> None:
        signed(office, WAIVED)
        assert rows(office, "--as-of", "2028-05-31")[0]["standing"] == "in-force"
        assert rows(office, "--as-of", "2028-06-01")[0]["standing"] == "expired"
        out = office.ok("waivers", "--as-of", "2028-06-01")
        assert out.startswith("Expired; they can leave isodocs.yml:\n")
        assert out.endswith("No waiver in force. The settings give reviews no grace.\n")

    def test_before_it_was_signed(self, office: Office) -> None:
        office.play.day("2026-03-02")
        signed(office, WAIVED)
        assert rows(office, "--as-of", "2026-03-01") == []

    def test_before_the_root(self, office: Office) -> None:
        signed(office, WAIVED)
        assert rows(office, "--as-of", "2020-01-01") == []

    def test_what_nobody_signed_has_no_effect(self, office: Office) -> None:
        settings(office, WAIVED)
        (row,) = rows(office)
        assert (row["standing"], row["signed_by"], row["since"]) == ("unsigned", [], None)
        assert "In isodocs.yml and not signed: they have no effect (isodocs authorise):\n" in office.ok(
            "waivers"
        )
        office.play.commit("max")
        assert rows(office)[0]["standing"] == "unsigned"

    def test_what_is_signed_on_a_branch_is_coming(self, office: Office) -> None:
        office.play.branch("b")
        signed(office, WAIVED)
        assert rows(office)[0]["standing"] == "coming"
        assert "they count once this is part of the mainline:\n" in office.ok("waivers")
        office.play.merge("b")
        assert rows(office)[0]["standing"] == "in-force"

    def test_one_that_serves_nothing(self, office: Office) -> None:
        signed(office, WAIVED.replace("RD101", "RD999").replace("WI-001", "WI-777"))
        (row,) = rows(office)
        assert row["faults"] == [
            "there is no rule RD999, so it serves nothing",
            "there is no document WI-777, so it serves nothing",
        ]
        assert "    there is no rule RD999, so it serves nothing\n" in office.ok("waivers")

    def test_in_force_first_then_by_their_end(self, office: Office) -> None:
        lines = "".join(
            f"  - {{rule: RD101, id: {name}, until: {until}, reason: x}}\n"
            for name, until in (("WI-001", "2026-02-01"), ("SOP-001", "2099-06-01"), ("WI-001", "2099-01-01"))
        )
        signed(office, f"waivers:\n{lines}")
        found = [(row["standing"], row["until"]) for row in rows(office)]
        assert found == [
            ("in-force", "2099-01-01"),
            ("in-force", "2099-06-01"),
            ("expired", "2026-02-01"),
        ]

    def test_an_empty_repository(self, tmp_path: Path, office: Office) -> None:
        subprocess.run(["git", "init", "-q", tmp_path / "new"], check=True)
        ended = run("waivers", env=office.env("jane"), cwd=tmp_path / "new")
        assert (ended.status, ended.out) == (
            0,
            "There is no commit on the mainline yet, so nothing is waived.\n",
        )
        ended = run("waivers", "--format", "json", env=office.env("jane"), cwd=tmp_path / "new")
        assert json.loads(ended.out)["items"] == []

    def test_a_snapshot(self, office: Office) -> None:
        settings(office, WAIVED)
        ended = office.run("waivers", "--snapshot", "--format", "json")
        assert json.loads(ended.out)["items"][0]["standing"] == "in-force"
        assert "This is a snapshot" in ended.err

    @pytest.mark.parametrize("missing", ["reason: The audit moved.", "until: 2028-06-01", "rule: RD101"])
    def test_none_without_rule_reason_or_end(self, office: Office, missing: str) -> None:
        settings(office, WAIVED.replace(f"{missing}, ", "").replace(f", {missing}", ""))
        ended = office.run("check")
        assert ended.status != 0
        assert f"The key `{missing.partition(':')[0]}` of `waivers[1]` is missing" in ended.err

    def test_a_reason_of_white_space_is_none(self, office: Office) -> None:
        settings(office, WAIVED.replace("The audit moved.", '" "'))
        ended = office.run("check")
        assert ended.status == 2
        assert "`waivers[1].reason` says nothing; write why." in ended.err


class TestGrace:
    def test_a_late_review_within_grace(self, office: Office) -> None:
        signed(office, "review: {grace_days: 30}\n")
        assert rows(office, "--as-of", "2027-12-31") == []
        found = rows(office, "--as-of", "2028-01-10")
        assert [(row["kind"], row["id"], row["rule"]) for row in found] == [
            ("grace", "SOP-001", "RD101"),
            ("grace", "WI-001", "RD101"),
        ]
        assert found[0]["until"] == "2028-01-31"
        assert found[0]["signed_by"] == ["Jane"]
        assert found[0]["reason"] == "its review was due 2027-12-31; isodocs.yml lets each be 30 days late"
        out = office.ok("waivers", "--as-of", "2028-01-10")
        assert out.endswith("each review 30 days of grace; 2 documents live on it now.\n")

    def test_beyond_it(self, office: Office) -> None:
        signed(office, "review: {grace_days: 30}\n")
        assert len(rows(office, "--as-of", "2028-01-30")) == 2
        assert rows(office, "--as-of", "2028-01-31") == []

    def test_it_ends_as_check_has_it(self, office: Office) -> None:
        signed(office, "review: {grace_days: 30}\n")
        assert office.run("check", "--as-of", "2028-01-30", "--profile", "release").status == 0
        assert office.run("check", "--as-of", "2028-01-31", "--profile", "release").status == 1

    def test_what_nobody_signed_gives_none(self, office: Office) -> None:
        settings(office, "review: {grace_days: 30}\n")
        assert rows(office, "--as-of", "2028-01-10") == []


class TestCheck:
    """What is waived is still said, as a note, and counted."""

    LATE = ("--as-of", "2028-01-10", "--profile", "release")

    def test_a_problem_that_is_waived_is_a_note(self, office: Office) -> None:
        signed(office, WAIVED)
        ended = office.run("check", *self.LATE)
        assert ended.status == 1
        assert "RD101 info: The review of WI-001 was due on 2027-12-31" in ended.out
        assert "Waived until 2028-06-01: The audit moved." in ended.out
        assert "1 of the notes is waived: isodocs waivers" in ended.out

    def test_in_json(self, office: Office) -> None:
        signed(office, WAIVED)
        value = json.loads(office.run("check", *self.LATE, "--format", "json").out)
        assert value["waived"] == 1
        late = {row["id"]: row for row in value["items"] if row["code"] == "RD101"}
        assert (late["WI-001"]["severity"], late["SOP-001"]["severity"]) == ("info", "error")

    def test_without_signature_it_blocks(self, office: Office) -> None:
        settings(office, WAIVED)
        office.play.commit("max")
        ended = office.run("check", *self.LATE)
        assert "RD101 The review of WI-001 was due on" in ended.out
        assert "Waived" not in ended.out

    def test_a_gate_does_not_take_a_waiver_that_comes_with_the_push(self, tmp_path: Path) -> None:
        """It waives only once it was adopted: in the push that brings it, it does nothing."""
        office = Office.founded(tmp_path / "repo", Settings(drafts=True))
        before = office.play.tip()
        signed(office, WAIVED)
        ended = office.run("check", "--base", before, "--tip", "main", *self.LATE, "--format", "json")
        assert json.loads(ended.out)["waived"] == 0
