"""``isodocs rules`` and ``isodocs explain``: every rule has its page, for people and for machines."""

from __future__ import annotations

import json

import pytest

from isodocs import cli
from isodocs.rules.registry import RULES

FORMATS = """
FM101 FM102 FM103 FM104 FM105 FM106 FM107 FM108 FM109 FM110 ID101 ID102 ID103 ID104 ID105 ID106
RV101 RV102 RV103 RV104 RV105 RV106 AP101 AP102 AP103 AP104 AP105 AP106 AP107 AP108 AP109
RD101 RD102 RD103 RD104 LN101 LN102 LN103 LN104 LN105 LN106 CT101 CT102 CT103 CT104 CT105 CT106
HX101 HX102 HX103 HX104 HX105 AU101 AU102
"""
FACTS = {"code", "name", "family", "severity", "what", "why", "good", "bad"}


def out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main([*words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("code", FORMATS.split())
def test_every_code_of_the_formats_has_its_page(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = out(capsys, "explain", code)
    assert page.startswith(f"{code} ")
    for word in ("Why: ", "Good: ", "Bad: "):
        assert f"\n{word}" in page
    assert max(map(len, page.splitlines())) < 130


def test_the_list_names_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = out(capsys, "rules").splitlines()
    for rule in RULES:
        (line,) = [line for line in lines if line.startswith(rule.code)]
        assert line.split() == [rule.code, rule.name, rule.draft, rule.release]


def test_rules_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads(out(capsys, "rules", "--format", "json"))
    assert (value["format"], value["command"], value["commit"]) == (1, "rules", None)
    assert [item["code"] for item in value["items"]] == [rule.code for rule in RULES]
    for item in value["items"]:
        assert set(item) >= FACTS
        assert set(item["severity"]) == {"draft", "release"}
        assert item["what"]
        assert item["why"]


def test_explain_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads(out(capsys, "explain", "RV101", "FM104", "--format", "json"))
    assert value["command"] == "explain"
    assert [item["code"] for item in value["items"]] == ["RV101", "FM104"]


@pytest.mark.parametrize("words", ["rv101", "RV101", "changed-without-revision"])
def test_a_rule_is_found_by_code_and_by_name(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert out(capsys, "explain", words).startswith("RV101 changed-without-revision")


def test_several_pages_stand_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    page = out(capsys, "explain", "RV101", "FM104")
    assert page.index("RV101 ") < page.index("\nFM104 ")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("RV1O1", "There is no rule RV1O1."),
        ("unknown-kei", "Did you mean unknown-key?"),
        ("nonsense", "'isodocs rules' lists them all."),
    ],
)
def test_an_unknown_rule_is_a_sentence(typed: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", typed]) == 2
    assert words in capsys.readouterr().err


def test_examples_are_shown_with_their_files(capsys: pytest.CaptureFixture[str]) -> None:
    page = out(capsys, "explain", "FM104")
    assert "    documents/" in page
    assert "    ---\n" in page
