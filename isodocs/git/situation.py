"""Where a command stands: what is judged, and against which state of the mainline.

The table is that of the design, "Base: against what a change is judged". Nothing is read from the process's
own environment; what hook runners say comes in as a mapping. pre-commit and prek tell a pre-push hook of
the first pushed ref only, and do not run it at all when a push only deletes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun, Profile
from isodocs.git.mainline import HEADS, Mainline, find_mainline, is_ancestor, newest_contained
from isodocs.git.merge import merge_commit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isodocs.git.repository import Repository


class Kind(StrEnum):
    """The situations of the table."""

    BRANCH = "branch"
    MAINLINE = "mainline"
    MERGE = "merge"
    PUSH = "push"
    PULL_REQUEST = "pull-request"
    RANGE = "range"
    DETACHED = "detached"


class Judged(StrEnum):
    """Which state is judged; ``NOTHING`` when a push only deletes."""

    INDEX = "index"
    WORK_TREE = "work-tree"
    COMMIT = "commit"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a command stands.

    Attributes:
        kind: which row of the table.
        judged: the state that is judged.
        base: the commit whose state counts before the change, on the mainline's first-parent chain
            (but see ``old``); None: nothing was before, what is judged becomes the root.
        tip: the commit that is judged; for index and work tree the commit they stand on. None: unborn.
        profile_hint: the profile where none is asked for; None: one must be asked for.
        mainline: which branch is the mainline, and where it stands.
        branch: the branch that is checked out or pushed to; None when detached.
        others: further parents of the commit that is being made (a merge).
        old: what a push says the remote branch holds; ``base`` unless a draft branch is pushed.
    """

    kind: Kind
    judged: Judged
    base: str | None
    tip: str | None
    profile_hint: Profile | None
    mainline: Mainline
    branch: str | None = None
    others: tuple[str, ...] = ()
    old: str | None = None


def stand(
    repository: Repository,
    environ: Mapping[str, str],
    mainline: str,
    *,
    base: str = "",
    tip: str = "",
    gate: bool = False,
    judged: Judged = Judged.WORK_TREE,
    when: int = 0,
) -> Situation:
    """Where this command stands.

    Args:
        repository: the repository.
        environ: the environment variables of the command.
        mainline: the mainline's name, from ``--mainline``, else from the settings.
        base: ``--base``; alone it asks for a pull request's gate.
        tip: ``--tip``, with ``base`` as the old tip: the push of a range.
        gate: whether the command is a gate: a push under a hook runner, else the commit at HEAD.
        judged: index or work tree, when neither a range nor a gate is asked for.
        when: seconds since 1970, the date of the merge that a pull request would become.

    Raises:
        CannotRun: a revision does not exist, or a pull request conflicts.
        Truncated: history is missing.
    """
    repository.require_uncut()
    if tip:
        return on_range(repository, mainline, base, tip)
    if base:
        return on_pull_request(repository, mainline, base, when)
    if not gate:
        return on_change(repository, environ, mainline, judged)
    if "PRE_COMMIT_TO_REF" in environ or "PRE_COMMIT_REMOTE_BRANCH" in environ:
        return on_push(repository, environ, mainline)
    return on_head(repository, mainline, when)


def on_change(repository: Repository, environ: Mapping[str, str], mainline: str, judged: Judged) -> Situation:
    """A change that is not committed yet, or what stands in the work tree: hooks and checks by hand."""
    line = find_mainline(repository, mainline)
    head, branch = repository.head(), _branch(repository)
    others = _merging(repository, environ)
    if branch == line.name:
        kind, base, profile = Kind.MAINLINE, head, Profile.RELEASE
    else:
        heads = (*((head,) if head else ()), *others)
        kind, base, profile = Kind.BRANCH, newest_contained(repository, line.tip, heads), Profile.DRAFT
    return Situation(
        kind=Kind.DETACHED if branch is None else Kind.MERGE if others else kind,
        judged=judged,
        base=base,
        tip=head,
        profile_hint=None if branch is None else profile,
        mainline=line,
        branch=branch,
        others=others,
        old=base,
    )


