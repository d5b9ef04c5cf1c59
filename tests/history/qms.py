"""A public repository's history, rewritten as that of a quality management system.

Every commit stays, with its parents, people and dates. Markdown files move below ``documents/`` and get front
matter before their text; pictures move along; all else is left out. An id follows from the file's name, so
that a moved file keeps it, and two files of one name share it. A commit with settings and register comes
before the first of the mainline.
"""

from __future__ import annotations

import posixpath
import re
import subprocess
import zlib
from collections import Counter
from typing import TYPE_CHECKING

from history.brute import folder_differences
from history.objects import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from history.brute import Graph
    from history.objects import Commit, Objects

MARKDOWN = re.compile(r"\.(md|markdown)\Z", re.IGNORECASE)
PICTURE = re.compile(r"\.(png|jpe?g|gif|svg|webp|ico|bmp)\Z", re.IGNORECASE)
COMMON = frozenset({"readme", "index", "_index", "summary", "changelog", "contributing", "license"})
REGISTERED = 40
DELETED = Entry("000000", "")
SETTINGS = b"""\
format: 1
qms: 3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10
title: Rewritten
mainline: main
timezone: UTC
unknown_writers: say
authority: {role: quality-manager}
types:
  DOC: {title: Document, independence: any-editor, approved: {roles: [quality-manager]}}
  SUB: {title: Document, independence: substantive-author, approved: {roles: [quality-manager]}}
"""


