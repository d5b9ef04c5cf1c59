"""A folder judged by itself, without its history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.core import lifecycle
from isodocs.core.authority import Register
from isodocs.core.history import Commit, Identity, Step
from isodocs.core.library import Judged, Library
from isodocs.core.life import Authority
from isodocs.core.moment import AsOf
from isodocs.core.problem import CannotRun, Profile
from isodocs.core.settings import SETTINGS_FILE, Settings, built_in
from isodocs.git.repository import Repository
from isodocs.git.tree import Tree, directory_tree, subtree, work_tree
from isodocs.workspace.contents import (
    Documents,
    by_digest,
    contents_of,
    differences,
    now,
    read_paths,
    required,
    views,
)
from isodocs.workspace.evidence import gather

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = Identity("", "")
SNAPSHOT_NOTE = "This is a snapshot: the tree vouches for itself, and who wrote it is unknown."
DEFAULTS_NOTE = f"There is no {SETTINGS_FILE} here: read under built-in settings."
_MARKDOWN = (".md", ".markdown")


def open_snapshot(
    path: Path, *, as_of: str | None = None, moment: int | None = None, profile: Profile = Profile.RELEASE
) -> Library:
    """A folder judged by itself: it is its own root, and who wrote it is unknown.

    In a git work tree ignored files are left out. Without settings the Markdown files of the whole folder
    are read under built-in ones.

    Raises:
        CannotRun: it is no folder, or settings or register are there and cannot be read.
    """
    from isodocs.core.claims import date_by_claims  # noqa: PLC0415 - a hook never asks

    if not path.is_dir():
        raise CannotRun(f"{path} is not a folder.")
    tree = _folder(path)
    clock = AsOf.read(as_of, now() if moment is None else moment)
    if SETTINGS_FILE not in tree.entries:
        return _foreign(tree, clock, profile)
    settings, register = required(tree)
    day = clock.moment(settings.timezone)
    commit = Commit("", (), NOBODY, NOBODY, day, diffs=(differences({}, tree.entries),))
    steps = (Step(commit, (commit,)), Step(replace(commit, diffs=((),)), ()))
    evidence = gather(steps, contents_of(tree, None))
    state = lifecycle.start(evidence)
    for step in steps:
        lifecycle.advance(state, step, evidence, snapshot=True)
    date_by_claims(state)
    return Library(
        judged=Judged.SNAPSHOT,
        profile=profile,
        moment=day,
        settings=settings,
        register=register,
        state=state,
        evidence=evidence,
        readings=Documents(tree, settings),
        views=views(state, evidence, day),
        notes=(SNAPSHOT_NOTE,),
        blobs=by_digest(evidence, tree, None),
    )


def _folder(path: Path) -> Tree:
    """The files of a folder: as git sees them where it lies in a work tree, else as they are."""
    try:
        repository = Repository.open(path)
    except CannotRun:
        return directory_tree(path)
    if repository.root is None:
        return directory_tree(path)
    prefix = path.resolve().relative_to(repository.root.resolve()).as_posix()
    tree = work_tree(repository)
    return tree if prefix == "." else subtree(tree, prefix)


def _foreign(tree: Tree, clock: AsOf, profile: Profile) -> Library:
    """A tree without settings: its Markdown files, under built-in settings, without any history."""
    settings, register = Settings.model_validate(built_in()), Register()
    evidence = gather((), contents_of(tree, None))
    state = lifecycle.start(evidence)
    state.tree.files.update(tree.entries)
    state.authority = Authority(settings, register, settings, "", 0, "")
    paths = [path for path in tree.entries if path.lower().endswith(_MARKDOWN)]
    return Library(
        judged=Judged.SNAPSHOT,
        profile=profile,
        moment=clock.moment(settings.timezone),
        settings=settings,
        register=register,
        state=state,
        evidence=evidence,
        readings=read_paths(tree, paths, settings),
        views={},
        defaults=True,
        notes=(DEFAULTS_NOTE, SNAPSHOT_NOTE),
    )
