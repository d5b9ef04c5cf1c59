"""The fold: what was approved, withdrawn and reaffirmed, and by what authority, step by step (DESIGN, 4).

``State`` is S(n); ``advance`` makes S(n) from S(n−1) and the step C(n−1) → C(n). A state is append-only in
what it says of the past, so ``fork`` gives a copy that can be folded on in another way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.core import adoption, judging
from isodocs.core.authority import day_start
from isodocs.core.history import Entry
from isodocs.core.identity import add_months, local_day, parse_date
from isodocs.core.life import (
    Adoption,
    Approval,
    Authority,
    Evidence,
    Life,
    Reaffirmation,
    State,
    Withdrawal,
)
from isodocs.core.policy import requirement
from isodocs.core.settings import ALWAYS_PROTECTED
from isodocs.core.statement import Content, Meaning, sha256
from isodocs.core.tree import AUTHORITY_ID, TreeIndex

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from isodocs.core.authority import Register
    from isodocs.core.history import Change, Commit, Step
    from isodocs.core.judging import Entered
    from isodocs.core.settings import Settings


def start(evidence: Evidence) -> State:
    """The state before the first commit."""
    return State(TreeIndex(evidence.documents, evidence.statements))


def advance(
    state: State, step: Step, evidence: Evidence, *, root: str | None = None, snapshot: bool = False
) -> None:
    """Fold one step into the state.

    Args:
        state: S(n−1), which becomes S(n).
        step: the step of the mainline.
        evidence: what stands in the blobs.
        root: the pinned trust root; without it, the first commit with readable settings and people.
        snapshot: the tree is judged by itself: predecessors and writers of its commits are unknown.
    """
    changes = step.commit.diffs[0]
    dirty = enter(state, step.commit, changes, evidence)
    state.time = max(state.time, step.commit.time)
    governing = state.authority
    if governing is None:
        governing = _take_root(state, evidence, root, step.commit.time)
        dirty = set(state.tree.about)
    elif _touches_protected(changes, governing, state, evidence):
        state.protected = protected_set(state.tree, governing.scope, evidence)
        dirty.add(AUTHORITY_ID)
    if governing is None:
        return
    if AUTHORITY_ID in dirty:
        _settle_authority(state, governing, evidence)
    take_effect(state, dirty, governing, evidence, snapshot=snapshot)


def enter(state: State, commit: Commit, changes: Iterable[Change], evidence: Evidence) -> set[str]:
    """Go on to the tree of a commit of the mainline; the ids of whom something differs in it."""
    state.number += 1
    state.commit = commit.oid
    dirty = state.tree.apply(changes)
    for change in changes:
        dirty |= evidence.lineage.embedders(change.path)
    return dirty


def take_effect(
    state: State, dirty: set[str], governing: Authority, evidence: Evidence, *, snapshot: bool = False
) -> None:
    """Judge the statements about documents that changed, or wait to be looked at again, and what they do.

    What governs counts for the whole step, whatever the step adopts.
    """
    state.changed |= dirty | state.pending
    names = {name for name in dirty | state.pending if name in state.tree.about}
    state.pending = frozenset()
    judged = {
        name: judging.judge_document(state, name, governing, evidence, snapshot=snapshot)
        for name in sorted(names - {AUTHORITY_ID})
    }
    for name, entered in judged.items():
        if entered is not None:
            _settle(state, name, entered, governing, evidence, snapshot=snapshot)


def find_root(steps: Iterable[Step], evidence: Evidence, pinned: str | None = None) -> int | None:
    """The index of the trust root among the steps of a mainline; None if it has none."""
    names: dict[str, str] = {}
    for number, step in enumerate(steps):
        for change in step.commit.diffs[0]:
            if change.path in ALWAYS_PROTECTED:
                names[change.path] = _oid(Entry(change.new_mode, change.new))
        settings, register = (names.get(path, "") for path in ALWAYS_PROTECTED)
        readable = evidence.settings.get(settings) and evidence.registers.get(register)
        if readable and pinned in {None, step.commit.oid}:
            return number
    return None


def _take_root(state: State, evidence: Evidence, pinned: str | None, time: int) -> Authority | None:
    """Make this commit the trust root, if it is the pinned one or the first that can be; time begins here."""
    if pinned is not None and state.commit != pinned:
        return None
    read = readable_authority(state.tree, evidence)
    if read is None:
        return None
    settings, register = read
    state.root, state.time = state.commit, time
    state.protected = protected_set(state.tree, settings, evidence)
    source, people = _sources(state.tree)
    state.authority = Authority(
        settings,
        register,
        settings,
        state.protected.digest,
        state.number,
        state.commit,
        sources=(source, people, source),
    )
    _note_adoption(state, state.protected)
    return state.authority


def _touches_protected(
    changes: Iterable[Change], governing: Authority, state: State, evidence: Evidence
) -> bool:
    read = readable_authority(state.tree, evidence)
    scopes = (governing.scope, read[0]) if read else (governing.scope,)
    return any(scope.protects(change.path) for change in changes for scope in scopes)


def readable_authority(tree: TreeIndex, evidence: Evidence) -> tuple[Settings, Register] | None:
    """The settings and the register as they stand in a tree; None if one is missing or unreadable."""
    source, people = _sources(tree)
    settings, register = evidence.settings.get(source), evidence.registers.get(people)
    return (settings, register) if settings and register else None


def _sources(tree: TreeIndex) -> tuple[str, str]:
    """The object names of settings and register in a tree; empty where there is no ordinary file."""
    settings, register = (_oid(tree.files.get(path)) for path in ALWAYS_PROTECTED)
    return settings, register


def _oid(entry: Entry | None) -> str:
    return entry.oid if entry is not None and entry.regular else ""


def protected_set(tree: TreeIndex, scope: Settings, evidence: Evidence) -> Content:
    """The protected files of a tree, as content that an ``authority`` statement can name."""
    read = readable_authority(tree, evidence)
    scopes = (scope, read[0]) if read else (scope,)
    return _protected(tree, scopes, evidence)


def _protected(tree: TreeIndex, scopes: tuple[Settings, ...], evidence: Evidence) -> Content:
    files = {
        path: _protected_digest(entry, evidence)
        for path, entry in tree.files.items()
        if any(scope.protects(path) for scope in scopes)
    }
    return Content(None, tuple(sorted(files.items())))


def _protected_digest(entry: Entry, evidence: Evidence) -> str:
    """What stands for a protected file; a link or submodule is never taken for a file of the same bytes."""
    known = evidence.digests.get(entry.oid) if entry.regular else None
    return known or sha256(f"{entry.mode} {entry.oid}".encode())


def _settle_authority(state: State, governing: Authority, evidence: Evidence) -> None:
    """Adopt the tree's protected set if it has its quorum."""
    entered = adoption.judge_authority(state, governing, evidence)
    state.authority_log += tuple(entered)
    read = readable_authority(state.tree, evidence)
    tree_set = state.protected
    if read is None or tree_set is None or tree_set.digest == governing.digest:
        return
    quorum = adoption.enough(state, governing, tree_set)
    if quorum is None:
        return
    settings, register = read
    state.protected = _protected(state.tree, (settings,), evidence)
    adopted = replace(
        governing,
        scope=settings,
        digest=state.protected.digest,
        step=state.number,
        commit=state.commit,
        predecessor=governing.digest,
        recovered=quorum.recovery,
        sources=(*governing.sources[:2], _sources(state.tree)[0]),
    )
    if not governing.held:
        source, people = _sources(state.tree)
        adopted = replace(adopted, settings=settings, register=register, sources=(source, people, source))
    state.authority = adopted
    _note_adoption(state, tree_set, governing.digest, quorum)


