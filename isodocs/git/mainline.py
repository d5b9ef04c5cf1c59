"""Which branch is the mainline here, and how much of it a commit contains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from isodocs.git.repository import Repository

HEADS = "refs/heads/"
REMOTES = "refs/remotes/"


@dataclass(frozen=True, slots=True)
class Mainline:
    """The mainline as this repository has it.

    Attributes:
        name: the branch's name, such as ``main``.
        ref: the full ref that stands for it; empty when it has no commit yet.
        tip: its newest commit; None when it has none yet.
    """

    name: str
    ref: str = ""
    tip: str | None = None


def find_mainline(repository: Repository, name: str, *, absent: bool = False) -> Mainline:
    """The branch of that name: as a remote has it, before the local one; a full ref is taken as it is.

    Of several remotes the branch's own upstream comes first, then ``origin``. With ``absent``, a clone may
    lack it.

    Raises:
        CannotRun: several remotes have it, they differ, and none of them comes first; or this is a clone
            that was made without it.
        Truncated: history is cut or rewritten here.
    """
    if name.startswith("refs/"):
        repository.require_complete()
        short = name.split("/", 3)[-1] if name.startswith(REMOTES) else name.removeprefix(HEADS)
        return Mainline(short, name, repository.resolve(name))
    short = name
    remotes = list(repository.configured.remotes)
    if (remote := next((one for one in remotes if name.startswith(f"{one}/")), None)) is not None:
        short, remotes = name.removeprefix(f"{remote}/"), [remote]
    wanted = [f"{REMOTES}{one}/{short}" for one in remotes] + [HEADS + short]
    found = repository.refs(*wanted)
    repository.require_complete()
    tips = {ref: found[ref] for ref in wanted if ref in found}
    tracking = [ref for ref in wanted[:-1] if ref in tips]
    if len({tips[ref] for ref in tracking}) > 1:
        tracking = [_preferred(repository, short, tracking)]
    chosen = next(iter(tracking), wanted[-1])
    if chosen not in tips and remotes and not absent and repository.refs(REMOTES):
        there = f"{REMOTES}{remotes[0]}/{short}"
        raise CannotRun(
            f"This clone has no branch {short}, the mainline that says what is in force; run "
            f"`git fetch {remotes[0]} {short}:{there}`, or name another with --mainline."
        )
    return Mainline(short, chosen, tips[chosen]) if chosen in tips else Mainline(short)


def _preferred(repository: Repository, name: str, refs: list[str]) -> str:
    upstream = repository.run("config", "--get", f"branch.{name}.remote", check=False).decode().strip()
    for remote in (upstream, "origin"):
        if f"{REMOTES}{remote}/{name}" in refs:
            return f"{REMOTES}{remote}/{name}"
    names = ", ".join(ref.removeprefix(REMOTES) for ref in refs)
    raise CannotRun(
        f"Several remotes have a branch {name} and they differ ({names}); name one with --mainline."
    )


def newest_contained(repository: Repository, tip: str | None, heads: tuple[str, ...]) -> str | None:
    """The newest commit of the first-parent chain of ``tip`` that one of the heads contains; None: none.

    Once a commit of the chain is contained, all before it are. git stops early where dates run backwards
    (rev-list(1) is a walk by date), so its answer is checked and, if need be, searched for by halves.
    """
    if tip is None or not heads:
        return None
    if tip in heads:
        return tip
    without = [f"^{head}" for head in heads]
    output = repository.run("rev-list", "--first-parent", "--parents", tip, *without, "--").decode("ascii")
    missing = [row.split() for row in output.splitlines()]
    low, high = 0, len(missing)
    probe = high - 1
    while low < high:
        if any(is_ancestor(repository, missing[probe][0], head) for head in heads):
            high = probe
        else:
            low = probe + 1
        probe = (low + high) // 2
    if low < len(missing):
        return missing[low][0]
    return next(iter(missing[-1][1:]), None) if missing else tip


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether the commit ``new`` contains the commit ``old``; each contains itself."""
    return repository.agrees("merge-base", "--is-ancestor", old, new)
