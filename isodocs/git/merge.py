"""The merge that a pull request would become, made without touching work tree, index or any ref."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun
from isodocs.git.complaints import first_line
from isodocs.git.tree import commit_tree

if TYPE_CHECKING:
    from isodocs.git.repository import Repository

CONFLICT = 1
UNKNOWN_OPTION = 129


def merge_commit(repository: Repository, base: str, head: str, when: int) -> str:
    """The id of a merge commit of ``head`` into ``base``, dated ``when`` (seconds since 1970).

    Its objects lie loose in the repository until git collects them. Its author is nobody: what the merge
    itself makes up, no person wrote.

    Raises:
        CannotRun: both sides changed the same lines, or git is older than 2.38.
    """
    tree = _merged_tree(repository, base, head)
    nobody = f"isodocs <> {when} +0000"
    lines = [f"tree {tree}", f"parent {base}", f"parent {head}", f"author {nobody}", f"committer {nobody}"]
    text = "\n".join([*lines, "", "The merge this pull request would become", ""])
    return (
        repository.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode())
        .decode("ascii")
        .strip()
    )


def _merged_tree(repository: Repository, base: str, head: str) -> str:
    common = repository.run("merge-base", "--all", base, head, check=False).decode("ascii").split()
    for commit in (base, head, *common):
        commit_tree(repository, commit)  # git merges what it reads; this holds it against the ids
    options = [part for setting in _harmless(repository) for part in ("-c", setting)]
    outcome = repository.outcome(*options, "merge-tree", "--write-tree", "--no-messages", base, head)
    if outcome.code == CONFLICT:
        raise CannotRun(
            "The pull request conflicts with its base; update the branch (merge the base into it, or rebase)."
        )
    if outcome.code == UNKNOWN_OPTION:
        raise CannotRun("git 2.38 or later is needed to judge a pull request before it is merged.")
    if outcome.code:
        raise CannotRun(f"The pull request cannot be merged: {first_line(outcome.err)}.")
    return outcome.out.split(b"\n", 1)[0].decode("ascii")


def _harmless(repository: Repository) -> list[str]:
    """Settings under which a merge runs no program: filters stay off, each configured driver fails.

    A file that a driver should have merged then counts as a conflict.
    """
    output = repository.run(
        "config", "-z", "--name-only", "--get-regexp", r"^merge\..*\.driver$", check=False
    )
    drivers = sorted(set(output.decode("utf-8", "surrogateescape").split("\0")[:-1]))
    if odd := [name for name in drivers if "=" in name]:
        raise CannotRun(f"The merge driver {odd[0]!r} has a name that cannot be switched off; remove it.")
    return ["merge.renormalize=false", *(f"{name}=false" for name in drivers)]
