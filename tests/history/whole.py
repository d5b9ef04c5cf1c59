"""The brute reading at the size of real histories: every tree of every commit, folders known by their ids.

A folder's id stands for all that is below it, so what its documents say is put together once. What documents
embed depends on other folders, and is looked up again in every tree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from history.brute import Blobs, Content, is_document, place
from history.objects import FOLDER, Entry

if TYPE_CHECKING:
    from history.brute import Graph
    from history.objects import Objects

    from isodocs.core.document import Document

Shown = tuple[str, Content, str]
"""A document's id, its content, and the digest of its words alone."""


@dataclass(frozen=True)
class Folder:
    """The documents below a folder: those that embed nothing as they are, the others by their paths."""

    plain: frozenset[Shown]
    embedding: tuple[tuple[str, Document], ...]


class Whole:
    """All that the commits of a history brought.

    Attributes:
        fresh: by commit, then id: each content that no parent has, and whether its words are a parent's.
        bringing: the commits that brought something, by id, parents first.
        embedders: by path, the ids of the documents of which some version embeds it.
    """

    def __init__(self, objects: Objects, graph: Graph) -> None:
        self.objects, self.graph = objects, graph
        self.fresh: dict[str, dict[str, list[tuple[Content, bool]]]] = {}
        self.bringing: dict[str, list[str]] = defaultdict(list)
        self.embedders: dict[str, set[str]] = defaultdict(set)
        self._blobs = Blobs(objects)
        self._folders: dict[str, Folder] = {}
        self._tables: dict[str, dict[str, Entry]] = {}
        self._listed: set[tuple[str, str]] = set()
        self._read()

    def _read(self) -> None:
        children: dict[str, int] = defaultdict(int)
        for commit in self.objects.commits.values():
            self._list_embedders(commit.tree, "")
            for parent in set(commit.parents):
                children[parent] += 1
        alive: dict[str, frozenset[Shown]] = {}
        for oid, commit in self.objects.commits.items():
            here = self.shown(commit.tree)
            self._note(oid, here, [alive[parent] for parent in commit.parents])
            alive[oid] = here
            for parent in set(commit.parents):
                children[parent] -= 1
                if not children[parent]:
                    del alive[parent]

    @property
    def contents(self) -> int:
        """How many contents of documents the commits brought."""
        return sum(len(contents) for names in self.fresh.values() for contents in names.values())

    def shown(self, tree: str) -> frozenset[Shown]:
        """All that stands under all ids in a tree."""
        documents = dict(self.objects.folder(tree)).get("documents")
        if documents is None or documents.mode != FOLDER:
            return frozenset()
        folder = self._folder(documents.oid)
        return folder.plain | {
            self._embedding(tree, f"documents/{path}", text) for path, text in folder.embedding
        }

    def writing(
        self, name: str, commits: set[str] | None, approved: Content | None, *, substantive: bool
    ) -> set[str]:
        """The commits of a range (None: all) that write a document."""
        brought: dict[Content, list[str]] = defaultdict(list)
        found = set()
        for oid in self.bringing.get(name, ()):
            if commits is not None and oid not in commits:
                continue
            rest = []
            for content, same_words in self.fresh[oid][name]:
                if content != approved and not any(self.graph.before(one, oid) for one in brought[content]):
                    rest.append(same_words)
                brought[content].append(oid)
            if rest and not (substantive and all(rest)):
                found.add(oid)
        return found

    def _folder(self, tree: str) -> Folder:
        if tree not in self._folders:
            plain: set[Shown] = set()
            embedding = []
            for name, entry in self.objects.folder(tree):
                if entry.mode == FOLDER:
                    below = self._folder(entry.oid)
                    plain |= below.plain
                    embedding += [(f"{name}/{path}", text) for path, text in below.embedding]
                elif entry.regular and name.endswith(".md"):
                    text = self._blobs.document(entry.oid)
                    if text.id and not text.embeds:
                        plain.add((text.id, (text.sha256, ()), text.body_digest))
                    elif text.id:
                        embedding.append((name, text))
            self._folders[tree] = Folder(frozenset(plain), tuple(embedding))
        return self._folders[tree]

    def _embedding(self, tree: str, path: str, text: Document) -> Shown:
        found = []
        for target in text.embeds:
            where = place(path, target)
            entry = self.entry(tree, where) if where and where.startswith("documents/") else None
            if entry is not None and entry.regular:
                found.append((target, self._blobs.digest(entry.oid)))
        return text.id, (text.sha256, tuple(sorted(found))), text.body_digest

    def entry(self, tree: str, path: str) -> Entry | None:
        """What stands at a path of a tree."""
        entry = Entry(FOLDER, tree)
        for name in path.split("/"):
            if entry.mode != FOLDER:
                return None
            found = self._names(entry.oid).get(name)
            if found is None:
                return None
            entry = found
        return None if entry.mode == FOLDER else entry

    def _names(self, tree: str) -> dict[str, Entry]:
        if tree not in self._tables:
            self._tables[tree] = dict(self.objects.folder(tree))
        return self._tables[tree]

    def _note(self, oid: str, here: frozenset[Shown], parents: list[frozenset[Shown]]) -> None:
        new = here.difference(*parents)
        if not new:
            return
        names = {name for name, _, _ in new}
        before = [one for parent in parents for one in parent if one[0] in names]
        had = {(name, content) for name, content, _ in before}
        words = {(name, said, content[1]) for name, content, said in before}
        noted: dict[str, list[tuple[Content, bool]]] = defaultdict(list)
        for name, content, said in new:
            if (name, content) not in had:
                noted[name].append((content, (name, said, content[1]) in words))
        for name in noted:
            self.bringing[name].append(oid)
        self.fresh[oid] = noted

    def _list_embedders(self, tree: str, prefix: str) -> None:
        """Look into every folder that ever stood at a place."""
        if (tree, prefix) in self._listed:
            return
        self._listed.add((tree, prefix))
        for name, entry in self.objects.folder(tree):
            path = prefix + name
            if entry.mode == FOLDER:
                self._list_embedders(entry.oid, f"{path}/")
            elif is_document(path) and entry.regular:
                text = self._blobs.document(entry.oid)
                for target in text.embeds if text.id else ():
                    where = place(path, target)
                    if where:
                        self.embedders[where].add(text.id)
