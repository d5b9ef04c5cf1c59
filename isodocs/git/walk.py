"""The mainline as steps: its first-parent chain, and with each commit all that came in with it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from isodocs.core.history import Commit, Step
from isodocs.core.problem import CannotRun
from isodocs.git.complaints import forged
from isodocs.git.delta import require_genuine
from isodocs.git.log import arguments, parse, said
from isodocs.git.mainline import is_ancestor
from isodocs.git.tree import commit_tree
from isodocs.workers import cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from isodocs.git.repository import Repository

FEW = 3  # more questions than these cost more than the whole answer
LONG = 4000
"""Steps from which on ranges of the history are asked for side by side, where there are the cores."""
_MOST = 8  # at a time
_EACH = 8  # ranges for each core, at most
RANGE = 5000  # steps, at least


@dataclass(frozen=True, slots=True)
class Told:
    """The mainline as git told it.

    Attributes:
        steps: from the very first commit of the chain to the tip.
        words: digests of what git told of each commit, by id: to be held against the commits (``hold``).
    """

    steps: list[Step]
    words: Mapping[str, bytes]


def mainline(repository: Repository, tip: str) -> list[Step]:
    """The steps from the very first commit of the chain to ``tip``, a commit id.

    A commit belongs to the first step from which it can be reached. The number of git processes is the same
    for any history.

    Raises:
        Truncated: history is missing.
        CannotRun: git failed.
    """
    found = told(repository, tip)
    hold(repository, found.words)
    commit_tree(repository, tip)  # held against its id
    return found.steps


def told(repository: Repository, tip: str, chain: list[str] | None = None) -> Told:
    """The same, with nothing of it held against the ids yet.

    Args:
        repository: where it lies.
        tip: the id of its newest commit.
        chain: the ids of the first-parent chain that ends there, newest first, where they are known.

    Raises:
        Truncated: history is missing.
        CannotRun: git failed.
    """
    repository.require_complete()
    words: dict[str, bytes] = {}
    chain = list(first_parents(repository, tip)) if chain is None else chain
    if len(chain) < LONG or cores() == 1:
        commits = _commits(repository.stream(*arguments(tip)), words)
    else:
        commits = _by_ranges(repository, chain, words)
    by_id = {commit.oid: commit for commit in commits}
    for missing in sorted({parent for commit in commits for parent in commit.parents} - by_id.keys()):
        raise _missing(missing)
    return Told(_steps(commits, _chain(by_id, tip)), words)


def hold(repository: Repository, words: Mapping[str, bytes]) -> None:
    """Hold what the log told of commits against the commits that their ids stand for; git does not.

    Raises:
        CannotRun: one of them says something else.
    """
    for found in repository.objects(words):
        if _digest(said(found.content)) != words[found.oid]:
            raise forged(found.oid)


def since(repository: Repository, base: str, tip: str) -> list[Step] | None:
    """The steps of the mainline that ends at ``tip`` after its commit ``base``; None if that is not on it.

    Raises:
        Truncated: history is missing.
        CannotRun: git failed.
    """
    if base == tip:
        return []
    commits = between(repository, base, tip)
    by_id = {commit.oid: commit for commit in commits}
    chain = []
    following: str | None = tip
    while following in by_id:
        chain.append(by_id[following])
        following = next(iter(chain[-1].parents), None)
    if following != base:
        return None
    chain.reverse()
    require_genuine(repository, base, tip, (commit.diffs[0] for commit in chain))
    return _steps(commits, chain)


def first_parents(repository: Repository, tip: str) -> Iterator[str]:
    """The ids of the first-parent chain that ends at a commit, from that one backwards."""
    rest = b""
    for chunk in repository.stream("rev-list", "--first-parent", "--end-of-options", tip, "--"):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.decode("ascii", "replace") for line in lines)


def is_on_mainline(repository: Repository, commit: str, tip: str) -> bool:
    """Whether a commit lies on the first-parent chain that ends at another.

    Raises:
        Truncated: history is missing.
    """
    repository.require_complete()
    return commit in first_parents(repository, tip)


def _steps(commits: list[Commit], chain: list[Commit]) -> list[Step]:
    """The steps of a chain, each with the commits that came with it."""
    if len(commits) == len(chain):  # nothing was ever merged
        return [Step(commit, (commit,)) for commit in chain]
    by_id = {commit.oid: commit for commit in commits}
    step_of: dict[str, int] = {}
    for number, commit in enumerate(chain):
        _claim(by_id, step_of, commit.oid, number)
    arrivals: list[list[Commit]] = [[] for _ in chain]
    for commit in commits:
        arrivals[step_of[commit.oid]].append(commit)
    return [Step(commit, tuple(come)) for commit, come in zip(chain, arrivals, strict=True)]


def between(repository: Repository, base: str | None, tip: str) -> list[Commit]:
    """The commits reachable from ``tip`` and not from ``base``, parents first; no base: all of them.

    Raises:
        Truncated: history is missing.
        CannotRun: git failed.
    """
    commits = _read(repository, tip, base)
    return commits if base is None else _without(repository, base, commits)


def _read(repository: Repository, tip: str, base: str | None) -> list[Commit]:
    repository.require_complete()
    words: dict[str, bytes] = {}
    commits = _commits(repository.stream(*arguments(tip, without=base)), words)
    hold(repository, words)
    return commits


def _commits(chunks: Iterable[bytes], words: dict[str, bytes]) -> list[Commit]:
    """The commits of a log, parents first; the digests of their words are put into ``words``."""
    commits = []
    for commit, text in parse(chunks):
        commits.append(commit)
        words[commit.oid] = _digest(text)
    commits.reverse()
    return commits


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()


def _by_ranges(repository: Repository, chain: list[str], words: dict[str, bytes]) -> list[Commit]:
    """All commits that the first of a chain contains, parents first: told in ranges, several at a time."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a short history needs none

    ends = range_ends(chain)

    def told_of(end: str, without: str | None) -> list[Commit]:
        return _commits(repository.stream(*arguments(end, without=without)), words)

    with ThreadPoolExecutor(min(cores(), _MOST)) as threads:
        ranges = list(threads.map(told_of, ends, [*ends[1:], None]))
    commits: dict[str, Commit] = {}
    for one in reversed(ranges):
        for commit in one:  # where dates run backwards, git tells some of them again
            commits.setdefault(commit.oid, commit)
    return list(commits.values())


