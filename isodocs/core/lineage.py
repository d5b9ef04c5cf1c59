"""Who wrote what: the commits behind the steps of the mainline, and the content of a document at each.

A commit *touches* a document when against every parent it changes a file with the document's id, or one that
some version of the document embeds. Only touching commits are ever looked at; trees are not read: what
stands at a path in a commit follows from the changes along its first parents. Where the steps go on from an
earlier state, what came before is asked of that (``Earlier``).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from isodocs.core.document import DOCUMENTS, is_document, resolve
from isodocs.core.history import REGULAR_MODES, Change, Commit, Entry, Step
from isodocs.core.statement import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from isodocs.core.document import Document

_NONE: frozenset[str] = frozenset()
_UNTOUCHED: tuple[Sequence[int], Sequence[Commit]] = (), ()
Contents = frozenset[tuple[Content, str]]
"""What a document's files are at a commit: content and the folded digest of the body; usually one."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A commit that touches a document.

    Attributes:
        commit: the commit; one remembered from an earlier run comes without its changes.
        step: the step of the mainline that brought it.
        here: the document's content in it.
        before: the same in each of its parents.
        brought: digests of the statements that it brings itself; None: see its changes.
        after: the ids of the earlier touches of the document that it grew from; known of remembered ones.
    """

    commit: Commit
    step: int
    here: Contents
    before: tuple[Contents, ...]
    brought: frozenset[str] | None = None
    after: frozenset[str] = frozenset()

    @property
    def oid(self) -> str:
        """The commit's id."""
        return self.commit.oid


