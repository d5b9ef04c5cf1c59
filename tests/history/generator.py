"""Random nasty histories: what people do to documents in git, and what git lets them do.

    made = make(seed)
    made.world.write(repo, made.tips)

Branches live side by side for long, merge in every way, and the mainline now and then turns. The same seed
makes the same history.
"""

from __future__ import annotations

import posixpath
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from history import paper
from history.acts import OUTSIDE, PICTURES, Draft, change
from history.brute import Blobs, Graph, Shelf
from history.fold import Fold
from history.objects import Entry
from history.office import Office
from history.world import Told, World

if TYPE_CHECKING:
    from collections.abc import Callable


START = 1_600_000_000
STEP = 600
SKEWS = (0, 0, 0, 0, 0, -STEP, -STEP, -100_000, -3_000_000, 40_000)
IDS = ("SOP-001", "SOP-002", "SOP-003", "WI-001", "WI-002", "FRM-001")
MAX_BRANCHES = 5


@dataclass
class Made:
    """A history: its commits, and the tips that the mainline had one after the other; the last is the end."""

    seed: int
    world: World
    tips: list[str] = field(default_factory=list)
    object_format: str = "sha1"

    @property
    def blobs(self) -> Blobs:
        """What its blobs say."""
        return Blobs(self.world)


def make(seed: int, commits: int | None = None) -> Made:
    """Make the history of a seed; with ``commits``, stop after so many."""
    generator = _Generator(seed)
    wanted = generator.dice.choice([15, 30, 45, 60])
    return generator.run(wanted if commits is None else commits)


