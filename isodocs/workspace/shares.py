"""The fold of a long history, from its beginning, by several processes and in little memory.

git tells the history; the versions of documents are read side by side; the protected files are folded; then
the documents in shares, each by a process that reads their statements, checks the signatures, folds their
steps, and hands back what is kept of them (``memory``). From there the fold goes on as from any kept state.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from isodocs.core import dossier, reading
from isodocs.core.document import SIGNATURES, Document
from isodocs.core.history import REGULAR_MODES, Entry
from isodocs.core.life import Evidence
from isodocs.core.lineage import Lineage
from isodocs.core.settings import ALWAYS_PROTECTED, REGISTER_FILE, SETTINGS_FILE, globs
from isodocs.core.share import fold_share, numbers_of, reign, share_of
from isodocs.core.statement import AUTHORITY_ID, sha256
from isodocs.core.survey import Survey, survey, united
from isodocs.git import walk
from isodocs.git.objects import file_by_file
from isodocs.workers import cores
from isodocs.workspace import jobs
from isodocs.workspace.course import Course, brought, folder_of
from isodocs.workspace.evidence import Wanted, part_of
from isodocs.workspace.head import Head
from isodocs.workspace.memory import embedders_in
from isodocs.workspace.past import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from isodocs.core.authority import Register
    from isodocs.core.history import Change, Step
    from isodocs.core.settings import Settings
    from isodocs.git.repository import Repository

    Job = Callable[[Repository], Any]
    Narrow = Callable[[Sequence[Step]], Callable[[str], bool]]

LONG: Final = 2000
"""Steps from which on this is quicker than one process alone."""
_FEW: Final = 4
_MOST: Final = 32
_PER_SHARE: Final = 6_250  # steps: fewer are quicker, and take more memory
_OF_AUTHORITY: Final = f"{SIGNATURES}{AUTHORITY_ID}/"


class Unsuited(Exception):
    """The documents of this history depend on each other, or nobody governs: fold it as a whole."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All that is kept of a state; see ``Memory.keep_parts``."""

    head: Head
    dossiers: Sequence[tuple[str, bytes]]
    embedders: dict[str, list[str]]
    survey: Survey


@dataclass(frozen=True, slots=True)
class _Found:
    """What a share found.

    Attributes:
        dossiers: of its documents.
        survey: of these and of their statements.
        pending: those to be looked at again in the next step.
        strangers: statements below another document's folder: path, and what they are about.
    """

    dossiers: list[tuple[str, bytes]]
    survey: Survey
    pending: frozenset[str]
    strangers: list[tuple[str, str]]


def parts(
    repository: Repository,
    tip: str,
    chain: list[str],
    root: str | None,
    latest: int,
    narrow: Narrow | None = None,
) -> Parts:
    """Fold a mainline from its beginning, and tell what is to be kept of S at its tip.

    Args:
        repository: where it lies.
        tip: its newest commit.
        chain: the ids of its first-parent chain, newest first.
        root: the pinned trust root.
        latest: the latest date that a commit of it may have, in seconds since 1970.
        narrow: tells from the steps which files below ``signatures/`` are not read, by their paths: those of
            documents that other machines judge. What is told of these is then not to be kept.

    Raises:
        Unsuited: it must be folded as a whole.
        GivenUp: a process died.
        CannotRun: history is missing, or git failed.
    """
    collects = gc.isenabled()
    gc.disable()  # there are many values, and no cycles among them
    try:
        return _Division(repository, tip, chain, root, latest, narrow).parts()
    finally:
        if collects:
            gc.enable()