def on_push(repository: Repository, environ: Mapping[str, str], mainline: str) -> Situation:
    """A pre-push hook under pre-commit or prek, from what they say in ``PRE_COMMIT_*``.

    When the root is pushed, pre-commit says neither from nor to, prek no from.
    """
    line = find_mainline(repository, mainline)
    target = environ.get("PRE_COMMIT_REMOTE_BRANCH", "").removeprefix(HEADS) or _branch(repository)
    release = target == line.name
    profile = Profile.RELEASE if release else Profile.DRAFT
    named = environ.get("PRE_COMMIT_TO_REF") or environ.get("PRE_COMMIT_LOCAL_BRANCH") or "HEAD"
    if not named.strip("0") or named == "(delete)":
        return Situation(Kind.PUSH, Judged.NOTHING, None, None, profile, line, target)
    tip = _commit(repository, named)
    old = _old(repository, environ.get("PRE_COMMIT_FROM_REF", ""))
    base = old if release else newest_contained(repository, line.tip, (tip,))
    return Situation(Kind.PUSH, Judged.COMMIT, base, tip, profile, line, target, old=old)


def on_range(repository: Repository, mainline: str, old: str, new: str) -> Situation:
    """The push of ``new`` onto ``old`` as a server sees it; an empty or zero ``old``: the first push."""
    line = find_mainline(repository, mainline)
    base, tip = _old(repository, old), _commit(repository, new)
    return Situation(Kind.RANGE, Judged.COMMIT, base, tip, Profile.RELEASE, line, line.name, old=base)


def on_pull_request(repository: Repository, mainline: str, base: str, when: int) -> Situation:
    """HEAD as the merge it would become on ``base``, a branch or a commit.

    A merge that the forge made itself (its first parent on the base's chain) is taken as it is.

    Raises:
        CannotRun: ``base`` does not exist, or the merge conflicts.
    """
    line = find_mainline(repository, mainline, absent=True)
    target = find_mainline(repository, base, absent=True).tip or _commit(repository, base)
    head = _commit(repository, "HEAD")
    made = _made_merge(repository, target, head)
    if made is None:
        start, tip = target, merge_commit(repository, target, head, when)
    else:
        start, tip = made, head
    return Situation(Kind.PULL_REQUEST, Judged.COMMIT, start, tip, Profile.RELEASE, line, old=start)


def on_head(repository: Repository, mainline: str, when: int) -> Situation:
    """The commit at HEAD, when a gate runs without being told of a push: its step, or its pull request.

    Raises:
        CannotRun: HEAD is not the mainline and the mainline is not here; or the merge conflicts.
    """
    line = find_mainline(repository, mainline)
    head = repository.head()
    if head is not None and line.tip is None and _branch(repository) != line.name:
        raise CannotRun(
            f"There is no branch {line.name} here to judge against. Fetch it (git fetch origin {line.name}), "
            "or name the mainline with --mainline."
        )
    if (
        head is None
        or _branch(repository) == line.name
        or newest_contained(repository, line.tip, (head,)) == head
    ):
        base = repository.resolve(f"{head}^1") if head else None
        judged = Judged.COMMIT if head else Judged.INDEX
        return Situation(Kind.MAINLINE, judged, base, head, Profile.RELEASE, line, line.name, old=base)
    return on_pull_request(repository, mainline, mainline, when)


def _branch(repository: Repository) -> str | None:
    """The branch that is checked out, or that a rebase under way will move."""
    for note in ("rebase-merge/head-name", "rebase-apply/head-name"):
        for line in repository.note(note):
            return line.removeprefix(HEADS) if line.startswith(HEADS) else None
    return repository.branch()


def _merging(repository: Repository, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The other sides of a merge: from GITHEAD_* in pre-merge-commit, from MERGE_HEAD after conflicts."""
    told = [name.removeprefix("GITHEAD_") for name in sorted(environ) if name.startswith("GITHEAD_")]
    found = [repository.resolve(name) for name in told or repository.note("MERGE_HEAD")]
    return tuple(oid for oid in found if oid is not None)


def _made_merge(repository: Repository, target: str, head: str) -> str | None:
    """The first parent of HEAD, when HEAD is a forge's merge of a pull request into ``target``'s chain."""
    parents = repository.run("rev-list", "--parents", "--no-walk", head, "--").decode("ascii").split()[1:]
    if len(parents) != 2 or newest_contained(repository, target, (parents[0],)) != parents[0]:  # noqa: PLR2004 - a merge of two
        return None
    return None if is_ancestor(repository, head, target) else parents[0]


def _old(repository: Repository, name: str) -> str | None:
    """The commit a push stands on; None for an empty name or git's zeros."""
    return _commit(repository, name) if name.strip("0") else None


def _commit(repository: Repository, name: str) -> str:
    oid = repository.resolve(name)
    if oid is None:
        raise CannotRun(f"There is no commit {name} here; run `git fetch`, or name another one.")
    return oid
