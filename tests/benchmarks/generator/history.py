"""Commits: what was planned, on the mainline and on branches."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.generator.pack import BLOB, COMMIT, packed
from benchmarks.generator.plan import LAG, START, STEP, Way, picture
from benchmarks.generator.tree import Folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from benchmarks.generator.company import Company
    from benchmarks.generator.contents import Filed
    from benchmarks.generator.pack import Pack
    from benchmarks.generator.plan import Act

Files = dict[bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and its tree."""

    oid: bytes
    tree: Folder


class History:
    """Puts acts into commits, in their order.

    Attributes:
        branches: the tips of the drafts' branches, by their names.
    """

    def __init__(self, company: Company, filed: Mapping[int, Mapping[int, Filed]], pack: Pack) -> None:
        self._people = company.people
        self._filed = filed
        self._pack = pack
        self._crossing: list[tuple[Act, Commit]] = []
        self._lying: dict[int, dict[str, bytes]] = {}
        self.branches: dict[str, str] = {}
        files: Files = {}
        for path, data in (("isodocs.yml", company.settings), ("people.yml", company.register)):
            blob = packed(BLOB, data)
            pack.add(blob)
            files[path.encode()] = blob.oid
        self._mainline: deque[Commit] = deque(maxlen=LAG + 1)
        self._land(self._commit("max", START, "Settings and people", Folder().with_files(files, pack)))

    @property
    def tip(self) -> str:
        """The newest commit of the mainline."""
        return self._mainline[-1].oid.hex()

    def play(self, acts: Iterable[Act]) -> None:
        """Put all of them into commits."""
        for act in acts:
            match act.way:
                case Way.SQUASH:
                    self._squash(act)
                case Way.MOVE:
                    self._move(act)
                case Way.DRAFT:
                    self._draft(act)
                case Way.CROSSED:
                    self._crossing.append((act, self._branch(act)))
                case Way.MERGE if self._crossing:
                    self._crossed(act)
                case Way.MERGE:
                    self._merge(act, self._branch(act), act.time + 4 * STEP, self._files(act))

    def _squash(self, act: Act) -> None:
        files = {**self._text(act), **self._approvals(act)}
        tree = self._mainline[-1].tree.with_files(files, self._pack)
        self._land(self._commit(act.people[0], act.time, _subject(act), tree, self._mainline[-1]))

    def _move(self, act: Act) -> None:
        """The text, and its picture, as they are; the commit of somebody who writes nothing."""
        old, new = act.before, act.path
        places = {old: new, picture(old): picture(new)}
        files: Files = {}
        lying = self._lying[act.document]
        self._lying[act.document] = {places[path]: oid for path, oid in lying.items()}
        for path, oid in lying.items():
            files[path.encode()] = None
            files[places[path].encode()] = oid
        tree = self._mainline[-1].tree.with_files(files, self._pack)
        self._land(self._commit("max", act.time, f"Move {act.id}", tree, self._mainline[-1]))

    def _branch(self, act: Act) -> Commit:
        """A branch of three commits: the text, and what each approver adds."""
        start = self._mainline[-1 - act.back]
        tree = start.tree.with_files(self._text(act), self._pack)
        tip = self._commit(act.people[0], act.time, _subject(act), tree, start)
        for number, (person, files) in enumerate(self._each_approval(act), 1):
            tree = tip.tree.with_files(files, self._pack)
            tip = self._commit(person, act.time + number * STEP, f"Approve {_subject(act)}", tree, tip)
        return tip

    def _merge(self, act: Act, side: Commit, time: int, files: Files) -> None:
        main = self._mainline[-1]
        tree = main.tree.with_files(files, self._pack)
        self._land(self._commit(act.people[2], time, f"Merge {_subject(act)}", tree, main, side))

    def _crossed(self, act: Act) -> None:
        """Two branches that merged each other, and then go to the mainline one after the other."""
        other, first = self._crossing.pop()
        second = self._branch(act)
        time = act.time + 3 * STEP
        both = {**self._files(other), **self._files(act)}
        ours, theirs = (
            self._commit(one.people[0], time, f"Merge the other branch into {_subject(one)}", tree, *parents)
            for one, tree, parents in (
                (other, first.tree.with_files(both, self._pack), (first, second)),
                (act, second.tree.with_files(both, self._pack), (second, first)),
            )
        )
        self._merge(other, ours, time + STEP // 2, both)
        self._merge(act, theirs, time + STEP, {})

    def _draft(self, act: Act) -> None:
        main = self._mainline[-1]
        tree = main.tree.with_files(self._text(act), self._pack)
        commit = self._commit(act.people[0], act.time, f"{_subject(act)}, a draft", tree, main)
        self.branches[f"refs/heads/draft/{act.id}"] = commit.oid.hex()

    def _text(self, act: Act) -> Files:
        """The text, where it lies now; what lay there before goes."""
        found: Files = {}
        if act.before:
            found[act.before.encode()] = None
        filed = self._filed[act.document][act.revision].text
        found.update((path.encode(), oid) for path, oid in filed.items())
        if act.way is not Way.DRAFT:
            self._lying[act.document] = filed
        return found

    def _files(self, act: Act) -> Files:
        return {**self._text(act), **self._approvals(act)}

    def _approvals(self, act: Act) -> Files:
        return {path: oid for _, files in self._each_approval(act) for path, oid in files.items()}

    def _each_approval(self, act: Act) -> Iterator[tuple[str, Files]]:
        filed = self._filed[act.document][act.revision].approvals
        for person, files in zip(act.people[1:], filed, strict=True):
            yield person, {path.encode(): oid for path, oid in files.items()}

    def _land(self, commit: Commit) -> None:
        self._mainline.append(commit)

    def _commit(self, person: str, time: int, subject: str, tree: Folder, *parents: Commit) -> Commit:
        assert tree.written is not None
        who = f"{self._people[person].ident} {time} +0000"
        lines = [
            f"tree {tree.written.oid.hex()}",
            *(f"parent {parent.oid.hex()}" for parent in parents),
            f"author {who}",
            f"committer {who}",
            "",
            subject,
            "",
        ]
        written = packed(COMMIT, "\n".join(lines).encode())
        self._pack.add(written)
        return Commit(written.oid, tree)


def _subject(act: Act) -> str:
    return f"{act.id} revision {act.revision}"
