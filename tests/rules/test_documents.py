"""The rules on the text of documents: numbers, dates, ids, keys, links and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.library import Mainline, founded, snapshot, text

from isodocs.core.library import Judged
from isodocs.core.problem import Problem, Severity, Span
from isodocs.rules import engine
from isodocs.rules.examples import BODY, COMPANY, PATH, document, page

if TYPE_CHECKING:
    from isodocs.core.library import Library

WI = "documents/WI-001.md"


def problems(library: Library, code: str) -> list[Problem]:
    return [problem for problem in engine.run(library) if problem.code == code]


def read(code: str, body: str = BODY, **keys: str | None) -> list[Problem]:
    """The problems of one code in a snapshot with one document."""
    return problems(snapshot({**COMPANY, **document(body, **keys)}), code)


def tree(code: str, **files: str) -> list[Problem]:
    """The problems of one code in a snapshot; names are those of files under documents/, without .md."""
    place = {f"documents/{name.replace('__', '/')}.md": words for name, words in files.items()}
    return problems(snapshot({**COMPANY, **place}), code)


def errors(library: Library) -> set[str]:
    return {problem.code for problem in engine.run(library) if problem.severity is Severity.ERROR}


class TestRevision:
    def changed(self, words: str = "Other words.", **front: str) -> Library:
        line = founded()
        line.write({WI: text("WI-001", words=words, **front)})
        return line.commit(day="2026-02-02").library()

    def test_changed_under_its_number(self) -> None:
        library = self.changed()
        assert errors(library) == {"AP101", "RV101"}
        (found,) = problems(library, "RV101")
        assert found.message == "The text has changed since revision 1 was approved."
        assert "`revision: 2`" in found.fix
        assert found.span == Span(6, 11, 6, 12)

    def test_only_front_matter_changed(self) -> None:
        assert "RV101" in errors(self.changed("We do it.", review_date="2027-11-30"))

    def test_a_picture_changed(self) -> None:
        line = founded().write({WI: text("WI-001", "2", "![x](x.svg)"), "documents/x.svg": "old"})
        line.sign("WI-001", "jane", revision="2", embedded={"x.svg": "documents/x.svg"})
        line.commit(day="2026-02-02").commit({"documents/x.svg": "new"}, day="2026-02-03")
        assert errors(line.library()) == {"AP101", "RV101"}
        (found,) = problems(line.library(), "RV101")
        assert found.message == "x.svg has changed, which the document embeds, since revision 2 was approved."

    def test_a_withdrawn_id_that_starts_again(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "jane", meaning="withdrawn")
        line.commit({WI: None}, day="2026-02-02").commit({WI: text("WI-001", words="New.")}, day="2026-02-03")
        (found,) = problems(line.library(), "RV101")
        assert "WI-001 is withdrawn" in found.message
        assert "a new document takes WI-002" in found.fix

    def test_a_withdrawn_id_under_another_title(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "jane", meaning="withdrawn")
        line.commit({WI: None}, day="2026-02-02")
        line.commit({WI: text("WI-001", "2", title="Something else")}, day="2026-02-03")
        (found,) = problems(line.library(), "ID104")
        assert found.message == 'WI-001 was the id of "Document WI-001", which is withdrawn.'
        assert found.fix == "Take a new id, such as WI-002."

    def test_reinstated_under_its_title(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "jane", meaning="withdrawn")
        line.commit({WI: None}, day="2026-02-02").commit({WI: text("WI-001", "2")}, day="2026-02-03")
        assert errors(line.library()) == {"AP101"}

    def test_below_the_last(self) -> None:
        line = founded().approve("WI-001", text("WI-001", "2"), "jane", revision="2", day="2026-02-02")
        line.approve("WI-001", text("WI-001", "3"), "jane", revision="3", day="2026-02-03")
        library = line.commit({WI: text("WI-001", "2", "Other.")}, day="2026-02-04").library()
        assert {"RV101", "RV102"} <= errors(library)
        (found,) = problems(library, "RV102")
        assert "Restore the text of revision 3, or write `revision: 4`." in found.fix

    def test_skipped_in_a_draft(self) -> None:
        library = founded().commit({WI: text("WI-001", "3")}, day="2026-02-02").library()
        (found,) = problems(library, "RV103")
        assert found.severity is Severity.ERROR
        assert found.fix == "Write `revision: 2`."

    def test_skipped_where_drafts_may_stand_on_the_mainline(self) -> None:
        library = founded(drafts=True).commit({WI: text("WI-001", "3")}, day="2026-02-02").library()
        assert [found.severity for found in problems(library, "RV103")] == [Severity.WARNING]

    def test_skipped_and_approved_at_once(self) -> None:
        line = founded().approve("WI-001", text("WI-001", "3"), "jane", revision="3", day="2026-02-02")
        assert errors(line.library()) == {"RV103"}
        assert errors(line.commit({"x": "y"}, day="2026-02-03").library()) == set()

    def test_a_first_revision_that_is_none(self) -> None:
        line = founded(drafts=True).commit({"documents/WI-002.md": text("WI-002", "7")}, day="2026-02-02")
        (found,) = problems(line.library(), "RV103")
        assert (found.severity, found.fix) == (Severity.WARNING, "Write `revision: 1`.")

    def test_no_reason(self) -> None:
        library = founded().commit({WI: text("WI-001", "2", change=None)}, day="2026-02-02").library()
        assert errors(library) == {"AP101", "RV104"}

    def test_a_blank_reason_is_none(self) -> None:
        library = founded().commit({WI: text("WI-001", "2", change='"  "')}, day="2026-02-02").library()
        assert errors(library) == {"AP101", "RV104"}

    def test_a_reason_is_asked_of_what_is_approved_at_once(self) -> None:
        line = founded().approve(
            "WI-001", text("WI-001", "2", change=None), "jane", revision="2", day="2026-02-02"
        )
        assert errors(line.library()) == {"RV104"}
        assert errors(line.commit({"x": "y"}, day="2026-02-03").library()) == set()

    @pytest.mark.parametrize("revision", ["0", "01", "1.0", "A", "2a", "1 2", "١"])
    def test_not_of_the_scheme(self, revision: str) -> None:
        (found,) = read("RV105", revision=f'"{revision}"')
        assert found.fix == "Write one like 1, 2, 3."


class TestDates:
    def test_overdue(self) -> None:
        library = founded().library(Judged.MAINLINE, base=None, moment="2028-02-01")
        found = problems(library, "RD101")
        assert [problem.id for problem in found] == ["SOP-001", "WI-001"]
        assert found[0].message == "The review of SOP-001 was due on 2027-12-31, 32 days ago."
        assert found[0].severity is Severity.ERROR

    def test_touched_and_still_overdue_blocks(self) -> None:
        line = founded(drafts=True).commit({WI: text("WI-001", "2")}, day="2028-02-01")
        library = line.library()
        assert {(one.id, one.severity) for one in problems(library, "RD101")} == {
            ("SOP-001", Severity.WARNING),
            ("WI-001", Severity.ERROR),
        }

    def test_reaffirmed(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "jane", meaning="reaffirmed", next_review="2028-12-31")
        library = line.commit(day="2028-02-01").library()
        assert [one.id for one in problems(library, "RD101")] == ["SOP-001"]

    def test_within_the_grace_period(self) -> None:
        line = Mainline(extra_settings="review: {due_soon_days: 10, grace_days: 40}\n").company()
        line.write({WI: text("WI-001")})
        line.sign("WI-001", "jane")
        line.commit()
        library = line.library(Judged.MAINLINE, base=None, moment="2028-02-01")
        assert [one.severity for one in problems(library, "RD101")] == [Severity.WARNING]
        library = line.library(Judged.MAINLINE, base=None, moment="2028-02-12")
        assert [one.severity for one in problems(library, "RD101")] == [Severity.ERROR]

    def test_a_grace_period_longer_than_any_calendar(self) -> None:
        line = Mainline(extra_settings="review: {grace_days: 99999999999}\n").company()
        line.write({WI: text("WI-001")})
        line.sign("WI-001", "jane")
        line.commit()
        library = line.library(Judged.MAINLINE, base=None, moment="2028-02-01")
        assert [one.severity for one in problems(library, "RD101")] == [Severity.WARNING]

    @pytest.mark.parametrize(
        ("day", "when"), [("2027-12-31", "today"), ("2027-12-30", "in 1 day."), ("2027-12-01", "in 30 days.")]
    )
    def test_due_soon(self, day: str, when: str) -> None:
        library = founded().library(Judged.MAINLINE, base=None, moment=day)
        found = problems(library, "RD102")
        assert len(found) == 2
        assert when in found[0].message
        assert found[0].severity is Severity.WARNING

    def test_not_due_soon(self) -> None:
        library = founded().library(Judged.MAINLINE, base=None, moment="2027-06-01")
        assert problems(library, "RD102") == []

    def test_review_before_effect(self) -> None:
        (found,) = read("RD103", effective_date="2026-06-01", review_date="2026-06-01")
        assert found.span.line == 8

    def test_review_in_the_past(self) -> None:
        assert "has passed" in read("RD103", review_date="2026-02-01")[0].message
        assert read("RD103", review_date="2026-02-02") == []

    def test_end_before_effect(self) -> None:
        (found,) = read("RD103", effective_date="2026-06-01", valid_until="2026-05-01")
        assert "ends on 2026-05-01" in found.message

    def test_interval(self) -> None:
        assert read("RD104", review_date="2028-02-02") == []
        (found,) = read("RD104", review_date="2028-02-03")
        assert found.fix == "Write `review_date: 2028-02-02` or an earlier day."
        assert read("RD104", review_date="2028-06-01", effective_date="2026-06-01") == []

    def test_an_interval_written_long_ago_is_history(self) -> None:
        line = founded().approve(
            "WI-001", text("WI-001", "2", review_date="2035-01-01"), "jane", revision="2"
        )
        assert errors(line.library()) == {"RD104"}
        assert errors(line.commit({"x": "y"}, day="2026-02-03").library()) == set()


class TestIdentity:
    @pytest.mark.parametrize(
        ("written", "near"),
        [("sop 1", "`SOP-1`"), ("SOP_001", "`SOP-001`"), ("sop-001", "`SOP-001`"), ("Sop.12", "`SOP-12`")],
    )
    def test_malformed(self, written: str, near: str) -> None:
        (found,) = read("ID101", id=written)
        assert near in found.fix
        assert found.span == Span(2, 5, 2, 5 + len(written))

    def test_malformed_beyond_guessing(self) -> None:
        assert read("ID101", id="procedure for buying")[0].fix == (
            "Write a prefix, a hyphen and a number: `SOP-001`."
        )

    def test_duplicate_silences_the_rest_of_that_id(self) -> None:
        line = founded().commit({"documents/copy.md": text("WI-001", "2")}, day="2026-02-02")
        library = line.library()
        assert errors(library) == {"ID102"}
        (found,) = problems(library, "ID102")
        assert (found.path, found.message) == ("documents/copy.md", f"{WI} has the id WI-001, too.")
        assert "WI-002" in found.fix

    def test_a_duplicate_among_new_files_keeps_the_one_named_after_it(self) -> None:
        found = tree("ID102", a=page(), **{"SOP-001-z": page()})
        assert [problem.path for problem in found] == ["documents/a.md"]

    def test_case_of_an_id(self) -> None:
        found = tree("ID103", **{"SOP-001": page(), "b": page(id="sop-001")})
        assert found[0].message == "The id `sop-001` differs from SOP-001 only in capital and small letters."

    def test_case_of_a_path(self) -> None:
        found = tree("ID103", **{"SOP-001-a": page(), "SOP-001-A": page(id="SOP-002")})
        assert [problem.path for problem in found] == ["documents/SOP-001-a.md"]

    def test_file_name(self) -> None:
        (found,) = tree("ID105", purchasing=page())
        assert found.fix == 'Rename it: git mv "documents/purchasing.md" "documents/SOP-001-purchasing.md".'
        (found,) = tree("ID105", **{"a__SOP-009-buy": page()})
        assert '"documents/a/SOP-001-buy.md"' in found.fix
        assert tree("ID105", **{"SOP-001": page()}) == []

    def test_unknown_type(self) -> None:
        (found,) = read("ID106", id="SPO-001", type="SPO")
        assert found.message == "The settings know no document type SPO."
        assert found.fix == "Did you mean SOP?"


class TestFrontMatter:
    def test_did_you_mean(self) -> None:
        (found,) = read("FM104", efective_date="2026-06-01")
        assert found.fix == "Did you mean `effective_date`?"
        assert found.message == "The key `efective_date` is not known."

    def test_declared_and_own_keys(self) -> None:
        assert read("FM104", machine="x", **{"x-y": "z"}) == []

    def test_a_typed_status_is_said_once(self) -> None:
        assert read("FM104", status="approved") == []
        (found,) = read("FM109", status="approved")
        assert found.fix == "Remove the key; `isodocs status SOP-001` shows it."

    def test_a_typed_approval(self) -> None:
        assert read("FM109", **{"Approved-By": "Jane"})[0].message.startswith("An approval is not typed")

    def test_unknown_people(self) -> None:
        (found,) = read("FM110", owner="qualty-manager")
        assert found.fix == "Did you mean `quality-manager`?"
        found_in_list = read("FM110", approvers="[jane-doe, jo-blow]")
        assert [problem.message for problem in found_in_list] == [
            "`approvers` names `jo-blow`, which is neither a role nor a person."
        ]
        assert read("FM110", audience="[process-owner]") == []

    def test_a_deputy_for_nobody(self) -> None:
        people = COMPANY["people.yml"]
        assert isinstance(people, str)
        roles = "roles:\n  deputy: {title: Deputy, deputy_for: qualty-manager}\n"
        library = snapshot({**COMPANY, **document(), "people.yml": people.replace("roles:\n", roles)})
        (found,) = [problem for problem in engine.run(library) if problem.code == "FM110"]
        assert (found.path, found.severity) == ("people.yml", Severity.WARNING)
        assert found.message == "The role deputy is deputy for `qualty-manager`, which is no other role."
        assert found.fix == "Did you mean `quality-manager`?"

    def test_broken_front_matter_silences_the_rest(self) -> None:
        library = snapshot({**COMPANY, PATH: f"---\nid: SOP-001\ntitle: [\n---\n{BODY}[a](b.md)\n"})
        assert {problem.code for problem in engine.run(library)} == {"FM102"}

    def test_a_missing_key_silences_approval(self) -> None:
        library = snapshot({**COMPANY, **document(owner=None)})
        assert {problem.code for problem in engine.run(library)} == {"FM106"}

    def test_problems_carry_the_id(self) -> None:
        assert read("FM106", owner=None)[0].id == "SOP-001"
        assert read("FM101", "no front matter here") == []
        (found,) = problems(snapshot({**COMPANY, PATH: "Nothing.\n"}), "FM101")
        assert found.id == "SOP-001"

    def test_a_large_document_is_a_warning(self) -> None:
        (found,) = read("FM108", BODY + "word " * 500_000)
        assert found.severity is Severity.WARNING


class TestLinks:
    def linked(self, code: str, target: str, **files: str) -> list[Problem]:
        return tree(code, **{"SOP-001": page(f"{BODY}\nSee [there]({target}).\n"), **files})

    def test_by_path_and_by_id(self) -> None:
        other = {"SOP-002-b": page(id="SOP-002")}
        for code in ("LN101", "LN102", "LN105", "LN106"):
            assert self.linked(code, "SOP-002-b.md#scope", **other) == []
            assert self.linked(code, "isodocs:SOP-002#scope", **other) == []
            assert self.linked(code, "https://example.org/x.md", **other) == []
            assert self.linked(code, "#scope", **other) == []

    def test_did_you_mean_an_id(self) -> None:
        (found,) = self.linked("LN101", "isodocs:SOP-0022", **{"SOP-002-b": page(id="SOP-002")})
        assert found.fix == "Did you mean SOP-002 (documents/SOP-002-b.md)?"

    def test_did_you_mean_a_file(self) -> None:
        files = {**COMPANY, **document(f"{BODY}\n[x](request.xlxs)\n"), "documents/request.xlsx": "x"}
        (found,) = problems(snapshot(files), "LN101")
        assert found.fix == "Did you mean request.xlsx?"
        assert found.message == "There is no file documents/request.xlxs here."

    def test_moved(self) -> None:
        moved = {"a__SOP-002-b": page(id="SOP-002")}
        assert self.linked("LN101", "SOP-002-b.md", **moved) == []
        (found,) = self.linked("LN105", "SOP-002-old-name.md", **moved)
        assert found.fix == "With the next revision, write a/SOP-002-b.md."
        assert self.linked("LN102", "SOP-002-b.md#nowhere", **moved) != []

    def test_anchors(self) -> None:
        (found,) = self.linked("LN102", "#scop")
        assert found.fix == "Did you mean `#scope`?"
        assert found.message == "There is no heading `#scop` here."
        (found,) = self.linked("LN102", "SOP-002.md#zzz", **{"SOP-002": page(id="SOP-002")})
        assert "in documents/SOP-002.md" in found.message

    def test_outside(self) -> None:
        assert self.linked("LN106", "../README.md")[0].fix.startswith("Move the file under documents/")
        assert self.linked("LN106", "../../etc/passwd") != []
        assert "is a file on one computer" in self.linked("LN106", "FILE:///home/max/form.xlsx")[0].message
        assert self.linked("LN106", "/SOP-001.md")[0].fix == "Write the path relative to this file."

    def test_ids_in_the_front_matter(self) -> None:
        (found,) = read("LN101", related="[SOP-001, SOP-999]")
        assert found.message == "There is no document SOP-999 here."
        assert found.span.line == 7

    def test_withdrawn(self) -> None:
        line = founded()
        line.known.pop("WI-001")
        line.sign("WI-001", "jane", meaning="withdrawn")
        line.commit({WI: None}, day="2026-02-02")
        line.commit({"documents/SOP-002.md": text("SOP-002", words="[x](WI-001.md)")}, day="2026-02-03")
        (found,) = problems(line.library(), "LN104")
        assert found.message == "WI-001 is withdrawn."
        assert problems(line.library(), "LN101") == []
        heir = text("WI-002", supersedes="[WI-001]")
        line.commit({"documents/WI-002.md": heir}, day="2026-02-04")
        assert "WI-002 (documents/WI-002.md)" in problems(line.library(), "LN104")[0].fix

    def test_pictures(self) -> None:
        body = f"{BODY}\n![x](img/Label.svg)\n"
        assert "add" in read("LN103", body)[0].fix.lower()
        files = {**COMPANY, **document(body), "documents/img/label.svg": "<svg/>"}
        (found,) = problems(snapshot(files), "LN103")
        assert found.fix == "It is called label.svg: capital and small letters differ."
        assert found.span.line == 19

    def test_payload(self) -> None:
        (found,) = read("LN103", payload="form.xlsx")
        assert found.span.line == 7

    def test_a_picture_that_is_a_link(self) -> None:
        line = founded(drafts=True).write({WI: text("WI-001", "2", "![x](x.svg)"), "documents/x.svg": "t"})
        library = line.commit(day="2026-02-02", links=["documents/x.svg"]).library()
        assert "no ordinary file" in problems(library, "LN103")[0].message


class TestContent:
    def test_conflict_marks_have_their_lines(self) -> None:
        body = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"
        assert [found.span.line for found in read("CT101", body)] == [10, 14]
        assert read("CT101", "a\n <<<<<<< HEAD\n") == []
        assert read("CT101", "Title\n=======\n") == []

    @pytest.mark.parametrize(
        "words",
        ["TODO", "write TODO: this", "<name>", "<name of the machine>", "(TBD)", "<what? (unclear)>"],
    )
    def test_placeholders(self, words: str) -> None:
        assert len(read("CT102", f"# T\n\n{words}\n")) == 1

    @pytest.mark.parametrize(
        "words",
        [
            "TODOs",
            "`TODO`",
            "```\nTODO\n```",
            "<!-- TODO -->",
            "<br>",
            "<br/>",
            '<a name="x">y</a>',
            "<https://example.org>",
            "<jane@example.org>",
            "a < b and c > d",
            "[x](<a b.md>)",
        ],
    )
    def test_no_placeholders(self, words: str) -> None:
        assert read("CT102", f"# T\n\n{words}\n") == []

    def test_placeholder_in_the_front_matter(self) -> None:
        (found,) = read("CT102", title='"Buy <what>"')
        assert found.span.line == 3

    def test_sections(self) -> None:
        assert read("CT103", "# T\n\n## 1. purpose\n\nx\n\n## 2  SCOPE\n\ny\n") == []
        (found,) = read("CT103", "# T\n\n## Purpose\n\nx\n")
        assert (found.message, found.fix) == ("The section `Scope` is missing.", "Add a heading `## Scope`.")

    @pytest.mark.parametrize("body", ["", "\n\n", "<!-- nothing -->\n"])
    def test_no_text(self, body: str) -> None:
        library = snapshot({**COMPANY, **document(body)})
        found = [problem for problem in engine.run(library) if problem.code.startswith("CT")]
        assert [problem.message for problem in found] == ["The document has no text."]

    def test_empty_sections(self) -> None:
        body = "# T\n\n## A\n\n<!-- later -->\n\n## B\n\n### B1\n\nx\n\nC\n---\n\n## D\n"
        assert [problem.message for problem in read("CT104", body)] == [
            "The section `A` is empty.",
            "The section `C` is empty.",
            "The section `D` is empty.",
        ]

    def test_a_section_of_code_is_not_empty(self) -> None:
        assert read("CT104", "# T\n\n## A\n\n```\nx\n```\n\n## B\n\n![p](p.svg)\n") == []

    def test_vague(self) -> None:
        (found,) = read("CT105", "# T\n\nAdjust it, As\u00a0appropriate or so.\n")
        assert found.severity is Severity.WARNING
        assert found.span == Span(11, 12, 11, 26)

    def test_same_as_its_template(self) -> None:
        template = f"---\nid: SOP-000\n---\n\n{BODY}\nMore words.\n"
        files = {**COMPANY, **document(), "templates/sop.md": template}
        assert len(problems(snapshot(files), "CT106")) == 1
        files[PATH] = page(f"{BODY}\nOur own words.\n")
        assert problems(snapshot(files), "CT106") == []
