"""The slow, plain reading of a history: sets of ancestors, whole trees, every version of every document.

Nothing here is shared with the product but what one blob says of itself (`isodocs.core.document.read`).
"""

from __future__ import annotations

import hashlib
import posixpath
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from isodocs.core import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from history.objects import Commit, Entry, Objects, Source

    from isodocs.core.document import Document

ABSENT = "000000"
FOLDER = "40000"

Content = tuple[str, tuple[tuple[str, str], ...]]
"""SHA-256 of a document's blob, and of each file it embeds, by the path it gives."""


class Difference(NamedTuple):
    """One path at which two trees differ; absent is mode 000000 and an id of zeros."""

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str


class Graph:
    """Which commits each commit can be reached from, as sets of bits in order of the commits."""

    def __init__(self, commits: Mapping[str, Commit]) -> None:
        self.commits = commits
        self.number: dict[str, int] = {}
        self.names: list[str] = []
        self.reach: dict[str, int] = {}
        self.grow()

    def grow(self) -> None:
        """Take in the commits that came since; parents come before children."""
        for oid in list(self.commits)[len(self.names) :]:
            self.number[oid] = len(self.names)
            self.names.append(oid)
            bits = 1 << self.number[oid]
            for parent in self.commits[oid].parents:
                bits |= self.reach[parent]
            self.reach[oid] = bits

    def chain(self, tip: str) -> list[str]:
        """The first parents that lead to a commit, oldest first."""
        found = [tip]
        while self.commits[found[-1]].parents:
            found.append(self.commits[found[-1]].parents[0])
        return found[::-1]

    def arrivals(self, tip: str) -> list[set[str]]:
        """For each commit of the chain: what can be reached from it, and not from the one before."""
        before, found = 0, []
        for oid in self.chain(tip):
            found.append(self.members(self.reach[oid] & ~before))
            before = self.reach[oid]
        return found

    def before(self, ancestor: str, oid: str) -> bool:
        """Whether one commit is a proper ancestor of another."""
        return ancestor != oid and bool(self.reach[oid] >> self.number[ancestor] & 1)

    def without(self, base: str | None, tip: str) -> set[str]:
        """The commits that lead to ``tip`` and not to ``base``."""
        return self.members(self.reach[tip] & ~(self.reach[base] if base else 0))

    def members(self, bits: int) -> set[str]:
        """The commits of a set of bits."""
        names = self.names
        return {names[at] for at, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"}


def tree_differences(old: Mapping[str, Entry], new: Mapping[str, Entry], zero: str) -> set[Difference]:
    """What differs between two whole trees."""
    found = set()
    for path in old.keys() | new.keys():
        one, two = old.get(path), new.get(path)
        if one != two:
            found.add(_difference(path, one, two, zero))
    return found


def folder_differences(
    objects: Objects, old: str | None, new: str | None, zero: str, prefix: str = ""
) -> Iterator[Difference]:
    """The same for two tree objects; folders of one id are one folder, and are not looked into."""
    if old == new:
        return
    one = dict(objects.folder(old)) if old else {}
    two = dict(objects.folder(new)) if new else {}
    for name in one.keys() | two.keys():
        before, after = one.get(name), two.get(name)
        if before == after:
            continue
        folders = [entry.oid if entry and entry.mode == FOLDER else None for entry in (before, after)]
        yield from folder_differences(objects, folders[0], folders[1], zero, f"{prefix}{name}/")
        files = [None if entry and entry.mode == FOLDER else entry for entry in (before, after)]
        if files[0] != files[1]:
            yield _difference(prefix + name, files[0], files[1], zero)


def _difference(path: str, old: Entry | None, new: Entry | None, zero: str) -> Difference:
    return Difference(
        path,
        old.mode if old else ABSENT,
        new.mode if new else ABSENT,
        old.oid if old else zero,
        new.oid if new else zero,
    )


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal letters."""
    return hashlib.sha256(data).hexdigest()


def is_document(path: str) -> bool:
    """Whether a path is that of a controlled document (decision: documents/**/*.md)."""
    return path.startswith("documents/") and path.endswith(".md")


def place(path: str, target: str) -> str | None:
    """The path of a file that a document names relative to itself; None outside of the repository."""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if found.startswith("/") or found.split("/")[0] == ".." else found


class Blobs:
    """What blobs say, each read once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._documents: dict[str, Document] = {}
        self._digests: dict[str, str] = {}

    def document(self, oid: str) -> Document:
        """What a document's blob says of itself."""
        if oid not in self._documents:
            self._documents[oid] = document.read(self.source.blob(oid))
        return self._documents[oid]

    def digest(self, oid: str) -> str:
        """SHA-256 of a blob."""
        if oid not in self._digests:
            self._digests[oid] = sha256(self.source.blob(oid))
        return self._digests[oid]


class Shelf:
    """The documents of one tree, read from its files from first to last."""

    def __init__(self, files: Mapping[str, Entry], blobs: Blobs) -> None:
        self.files = files
        self.blobs = blobs
        self._all_shown: dict[str, frozenset[tuple[Content, str]]] = {}

    @cached_property
    def texts(self) -> dict[str, list[tuple[str, Document]]]:
        """The readable documents, by id: path and what each says."""
        found: dict[str, list[tuple[str, Document]]] = {}
        for path, entry in sorted(self.files.items()):
            if is_document(path) and entry.regular:
                text = self.blobs.document(entry.oid)
                if text.id:
                    found.setdefault(text.id, []).append((path, text))
        return found

    def only(self, name: str) -> tuple[str, Document] | None:
        """The one file of an id; None if there are several, or none."""
        texts = self.texts.get(name, [])
        return texts[0] if len(texts) == 1 else None

    def content(self, name: str) -> Content | None:
        """What could be signed: the one file, and all it embeds; None if there is no such thing."""
        found = self.only(name)
        if found is None:
            return None
        shown = self._shown(*found)
        return shown if len(shown[1]) == len(found[1].embeds) else None

    @cached_property
    def contents(self) -> dict[str, Content | None]:
        """What could be signed, by id."""
        return {name: self.content(name) for name in self.texts}

    def shown(self, name: str) -> frozenset[tuple[Content, str]]:
        """All that stands under an id, signable or not, each with the digest of its words alone."""
        if name not in self._all_shown:
            texts = self.texts.get(name, ())
            self._all_shown[name] = frozenset((self._shown(*one), one[1].body_digest) for one in texts)
        return self._all_shown[name]

    def embeds(self) -> Iterator[tuple[str, str]]:
        """The places that documents of this tree name as embedded, each with the document's id."""
        for name, texts in self.texts.items():
            for path, text in texts:
                for target in text.embeds:
                    found = place(path, target)
                    if found:
                        yield found, name

    def _shown(self, path: str, text: Document) -> Content:
        found = []
        for target in text.embeds:
            where = place(path, target)
            # Choice: what is signed lies below documents/; a picture elsewhere is as one that misses.
            entry = self.files.get(where) if where and where.startswith("documents/") else None
            if entry is not None and entry.regular:
                found.append((target, self.blobs.digest(entry.oid)))
        return text.sha256, tuple(sorted(found))


def brought(
    here: Iterable[tuple[Content, str]], parents: Iterable[frozenset[tuple[Content, str]]]
) -> set[Content]:
    """The contents of a commit that none of its parents has."""
    known = {content for one in parents for content, _ in one}
    return {content for content, _ in here} - known


def same_words(
    fresh: set[Content],
    here: frozenset[tuple[Content, str]],
    parents: Iterable[frozenset[tuple[Content, str]]],
) -> bool:
    """Whether what is fresh differs from what parents have in white space and front matter only."""
    known = {(words, content[1]) for one in parents for content, words in one}
    return all((words, content[1]) in known for content, words in here if content in fresh)
