"""Makes a repository of any size to try isodocs with.

    python -m benchmarks.generate PATH --documents 1000 --merges 0.3      (from the folder tests)

The same parameters make the same commits. The keys follow from the seed, so they guard nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import fields
from pathlib import Path

from benchmarks.generator import SIGNATURES, Shape, generate


def main(words: list[str] | None = None) -> None:
    """Make the repository that was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate",
        description="Makes a repository of any size, signed as a real one is, to try isodocs with.",
    )
    parser.add_argument("path", type=Path, help="a folder that does not exist yet, or is empty")
    for one in fields(Shape):
        parser.add_argument(
            f"--{one.name.replace('_', '-')}",
            type=type(one.default),
            default=one.default,
            choices=SIGNATURES if one.name == "signatures" else None,
            help=f"{one.metadata['about']} (default: {one.default})",
        )
    parser.add_argument("--no-checkout", action="store_true", help="lay out no files; git has them all")
    options = vars(parser.parse_args(words))
    path, checkout = options.pop("path"), not options.pop("no_checkout")
    if path.exists() and any(path.iterdir()):
        parser.error(f"{path} is not empty")
    begin = time.perf_counter()
    generate(path, shape := Shape(**options), checkout=checkout)
    sys.stdout.write(f"{path}: {shape}, {time.perf_counter() - begin:.0f} s\n")


if __name__ == "__main__":
    main()
