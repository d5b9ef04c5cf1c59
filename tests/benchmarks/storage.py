"""What git's own ways to store, index and clone a repository do to the plain pass and to our cold check.

    python -m benchmarks.storage REPOSITORY      (from the folder tests; made by benchmarks.generate)

Clones are taken from a server on this machine's disk (file://), so no network is in their seconds. isodocs
reads with the commit-graph switched off, so the plain pass is shown with it and without it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.generator import shape_of
from benchmarks.measure import Command, Taken, least, seconds
from benchmarks.place import PLAIN, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = (
    "| repository | folder .git | made in | plain pass | the same, commit-graph believed | check, cold |",
    "| --- | ---: | ---: | ---: | ---: | --- |",
)
PASS = (*PLAIN[:-1], "--no-renames", PLAIN[-1])  # which needs no blobs
UNINDEXED = ("-c", "core.commitGraph=false", "-c", "core.multiPackIndex=false")
OFFLINE = {"GIT_ALLOW_PROTOCOL": "none"}  # what is missing is not fetched in passing
PACKS = 40
MEGA = 1_000_000


@dataclass(frozen=True)
class Variant:
    """A way to store a repository: how it is cloned, and what is done to it then."""

    name: str
    clone: tuple[str, ...] = ()
    then: tuple[tuple[str, ...], ...] = ()
    packs: int = 1


VARIANTS = (
    Variant("clone"),
    Variant("commit-graph", then=(("commit-graph", "write", "--reachable"),)),
    Variant(
        "commit-graph --changed-paths", then=(("commit-graph", "write", "--reachable", "--changed-paths"),)
    ),
    Variant("repack -a -d -f", then=(("repack", "-q", "-a", "-d", "-f"),)),
    Variant("repack -a -d --write-bitmap-index", then=(("repack", "-q", "-a", "-d", "-b"),)),
    Variant(f"{PACKS} packs", packs=PACKS),
    Variant(f"{PACKS} packs, multi-pack-index", then=(("multi-pack-index", "write"),), packs=PACKS),
    Variant(f"{PACKS} packs, then maintenance (gc)", then=(("gc", "-q"),), packs=PACKS),
    Variant("clone --single-branch --no-tags", ("--single-branch", "--no-tags")),
    Variant("clone --filter=blob:none", ("--filter=blob:none",)),
    Variant("clone --filter=tree:0", ("--filter=tree:0",)),
    Variant("clone --depth=1", ("--depth=1",)),
)


def main() -> None:
    """Measure all variants, and print them as a table."""
    source = Path(sys.argv[1]).resolve()
    sys.stdout.write("\n".join(HEAD) + "\n")
    with tempfile.TemporaryDirectory() as folder:
        server = Place(source, shape_of(source), Path(folder))
        server.git("config", "uploadpack.allowFilter", "true")()
        for variant in VARIANTS:
            with tempfile.TemporaryDirectory() as inner:
                sys.stdout.write(row(variant, server, Path(inner)) + "\n")
                sys.stdout.flush()


def row(variant: Variant, server: Place, folder: Path) -> str:
    """Make the variant in a folder, and measure it: a row of the table."""
    path = folder / "clone"
    words = ("clone", "-q", *variant.clone, f"file://{server.path}", str(path))
    cloned = seconds(server.git(*words))
    place = Place(path, server.shape, folder)
    if variant.packs > 1:
        _scatter(place, variant.packs)
    made = [seconds(place.git(*words)) for words in variant.then]
    cells = (
        variant.name,
        f"{_size(path / '.git') / MEGA:,.0f} MB",
        _seconds(sum_of(made) if made else cloned),
        _outcome(_quiet(place, *UNINDEXED, *PASS)),
        _outcome(_quiet(place, *PASS)),
        _outcome(place.isodocs("check", "--profile", "release"), place),
    )
    return f"| {' | '.join(cells)} |"


def sum_of(parts: list[Taken]) -> Taken:
    """All of them, one after the other."""
    return Taken(sum(one.clock for one in parts), sum(one.cpu for one in parts))


def _quiet(place: Place, *words: str) -> Command:
    return Command(("git", *words), place.path, {**place.environ, **OFFLINE})


def _outcome(command: Command, place: Place | None = None) -> str:
    """How long it takes; or that it refuses."""
    try:
        (taken,) = least((place.forget if place else None, command), repeats=1 if place else 3)
    except RuntimeError as refusal:
        return "refuses (HX102)" if "HX102" in str(refusal) else "cannot"
    return _seconds(taken)


def _seconds(taken: Taken) -> str:
    return f"{taken.clock:.2f} ({taken.cpu:.2f})"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _scatter(place: Place, number: int) -> None:
    """As many packs as there were pushes: each holds what so many commits brought."""
    tips = place.ask("rev-list", "--first-parent", "--reverse", "main").split()
    ends = [tips[(part + 1) * len(tips) // number - 1] for part in range(number)]
    folder = place.path / ".git" / "objects" / "pack"
    old = list(folder.iterdir())
    for begin, end in _spans(ends):
        wanted = f"{end}\n{f'^{begin}' if begin else ''}\n"
        words = ["git", "pack-objects", "-q", "--revs", "--delta-base-offset", str(folder / "pack")]
        subprocess.run(words, input=wanted.encode(), cwd=place.path, check=True, stdout=subprocess.DEVNULL)
    for path in old:
        path.unlink()


def _spans(ends: list[str]) -> Iterator[tuple[str, str]]:
    yield from zip(["", *ends], ends, strict=False)


if __name__ == "__main__":
    main()
