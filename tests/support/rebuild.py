"""Rewrites a repository's whole history, as an insider with all rights on the server could.

rebuild(repo, lambda tree: {path: entry for path, entry in tree.items() if "tom" not in path})
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.gitrepo import Repo

Tree = dict[str, tuple[str, str]]
"""Mode and blob by path."""


def rebuild(
    repo: Repo, change: Callable[[Tree], Tree], *, shift: int = 0, message: str = "", branch: str = "main"
) -> str:
    """Replay every commit of a branch with its tree changed; returns the new tip, which is checked out.

    Args:
        repo: the repository.
        change: from the files of a commit to those that it shall have.
        shift: seconds by which every commit becomes later.
        message: put before each commit's own.
        branch: the branch to rewrite.
    """
    made: dict[str, str] = {}
    for oid in repo.git("rev-list", "--topo-order", "--reverse", branch).split():
        made[oid] = _replay(repo, oid, made, change(tree_of(repo, oid)), shift, message)
    tip = made[repo.git("rev-parse", branch)]
    repo.git("checkout", "-q", "--detach")
    repo.git("update-ref", f"refs/heads/{branch}", tip)
    repo.git("checkout", "-q", "-f", branch)
    return tip


def tree_of(repo: Repo, commit: str) -> Tree:
    """The files of a commit."""
    found: Tree = {}
    for line in repo.git("ls-tree", "-r", "-z", commit).split("\0"):
        if line:
            facts, _, path = line.partition("\t")
            mode, _, oid = facts.split(" ")
            found[path] = (mode, oid)
    return found


def without(*parts: str) -> Callable[[Tree], Tree]:
    """A change that leaves out every file whose path holds one of these."""

    def change(tree: Tree) -> Tree:
        return {path: entry for path, entry in tree.items() if not any(part in path for part in parts)}

    return change


def _replay(repo: Repo, oid: str, made: dict[str, str], tree: Tree, shift: int, message: str) -> str:
    """The commit with another tree, other parents and dates; byte for byte itself where nothing differs."""
    head, _, text = repo.run("cat-file", "commit", oid).stdout.partition(b"\n\n")
    lines = []
    for line in head.decode().split("\n"):
        word, _, rest = line.partition(" ")
        if word == "tree":
            rest = _write_tree(repo, tree)
        elif word == "parent":
            rest = made[rest]
        elif word in {"author", "committer"}:
            who, time, zone = rest.rsplit(" ", 2)
            rest = f"{who} {int(time) + shift} {zone}"
        lines.append(f"{word} {rest}")
    data = "\n".join(lines).encode() + b"\n\n" + message.encode() + text
    return repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=data)


def _write_tree(repo: Repo, tree: Tree) -> str:
    index = {"GIT_INDEX_FILE": str(repo.path / ".git" / "rebuilt-index")}
    lines = "".join(f"{mode} {blob}\t{path}\0" for path, (mode, blob) in tree.items())
    repo.git("read-tree", "--empty", env=index)
    repo.git("update-index", "-z", "--add", "--index-info", stdin=lines.encode(), env=index)
    return repo.git("write-tree", env=index)
