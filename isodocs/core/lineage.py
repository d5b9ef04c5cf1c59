"""Who wrote what: the commits behind the steps of the mainline, and the content of a document at each.

A commit *touches* a document when against every parent it changes a file with the document's id, or one that
some version of the document embeds. Only touching commits are ever looked at; trees are never read: what
stands at a path in a commit follows from the changes along its first parents.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from isodocs.core.document import DOCUMENTS, is_document, resolve
from isodocs.core.history import REGULAR_MODES, Change, Commit, Entry, Step
from isodocs.core.statement import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from isodocs.core.document import Document

_NONE: frozenset[str] = frozenset()
Contents = frozenset[tuple[Content, str]]
"""What a document's files are at a commit: content and the folded digest of the body; usually one."""


class Lineage:
    """The commits of all steps of one mainline, indexed for questions about writers.

    Args:
        steps: the mainline from its very first commit on.
        documents: what stands in a blob under ``documents/``, by object name; only Markdown files are asked.
        digests: SHA-256 of any blob under ``documents/``, by object name.
    """

    def __init__(
        self, steps: Sequence[Step], documents: Mapping[str, Document], digests: Mapping[str, str]
    ) -> None:
        self._documents = documents
        self._digests = digests
        self.commits: dict[str, Commit] = {}
        self.step_of: dict[str, int] = {}
        self._main: dict[str, int] = {}
        self._versions: dict[str, tuple[list[int], list[Entry | None]]] = {}
        self._paths: dict[str, set[str]] = {}
        self._embedders: dict[str, set[str]] = {}
        self._touches: dict[str, list[str]] = {}
        self._diffs: dict[str, dict[str, Change]] = {}
        self._answers: dict[tuple[str, int, int, Content | None, bool], list[Commit]] = {}
        for number, step in enumerate(steps):
            self._index_mainline(number, step)
        for commit in self.commits.values():
            self._index_touches(commit)

    def _index_mainline(self, number: int, step: Step) -> None:
        for commit in step.arrivals:
            self.commits[commit.oid] = commit
            self.step_of[commit.oid] = number
            for diff in commit.diffs:
                self._index_documents(diff)
        self._main[step.commit.oid] = number
        for change in step.commit.diffs[0]:
            if change.path.startswith(DOCUMENTS):
                numbers, entries = self._versions.setdefault(change.path, ([], []))
                numbers.append(number)
                entries.append(None if change.removed else Entry(change.new_mode, change.new))

    def _index_documents(self, diff: Iterable[Change]) -> None:
        for change in diff:
            if not is_document(change.path) or change.new_mode not in REGULAR_MODES:
                continue
            document = self._documents.get(change.new)
            if document is None or not document.id:
                continue
            self._paths.setdefault(document.id, set()).add(change.path)
            for target in document.embeds:
                if path := resolve(change.path, target):
                    self._embedders.setdefault(path, set()).add(document.id)

    def _index_touches(self, commit: Commit) -> None:
        touched: set[str] | None = None
        for diff in commit.diffs:
            touched = self._touched(diff) if touched is None else touched & self._touched(diff)
            if not touched:
                return
        for name in touched or ():
            self._touches.setdefault(name, []).append(commit.oid)

    def _touched(self, diff: Iterable[Change]) -> set[str]:
        """The ids whose text or embedded files differ; a clean merge may mix text and picture anew."""
        touched: set[str] = set()
        for change in diff:
            touched |= self._embedders.get(change.path, _NONE)
            if is_document(change.path) and change.new_mode in REGULAR_MODES:
                document = self._documents.get(change.new)
                if document is not None and document.id:
                    touched.add(document.id)
        return touched

    def embedders(self, path: str) -> set[str]:
        """The ids of the documents of which some version embeds the file at ``path``."""
        return self._embedders.get(path, set())

    def entry(self, commit: str | None, path: str) -> Entry | None:
        """What stands at a path in a commit's tree; only paths under ``documents/`` are known."""
        while commit is not None and commit not in self._main:
            change = self._changes(commit).get(path)
            if change is not None:
                return None if change.removed else Entry(change.new_mode, change.new)
            parents = self.commits[commit].parents if commit in self.commits else ()
            commit = parents[0] if parents else None
        if commit is None or path not in self._versions:
            return None
        numbers, entries = self._versions[path]
        found = bisect_right(numbers, self._main[commit])
        return entries[found - 1] if found else None

    def _changes(self, commit: str) -> dict[str, Change]:
        found = self._diffs.get(commit)
        if found is None:
            known = self.commits.get(commit)
            found = {change.path: change for change in known.diffs[0]} if known else {}
            self._diffs[commit] = found
        return found

    def contents(self, commit: str, name: str) -> Contents:
        """The content of the document with this id in the tree of a commit, missing pictures left out."""
        found = set()
        for path in self._paths.get(name, ()):
            entry = self.entry(commit, path)
            document = self._documents.get(entry.oid) if entry and entry.regular else None
            if document is None or document.id != name:
                continue
            content = present_content_of(
                document, path, lambda target: self.entry(commit, target), self._digests
            )
            found.add((content, document.body_digest))
        return frozenset(found)

    def touches(self, name: str, after: int, until: int) -> list[Commit]:
        """The commits that came with the steps ``after + 1`` to ``until`` and touch a document."""
        return [
            self.commits[oid] for oid in self._touches.get(name, ()) if after < self.step_of[oid] <= until
        ]

    def writing(
        self, name: str, after: int, until: int, approved: Content | None, *, substantive: bool
    ) -> list[Commit]:
        """The commits among those that brought content nobody before them had (DESIGN, *Independence*)."""
        question = (name, after, until, approved, substantive)
        if question not in self._answers:  # a statement's check and the approval after it ask the same
            found = self._writing(name, after, until, approved, substantive=substantive)
            self._answers = {question: found}
        return self._answers[question]

    def _writing(
        self, name: str, after: int, until: int, approved: Content | None, *, substantive: bool
    ) -> list[Commit]:
        seen: list[tuple[str, frozenset[Content]]] = []
        found = []
        for commit in self.touches(name, after, until):
            here = self.contents(commit.oid, name)
            at_parents = [self.contents(parent, name) for parent in commit.parents]
            before = {content for contents in at_parents for content, _ in contents}
            fresh = {content for content, _ in here} - before - {approved}
            known = [oid for oid, contents in seen if contents & fresh]
            for ancestor in known:
                if self._is_ancestor(ancestor, commit.oid, after):
                    fresh -= dict(seen)[ancestor]
            # What it merely kept from before the last approval excuses nobody who brings that back.
            seen.append((commit.oid, frozenset(content for content, _ in here) - before))
            if fresh and not (substantive and _same_words(here, fresh, at_parents)):
                found.append(commit)
        return found

    def _is_ancestor(self, ancestor: str, commit: str, after: int) -> bool:
        waiting, visited = [commit], {commit}
        while waiting:
            current = waiting.pop()
            if current == ancestor:
                return True
            known = self.commits.get(current)
            for parent in known.parents if known else ():
                if parent not in visited and self.step_of.get(parent, -1) > after:
                    visited.add(parent)
                    waiting.append(parent)
        return False


def _same_words(here: Contents, fresh: set[Content], at_parents: Sequence[Contents]) -> bool:
    """Whether each new content differs from that of some parent in white space and front matter only."""
    before = {(body, content.embedded) for contents in at_parents for content, body in contents}
    return all((body, content.embedded) in before for content, body in here if content in fresh)


def content_of(
    document: Document, path: str, entry: Callable[[str], Entry | None], digests: Mapping[str, str]
) -> Content | None:
    """The content of a document at a path, or None where a file it embeds is missing or unreadable."""
    found = present_content_of(document, path, entry, digests)
    return found if len(found.embedded) == len(document.embeds) else None


def present_content_of(
    document: Document, path: str, entry: Callable[[str], Entry | None], digests: Mapping[str, str]
) -> Content:
    """The content of a document at a path; missing and unreadable files are left out."""
    embedded = []
    for target in document.embeds:
        place = resolve(path, target)
        found = entry(place) if place else None
        digest = digests.get(found.oid) if found and found.regular else None
        if digest is not None:
            embedded.append((target, digest))
    return Content(document.sha256, tuple(sorted(embedded)))
