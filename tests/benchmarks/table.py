"""Rows as JSON, and as the table in the README."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from benchmarks.measure import Taken
from benchmarks.rows import MEGA, Bound, Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HEAD = (
    "| work | on | seconds (CPU) | memory | beside | its seconds (CPU) | ratio | to reach | reached |",
    "| --- | --- | ---: | ---: | --- | ---: | ---: | --- | --- |",
)
BUSY = " (CPU)"
TENTH = 0.1
REACHED = {True: "yes", False: "**no**", None: ""}


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    return "\n".join([*HEAD, *map(_line, rows)])


def _line(row: Row) -> str:
    rate = f" ({row.rate:,.0f} a second)" if row.rate else ""
    note = f" ({row.note})" if row.note else ""
    cells = (
        row.work + rate,
        row.scale,
        _seconds(row.ours) if row.ours else "not measured",
        f"{row.memory / MEGA:,.0f} MB" if row.memory else "",
        row.beside + note,
        _seconds(row.other) if row.other else "",
        "" if row.ratio is None else f"{row.ratio:.2f}{BUSY if row.busy else ''}",
        str(row.bound or ""),
        REACHED[row.reached],
    )
    return f"| {' | '.join(cells)} |"


def _seconds(taken: Taken) -> str:
    clock = f"{taken.clock:.3f}" if taken.clock < TENTH else f"{taken.clock:.2f}"
    return f"{clock} ({taken.cpu:.2f})"


def save(rows: Sequence[Row], path: Path) -> None:
    """Write the results to a file."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> list[Row]:
    """Read results from a file."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return [
        Row(
            **{
                **one,
                "ours": Taken(**one["ours"]) if one["ours"] else None,
                "other": Taken(**one["other"]) if one["other"] else None,
                "bound": Bound(**one["bound"]) if one["bound"] else None,
            }
        )
        for one in found
    ]


def within(page: str) -> str:
    """What stands between the two markers of a page.

    Raises:
        ValueError: they are not there.
    """
    return page[page.index(BEGIN) + len(BEGIN) : page.index(END)].strip()


def placed(page: str, rows: Sequence[Row]) -> str:
    """The page with the table between its markers.

    Raises:
        ValueError: they are not there.
    """
    before, after = page[: page.index(BEGIN)], page[page.index(END) :]
    return f"{before}{BEGIN}\n\n{table(rows)}\n\n{after}"
