"""The brute fold: after every step of the mainline each statement of its whole tree is looked at again.

It knows what the generator makes: statements `approved`, `authored`, `reviewed`, `withdrawn` and `authority`,
signed by the person himself. Choices are those that the naive model of `tests/model` names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from history.brute import Blobs, Content, Graph, Shelf
from history.policy import independence, roles, satisfied, weak
from history.writers import Writers, writers_of
from model.reading import Authority, Statement, digest, encode, read_authority, read_statement, signed_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from history.objects import Source

    from isodocs.core.document import Document

PROTECTED = ("isodocs.yml", "people.yml")


@dataclass(frozen=True)
class Verdict:
    """What became of a statement, and at which step; no code means that it stands."""

    statement: Statement
    code: str
    step: int
    weak: bool

    @property
    def stands(self) -> bool:
        """Whether it is valid and strong enough to count."""
        return not self.code and not self.weak


@dataclass(frozen=True)
class Approval:
    """A revision that was approved."""

    revision: str
    content: Content
    text: Document
    path: str
    step: int
    predecessors: frozenset[str]
    writers: Writers


@dataclass
class Life:
    """What happened to one document; withdrawals are the step and the statements of each."""

    approvals: list[Approval] = field(default_factory=list)
    withdrawals: list[tuple[int, frozenset[str]]] = field(default_factory=list)

    @property
    def withdrawn(self) -> bool:
        """Whether nothing was approved after the last withdrawal."""
        return bool(self.withdrawals) and self.withdrawals[-1][0] >= self.approvals[-1].step

    @property
    def before(self) -> frozenset[str]:
        """What the next statement must name as predecessor: one of these; "" stands for null."""
        if self.withdrawn:
            return self.withdrawals[-1][1]
        return frozenset({named(self.approvals[-1].content) if self.approvals else ""})

    @property
    def since(self) -> int:
        """The step of the last approval or withdrawal; −1 if there is none."""
        return max([one.step for one in self.approvals] + [step for step, _ in self.withdrawals], default=-1)

    def approved(self, content: str) -> Approval | None:
        """The approval of the content with this digest."""
        return next((one for one in self.approvals if named(one.content) == content), None)


def named(content: Content) -> str:
    """The digest of a content, as `predecessor` has it."""
    return digest(encode({"document": content[0], "embedded": dict(content[1])}))


class Fold:
    """All that the mainline up to the last step says.

    Attributes:
        chain: its commits, oldest first, those before the trust root too.
        times: t(n) of each step since the trust root, by step.
        shelf: the documents of the last tree.
        lives: what happened to each document.
        verdicts: the statements that were judged, by digest.
        adopted: the steps at which a set of settings and register began to govern.
    """

    def __init__(self, source: Source) -> None:
        self.source, self.graph, self.blobs = source, Graph(source.commits), Blobs(source)
        self.chain: list[str] = []
        self.times: dict[int, int] = {}
        self.lives: dict[str, Life] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.adopted: list[int] = []
        self.rules: Authority | None = None
        self.set = ""
        self._before = ""
        self._passing: list[Statement] = []
        self._shelves: dict[str, Shelf] = {}

    @property
    def shelf(self) -> Shelf:
        """The documents of the last tree."""
        return self.shelf_of(self.chain[-1])

    def shelf_of(self, commit: str) -> Shelf:
        """The documents of a commit's tree."""
        if commit not in self._shelves:
            self._shelves[commit] = Shelf(self.source.files(commit), self.blobs)
        return self._shelves[commit]

    def life(self, name: str) -> Life:
        """What happened to a document so far."""
        return self.lives.setdefault(name, Life())

    def go(self, commit: str) -> None:
        """Take one more commit of the mainline."""
        self.chain.append(commit)
        self.graph.grow()
        own = self._own_authority()
        if self.rules is None and own is None:
            return
        rules = self.rules or own
        assert rules
        time = self.source.commits[commit].time
        self.times[self.step] = max([time, *self.times.values()])
        entered = self._judge(rules)
        for name in sorted({read.said("id") for read in entered if read.said("id")}):
            self._settle(name, [read for read in entered if read.said("id") == name], rules)
        if self.rules is None:
            self._adopt(rules)
        else:
            self._amend(own)

    @property
    def step(self) -> int:
        """The number of the last step, from 0 at the very first commit."""
        return len(self.chain) - 1

    # --- judging --------------------------------------------------------------------------------

    def statements(self) -> dict[str, tuple[Statement, list[str]]]:
        """The readable statements of the tree by digest, with all places where each lies."""
        found: dict[str, tuple[Statement, list[str]]] = {}
        for path, entry in sorted(self.shelf.files.items()):
            if path.startswith("signatures/") and path.endswith(".json") and entry.regular:
                read = read_statement(self.blobs.source.blob(entry.oid))
                if read.says:
                    found.setdefault(read.sha, (read, []))[1].append(path)
        return found

    def _judge(self, rules: Authority) -> list[Statement]:
        """Judge what the tree holds and was not judged; returns what entered now, void or not."""
        codes: dict[str, str] = {}
        read = self.statements()
        for sha, (one, places) in read.items():
            if sha in self.verdicts or one.said("qms") != rules.settings["qms"]:
                continue
            if self._names_something(one):
                code = self._signature(one, places, rules)
                if code is not None:
                    codes[sha] = code or self._right(one, rules) or self._order(one, rules)
        self._passing = [read[sha][0] for sha, code in codes.items() if not code]
        for sha, code in codes.items():
            one = read[sha][0]
            final = code or self._independence(one, rules)
            self.verdicts[sha] = Verdict(one, final, self.step, weak(one, rules))
        return [read[sha][0] for sha in sorted(codes)]

    def _names_something(self, one: Statement) -> bool:
        if one.said("meaning") == "authority":
            return one.content == self._proposed()
        name = one.said("id")
        if len(self.shelf.texts.get(name, ())) > 1:
            return False
        if self.life(name).approved(one.content):
            return True
        content = self.shelf.contents.get(name)
        return one.said("meaning") != "withdrawn" and content is not None and named(content) == one.content

    def _signature(self, one: Statement, places: Iterable[str], rules: Authority) -> str | None:
        """The first fault of its signature; None while it has none that verifies."""
        if one.said("assurance") == "unsigned" and one.said("meaning") != "authority":
            return ""
        message = encode(one.says)
        for path in places:
            beside = self.shelf.files.get(f"{path}.sig")
            proof = signed_by(message, self.source.blob(beside.oid)) if beside and beside.regular else None
            if proof:
                holder = rules.holder(proof.key, self.times[self.step])
                return "AP106" if holder is None else "" if holder == one.said("signer") else "AP103"
        return None

    def _right(self, one: Statement, rules: Authority) -> str:
        """Whether the person is known, and held the role where one is needed."""
        person, role = one.said("person"), one.said("role")
        if person not in rules.people:
            return "AP103"
        if one.said("meaning") == "authored":
            return ""
        held = role and rules.holds(person, role, self.times[self.step])
        wrong = one.said("meaning") == "authority" and role != rules.rule["role"]
        return "" if held and not wrong else "AP103"

    def _order(self, one: Statement, rules: Authority) -> str:
        """Predecessor and number."""
        if one.said("meaning") == "authority":
            return "" if one.said("predecessor") == self._set_before(one) else "RV106"
        life = self.life(one.said("id"))
        known = life.approved(one.content)
        if one.said("predecessor") not in (known.predecessors if known else life.before):
            return "RV106"
        if one.said("meaning") == "withdrawn" and known is not life.approvals[-1]:
            return "RV106"
        found = self.shelf.only(one.said("id"))
        text = known.text if known else found[1] if found else None
        assert text
        if one.said("revision") != text.revision:
            return "RV102"
        higher = all(int(text.revision) > int(other.revision) for other in life.approvals)
        return "" if known or higher or rules.kind(text.type) is None else "RV102"

    def _set_before(self, one: Statement) -> str:
        return self._before if one.content == self.set else self.set

    # --- independence ---------------------------------------------------------------------------

    def _independence(self, one: Statement, rules: Authority) -> str:
        """AP104 where somebody approves what he wrote, or nobody knows who wrote it."""
        name = one.said("id")
        if one.said("meaning") != "approved" or independence(name, rules) == "none":
            return ""
        known = self.life(name).approved(one.content)
        about = self._about(name, one.content, rules)
        seen = known.writers.people if known else self._writers(name, rules, about).people
        if one.hands & seen.union(*(other.writers for other in about)):
            return "AP104"
        return "AP104" if "?" in seen and rules.settings["unknown_writers"] == "refuse" else ""

    def _standing(self, name: str, content: str) -> Iterator[Statement]:
        """The valid statements on a content, of any meaning, that are strong enough."""
        for verdict in self.verdicts.values():
            one = verdict.statement
            if verdict.stands and one.said("id") == name and one.content == content:
                yield one

    def _about(self, name: str, content: str, rules: Authority) -> list[Statement]:
        """The statements on a content that stand, and of this step those valid up to independence."""
        entering = (one for one in self._passing if one.said("id") == name and one.content == content)
        found = {one.sha: one for one in (*self._standing(name, content), *entering)}
        return [one for one in found.values() if not weak(one, rules)]

    def writers(self, name: str) -> Writers:
        """Who wrote what stands in the last tree, by those who govern after it."""
        assert self.rules
        content = self.shelf.content(name)
        about = list(self._standing(name, named(content))) if content else []
        return self._writers(name, self.rules, about)

    def _writers(self, name: str, rules: Authority, about: list[Statement]) -> Writers:
        """Who wrote what stands in the tree, since the last approval or withdrawal."""
        life = self.life(name)
        base = self.chain[life.since] if life.since >= 0 else None
        approved = life.approvals[-1].content if life.approvals else None
        return writers_of(self, name, rules, about, base, approved)

    # --- taking effect --------------------------------------------------------------------------

    def _settle(self, name: str, entered: list[Statement], rules: Authority) -> None:
        standing = [one for one in entered if self.verdicts[one.sha].stands]
        meanings = {one.said("meaning") for one in standing}
        approval = self._approval(name, rules) if "approved" in meanings else None
        withdrawal = self._withdrawal(name, rules) if "withdrawn" in meanings else None
        if approval:
            self.life(name).approvals.append(approval)
        if withdrawal:
            self.life(name).withdrawals.append((self.step, withdrawal))

    def _approval(self, name: str, rules: Authority) -> Approval | None:
        life, found, content = self.life(name), self.shelf.only(name), self.shelf.content(name)
        if found is None or content is None or life.approved(named(content)):
            return None
        counting = [
            one
            for one in self._standing(name, named(content))
            if one.said("meaning") == "approved" and one.said("predecessor") in life.before
        ]
        now = [one for one in counting if self.verdicts[one.sha].step == self.step]
        if not now or not satisfied(found[1], counting, rules, "approved"):
            return None
        return Approval(
            found[1].revision,
            content,
            found[1],
            found[0],
            self.step,
            life.before,
            # Choice: on record are the writers whom the statements leave that stand after they were judged.
            self._writers(name, rules, list(self._standing(name, named(content)))),
        )

    def _withdrawal(self, name: str, rules: Authority) -> frozenset[str] | None:
        life = self.life(name)
        if life.withdrawn:
            return None
        last = life.approvals[-1]
        found = [
            one
            for one in self._standing(name, named(last.content))
            if one.said("meaning") == "withdrawn" and self.verdicts[one.sha].step > life.since
        ]
        asked = frozenset(
            one.sha for one in found if one.said("role") in roles(last.text, rules, "withdrawn")
        )
        return asked if satisfied(last.text, found, rules, "withdrawn") else None

    # --- settings and register ------------------------------------------------------------------

    def _own_authority(self) -> Authority | None:
        entries = [self.shelf.files.get(path) for path in PROTECTED]
        if not all(entry is not None and entry.regular for entry in entries):
            return None
        settings, people = (self.source.blob(entry.oid) for entry in entries if entry)
        return read_authority(settings, people)

    def _proposed(self) -> str:
        files = {path: self.shelf.files[path] for path in PROTECTED if path in self.shelf.files}
        embedded = {path: self.blobs.digest(entry.oid) for path, entry in files.items()}
        return digest(encode({"document": None, "embedded": embedded}))

    def _adopt(self, rules: Authority) -> None:
        self.rules, self._before, self.set = rules, self.set, self._proposed()
        self.adopted.append(self.step)

    def _amend(self, own: Authority | None) -> None:
        proposed = self._proposed()
        signed = any(
            verdict.stands
            and verdict.statement.said("meaning") == "authority"
            and verdict.statement.content == proposed
            and verdict.statement.said("predecessor") == self.set
            and verdict.step > self.adopted[-1]
            for verdict in self.verdicts.values()
        )
        if signed and own is not None and proposed != self.set:
            self._adopt(own)
