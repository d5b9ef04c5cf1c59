"""The engine: levels by profile, settings, waivers and place; echoes left out; order; the time it takes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.library import Mainline, founded, snapshot, text

from isodocs.core.library import Judged
from isodocs.core.problem import Problem, Profile, Severity, Span
from isodocs.rules import engine
from isodocs.rules.base import Example, Family, Rule, manual_page, quote_list
from isodocs.rules.examples import COMPANY, PATH, document, page
from isodocs.rules.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library

ERROR, WARNING, INFO, OFF = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.OFF
HERE = Example("a case in words")


def rule(
    code: str,
    *found: Problem,
    draft: Severity = WARNING,
    release: Severity = ERROR,
    requires: tuple[str, ...] = (),
    everywhere: bool = False,
    alone: bool = False,
) -> Rule:
    """A rule that reports what it is told to."""

    def check(_library: Library) -> Iterator[Problem]:
        yield from found

    return Rule(
        code, "name", Family.CONTENT, draft, release, "", "", HERE, HERE, check, requires, everywhere, alone
    )


def at(code: str, path: str = "", name: str = "", severity: Severity = ERROR, line: int = 1) -> Problem:
    return Problem(code, "message", "fix", path, Span(line, 1, line, 2), name, severity)


def library(extra: str = "", profile: Profile = Profile.RELEASE, moment: str = "2026-02-02") -> Library:
    return snapshot(
        {**COMPANY, "isodocs.yml": COMPANY["isodocs.yml"] + extra, **document()},
        profile=profile,
        moment=moment,
    )


def severities(found: tuple[Problem, ...]) -> list[Severity]:
    return [problem.severity for problem in found]


class TestLevels:
    def test_by_profile(self) -> None:
        one = rule("CT101", at("CT101"))
        assert severities(engine.run(library(), [one])) == [ERROR]
        assert severities(engine.run(library(profile=Profile.DRAFT), [one])) == [WARNING]

    def test_a_rule_may_only_lower_its_level(self) -> None:
        assert severities(engine.run(library(), [rule("CT101", at("CT101", severity=INFO))])) == [INFO]
        low = rule("CT101", at("CT101"), release=INFO)
        assert severities(engine.run(library(), [low])) == [INFO]

    def test_settings_have_the_last_word(self) -> None:
        one = rule("CT101", at("CT101"))
        own = 'rules: {CT101: {draft: "off", release: info}}\n'
        assert severities(engine.run(library(own), [one])) == [INFO]
        assert engine.run(library(own, Profile.DRAFT), [one]) == ()

    def test_settings_may_name_one_profile_only(self) -> None:
        one = rule("CT101", at("CT101"))
        own = "rules: {CT101: {draft: error}}\n"
        assert severities(engine.run(library(own), [one])) == [ERROR]
        assert severities(engine.run(library(own, Profile.DRAFT), [one])) == [ERROR]


class TestWaivers:
    OWN = "waivers: [{rule: CT101, id: SOP-001, until: 2026-03-01, reason: audit moved.}]\n"

    def test_until_its_end(self) -> None:
        one = rule("CT101", at("CT101", PATH, "SOP-001"))
        (found,) = engine.run(library(self.OWN, moment="2026-02-28"), [one])
        assert found.severity is INFO
        assert found.message == "message Waived until 2026-03-01: audit moved."
        assert severities(engine.run(library(self.OWN, moment="2026-03-01"), [one])) == [ERROR]

    def test_only_of_its_rule_and_document(self) -> None:
        others = [rule("CT102", at("CT102", PATH, "SOP-001")), rule("CT101", at("CT101", PATH, "SOP-002"))]
        assert severities(engine.run(library(self.OWN), others)) == [ERROR, ERROR]

    def test_what_weighs_nothing_stays_as_it_is(self) -> None:
        one = rule("CT101", at("CT101", PATH, "SOP-001"), release=INFO)
        assert engine.run(library(self.OWN), [one])[0].message == "message"

    def test_those_of_the_governing_settings_count(self) -> None:
        line = founded()
        waiver = "waivers: [{rule: RV104, id: WI-001, until: 2027-01-01, reason: none}]\n"
        line.extra_settings = waiver
        line.company().write({"documents/WI-001.md": text("WI-001", "2", change=None)})
        found = engine.run(line.commit(day="2026-02-02").library())
        assert ERROR in [problem.severity for problem in found if problem.code == "RV104"]


class TestPlace:
    def change(self) -> Library:
        line = founded(drafts=True).commit({"documents/WI-002.md": text("WI-002")}, day="2026-02-02")
        return line.commit({"documents/WI-001.md": text("WI-001", "2")}, day="2026-02-03").library()

    def test_elsewhere_is_a_warning(self) -> None:
        one = rule(
            "CT101",
            at("CT101", "documents/WI-001.md"),
            at("CT101", "documents/WI-002.md"),
            at("CT101", "", "WI-001"),
            at("CT101", "", "WI-002"),
            at("CT101"),
        )
        found = {(problem.path, problem.id): problem.severity for problem in engine.run(self.change(), [one])}
        assert found == {
            ("documents/WI-001.md", ""): ERROR,
            ("documents/WI-002.md", ""): WARNING,
            ("", "WI-001"): ERROR,
            ("", "WI-002"): WARNING,
            ("", ""): WARNING,
        }

    def test_a_hook_is_silent_about_what_is_elsewhere_and_blocks_nowhere(self) -> None:
        elsewhere = at("CT101", "documents/WI-002.md")
        light, heavy = rule("CT101", elsewhere, release=WARNING), rule("CT101", elsewhere)
        hook = replace(self.change(), judged=Judged.INDEX)
        assert engine.run(hook, [light]) == ()
        assert severities(engine.run(hook, [heavy])) == [WARNING]
        assert severities(engine.run(self.change(), [light])) == [WARNING]

    def test_some_rules_block_everywhere(self) -> None:
        one = rule("CT101", at("CT101", "documents/WI-002.md"), everywhere=True)
        assert severities(engine.run(self.change(), [one])) == [ERROR]

    def test_a_whole_check_looks_at_everything(self) -> None:
        one = rule("CT101", at("CT101", "documents/WI-002.md"))
        whole = replace(self.change(), judged=Judged.MAINLINE)
        assert severities(engine.run(whole, [one])) == [ERROR]

    def test_a_hook_speaks_of_what_is_touched(self) -> None:
        line = founded(drafts=True).commit({"documents/WI-002.md": text("WI-002", x="y")}, day="2026-02-02")
        line.commit({"documents/WI-001.md": text("WI-001", "2", x="y")}, day="2026-02-03")
        paths = {
            judged: {one.path for one in engine.run(line.library(judged)) if one.code == "FM104"}
            for judged in (Judged.INDEX, Judged.TREE, Judged.PUSH)
        }
        assert paths[Judged.INDEX] == paths[Judged.TREE] == {"documents/WI-001.md"}
        assert paths[Judged.PUSH] == {"documents/WI-001.md", "documents/WI-002.md"}


class TestEchoes:
    def test_by_path_and_by_id(self) -> None:
        cause = rule("FM102", at("FM102", "a.md"), at("FM102", "", "SOP-009"))
        echo = rule(
            "AP101",
            at("AP101", "a.md", "SOP-001"),
            at("AP101", "b.md", "SOP-002"),
            at("AP101", "c.md", "SOP-009"),
            at("AP101"),
            requires=("FM102",),
        )
        found = engine.run(library(), [cause, echo])
        assert [problem.path for problem in found if problem.code == "AP101"] == ["", "b.md"]

    def test_through_a_rule_that_is_silent_itself(self) -> None:
        first = rule("ID102", at("ID102", "a.md"))
        second = rule("RV105", at("RV105", "a.md"), requires=("ID102",))
        third = rule("AP101", at("AP101", "a.md"), requires=("RV105",))
        assert [problem.code for problem in engine.run(library(), [third, second, first])] == ["ID102"]

    def test_a_lighter_cause_silences_nothing(self) -> None:
        cause = rule("FM106", at("FM106", "a.md"), release=WARNING)
        echo = rule("AP101", at("AP101", "a.md"), requires=("FM106",))
        assert [problem.code for problem in engine.run(library(), [cause, echo])] == ["AP101", "FM106"]

    def test_a_waived_or_switched_off_cause_silences_nothing(self) -> None:
        echo = rule("AP101", at("AP101", PATH, "SOP-001"), requires=("FM106",))
        cause = rule("FM106", at("FM106", PATH, "SOP-001"))
        waived = "waivers: [{rule: FM106, id: SOP-001, until: 2027-01-01, reason: none}]\n"
        off = 'rules: {FM106: {release: "off"}}\n'
        assert ERROR in severities(engine.run(library(waived), [cause, echo]))
        assert ERROR in severities(engine.run(library(off), [cause, echo]))

    def test_an_unknown_requirement_does_no_harm(self) -> None:
        echo = rule("AP101", at("AP101", "a.md"), requires=("ZZ999",))
        assert len(engine.run(library(), [echo])) == 1

    def test_alone(self) -> None:
        last_word = rule("HX103", at("HX103"), alone=True)
        assert [one.code for one in engine.run(library(), [rule("AA100", at("AA100")), last_word])] == [
            "HX103"
        ]

    def test_alone_says_nothing_where_it_finds_nothing(self) -> None:
        silent = rule("HX103", alone=True)
        assert [one.code for one in engine.run(library(), [silent, rule("AA100", at("AA100"))])] == ["AA100"]


def test_the_order_is_path_line_column_code() -> None:
    one = rule("B2", at("B2", "b.md", line=1), at("B2", "a.md", line=20), at("B2", "a.md", line=3))
    two = rule("A1", at("A1", "a.md", line=20), at("A1"))
    found = engine.run(library(), [one, two])
    assert [(problem.path, problem.span.line, problem.code) for problem in found] == [
        ("", 1, "A1"),
        ("a.md", 3, "B2"),
        ("a.md", 20, "A1"),
        ("a.md", 20, "B2"),
        ("b.md", 1, "B2"),
    ]


def test_what_is_said_twice_is_said_once() -> None:
    assert len(engine.run(library(), [rule("A1", at("A1", "a.md"), at("A1", "a.md"))])) == 1


class TestForeignDocuments:
    """What a repository without settings is told; see ``open_snapshot``."""

    def foreign(self, files: dict[str, str]) -> Library:
        read = snapshot({**COMPANY, **{f"documents/{path}": words for path, words in files.items()}})
        return replace(read, defaults=True, views={})

    def test_only_what_makes_sense(self) -> None:
        files = {
            "a.md": "# Title\n\n[x](b.md) TODO as appropriate\n",
            "b.md": "---\ntitle: x\nsidebar_position: 2\n---\n\n[y](missing.md)\n\n[z](#nowhere)\n",
            "c.md": "---\nsidebar_position: 3\ntags: [x]\n---\n\n<<<<<<< HEAD\n",
            "d.md": "---\ntitle: a: b\n---\n",
        }
        found = engine.run(self.foreign(files))
        assert [(problem.path, problem.code, problem.severity) for problem in found] == [
            ("documents/a.md", "FM101", INFO),
            ("documents/b.md", "FM104", INFO),
            ("documents/b.md", "LN101", ERROR),
            ("documents/b.md", "LN102", WARNING),
            ("documents/c.md", "FM104", INFO),
            ("documents/c.md", "CT101", ERROR),
            ("documents/d.md", "FM102", ERROR),
        ]

    def test_one_note_a_key(self) -> None:
        files = {f"{number}.md": "---\nweight: 1\n---\n\nx\n" for number in range(3)}
        (found,) = engine.run(self.foreign(files))
        assert found.message == "The key `weight` is not known. 3 files have it; this is the first."

    def test_links_whose_ways_we_do_not_know(self) -> None:
        words = "[a](/docs/x) [b](../x) [c](x/) [d](guide) [e](../../up.md) [f](x.md?raw#y) [g](mailto:a@b)"
        words += " ![h]({{ x.img }})"
        assert (
            engine.run(self.foreign({"a.md": f"---\ntitle: x\n---\n\n{words}\n", "x.md": "---\n---\nx"}))
            == ()
        )


class TestBase:
    def test_a_page_is_taken_apart(self) -> None:
        text_of_page = (
            "FM1, x: y.\n\nWhat: one\ntwo.\n\nthree.\n\nWhy: four.\n\nGood: five: six.\n\nBad: seven.\n"
        )
        assert manual_page(text_of_page) == {
            "What": "one two. three.",
            "Why": "four.",
            "Good": "five: six.",
            "Bad": "seven.",
        }
        assert manual_page("") == {}

    def test_lists_of_words(self) -> None:
        assert quote_list([]) == ""
        assert quote_list(["a"]) == "a"
        assert quote_list(["a", "b"], "or") == "a or b"
        assert quote_list(("a", "b", "c")) == "a, b and c"


@pytest.mark.parametrize("judged", [Judged.INDEX, Judged.PUSH, Judged.MAINLINE, Judged.SNAPSHOT])
def test_a_thousand_documents_in_about_a_second(judged: Judged) -> None:
    line = Mainline().write(dict(COMPANY))
    for number in range(1000):
        name = f"SOP-{number:04}"
        line.write({f"documents/{name}-x.md": page(id=name)})
    line.commit().commit({"documents/SOP-0001-x.md": page(id="SOP-0001", revision="2")}, day="2026-02-02")
    base = None if judged in {Judged.SNAPSHOT, Judged.MAINLINE} else -2
    many = line.library(judged, base=base, profile=Profile.DRAFT)
    began = time.process_time()
    found = engine.run(many)
    assert time.process_time() - began < 2.5
    assert {problem.code for problem in found} >= {"AP101"}


def test_every_rule_survives_an_empty_library() -> None:
    assert engine.run(snapshot(COMPANY)) == ()
    for one in RULES:
        assert list(one.check(snapshot(COMPANY))) == []
