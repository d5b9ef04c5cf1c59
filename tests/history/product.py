"""What the product says of a history, asked through its most public functions, in words of the tests' own.

All that these tests know of the product's inside is here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from history.brute import Content, Difference

from isodocs.core.statement import Content as Signed
from isodocs.core.writing import writers
from isodocs.git.repository import Repository
from isodocs.git.walk import between, mainline
from isodocs.workspace.mainline import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from history.objects import Entry

    from isodocs.core.history import Change, Commit
    from isodocs.core.life import State
    from isodocs.workspace.mainline import Folded


@dataclass(frozen=True)
class Told:
    """What the walk says of a commit: addresses, and for each parent what differs from it."""

    parents: tuple[str, ...]
    author: str
    committer: str
    time: int
    helpers: tuple[str, ...]
    diffs: tuple[tuple[Difference, ...], ...]


@dataclass(frozen=True)
class Approved:
    """What the fold says of an approval."""

    revision: str
    content: Content
    path: str
    step: int
    writers: tuple[str, ...]
    carried: bool


@dataclass
class At:
    """What the fold says after a step."""

    number: int
    time: int | None
    files: dict[str, tuple[str, str]]
    paths: dict[str, frozenset[str]]
    contents: dict[str, Content | None]
    approvals: dict[str, tuple[Approved, ...]]
    withdrawals: dict[str, tuple[tuple[int, frozenset[str]], ...]]
    verdicts: dict[str, tuple[str, int, bool]]
    adopted: tuple[int, ...]


@dataclass
class Answer:
    """The fold up to a tip: its chain, and what it says at its end and after the steps it was asked for."""

    chain: list[str]
    end: At
    at: dict[str, At] = field(default_factory=dict)
    embedders: dict[str, frozenset[str]] = field(default_factory=dict)


def opened(path: Path, env: Mapping[str, str] | None = None) -> Repository:
    """The repository, as a command opens it."""
    return Repository.open(path, env)


def walked(repository: Repository, tip: str) -> list[tuple[str, list[tuple[str, Told]]]]:
    """The steps of the mainline, each with its arrivals in the product's order."""
    return [(step.commit.oid, _told(step.arrivals)) for step in mainline(repository, tip)]


def pushed(repository: Repository, base: str | None, tip: str) -> list[tuple[str, Told]]:
    """The commits of a range in the product's order."""
    return _told(between(repository, base, tip))


def folded(
    path: Path, tips: Sequence[str], env: Mapping[str, str] | None = None, *, keep: Iterable[str] = ()
) -> list[Answer]:
    """Fold up to one tip after the other, in the same repository, as one command after the other would.

    ``keep`` are commits after whose step it shall also say what it knows; a fold that continues from a
    cache need not know of those before.
    """
    wanted, answers = set(keep), []
    for tip in tips:
        found = fold(opened(path, env), tip, None, keep=wanted)
        at = {oid: _at(state, found) for oid, state in found.at.items()}
        chain = [step.commit.oid for step in found.steps]
        answers.append(Answer(chain, _at(found.state, found), at, _embedders(found)))
    return answers


def touched(repository: Repository, tip: str) -> list[tuple[str, set[str]]]:
    """For each step the ids that the fold looks at again."""
    found = fold(repository, tip, None)
    tree = found.state.tree.fork()
    for table in (tree.files, tree.paths, tree.statements, tree.about):
        table.clear()
    names = []
    for step in found.steps:
        changes = step.commit.diffs[0]
        looked_at = tree.apply(changes)
        for change in changes:
            looked_at |= found.evidence.lineage.embedders(change.path)
        names.append((step.commit.oid, looked_at))
    return names


def plain(entries: Mapping[str, Entry]) -> dict[str, tuple[str, str]]:
    """Files as both sides can compare them."""
    return {path: (entry.mode, entry.oid) for path, entry in entries.items()}


