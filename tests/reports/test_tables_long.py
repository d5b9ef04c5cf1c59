"""A long list is drawn row by row, and looks to the last byte as rich draws it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from unittest.mock import patch

from isodocs.reports import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, object]

TITLES = (
    "Ä 漢 b",
    "",
    "x  ",
    " y",
    "é",
    "\u200bx",
    "tab\tx",
    "a\nb",
    "[bold]x[/bold]",
    ":smile:",
    "\x1b[1m",
    "1 2.3",
)
DATES = (None, "2026-01-01T00:00:00Z")
COMING = [{"revision": "2", "effective_from": DATES[1]}]
DRAFTS = (None, {"status": "draft", "revision": "3"}, {"status": "approved", "revision": "3"})


def row(dice: random.Random) -> Row:
    return {
        "id": dice.choice(("SOP-1", "A" * dice.randrange(9))),
        "revision": dice.choice("123"),
        "status": dice.choice([*tables.STYLES, "odd"]),
        "overdue": dice.random() < 0.2,
        "challenged": dice.random() < 0.1,
        "title": dice.choice((*TITLES, "x" * dice.randrange(80))),
        "owner": "process-owner",
        "effective_from": dice.choice(DATES),
        "review_due": dice.choice((None, "2026-01-01")),
        "upcoming": dice.choice(([], COMING)),
        "draft": dice.choice(DRAFTS),
    }


def drawn(rows: list[Row], width: int | None, *, colour: bool) -> str:
    return tables.master_list(rows, zone="UTC", colour=colour, width=width)


def test_as_rich_draws_it() -> None:
    by_row = 0
    for seed in range(60):
        dice = random.Random(seed)  # noqa: S311 - no secret
        rows = [row(dice) for _ in range(dice.choice((1, 1, 2, 3, 11)))]
        for colour in (False, True):
            for width in (None, 80, 100, 120, 150, 300):
                with patch.object(tables, "_drawn", wraps=tables._drawn) as ours:
                    found = drawn(rows, width, colour=colour)
                by_row += ours.called
                with patch.object(tables, "_fits", return_value=False):
                    assert found == drawn(rows, width, colour=colour), (seed, colour, width)
    assert by_row > 100


def test_no_rows() -> None:
    assert drawn([], None, colour=False).split() == [
        *("Id", "Rev", "Status", "Title", "Owner", "Effective", "Review", "due"),
        "─" * 58,
    ]