class Earlier(Protocol):
    """What is known of the steps before those of a lineage; they end with ``number``."""

    @property
    def number(self) -> int:
        """The last of these steps."""

    def entry(self, commit: str, path: str) -> Entry | None:
        """What stands at a path in one of their commits."""

    def touches(self, name: str) -> tuple[Touch, ...]:
        """Their commits that touch a document and came after its last approval or withdrawal."""

    def places(self, name: str) -> frozenset[str]:
        """Every path at which one of them held the document."""

    def embedders(self, path: str) -> frozenset[str]:
        """The ids of the documents of which one of them held a version that embeds the file at a path."""

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether one of their commits contains another."""


class Lineage:
    """The commits of all steps of one mainline, indexed for questions about writers.

    Args:
        steps: the mainline from its very first commit on, or from the step after ``earlier`` on.
        documents: what stands in a blob under ``documents/``, by object name; only Markdown files are asked.
        digests: SHA-256 of any blob under ``documents/``, by object name.
        earlier: what came before; None where nothing did.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        documents: Mapping[str, Document],
        digests: Mapping[str, str],
        earlier: Earlier | None = None,
    ) -> None:
        self._documents = documents
        self._digests = digests
        self._earlier = earlier
        self.commits: dict[str, Commit] = {}
        self.step_of: dict[str, int] = {}
        self._main: dict[str, int] = {}
        self._versions: dict[str, tuple[list[int], list[Entry | None]]] = {}
        self._paths: dict[str, set[str]] = {}
        self._embedders: dict[str, set[str]] = {}
        self._touches: dict[str, tuple[list[int], list[Commit]]] = {}  # numbers of steps, and commits
        self._diffs: dict[str, dict[str, Change]] = {}
        self._answers: dict[tuple[str, int, int, Content | None, bool], list[Touch]] = {}
        for number, step in enumerate(steps, earlier.number + 1 if earlier else 0):
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
            numbers, commits = self._touches.setdefault(name, ([], []))
            numbers.append(self.step_of[commit.oid])
            commits.append(commit)

    def _touched(self, diff: Iterable[Change]) -> set[str]:
        """The ids whose text or embedded files differ; a clean merge may mix text and picture anew."""
        touched: set[str] = set()
        for change in diff:
            touched |= self._embedders.get(change.path, _NONE)
            if self._earlier is not None:
                touched |= self._earlier.embedders(change.path)
            if is_document(change.path) and change.new_mode in REGULAR_MODES:
                document = self._documents.get(change.new)
                if document is not None and document.id:
                    touched.add(document.id)
        return touched

    def embedders(self, path: str) -> AbstractSet[str]:
        """The ids of the documents of which some version embeds the file at ``path``."""
        known = self._embedders.get(path, _NONE)
        return known | self._earlier.embedders(path) if self._earlier is not None else known

    @property
    def embedded(self) -> Mapping[str, set[str]]:
        """The same for every file that a version which came with these steps embeds."""
        return self._embedders

    @property
    def names(self) -> set[str]:
        """The ids of the documents that these steps touch, or of which they hold files."""
        return self._paths.keys() | self._touches.keys()

    def places(self, name: str) -> frozenset[str]:
        """Every path at which some commit held the document."""
        known = frozenset(self._paths.get(name, _NONE))
        return known | self._earlier.places(name) if self._earlier is not None else known

    def entry(self, commit: str | None, path: str) -> Entry | None:
        """What stands at a path in a commit's tree; only paths under ``documents/`` are known."""
        while commit is not None and commit not in self._main:
            if commit not in self.commits:
                return self._earlier.entry(commit, path) if self._earlier is not None else None
            change = self._changes(commit).get(path)
            if change is not None:
                return None if change.removed else Entry(change.new_mode, change.new)
            parents = self.commits[commit].parents
            commit = parents[0] if parents else None
        return self._on_mainline(self._main[commit], path) if commit is not None else None

    def _on_mainline(self, number: int, path: str) -> Entry | None:
        """What stands at a path after a step."""
        numbers, entries = self._versions.get(path, ([], []))
        found = bisect_right(numbers, number)
        if found:
            return entries[found - 1]
        first = next(iter(self._main))
        before = self.commits[first].parents[:1]
        return self._earlier.entry(before[0], path) if self._earlier is not None and before else None

    def _changes(self, commit: str) -> dict[str, Change]:
        found = self._diffs.get(commit)
        if found is None:
            found = {change.path: change for change in self.commits[commit].diffs[0]}
            self._diffs[commit] = found
        return found

    def contents(self, commit: str, name: str) -> Contents:
        """The content of the document with this id in the tree of a commit, missing pictures left out."""
        found = set()
        for path in self._paths.get(name, _NONE) if self._earlier is None else self.places(name):
            entry = self.entry(commit, path)
            document = self._documents.get(entry.oid) if entry and entry.regular else None
            if document is None or document.id != name:
                continue
            content = present_content_of(
                document, path, lambda target: self.entry(commit, target), self._digests
            )
            found.add((content, document.body_digest))
        return frozenset(found)

    def count(self, name: str, after: int, until: int) -> int:
        """How many of these commits touch a document, of the steps ``after + 1`` to ``until``."""
        numbers, _ = self._touches.get(name, _UNTOUCHED)
        return bisect_right(numbers, until) - bisect_right(numbers, after)

    def touches(self, name: str, after: int, until: int) -> list[Touch]:
        """The commits that changed a document's content, of the steps ``after + 1`` to ``until``."""
        earlier = self._earlier.touches(name) if self._earlier is not None else ()
        found = [one for one in earlier if after < one.step <= until]
        numbers, commits = self._touches.get(name, _UNTOUCHED)
        for place in range(bisect_right(numbers, after), bisect_right(numbers, until)):
            commit = commits[place]
            here = self.contents(commit.oid, name)
            before = tuple(self.contents(parent, name) for parent in commit.parents)
            if here - frozenset().union(*before):  # it may touch what only a later version embeds
                found.append(Touch(commit, numbers[place], here, before))
        return found

    def writing(
        self, name: str, after: int, until: int, approved: Content | None, *, substantive: bool
    ) -> list[Touch]:
        """The commits among those that brought content nobody before them had (DESIGN, *Independence*)."""
        question = (name, after, until, approved, substantive)
        if question not in self._answers:  # a statement's check and the approval after it ask the same
            found = self._writing(name, after, until, approved, substantive=substantive)
            self._answers = {question: found}
        return self._answers[question]

    def _writing(
        self, name: str, after: int, until: int, approved: Content | None, *, substantive: bool
    ) -> list[Touch]:
        seen: list[tuple[Touch, frozenset[Content]]] = []
        found = []
        for touch in self.touches(name, after, until):
            before = {content for contents in touch.before for content, _ in contents}
            fresh = {content for content, _ in touch.here} - before - {approved}
            for earlier, brought in seen:
                if brought & fresh and self.grew_from(touch, earlier, after):
                    fresh -= brought
            # What it merely kept from before the last approval excuses nobody who brings that back.
            seen.append((touch, frozenset(content for content, _ in touch.here) - before))
            if fresh and not (substantive and _same_words(touch.here, fresh, touch.before)):
                found.append(touch)
        return found

    def grew_from(self, touch: Touch, earlier: Touch, after: int) -> bool:
        """Whether a commit contains another, by commits that came with the steps after ``after``."""
        if touch.oid not in self.commits:
            return earlier.oid in touch.after
        old = earlier.oid not in self.commits
        waiting, visited = [touch.oid], {touch.oid}
        while waiting:
            current = waiting.pop()
            if current == earlier.oid:
                return True
            if current in self._main:  # it contains all that came with its step and those before, no more
                if earlier.step <= self._main[current]:
                    return True
                continue
            if current not in self.commits:
                if old and self._earlier is not None and self._earlier.is_ancestor(earlier.oid, current):
                    return True
                continue
            for parent in self.commits[current].parents:
                if parent not in visited and (old or self.step_of.get(parent, -1) > after):
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
    """The content of a document at a path; files that miss, cannot be read or lie elsewhere are left out."""
    embedded = []
    for target in document.embeds:
        place = resolve(path, target)
        found = entry(place) if place and place.startswith(DOCUMENTS) else None
        digest = digests.get(found.oid) if found and found.regular else None
        if digest is not None:
            embedded.append((target, digest))
    return Content(document.sha256, tuple(sorted(embedded)))
