"""The naive model's fold: the mainline step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.judge import Judge
from model.naive import (
    Approved,
    Draft,
    Life,
    Reaffirmed,
    Tree,
    Verdict,
    Withdrawn,
    capped,
    reaches,
    satisfied,
    serves,
)
from model.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from model.objects import Commit, Source
    from model.reading import Authority


class Fold:
    """Everything the mainline up to `tip` says.

    Attributes:
        steps: the commits since the trust root.
        times: t(n) of each.
        lives: what happened, by id.
        verdicts: the judged statements by digest.
        waiting: codes of the statements of the last tree that have not entered: AP105, or AP109.
        keys: the key that signed each statement, by digest.
        drafts: for each step, the texts that are not the last approved ones, by id.
        authority: who governs after the last step.
        adopted: the commits at which a set of settings and register began to govern, and whether by recovery.
    """

    def __init__(self, objects: Source) -> None:
        self.objects = objects
        self.steps: list[Commit] = []
        self.times: list[int] = []
        self.lives: dict[str, Life] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.waiting: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.drafts: list[dict[str, Draft | None]] = []
        self.authority: Authority | None = None
        self.set = self.set_before = ""
        self.set_step = -1
        self.adopted: list[tuple[str, bool]] = []
        self._trees: dict[str, Tree] = {}

    def go(self, commit: Commit) -> None:
        """Take one more commit of the mainline; those before the trust root are not judged."""
        tree = self.tree(commit.id)
        if self.steps or tree.authority:
            self._step(tree)

    def life(self, identity: str) -> Life:
        """What happened to an id so far."""
        return self.lives.setdefault(identity, Life())

    def tree(self, commit: str) -> Tree:
        """A commit's files."""
        if commit not in self._trees:
            self._trees[commit] = Tree(self.objects, self.objects.commits[commit])
        return self._trees[commit]

    # --- one step -----------------------------------------------------------------------------

    def _step(self, tree: Tree) -> None:
        self.steps.append(tree.commit)
        self.times.append(max([*self.times[-1:], tree.commit.time]))
        root = self.authority is None
        rules = self.authority or tree.authority
        assert rules
        judge = Judge(self, rules, tree)
        entering = judge.all()
        self.keys.update(judge.keys)
        for identity in sorted({*tree.texts, *self.lives}):
            # Choice: a withdrawal and an approval in one step both look at S(n-1); the approval comes first.
            approval = self._approval(judge, identity, entering)
            withdrawal = self._withdrawal(judge, identity, entering)
            self._record(identity, (approval, withdrawal, self._reaffirmation(judge, identity, entering)))
        if root:
            self._adopt(tree, "")
        else:
            self._amend(judge)
        self.drafts.append({name: judge.draft(name) for name in tree.texts})

    def _record(self, identity: str, events: Iterable[Approved | Withdrawn | Reaffirmed | None]) -> None:
        for event in events:
            if isinstance(event, Approved):
                self.life(identity).approved.append(event)
            elif isinstance(event, Withdrawn):
                self.life(identity).withdrawn.append(event)
            elif isinstance(event, Reaffirmed):
                self.life(identity).reaffirmed.append(event)

    def valid(self, identity: str, content: str, meaning: str) -> list[Verdict]:
        """The statements that stand, of one meaning, naming a content."""
        return [
            one
            for one in self.verdicts.values()
            if one.valid
            and one.statement.said("id") == identity
            and one.statement.said("meaning") == meaning
            and one.statement.content == content
        ]

    def _approval(self, judge: Judge, identity: str, entering: set[str]) -> Approved | None:
        text, content, life = judge.tree.only(identity), judge.tree.content(identity), self.life(identity)
        if text is None or content is None or life.naming(content) or self.barred(identity, content):
            return None
        good = [
            one
            for one in self.valid(identity, content, "approved")
            if one.statement.said("predecessor") in life.before
        ]
        # Choice: "one of its statements enters" means a valid one.
        fresh = any(one.statement.sha in entering and not one.weak for one in good)
        if not fresh or not judge.above(text, life):
            return None
        if not satisfied(judge.rules, text, "approved", [one.statement for one in good]):
            return None
        wanted = text.said("effective_date")
        start = max(judge.time, judge.rules.midnight(wanted)) if wanted else judge.time
        before, writers = life.before, frozenset(judge.writers(identity, content))
        number = text.said("revision")
        return Approved(
            number, content, text, judge.step, judge.time, start, judge.rules, before, writers
        )  # fmt: skip

    def barred(self, identity: str, content: str) -> bool:
        """Whether somebody returned this content and has not approved it since."""
        approvals = self.valid(identity, content, "approved")
        return any(
            not any(
                one.statement.said("person") == back.statement.said("person")
                and (one.step, one.statement.said("time")) > (back.step, back.statement.said("time"))
                for one in approvals
                if not one.weak
            )
            for back in self.valid(identity, content, "returned")
            if not back.weak
        )

    def _withdrawal(self, judge: Judge, identity: str, entering: set[str]) -> Withdrawn | None:
        life = self.life(identity)
        if not life.approved or life.ended:
            return None
        last = life.approved[-1]
        valid = self.valid(identity, last.content, "withdrawn")
        found = [one.statement for one in valid]
        if not satisfied(judge.rules, last.text, "withdrawn", found):
            return None
        # Choice: a change of policy alone withdraws nothing, as it approves nothing.
        if not any(one.sha in entering for one in found):
            return None
        # Choice: "the withdrawal statement" is any of those the policy asked for.
        asked = frozenset(one.sha for one in found if serves(judge.rules, last.text, "withdrawn", one))
        return Withdrawn(judge.step, judge.time, asked)

    def _reaffirmation(self, judge: Judge, identity: str, entering: set[str]) -> Reaffirmed | None:
        life = self.life(identity)
        current = life.in_force(judge.time)
        if current is None:
            return None
        spent = {sha for one in life.reaffirmed for sha in one.statements}
        # Choice: the statements of an earlier reaffirmation do not serve again for a later one.
        unspent = [
            one
            for one in self.valid(identity, current.content, "reaffirmed")
            if one.statement.sha not in spent
        ]
        found = [one.statement for one in unspent]
        fresh = any(one.statement.sha in entering and not one.weak for one in unspent)
        if not fresh or not satisfied(judge.rules, current.text, "reaffirmed", found):
            return None
        # Choice: the dates are those of the statements the policy asks for, not of others who signed along.
        asked = [one for one in found if serves(judge.rules, current.text, "reaffirmed", one)]
        dates = sorted(one.said("next_review") for one in asked if one.said("next_review"))
        due = capped(judge.rules, current.text, dates[0] if dates else "", judge.time)
        shas = frozenset(one.sha for one in found)
        return Reaffirmed(judge.step, judge.time, current.content, due, shas)

    # --- settings and register ----------------------------------------------------------------

    def _adopt(self, tree: Tree, before: str) -> None:
        assert tree.authority
        self.authority, self.set_before = tree.authority, before
        self.set, self.set_step = tree.protected(tree.authority.patterns), len(self.steps) - 1
        self.adopted.append((tree.commit.id, False))

    def _amend(self, judge: Judge) -> None:
        proposed = judge.proposed()
        if proposed == self.set or judge.tree.authority is None:
            return
        found = [
            one.statement
            for one in self.verdicts.values()
            if one.valid
            and not one.weak
            and one.statement.said("meaning") == "authority"
            and one.statement.content == proposed
            and one.statement.said("predecessor") == self.set
            and one.step > self.set_step
        ]
        reached = {
            role
            for role, quorum in judge.rules.changes().items()
            if reaches((one for one in found if one.said("role") == role), quorum)
        }
        if reached:
            self._adopt(judge.tree, self.set)
            self.adopted[-1] = (self.adopted[-1][0], judge.rules.rule["role"] not in reached)


def fold_of(repository: Path, tip: str = "main") -> Fold:
    """The fold of a repository, from its objects alone."""
    objects = Objects(repository, tip)
    fold = Fold(objects)
    for commit in objects.chain():
        fold.go(commit)
    return fold