class _Division:
    """One mainline, while it is folded by shares."""

    def __init__(
        self,
        repository: Repository,
        tip: str,
        chain: list[str],
        root: str | None,
        latest: int,
        narrow: Narrow | None,
    ) -> None:
        self._repository = repository
        told = walk.told(repository, tip, chain)
        self._steps = told.steps
        self._goes = narrow(told.steps) if narrow is not None else _nothing
        self._documents: dict[str, Document] = {}
        self._digests: dict[str, str] = {}
        with jobs.held(repository, told.words, tip):
            self._course = Course.of(told.steps)
            settings = self._settings()
            every = (glob for one in settings.values() if one for glob in one.authority.protects)
            self._protected = protected_by(every)
            self._read()
            evidence, strangers = self._authority(settings)
            over = reign(self._steps, self._telling(), evidence, root)
            if over is None or over.newest > latest:
                raise Unsuited
            self._over, self._evidence, self._strangers = over, evidence, strangers
            self._shares = min(_MOST, max(_FEW * cores(), len(self._steps) // _PER_SHARE))
            self._numbers = self._sorted_numbers()
        self._oids = {digest: oid for oid, digest in self._digests.items()}

    def parts(self) -> Parts:
        """Fold the shares, and put together what they found."""
        found = self._folded(range(self._shares), {})
        strangers = self._strangers + [one for each in found.values() for one in each.strangers]
        if any(about == AUTHORITY_ID for _, about in strangers):
            raise Unsuited
        if strangers:
            more: dict[int, set[str]] = {}
            for path, about in strangers:
                more.setdefault(share_of(about, self._shares), set()).update((path, f"{path}.sig"))
            found |= self._folded(sorted(more), more)
        state = self._over.state
        state.pending = frozenset().union(*(one.pending for one in found.values()))
        head = Head.of(state, self._over.newest)
        if head is None:
            raise Unsuited
        mine = dossier.to_bytes(dossier.dossier_of(state, self._evidence, AUTHORITY_ID, self._oids))
        state.tree.files |= (files := self._files())
        own = survey(
            state, self._evidence, [AUTHORITY_ID], [path for path in state.tree.files if "/" in path]
        )
        return Parts(
            head,
            [(AUTHORITY_ID, mine), *(one for each in found.values() for one in each.dossiers)],
            embedders_in(self._evidence),
            united([*(each.survey for each in found.values()), own], files),
        )

    def _settings(self) -> dict[str, Settings | None]:
        names = _versions(self._course.others, SETTINGS_FILE)
        found = {oid: reading.read_settings(data)[0] for oid, data in self._repository.blobs(names)}
        if any(one is not None and one.corrections for one in found.values()):
            raise Unsuited
        return found

    def _read(self) -> None:
        """Read every version of a document."""
        for oid, one in jobs.read(self._repository, file_by_file(self._course.texts)):
            self._documents[oid] = one
            self._digests[oid] = one.sha256
        self._digests |= jobs.digested(self._repository, file_by_file(self._course.files))

    def _authority(self, settings: dict[str, Settings | None]) -> tuple[Evidence, list[tuple[str, str]]]:
        """The evidence of who governed; and statements beside it that are about something else."""
        blobs = self._repository.blobs
        names = _versions(self._course.others, REGISTER_FILE)
        registers: dict[str, Register | None] = {
            oid: reading.read_register(data)[0] for oid, data in blobs(names)
        }
        files = {one.new: None for one in self._course.others if self._is_protected(one) and _regular(one)}
        self._digests |= {oid: sha256(data) for oid, data in blobs(files)}
        lineage = Lineage(self._steps, self._documents, self._digests)
        beside = Evidence(self._documents, self._digests, {}, settings, registers, _never, lineage)
        return self._signed(
            self._repository, self._course.folders.get(AUTHORITY_ID, ()), _about_authority, beside
        )

    def _signed(
        self, repository: Repository, numbers: Iterable[int], mine: Callable[[str], bool], beside: Evidence
    ) -> tuple[Evidence, list[tuple[str, str]]]:
        """The evidence of statements that came with some steps, and those that lie in a wrong folder."""
        wanted, places = Wanted(), dict[tuple[str, str], None]()
        for number in numbers:
            for change in brought(self._steps[number]):
                if change.path.startswith(SIGNATURES) and _regular(change) and mine(change.path):
                    wanted.add(change)
                    places[change.path, change.new] = None
        evidence = part_of(wanted, repository.blobs, beside)
        readings = (
            (path, evidence.statements[oid].statement) for path, oid in places if oid in evidence.statements
        )
        return evidence, [(path, one.about) for path, one in readings if one and one.about != folder_of(path)]

    def _is_protected(self, change: Change) -> bool:
        return change.path in ALWAYS_PROTECTED or self._protected(change.path)

    def _telling(self) -> Callable[[Change], bool]:
        known: dict[str, bool] = {}

        def telling(change: Change) -> bool:
            path = change.path
            if path.startswith(SIGNATURES):
                return path.startswith(_OF_AUTHORITY)
            if path not in known:
                known[path] = self._is_protected(change)
            return known[path]

        return telling

    def _sorted_numbers(self) -> list[set[int]]:
        """For each share, the steps that change anything of its documents."""
        found: list[set[int]] = [set() for _ in range(self._shares)]
        for folder, steps in self._course.folders.items():
            found[share_of(folder, self._shares)].update(steps)
        nobody = Document("")
        for number, change in self._course.documents:
            names = {self._documents.get(oid, nobody).id for oid in (change.old, change.new)}
            for name in names | self._evidence.lineage.embedders(change.path):
                found[share_of(name, self._shares)].add(number)
        for numbers in found:
            numbers.add(self._over.root)
        return found

    def _folded(self, shares: Sequence[int], more: dict[int, set[str]]) -> dict[int, _Found]:
        import isodocs.signing.verify  # noqa: F401, PLC0415 - once, and not again by every share

        work = [self._share(share, more.get(share, set())) for share in shares]
        return dict(zip(shares, jobs.done(self._repository, work), strict=True))

    def _share(self, share: int, more: set[str]) -> Job:
        def mine(name: str) -> bool:
            return name != AUTHORITY_ID and share_of(name, self._shares) == share

        folders = set(filter(mine, self._course.folders))

        def here(path: str) -> bool:
            return (folder_of(path) in folders or path in more) and not self._goes(path)

        def work(repository: Repository) -> _Found:
            numbers = self._numbers[share] | (numbers_of(self._steps, more) if more else set())
            evidence, strangers = self._signed(repository, sorted(numbers), here, self._evidence)
            state = fold_share(self._steps, numbers, self._over, evidence, mine)
            names = sorted(filter(mine, names_of(state, evidence)))
            paths = [
                path for path in state.tree.files if path.startswith(SIGNATURES) and mine(folder_of(path))
            ]
            return _Found(
                [
                    (name, dossier.to_bytes(dossier.dossier_of(state, evidence, name, self._oids)))
                    for name in names
                ],
                survey(state, evidence, names, paths),
                state.pending,
                strangers,
            )

        return work

    def _files(self) -> dict[str, Entry]:
        """The files below ``documents/`` at the last step."""
        found: dict[str, Entry] = {}
        for _, change in self._course.documents:
            if change.removed:
                found.pop(change.path, None)
            else:
                found[change.path] = Entry(change.new_mode, change.new)
        return found


def _regular(change: Change) -> bool:
    return change.new_mode in REGULAR_MODES


def _versions(changes: Iterable[Change], path: str) -> dict[str, None]:
    """Every version of one file."""
    return {change.new: None for change in changes if change.path == path and _regular(change)}


def _about_authority(path: str) -> bool:
    return path.startswith(_OF_AUTHORITY)


def _nothing(_path: str) -> bool:
    return False


def _never(statement: str, signature: str) -> Any:  # noqa: ANN401 - it gives nothing
    raise AssertionError(statement, signature)


def protected_by(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether globs protect a path.

    Raises:
        Unsuited: they could protect statements too.
    """
    known = tuple(sorted(set(patterns)))
    if globs(tuple(one.partition("/")[0] for one in known)).fullmatch(SIGNATURES.rstrip("/")):
        raise Unsuited
    matches = globs(known).fullmatch
    return lambda path: matches(path) is not None
