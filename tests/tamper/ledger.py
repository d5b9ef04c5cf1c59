"""A mainline that never touches a disk: real bytes, real signatures, the product's own reading and folding.

    ledger = Ledger()
    ledger.commit({"isodocs.yml": …, "people.yml": …}, by="max", when="2026-01-05")
    ledger.pushed(1)            # the library of the gate that judges all steps after the first
    ledger.mainline()           # the library of those who read

A commit's name follows from all that it holds, as in git, so a rebuilt history has other names.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from support.gitrepo import seconds

from isodocs.core import lifecycle, reading, status
from isodocs.core.document import is_document
from isodocs.core.history import ABSENT_MODE, Change, Commit, Entry, Identity, Step
from isodocs.core.library import Judged, Library, Push
from isodocs.core.problem import Profile
from isodocs.workspace.evidence import gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isodocs.core.life import Evidence, State

MODE = "100644"
ZEROS = "0" * 40
_ABSENT = Entry(ABSENT_MODE, ZEROS)
_read_document = lru_cache(maxsize=512)(reading.read_document)


@lru_cache(maxsize=65536)
def blob_name(data: bytes) -> str:
    """The name git gives a blob."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Written:
    """One commit as it was made: whose, when, and the whole tree."""

    by: str
    time: int
    tree: Mapping[str, bytes]


@dataclass
class Ledger:
    """A mainline of plain values; every commit stands on the one before."""

    written: list[Written] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)

    @property
    def tree(self) -> Mapping[str, bytes]:
        """The files of the tip."""
        return self.written[-1].tree if self.written else {}

    def commit(
        self, files: Mapping[str, bytes | None], by: str = "max", when: str | int = "2026-02-02"
    ) -> Ledger:
        """One step with these files changed or (None) removed; a day is nine o'clock."""
        moment = seconds(f"{when}T09:00:00Z") if isinstance(when, str) and "T" not in when else seconds(when)
        merged = {**self.tree, **files}
        return self.put(
            Written(by, moment, {path: data for path, data in merged.items() if data is not None})
        )

    def put(self, written: Written) -> Ledger:
        """One step with exactly this tree."""
        changes = tuple(_changes(self.tree, written.tree))
        parents = (self.steps[-1].commit.oid,) if self.steps else ()
        told = repr((parents, written.by, written.time, [(one.path, one.new) for one in changes]))
        who = Identity(written.by.title(), f"{written.by}@ex.org")
        name = hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()
        commit = Commit(name, parents, who, who, written.time, diffs=(changes,))
        self.steps.append(Step(commit, (commit,)))
        self.written.append(written)
        self.blobs.update((blob_name(data), data) for data in written.tree.values())
        return self

    def rebuilt(self, path: str, honest: bytes, instead: bytes) -> Ledger:
        """The same history in which these bytes were others from the start."""
        other = Ledger()
        for one in self.written:
            changed = {path: instead} if one.tree.get(path) == honest else {}
            other.put(Written(one.by, one.time, {**one.tree, **changed}))
        return other

    def copy(self) -> Ledger:
        """The same history, to go on from in another way."""
        return Ledger(list(self.written), list(self.steps), dict(self.blobs))

    # --- what the product makes of it -------------------------------------------------------------

    def evidence(self) -> Evidence:
        """All that stands in the blobs."""
        return gather(self.steps, self._contents)

    def _contents(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((name, self.blobs[name]) for name in names)

    def fold(self, evidence: Evidence, *, root: str | None = None) -> Iterator[State]:
        """S(0), S(1), …: one value, which goes on."""
        state = lifecycle.start(evidence)
        for step in self.steps:
            lifecycle.advance(state, step, evidence, root=root)
            yield state

    def mainline(self, *, root: str | None = None) -> Library:
        """What reading commands look at on the day of the last commit."""
        evidence = self.evidence()
        (*_, state) = self.fold(evidence, root=root)
        return self._library(evidence, state, Judged.MAINLINE)

    def pushed(self, old: int) -> Library:
        """What a gate looks at when all steps after the first ``old`` are pushed."""
        evidence = self.evidence()
        base: State | None = None
        state = lifecycle.start(evidence)
        for number, state in enumerate(self.fold(evidence), 1):
            if number == old:
                base = state.fork()
        held = base.fork(hold_authority=True) if base else None
        if held is not None:
            for step in self.steps[old:]:
                lifecycle.advance(held, step, evidence)
        return self._library(evidence, state, Judged.PUSH, base, held)

    def _library(
        self,
        evidence: Evidence,
        state: State,
        judged: Judged,
        base: State | None = None,
        held: State | None = None,
    ) -> Library:
        authority = (base or state).authority
        assert authority is not None
        moment = max(step.commit.time for step in self.steps)
        old = base.number + 1 if base else 0
        push = Push(
            base.commit if base else None,
            state.commit,
            turned=False,
            commits=tuple(step.commit for step in self.steps[old:]),
        )
        before = self.written[old - 1].tree if base else {}
        return Library(
            judged=judged,
            profile=Profile.RELEASE,
            moment=moment,
            settings=authority.settings,
            register=authority.register,
            state=state,
            evidence=evidence,
            readings={
                path: _read_document(path, data) for path, data in self.tree.items() if is_document(path)
            },
            views={one.id: one for one in status.view(state, evidence, moment)},
            base=base,
            held=held,
            base_views={one.id: one for one in status.view(base, evidence, moment)} if base else {},
            changes=tuple(_changes(before, self.tree)),
            push=push if judged is Judged.PUSH else None,
            commit=state.commit,
        )


def _changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    for path in sorted(before.keys() | after.keys()):
        old, new = (Entry(MODE, blob_name(one[path])) if path in one else _ABSENT for one in (before, after))
        if old != new:
            yield Change(path, old.mode, new.mode, old.oid, new.oid)
