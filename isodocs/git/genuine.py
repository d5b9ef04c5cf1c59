"""Every object of a history held against its name, as an auditor wants it.

Documents, signatures and commits are held against their names whenever they are read, and so are the trees
of the commits that a command lists. The trees in between, which only ``git log`` reads, are too many for
each command: they are looked at here, and by every transport (``git clone`` over a network or with
``--no-local``), but not by a copy of the folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.git.repository import Repository


def require_genuine(repository: Repository, tip: str) -> int:
    """Read every object that a commit leads to; how many there are.

    Raises:
        Truncated: one is missing from a partial clone.
        CannotRun: one is missing, or holds something else than its name says.
    """
    repository.require_complete()
    return sum(1 for _ in repository.objects(_names(repository, tip)))


def _names(repository: Repository, tip: str) -> Iterator[str]:
    """The ids of all objects, each once, as git finds them."""
    rest = b""
    for chunk in repository.stream(
        "rev-list", "--objects", "--no-object-names", "--end-of-options", tip, "--"
    ):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.decode("ascii", "replace") for line in lines)