def _told(commits: Iterable[Commit]) -> list[tuple[str, Told]]:
    return [(commit.oid, _commit(commit)) for commit in commits]


def _commit(commit: Commit) -> Told:
    return Told(
        commit.parents,
        commit.author.email,
        commit.committer.email,
        commit.time,
        tuple(one.email for one in commit.coauthors),
        tuple(tuple(_difference(change) for change in diff) for diff in commit.diffs),
    )


def _difference(change: Change) -> Difference:
    return Difference(change.path, change.old_mode, change.new_mode, change.old, change.new)


def _content(content: Signed | None) -> Content | None:
    return None if content is None or content.document is None else (content.document, content.embedded)


def _at(state: State, found: Folded) -> At:
    tree = state.tree
    approvals = {}
    withdrawals = {}
    for name, life in state.lives.items():
        if life.approvals:
            approvals[name] = tuple(
                Approved(
                    one.revision,
                    (one.content.document or "", one.content.embedded),
                    one.path,
                    one.step,
                    tuple(sorted(one.seen_writers)),
                    one.carried,
                )
                for one in life.approvals
            )
        if life.withdrawals:
            withdrawals[name] = tuple((one.step, one.statements) for one in life.withdrawals)
    return At(
        number=state.number,
        time=state.time if state.root else None,
        files={path: (entry.mode, entry.oid) for path, entry in tree.files.items()},
        paths=dict(tree.paths),
        contents={name: _content(tree.content(name, found.evidence.digests)) for name in tree.paths},
        approvals=approvals,
        withdrawals=withdrawals,
        verdicts={sha: (one.code, one.step, one.weak) for sha, one in state.judged.items()},
        adopted=tuple(one.step for one in state.adoptions),
    )


def _embedders(found: Folded) -> dict[str, frozenset[str]]:
    lineage = found.evidence.lineage
    paths = {
        path
        for step in found.steps
        for commit in step.arrivals
        for diff in commit.diffs
        for path in _paths(diff)
    }
    return {path: frozenset(names) for path in paths if (names := lineage.embedders(path))}


def _paths(diff: Iterable[Change]) -> Iterable[str]:
    return (change.path for change in diff)


class History:
    """The fold of a long history, asked about single documents.

    Args:
        path: of the repository.
        tip: where the mainline ends.
        env: of every git process.
        keep: the commits after whose step files and contents are wanted.
    """

    def __init__(self, path: Path, tip: str, env: Mapping[str, str], keep: Iterable[str]) -> None:
        self._folded = fold(opened(path, env), tip, None, keep=keep)
        self._lineage = self._folded.evidence.lineage

    @property
    def alone(self) -> set[str]:
        """The ids that one file has at the end; of others nobody can be asked who wrote them."""
        tree = self._folded.state.tree
        return {name for name in tree.paths if tree.find(name)}

    def at(self, commit: str) -> At:
        """What the fold says after the step of a commit."""
        return _at(self._folded.at[commit], self._folded)

    def embedders(self, path: str) -> set[str]:
        """The ids of the documents of which some version embeds the file at a path."""
        return set(self._lineage.embedders(path))

    def touching(self, name: str) -> set[str]:
        """All commits that touch a document."""
        return {commit.oid for commit in self._lineage.touches(name, -1, len(self._folded.steps))}

    def writing(
        self, name: str, after: int, until: int, approved: Content | None, *, substantive: bool
    ) -> set[str]:
        """The commits of the steps ``after + 1`` to ``until`` that write a document."""
        signed = Signed(*approved) if approved else None
        found = self._lineage.writing(name, after, until, signed, substantive=substantive)
        return {commit.oid for commit in found}

    def writers(self, name: str) -> set[str]:
        """The people who wrote a document since the beginning, by the register at the end."""
        state, evidence = self._folded.state, self._folded.evidence
        assert state.authority is not None
        nothing = Signed(None)
        return set(writers(state, name, state.life(name), nothing, state.authority, evidence).people)
