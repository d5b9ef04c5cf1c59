"""What the product says of a history, asked through its most public functions, in words of the tests' own.

All that these tests know of the product's inside is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from history.brute import Content, Difference

from isodocs.core.statement import Content as Signed
from isodocs.core.tree import TreeIndex
from isodocs.core.writing import writers
from isodocs.git.repository import Repository
from isodocs.git.walk import between, mainline
from isodocs.workspace.folding import Question, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from history.objects import Entry

    from isodocs.core.history import Change, Commit
    from isodocs.core.life import State
    from isodocs.workspace.folding import Folded


MOST_TOUCHES = "isodocs.core.dossier.MOST_TOUCHES"
"""How many commits are kept of a document that was never approved; with more, history is folded anew."""


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
    """What the fold says after a step.

    ``drafts`` are the people who wrote what stands in the tree since the last approval or withdrawal, and
    whether a commit hides a branch; of documents in one file.
    """

    number: int
    time: int | None
    files: dict[str, tuple[str, str]]
    paths: dict[str, frozenset[str]]
    contents: dict[str, Content | None]
    approvals: dict[str, tuple[Approved, ...]]
    withdrawals: dict[str, tuple[tuple[int, frozenset[str]], ...]]
    verdicts: dict[str, tuple[str, int, bool]]
    adopted: tuple[int, ...]
    drafts: dict[str, tuple[tuple[str, ...], bool]]


@dataclass
class Answer:
    """The fold up to a tip.

    Attributes:
        first: how many steps lie before those that were folded now; ``chain`` are the commits of these.
        end: what it says after the last step; ``at``: after the steps it was asked for.
        embedders: the ids of the documents of which some version embeds the file at a path.
    """

    first: int
    chain: list[str]
    end: At
    at: dict[str, At]
    embedders: Callable[[str], set[str]]


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
) -> Iterator[Answer]:
    """Fold up to one tip after the other, in the same repository, as one command after the other would.

    What one of them leaves behind, the next may use. ``keep`` are commits of the mainline, the first of them
    the lowest, after whose steps the fold shall also say what it knows.
    """
    for tip in tips:
        yield _answer(fold(Question(opened(path, env), tip, keep=tuple(keep))))


def processes(path: Path, tip: str, env: Mapping[str, str] | None = None) -> int:
    """How many git processes it takes to fold up to a tip, after what earlier runs left behind."""
    repository = opened(path, env)
    before = repository.processes
    fold(Question(repository, tip))
    return repository.processes - before


def anew(path: Path, tip: str, env: Mapping[str, str] | None = None, *, keep: Iterable[str] = ()) -> Answer:
    """Fold the whole history from its beginning, whatever an earlier run left behind."""
    return _answer(fold(Question(opened(path, env), tip, keep=tuple(keep), whole=True)))


def _answer(found: Folded) -> Answer:
    return Answer(
        first=found.first,
        chain=[step.commit.oid for step in found.steps],
        end=_at(found.state, found),
        at={oid: _at(state, found) for oid, state in found.at.items()},
        embedders=lambda path: set(found.evidence.lineage.embedders(path)),
    )


def touched(repository: Repository, tip: str) -> list[tuple[str, set[str]]]:
    """For each step the ids that the fold looks at again."""
    found = fold(Question(repository, tip, whole=True))
    tree = TreeIndex(found.evidence.documents, found.evidence.statements)
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
        drafts=_drafts(state, found),
    )


def _drafts(state: State, found: Folded) -> dict[str, tuple[tuple[str, ...], bool]]:
    drafts = {}
    for name in state.tree.paths if state.authority else ():
        if state.tree.find(name):
            content = state.tree.content(name, found.evidence.digests) or Signed(None)
            assert state.authority
            who = writers(state, name, state.life(name), content, state.authority, found.evidence)
            drafts[name] = (tuple(sorted(who.people)), who.carried)
    return drafts


class History:
    """The fold of a long history, asked about single documents.

    Args:
        path: of the repository.
        tip: where the mainline ends.
        env: of every git process.
        keep: the commits after whose step files and contents are wanted.
        earlier: tips up to which it is folded before, so that the last fold goes on from there; without
            them, the whole history is folded, and nothing is left behind.
    """

    def __init__(
        self,
        path: Path,
        tip: str,
        env: Mapping[str, str],
        keep: Iterable[str] = (),
        earlier: Iterable[str] = (),
    ) -> None:
        before = [fold(Question(opened(path, env), one)).first for one in earlier]
        alone = {} if before else {"ISODOCS_NO_CACHE": "1"}
        question = Question(opened(path, {**env, **alone}), tip, keep=tuple(keep), whole=not before)
        self._folded = fold(question)
        self._lineage = self._folded.evidence.lineage

    @property
    def first(self) -> int:
        """How many steps lie before those that were folded at last."""
        return self._folded.first

    @property
    def alone(self) -> set[str]:
        """The ids that one file has at the end; of others nobody can be asked who wrote them."""
        tree = self._folded.state.tree
        return {name for name in tree.paths if tree.find(name)}

    def at(self, commit: str) -> At:
        """What the fold says after the step of a commit."""
        last = self._folded.state
        return _at(last if commit == last.commit else self._folded.at[commit], self._folded)

    def embedders(self, path: str) -> set[str]:
        """The ids of the documents of which some version embeds the file at a path."""
        return set(self._lineage.embedders(path))

    def bringing(self, name: str) -> set[str]:
        """All commits that hold a content of a document that none of their parents has."""
        return {touch.oid for touch in self._lineage.touches(name, -1, self._folded.state.number)}

    def writing(
        self, name: str, after: int, until: int, approved: Content | None, *, substantive: bool
    ) -> set[str]:
        """The commits of the steps ``after + 1`` to ``until`` that write a document."""
        signed = Signed(*approved) if approved else None
        found = self._lineage.writing(name, after, until, signed, substantive=substantive)
        return {touch.oid for touch in found}

    def writers(self, name: str) -> set[str]:
        """The people who wrote a document since the beginning, by the register at the end."""
        state, evidence = self._folded.state, self._folded.evidence
        assert state.authority is not None
        nothing = Signed(None)
        return set(writers(state, name, state.life(name), nothing, state.authority, evidence).people)
