"""Folding the mainline of a repository: on from the nearest state that was kept, else from the beginning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from isodocs.core import corrections, lifecycle
from isodocs.core.identity import format_time
from isodocs.core.kept_index import Kept
from isodocs.core.lazy import loaded
from isodocs.core.moment import CLOCK_TOLERANCE, AsOf
from isodocs.core.problem import CannotRun
from isodocs.core.settings import SETTINGS_FILE
from isodocs.git import walk
from isodocs.git.cache import Scratch
from isodocs.workers import GivenUp
from isodocs.workspace.contents import contents_of
from isodocs.workspace.evidence import gather
from isodocs.workspace.memory import Memory
from isodocs.workspace.past import Past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from isodocs.core.history import Step
    from isodocs.core.index import Index
    from isodocs.core.library import Library
    from isodocs.core.life import Evidence, State
    from isodocs.core.settings import Correction
    from isodocs.core.shard import Shard
    from isodocs.core.survey import Survey
    from isodocs.git.repository import Repository
    from isodocs.git.tree import Tree
    from isodocs.workspace.head import Head

_FIRST_ZONE, _LAST_ZONE = "Etc/GMT-14", "Etc/GMT+12"  # where a day ends first, and where last


@dataclass(frozen=True, slots=True)
class Folded:
    """A mainline, folded up to a moment.

    Attributes:
        steps: those that were folded now: the whole mainline, or what came after a kept state.
        judged: those of them that lie at the trust root or after it.
        evidence: what stands in their blobs.
        state: S of the last step that is not later than the moment.
        at: S of the commits that were asked for.
        dated: all steps with the dates that git has for them, where they count differently.
        notes: tell the reader of these.
        first: how many steps of the mainline lie before ``steps``.
        survey: gives what is out of the ordinary in the state, where that is known without looking at all.
        share: the part that was folded, where the rest was left out; else None.
    """

    steps: tuple[Step, ...]
    judged: tuple[Step, ...]
    evidence: Evidence
    state: State
    at: Mapping[str, State]
    dated: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    first: int = 0
    survey: Callable[[], Survey] | None = None
    share: Shard | None = None

    def after(self, number: int) -> tuple[Step, ...]:
        """The steps after the step of that number."""
        return self.steps[max(number + 1 - self.first, 0) :]


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be folded.

    Attributes:
        repository: where it lies.
        tip: the newest commit of the mainline.
        clock: later steps are left out, and no step may lie in its future. Without, all are folded.
        reader: whose clock no step may be ahead of, where ``clock`` is None; the caller refuses them.
        trust_root: the pinned root.
        keep: the commits at which S is wanted too.
        extra: steps to be folded after these, so that their blobs are read as well.
        contents: where blobs of ``extra`` lie that git may not have.
        trusted: corrections of dates that hold before the quorum signed them: for those who are to sign.
        whole: the history is folded from its beginning, whatever earlier runs kept: for auditors.
        share: only this part of the documents is asked about; what was kept is folded on from all the same.
    """

    repository: Repository
    tip: str
    clock: AsOf | None = None
    reader: AsOf | None = None
    trust_root: str | None = None
    keep: tuple[str, ...] = ()
    extra: tuple[Step, ...] = ()
    contents: Tree | None = None
    trusted: tuple[Correction, ...] = ()
    whole: bool = False
    share: Shard | None = None


def fold(question: Question) -> Folded:
    """Fold the mainline that ends at a commit.

    Raises:
        CannotRun: history is truncated, or a commit lies in the future.
    """
    if not question.whole and not question.trusted:
        past = _nearest(question) or _by_shares(question) or _prepared(question)
        folded = _from_past(question, past) if past is not None else None
        if folded is not None:
            return folded
    return _from_beginning(question)


def _prepared(question: Question) -> Past | None:
    """The state at the old tip of a push, folded first and kept: a refused push comes again."""
    old, root = next(iter(question.keep), None), question.trust_root
    if old is None or not question.repository.cache.kept:
        return None
    if root is not None and not walk.is_on_mainline(question.repository, root, old):
        return None
    _from_beginning(replace(question, tip=old, keep=(), extra=(), contents=None))
    return _nearest(question)


