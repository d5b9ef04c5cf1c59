"""By hand: the walk, and with ``--as-qms`` the fold, of a public repository, held against brute force.

    cd tests && python -m history PATH [PATH …] [--as-qms] [--tip REV]

Prints one line a repository and every difference; ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from history import compare, product, qms
from history.brute import Graph, folder_differences
from history.objects import Objects
from history.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RANGES = 400
KEPT = 12
SHOWN = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare each repository named on the command line."""
    form = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(prog="history", description=__doc__, formatter_class=form)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument(
        "--as-qms", action="store_true", help="rewrite the history into a system's, and fold it"
    )
    parser.add_argument("--tip", default="HEAD", help="the revision at which the mainline ends")
    asked = parser.parse_args(arguments)
    differences = 0
    for path in asked.paths:
        with tempfile.TemporaryDirectory() as folder:
            env = _environment(Path(folder))
            differences += one(path, asked.tip, Path(folder), env, as_qms=asked.as_qms)
    return 1 if differences else 0


def one(path: Path, rev: str, folder: Path, env: Mapping[str, str], *, as_qms: bool) -> int:
    """Compare one repository; returns the number of differences."""
    begin = time.monotonic()
    command = ["git", "-C", str(path), "rev-parse", "--verify", f"{rev}^{{commit}}"]
    tip = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()
    objects = Objects(path, [tip])
    graph, name = Graph(objects.commits), str(path)
    if as_qms:
        written = folder / "qms.git"
        tip, lacking = qms.rewrite(objects, graph, tip, written)
        objects.close()
        path, objects = written, Objects(written, [tip])
        graph = Graph(objects.commits)
        name += f" as a QMS ({lacking} blobs are missing)"
    say(f"{name}: {_counts(objects, graph, tip)}")
    found = _report(_walk(path, objects, graph, tip, env))
    say(f"  walk: {found} differences, {_since(begin)}")
    if as_qms:
        found += _report(_fold(path, objects, graph, tip, env))
    objects.close()
    say(f"  all: {found} differences, {_since(begin)}")
    return found


def _walk(path: Path, objects: Objects, graph: Graph, tip: str, env: Mapping[str, str]) -> Iterator[str]:
    yield from compare.walk(path, objects, graph, tip, env)
    chain = graph.chain(tip)
    for base in (chain[len(chain) // 2], chain[-2] if len(chain) > 1 else None):
        yield from compare.between(path, objects, graph, base, tip, env)


def _fold(path: Path, objects: Objects, graph: Graph, tip: str, env: Mapping[str, str]) -> Iterator[str]:
    """Files and contents at some steps; touching and writing commits of every document; random ranges."""
    begin = time.monotonic()
    whole = Whole(objects, graph)
    chain = graph.chain(tip)
    middle = time.monotonic()
    dice = random.Random(len(chain))  # noqa: S311 - a choice of steps, no secret
    kept = sorted({tip, *dice.sample(chain, k=min(KEPT, len(chain)))}, key=chain.index)
    asked = product.History(path, tip, env, kept)
    say(
        f"  {len(whole.bringing)} documents, {whole.contents} contents, "
        f"{len(whole.embedders)} embedded paths; "
        f"brute {middle - begin:.0f} s, fold {_since(middle)}",
    )
    yield from compare.kept_states(whole, asked, kept)
    yield from compare.ever_written(whole, asked)
    names = sorted(whole.bringing)
    for _ in range(RANGES if names else 0):
        after, until = sorted(dice.sample(range(-1, len(chain)), k=2))
        yield from compare.written_between(whole, asked, dice.choice(names), chain, after, until)
    begin = time.monotonic()
    again = product.History(path, tip, env, earlier=[one for one in kept if one != tip])
    say(f"  folded up to {len(kept) - 1} steps before, and on from step {again.first}: {_since(begin)}")
    yield from compare.kept_states(whole, again, [tip])
    yield from compare.ever_written(whole, again)


def _since(begin: float) -> str:
    return f"{time.monotonic() - begin:.0f} s"


def _counts(objects: Objects, graph: Graph, tip: str) -> str:
    merges = sum(len(commit.parents) > 1 for commit in objects.commits.values())
    roots = sum(not commit.parents for commit in objects.commits.values())
    steps = graph.chain(tip)
    renames = _moves(objects, steps)
    return (
        f"{len(objects.commits)} commits, {merges} merges, {roots} roots, {len(steps)} steps, "
        f"{renames} exact renames along the mainline"
    )


def _moves(objects: Objects, steps: list[str]) -> int:
    """Files that went and came again elsewhere with the same bytes, from one step to the next."""
    found = 0
    for old, new in pairwise(steps):
        trees = objects.commits[old].tree, objects.commits[new].tree
        differences = list(folder_differences(objects, *trees, "0"))
        gone = [one.old for one in differences if one.new_mode == "000000"]
        found += sum(one.old_mode == "000000" and one.new in gone for one in differences)
    return found


def _report(differences: Iterator[str]) -> int:
    count = 0
    for count, text in enumerate(differences, 1):
        if count <= SHOWN:
            say(f"    DIFFERENT: {text[:1500]}")
    return count


def say(text: str) -> None:
    """Tell whoever started it, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}


if __name__ == "__main__":
    sys.exit(main())
