"""What rules say of deputies, of keys that must know their users, and of who changes settings and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.test_adoption import BOSS, change, directors, own
from core.test_adoption import company as with_directors
from core.test_judging import DOC, QM
from core.test_user_verification import company as with_devices
from core.test_warrant import company, signed, staff
from rules.test_approval import errors, problems
from support.company import Kind, Person
from support.library import Mainline, text

from isodocs.core.library import Judged
from isodocs.core.problem import Profile, Severity
from isodocs.registers import evidence, signatures
from isodocs.registers.signatures import Standing
from isodocs.rules.approval.outstanding import outstanding

if TYPE_CHECKING:
    from isodocs.core.library import Library

VERIFIED = {"SOP": Kind((QM,)), "WI": Kind(verified=True)}


class TestDeputies:
    def test_a_right_one_is_clean(self) -> None:
        assert errors(signed(company()).library()) == set()

    def test_both_are_named(self) -> None:
        library = signed(company(), "jane", "bob").library()
        assert errors(library) == {"AP101", "AP103"}
        (found,) = problems(library, "AP103")
        assert found.message == (
            "The signature of bob for jane as quality-manager (approved, revision 2) is void: bob signed for "
            "jane and held no role that is deputy for quality-manager."
        )

    def test_who_wrote_is_named(self) -> None:
        line = company(drafts=True).commit(who="tom", day="2026-02-01")
        line.sign("WI-001", "jane", revision="2", signer="tom", writers=["tom"])
        line.commit(who="tom", day="2026-02-02")
        (found,) = problems(line.library(), "AP104")
        assert found.message.endswith("is void: tom wrote part of it, so cannot approve it for jane either.")

    def test_other_writers_than_the_commits_show(self) -> None:
        line = company().commit(day="2026-02-01")
        line.sign("WI-001", "jane", revision="2", signer="tom", writers=["bob", "max"])
        library = line.commit(day="2026-02-02").library(base=0)
        (found,) = problems(library, "AP104")
        assert found.message.startswith("tom for jane approved a text by bob and max, but")

    def test_who_returned(self) -> None:
        line = company(drafts=True)
        line.sign("WI-001", "jane", revision="2", signer="tom", meaning="returned", reason="Too long.")
        library = line.commit(day="2026-02-02").library()
        found = outstanding(library, library.views["WI-001"])
        assert found is not None
        assert found.why == "Revision 2 is not approved: tom for jane returned it: Too long."

    def test_a_grant_in_the_push_that_uses_it_is_refused_by_name(self) -> None:
        line = company(staff("2026-01-10"))
        waiting = {name: line.waiting.pop(name) for name in list(line.waiting)}
        before, line.register = line.authority(), staff()
        line.company()
        line.sign_authority("jane", predecessor=before)
        line.commit(day="2026-02-01").write(waiting)
        library = signed(line).library(base=0)
        assert errors(library) == {"AP103"}
        (found,) = problems(library, "AP103")
        assert "counts only by what the same push changes" in found.message


class TestDevices:
    def weak(self, *keys: str) -> Library:
        line = with_devices(kinds=VERIFIED)
        for person, key in zip(("jane", "bob"), keys, strict=False):
            line.sign("WI-001", person, revision="2", key=key)
        return line.commit(day="2026-02-02").library()

    def test_a_key_that_did_not_know_its_user(self) -> None:
        library = self.weak("jane")
        assert errors(library) == {"AP101", "AP107"}
        (found,) = problems(library, "AP107")
        assert "is not by a device that knew its user, and the policy asks for that." in found.message
        assert found.fix == "Sign it anew with a hardware key that asks for a PIN or a finger."

    def test_one_that_did(self) -> None:
        assert errors(self.weak("jane+uv")) == set()

    def test_beside_one_that_did_it_does_not_matter(self) -> None:
        assert errors(self.weak("jane", "bob+uv")) == set()

    def test_unsigned_is_told_as_unsigned(self) -> None:
        line = with_devices(kinds=VERIFIED)
        line.sign("WI-001", "jane", revision="2", assurance="unsigned")
        (found,) = problems(line.commit(day="2026-02-02").library(), "AP107")
        assert "is unsigned, and the policy asks for more" in found.message

    def test_a_role_that_nobody_asks_for_is_let_be(self) -> None:
        line = with_devices(kinds=VERIFIED)
        line.sign("WI-001", "anna", revision="2", role="process-owner")
        assert "AP107" not in errors(line.commit(day="2026-02-02").library())

    def test_verify_says_why(self) -> None:
        found = [one for one in signatures.findings(self.weak("jane")) if one.judged and one.judged.step]
        assert [(one.standing, one.code, one.fails) for one in found] == [(Standing.WEAK, "AP107", True)]
        assert found[0].why == signatures.NOT_VERIFIED


def authority_line(*keys: str, **settings: object) -> Mainline:
    """Settings that ask for devices, and a change of people signed with these keys."""
    line = with_directors(directors(staff()), verified=True, **settings)
    before = line.authority()
    line.register = line.register.but(eve=Person(("eve@other.example",)))
    line.company()
    for key in keys:
        line.sign_authority(key.partition("+")[0], predecessor=before, key=key)
    return line.commit(day="2026-02-01")


class TestSettingsAndPeople:
    def test_a_weak_signature_on_them(self) -> None:
        library = authority_line("jane").library()
        assert errors(library) == {"AU101", "AP107"}
        (found,) = problems(library, "AP107")
        assert "on settings and people is not by a device that knew its user" in found.message
        (one,) = signatures.findings(library, "_authority")
        assert (one.standing, one.why, one.fails) == (Standing.WEAK, signatures.NOT_VERIFIED, True)

    def test_beside_a_strong_one(self) -> None:
        assert errors(authority_line("jane", "bob+uv").library()) == set()

    def test_on_files_that_are_there_no_more(self) -> None:
        line = authority_line("jane")
        line.register = directors(staff())
        line.company().commit(day="2026-02-02")
        assert errors(line.library()) == set()

    def test_the_way_out_names_recovery(self) -> None:
        line = change(with_directors(quorum=2, recovery=(BOSS, 2)), *own("jane"))
        (found,) = problems(line.library(), "AU101")
        assert found.fix == (
            "Have it signed by 2 × quality-manager: isodocs authorise "
            "(where that quorum is lost: 2 × top-management)"
        )

    def test_recovery_passes_the_gate_and_is_on_record(self) -> None:
        line = change(with_directors(quorum=2, recovery=(BOSS, 2)), *own("anna", "tom", role=BOSS))
        assert errors(line.library()) == set()
        row = evidence.authority(line.library(Judged.MAINLINE, base=None))
        assert row is not None
        assert (row["recovered"], row["signed_by"], row["root"]) == (True, ["Anna", "Tom"], False)

    def test_the_root_was_not_recovered(self) -> None:
        row = evidence.authority(with_directors().library(Judged.MAINLINE, base=None))
        assert row is not None
        assert (row["recovered"], row["signed_by"], row["since"], row["root"]) == (False, [], None, True)


def test_on_a_branch_what_is_weak_is_an_error_where_it_came() -> None:
    line = with_devices(kinds=VERIFIED, drafts=True)
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    now = line.library(Judged.TREE, profile=Profile.DRAFT)
    assert [one.severity for one in problems(now, "AP107")] == [Severity.ERROR]
    later = line.commit({"x": "y"}, day="2026-02-03").library()
    assert [one.severity for one in problems(later, "AP107")] == [Severity.WARNING]


def test_a_policy_of_devices_leaves_what_was_approved_before() -> None:
    """No warning for every old signature on the day on which the policy comes."""
    line = company()
    line.waiting.clear()
    before = line.authority()
    line.settings = line.settings.kind("WI", Kind(verified=True))
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-01")
    assert problems(line.library(), "AP107") == []
    assert text("WI-001") in line.files[DOC][1].decode()