def range_ends(chain: Sequence[str]) -> list[str]:
    """The newest commits of the ranges in which the history of a chain is told, newest first.

    A long history has more ranges than there are cores: the newest cost most, since their trees are largest.
    """
    side = min(cores(), _MOST)
    number = max(side, min(_EACH * side, len(chain) // RANGE))
    return [chain[place * len(chain) // number] for place in range(number)]


def _without(repository: Repository, base: str, commits: list[Commit]) -> list[Commit]:
    """The commits that ``base`` does not contain.

    git leaves some in where dates run backwards, since it walks by date. If it left any in, the lowest of
    them have no parent in the list; so these few are asked about, and only then all that ``base`` contains.
    """
    listed = {commit.oid for commit in commits}
    lowest = [commit.oid for commit in commits if listed.isdisjoint(commit.parents)]
    if len(lowest) <= FEW and not any(is_ancestor(repository, oid, base) for oid in lowest):
        return commits
    contained = set(repository.run("rev-list", base, "--").decode("ascii").split())
    return [commit for commit in commits if commit.oid not in contained]


def _chain(by_id: dict[str, Commit], tip: str) -> list[Commit]:
    """The first-parent chain that ends at ``tip``, oldest first."""
    chain = []
    following: str | None = tip
    while following is not None:
        if following not in by_id:
            raise _missing(following)
        chain.append(by_id[following])
        following = chain[-1].parents[0] if chain[-1].parents else None
    chain.reverse()
    return chain


def _missing(oid: str) -> CannotRun:
    return CannotRun(f"Commit {oid} is missing from what git log printed; run `git fsck`.")


def _claim(by_id: dict[str, Commit], step_of: dict[str, int], oid: str, number: int) -> None:
    """Give this step every commit that can be reached from ``oid`` and that no earlier step has."""
    waiting = [oid]
    while waiting:
        found = waiting.pop()
        if found in by_id and found not in step_of:
            step_of[found] = number
            waiting.extend(by_id[found].parents)
