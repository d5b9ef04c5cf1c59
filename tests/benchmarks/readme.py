"""Puts the table of the budget into the README, from results of a run.

    python -m benchmarks.readme [RESULTS…]      (from the folder tests)

Of several results of one line, the last counts; without any, the table is drawn anew from those kept here.
The lines are those that the code knows: what was not measured is shown as that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import lines, table

KEPT = Path(__file__).with_name("results.json")
README = Path(__file__).parents[2] / "README.md"


def main() -> None:
    """Take the results over, and write the README."""
    found = {
        (row.key, row.scale): row
        for path in (KEPT, *map(Path, sys.argv[1:]))
        if path.exists()
        for row in table.load(path)
    }
    rows = [found.get((row.key, row.scale), row) for row in lines.known()]
    table.save(rows, KEPT)
    README.write_text(table.placed(README.read_text(encoding="utf-8"), rows), encoding="utf-8")


if __name__ == "__main__":
    main()
