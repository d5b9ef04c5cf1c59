"""Random lives of an authority: who gets a role, loses a key, lowers a quorum, signs for whom, and on what.

A sequence is a list of acts, each a name and a few numbers; whom and what the numbers mean follows from the
moment at which the act is played. So any act can be left out and the rest still plays, which is how a failing
sequence is made short. Playing one gives the same history twice: as files for the product (`Ledger`), and as
values for the independent model.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from support.company import document_text
from support.statements import (
    Content,
    Key,
    canonical,
    content_digest,
    content_of,
    sha256,
    statement,
    statement_path,
)
from tamper import paper
from tamper.ledger import Ledger, Written
from tamper.model import (
    BOSS,
    DAY,
    DEPUTY_FOR,
    OWNER,
    QM,
    ZONE,
    Model,
    Protected,
    Rules,
    Said,
    Text,
    Tree,
    Window,
)
from tamper.register import FIRST, PEOPLE, files_of, root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WRITERS = (*PEOPLE, "max", "max", "max", "max")
ROLES = (QM, QM, OWNER, BOSS, *DEPUTY_FOR)
DOCUMENTS = ("WI-001", "WI-002")
HOURS = (1, 1, 1, 6, 14, 14.5, 24, 24, 72, 240, -24)
POLICIES = ((QM,), (QM, OWNER), (OWNER,), (QM, BOSS))
Act = tuple[str, int, int, int, int]


_sign = lru_cache(maxsize=1024)(lambda key, data: Key(key).sign(data))


@dataclass(frozen=True)
class About:
    """What is signed: a text of a document, or (``document`` empty) the protected files."""

    document: str
    content: Content
    predecessor: str | None
    number: int = 0

    @property
    def digest(self) -> str:
        """The digest of the content."""
        return content_digest(self.content)


@dataclass(frozen=True)
class Filed:
    """A statement as a file, and whether its signature is in order."""

    said: Said
    data: bytes
    path: str
    good: bool = True

    @property
    def files(self) -> dict[str, bytes]:
        """The statement and its signature."""
        key = self.said.key + ("+uv" if self.said.verified else "")
        return {
            self.path: self.data,
            f"{self.path}.sig": _sign(key, self.data + (b"" if self.good else b"\n")),
        }


@dataclass
class World:
    """A company that acts; its history so far, twice.

    Attributes:
        work: the protected set of the work tree.
        pushes: after how many steps a push began, and after how many it ended.
    """

    work: Protected
    ledger: Ledger = field(default_factory=Ledger)
    trees: list[Tree] = field(default_factory=list)
    sets: dict[str, Protected] = field(default_factory=dict)
    pushes: list[tuple[int, int]] = field(default_factory=list)
    filed: dict[str, Filed] = field(default_factory=dict)
    texts: dict[str, tuple[Text, bytes]] = field(default_factory=dict)
    bytes_of: dict[str, bytes] = field(default_factory=dict)
    once: dict[str, Filed] = field(default_factory=dict)
    clock: int = FIRST
    words: int = 0

    def __post_init__(self) -> None:
        """The model knows what governs, and so whoever acts does."""
        self.model = Model(self.sets)
        self.commit()

    @property
    def today(self) -> int:
        """The day of the clock."""
        return (self.clock + ZONE) // DAY

    # --- what people do -----------------------------------------------------------------------------

    def grant(self, who: int, role: int, since: int, until: int) -> None:
        """A role is given, perhaps from a later day on, perhaps for some days."""
        end = self.today + until if until > 1 else None
        self._give(PEOPLE[who % 4], Window(ROLES[role % len(ROLES)], self.today - 2 + since % 4, end))

    def _give(self, person: str, window: Window) -> None:
        held = {**self.work.grants, person: (*self.work.grants[person], window)}
        self.work = replace(self.work, grants=held)

    def take(self, who: int, which: int, *_: int) -> None:
        """A role is taken back."""
        person = PEOPLE[who % 4]
        held = list(self.work.grants[person])
        if held:
            held.pop(which % len(held))
        self.work = replace(self.work, grants={**self.work.grants, person: tuple(held)})

    def end(self, who: int, which: int, when: int, _: int) -> None:
        """A role ends on a day."""
        person = PEOPLE[who % 4]
        held = list(self.work.grants[person])
        if held:
            held[which % len(held)] = replace(held[which % len(held)], until=self.today - 1 + when % 4)
        self.work = replace(self.work, grants={**self.work.grants, person: tuple(held)})

    def rotate(self, who: int, when: int, gap: int, _: int) -> None:
        """A key ends, a new one begins, perhaps with a gap or both valid for a while."""
        person, day = PEOPLE[who % 4], self.today + when % 3
        open_ = [replace(one, until=one.until or day) for one in self.work.keys[person]]
        self.words += 1
        new = Window(f"{'sk-' if self.words % 2 else ''}{person}-{self.words}", day - 1 + gap % 3)
        self._hold(person, [*open_, new])

    def _hold(self, person: str, keys: Sequence[Window]) -> None:
        self.work = replace(self.work, keys={**self.work.keys, person: tuple(keys)})

    def share(self, who: int, whose: int, *_: int) -> None:
        """Somebody is given another's key as his own."""
        person, other = PEOPLE[who % 4], PEOPLE[whose % 4]
        if person != other:
            self._hold(person, [*self.work.keys[person], *self.work.keys[other][:1]])

    def revoke(self, who: int, which: int, when: int, since: int) -> None:
        """A key is taken back, and may have been in other hands for some days."""
        person = PEOPLE[who % 4]
        keys = list(self.work.keys[person])
        if keys:
            lost = self.today - since if since % 3 else None
            old = keys[which % len(keys)]
            keys[which % len(keys)] = replace(old, revoked=self.today - 1 + when % 3, compromised=lost)
        self._hold(person, keys)

    def rule(self, which: int, value: int, *_: int) -> None:
        """A line of the settings changes."""
        changes: list[dict[str, object]] = [
            {"quorum": 1 + value % 2}, {"quorum": 2}, {"recovery": (None, 1, 2)[value % 3]},
            {"verified": value % 3 == 0}, {"distinct": value % 2 == 0},
            {"roles": POLICIES[value % 4]},
        ]  # fmt: skip
        change = changes[which % len(changes)]
        self.work = replace(self.work, rules=replace(self.work.rules, **change))  # type: ignore[arg-type]

    def spill(self, *_: int) -> None:
        """The register is broken, or mended again."""
        self.work = replace(self.work, readable=not self.work.readable)

    def back(self, which: int, *_: int) -> None:
        """Settings and people are put back to an older state, or to what governs."""
        known = list(self.sets.values())
        self.work = self.sets[self.model.adopted] if which % 3 == 0 else known[which % len(known)]

    def write(self, name: int, by: int, above: int, _: int) -> None:
        """Somebody commits a text of a document."""
        document = DOCUMENTS[name % 2]
        last = self.model.approved.get(document, [])
        number = max(1, (last[-1].text.number if last else 0) + (1, 1, 1, 2, 0)[above % 5])
        self.words += 1
        author = WRITERS[by % len(WRITERS)]
        data = document_text(document, str(number), f"Words {self.words}.", change="Why").encode()
        self.commit()  # what lies in the work tree is nobody's text
        text = Text(content_digest(content_of(data, {})), number, author)
        self.texts[document], self.bytes_of[text.content] = (text, data), data
        self.commit(author)

    def say_set(self, how: int, who: int, other: int, old: int) -> None:
        """Somebody signs settings and people as they stand in the work tree."""
        recovers = how % 8 in {6, 7}
        deputy = other % 2 == 0 if how % 8 == 7 else how % 8 == 5
        known = [self.model.adopted] * 12 + list(self.sets)
        content = content_of(None, paper.protected(files_of(self.work)))
        again = content_digest(content) == self.model.adopted and old % 2
        predecessor = self.model.before if again else known[old % len(known)]
        self._say(About("", content, predecessor), BOSS if recovers else QM, who, other, deputy=deputy)

    def say_text(self, name: int, who: int, other: int, how: int) -> None:
        """Somebody approves the text in the work tree, or one that was approved before."""
        document = DOCUMENTS[name % 2]
        last = self.model.approved.get(document, [])
        if document not in self.texts:
            return
        text = last[who % len(last)].text if last and how % 9 == 0 else self.texts[document][0]
        here = [one.predecessor for one in last if one.text.content == text.content]
        predecessor = here[0] if here else last[-1].text.content if last else None
        predecessor = None if how % 9 == 1 else predecessor
        about = About(document, content_of(self.bytes_of[text.content], {}), predecessor, text.number)
        self._say(about, (QM, QM, OWNER, BOSS)[how % 4], who, other, deputy=how % 5 == 0)

    def _say(self, about: About, role: str, who: int, other: int, *, deputy: bool) -> None:
        """Somebody's statement; most often he may, by what governs now, and his key counts."""
        by = self.sets[self.model.governs]
        right = [one for one in PEOPLE if by.holds(one, role, self.clock)]
        person = signer = right[who % len(right)] if right and other % 10 else PEOPLE[who % 4]
        if deputy:
            deputies = [one for one in PEOPLE if by.stands_in(one, role, self.clock)]
            signer = deputies[other % len(deputies)] if deputies and other % 7 else PEOPLE[other % 4]
        valid = [one.name for one in by.keys[signer] if one.holds(self.clock)]
        every = [one.name for one in self.work.keys[signer]] or [signer]
        key = valid[other // 4 % len(valid)] if valid and other % 9 else every[other % len(every)]
        key = PEOPLE[other % 4] if other % 23 == 0 else key
        verified = key.startswith("sk-") and other % 5 != 0
        self._file(
            Said("", about.document, about.digest, about.predecessor, person, signer, role, key, verified),
            about,
        )

    def _file(self, told: Said, about: About) -> None:
        value = statement(
            content=about.content,
            identity=told.document or None,
            revision=str(about.number) if about.number else None,
            meaning="approved" if told.document else "authority",
            person=told.person,
            signer=None if told.signer == told.person else told.signer,
            role=told.role,
            time=paper.moment(self.clock + len(self.filed)),
            predecessor=told.predecessor,
            register=sha256(files_of(self.work)["people.yml"]),
        )
        data = canonical(value)
        self.filed[sha256(data)] = Filed(replace(told, sha=sha256(data)), data, statement_path(value))

    def unsay(self, which: int, *_: int) -> None:
        """A statement is deleted."""
        if self.filed:
            self.filed.pop(sorted(self.filed)[which % len(self.filed)])

    def spoil(self, which: int, *_: int) -> None:
        """A signature is damaged, or mended again."""
        if self.filed:
            name = sorted(self.filed)[which % len(self.filed)]
            self.filed[name] = replace(self.filed[name], good=not self.filed[name].good)

    def again(self, which: int, *_: int) -> None:
        """A statement that lay in an older commit is put back."""
        for step in self.ledger.written[which % len(self.ledger.written) :][:1]:
            for path, data in step.tree.items():
                if path.endswith(".json") and sha256(data) in self.once:
                    self.filed.setdefault(sha256(data), self.once[sha256(data)])

    def push(self, *_: int) -> None:
        """What was committed since the last push is pushed together."""
        old = self.pushes[-1][1] if self.pushes else 1
        if len(self.trees) > old:
            self.pushes.append((old, len(self.trees)))

    def wait(self, hours: int, *_: int) -> None:
        """The work tree is committed, some hours later or by a clock that is wrong."""
        self.clock += int(HOURS[hours % len(HOURS)] * 3600)
        self.commit()

    def commit(self, by: str = "max") -> None:
        """The work tree becomes the next step of the mainline."""
        self.clock += 60
        files = self._files()
        digest = paper.set_digest(files)
        self.sets[digest] = self.work
        self.once |= self.filed
        said = tuple(one.said for _, one in sorted(self.filed.items()) if one.good)
        tree = Tree(self.clock, digest, {name: one for name, (one, _) in self.texts.items()}, said)
        self.trees.append(tree)
        self.ledger.put(Written(by, self.clock, files))
        self.model.advance(tree)

    def _files(self) -> dict[str, bytes]:
        found = files_of(self.work)
        found |= {paper.place(name): data for name, (_, data) in self.texts.items()}
        for one in self.filed.values():
            found |= one.files
        return found


ACTS: dict[str, tuple[int, Callable[[World, int, int, int, int], None]]] = {
    "grant": (5, World.grant), "take": (2, World.take), "end": (2, World.end), "rotate": (3, World.rotate),
    "share": (1, World.share), "revoke": (3, World.revoke), "rule": (5, World.rule),
    "spill": (1, World.spill), "back": (3, World.back), "write": (6, World.write),
    "say_set": (22, World.say_set),
    "say_text": (16, World.say_text), "unsay": (2, World.unsay), "spoil": (2, World.spoil),
    "again": (1, World.again), "push": (6, World.push), "commit": (20, World.wait),
}  # fmt: skip


CHANGES = ("grant", "take", "end", "rotate", "share", "revoke", "rule", "rule", "back")


def sequence(seed: int) -> tuple[Act, ...]:
    """The acts of one seed; the first says how the company begins."""
    pick = random.Random(seed)  # noqa: S311 - chance, no secret
    names, weights = list(ACTS), [weight for weight, _ in ACTS.values()]
    found = ["root"]
    for story in pick.choices(("change", "text", "lost", "loose"), (3, 4, 1, 2), k=pick.randint(4, 14)):
        if story == "change":
            found += [pick.choice(CHANGES), *["say_set"] * pick.randint(1, 4), "commit"]
        elif story == "lost":
            found += ["back", "revoke", "say_set", "say_set", "say_set", "commit"]
        elif story == "text":
            found += ["write", *["say_text"] * pick.randint(1, 4), "commit"]
        else:
            found += pick.choices(names, weights, k=pick.randint(1, 5))
    numbers = range(1000)
    return tuple((name, *pick.choices(numbers, k=4)) for name in found)  # type: ignore[misc]  # four of them


def played(acts: Sequence[Act]) -> World:
    """A company that did all this."""
    _, quorum, recovery, roles, distinct = acts[0]
    rules = Rules(1 + quorum % 2, recovery % 3 or None, roles=POLICIES[roles % 4], distinct=distinct % 2 == 0)
    world = World(root(rules))
    for name, *numbers in acts[1:]:
        ACTS[name][1](world, *numbers)
    world.commit()
    world.push()
    return world
