"""The history the fold reads, as plain values: commits, what they changed, and the mainline as steps.

Nothing here asks git. ``isodocs.git.log`` and ``isodocs.git.walk`` make these values from its output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

REGULAR_MODES = frozenset({"100644", "100755"})
ABSENT_MODE = "000000"


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and an address as somebody typed them into a commit. Proof of nothing."""

    name: str
    email: str


class Change(NamedTuple):
    """One path that differs between a parent and its child.

    Modes are git's six octal digits, ``000000`` for absent; object names are full hexadecimal, all zeros
    for absent. Renames are not detected: a moved file is one removal and one addition.
    """

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str

    @property
    def removed(self) -> bool:
        """Whether the path is gone afterwards."""
        return self.new_mode == ABSENT_MODE


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with its changes against each of its parents, in the order of the parents.

    ``diffs`` has one entry per parent; a commit without parents has one, against the empty tree.
    ``time`` is the committer's, in seconds since 1970.
    """

    oid: str
    parents: tuple[str, ...]
    author: Identity
    committer: Identity
    time: int
    coauthors: tuple[Identity, ...] = ()
    subject: str = ""
    diffs: tuple[tuple[Change, ...], ...] = ((),)

    @property
    def combined(self) -> tuple[Change, ...]:
        """The changes that differ from every parent: what this commit itself brought."""
        if len(self.diffs) == 1:
            return self.diffs[0]
        common = set.intersection(*({change.path for change in diff} for diff in self.diffs))
        return tuple(change for change in self.diffs[0] if change.path in common)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the mainline: the commit on its first-parent chain and all that came in with it.

    ``arrivals`` are the commits reachable from this one and not from the step before, parents before
    children; the step's own commit is the last of them.
    """

    commit: Commit
    arrivals: tuple[Commit, ...]


class Entry(NamedTuple):
    """A file of a tree: mode and object name (empty for a file that is not in git)."""

    mode: str
    oid: str

    @property
    def regular(self) -> bool:
        """Whether it is an ordinary file, neither a link nor a submodule."""
        return self.mode in REGULAR_MODES
