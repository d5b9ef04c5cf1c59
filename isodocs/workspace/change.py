"""A tree that is to become the next step of the mainline: a work tree, an index, the tip of a branch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.core import lifecycle
from isodocs.core.history import Commit, Identity, Step
from isodocs.core.library import Judged, Library
from isodocs.core.problem import CannotRun
from isodocs.core.settings import ALWAYS_PROTECTED
from isodocs.git import walk
from isodocs.git.delta import changes_from, commit_at
from isodocs.git.tree import Tree, commit_tree
from isodocs.workspace.contents import Documents, by_digest, contents_of, differences, required, views
from isodocs.workspace.evidence import gather
from isodocs.workspace.folding import Question, fold, index_on, refuse_future
from isodocs.workspace.mainline import briefs_on, governing

if TYPE_CHECKING:
    from typing import Any

    from isodocs.core.authority import Register
    from isodocs.core.history import Change
    from isodocs.core.moment import AsOf
    from isodocs.core.problem import Profile
    from isodocs.core.settings import Settings
    from isodocs.core.shard import Shard
    from isodocs.git.repository import Repository
    from isodocs.workspace.folding import Folded

UNCOMMITTED = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A tree that is to become one step on the mainline.

    Attributes:
        judged: what the tree is.
        tree: its files.
        base: the commit of the mainline it stands on; None where it becomes the root.
        parents: the commits the step's commit would have besides the base.
        author: who would commit what is not committed yet.
        signing: somebody is about to sign it, so corrections of dates that it holds count already.
    """

    judged: Judged
    tree: Tree
    base: str | None
    parents: tuple[str, ...]
    author: Identity
    signing: bool = False


def open_change(
    repository: Repository,
    change: NextStep,
    clock: AsOf,
    *,
    profile: Profile,
    trust_root: str | None = None,
    branch: str | None = None,
    genuine: bool = False,
    share: Shard | None = None,
) -> Library:
    """A work tree, index or merge, judged as the next step of the mainline.

    With ``genuine``, the whole history is folded anew, as an auditor wants it.

    Raises:
        CannotRun: history is truncated, a commit lies in the future, or settings cannot be read.
    """
    settings, register = _settings(repository, change)
    now, notes = clock.moment(settings.timezone), tuple[str, ...]()
    step = _next_step(repository, change, now)
    if change.base is None:
        if trust_root is not None:
            raise CannotRun(f"The trust root {trust_root[:12]} is not on any mainline that is known here.")
        evidence = gather([step], contents_of(change.tree, repository))
        folded, base, state = None, None, lifecycle.start(evidence)
    else:
        asked = _question(repository, change, step, clock, trust_root, settings, genuine=genuine)
        folded = fold(replace(asked, share=share))
        notes = folded.notes
        refuse_future(folded.judged, clock)
        if trust_root is not None:
            governing(folded.state, change.base)
        evidence, base, state = folded.evidence, folded.state, folded.state.fork()
    lifecycle.advance(state, step, evidence)
    has_base = base is not None and base.authority is not None
    authority = base.authority if base is not None and base.authority else state.authority
    if authority is not None:
        settings, register = authority.settings, authority.register
    return Library(
        judged=change.judged,
        profile=profile,
        moment=now,
        settings=settings,
        register=register,
        state=state,
        evidence=evidence,
        readings=Documents(change.tree, settings),
        views=views(state, evidence, now),
        base=base if has_base else None,
        base_views=views(base, evidence, now) if base is not None else {},
        changes=step.commit.diffs[0],
        branch=branch,
        commit=change.base,
        notes=notes,
        blobs=by_digest(evidence, change.tree, repository),
        indexes=index_on(folded, repository) if folded is not None and has_base else None,
        **_part(folded, change.tree),
        briefs=briefs_on(folded, repository, trust_root) if folded is not None and has_base else None,
    )


def _part(folded: Folded | None, tree: Tree) -> dict[str, Any]:
    """The part that was folded, and the whole tree, where the rest was left out."""
    part = folded.share if folded is not None else None
    return {} if part is None else {"share": part, "listing": tree.entries}


def _question(
    repository: Repository,
    change: NextStep,
    step: Step,
    clock: AsOf,
    trust_root: str | None,
    settings: Settings,
    *,
    genuine: bool,
) -> Question:
    """What is folded below the change."""
    return Question(
        repository,
        change.base or "",
        reader=clock,
        trust_root=trust_root,
        extra=(step,),
        contents=change.tree,
        trusted=settings.corrections if change.signing else (),
        whole=genuine,
    )


def _next_step(repository: Repository, change: NextStep, now: int) -> Step:
    """The step that the change would be, with the commits of the branch it comes from."""
    parents = tuple(dict.fromkeys([*([change.base] if change.base else []), *change.parents]))
    diffs = tuple(changes_since(repository, parent, change.tree) for parent in parents)
    if change.base is None:  # the root to be: whatever commits it stands on, it brings the whole tree
        diffs = (differences({}, change.tree.entries), *diffs)
    commit = Commit(UNCOMMITTED, parents, change.author, change.author, now, diffs=diffs)
    arrivals: dict[str, Commit] = {}
    for parent in parents:
        if parent != change.base:
            arrivals |= {one.oid: one for one in walk.between(repository, change.base, parent)}
    return Step(commit, (*arrivals.values(), commit))


def changes_since(repository: Repository, parent: str, tree: Tree) -> tuple[Change, ...]:
    """What the tree changes in that of a commit."""
    if tree.base is not None:
        return changes_from(repository, parent, tree)
    return differences(commit_tree(repository, parent).entries, tree.entries)


def _settings(repository: Repository, change: NextStep) -> tuple[Settings, Register]:
    """Those of the tree; where it has none, those of the base, so that the rule on authority can tell."""
    if change.base is not None and any(path not in change.tree.entries for path in ALWAYS_PROTECTED):
        return required(commit_at(repository, change.base))
    return required(change.tree)
