"""A tree told by what differs from a commit: in a large repository nearly all of it is what it was.

Entries are looked up as they are asked for, in the folders of the commit, and each folder is held against its
name. Two commits are compared folder by folder, and equal folders are not looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.history import ABSENT_MODE, Change, Entry
from isodocs.core.lazy import Lazy
from isodocs.git.asking import TREE_MODE
from isodocs.git.names import to_text
from isodocs.git.tree import Blobs, Tree, commit_tree, staged_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from isodocs.git.asking import Asking, Folder
    from isodocs.git.repository import Repository
    from isodocs.git.tree import Source

_NOTHING = (TREE_MODE, "")


def commit_at(repository: Repository, commit: str) -> Tree:
    """The files of a commit, by its full id, looked up as they are asked for.

    Raises:
        CannotRun: there is none, or a folder that is looked into is not what its name says.
    """
    return changed_tree(repository, commit, {})


def index_at(repository: Repository, head: str) -> Tree:
    """What the next commit would hold, as ``tree.index_tree`` has it, told by what differs from HEAD.

    Raises:
        CannotRun: the repository is bare, or the index cannot be read.
    """
    changes, unmerged = staged_changes(repository, head)
    return changed_tree(repository, head, changes, unmerged)


def changed_tree(
    repository: Repository,
    commit: str,
    changes: Mapping[str, Entry | None],
    unmerged: tuple[str, ...] = (),
    source: Source | None = None,
) -> Tree:
    """The tree of a commit with some paths changed; None stands for one that is gone.

    Args:
        repository: where the commit lies.
        commit: its full id.
        changes: the changed paths.
        unmerged: the paths that an unfinished merge left in conflict.
        source: reads the files; git where None.
    """
    asking = repository.asking

    def entry(path: str) -> Entry | None:
        return changes[path] if path in changes else asking.entry(commit, path)

    def everything() -> Iterator[tuple[str, Entry]]:
        known = commit_tree(repository, commit).entries
        for path in sorted(known.keys() | changes.keys()):
            found = changes[path] if path in changes else known[path]
            if found is not None:
                yield path, found

    entries: Lazy[str, Entry] = Lazy(entry, everything)
    return Tree(entries, source or Blobs(repository), unmerged, base=commit, changes=changes)


def changes_from(repository: Repository, commit: str, tree: Tree) -> tuple[Change, ...]:
    """What differs between a commit and a tree that is told by what differs from another one; sorted by path.

    Raises:
        CannotRun: a folder that is looked into is missing, or is not what its name says.
    """
    assert tree.base is not None  # noqa: S101 - who has all entries compares them
    asking = repository.asking
    paths = {*tree.changes, *differing(asking, asking.top(commit), asking.top(tree.base))}
    absent = Entry(ABSENT_MODE, "")
    return tuple(
        Change(path, old.mode, new.mode, old.oid, new.oid)
        for path in sorted(paths)
        if (old := asking.entry(commit, path) or absent) != (new := tree.entries.get(path) or absent)
    )


def require_genuine_difference(repository: Repository, old: str, new: str) -> None:
    """Hold two commits, and the folders in which their trees differ, against their names; git does not.

    What they have in common needs no look: whoever asks for it looks there.

    Raises:
        CannotRun: one of them is missing, or holds something else.
    """
    asking = repository.asking
    for _ in differing(asking, asking.top(old), asking.top(new)):
        pass


def differing(asking: Asking, old: str, new: str, prefix: bytes = b"") -> Iterator[str]:
    """The paths of the files that differ between two folders, by the folders' object names."""
    if old == new:
        return
    before, after = _folder(asking, old), _folder(asking, new)
    for name in {name for name, _ in before.items() ^ after.items()}:
        (old_mode, was), (new_mode, now) = before.get(name, _NOTHING), after.get(name, _NOTHING)
        old_folder, new_folder = was if old_mode == TREE_MODE else "", now if new_mode == TREE_MODE else ""
        yield from differing(asking, old_folder, new_folder, prefix + name + b"/")
        if (old_mode, new_mode) != (TREE_MODE, TREE_MODE):
            yield to_text(prefix + name)


def _folder(asking: Asking, oid: str) -> Folder:
    return asking.folder(oid) if oid else {}
