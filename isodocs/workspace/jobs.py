"""Work on a long history that is done side by side, each job by a process with a repository of its own."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from isodocs.core import document
from isodocs.core.document import Document
from isodocs.core.statement import sha256
from isodocs.git import walk
from isodocs.git.tree import hold_tree
from isodocs.workers import meanwhile, shared_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from isodocs.git.repository import Repository

    Job = Callable[[Repository], Any]

_AT_ONCE: Final = 5000  # objects that are worth a process
_CHUNKS: Final = 16  # however many objects there are: git is not started more often for a longer history
_FACTS = attrgetter(*Document.__slots__)


def done(repository: Repository, jobs: Sequence[Job]) -> Iterator[Any]:
    """What jobs give, in order.

    Raises:
        GivenUp: a process died.
    """
    for result, processes in shared_out(_doing(repository, jobs), range(len(jobs))):
        repository.processes += processes
        yield result


def read(repository: Repository, oids: Sequence[str]) -> Iterator[tuple[str, Document]]:
    """The facts of documents, by object name; raises as ``done`` does."""
    for found in done(repository, [_reading(some) for some in chunks(oids)]):
        for oid, facts in found:
            yield oid, Document(*map(_shared, facts))


def digested(repository: Repository, oids: Sequence[str]) -> dict[str, str]:
    """The SHA-256 of blobs, by object name; raises as ``done`` does."""
    found = done(repository, [_digesting(some) for some in chunks(oids)])
    return {oid: digest for some in found for oid, digest in some}


@contextmanager
def held(repository: Repository, words: Mapping[str, bytes], tip: str) -> Iterator[None]:
    """Hold what git told (``walk.told``) against the ids of the commits, beside what stands in the ``with``.

    Raises:
        CannotRun: one of them says something else.
        GivenUp: a process died.
    """
    jobs: list[Job] = [lambda own: hold_tree(own, tip)]
    jobs += [_holding(dict(some)) for some in chunks(list(words.items()))]
    with meanwhile(_doing(repository, jobs), range(len(jobs))) as found:
        yield
    repository.processes += sum(processes for _, processes in found)


def chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The items in a few runs of about the same length."""
    size = max(_AT_ONCE, -(-len(items) // _CHUNKS))
    return (items[start : start + size] for start in range(0, len(items), size))


def _doing(repository: Repository, jobs: Sequence[Job]) -> Callable[[int], tuple[Any, int]]:
    """What does the job of a number, and counts the git processes that it takes."""

    def work(number: int) -> tuple[Any, int]:
        own = _twin(repository)
        return jobs[number](own), own.processes

    return work


def _twin(repository: Repository) -> Repository:
    """The same repository for another process, which starts git for itself."""
    twin = copy.copy(repository)
    twin.processes, twin.trees = 0, {}
    vars(twin).pop("asking", None)  # it counts for its own repository
    return twin


def _holding(words: dict[str, bytes]) -> Job:
    return lambda own: walk.hold(own, words)


def _reading(oids: Sequence[str]) -> Job:
    return lambda own: [(oid, _FACTS(document.read(data))) for oid, data in own.blobs(oids)]


def _digesting(oids: Sequence[str]) -> Job:
    return lambda own: [(oid, sha256(data)) for oid, data in own.blobs(oids)]


def _shared(fact: Any) -> Any:  # noqa: ANN401 - of any kind
    """A fact of a document; most texts come again and again."""
    return intern(fact) if isinstance(fact, str) else fact