def index_on(folded: Folded, repository: Repository) -> Callable[[Library], Index | None]:
    """How a library that stands on a folded mainline gets its index, where a survey was kept."""

    def index(library: Library) -> Index | None:
        if folded.survey is None or library.moment < library.state.time:
            return None
        survey = folded.survey()
        if survey.qms != library.settings.qms:
            return None
        listing, own = partial(repository.asking.names, folded.state.commit), library.state is folded.state
        return Kept(library, survey, listing, own=own)

    return index


def _nearest(question: Question) -> Past | None:
    """The kept state to go on from: at the first commit whose state is wanted, or next below it."""
    memory = Memory(question.repository, question.trust_root)
    return memory.nearest(_base(question), _latest_allowed(question), partial(_anew, question))


def _by_shares(question: Question) -> Past | None:
    """The state there, folded by several processes; None where that does not pay, or cannot be."""
    from isodocs.workspace import shares  # noqa: PLC0415 - a warm run needs none of it

    repository, root, base = question.repository, question.trust_root, _base(question)
    repository.require_complete()
    chain = list(walk.first_parents(repository, base))
    if len(chain) < shares.LONG or (root is not None and root not in chain):
        return None
    cache = repository.cache if repository.cache.kept and question.share is None else Scratch()
    narrow = _Narrowing(question) if question.share is not None else None
    try:
        found = shares.parts(repository, base, chain, root, _latest_allowed(question), narrow)
    except (shares.Unsuited, GivenUp):
        return None
    memory = Memory(repository, root, cache)
    head = memory.keep_parts(found.head, found.dossiers, found.embedders, found.survey)
    return Past(
        repository, cache, head, partial(_anew, question, base), narrow.part if narrow is not None else None
    )


class _Narrowing:
    """Tells which signatures one part leaves out; ``part`` then says what it knows."""

    def __init__(self, question: Question) -> None:
        self._question, self.part = question, question.share

    def __call__(self, steps: Sequence[Step]) -> Callable[[str], bool]:
        from isodocs.workspace.narrowing import left_out  # noqa: PLC0415 - a hook folds no part

        question = self._question
        assert question.share is not None  # noqa: S101 - it is made for a part
        blobs = contents_of(question.contents, question.repository)
        self.part, goes = left_out(steps, question.extra, blobs, question.share)
        return goes


def _base(question: Question) -> str:
    return next(iter(question.keep), question.tip)


def _latest_allowed(question: Question) -> int:
    """The latest date that a commit may have without anything to be said of it; in seconds since 1970."""
    clocks = [one for one in (question.clock, question.reader) if one is not None]
    latest = [one.clock(_LAST_ZONE) + CLOCK_TOLERANCE for one in clocks]
    if question.clock is not None:
        latest.append(question.clock.moment(_FIRST_ZONE) + (0 if question.clock.text else CLOCK_TOLERANCE))
    return min(latest, default=1 << 62)


def _anew(question: Question, commit: str) -> tuple[State, Evidence, Head | None]:
    """The state at a commit folded again, where something that was kept of it is gone."""
    whole = replace(question, tip=commit, clock=None, keep=(), extra=(), contents=None)
    folded = _from_beginning(whole, again=True)
    head = Memory(question.repository, question.trust_root).head(commit)
    return folded.state, folded.evidence, head


