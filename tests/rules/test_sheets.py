"""Sheets say what the texts say: problems are the same byte for byte, whichever the rules look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.keyed import answers, keyed, with_bundles, with_sheets
from support.library import snapshot
from support.randomlibrary import judged_ways, random_mainline

from isodocs.core.problem import Profile
from isodocs.core.sheet import FORMAT, Sheet
from isodocs.rules.examples import BODY, COMPANY, PATH, document, page
from isodocs.rules.premises import premises_of
from isodocs.rules.registry import RULES
from isodocs.rules.sheets import make
from isodocs.workspace import open_snapshot

if TYPE_CHECKING:
    from typing import NoReturn

    from isodocs.core.library import Library, Reading

EXAMPLE = Path(__file__).parents[2] / "example-qms"
RICH = page(
    "# A {#own}\n\n[x](SOP-007.md#a) [y](#own) [z](isodocs:WI-001#b) ![p](img/p.png) [up](../../x)\n\nTODO\n",
    id="sop-1",
    review_date="2027-01-01",
    valid_until="2027-06-30",
    approvers="[bob]",
    supersedes="[SOP-009]",
    related="[SOP-002, WI-003#c]",
    payload="data.csv",
    tilte="x",
)


class Unread(Mapping[str, "Reading"]):
    """Readings of which nobody may read one."""

    def __init__(self, whole: Mapping[str, Reading]) -> None:
        self.whole = whole

    def __getitem__(self, path: str) -> NoReturn:
        raise AssertionError(path) if path in self.whole else KeyError(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)


def unread(library: Library) -> Library:
    """The library without any text."""
    return replace(library, readings=Unread(library.readings))


def sheets_of(files: Mapping[str, str]) -> Iterator[Sheet]:
    library = snapshot({**COMPANY, **files})
    for reading in library.readings.values():
        yield make(reading, premises_of(library))


def test_a_sheet_is_read_back() -> None:
    for files in (document(), {PATH: RICH}, {PATH: "x"}, {PATH: ""}, {"documents/\udcff.md": RICH}):
        for sheet in sheets_of(files):
            data = sheet.to_bytes()
            assert Sheet.from_bytes(sheet.path, data) == sheet
            assert Sheet.from_bytes(sheet.path, data).to_bytes() == data


def test_a_sheet_holds_what_rules_ask() -> None:
    (sheet,) = sheets_of({PATH: RICH})
    assert (sheet.id, sheet.written, sheet.called) == ("", "sop-1", "SOP-001")
    assert [(one.kind, one.place, one.anchor) for one in sheet.references] == [
        ("file", "documents/SOP-007.md", "a"),
        ("page", PATH, "own"),
        ("id", None, "b"),
        ("file", None, ""),
        ("key", None, ""),
        ("key", None, "c"),
    ]
    assert [(one.target, one.place) for one in sheet.embedded] == [
        ("img/p.png", "documents/img/p.png"),
        ("data.csv", "documents/data.csv"),
    ]
    people = [("owner", "process-owner"), ("approvers", "bob")]
    assert [(key, name) for key, name, _ in sheet.people] == people
    assert (sheet.anchors, sheet.supersedes) == (frozenset({"own"}), ("SOP-009",))
    assert {problem.code for problem in sheet.problems} == {"FM104", "ID101", "LN106", "CT102"}
    assert sheet.span("review_date").line == 7
    assert sheet.span("approvers").line == 1


LATER = json.dumps([FORMAT + 1, *range(12)]).encode()


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"[1]", b"\xff", b"[" * 100_000, LATER])
def test_what_is_no_sheet_is_said_so(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Sheet.from_bytes("x", data)


def test_a_sheet_cut_short_is_no_sheet() -> None:
    (sheet,) = sheets_of({PATH: RICH})
    data = sheet.to_bytes()
    for end in range(len(data)):
        with pytest.raises(ValueError, match=r"."):
            Sheet.from_bytes("x", data[:end])


def test_a_broken_sheet_is_made_anew() -> None:
    library = snapshot({**COMPANY, PATH: RICH})
    kept: dict[tuple[str, str], bytes] = {}
    expected = answers(library)
    assert answers(with_sheets(library, kept)) == expected
    (key,) = kept
    good = kept[key]
    kept[key] = good[:-5]
    assert answers(with_sheets(library, kept)) == expected
    assert kept[key] == good


@pytest.mark.parametrize("profile", Profile)
def test_the_example_company(profile: Profile) -> None:
    kept: dict[tuple[str, str], bytes] = {}
    library = open_snapshot(EXAMPLE, as_of="2026-06-30", profile=profile)
    assert answers(with_sheets(library, kept)) == answers(library)
    assert answers(with_sheets(unread(library), kept)) == answers(library)
    assert answers(with_bundles(unread(library), kept)) == answers(library)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.bad.files], ids=lambda rule: rule.code)
def test_examples(rule: object, profile: Profile) -> None:
    for example in (rule.good, rule.bad):  # type: ignore[attr-defined]
        library = snapshot({**COMPANY, **example.files}, profile=profile)
        expected = answers(library)
        assert answers(with_sheets(library, {})) == expected
        assert answers(with_bundles(library, {})) == expected


@pytest.mark.parametrize("seed", range(20, 40))
def test_random_companies(seed: int) -> None:
    """Sheets kept in one way of judging serve the others; then no text is read any more."""
    kept: dict[tuple[str, str], bytes] = {}
    for name, library in judged_ways(random_mainline(seed)):
        expected = answers(library)
        assert library.index.count == len(library.readings), name
        assert answers(with_sheets(library, kept)) == expected, name
        again = with_sheets(unread(library), kept)
        assert answers(again) == expected, name
        assert answers(with_bundles(unread(library), kept)) == expected, name
        if library.hook:
            assert answers(keyed(with_sheets(library, kept))) == expected, name


def test_only_suspects_are_read() -> None:
    """What names nothing that is missing, and is in order itself, is not looked into."""
    own = f"{BODY}\n## Own {{#own}}\n\nIt is ours.\n\n"
    good = {
        PATH: page(f"{own}[x](SOP-007.md#own) [y](#own) [z](isodocs:SOP-007#own) ![p](p.png)\n"),
        "documents/SOP-007.md": page(own, id="SOP-007", related="[SOP-001]"),
        "documents/p.png": "x",
    }

    def suspects(text: str) -> list[str]:
        library = with_bundles(snapshot({**COMPANY, **good, PATH: text}), {})
        assert library.bundles is not None
        return list(library.bundles.suspects(library))

    assert suspects(good[PATH]) == []
    for target in ("SOP-007.md#b", "SOP-008.md", "#b", "isodocs:SOP-008", "isodocs:SOP-007#b"):
        assert suspects(page(f"{own}[x]({target})\n")) == [PATH], target
    for front in ({"owner": "nobody"}, {"related": "[SOP-900]"}, {"payload": "gone.csv"}, {"tilte": "x"}):
        assert suspects(page(own, **front)) == [PATH], front


def test_premises_are_what_the_settings_say_of_documents() -> None:
    files = {**COMPANY, **document()}
    digest = premises_of(snapshot(files)).digest
    for change in (
        ("sections: [Purpose, Scope]", "sections: [Purpose]"),
        ("fields: {machine: {about", "fields: {machines: {about"),
        ("  WI:", "  FRM:"),
        ("timezone:", "content: {vague: [soon]}\ntimezone:"),
        ("timezone:", "content: {placeholders: [XXX]}\ntimezone:"),
        ("    review_months: 24", "    revision: letter"),
    ):
        other = {**files, "isodocs.yml": files["isodocs.yml"].replace(*change)}
        assert other != files
        assert premises_of(snapshot(other)).digest != digest, change
    for change in (("title: Example company", "title: Other"), ("timezone: Europe/Berlin", "timezone: UTC")):
        other = {**files, "isodocs.yml": files["isodocs.yml"].replace(*change)}
        assert premises_of(snapshot(other)).digest == digest
    template = {"templates/sop.md": "We do it.\n"}
    assert premises_of(snapshot({**files, **template})).digest != digest
