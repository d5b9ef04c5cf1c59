"""The mainline, folded: up to a moment for those who read, and as a pushed range for gates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.core import corrections, lifecycle
from isodocs.core.identity import format_time
from isodocs.core.library import Judged, Library, Push
from isodocs.core.moment import CLOCK_TOLERANCE, AsOf
from isodocs.core.problem import CannotRun, Profile
from isodocs.core.settings import REGISTER_FILE, SETTINGS_FILE
from isodocs.git import walk
from isodocs.git.tree import commit_tree
from isodocs.workspace.contents import by_digest, contents_of, differences, read_documents, views
from isodocs.workspace.evidence import gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from isodocs.core.history import Step
    from isodocs.core.life import Authority, Evidence, State
    from isodocs.core.settings import Correction
    from isodocs.git.repository import Repository
    from isodocs.git.tree import Tree

_LAST_ZONE = "Etc/GMT+12"  # where a day ends last


@dataclass(frozen=True, slots=True)
class Folded:
    """A mainline, folded up to a moment.

    ``judged`` are the steps from the trust root on. ``state`` is S of the last step that is not later than
    the moment. ``at`` holds S of the commits that were asked for on the way. ``notes`` tell the reader of
    dates that count differently than git has them.
    """

    steps: tuple[Step, ...]
    judged: tuple[Step, ...]
    evidence: Evidence
    state: State
    at: Mapping[str, State]
    notes: tuple[str, ...] = ()


def open_mainline(
    repository: Repository,
    tip: str | None,
    clock: AsOf,
    *,
    profile: Profile = Profile.RELEASE,
    trust_root: str | None = None,
) -> Library | None:
    """The mainline at a moment, as reading commands want it; None while it has no commit.

    Raises:
        CannotRun: history is truncated, a commit lies in the future, or there are no settings.
    """
    if tip is None:
        return None
    folded = fold(repository, tip, clock, trust_root=trust_root)
    if folded.state.authority is None:
        return _before_root(folded, tip, clock, profile=profile, trust_root=trust_root)
    authority = folded.state.authority
    tree = commit_tree(repository, folded.state.commit)
    moment = clock.moment(authority.settings.timezone)
    return Library(
        judged=Judged.MAINLINE,
        profile=profile,
        moment=moment,
        settings=authority.settings,
        register=authority.register,
        state=folded.state,
        evidence=folded.evidence,
        readings=read_documents(tree, authority.settings),
        views=views(folded.state, folded.evidence, moment),
        commit=folded.state.commit,
        notes=folded.notes,
        blobs=by_digest(folded.evidence, None, repository),
    )


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


def fold(
    repository: Repository,
    tip: str,
    clock: AsOf | None,
    *,
    trust_root: str | None = None,
    keep: Iterable[str] = (),
    extra: Sequence[Step] = (),
    contents: Tree | None = None,
    steps: Sequence[Step] = (),
    trusted: Sequence[Correction] = (),
) -> Folded:
    """Fold the mainline that ends at a commit.

    Args:
        repository: where it lies.
        tip: its newest commit.
        clock: later steps are left out, and no step may lie in its future. Without, all are folded.
        trust_root: the pinned root.
        keep: commits at which S is wanted too.
        extra: steps to be folded after these, so that their blobs are read as well.
        contents: where blobs of ``extra`` lie that git may not have.
        steps: the mainline, where it was walked already.
        trusted: corrections of dates that hold before the quorum signed them: for those who are to sign.

    Raises:
        CannotRun: history is truncated, or a commit lies in the future.
    """
    steps = steps or walk.mainline(repository, tip)
    if trust_root is not None and trust_root not in {step.commit.oid for step in steps}:
        raise CannotRun(f"The trust root {trust_root[:12]} is not on the mainline that ends at {tip[:12]}.")
    evidence = gather([*steps, *extra], contents_of(contents, repository))
    held = corrections.applicable(trusted, [step.commit for step in steps])
    held = held or corrections.accepted([*steps, *extra], evidence, trust_root)
    notes = _notes_on(held, steps, extra, evidence, clock, trust_root)
    steps = corrections.corrected(steps, held)
    root = lifecycle.find_root(steps, evidence, trust_root)
    judged = steps[len(steps) if root is None else root :]
    if clock is not None:
        refuse_future(judged, clock)
    state = lifecycle.start(evidence)
    wanted = set(keep)
    at: dict[str, State] = {}
    for number, step in enumerate(steps, len(judged) - len(steps)):
        if clock is not None and number >= 0 and step.commit.time > _latest(clock, state):
            break
        lifecycle.advance(state, step, evidence, root=trust_root)
        if step.commit.oid in wanted:
            at[step.commit.oid] = state.fork()
    return Folded(tuple(steps), tuple(judged), evidence, state, at, notes)


def _notes_on(
    held: Sequence[Correction],
    steps: Sequence[Step],
    extra: Sequence[Step],
    evidence: Evidence,
    clock: AsOf | None,
    trust_root: str | None,
) -> tuple[str, ...]:
    """What readers are told of corrected dates; more where neither clock nor keys can vouch for them."""
    notes = corrections.notes(held, steps)
    now = clock.now if clock else 0
    names = {one.commit for one in held}
    ahead = clock is not None and all(step.commit.time > now for step in steps if step.commit.oid in names)
    if (
        held
        and not ahead
        and not corrections.hold_by_themselves(held, [*steps, *extra], evidence, trust_root)
    ):
        notes += ("The keys that signed this count only by the date that it corrects: ask those who signed.",)
    return notes


def _latest(clock: AsOf, state: State) -> int:
    """Up to when steps are folded; of now, those too that another machine's clock dated a little ahead.

    Who signs on top of a step that was left out would name the wrong predecessor.
    """
    zone = state.authority.settings.timezone if state.authority else "UTC"
    return clock.moment(zone) + (0 if clock.text else CLOCK_TOLERANCE)


def refuse_future(steps: Iterable[Step], clock: AsOf) -> None:
    """Stop at a mainline that is ahead of the reader's clock.

    Raises:
        CannotRun: naming the commit and the cure.
    """
    latest = clock.clock(_LAST_ZONE) + CLOCK_TOLERANCE
    for step in steps:
        if step.commit.time > latest:
            raise CannotRun(
                f"Commit {step.commit.oid[:12]} on the mainline is dated {format_time(step.commit.time)}, "
                "later than the clock of this machine. Set the clock right; or, if that date is wrong, "
                f"correct it in {SETTINGS_FILE} on a branch, and sign that with 'isodocs authorise': "
                f"corrections: [{{commit: {step.commit.oid}, time: {_suggested(steps, step)}, reason: …}}]"
            )


def _suggested(steps: Iterable[Step], wrong: Step) -> str:
    """The time that a commit of the future could have: that of the newest one before it."""
    before = 0
    for step in steps:
        if step is wrong:
            break
        before = max(before, step.commit.time)
    return format_time(before)


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
    steps = walk.mainline(repository, new)
    if old is not None and all(step.commit.oid != old for step in steps):
        return _turned(repository, old, new, clock, profile=profile, trust_root=trust_root)
    keep = [old] if old else []
    folded = fold(repository, new, None, trust_root=trust_root, keep=keep, steps=steps)
    base = folded.at[old] if old else None
    if old:
        commit_tree(repository, old)  # held against its id
    number = base.number + 1 if base else 0
    refuse_future(folded.steps[len(folded.steps) - len(folded.judged) : number], clock)
    authority = governing(base if base and base.authority else folded.state, new)
    held = base.fork(hold_authority=True) if base and base.authority else None
    if held is not None:
        for step in folded.steps[number:]:
            lifecycle.advance(held, step, folded.evidence, root=trust_root)
    before = base.tree.files if base else {}
    moment = clock.moment(authority.settings.timezone)
    return Library(
        judged=Judged.PUSH,
        profile=profile,
        moment=moment,
        settings=authority.settings,
        register=authority.register,
        state=folded.state,
        evidence=folded.evidence,
        readings=read_documents(commit_tree(repository, new), authority.settings),
        views=views(folded.state, folded.evidence, moment),
        base=base if base and base.authority else None,
        held=held,
        base_views=views(base, folded.evidence, moment) if base else {},
        changes=differences(before, folded.state.tree.files),
        push=_range(old, new, steps, number, (base, folded.state)),
        commit=new,
        notes=folded.notes,
    )


def _range(
    old: str | None, new: str, steps: Sequence[Step], first: int, states: tuple[State | None, State]
) -> Push:
    """The steps from ``first`` on, as git has them, between the states of the old tip and the new one."""
    before, after = (one.authority.settings.corrections if one and one.authority else () for one in states)
    known = {(one.commit, one.time) for one in before}
    fresh = {one.commit for one in after if (one.commit, one.time) not in known}
    return Push(
        old,
        new,
        turned=False,
        commits=tuple(step.commit for step in steps[first:]),
        corrected=tuple(step.commit for step in steps if step.commit.oid in fresh),
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
