"""Measures the performance budget (DESIGN, section 7) in one run and prints it as a table.

    python -m benchmarks [--quick] [--large] [--site] [--repository PATH]      (from the folder tests)

Seconds are for orientation, ratios count: each line stands beside plain git, or what else it is compared
with, measured in the same run. Repositories are made on the way, or taken from --keep DIR if they are there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import lines, table
from benchmarks.generator import Shape, generate, shape_of
from benchmarks.measure import REPEATS
from benchmarks.place import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from benchmarks.rows import Row

SHAPES = {
    lines.SMALL: Shape(documents=40, revisions=3, merges=0.2),
    lines.USUAL: Shape(documents=1000),
    lines.LARGE: Shape(documents=10_000, sections=40),
}
SITE = "benchmarks.site"


def main() -> None:
    """Run the benchmarks that were asked for."""
    options = _parser().parse_args()
    options.repeats = 1 if options.quick else options.repeats
    scales = [lines.SMALL] if options.quick else [lines.USUAL, *([lines.LARGE] if options.large else [])]
    rows: list[Row] = []
    if options.repository:
        place = options.repository.resolve()
        with _scratch() as scratch:
            rows += _measured(Place(place, shape_of(place), scratch, options.repeats), options.scale, options)
    for scale in () if options.repository else scales:
        with _scratch() as scratch, _repository(scale, options.keep, scratch) as path:
            rows += _measured(Place(path, SHAPES[scale], scratch, options.repeats), scale, options)
    if options.json:
        table.save(rows, options.json)
    if options.table:
        options.table.write_text(table.table(rows) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="every line, on a small repository")
    parser.add_argument("--large", action="store_true", help="10,000 documents and 100,000 commits too")
    parser.add_argument("--site", action="store_true", help="the build of the manual too")
    parser.add_argument("--repository", type=Path, help="measure this one, made by benchmarks.generate")
    parser.add_argument("--scale", default=lines.USUAL, choices=lines.BOTH, help="whose bounds hold for it")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="how often everything is run")
    parser.add_argument("--busy", action="store_true", help="count seconds of processors, not of the clock")
    parser.add_argument("--keep", type=Path, help="a folder in which repositories are kept for the next run")
    parser.add_argument("--only", action="append", metavar="LINE", help="only these lines, by their keys")
    parser.add_argument("--json", type=Path, help="write the results here")
    parser.add_argument("--table", type=Path, help="write the table here")
    return parser


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def _repository(scale: str, keep: Path | None, scratch: Path) -> Iterator[Path]:
    """A repository of this scale, made now or in an earlier run."""
    path = (keep.resolve() if keep else scratch) / scale
    try:
        ready = shape_of(path) == SHAPES[scale]
    except FileNotFoundError:
        ready = False
    if not ready:
        generate(path, SHAPES[scale])
    yield path


def _measured(place: Place, scale: str, options: argparse.Namespace) -> list[Row]:
    """All rows of one repository, each printed when it is known."""
    wanted: Collection[str] = options.only or [line.key for line in lines.LINES]
    _say("\n".join([f"{place.shape}:", *table.HEAD]))
    rows = []
    for line in lines.lines_of(scale):
        if line.key in wanted:
            rows.append(line.row(place, scale, busy=options.busy))
            _say(table.table(rows[-1:]).rpartition("\n")[2])
    if (options.site or options.quick) and find_spec(SITE):
        for row in import_module(SITE).rows(place, scale, busy=options.busy, only=options.only):
            rows.append(row)
            _say(table.table([row]).rpartition("\n")[2])
    return rows


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
