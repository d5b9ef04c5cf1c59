"""The rules on statements, on small mainlines: who must sign, and why a signature does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.company import Kind, Settings, usual_register
from support.library import FORGED, Mainline, founded, text

from isodocs.core.library import Judged
from isodocs.core.problem import Problem, Profile, Severity
from isodocs.rules import engine
from isodocs.rules.approval.outstanding import outstanding

if TYPE_CHECKING:
    from isodocs.core.library import Library

WI = "documents/WI-001.md"
SOP = "documents/SOP-001.md"


def problems(library: Library, code: str) -> list[Problem]:
    return [problem for problem in engine.run(library) if problem.code == code]


def errors(library: Library) -> set[str]:
    return {problem.code for problem in engine.run(library) if problem.severity is Severity.ERROR}


def revised(name: str = "WI-001", *people: str, words: str = "We do it better.", **more: str) -> Mainline:
    """The founded company, and revision 2 of a document with these signatures."""
    line = founded().write({f"documents/{name}.md": text(name, "2", words)})
    for person in people:
        line.sign(name, person, revision="2", **more)  # type: ignore[arg-type]
    return line.commit(day="2026-02-02")


class TestNotApproved:
    def test_the_root_is_clean(self) -> None:
        assert errors(founded().library(base=None)) == set()

    def test_an_approved_revision_is_clean(self) -> None:
        assert engine.run(revised("WI-001", "jane").library()) == ()

    def test_names_the_roles_the_people_and_the_command(self) -> None:
        (found,) = problems(revised("SOP-001").library(), "AP101")
        assert (found.path, found.id, found.severity) == (SOP, "SOP-001", Severity.ERROR)
        assert found.message == (
            "Revision 2 is not approved: "
            "process-owner (anna) and quality-manager (bob or jane) must still sign."
        )
        assert "isodocs approve SOP-001 --role process-owner" in found.fix
        assert "isodocs approve SOP-001 --role quality-manager" in found.fix
        assert found.span.line == 6

    def test_under_a_number_that_was_approved_nobody_is_sent_to_sign(self) -> None:
        line = founded().commit({WI: text("WI-001", "1", "Changed in passing.")}, day="2026-02-02")
        (found,) = problems(line.library(), "AP101")
        assert found.message == "This text is not approved: revision 1 was approved with another one."
        assert found.fix.startswith("First write the next revision's number (RV101)")
        assert "isodocs approve" not in found.fix

    def test_who_wrote_it_is_not_asked(self) -> None:
        line = founded().commit({WI: text("WI-001", "2")}, who="jane", day="2026-02-02")
        (found,) = problems(line.library(), "AP101")
        assert "quality-manager (bob)" in found.message

    def test_a_role_that_only_writers_hold(self) -> None:
        line = founded().commit({SOP: text("SOP-001", "2")}, who="anna", day="2026-02-02")
        (found,) = problems(line.library(), "AP101")
        assert "process-owner (nobody who holds it and did not write the text)" in found.message
        assert found.fix == "Give somebody else the role process-owner, in people.yml."

    def test_half_signed_asks_for_the_other_half(self) -> None:
        line = founded().write({SOP: text("SOP-001", "2")})
        line.sign("SOP-001", "anna", role="process-owner", revision="2")
        (found,) = problems(line.commit(day="2026-02-02").library(), "AP101")
        assert "quality-manager" in found.message
        assert "process-owner" not in found.message

    def test_it_is_a_note_in_the_draft_profile(self) -> None:
        library = revised().library(Judged.INDEX, profile=Profile.DRAFT)
        assert [found.severity for found in problems(library, "AP101")] == [Severity.INFO]

    def test_it_is_a_note_where_drafts_may_stand_on_the_mainline(self) -> None:
        line = founded(drafts=True).commit({WI: text("WI-001", "2")}, day="2026-02-02")
        assert [found.severity for found in problems(line.library(), "AP101")] == [Severity.INFO]

    def test_elsewhere_it_is_a_warning_at_a_gate_and_an_error_in_a_whole_check(self) -> None:
        line = revised().commit({"notes.txt": "unrelated"}, day="2026-02-03")
        assert [found.severity for found in problems(line.library(), "AP101")] == [Severity.WARNING]
        whole = line.library(Judged.MAINLINE, base=None)
        assert [found.severity for found in problems(whole, "AP101")] == [Severity.ERROR]

    def test_a_returned_text_says_by_whom_and_why(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", meaning="returned", revision="2", reason="The limit is missing.")
        (found,) = problems(line.commit(day="2026-02-02").library(), "AP101")
        assert "jane returned it: The limit is missing." in found.message

    def test_a_missing_picture_bars_signing(self) -> None:
        line = founded().commit({WI: text("WI-001", "2", "![Label](label.svg)")}, day="2026-02-02")
        (found,) = problems(line.library(), "AP101")
        assert "files that it embeds are missing" in found.message

    def test_an_old_text_put_back(self) -> None:
        line = revised("WI-001", "jane").commit({WI: text("WI-001")}, day="2026-02-03")
        (found,) = problems(line.library(), "AP101")
        assert "revision 2 was approved last" in found.message
        assert errors(line.library()) == {"AP101", "RV102"}

    def test_a_new_type_takes_two_pushes(self) -> None:
        line = founded()
        before = line.authority()
        line.settings = line.settings.kind("FRM", Kind())
        line.company().sign_authority("jane", predecessor=before)
        line.write({"documents/FRM-001.md": text("FRM-001")})
        line.sign("FRM-001", "jane")
        library = line.commit(day="2026-02-02").library()
        assert errors(library) == {"AP101"}
        (found,) = problems(library, "AP101")
        assert "its type FRM comes with the same change" in found.message
        assert "two pushes" in found.fix

    def test_a_policy_that_became_weaker_approves_nothing(self) -> None:
        line = founded(drafts=True).write({SOP: text("SOP-001", "2")})
        line.sign("SOP-001", "jane", revision="2")
        line.commit(day="2026-02-02")
        before = line.authority()
        line.settings = line.settings.kind("SOP", Kind())
        line.company().sign_authority("jane", predecessor=before)
        library = line.commit(day="2026-02-03").library()
        (found,) = problems(library, "AP101")
        assert "before the policy changed" in found.message

    def test_prepared_signed_asks_the_writers(self) -> None:
        line = founded()
        line.extra_settings = ""
        plain = line.settings.text().replace("  WI:\n", "  WI:\n    prepared: signed\n")
        line = Mainline().write({"isodocs.yml": plain, "people.yml": usual_register().text()})
        line.write({WI: text("WI-001")})
        line.sign("WI-001", "jane")
        library = line.commit().library(base=None)
        (found,) = problems(library, "AP101")
        assert "its writers must sign that they wrote it" in found.message

    def test_distinct_people_are_told_so(self) -> None:
        kind = Kind(("process-owner", "quality-manager"), distinct=True)
        line = Mainline(Settings().kind("SOP", kind)).company()
        line.write({SOP: text("SOP-001")}).commit()
        (found,) = problems(line.library(base=None), "AP101")
        assert found.fix.endswith("Each role needs another person.")

    def test_an_unknown_type_is_told_once(self) -> None:
        line = founded().commit({"documents/XYZ-001.md": text("XYZ-001")}, day="2026-02-02")
        assert errors(line.library()) == {"AP101", "ID106"}

    def test_outstanding_is_nothing_without_a_draft(self) -> None:
        library = founded().library(base=None)
        assert outstanding(library, library.views["WI-001"]) is None


class TestVoid:
    def test_a_role_that_is_not_held(self) -> None:
        library = revised("WI-001", "anna").library()
        assert errors(library) == {"AP101", "AP103"}
        (found,) = problems(library, "AP103")
        assert found.path.startswith("signatures/WI-001/2/approved.anna.")
        assert "did not hold the role quality-manager" in found.message
        assert found.id == "WI-001"

    def test_the_approver_wrote_it(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", revision="2", writers=["jane"])
        assert errors(line.commit(who="jane", day="2026-02-02").library()) == {"AP101", "AP104"}

    def test_other_writers_than_the_commits_show(self) -> None:
        line = founded(drafts=True).commit({WI: text("WI-001", "2")}, day="2026-02-02")
        line.sign("WI-001", "jane", revision="2", writers=["max", "tom"])
        library = line.commit(day="2026-02-03").library()
        assert errors(library) == {"AP104"}
        (found,) = problems(library, "AP104")
        assert "max and tom" in found.message
        assert found.fix == "Sign it anew: isodocs approve WI-001 --role quality-manager"
        assert errors(line.library(Judged.MAINLINE, base=None)) == set()

    def test_a_key_of_nobody(self) -> None:
        assert errors(revised("WI-001", "jane", key="eve").library()) == {"AP101", "AP106"}

    def test_the_key_of_somebody_else(self) -> None:
        assert errors(revised("WI-001", "jane", key="bob").library()) == {"AP101", "AP103"}

    def test_another_predecessor(self) -> None:
        assert errors(revised("WI-001", "jane", predecessor="0" * 64).library()) == {"AP101", "RV106"}

    def test_another_number_than_the_document(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", revision="3")
        assert errors(line.commit(day="2026-02-02").library()) == {"AP101", "RV102"}

    def test_a_malformed_number(self) -> None:
        line = founded().write({WI: text("WI-001", "2a")})
        line.sign("WI-001", "jane", revision="2a")
        assert errors(line.commit(day="2026-02-02").library()) == {"AP101", "RV105"}

    def test_one_that_valid_ones_outweigh_is_a_warning(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "anna", revision="2")
        line.sign("WI-001", "jane", revision="2")
        library = line.commit(day="2026-02-02").library()
        assert errors(library) == set()
        assert [found.severity for found in problems(library, "AP103")] == [Severity.WARNING]

    def test_one_from_before_is_told_where_it_could_be_counted_on(self) -> None:
        line = revised("WI-001", "anna").commit({"notes.txt": "unrelated"}, day="2026-02-03")
        library = line.library()
        assert problems(library, "AP103") == []
        (found,) = problems(library, "AP102")
        assert found.severity is Severity.WARNING
        assert "AP103" in found.message
        whole = line.library(Judged.MAINLINE, base=None)
        assert [one.severity for one in problems(whole, "AP102")] == [Severity.WARNING]

    def test_one_from_before_is_forgotten_once_the_text_is_approved(self) -> None:
        line = revised("WI-001", "anna")
        line.sign("WI-001", "jane", revision="2")
        line.commit(day="2026-02-03").commit({"notes.txt": "unrelated"}, day="2026-02-04")
        assert problems(line.library(), "AP102") == []

    def test_a_withdrawal_that_came_to_nothing(self) -> None:
        line = founded().write({})
        line.sign("WI-001", "anna", meaning="withdrawn", predecessor=None)
        line.known.pop("WI-001")
        library = line.commit(day="2026-02-02").library()
        assert errors(library) == {"AP103"}

    def test_a_reaffirmation_that_came_to_nothing(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "anna", meaning="reaffirmed", next_review="2027-06-30")
        assert errors(line.commit(day="2026-02-02").library()) == {"AP103"}

    def test_a_void_acknowledgement_beside_a_valid_one_is_a_warning(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "tom", meaning="acknowledged", role=None)
        line.sign("WI-001", "tom", meaning="acknowledged", role=None, key="bob", reason="again")
        assert errors(line.commit(day="2026-02-02").library()) == set()


class TestHeldAuthority:
    def test_a_grant_cannot_be_used_in_its_push(self) -> None:
        line = founded()
        before = line.authority()
        line.register = line.register.granting("tom", "quality-manager")
        line.company().sign_authority("jane", predecessor=before)
        line.commit(day="2026-02-02").write({WI: text("WI-001", "2")})
        line.sign("WI-001", "tom", revision="2")
        library = line.commit(day="2026-02-02").library(base=0)
        assert errors(library) == {"AP103"}
        (found,) = problems(library, "AP103")
        assert "by what the same push changes" in found.message
        assert errors(line.library(base=1)) == set()

    def test_a_role_taken_away_in_the_push(self) -> None:
        line = founded()
        before = line.authority()
        line.register = line.register.without_role("bob")
        line.company().sign_authority("jane", predecessor=before)
        line.commit(day="2026-02-02").write({WI: text("WI-001", "2")})
        line.sign("WI-001", "bob", revision="2")
        assert errors(line.commit(day="2026-02-02").library(base=0)) == {"AP101", "AP103"}

    def test_a_policy_relaxed_in_the_push(self) -> None:
        line = founded()
        before = line.authority()
        line.settings = line.settings.kind("SOP", Kind())
        line.company().sign_authority("jane", predecessor=before)
        line.commit(day="2026-02-02").write({SOP: text("SOP-001", "2")})
        line.sign("SOP-001", "jane", revision="2")
        library = line.commit(day="2026-02-02").library(base=0)
        assert errors(library) == {"AP103"}
        assert (
            "counts only by settings or people that the push brings" in problems(library, "AP103")[0].message
        )


class TestSignatures:
    def test_one_that_does_not_verify(self) -> None:
        library = revised("WI-001", "jane", key=FORGED).library()
        assert errors(library) == {"AP101", "AP105"}
        (found,) = problems(library, "AP105")
        assert "does not verify: it is not over these bytes." in found.message

    def test_one_that_is_missing(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", revision="2")
        line.waiting = {path: data for path, data in line.waiting.items() if not path.endswith(".sig")}
        library = line.commit(day="2026-02-02").library()
        assert errors(library) == {"AP101", "AP105"}

    def test_it_blocks_wherever_it_lies(self) -> None:
        line = revised("WI-001", "jane", key=FORGED).commit({"notes.txt": "unrelated"}, day="2026-02-03")
        assert errors(line.library()) == {"AP105"}

    def test_one_damaged_later_is_seen_by_whoever_touches_it_and_by_a_whole_check(self) -> None:
        line = founded()
        path = next(
            path for path in line.files if path.startswith("signatures/WI-001") and path.endswith(".sig")
        )
        line.commit({path: f"signed by {FORGED}"}, day="2026-02-02")
        assert errors(line.library()) == {"AP105"}
        line.commit({"notes.txt": "unrelated"}, day="2026-02-03")
        assert errors(line.library()) == set()
        assert errors(line.library(Judged.MAINLINE, base=None)) == {"AP105"}

    def test_unsigned_needs_none(self) -> None:
        line = Mainline(Settings().kind("WI", Kind(assurance="unsigned"))).company()
        line.write({WI: text("WI-001")})
        line.sign("WI-001", "jane", assurance="unsigned")
        assert errors(line.commit().library(base=None)) == set()


class TestAssurance:
    def test_below_the_policy(self) -> None:
        library = revised("WI-001", "jane", assurance="unsigned").library()
        assert errors(library) == {"AP101", "AP107"}
        (found,) = problems(library, "AP107")
        assert "is unsigned, and the policy asks for more" in found.message

    def test_beside_one_that_is_strong_enough(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", revision="2", assurance="unsigned")
        line.sign("WI-001", "bob", revision="2")
        assert errors(line.commit(day="2026-02-02").library()) == set()

    def test_from_before_it_is_a_warning(self) -> None:
        line = revised("WI-001", "jane", assurance="unsigned").commit({"x": "y"}, day="2026-02-03")
        assert [one.severity for one in problems(line.library(), "AP107")] == [Severity.WARNING]


class TestFilesUnderSignatures:
    def test_what_is_no_statement(self) -> None:
        stray = {
            "signatures/WI-001/1/a.json": "{}",
            "signatures/WI-001/1/b.json.sig": "armour",
            "signatures/WI-001/c.txt": "note",
        }
        library = founded().commit(stray, day="2026-02-02").library()
        found = problems(library, "AP108")
        assert [problem.path for problem in found] == sorted(stray)
        assert {problem.id for problem in found} == {"WI-001"}
        assert {problem.severity for problem in found} == {Severity.ERROR}

    def test_what_may_lie_there(self) -> None:
        harmless = {"signatures/.gitattributes": "* -text\n", "signatures/README.md": "What lies here.\n"}
        assert engine.run(founded().commit(harmless, day="2026-02-02").library()) == ()

    def test_a_link(self) -> None:
        line = founded()
        line.commit(
            {"signatures/WI-001/1/x.json": "elsewhere"},
            day="2026-02-02",
            links=["signatures/WI-001/1/x.json"],
        )
        assert "no ordinary file" in problems(line.library(), "AP108")[0].message

    def test_another_qms(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", revision="2", qms="00000000-0000-4000-8000-000000000000")
        library = line.commit(day="2026-02-02").library()
        assert errors(library) == {"AP101", "AP108"}
        assert "another QMS" in problems(library, "AP108")[0].message


class TestWaiting:
    def only(self, line: Mainline) -> Problem:
        (found,) = problems(line.library(), "AP109")
        assert found.severity is Severity.WARNING
        return found

    def test_the_text_was_changed_after_it_was_signed(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", revision="2")
        line.commit({WI: text("WI-001", "2", "Mended.")}, day="2026-02-02")
        found = self.only(line)
        assert "is for another text of WI-001 than stands here" in found.message
        assert "isodocs approve WI-001" in found.fix

    def test_the_text_was_changed_because_it_was_returned(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "jane", meaning="returned", revision="2")
        line.commit({WI: text("WI-001", "2", "Mended.")}, day="2026-02-02")
        found = self.only(line)
        assert "is for another text of WI-001 than stands here" in found.message
        assert found.fix.startswith("That is well if the text was changed because it was returned.")
        assert "approve" not in found.fix

    def test_a_picture_was_changed_after_it_was_signed(self) -> None:
        line = founded().write({WI: text("WI-001", "2", "![x](x.svg)"), "documents/x.svg": "old"})
        line.sign("WI-001", "jane", revision="2", embedded={"x.svg": "documents/x.svg"})
        line.commit({"documents/x.svg": "new"}, day="2026-02-02")
        assert "is for another x.svg than lies here" in self.only(line).message

    def test_no_such_document(self) -> None:
        line = founded().write({"documents/WI-002.md": text("WI-002")})
        line.sign("WI-002", "jane")
        line.commit({"documents/WI-002.md": None}, day="2026-02-02")
        assert "there is no such document here" in self.only(line).message

    def test_a_withdrawal_of_what_is_not_approved_yet(self) -> None:
        line = founded(drafts=True).write({"documents/WI-002.md": text("WI-002")})
        line.sign("WI-002", "jane", meaning="withdrawn")
        line.commit(day="2026-02-02")
        assert "waits until the revision it names is approved" in self.only(line).message

    def test_settings_that_are_not_these(self) -> None:
        line = founded()
        line.sign_authority("jane", predecessor=line.authority())
        line.settings = Settings(title="Another title")
        line.company().commit(day="2026-02-02")
        assert "isodocs authorise" in self.only(line).fix

    def test_a_copy_in_a_wrong_place(self) -> None:
        line = founded()
        path = next(
            path for path in line.files if path.startswith("signatures/WI-001") and path.endswith(".json")
        )
        copies = {
            path.replace("WI-001", "WI-002"): line.files[path][1],
            f"{path.replace('WI-001', 'WI-002')}.sig": line.files[f"{path}.sig"][1],
        }
        line.commit(copies, day="2026-02-02")
        found = self.only(line)
        assert "lies in a wrong place" in found.message
        assert found.fix == f"It belongs at {path}."
