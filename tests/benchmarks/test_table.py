"""The table of the budget: bounds are judged rightly, and the README shows what was measured, all of it."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks import lines, readme, table
from benchmarks.measure import Command, Taken, family, least, memory
from benchmarks.rows import Bound, Row

if TYPE_CHECKING:
    from pathlib import Path

MEGA = 1_000_000
ROW = Row("check", "check of everything", "usual", Taken(1.2, 2.0), "git log", Taken(1.0, 1.0), 300 * MEGA, 6)


@pytest.mark.parametrize(
    ("bound", "reached"),
    [
        (None, None),
        (Bound(), None),
        (Bound(seconds=1.2), True),
        (Bound(seconds=1.1), False),
        (Bound(ratio=1.2), True),
        (Bound(ratio=1.1), False),
        (Bound(beyond=0.25), True),
        (Bound(beyond=0.1), False),
        (Bound(memory=300 * MEGA), True),
        (Bound(memory=299 * MEGA), False),
        (Bound(rate=3000), False),
        (Bound(rate=5), True),
        (Bound(seconds=2, ratio=1.3, memory=299 * MEGA), False),
    ],
)
def test_a_bound_is_reached_or_not(bound: Bound | None, reached: bool | None) -> None:  # noqa: FBT001 - a table
    assert replace(ROW, bound=bound).reached is reached


def test_what_was_not_measured_is_not_reached() -> None:
    assert replace(ROW, other=None, bound=Bound(ratio=1.2)).reached is False
    assert replace(ROW, memory=0, bound=Bound(memory=MEGA)).reached is False


def test_on_a_busy_machine_seconds_of_processors_count() -> None:
    bound = Bound(ratio=1.3)
    assert replace(ROW, bound=bound).reached
    busy = replace(ROW, bound=bound, busy=True)
    assert not busy.reached
    assert "| 2.00 (CPU) |" in table.table([busy])


def test_a_line_that_is_not_reached_says_so() -> None:
    drawn = table.table([replace(ROW, bound=Bound(seconds=1, memory=MEGA), note="once", count=0)])
    assert drawn.splitlines()[-1] == (
        "| check of everything | usual | 1.20 (2.00) | 300 MB | git log (once) | 1.00 (1.00) | 1.20 "
        "| ≤ 1 s, ≤ 1 MB | **no** |"
    )


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [ROW, replace(ROW, other=None, bound=Bound(rate=3000), count=9)]
    table.save(rows, tmp_path / "results.json")
    assert table.load(tmp_path / "results.json") == rows


def test_the_table_goes_between_the_markers_and_nowhere_else() -> None:
    page = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
    drawn = table.placed(page, [ROW])
    assert table.within(drawn) == table.table([ROW])
    assert drawn.startswith(f"before\n{table.BEGIN}\n")
    assert drawn.endswith(f"{table.END}\nafter\n")
    with pytest.raises(ValueError, match="substring"):
        table.placed("no markers", [ROW])


def test_the_readme_shows_the_results_that_are_kept() -> None:
    page = readme.README.read_text(encoding="utf-8")
    assert table.within(page) == table.table(table.load(readme.KEPT))


def test_the_results_have_every_line_that_is_known_and_no_other() -> None:
    kept = [(row.key, row.scale) for row in table.load(readme.KEPT)]
    assert kept == [(row.key, row.scale) for row in lines.known()]


def test_a_line_that_was_not_measured_is_shown_as_that() -> None:
    row = lines.known()[0]
    assert row.reached is None
    assert "| not measured |" in table.table([row])


def test_keys_of_lines_are_distinct() -> None:
    assert len({line.key for line in lines.LINES}) == len(lines.LINES)


def python(code: str, folder: Path) -> Command:
    return Command((sys.executable, "-c", code), folder, {})


def test_memory_of_children_counts(tmp_path: Path) -> None:
    hold = "x = bytearray(60_000_000); import time; time.sleep(0.5)"
    alone = python(hold, tmp_path).peak()
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    assert 60 * MEGA < alone < 90 * MEGA
    assert alone < python(child, tmp_path).peak() < 120 * MEGA
    assert memory(2**22 + 1) == 0
    assert list(family(2**22 + 1)) == [2**22 + 1]


def test_processors_of_children_count_and_waiting_does_not(tmp_path: Path) -> None:
    busy = python("import time\nwhile time.process_time() < 0.3: pass", tmp_path)
    idle = python("import time; time.sleep(0.3)", tmp_path)
    prepared: list[str] = []
    first, second = least((lambda: prepared.append("again"), busy), (None, idle), repeats=2)
    assert first.cpu >= 0.3
    assert second.cpu < 0.2 < second.clock
    assert prepared == ["again"] * 2


def test_a_command_that_fails_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ended with 1: (?s:.*)ValueError: why"):
        python("raise ValueError('why')", tmp_path)()
    replace(python("raise SystemExit(3)", tmp_path), expected=(3,))()
