"""Trees that no git would write, in which one path could mean several files, go into no mainline.

The gate sets git to refuse such objects when it is installed; here somebody has switched that off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from gates.conftest import Server

MAIN = "refs/heads/main"
ATTACK = b"---\nid: WI-001\ntitle: Attacked\n---\n"
Rows = list[tuple[bytes, bytes, bytes]]


def rows(server: Server, tree: str) -> Rows:
    """What a tree holds: mode, name and object."""
    listed = server.company.repo.run("ls-tree", "-z", tree).stdout.split(b"\0")[:-1]
    metas = (line.partition(b"\t") for line in listed)
    return [
        (meta.split()[0].lstrip(b"0"), name, bytes.fromhex(meta.split()[2].decode()))
        for meta, _, name in metas
    ]


def tip(server: Server, change: Callable[[Rows, bytes], Rows]) -> str:
    """A commit on the mainline whose root tree was changed by hand; its second argument is a new blob."""
    repo = server.company.repo
    blob = bytes.fromhex(repo.git("hash-object", "-w", "--stdin", stdin=ATTACK))
    changed = change(rows(server, server.company.base), blob)
    data = b"".join(mode + b" " + name + b"\0" + oid for mode, name, oid in changed)
    tree = repo.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=data)
    who = repo.signature(("Max", "max@example.org"), None, None, None)
    return repo.git("commit-tree", tree, "-p", server.company.base, "-m", "odd", env=who)


def with_path_as_name(found: Rows, blob: bytes) -> Rows:
    document = b"documents/WI-001-torque-wrench.md"
    return sorted([*found, (b"100644", document, blob)], key=lambda row: row[1])


def with_name_twice(found: Rows, blob: bytes) -> Rows:
    return [*found, (b"100644", found[-1][1], blob)]


def with_folder_twice(found: Rows, _blob: bytes) -> Rows:
    (folder,) = (row for row in found if row[1] == b"documents")
    return sorted([*found, folder], key=lambda row: row[1])


@pytest.mark.parametrize("change", [with_path_as_name, with_name_twice, with_folder_twice])
def test_one_path_that_means_several_files(server: Server, change: Callable[[Rows, bytes], Rows]) -> None:
    server.bare.git("config", "receive.fsckObjects", "false")
    said = server.refuses(f"{tip(server, change)}:{MAIN}")
    assert "twice or as a path; run `git fsck`" in said


def test_a_folder_of_an_odd_mode_is_still_a_folder(server: Server) -> None:
    """Old programs wrote such modes, and git reads them so."""

    def oddly(found: Rows, _blob: bytes) -> Rows:
        return [(b"40755" if name == b"documents" else mode, name, oid) for mode, name, oid in found]

    assert "No problems" in server.takes(f"{tip(server, oddly)}:{MAIN}")