def _from_past(question: Question, past: Past) -> Folded | None:
    """Go on from a kept state; None where it is not on this mainline, or dates are corrected after it."""
    repository = question.repository
    steps = walk.since(repository, past.head.commit, question.tip)
    if steps is None:
        return None
    evidence = gather([*steps, *question.extra], contents_of(question.contents, repository), past)
    if _corrects(evidence):
        return None
    if question.clock is not None:
        refuse_future(steps, question.clock)
    state = past.state(evidence)
    at = {past.head.commit: state.fork()} if past.head.commit in question.keep else {}
    at |= _advance(question, state, steps, steps, evidence)
    newest = max([past.head.newest, *(step.commit.time for step in steps)])
    survey: Callable[[], Survey] | None = None if steps else past.survey
    if steps and state.commit == question.tip:
        paths = {change.path for step in steps for change in step.commit.diffs[0]}
        kept = Memory(repository, question.trust_root).keep(state, evidence, newest, past, paths)
        survey = (lambda: kept) if kept is not None else None
    here = tuple(steps)
    part = past.part if past.part is not None and past.part.narrowed else None
    return Folded(here, here, evidence, state, at, here, first=past.number + 1, survey=survey, share=part)


def _from_beginning(question: Question, *, again: bool = False) -> Folded:
    """Fold the whole history; with ``again``, its state is kept though one was before."""
    repository, clock, root = question.repository, question.clock, question.trust_root
    steps = walk.mainline(repository, question.tip)
    if root is not None and root not in {step.commit.oid for step in steps}:
        raise CannotRun(
            f"The trust root {root[:12]} is not on the mainline that ends at {question.tip[:12]}."
        )
    blobs, share = contents_of(question.contents, repository), question.share
    if share is not None:
        from isodocs.workspace.narrowing import narrowed  # noqa: PLC0415 - a hook folds no part

        steps, share = narrowed(steps, question.extra, blobs, share)
    everything = [*steps, *question.extra]
    evidence = gather(everything, blobs)
    held = corrections.applicable(question.trusted, [step.commit for step in steps])
    held = held or corrections.accepted(everything, evidence, root)
    notes = _notes_on(question, held, steps, evidence)
    dated, steps = steps, corrections.corrected(steps, held)
    first = lifecycle.find_root(steps, evidence, root)
    judged = steps[len(steps) if first is None else first :]
    if clock is not None:
        refuse_future(judged, clock)
    state = lifecycle.start(evidence)
    at = _advance(question, state, steps, judged, evidence)
    memory, survey = Memory(repository, root), None
    if judged and share is None and state.commit == question.tip and not _corrects(evidence):
        newest = max(step.commit.time for step in judged)
        if again or memory.head(question.tip) is None:
            survey = memory.keep(state, evidence, newest, None)
    found = (lambda: survey) if survey is not None else None
    part = share if share is not None and share.narrowed else None
    return Folded(
        tuple(steps), tuple(judged), evidence, state, at, tuple(dated), notes, survey=found, share=part
    )


def _advance(
    question: Question, state: State, steps: Sequence[Step], judged: Sequence[Step], evidence: Evidence
) -> dict[str, State]:
    """Fold the steps up to the clock; S at those whose state is wanted."""
    clock = question.clock
    at: dict[str, State] = {}
    for number, step in enumerate(steps, len(judged) - len(steps)):
        if clock is not None and number >= 0 and step.commit.time > _latest(clock, state):
            break
        lifecycle.advance(state, step, evidence, root=question.trust_root)
        if step.commit.oid in question.keep:
            at[step.commit.oid] = state.fork()
    return at


def _corrects(evidence: Evidence) -> bool:
    """Whether any settings that were read correct the date of a commit."""
    return any(one is not None and one.corrections for one in loaded(evidence.settings).values())


def _notes_on(
    question: Question, held: Sequence[Correction], steps: Sequence[Step], evidence: Evidence
) -> tuple[str, ...]:
    """What readers are told of corrected dates; more where neither clock nor keys can vouch for them."""
    notes, clock, root = corrections.notes(held, steps), question.clock, question.trust_root
    now = clock.now if clock else 0
    names = {one.commit for one in held}
    ahead = clock is not None and all(step.commit.time > now for step in steps if step.commit.oid in names)
    everything = [*steps, *question.extra]
    if held and not ahead and not corrections.hold_by_themselves(held, everything, evidence, root):
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
