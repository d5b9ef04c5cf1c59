"""From where a command stands to what it looks at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.history import Identity
from isodocs.core.library import Judged
from isodocs.core.moment import AsOf
from isodocs.core.problem import CannotRun, Profile
from isodocs.core.reading import read_settings
from isodocs.core.settings import SETTINGS_FILE
from isodocs.git import situation
from isodocs.git.delta import commit_at, index_at
from isodocs.git.genuine import require_genuine
from isodocs.git.mainline import find_mainline
from isodocs.git.repository import Repository
from isodocs.git.tree import Tree, index_tree, work_tree
from isodocs.git.work_tree import work_tree_at
from isodocs.workspace.change import NextStep, changes_since, open_change
from isodocs.workspace.contents import now
from isodocs.workspace.mainline import open_mainline, open_push
from isodocs.workspace.sheets import with_sheets
from isodocs.workspace.snapshot import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from isodocs.core.library import Library
    from isodocs.core.shard import Shard
    from isodocs.git.situation import Situation

_FIRST_ZONE = "Etc/GMT-14"  # where a day ends first: a merge to be is never ahead of the clock


def open_reading(
    start: Path,
    *,
    as_of: str | None = None,
    mainline: str | None = None,
    trust_root: str | None = None,
    snapshot: bool = False,
    with_branch: bool = False,
    genuine: bool = False,
    share: Shard | None = None,
) -> Library | None:
    """What reading commands look at: the mainline at a moment; None while it has no commit.

    Args:
        start: a folder of the repository, or of a plain tree with ``snapshot``.
        as_of: a day or a UTC time; now where None.
        mainline: the branch that counts; as the settings say where None.
        trust_root: the pinned root, any revision.
        snapshot: judge the tree by itself.
        with_branch: take the work tree as the next step of the mainline.
        genuine: hold every object of the history against its name first, as an auditor wants it.
        share: the part of the documents that is asked about; None: all.

    Raises:
        CannotRun: there is no repository, its history is truncated or forged, or its settings cannot be
            read.
    """
    if snapshot:
        library = open_snapshot(start, as_of=as_of)
        return _divided(library, share)
    repository = Repository.open(start)
    clock = AsOf.read(as_of, now())
    name = mainline or mainline_name(repository)
    root = _commit(repository, trust_root)
    for one in (find_mainline(repository, name).tip, repository.head()) if genuine else ():
        if one is not None:
            require_genuine(repository, one)
    if with_branch and not as_of and repository.root is not None and repository.head() is not None:
        place = situation.on_change(repository, os.environ, name, situation.Judged.WORK_TREE)
        return _open_step(repository, place, clock, Profile.DRAFT, root, genuine=genuine)
    tip = find_mainline(repository, name).tip
    found = open_mainline(repository, tip, clock, trust_root=root, genuine=genuine, share=share)
    return _divided(found, share) if found is not None else None


def open_library(
    start: Path,
    *,
    profile: Profile | None = None,
    base: str | None = None,
    tip: str | None = None,
    staged: bool = False,
    snapshot: bool = False,
    as_of: str | None = None,
    mainline: str | None = None,
    trust_root: str | None = None,
    gate: bool = False,
    environment: Mapping[str, str] | None = None,
    share: Shard | None = None,
) -> Library | None:
    """What ``check`` and ``gate`` judge (DESIGN, *Base*); None where a push only deletes a branch.

    Args:
        start: a folder of the repository, or of a plain tree with ``snapshot``.
        profile: whose severities apply; by the branch where None.
        base: against what is judged, the old tip of a push.
        tip: the new tip of a push.
        staged: judge the index instead of the work tree.
        snapshot: judge the tree by itself.
        as_of: the clock; now where None.
        mainline: the branch that counts; as the settings say where None.
        trust_root: the pinned root, any revision.
        gate: judge as a gate: what is pushed, or HEAD.
        environment: of the process, for what hook runners say there.
        share: the part of the documents that is judged here; None: all.

    Raises:
        CannotRun: there is no repository, its history is truncated, its settings cannot be read, HEAD is
            detached without a profile, or a pull request conflicts.
    """
    if snapshot:
        if gate:
            raise CannotRun("A snapshot vouches for itself, so no gate can judge it.")
        whole = open_snapshot(start, as_of=as_of, profile=profile or Profile.RELEASE)
        return _divided(whole, share)
    repository = Repository.open(start)
    clock = AsOf.read(as_of, now())
    name = mainline or mainline_name(repository)
    place = situation.stand(
        repository,
        os.environ if environment is None else environment,
        name,
        base=base or "",
        tip=tip or "",
        gate=gate,
        judged=situation.Judged.INDEX if staged else situation.Judged.WORK_TREE,
        when=clock.moment(_FIRST_ZONE),
    )
    if place.judged is situation.Judged.NOTHING:
        return None
    library = _open_place(repository, place, clock, profile or place.profile_hint, trust_root, share)
    library = with_sheets(library, repository)
    return _divided(library, share)


def _divided(library: Library, share: Shard | None) -> Library:
    """The library with its part noted."""
    if share is None:
        return library
    from isodocs.workspace.narrowing import divided  # noqa: PLC0415 - a hook judges no part

    return divided(library, share)


def _open_place(
    repository: Repository,
    place: Situation,
    clock: AsOf,
    profile: Profile | None,
    trust_root: str | None,
    share: Shard | None,
) -> Library:
    """The library of a situation: a range of the mainline, or one step that it would become."""
    if profile is None:
        raise CannotRun("HEAD is detached, so no branch says what applies: add --profile draft or release.")
    root = _commit(repository, trust_root)
    if place.judged is situation.Judged.COMMIT and place.tip is not None and _on_mainline(place):
        # What enters with a push is told as a whole, so it is folded as a whole, also for a part of it.
        return open_push(repository, place.base, place.tip, clock, profile=profile, trust_root=root)
    return _open_step(repository, place, clock, profile, root, share=share)


@dataclass(frozen=True, slots=True)
class Desk:
    """A repository in which somebody is about to sign.

    Attributes:
        repository: where it lies.
        root: the top of its work tree.
        library: what is committed, as the next step of the mainline.
        unsaved: paths whose text in the work tree is not what is committed.
    """

    repository: Repository
    root: Path
    library: Library
    unsaved: frozenset[str]


def open_desk(start: Path, *, mainline: str | None = None, trust_root: str | None = None) -> Desk:
    """What commands that sign look at: the commit at HEAD. Writers come from commits.

    Where nothing is committed yet, the work tree is the root to be, written by git's user.

    Raises:
        CannotRun: there is no work tree, or as for ``open_reading``.
    """
    repository = Repository.open(start)
    if repository.root is None:
        raise CannotRun("This repository is bare: sign in a clone of it, and push.")
    name = mainline or mainline_name(repository)
    place = situation.on_change(repository, os.environ, name, situation.Judged.WORK_TREE)
    here = _files(repository, place.tip)
    committed = commit_at(repository, place.tip) if place.tip else here
    parents = tuple(one for one in (place.tip,) if one is not None)
    step = NextStep(Judged.TREE, committed, place.base, parents, _user(repository), signing=True)
    library = open_change(
        repository,
        step,
        AsOf.read(None, now()),
        profile=Profile.DRAFT,
        trust_root=_commit(repository, trust_root),
        branch=place.branch,
    )
    changes = changes_since(repository, place.tip, here) if place.tip else ()
    unsaved = frozenset(change.path for change in changes)
    return Desk(repository, repository.root, library, unsaved)


def _on_mainline(place: Situation) -> bool:
    """Whether what is judged would be the mainline itself, not a draft branch."""
    return place.kind is not situation.Kind.PUSH or place.branch == place.mainline.name


def _open_step(
    repository: Repository,
    place: Situation,
    clock: AsOf,
    profile: Profile,
    root: str | None,
    *,
    genuine: bool = False,
    share: Shard | None = None,
) -> Library:
    """The library of a tree that would be the next step of the mainline."""
    judged, tree = _tree(repository, place)
    parents = tuple(one for one in (place.tip, *place.others) if one is not None)
    step = NextStep(judged, tree, place.base, parents, _user(repository))
    return open_change(
        repository,
        step,
        clock,
        profile=profile,
        trust_root=root,
        branch=place.branch,
        genuine=genuine,
        share=share,
    )


def _tree(repository: Repository, place: Situation) -> tuple[Judged, Tree]:
    match place.judged:
        case situation.Judged.INDEX:
            return Judged.INDEX, index_at(repository, place.tip) if place.tip else index_tree(repository)
        case situation.Judged.COMMIT:
            return Judged.MERGE, commit_at(repository, place.tip or "HEAD")
        case _:
            return Judged.TREE, _files(repository, place.tip)


def _files(repository: Repository, head: str | None) -> Tree:
    """The files on disk."""
    return work_tree_at(repository, head) if head else work_tree(repository)


def _user(repository: Repository) -> Identity:
    """Who commits here: what git tells its hooks, else its configuration."""
    name, email = os.environ.get("GIT_AUTHOR_NAME"), os.environ.get("GIT_AUTHOR_EMAIL")
    if name is None:
        name = (repository.configured.name or "").strip()
    if email is None:
        email = (repository.configured.email or "").strip()
    return Identity(name, email)


def mainline_name(repository: Repository) -> str:
    """The mainline's name, by the settings where the command stands; ``main`` where none say."""
    head = repository.head()
    if head is None and repository.root is None:
        return "main"
    tree = commit_at(repository, head) if head else work_tree(repository)
    entry = tree.entries.get(SETTINGS_FILE)
    settings = read_settings(tree.read(SETTINGS_FILE))[0] if entry and entry.regular else None
    return settings.mainline if settings else "main"


def _commit(repository: Repository, rev: str | None) -> str | None:
    found = repository.resolve(rev) if rev else None
    if rev and found is None:
        raise CannotRun(
            f"The trust root '{rev}' names no commit of this repository. Either this history is not the one "
            "that grew from it, or the clone is not whole (in CI: fetch-depth: 0). Pin no other one before "
            "you know which."
        )
    return found
