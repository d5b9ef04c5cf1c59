"""Single objects of git, one question at a time to one process; and what stands at a path, folder by folder.

For a few objects of a large repository: whoever wants many asks ``Repository.objects``. Each is held against
its name, and a path is followed from the commit down through the folders, so what is found is what the
commit's id stands for.
"""

from __future__ import annotations

import os
import stat
from functools import cache
from typing import IO, TYPE_CHECKING
from weakref import finalize, proxy

from isodocs.core.history import Entry
from isodocs.core.problem import CannotRun
from isodocs.git.complaints import forged
from isodocs.git.names import to_bytes, to_text
from isodocs.git.objects import BadAnswer, Forged, Found, answer
from isodocs.git.pipes import end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

    from isodocs.git.repository import Repository

TREE_MODE = "040000"
_RAW = {"sha1": 20, "sha256": 32}

Folder = dict[bytes, tuple[str, str]]
"""What stands in a folder: name → mode as git writes it, and object name."""


class Asking:
    """Answers questions about single objects; the process starts with the first one, and anew in a fork."""

    def __init__(self, repository: Repository) -> None:
        self._repository: Repository = proxy(repository)  # which owns this: the process goes with it
        self._process: Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._owner = os.getpid()
        self._left: list[object] = []  # a fork must not end what its parent began
        self._tops: dict[str, str] = {}
        self._folders: dict[str, Folder] = {}

    def object(self, oid: str) -> Found:
        """One object by its full id.

        Raises:
            CannotRun: it is missing, or holds something else than its name says.
        """
        process = self._running()
        try:
            found = self._answer(process, oid)
        except Forged as fault:
            raise forged(str(fault)) from None
        except (BadAnswer, BrokenPipeError) as fault:
            raise self._repository.refusal(("cat-file",), 1, str(fault)) from None
        if found is None:
            raise self._stopped(process)
        return found

    def commit(self, name: str) -> str | None:
        """The full id of the commit that a name stands for, if git finds it without a complaint.

        None says no more than that: whoever wants to know why asks git in another way.
        """
        process, said = self._running(), self._said()
        try:
            found = self._answer(process, f"{name}^{{commit}}")
        except (BadAnswer, Forged, BrokenPipeError):
            found = None
        if found is None:
            self._process = None  # it may have ended, or have more to say
        if found is None or found.kind != "commit" or self._complains(said):
            return None
        self._tops[found.oid] = _top(found)
        return found.oid

    def _said(self) -> int:
        """How much the process said beside its answers, in bytes."""
        return os.fstat(self._errors.fileno()).st_size if self._errors is not None else 0

    def _complains(self, before: int) -> bool:
        """Whether it said more than hints since then; where it writes, nothing is moved."""
        said = os.pread(self._errors.fileno(), self._said(), before) if self._errors is not None else b""
        return any(line and not line.startswith(b"hint:") for line in said.split(b"\n"))

    def _answer(self, process: Popen[bytes], name: str) -> Found | None:
        assert process.stdin is not None  # noqa: S101 - pipes were asked for
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(f"{name}\n".encode())
        process.stdin.flush()
        return answer(process.stdout, self._repository.object_format)

    def _stopped(self, process: Popen[bytes]) -> CannotRun:
        """Why git ended without an answer; the next question starts it again."""
        code, self._process = process.wait(), None
        words = ""
        if self._errors is not None:
            self._errors.seek(0)
            words = self._errors.read().decode("utf-8", "replace")
        return self._repository.refusal(("cat-file",), code, words)

    def blob(self, oid: str) -> bytes:
        """The bytes of a blob.

        Raises:
            CannotRun: as for ``object``, or it is none.
        """
        found = self.object(oid)
        if found.kind != "blob":
            raise self._repository.refusal(("cat-file",), 1, f"object {oid} is {found.kind}, not a blob")
        return found.content

    def entry(self, commit: str, path: str) -> Entry | None:
        """What stands at a path in the tree of a commit; None where there is no file, link or submodule."""
        *folders, name = to_bytes(path).split(b"/")
        here = self.top(commit)
        for folder in folders:
            mode, here = self.folder(here).get(folder, ("", ""))
            if mode != TREE_MODE:
                return None
        mode, oid = self.folder(here).get(name, (TREE_MODE, ""))
        return None if mode == TREE_MODE else Entry(mode, oid)

    def names(self, commit: str, folder: str) -> list[str]:
        """The names of what lies in a folder of a commit: ``""`` or a path that ends with ``/``."""
        here = self.top(commit)
        for part in to_bytes(folder).split(b"/")[:-1]:
            mode, here = self.folder(here).get(part, ("", ""))
            if mode != TREE_MODE:
                return []
        return list(map(to_text, self.folder(here)))

    def files(self, commit: str, folder: str) -> Iterator[tuple[str, Entry]]:
        """Each file, link and submodule below a folder of a commit, a path that ends with ``/``."""
        here = self.top(commit)
        for part in to_bytes(folder).split(b"/")[:-1]:
            mode, here = self.folder(here).get(part, ("", ""))
            if mode != TREE_MODE:
                return
        waiting = [(folder, here)]
        while waiting:
            place, oid = waiting.pop()
            for name, (mode, one) in self.folder(oid).items():
                path = place + to_text(name)
                if mode == TREE_MODE:
                    waiting.append((f"{path}/", one))
                else:
                    yield path, Entry(mode, one)

    def folder(self, oid: str) -> Folder:
        """What stands in a folder, by its object name."""
        found = self._folders.get(oid)
        if found is None:
            found = self._folders[oid] = parsed(self.object(oid), self._repository.object_format)
        return found

    def top(self, commit: str) -> str:
        """The object name of a commit's own folder."""
        top = self._tops.get(commit)
        if top is None:
            top = self._tops[commit] = _top(self.object(commit))
        return top

    def _running(self) -> Popen[bytes]:
        if self._owner != os.getpid():
            self._left += [self._process, self._errors]
            self._process, self._owner = None, os.getpid()
        if self._process is None:
            self._process, self._errors = self._repository.begun(("cat-file", "--batch"))
            finalize(self, end, self._process, self._errors)
        return self._process


def _top(commit: Found) -> str:
    return commit.content[5 : commit.content.index(b"\n")].decode("ascii")


def parsed(tree: Found, object_format: str) -> Folder:
    """What a tree object says (git's own format: mode, blank, name, NUL, object name; again and again).

    Raises:
        CannotRun: it is no tree, or it is damaged.
    """
    data, size, found, place = tree.content, _RAW[object_format], Folder(), 0
    try:
        while tree.kind == "tree" and place < len(data):
            blank = data.index(b" ", place)
            end = data.index(b"\0", blank)
            oid = data[end + 1 : end + 1 + size]
            found[data[blank + 1 : end]] = _mode(data[place:blank]), oid.hex()
            place = end + 1 + size
    except ValueError:
        tree = tree._replace(kind="damaged")
    if tree.kind != "tree":
        raise CannotRun(f"Object {tree.oid} should be a folder and is {tree.kind}; run `git fsck`.")
    return found


@cache
def _mode(text: bytes) -> str:
    """A mode as git compares it: old trees hold others, which mean the same."""
    mode = int(text, 8)
    if stat.S_ISREG(mode):
        return "100755" if mode & stat.S_IXUSR else "100644"
    return f"{mode:06o}"
