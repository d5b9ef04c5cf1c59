"""What happens in the repository, in order: drawn from the seed before any text is written.

Texts and signatures follow from the plan alone, so that they can be made document by document, side by side.
"""

from __future__ import annotations

import posixpath
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from benchmarks.generator.company import MANAGER, OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.generator.company import Company
    from benchmarks.generator.shape import Shape

START = int(datetime(2020, 1, 6, 8, tzinfo=UTC).timestamp())
STEP = 600
LAG = 5  # from how many commits back a branch may start


class Way(Enum):
    """How something reaches the mainline."""

    SQUASH = "squash"
    MERGE = "merge"
    CROSSED = "crossed"  # as a merge, after it and the next one have merged each other
    MOVE = "move"
    DRAFT = "draft"  # not at all: it stays on its branch


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens to one document.

    Attributes:
        document: from 0.
        revision: from 1; that of a move is the one moved.
        way: how it reaches the mainline.
        time: of its first commit, in seconds; the next ones follow a step later each.
        path: where the text lies then.
        before: where it lay, where that is elsewhere.
        link: the path of the document that the text links to, from this one.
        rewrite: whether the text is all new.
        people: who wrote it, and who approved it as owner and as manager.
        back: how many commits of the mainline before the newest one its branch starts.
    """

    document: int
    revision: int
    way: Way
    time: int
    path: str
    before: str = ""
    link: str = ""
    rewrite: bool = False
    people: tuple[str, str, str] = ("", "", "")
    back: int = 0

    @property
    def id(self) -> str:
        """The document's id."""
        return name(self.document)


def name(document: int) -> str:
    """The id of a document."""
    return f"SOP-{document + 1:05d}"


def has(share: float, what: str, document: int, seed: int) -> bool:
    """Whether a document is of the share that has something."""
    return random.Random(f"{seed}/{what}/{document}").random() < share  # noqa: S311 - no secret


def picture(path: str) -> str:
    """Where the picture of the document at a path lies."""
    folder, file = posixpath.split(path)
    return f"{folder}/img/{file[:9]}.png"


@dataclass
class _Planner:
    """Draws acts; knows where each document lies, and when it was last touched."""

    shape: Shape
    company: Company
    chance: random.Random
    clock: int = START
    commits: int = 0
    paths: dict[int, str] = field(default_factory=dict)
    touched: dict[int, int] = field(default_factory=dict)

    def acts(self) -> Iterator[Act]:
        turns = [number for number in range(self.shape.documents) for _ in range(self.shape.revisions)]
        self.chance.shuffle(turns)
        revisions = dict.fromkeys(range(self.shape.documents), 0)
        crossing = -1
        for place, document in enumerate(turns):
            revisions[document] += 1
            following = turns[place + 1] if place + 1 < len(turns) else document
            crossed = crossing == place - 1 >= 0
            way = Way.MERGE if crossed else self._way(document != following)
            crossing = place if way is Way.CROSSED else -1
            yield self._revision(document, revisions[document], way, together=crossed)
            if not crossed and way is not Way.CROSSED and self._draw(self.shape.moves):
                yield self._move(document, revisions[document])
        for document in range(self.shape.documents):
            if has(self.shape.drafts, "draft", document, self.shape.seed):
                yield self._revision(document, revisions[document] + 1, Way.DRAFT)

    def _draw(self, share: float) -> bool:
        return self.chance.random() < share

    def _way(self, another: bool) -> Way:  # noqa: FBT001 - one question's answer
        if not self._draw(self.shape.merges):
            return Way.SQUASH
        return Way.CROSSED if another and self._draw(self.shape.criss_cross) else Way.MERGE

    def _revision(self, document: int, revision: int, way: Way, *, together: bool = False) -> Act:
        before = self._path(document)
        later = revision > 1
        if later and way is not Way.DRAFT and self._draw(self.shape.renames):
            self.paths[document] = f"{posixpath.dirname(before)}/{name(document)}-renamed-{revision}.md"
        path = self._path(document)
        other = (document * 7 + 1) % self.shape.documents
        act = Act(
            document=document,
            revision=revision,
            way=way,
            time=self.clock + STEP,
            path=path,
            before=before if before != path else "",
            link=posixpath.relpath(self._path(other), posixpath.dirname(path)),
            rewrite=not later or self._draw(self.shape.rewrites),
            people=(
                self.company.pick(None, self.chance),
                self.company.pick(OWNER, self.chance),
                self.company.pick(MANAGER, self.chance),
            ),
            back=self._back(document, way, together=together),
        )
        self.clock += STEP * (1 if way in {Way.SQUASH, Way.DRAFT} else 5)
        if way is not Way.DRAFT:
            self._landed(document)
        return act

    def _back(self, document: int, way: Way, *, together: bool) -> int:
        """A branch starts where its document is as it stands now; one that crosses another, at the tip."""
        if way is not Way.MERGE or together:
            return 0
        return min(self.chance.randint(0, LAG), self.commits - self.touched.get(document, 0))

    def _move(self, document: int, revision: int) -> Act:
        before = self._path(document)
        folder = f"documents/moved{self.chance.randrange(self.shape.sections)}"
        if posixpath.dirname(before) == folder:
            folder = f"{folder}/further"
        self.paths[document] = path = f"{folder}/{posixpath.basename(before)}"
        self.clock += STEP
        self._landed(document)
        return Act(document, revision, Way.MOVE, self.clock, path, before)

    def _landed(self, document: int) -> None:
        self.commits += 1
        self.touched[document] = self.commits

    def _path(self, document: int) -> str:
        first = f"documents/s{document % self.shape.sections}/{name(document)}-procedure.md"
        return self.paths.get(document, first)


def plan(shape: Shape, company: Company) -> Iterator[Act]:
    """All acts, in the order in which they reach the mainline; drafts last."""
    chance = random.Random(shape.seed)  # noqa: S311 - no secret
    return _Planner(shape, company, chance).acts()