def _note_adoption(
    state: State, signed: Content, predecessor: str | None = None, quorum: adoption.Quorum | None = None
) -> None:
    """Keep on record which set began to govern, and by whom; the trust root's has no quorum."""
    content = state.protected or signed
    known = Adoption(
        state.number, state.commit, state.time, content.digest, content, signed.digest, predecessor
    )
    if quorum is not None:
        known = replace(
            known,
            statements=tuple(item.digest for item in quorum.items),
            role=quorum.role,
            quorum=quorum.asked,
            reached=quorum.reached,
            recovered=quorum.recovery,
        )
    state.adoptions = (*state.adoptions, known)


def _settle(
    state: State,
    name: str,
    entered: Entered,
    governing: Authority,
    evidence: Evidence,
    *,
    snapshot: bool,
) -> None:
    """Let the statements that entered take effect: approval first, then reaffirmation and withdrawal."""
    before = state.life(name)
    life = replace(before.entered(entered.items), snapshot=snapshot)
    meanings = {item.statement.meaning for item in entered.items if item.valid and not item.weak}
    reaffirmation = withdrawal = approval = None
    if Meaning.APPROVED in meanings:
        approval = _approval(state, name, life, entered, governing, evidence)
    if Meaning.REAFFIRMED in meanings:
        reaffirmation = _reaffirmation(state, life, governing)
    if Meaning.WITHDRAWN in meanings:
        withdrawal = _withdrawal(state, life, governing, ended=len(life.approvals) + (approval is not None))
    if approval:
        life = replace(life, approvals=(*life.approvals, approval))
        if state.tree.about[name].keys() - {
            item.digest for item in life.judged
        }:  # they may have waited for it
            state.pending |= {name}
    if reaffirmation:
        life = replace(life, reaffirmations=(*life.reaffirmations, reaffirmation))
    if withdrawal:
        life = replace(life, withdrawals=(*life.withdrawals, withdrawal))
    state.lives[name] = life


