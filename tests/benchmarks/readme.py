"""Puts the table of the budget into the README, from results of a run.

    python -m benchmarks.readme [RESULTS…]      (from the folder tests)

Of several results of one line, the last counts; without any, the table is drawn anew from those kept here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import table

KEPT = Path(__file__).with_name("results.json")
README = Path(__file__).parents[2] / "README.md"


def main() -> None:
    """Take the results over, and write the README."""
    rows = {
        (row.key, row.scale): row
        for path in (KEPT, *map(Path, sys.argv[1:]))
        if path.exists()
        for row in table.load(path)
    }
    table.save(list(rows.values()), KEPT)
    README.write_text(table.placed(README.read_text(encoding="utf-8"), table.load(KEPT)), encoding="utf-8")


if __name__ == "__main__":
    main()
