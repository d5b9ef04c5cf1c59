"""Random histories for tests, and a slow, plain way of reading them.

A history has merges, octopus merges, several roots, dates that run backwards, contents that come back,
files that become folders, and names that are hard to write. The same seed gives the same commits.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from isodocs.core.history import Change

if TYPE_CHECKING:
    from support.gitrepo import Repo

PATHS = (
    b"documents/SOP-001.md",
    b"documents/a/SOP-002 with space.md",
    b"documents/a/SOP-003-\xc3\xa4.md",
    b"documents/a/SOP-003-a\xcc\x88.md",
    b"documents/\xff\xfe.md",
    b"documents/line\nend.md",
    b"-x.md",
    b":(glob)**",
    b"commit 0000",
    b"deep/er/and/deeper.md",
    b"deep/er",
    b"tab\there",
)
MODES = (b"100644", b"100644", b"100644", b"100755", b"120000")
Listing = dict[str, tuple[str, str]]


def play(repo: Repo, seed: int, commits: int = 30) -> str:
    """Write a random history into an empty repository and return the tip of its branch ``main``."""
    dice = random.Random(seed)  # noqa: S311 - histories, no secrets
    lines: list[bytes] = []
    for number in range(1, commits + 1):
        moment = 1_600_000_000 + number * 600 + dice.choice([0, 0, 0, -90_000, 50_000])
        who = b"P%d <p%d@example.org> %d +0000" % (number % 5, number % 5, moment)
        lines += [b"commit refs/heads/main", b"mark :%d" % number, b"author " + who, b"committer " + who]
        message = b"change %d\n\n%s" % (number, b"\n\n:100644 " * dice.randrange(2))
        lines += [b"data %d" % len(message), message]
        if number > 1 and dice.random() < 0.06:
            lines = [*lines[:-6], b"reset refs/heads/main", *lines[-6:]]  # another root
        elif number > 1:
            lines.append(b"from :%d" % max(1, number - dice.choice([1, 1, 1, 1, 2, 5])))
            others = sorted({dice.randrange(1, number) for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 3]))})
            lines += [b"merge :%d" % other for other in others]
        lines += _files(dice)
    repo.git("fast-import", "--quiet", "--force", stdin=b"\n".join([*lines, b""]))
    return repo.git("rev-parse", "refs/heads/main")


def _files(dice: random.Random) -> list[bytes]:
    lines: list[bytes] = []
    if dice.random() < 0.05:
        lines.append(b"deleteall")
    for _ in range(dice.choice([0, 1, 1, 2, 3])):
        path = dice.choice(PATHS)
        quoted = b'"' + path.replace(b"\n", b"\\n").replace(b"\t", b"\\t") + b'"'
        if dice.random() < 0.25:
            lines.append(b"D " + quoted)
            continue
        text = b"text %d" % dice.randrange(6)
        lines += [b"M %s inline %s" % (dice.choice(MODES), quoted), b"data %d" % len(text), text]
    return lines


def listing(repo: Repo, commit: str) -> Listing:
    """The files of a commit, path to mode and object name, as ls-tree has them."""
    output = repo.run("ls-tree", "-r", "-z", commit).stdout.split(b"\0")[:-1]
    found: Listing = {}
    for line in output:
        meta, name = line.split(b"\t", 1)
        mode, _, oid = meta.decode().split(" ")
        found[name.decode("utf-8", "surrogateescape")] = (mode, oid)
    return found


def difference(old: Listing, new: Listing) -> set[Change]:
    """What differs between two listings."""
    nothing = ("000000", "0" * 40)
    return {
        Change(path, *(before[0], after[0]), *(before[1], after[1]))
        for path in old.keys() | new.keys()
        if (before := old.get(path, nothing)) != (after := new.get(path, nothing))
    }


def parents(repo: Repo, tip: str) -> dict[str, list[str]]:
    """Every commit that can be reached from ``tip``, with its parents."""
    rows = (row.split() for row in repo.git("rev-list", "--parents", tip).splitlines())
    return {row[0]: row[1:] for row in rows}


def ancestors(graph: dict[str, list[str]], commit: str) -> set[str]:
    """The commit and all it can be reached from."""
    found: set[str] = set()
    waiting = [commit]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += graph[one]
    return found