class _Generator:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - histories, no secrets
        self.world = World((*PICTURES, *PICTURES, *OUTSIDE))
        self.made = Made(seed, self.world, [], self.dice.choice(["sha1"] * 7 + ["sha256"]))
        self.branches: dict[str, str] = {}
        self.addresses = {person: [f"{person}@example.org"] for person in paper.PEOPLE}
        self.graph = Graph(self.world.commits)
        self.blobs = Blobs(self.world)
        self.office = Office(self.world, self.dice)
        self.clock = START

    def run(self, commits: int) -> Made:
        """Begin, then act until there are so many commits."""
        self._begin()
        while len(self.world.commits) < commits:
            before = self.branches["main"]
            self._act()
            self.graph.grow()
            if self.branches["main"] != before and self.dice.random() < 0.15:
                self.made.tips.append(self.branches["main"])
        if self.made.tips[-1:] != [self.branches["main"]]:
            self.made.tips.append(self.branches["main"])
        return self.made

    # --- beginning --------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Some histories are older than their settings."""
        draft = Draft({}, self.world)
        for path in self.dice.sample([*PICTURES, *OUTSIDE], k=3):
            draft.put(path, b"picture %d" % self.dice.randrange(4))
        for name in self.dice.sample(IDS, k=3):
            path = self._new_place(name)
            shown = self.dice.sample(self.world.pictures, k=self.dice.choice([0, 0, 1, 2]))
            folder = posixpath.dirname(path)
            draft.put(
                path, paper.document(name, self.dice, [posixpath.relpath(one, folder) for one in shown])
            )
        for _ in range(self.dice.choice([0, 0, 0, 2])):
            self._commit("main", draft)
            self._change(draft)
        draft.put("isodocs.yml", paper.settings(self.dice.choice(["refuse", "say"])))
        draft.put("people.yml", paper.register(self.addresses))
        self._commit("main", draft)
        self.graph.grow()

    def _new_place(self, name: str) -> str:
        folder = self.dice.choice(["", "", "a/", "a/b/", "ä/", "A/"])
        return f"documents/{folder}{name}{self.dice.choice(['', '-x', ' y'])}.md"

    # --- acting -----------------------------------------------------------------------------------

    def _act(self) -> None:
        acts: list[tuple[int, Callable[[], None]]] = [
            (30, self._edit),
            (14, self._prepare),
            (10, self._sign),
            (7, self._squash),
            (26, self._merge),
            (16, self._branch),
            (3, self._root),
            (3, self._people),
            (3, self._withdraw),
            (2, self._turn),
            (3, self._revert),
            (3, self._empty),
        ]
        weights = [weight for weight, _ in acts]
        _, act = self.dice.choices(acts, weights)[0]
        act()

    def _edit(self) -> None:
        branch = self._some_branch()
        draft = self._draft(branch)
        self._change(draft)
        self._commit(branch, draft)

    def _change(self, draft: Draft) -> None:
        for _ in range(self.dice.choice([1, 1, 1, 2, 4])):
            change(draft, self.dice)

    def _empty(self) -> None:
        branch = self._some_branch()
        self._commit(branch, self._draft(branch))

    def _revert(self) -> None:
        """Some or all files as an older commit had them."""
        branch = self._some_branch()
        draft = self._draft(branch)
        old = self.world.files(self.dice.choice(list(self.world.commits)))
        paths = [path for path in {**old, **draft.files} if not path.endswith(".yml")]
        if self.dice.random() < 0.7:
            paths = self.dice.sample(sorted(paths), k=min(len(paths), 2))
        for path in sorted(paths):
            if path in old:
                draft.set(path, old[path])
            else:
                draft.drop(path)
        self._commit(branch, draft)

    def _branch(self) -> None:
        if len(self.branches) < MAX_BRANCHES:
            start = self.dice.choice(list(self.world.commits)[-12:])
            self.branches[f"b{len(self.world.commits)}"] = start

    def _root(self) -> None:
        """Another first commit, to be merged one day."""
        if len(self.branches) >= MAX_BRANCHES:
            return
        draft = Draft({}, self.world)
        for name in self.dice.sample(IDS, k=2):
            draft.put(self._new_place(name), paper.document(name, self.dice, []))
        self._commit(f"r{len(self.world.commits)}", draft)

    def _turn(self) -> None:
        """The mainline takes over a branch that contains it, as `git pull` and push do."""
        main = self.branches["main"]
        others = [oid for oid in self.branches.values() if self.graph.before(main, oid)]
        if others:
            self.branches["main"] = self.dice.choice(others)
        elif len(self.branches) > 1:
            branch = self._some_branch(but="main")
            self._merge_into(branch, [main])
            self.branches["main"] = self.branches[branch]

    # --- merging ----------------------------------------------------------------------------------

    def _merge(self) -> None:
        if len(self.branches) == 1:
            self._branch()
            return
        into = "main" if self.dice.random() < 0.6 else self._some_branch()
        others = [name for name in self.branches if name != into]
        count = min(len(others), self.dice.choice([1, 1, 1, 1, 2, 3]))
        chosen = self.dice.sample(others, k=count)
        self._merge_into(into, [self.branches[name] for name in chosen])
        for name in chosen:
            if name != "main" and self.dice.random() < 0.35:
                del self.branches[name]

    def _merge_into(self, into: str, others: list[str]) -> None:
        ours = self.branches[into]
        if self.dice.random() < 0.05:
            others = [*others, self.dice.choice([ours, *others, *self.world.commits])]
        draft = Draft(dict(self.world.files(ours)), self.world)
        kind = self.dice.choice(["clean", "clean", "clean", "ours", "theirs", "evil", "evil"])
        if kind == "theirs":
            draft = Draft(dict(self.world.files(others[0])), self.world)
        elif kind != "ours":
            for other in others:
                self._mix(draft, ours, other)
        if kind == "evil":
            self._change(draft)
        self._commit(into, draft, others)

    def _mix(self, draft: Draft, ours: str, other: str) -> None:
        """Merge path by path; a conflict is settled by chance."""
        both = self.graph.members(self.graph.reach[ours] & self.graph.reach[other])
        tips = [one for one in both if not any(self.graph.before(one, more) for more in both)]
        base = self.world.files(self.dice.choice(sorted(tips))) if tips else {}
        theirs = self.world.files(other)
        for path in sorted({*base, *theirs, *draft.files}):
            mine, old, new = draft.files.get(path), base.get(path), theirs.get(path)
            if new in (old, mine) or (mine != old and self.dice.random() < 0.5):
                continue
            if new is None:
                draft.drop(path)
            else:
                draft.set(path, new)

    # --- signing ----------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """A new revision on a branch, signed by all who must, mostly well; then perhaps merged."""
        branch = self._some_branch()
        draft = self._draft(branch)
        name = self._some_document(draft)
        if name is None:
            return
        self._raise(draft, name)
        self._commit(branch, draft, author=self.dice.choice(["max", "max", "max", "anna"]))
        for _ in range(self.dice.choice([1, 2])):
            draft = self._draft(branch)
            self._office().sign_all(draft, name)
            self._commit(branch, draft, author=self.dice.choice(["anna", "jane", "olga"]))
        if branch != "main" and self.dice.random() < 0.6:
            self._merge_into("main", [self.branches[branch]])

    def _squash(self) -> None:
        """A new revision and its approvals in one commit."""
        draft = self._draft("main")
        name = self._some_document(draft)
        if name is None:
            return
        for _ in range(self.dice.choice([1, 1, 2])):
            self._raise(draft, name)
        self._office().sign_all(draft, name)
        self._commit("main", draft, author=self.dice.choice(["max", "anna", "jane", "olga", "stranger"]))

    def _raise(self, draft: Draft, name: str) -> None:
        """Write the next revision of a document."""
        found = self._shelf(draft).only(name)
        if found is None:
            return
        path, _ = found
        data = draft.read(path)
        approvals = self._office().mainline.life(name).approvals
        number = max([int(one.revision) for one in approvals], default=0) + 1
        edit = self.dice.choice([paper.with_words, paper.with_words, paper.rewritten, paper.respaced])
        data = edit(paper.revised(data, number), self.dice)
        draft.put(path, data, draft.files[path].mode)

    def _sign(self) -> None:
        """Somebody signs something, well or not."""
        branch = self._some_branch()
        draft = self._draft(branch)
        name = self._some_document(draft)
        if name is not None:
            people = self.dice.sample(list(paper.PEOPLE), k=self.dice.choice([1, 2]))
            for person in people:
                self._office().state(draft, name, person)
            self._commit(branch, draft, author=self.dice.choice(people))

    def _withdraw(self) -> None:
        """A document that was approved ends, or is meant to."""
        names = [name for name, life in self._office().mainline.lives.items() if life.approvals]
        if names:
            branch = self._some_branch()
            draft = self._draft(branch)
            person = self.dice.choice(["jane", "jane", "olga", "anna"])
            self._office().state(draft, self.dice.choice(sorted(names)), person, "withdrawn")
            self._commit(branch, draft, author=person)

    def _people(self) -> None:
        """Somebody changes the register."""
        branch = self._some_branch()
        draft = self._draft(branch)
        self._office().change_register(draft)
        self._commit(branch, draft, author="jane")

    # --- what is there ----------------------------------------------------------------------------

    def _office(self) -> Office:
        """Who signs, knowing the mainline as it stands."""
        office = self.office
        chain = self.graph.chain(self.branches["main"])
        if office.mainline.chain != chain[: len(office.mainline.chain)]:
            office.mainline = Fold(self.world)
        for oid in chain[len(office.mainline.chain) :]:
            office.mainline.go(oid)
        return office

    def _some_branch(self, but: str = "") -> str:
        names = [name for name in self.branches if name != but]
        return self.dice.choice([*names, *(["main"] if but != "main" else [])])

    def _draft(self, branch: str) -> Draft:
        return Draft(dict(self.world.files(self.branches[branch])), self.world)

    def _shelf(self, draft: Draft) -> Shelf:
        return Shelf(draft.files, self.blobs)

    def _some_document(self, draft: Draft) -> str | None:
        names = [name for name, texts in self._shelf(draft).texts.items() if len(texts) == 1]
        return self.dice.choice(sorted(names)) if names else None

    def _commit(
        self, branch: str, draft: Draft, others: list[str] | None = None, author: str | None = None
    ) -> None:
        self.clock += STEP
        parents = [self.branches[branch]] if branch in self.branches else []
        message = self.dice.choice(
            ["change\n", "\n\n  change\nmore\n", "x\n\nCo-authored-by: A <a@b.example>\n\nend\n"]
        )
        helpers = [self._address() for _ in range(self.dice.choice([0] * 9 + [1, 1, 2]))]
        who = self._address(author)
        committer = who if self.dice.random() < 0.7 else self._address()
        time = self.clock + self.dice.choice(SKEWS)
        told = Told(who, committer, tuple(helpers), self.clock, time, message)
        self.branches[branch] = self.world.commit([*parents, *(others or [])], draft.files, told)
        self.graph.grow()

    def _address(self, person: str | None = None) -> str:
        person = person or self.dice.choice([*paper.PEOPLE, *["max"] * 9, "stranger", "office"])
        if person not in paper.PEOPLE:
            return paper.STRANGER if person == "stranger" else paper.SHARED
        written = [f"{person}@example.org"] * 6 + [f"{person.upper()}@Example.org", f"{person}@home.example"]
        return self.dice.choice(written)


__all__ = ["Entry", "Made", "make"]
