"""The rules on the mainline, its clocks and its settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from support.library import Mainline, founded, text
from support.statements import Key

from isodocs.core.library import Judged, Push
from isodocs.core.problem import Problem, Profile, Severity
from isodocs.rules import engine

if TYPE_CHECKING:
    from isodocs.core.library import Library

WI = "documents/WI-001.md"


def problems(library: Library, code: str) -> list[Problem]:
    return [problem for problem in engine.run(library) if problem.code == code]


def errors(library: Library) -> set[str]:
    return {problem.code for problem in engine.run(library) if problem.severity is Severity.ERROR}


def two_revisions() -> Mainline:
    return founded().approve("WI-001", text("WI-001", "2"), "jane", revision="2", day="2026-02-02")


def signatures(line: Mainline, revision: str) -> list[str]:
    return sorted(path for path in line.files if path.startswith(f"signatures/WI-001/{revision}/"))


class TestDeleted:
    def test_a_file_that_has_gone(self) -> None:
        library = founded().commit({WI: None}, day="2026-02-02").library()
        assert errors(library) == {"HX101"}
        (found,) = problems(library, "HX101")
        assert found.message == "The file of WI-001 has gone, but WI-001 is not withdrawn."
        assert f'git checkout 000000000000 -- "{WI}"' in found.fix
        assert "isodocs withdraw WI-001" in found.fix

    def test_a_link_in_its_place(self) -> None:
        line = founded().commit({WI: "elsewhere"}, day="2026-02-02", links=[WI])
        (found,) = problems(line.library(), "HX101")
        assert "no ordinary file any more" in found.message

    def test_a_broken_front_matter(self) -> None:
        library = founded().commit({WI: "---\nid: [\n---\n"}, day="2026-02-02").library()
        assert errors(library) == {"HX101", "FM102"}
        assert "can no longer be read" in problems(library, "HX101")[0].message

    def test_another_id_in_its_place(self) -> None:
        library = founded().commit({WI: text("WI-009")}, day="2026-02-02").library()
        assert errors(library) == {"AP101", "HX101"}  # ID105 would say the same again
        assert "now calls itself WI-009" in problems(library, "HX101")[0].message

    def test_a_moved_file_is_there(self) -> None:
        line = founded()
        moved = {WI: None, "documents/a/WI-001.md": line.files[WI][1]}
        assert engine.run(line.commit(moved, day="2026-02-02").library()) == ()

    def test_a_draft_that_was_never_approved_may_go(self) -> None:
        line = founded(drafts=True).commit({"documents/WI-002.md": text("WI-002")}, day="2026-02-02")
        assert engine.run(line.commit({"documents/WI-002.md": None}, day="2026-02-03").library()) == ()

    def test_a_withdrawn_document_may_go(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "jane", meaning="withdrawn", reason="No longer made.")
        assert engine.run(line.commit({WI: None}, day="2026-02-02").library()) == ()

    def test_a_whole_check_reports_what_is_in_force_without_a_file(self) -> None:
        line = founded().commit({WI: None}, day="2026-02-02").commit({"x": "y"}, day="2026-02-03")
        assert errors(line.library()) == set()
        assert errors(line.library(Judged.MAINLINE, base=None)) == {"HX101"}


class TestTurned:
    def test_nothing_else_is_said(self) -> None:
        library = founded().commit({WI: None}, day="2026-02-02").library()
        assert library.push is not None
        turned = replace(library, push=Push("a" * 40, "b" * 40, turned=True, commits=()))
        (found,) = engine.run(turned)
        assert (found.code, found.severity, found.path) == ("HX103", Severity.ERROR, "")
        assert "git merge --no-ff" in found.fix
        assert "aaaaaaaaaaaa" in found.message


class TestClocks:
    def pushed(self, day: str, clock: str, *, signed: bool = True) -> Library:
        line = founded()
        if signed:
            line.approve("WI-001", text("WI-001", "2"), "jane", revision="2", day=day)
        else:
            line.commit({"notes.txt": "unrelated"}, day=day)
        return line.library(moment=clock)

    def test_in_time(self) -> None:
        assert errors(self.pushed("2026-02-02T09:09:00Z", "2026-02-02T09:00:00Z")) == set()

    def test_ahead(self) -> None:
        library = self.pushed("2026-02-02T09:11:00Z", "2026-02-02T09:00:00Z", signed=False)
        assert errors(library) == {"HX104"}
        assert "ahead of the clock" in problems(library, "HX104")[0].message

    def test_an_old_commit_that_brings_signatures(self) -> None:
        library = self.pushed("2026-02-02", "2026-02-10")
        assert errors(library) == {"HX104"}
        assert "--no-ff" in problems(library, "HX104")[0].fix

    def test_an_old_commit_that_brings_none(self) -> None:
        assert errors(self.pushed("2026-02-02", "2026-02-10", signed=False)) == set()

    def test_the_first_push_of_all_may_be_old(self) -> None:
        assert errors(founded().library(base=None, moment="2026-05-01")) == set()

    def test_backwards_is_a_warning(self) -> None:
        line = founded().commit({"a": "b"}, day="2026-02-05")
        library = line.commit({"a": "c"}, day="2026-02-03").library(moment="2026-02-05")
        (found,) = problems(library, "HX104")
        assert found.severity is Severity.WARNING
        assert "it counts from 2026-02-05T09:00:00Z on" in found.message


class TestStatementRemoved:
    def test_of_the_revision_in_force(self) -> None:
        line = two_revisions()
        library = line.commit(dict.fromkeys(signatures(line, "2")), day="2026-02-03").library()
        assert errors(library) == {"HX105"}
        (found,) = problems(library, "HX105")
        assert "has lost its file" in found.message
        assert found.fix.startswith("Restore it: git checkout 000000000000")

    def test_its_signature_file_alone(self) -> None:
        line = two_revisions()
        line.commit({signatures(line, "2")[1]: None}, day="2026-02-03")
        (found,) = problems(line.library(), "HX105")
        assert "has lost its signature file" in found.message
        assert errors(line.library()) == {"HX105"}

    def test_of_a_superseded_revision(self) -> None:
        line = two_revisions()
        assert engine.run(line.commit(dict.fromkeys(signatures(line, "1")), day="2026-02-03").library()) == ()

    def test_a_void_one_may_go(self) -> None:
        line = founded().write({WI: text("WI-001", "2")})
        line.sign("WI-001", "anna", revision="2")
        line.sign("WI-001", "jane", revision="2")
        line.commit(day="2026-02-02")
        void = [path for path in signatures(line, "2") if "anna" in path]
        assert engine.run(line.commit(dict.fromkeys(void), day="2026-02-03").library()) == ()

    def test_one_that_lies_elsewhere_still(self) -> None:
        line = two_revisions()
        moved: dict[str, str | bytes | None] = {}
        for path in signatures(line, "2"):
            moved[path] = None
            moved[path.replace("signatures/WI-001/2", "signatures/WI-001/old")] = line.files[path][1]
        assert errors(line.commit(moved, day="2026-02-03").library()) == set()

    def test_on_a_draft_that_still_waits(self) -> None:
        line = founded(drafts=True).write({"documents/SOP-001.md": text("SOP-001", "2")})
        line.sign("SOP-001", "jane", revision="2")
        line.commit(day="2026-02-02")
        lost = [path for path in line.files if path.startswith("signatures/SOP-001/2/")]
        assert errors(line.commit(dict.fromkeys(lost), day="2026-02-03").library()) == {"HX105"}

    def test_edited(self) -> None:
        line = two_revisions()
        path = signatures(line, "2")[0]
        edited = line.files[path][1].replace(b'"name": "Jane"', b'"name":  "Jane"')
        assert errors(line.commit({path: edited}, day="2026-02-03").library()) == {"AP108", "HX105"}


class TestAuthority:
    def changed(self) -> Mainline:
        line = founded()
        line.register = line.register.granting("max", "quality-manager")
        return line.company()

    def test_without_a_signature(self) -> None:
        library = self.changed().commit(day="2026-02-02").library()
        assert errors(library) == {"AU101"}
        (found,) = problems(library, "AU101")
        assert found.message.startswith("people.yml has changed without a signature")
        assert found.path == "people.yml"
        assert "isodocs authorise" in found.fix

    def test_with_one(self) -> None:
        line = founded()
        before = line.authority()
        line.register = line.register.granting("max", "quality-manager")
        line.company().sign_authority("jane", predecessor=before)
        assert engine.run(line.commit(day="2026-02-02").library()) == ()

    def test_it_blocks_every_later_push(self) -> None:
        line = self.changed().commit(day="2026-02-02").commit({"x": "y"}, day="2026-02-03")
        assert errors(line.library()) == {"AU101"}

    def test_on_a_branch_the_signature_may_still_come(self) -> None:
        library = self.changed().commit(day="2026-02-02").library(Judged.INDEX, profile=Profile.DRAFT)
        assert [found.severity for found in problems(library, "AU101")] == [Severity.WARNING]
        library = replace(library, profile=Profile.RELEASE)
        assert [found.severity for found in problems(library, "AU101")] == [Severity.ERROR]

    def test_settings_that_cannot_be_read(self) -> None:
        library = founded().commit({"isodocs.yml": "format: 9\n"}, day="2026-02-02").library()
        (found,) = problems(library, "AU101")
        assert "cannot be read; the last signed set governs" in found.message

    def test_settings_that_have_gone(self) -> None:
        library = founded().commit({"people.yml": None}, day="2026-02-02").library()
        assert errors(library) == {"AU101"}

    def test_an_authority_that_came_with_the_push(self) -> None:
        line = founded()
        before = line.authority()
        line.register = line.register.granting("max", "quality-manager")
        line.company().sign_authority("jane", predecessor=before)
        line.commit(day="2026-02-02")
        between = line.authority()
        line.register = line.register.granting("tom", "quality-manager")
        line.company().sign_authority("max", predecessor=between)
        library = line.commit(day="2026-02-02").library(base=0)
        assert errors(library) == {"AU101"}
        assert "came with the same push" in problems(library, "AU101")[0].message

    def test_a_signature_that_may_not_authorise(self) -> None:
        line = founded()
        before = line.authority()
        line.register = line.register.granting("max", "quality-manager")
        line.company().sign_authority("max", predecessor=before)
        assert errors(line.commit(day="2026-02-02").library()) == {"AP103", "AU101"}

    def test_one_key_for_two_people(self) -> None:
        line = founded()
        register = line.register.text().replace(Key("tom").public, Key("max").public)
        library = line.commit({"people.yml": register}, day="2026-02-02").library()
        (found,) = problems(library, "AU102")
        assert found.message.startswith("max and tom have the same key (ssh-ed25519 …")
