"""Measures the performance budget (DESIGN, section 7) in one run and prints it as a table.

    python -m benchmarks [--quick] [--large] [--site]      (from the folder tests)

Seconds are for orientation, ratios count: each line stands beside plain git, or what else it is compared
with, measured in the same run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import lines
from benchmarks.generator import Shape, generate

SMALL = Shape(documents=60, revisions=4)
USUAL = Shape(documents=1000, revisions=10)
LARGE = Shape(documents=10_000, revisions=10, sections=40)


def main() -> None:
    """Run the benchmarks that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run on a small repository")
    parser.add_argument("--large", action="store_true", help="10,000 documents and 100,000 commits too")
    parser.add_argument("--site", action="store_true", help="the build of the manual too")
    options = parser.parse_args()
    shapes = [SMALL] if options.quick else [USUAL, *([LARGE] if options.large else [])]
    rows: list[lines.Row] = [lines.signatures(200 if options.quick else 3000)]
    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "qms"
            generate(place, shape)
            rows += lines.measure(place, shape, site=options.site or options.quick)
    sys.stdout.write(lines.table(rows) + "\n")


if __name__ == "__main__":
    main()
