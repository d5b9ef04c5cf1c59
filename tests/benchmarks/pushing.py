"""A push that a server's gate is to judge: the next revision of a document, signed today."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.generator.company import MANAGER, OWNER, Company
from benchmarks.generator.contents import approval
from isodocs.core.statement import Content, sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from benchmarks.generator import Shape

    Git = Callable[..., bytes]

WRITER = "max"


@dataclass(frozen=True)
class Push:
    """What git tells the hook, and where.

    Attributes:
        server: the bare repository that is pushed to; it has the objects already.
        words: the line that the hook reads.
        earlier: that of the push before, which the server judged too.
    """

    server: Path
    words: bytes
    earlier: bytes


def raised(text: bytes, revision: int) -> bytes:
    """The text of a document with the revision that follows."""
    old, new = b"revision: %d" % revision, b"revision: %d" % (revision + 1)
    assert text.count(old) == 1 or b"\n" + old in text
    changed = text.replace(old, new, 1)
    return changed if b"\nchange: " in changed else changed.replace(new, new + b"\nchange: Made clearer.", 1)


def prepare(path: Path, server: Path, shape: Shape, environ: Mapping[str, str]) -> Push:
    """Copy a repository as a server has it, with a commit in it that could follow its mainline."""
    index = {**environ, "GIT_INDEX_FILE": str(server / "index-of-the-push")}

    def git(*words: str, data: bytes = b"") -> bytes:
        """What a git command writes, on an index of its own."""
        command = ["git", "-C", str(server), *words]
        return subprocess.run(command, env=index, input=data, check=True, stdout=subprocess.PIPE).stdout

    subprocess.run(["git", "clone", "-q", "--bare", str(path), str(server)], env=environ, check=True)
    git("read-tree", "main")
    for name, data in _step(git("ls-files", "documents").decode().split("\n"), shape, git).items():
        oid = git("hash-object", "-w", "--stdin", data=data).decode().strip()
        git("update-index", "--add", "--cacheinfo", f"100644,{oid},{name}")
    old, tree = git("rev-parse", "main"), git("write-tree").decode().strip()
    new = git("commit-tree", tree, "-p", "main", "-m", "The next revision")
    moves = ((old, new), (git("rev-parse", "main~1"), old))
    words, earlier = (b"%b %b refs/heads/main\n" % (one.strip(), two.strip()) for one, two in moves)
    return Push(server, words, earlier)


def _step(names: list[str], shape: Shape, git: Git) -> dict[str, bytes]:
    """The files of the commit: the text of the first document without a picture, and its approvals."""
    for name in names:
        text = git("cat-file", "blob", f"main:{name}")
        if name.endswith(".md") and b"![" not in text:
            break
    else:
        raise ValueError("each document has a picture")
    company = Company(shape)
    new = raised(text, shape.revisions)
    files = {name: new}
    for role in (OWNER, MANAGER):
        person = next(one for one in company.people.values() if one.role == role)
        files |= approval(
            company,
            person,
            Content(sha256(new)),
            named=(name.rpartition("/")[2][:9], str(shape.revisions + 1)),
            predecessor=Content(sha256(text)).digest,
            writer=WRITER,
            time=int(time.time()),
        )
    return files
