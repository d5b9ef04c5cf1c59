"""The library: all that rules, registers and editions may look at, as one value.

``isodocs.workspace`` makes it. Nothing in it reads files, runs a process or asks the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from isodocs.core import markdown
from isodocs.core.document import FrontMatter, from_parsed, id_in, is_document
from isodocs.core.history import REGULAR_MODES
from isodocs.core.identity import local_day
from isodocs.core.index import Scan
from isodocs.core.tree import is_statement

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from isodocs.core.authority import Register
    from isodocs.core.brief import Brief
    from isodocs.core.document import Document
    from isodocs.core.frontmatter import Parsed
    from isodocs.core.history import Change, Commit, Entry
    from isodocs.core.index import Index
    from isodocs.core.life import Evidence, State
    from isodocs.core.markdown import Outline
    from isodocs.core.problem import Problem, Profile
    from isodocs.core.settings import Settings
    from isodocs.core.shard import Shard
    from isodocs.core.sheet import Sheet
    from isodocs.core.status import DocumentView


Blobs = Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]


def _no_blobs(_digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    return iter(())


class Judged(StrEnum):
    """What is judged, and with how much of its history."""

    SNAPSHOT = "snapshot"
    TREE = "tree"
    INDEX = "index"
    PUSH = "push"
    MERGE = "merge"
    MAINLINE = "mainline"


@dataclass(frozen=True)
class Reading:
    """One Markdown file under ``documents/`` of the judged tree, read in full.

    Attributes:
        path: in the repository.
        sha256: of its bytes.
        parsed: front matter with spans, body, and the problems of reading them.
        front: the front matter as a model; None if it does not fit.
        problems: of reading and of the model, without path.
    """

    path: str
    size: int
    sha256: str
    parsed: Parsed
    front: FrontMatter | None
    problems: tuple[Problem, ...]

    @cached_property
    def document(self) -> Document:
        """The facts; its ``id`` is empty if the file cannot be read as a document."""
        return from_parsed(self.parsed, self.sha256)

    @cached_property
    def id(self) -> str:
        """The ``id`` of these facts."""
        return id_in(self.parsed)

    @cached_property
    def outline(self) -> Outline:
        """Headings, links and pictures of the body."""
        return markdown.outline(self.parsed.body, self.parsed.body_line)


@dataclass(frozen=True, slots=True)
class Push:
    """A judged range of the mainline, from the old tip to the new one.

    Attributes:
        old: the old tip; None for the push that brings the root.
        new: the new tip.
        turned: the old tip is not on the first-parent chain of the new one.
        commits: the mainline commits of the range, oldest first.
        corrected: mainline commits, dated as git has them, whose dates this range begins to correct.
    """

    old: str | None
    new: str
    turned: bool
    commits: tuple[Commit, ...]
    corrected: tuple[Commit, ...] = ()


class Bundles(Protocol):
    """What the sheets of all documents ask of each other, gathered; ``rules.bundles`` makes it."""

    @property
    def paths(self) -> Mapping[str, str]:
        """The first path of each id."""

    def suspects(self, library: Library) -> Collection[str]:
        """The paths of all documents that a rule may report that goes by sheets; sorted."""


@dataclass(frozen=True)
class Library:
    """A QMS at a moment, with the change that is judged.

    Attributes:
        judged: what is judged.
        profile: whose severities apply.
        moment: the clock of the command, in seconds since 1970.
        settings: those that govern: of the base, or of the tree where it is its own root.
        register: likewise.
        defaults: the tree has no settings and is read under built-in ones.
        state: S of the judged tree; for a work tree or index, of a step that is not yet made.
        base: S before the judged change; None where the judged tree is its own root.
        held: for a push, S of the new tip with authority held at the old one.
        evidence: what stands in the blobs.
        readings: every document file of the judged tree, by path.
        texts: settings, register and statements of the judged tree that could not be read, as problems.
        changes: what differs between the base's tree and the judged one.
        push: the range, if a push is judged.
        views: status of every document at ``moment``, by id.
        base_views: the same for the base at the same moment.
        branch: the branch that is checked out, if one is.
        notes: sentences the user should know, such as that built-in settings are used.
        blobs: gives the bytes of files by their SHA-256, for what publishes or shows; no rule calls it.
        indexes: makes what rules look up instead of going through everything, where it is kept somewhere.
        sheets: what rules ask of each of the ``readings``, by path, where that is kept somewhere.
        share: the part that is judged here, where several machines judge together.
        listing: the judged tree, where ``state`` was folded without what belongs to other parts.
        narrow: a change is judged by those who want to know only whether it may go in.
        bundles: what these sheets ask of each other, gathered, where that is kept somewhere.
        briefs: gives the brief of every id of the base, or of ``state`` where there is none, where they are
            kept somewhere; None if they are not.
        grounds: gives for every id what its view follows from beside the moment, as a text that names it and
            nothing else, where that is kept somewhere; None if it is not.
    """

    judged: Judged
    profile: Profile
    moment: int
    settings: Settings
    register: Register
    state: State
    evidence: Evidence
    readings: Mapping[str, Reading]
    views: Mapping[str, DocumentView]
    base: State | None = None
    held: State | None = None
    base_views: Mapping[str, DocumentView] = field(default_factory=dict)
    texts: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    push: Push | None = None
    defaults: bool = False
    branch: str | None = None
    commit: str | None = None
    notes: tuple[str, ...] = ()
    blobs: Blobs = field(default=_no_blobs)
    indexes: Callable[[Library], Index | None] | None = None
    sheets: Mapping[str, Sheet] | None = None
    share: Shard | None = None
    listing: Mapping[str, Entry] | None = None
    narrow: bool = False
    bundles: Bundles | None = None
    briefs: Callable[[], Mapping[str, Brief] | None] | None = None
    grounds: Callable[[], Mapping[str, str] | None] | None = None

    @cached_property
    def index(self) -> Index:
        """What rules look up instead of going through everything."""
        known = self.indexes(self) if self.indexes is not None else None
        if self.share is not None:
            from isodocs.core.part import Part  # noqa: PLC0415 - a hook judges no part

            return Part(self, self.share, known)
        return known or Scan(self)

    @cached_property
    def today(self) -> date:
        """The day of ``moment`` in the company's time zone."""
        return local_day(self.moment, self.settings.timezone)

    @property
    def files(self) -> Mapping[str, Entry]:
        """The judged tree."""
        return self.state.tree.files if self.listing is None else self.listing

    def judges(self, name: str) -> bool:
        """Whether a document is judged here, and not by another machine."""
        return self.share is None or self.share.has(name)

    @cached_property
    def whole(self) -> bool:
        """Whether everything is judged, not only a change: also by ``check`` in the mainline's work tree."""
        by_hand = self.judged is Judged.TREE and self.branch == self.settings.mainline
        return by_hand or self.base is None or self.judged in {Judged.SNAPSHOT, Judged.MAINLINE}

    @property
    def hook(self) -> bool:
        """Whether only a change is judged, in passing: then nothing goes through the whole library."""
        return self.judged in {Judged.INDEX, Judged.TREE} and not self.whole

    @property
    def touched_only(self) -> bool:
        """Whether no document is read but what the change touches: in a hook, and at a server's gate.

        Of others only that is told which the index knows of.
        """
        return self.hook or (self.narrow and not self.whole)

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Reading, ...]]:
        """The readable documents of the judged tree by id; more than one is a fault."""
        found: dict[str, tuple[Reading, ...]] = {}
        for path in sorted(self.readings):
            reading = self.readings[path]
            if reading.id:
                found[reading.id] = (*found.get(reading.id, ()), reading)
        return found

    @cached_property
    def touched(self) -> frozenset[str]:
        """The ids that the change touches: text, embedded files, statements, place."""
        names: set[str] = set()
        for change in self.changes:
            names |= self.evidence.lineage.embedders(change.path)
            for oid in _ordinary(change):
                document = self.evidence.documents.get(oid) if is_document(change.path) else None
                if document is not None and document.id:
                    names.add(document.id)
                reading = self.evidence.statements.get(oid) if is_statement(change.path) else None
                if reading is not None and reading.statement is not None and reading.statement.id:
                    names.add(reading.statement.id)
        return frozenset(names)

    @cached_property
    def touched_paths(self) -> frozenset[str]:
        """The paths that the change touches."""
        return frozenset(change.path for change in self.changes)

    def blocks(self, problem: Problem) -> bool:
        """Whether the problem lies in what the change touches, or everything is judged."""
        if self.whole:
            return True
        return problem.id in self.touched or problem.path in self.touched_paths


def _ordinary(change: Change) -> list[str]:
    """The object names of the ordinary files before and after a change."""
    sides = ((change.old_mode, change.old), (change.new_mode, change.new))
    return [oid for mode, oid in sides if mode in REGULAR_MODES]
