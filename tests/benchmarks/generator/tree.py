"""Folders as git's trees: never changed, only followed by another one that shares what stayed."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.generator.pack import TREE, Packed, packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.generator.pack import Pack

FILE, FOLDER = b"100644", b"40000"


@dataclass(frozen=True, slots=True)
class Folder:
    """A tree.

    Attributes:
        data: as git stores it.
        order: its names, in git's order: those of folders as if a slash followed.
        folders: the trees in it.
        written: as the pack holds it; None for one without anything, which git does not store.
    """

    data: bytes = b""
    order: tuple[bytes, ...] = ()
    folders: Mapping[bytes, Folder] = field(default_factory=dict)
    written: Packed | None = None

    def with_files(self, files: Mapping[bytes, bytes | None], pack: Pack) -> Folder:
        """This folder with some files changed: ids of blobs by path, None for those that go."""
        data, order, folders = self.data, self.order, dict(self.folders)
        for name, inside in _by_first(files).items():
            if isinstance(inside, dict):
                old = folders.get(name, _EMPTY)
                new = old.with_files(inside, pack)
                oid = new.written.oid if new.written else None
                if oid:
                    folders[name] = new
                else:
                    folders.pop(name, None)
                data, order = _placed(data, order, name + b"/", oid)
            else:
                data, order = _placed(data, order, name, inside)
        if not order:
            return _EMPTY
        old_tree = (self.written, self.data) if self.written else None
        written = packed(TREE, data, old_tree)
        if self.written and written.oid == self.written.oid:
            return self
        pack.add(written)
        return Folder(data, order, folders, written)


_EMPTY = Folder()


def _by_first(files: Mapping[bytes, bytes | None]) -> dict[bytes, bytes | dict[bytes, bytes | None] | None]:
    """Paths by their first part: what lies there, or what lies below."""
    found: dict[bytes, bytes | dict[bytes, bytes | None] | None] = {}
    for path, oid in files.items():
        first, slash, rest = path.partition(b"/")
        if not slash:
            found[first] = oid
            continue
        below = found.setdefault(first, {})
        assert isinstance(below, dict)
        below[rest] = oid
    return found


def _placed(
    data: bytes, order: tuple[bytes, ...], key: bytes, oid: bytes | None
) -> tuple[bytes, tuple[bytes, ...]]:
    """The tree with an entry set, or taken out; a key that ends in a slash is a folder's."""
    index = bisect_left(order, key)
    there = index < len(order) and order[index] == key
    start = data.index(_entry(order[index])) if index < len(order) else len(data)
    if there:
        end = start + len(_entry(key)) + 20
        kept = order if oid else (*order[:index], *order[index + 1 :])
        return data[:start] + (_entry(key) + oid if oid else b"") + data[end:], kept
    if oid is None:
        return data, order
    return data[:start] + _entry(key) + oid + data[start:], (*order[:index], key, *order[index:])


def _entry(key: bytes) -> bytes:
    """An entry, up to its id."""
    return (FOLDER + b" " + key[:-1] if key.endswith(b"/") else FILE + b" " + key) + b"\0"