def _approval(
    state: State, name: str, life: Life, entered: Entered, governing: Authority, evidence: Evidence
) -> Approval | None:
    """The approval of the tree's text, if the statements that stand for it satisfy the policy."""
    text = entered.text
    if text is None or text.content is None or life.approved(text.content):
        return None
    document, content = text.document, text.content
    asked = requirement(governing.settings, document, Meaning.APPROVED)
    counting = judging.counting(life, content)
    now = [item for item in counting if item.step == state.number and not item.weak]
    if asked is None or not now or not asked.satisfied(counting):
        return None
    kind = governing.settings.types[document.type]
    writers = entered.writers or judging.writers(state, name, life, content, governing, evidence)
    if kind.prepared == "signed" and not judging.prepared(life, content, writers.people, counting):
        return None
    zone = governing.settings.zone
    stated = day_start(document.effective_date, zone) if document.effective_date else state.time
    return Approval(
        revision=document.revision,
        content=content,
        document=document,
        path=text.path,
        step=state.number,
        commit=state.commit,
        time=state.time,
        effective_from=max(state.time, stated),
        predecessor=life.predecessor,
        predecessors=life.predecessors,
        requirement=asked,
        seen_writers=writers.people,
        carried=writers.carried,
        independence=kind.independence,
    )


def _reaffirmation(state: State, life: Life, governing: Authority) -> Reaffirmation | None:
    """The periodic review of the revision in force, if all who must have reaffirmed it."""
    approval = life.in_force(state.time)
    if approval is None:
        return None
    asked = requirement(governing.settings, approval.document, Meaning.REAFFIRMED)
    last = max((item.step for item in life.reaffirmations if item.content == approval.content), default=-1)
    items = [item for item in life.valid(Meaning.REAFFIRMED, approval.content) if item.step > last]
    if asked is None or not asked.satisfied(items):
        return None
    dates = [parse_date(item.statement.next_review or "") for item in items if asked.counts(item)]
    due = min((day for day in dates if day), default=None)
    return Reaffirmation(
        approval.content,
        state.number,
        state.commit,
        state.time,
        capped(due, approval.document.type, state.time, governing.settings),
    )


def _withdrawal(state: State, life: Life, governing: Authority, *, ended: int) -> Withdrawal | None:
    """The withdrawal of what was approved last, if its policy is satisfied."""
    if life.withdrawn:
        return None
    approval = life.approvals[-1]
    asked = requirement(governing.settings, approval.document, Meaning.WITHDRAWN)
    items = [item for item in life.valid(Meaning.WITHDRAWN, approval.content) if item.step > life.last_event]
    if asked is None or not asked.satisfied(items):
        return None
    served = [item for item in items if asked.counts(item)]
    last = max(served, key=lambda item: (item.step, item.statement.time, item.digest))
    return Withdrawal(
        digest=last.digest,
        statements=frozenset(item.digest for item in served),
        ended=ended,
        step=state.number,
        commit=state.commit,
        time=state.time,
        reason=last.statement.reason,
    )


def capped(due: date | None, kind: str, since: int, settings: Settings) -> date | None:
    """A review date, no later than the type's interval after ``since`` (seconds since 1970)."""
    known = settings.types.get(kind)
    if known is None or known.review_months is None:
        return due
    latest = add_months(local_day(since, settings.timezone), known.review_months)
    return min(due, latest) if due else latest
