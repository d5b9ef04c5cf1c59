"""Waivers and grace, for people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from isodocs.core.text import visible
from isodocs.reports.tables import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Row = Mapping[str, Any]

_TITLES = {
    "in-force": "In force",
    "coming": "Signed here; they count once this is part of the mainline",
    "unsigned": "In isodocs.yml and not signed: they have no effect (isodocs authorise)",
    "expired": "Expired; they can leave isodocs.yml",
}


def text(rows: Sequence[Row], *, grace: int, zone: str) -> str:
    """The waivers, by whether they count.

    Args:
        rows: of ``registers.waivers``, each with ``about``: the name of its rule, or what is wrong with it.
        grace: how many days each review may be late.
        zone: the company's time zone, for days.
    """
    blocks = [
        "\n".join([f"{_TITLES[standing]}:", *(line for row in group for line in _lines(row, zone))])
        for standing, group in groupby(rows, key=lambda row: str(row["standing"]))
    ]
    many = sum(row["standing"] == "in-force" and row["kind"] == "waiver" for row in rows)
    late = sum(row["kind"] == "grace" for row in rows)
    number = f"{many} waiver{'s' * (many != 1)}" if many else "No waiver"
    return "\n\n".join([*blocks, f"{number} in force. {_grace(grace, late)}"])


def _grace(days: int, late: int) -> str:
    if not days:
        return "The settings give reviews no grace."
    number = f"{late} document{'s' * (late != 1)} live{'s' * (late == 1)}" if late else "no document lives"
    return f"The settings give each review {days} day{'s' * (days != 1)} of grace; {number} on it now."


def _lines(row: Row, zone: str) -> Iterable[str]:
    name = f" {row['about']}" if row["about"] else ""
    yield f"  {visible(row['id'])}: {visible(row['rule'])}{name}, until {row['until']}"
    yield f"    {visible(row['reason'])}"
    if row["root"]:
        yield f"    with the settings of the trust root, {day(row['since'], zone)}"
    elif row["signed_by"]:
        yield f"    signed by {visible(' and '.join(row['signed_by']))}, since {day(row['since'], zone)}"
    for fault in row["faults"]:
        yield f"    {visible(fault)}"
