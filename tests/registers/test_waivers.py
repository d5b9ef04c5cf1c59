"""Which waivers count: adopted ones, until their day, and who brought them."""

from __future__ import annotations

import pytest
from support.library import Mainline, founded, text

from isodocs.core.library import Judged
from isodocs.registers.waivers import Row, waivers

WAIVED = "waivers: [{rule: RD101, id: WI-001, until: 2026-06-01, reason: The audit moved.}]\n"


def changed(line: Mainline, extra: str, day: str, *people: str) -> Mainline:
    """Change the settings and sign them."""
    before = line.authority()
    line.extra_settings = extra
    line.company()
    for person in people:
        line.sign_authority(person, predecessor=before)
    return line.commit(day=day)


def found(line: Mainline, moment: str = "") -> list[Row]:
    return waivers(line.library(Judged.MAINLINE, base=None, moment=moment))


def test_none() -> None:
    assert found(founded()) == []


def test_one_that_was_signed() -> None:
    (row,) = found(changed(founded(), WAIVED, "2026-02-02", "jane"))
    assert (row["standing"], row["signed_by"], row["link"], row["since"]) == (
        "in-force",
        ["Jane"],
        1,
        "2026-02-02T09:00:00Z",
    )


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        ("2026-05-31", "in-force"),
        ("2026-05-31T21:59:59Z", "in-force"),
        ("2026-05-31T22:00:00Z", "expired"),
        ("2026-06-01", "expired"),
    ],
)
def test_its_day_begins_in_the_companys_time_zone(moment: str, standing: str) -> None:
    (row,) = found(changed(founded(), WAIVED, "2026-02-02", "jane"), moment)
    assert row["standing"] == standing


def test_two_people_of_a_quorum() -> None:
    (row,) = found(changed(founded(quorum=2), WAIVED, "2026-02-02", "jane", "bob"))
    assert row["signed_by"] == ["Bob", "Jane"]


def test_half_a_quorum_is_no_signature() -> None:
    (row,) = found(changed(founded(quorum=2), WAIVED, "2026-02-02", "jane"))
    assert (row["standing"], row["signed_by"]) == ("unsigned", [])


def test_another_end_is_another_waiver() -> None:
    line = changed(founded(), WAIVED, "2026-02-02", "jane")
    changed(line, WAIVED.replace("2026-06-01", "2026-12-01"), "2026-05-02", "bob")
    (row,) = found(line)
    assert (row["until"], row["signed_by"], row["link"]) == ("2026-12-01", ["Bob"], 2)


def test_taking_one_out_without_signature_ends_nothing() -> None:
    line = changed(founded(), WAIVED, "2026-02-02", "jane")
    changed(line, "", "2026-03-02")
    (row,) = found(line)
    assert row["standing"] == "in-force"


def test_of_a_push_what_it_brings_is_coming() -> None:
    line = changed(founded(), WAIVED, "2026-02-02", "jane")
    assert waivers(line.library(Judged.TREE))[0]["standing"] == "coming"


def test_grace_lists_what_is_late_and_nothing_else() -> None:
    line = changed(founded(), "review: {grace_days: 10}\n", "2026-02-02", "jane")
    line.approve(
        "WI-001", text("WI-001", "2", review_date="2026-03-01"), "jane", revision="2", day="2026-02-03"
    )
    assert [row["id"] for row in found(line, "2026-03-01")] == []
    (row,) = found(line, "2026-03-11")
    assert (row["kind"], row["id"], row["until"], row["signed_by"]) == (
        "grace",
        "WI-001",
        "2026-03-12",
        ["Jane"],
    )
    assert found(line, "2026-03-12") == []
