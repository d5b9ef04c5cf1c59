"""Every rule's good example passes it, and its bad one is reported by it; and every rule is documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.library import snapshot

from isodocs.core.problem import Severity
from isodocs.rules import engine
from isodocs.rules.base import Family, Rule
from isodocs.rules.examples import COMPANY
from isodocs.rules.registry import BY_CODE, FOREIGN, MODULES, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parents[2] / "isodocs" / "rules"
FAMILY_OF = {
    "FM": Family.FRONT_MATTER,
    "ID": Family.IDENTITY,
    "RV": Family.REVISION,
    "AP": Family.APPROVAL,
    "RD": Family.REVIEW,
    "LN": Family.LINKS,
    "CT": Family.CONTENT,
    "HX": Family.HISTORY,
    "AU": Family.AUTHORITY,
}
# FORMATS.md, "Rule codes to begin with".
NUMBERS = {"FM": 10, "ID": 6, "RV": 6, "AP": 9, "RD": 4, "LN": 6, "CT": 6, "HX": 5, "AU": 2}
FORMATS = [f"{family}1{number:02}" for family, many in NUMBERS.items() for number in range(1, many + 1)]
# FORMATS.md, "Default severity": what is not an error in both profiles.
E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 - a table of one letter each
LEVELS = (
    {
        "AP101": (I, E),
        "AP109": (W, W),  # SCENARIOS: r2-while-r3
        "RD101": (W, E),
        "RD102": (W, W),
        "LN105": (W, W),
        "CT105": (W, W),
    }
    | {code: (W, E) for code in FORMATS if code[:2] in {"LN", "CT"} and code not in {"LN105", "CT105"}}
)


def reported(files: Mapping[str, str]) -> set[str]:
    return {problem.code for problem in engine.run(snapshot({**COMPANY, **files}))}


def with_files(name: str) -> list[object]:
    return [pytest.param(rule, id=rule.code) for rule in RULES if getattr(rule, name).files]


def test_the_codes_are_those_of_formats() -> None:
    assert [rule.code for rule in RULES] == sorted(FORMATS, key=[rule.code for rule in RULES].index)
    assert set(BY_CODE) == set(FORMATS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_severities_are_those_of_formats(rule: Rule) -> None:
    assert (rule.draft, rule.release) == LEVELS.get(rule.code, (E, E))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_its_page(rule: Rule) -> None:
    assert rule.family is FAMILY_OF[rule.code[:2]]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    for part in (rule.what, rule.why, rule.good.about, rule.bad.about):
        assert len(part) > 10
        assert part.endswith((".", "`", "?", '"'))


def test_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_first_line_of_a_page_names_the_rule() -> None:
    for module in MODULES:
        first = (getattr(module, "__doc__", "") or "").splitlines()[0]
        assert first.startswith(f"{module.RULE.code}, {module.RULE.name}: ")


def test_every_file_of_a_family_is_registered_or_shared() -> None:
    listed = {str(getattr(module, "__file__", "")) for module in MODULES}
    for path in sorted(FOLDER.glob("*/*.py")):
        holds_a_rule = "\nRULE = rule(" in path.read_text("utf-8")
        assert holds_a_rule == (str(path) in listed), path


def test_required_and_foreign_codes_exist() -> None:
    for rule in RULES:
        assert set(rule.requires) <= set(BY_CODE), rule.code
        assert rule.code not in rule.requires
    assert set(FOREIGN) <= set(BY_CODE)


@pytest.mark.parametrize("rule", with_files("good"))
def test_good_examples_pass(rule: Rule) -> None:
    assert rule.code not in reported(rule.good.files)


@pytest.mark.parametrize("rule", with_files("bad"))
def test_bad_examples_are_reported(rule: Rule) -> None:
    assert rule.code in reported(rule.bad.files)


def test_rules_without_example_files_speak_of_history() -> None:
    without = {rule.code for rule in RULES if not rule.bad.files}
    assert without == {
        "ID104",
        "RV101",
        "RV102",
        "RV103",
        "RV106",
        *(f"AP10{number}" for number in range(1, 10)),
        "RD101",
        "RD102",
        "LN104",
        *(f"HX10{number}" for number in range(1, 6)),
        "AU101",
    }
