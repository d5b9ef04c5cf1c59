"""The mainline, folded: up to a moment for those who read, and as a pushed range for gates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.core import lifecycle
from isodocs.core.identity import format_time
from isodocs.core.library import Judged, Library, Push
from isodocs.core.problem import CannotRun, Profile
from isodocs.core.settings import REGISTER_FILE, SETTINGS_FILE
from isodocs.git import walk
from isodocs.git.delta import changes_from, commit_at
from isodocs.workspace.contents import Documents, by_digest, differences, views
from isodocs.workspace.folding import Folded, Question, fold, index_on, refuse_future
from isodocs.workspace.memory import Memory
from isodocs.workspace.pieces import Lost, Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from isodocs.core.brief import Brief
    from isodocs.core.life import Authority, State
    from isodocs.core.moment import AsOf
    from isodocs.core.shard import Shard
    from isodocs.git.repository import Repository
    from isodocs.workspace.head import Head


def open_mainline(
    repository: Repository,
    tip: str | None,
    clock: AsOf,
    *,
    profile: Profile = Profile.RELEASE,
    trust_root: str | None = None,
    genuine: bool = False,
    share: Shard | None = None,
) -> Library | None:
    """The mainline at a moment, as reading commands want it; None while it has no commit.

    With ``genuine``, the whole history is folded anew, as an auditor wants it.

    Raises:
        CannotRun: history is truncated, a commit lies in the future, or there are no settings.
    """
    if tip is None:
        return None
    question = Question(repository, tip, clock, trust_root=trust_root, whole=genuine, share=share)
    folded = fold(question)
    if folded.state.authority is None:
        return _before_root(folded, tip, clock, profile=profile, trust_root=trust_root)
    authority = folded.state.authority
    tree = commit_at(repository, folded.state.commit)
    moment = clock.moment(authority.settings.timezone)
    return Library(
        judged=Judged.MAINLINE,
        profile=profile,
        moment=moment,
        settings=authority.settings,
        register=authority.register,
        state=folded.state,
        evidence=folded.evidence,
        readings=Documents(tree, authority.settings),
        views=views(folded.state, folded.evidence, moment),
        commit=folded.state.commit,
        notes=folded.notes,
        blobs=by_digest(folded.evidence, None, repository),
        indexes=index_on(folded, repository),
        share=folded.share,
        listing=tree.entries if folded.share is not None else None,
        briefs=briefs_on(folded, repository, trust_root),
        grounds=grounds_on(folded, repository, trust_root),
    )


def grounds_on(
    folded: Folded, repository: Repository, trust_root: str | None
) -> Callable[[], Mapping[str, str] | None]:
    """What gives the grounds of the views of a folded state; None where the state is not kept."""

    def grounds() -> Mapping[str, str] | None:
        head, authority = _kept_head(folded, repository, trust_root), folded.state.authority
        if head is None or authority is None:
            return None
        governs = " ".join(authority.sources[:2])
        try:
            rows = dict(Pieces[tuple[str, int]](repository.cache, head.dossiers).items())
        except Lost:
            return None
        return {name: f"{dossier} {governs}" for name, (dossier, _) in rows.items()}

    return grounds


def _kept_head(folded: Folded, repository: Repository, trust_root: str | None) -> Head | None:
    memory = Memory(repository, trust_root)
    return memory.head(folded.state.commit) if folded.survey is not None else None


def briefs_on(
    folded: Folded, repository: Repository, trust_root: str | None
) -> Callable[[], Mapping[str, Brief] | None]:
    """What gives the briefs of all ids of a folded state; None where they are not kept."""

    def briefs() -> Mapping[str, Brief] | None:
        head, authority = _kept_head(folded, repository, trust_root), folded.state.authority
        if head is None or authority is None:
            return None
        from isodocs.workspace.briefs import kept_briefs  # noqa: PLC0415 - a hook lists nothing

        return kept_briefs(repository, head, authority)

    return briefs


def _before_root(
    folded: Folded, tip: str, clock: AsOf, *, profile: Profile, trust_root: str | None
) -> Library:
    """The library of a moment before the trust root: nothing was in force yet.

    Raises:
        CannotRun: there is no trust root at all.
    """
    later = lifecycle.start(folded.evidence)
    for step in folded.steps:
        lifecycle.advance(later, step, folded.evidence, root=trust_root)
        if later.authority is not None:
            break
    authority = governing(later, tip)
    began = format_time(later.time)
    return Library(
        judged=Judged.MAINLINE,
        profile=profile,
        moment=clock.moment(authority.settings.timezone),
        settings=authority.settings,
        register=authority.register,
        state=folded.state,
        evidence=folded.evidence,
        readings={},
        views={},
        notes=(*folded.notes, f"Nothing was in force then: the history of this system begins at {began}."),
    )


def governing(state: State, tip: str) -> Authority:
    """The authority of a state.

    Raises:
        CannotRun: there is none: no commit up to there is a trust root.
    """
    if state.authority is None:
        raise CannotRun(
            f"No commit up to {tip[:12]} holds a readable {SETTINGS_FILE} and {REGISTER_FILE}. "
            "Run 'isodocs init' to begin, or read the files as they are with --snapshot."
        )
    return state.authority


def open_push(
    repository: Repository,
    old: str | None,
    new: str,
    clock: AsOf,
    *,
    profile: Profile = Profile.RELEASE,
    trust_root: str | None = None,
) -> Library:
    """A pushed range of the mainline, folded commit by commit, and again with authority held at the old tip.

    Args:
        repository: where both tips lie.
        old: the old tip; None for the push that brings the root.
        new: the new tip.
        clock: the gate's clock.
        profile: whose severities apply.
        trust_root: the pinned root.

    Raises:
        CannotRun: history is truncated, or no settings govern.
    """
    if old is not None and not walk.is_on_mainline(repository, old, new):
        return _turned(repository, old, new, clock, profile=profile, trust_root=trust_root)
    keep = (old,) if old else ()
    whole = old is None  # what comes with a first push is told from its beginning
    folded = fold(Question(repository, new, reader=clock, trust_root=trust_root, keep=keep, whole=whole))
    base = folded.at[old] if old else None
    number = base.number if base else -1
    pushed = folded.after(number)
    refuse_future(folded.judged[: max(len(folded.judged) - len(pushed), 0)], clock)
    authority = governing(base if base and base.authority else folded.state, new)
    held = base.fork(hold_authority=True) if base and base.authority else None
    if held is not None:
        for step in pushed:
            lifecycle.advance(held, step, folded.evidence, root=trust_root)
    tree = commit_at(repository, new)
    moment = clock.moment(authority.settings.timezone)
    return Library(
        judged=Judged.PUSH,
        profile=profile,
        moment=moment,
        settings=authority.settings,
        register=authority.register,
        state=folded.state,
        evidence=folded.evidence,
        readings=Documents(tree, authority.settings),
        views=views(folded.state, folded.evidence, moment),
        base=base if base and base.authority else None,
        held=held,
        base_views=views(base, folded.evidence, moment) if base else {},
        changes=changes_from(repository, old, tree) if old else differences({}, folded.state.tree.files),
        push=_range(old, new, folded, number, (base, folded.state)),
        commit=new,
        notes=folded.notes,
        blobs=by_digest(folded.evidence, None, repository),
        indexes=index_on(folded, repository),
    )


def _range(old: str | None, new: str, folded: Folded, after: int, states: tuple[State | None, State]) -> Push:
    """The steps after a number, as git has them, between the states of the old tip and the new one."""
    before, later = (one.authority.settings.corrections if one and one.authority else () for one in states)
    known = {(one.commit, one.time) for one in before}
    fresh = {one.commit for one in later if (one.commit, one.time) not in known}
    return Push(
        old,
        new,
        turned=False,
        commits=tuple(step.commit for step in folded.dated[max(after + 1 - folded.first, 0) :]),
        corrected=tuple(step.commit for step in folded.dated if step.commit.oid in fresh),
    )


def _turned(
    repository: Repository,
    old: str,
    new: str,
    clock: AsOf,
    *,
    profile: Profile,
    trust_root: str | None,
) -> Library:
    """The library of a push that is refused whatever it holds: the past as the old tip has it."""
    library = open_mainline(repository, old, clock, profile=profile, trust_root=trust_root)
    assert library is not None  # noqa: S101 - the old tip is a commit
    return replace(
        library,
        judged=Judged.PUSH,
        base=library.state,
        base_views=library.views,
        push=Push(old, new, turned=True, commits=()),
        commit=new,
    )