def rewrite(objects: Objects, graph: Graph, tip: str, target: Path) -> tuple[str, int]:
    """Write the history that ends at ``tip`` into a new bare repository.

    Returns:
        The new tip, and how many blobs the old repository lacks: short texts stand in their place.
    """
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(target)], check=True)
    rewriting = _Rewriting(objects, graph, tip)
    command = ["git", "-C", str(target), "fast-import", "--quiet", "--force", "--date-format=raw-permissive"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None
        for part in rewriting.stream():
            importer.stdin.write(part)
        importer.stdin.close()
        assert importer.wait() == 0
    found = subprocess.run(
        ["git", "-C", str(target), "rev-parse", "refs/heads/main"], check=True, capture_output=True, text=True
    )
    return found.stdout.strip(), rewriting.lacking


class _Rewriting:
    def __init__(self, objects: Objects, graph: Graph, tip: str) -> None:
        self.objects, self.tip = objects, tip
        self.first = graph.chain(tip)[0]
        self.marks = {oid: number for number, oid in enumerate(graph.commits, 2)}
        self.blobs: dict[tuple[str, str], int] = {}
        self.lacking = 0

    def stream(self) -> Iterator[bytes]:
        """The whole stream for `git fast-import`."""
        commits = self.objects.commits
        yield self._first_commit()
        for oid, commit in commits.items():
            changes = list(self._changes(commit))
            for path, entry in changes:
                yield from self._blob(path, entry)
            yield (
                self._head(oid, commit) + b"".join(self._line(path, entry) for path, entry in changes) + b"\n"
            )
        yield b"reset refs/heads/main\nfrom :%d\n\n" % self.marks[self.tip]

    def _first_commit(self) -> bytes:
        register = register_of(self.objects.commits.values())
        time = self.objects.commits[self.first].time
        files = b"".join(
            b"M 100644 inline %s\ndata %d\n%s\n" % (name, len(data), data)
            for name, data in ((b"isodocs.yml", SETTINGS), (b"people.yml", register))
        )
        who = b"A <settings@example.org> %d +0000" % time
        return b"commit refs/heads/main\nmark :1\nauthor %s\ncommitter %s\ndata 5\nbegin\n%s\n" % (
            who,
            who,
            files,
        )

    def _head(self, oid: str, commit: Commit) -> bytes:
        message = self.objects.message(oid)
        parents = [self.marks[parent] for parent in commit.parents] or ([1] if oid == self.first else [])
        lines = [b"reset refs/heads/main", b"commit refs/heads/main", b"mark :%d" % self.marks[oid]]
        lines += [b"author A <%s> %d +0000" % (_address(commit.author), commit.time)]
        lines += [b"committer A <%s> %d +0000" % (_address(commit.committer), commit.time)]
        lines += [b"data %d" % len(message), message]
        lines += [b"from :%d" % mark for mark in parents[:1]] + [b"merge :%d" % mark for mark in parents[1:]]
        return b"\n".join(lines) + b"\n"

    def _changes(self, commit: Commit) -> Iterator[tuple[str, Entry]]:
        """What differs from the first parent, of what stays."""
        old = self.objects.commits[commit.parents[0]].tree if commit.parents else None
        differences = folder_differences(self.objects, old, commit.tree, "0")
        kept = [one for one in differences if MARKDOWN.search(one.path) or PICTURE.search(one.path)]
        # A file may become a folder, and a folder a file: first what goes.
        for one in sorted(kept, key=lambda one: one.new_mode != DELETED.mode):
            yield one.path, Entry(one.new_mode, one.new)

    def _blob(self, path: str, entry: Entry) -> Iterator[bytes]:
        key = self._key(path, entry)
        if entry.regular_or_link and key not in self.blobs:
            self.blobs[key] = len(self.marks) + 10 + len(self.blobs)
            data = self.objects.blob_if_there(entry.oid)
            if data is None:
                self.lacking += 1
                data = f"In place of {entry.oid}, which this copy of the repository lacks.\n".encode()
            if key[1]:
                data = front(key[1]) + data
            yield b"blob\nmark :%d\ndata %d\n%s\n" % (self.blobs[key], len(data), data)

    def _line(self, path: str, entry: Entry) -> bytes:
        name = place(path).encode("utf-8", "surrogateescape")
        quoted = b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
        if entry == DELETED or entry.mode == DELETED.mode:
            return b"D %s\n" % quoted
        what = b":%d" % self.blobs[self._key(path, entry)] if entry.regular_or_link else entry.oid.encode()
        return b"M %s %s %s\n" % (entry.mode.encode(), what, quoted)

    def _key(self, path: str, entry: Entry) -> tuple[str, str]:
        return entry.oid, identity(path) if MARKDOWN.search(path) and entry.regular else ""


def place(path: str) -> str:
    """Where a file stands in the rewritten history."""
    foreign = MARKDOWN.search(path) and not path.endswith(".md")
    return f"documents/{path}.md" if foreign else f"documents/{path}"


def identity(path: str) -> str:
    """The id of a document: by the name of the file; of names that are everywhere, by the folder too."""
    folder, _, name = path.rpartition("/")
    stem = MARKDOWN.sub("", name).lower()
    if stem in COMMON:
        stem = f"{posixpath.basename(folder)}/{stem}"
    number = zlib.crc32(stem.encode("utf-8", "surrogateescape")) % 1_000_000
    return f"{('DOC', 'SUB')[number % 2]}-{number:06d}"


def front(name: str) -> bytes:
    """The front matter of a document."""
    kind = name.partition("-")[0]
    text = f"---\nid: {name}\ntitle: T\ntype: {kind}\nowner: quality-manager\nrevision: 1\n---\n"
    return text.encode()


def register_of(commits: Iterable[Commit]) -> bytes:
    """A register of those who wrote most, by address."""
    counted = Counter(commit.author.lower() for commit in commits)
    usual = [mail for mail, _ in counted.most_common() if re.fullmatch(r"[a-z0-9._+-]+@[a-z0-9.-]+", mail)]
    lines = ["format: 1", "roles: {quality-manager: {title: Manager}}", "people:"]
    for number, mail in enumerate(usual[:REGISTERED]):
        lines += [f"  person-{number}:", f"    name: P{number}", f"    emails: ['{mail}']"]
    return ("\n".join(lines) + "\n").encode()


def _address(mail: str) -> bytes:
    return re.sub(r"[<>\n\0]", "", mail).encode("utf-8", "replace")
