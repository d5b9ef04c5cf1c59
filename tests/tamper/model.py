"""Who governs, which statements count, what is approved: a second reading of DESIGN, *The fold*, by itself.

Written from the sentences, not from the product, and without its files: sets, registers and statements are
plain values here. Nothing is remembered that could be asked again; combinations are tried, not matched.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DAY, ZONE = 86_400, 3_600  # Berlin in winter
QM, OWNER, BOSS, DEPUTY = "quality-manager", "process-owner", "top-management", "deputy-qm"
DEPUTY_FOR = {DEPUTY: QM}


@dataclass(frozen=True)
class Window:
    """A role or a key, from a day (inclusive) until a day (exclusive); a key may be taken back."""

    name: str
    since: int
    until: int | None = None
    revoked: int | None = None
    compromised: int | None = None

    def holds(self, time: int) -> bool:
        day = (time + ZONE) // DAY
        return self.since <= day and all(end is None or day < end for end in (self.until, self.revoked))


@dataclass(frozen=True)
class Rules:
    """Of the settings, what the authority reads; ``recovery`` is the quorum of the role that steps in."""

    quorum: int = 1
    recovery: int | None = None
    verified: bool = False
    roles: tuple[str, ...] = (QM,)
    distinct: bool = False


@dataclass(frozen=True)
class Protected:
    """A set of settings and people."""

    rules: Rules
    grants: Mapping[str, tuple[Window, ...]]
    keys: Mapping[str, tuple[Window, ...]]
    readable: bool = True

    def holds(self, person: str, role: str, time: int) -> bool:
        return any(one.name == role and one.holds(time) for one in self.grants[person])

    def stands_in(self, person: str, role: str, time: int) -> bool:
        return any(of == role and self.holds(person, own, time) for own, of in DEPUTY_FOR.items())

    def holder(self, key: str, time: int) -> str | None:
        people = {
            who for who, keys in self.keys.items() for one in keys if one.name == key and one.holds(time)
        }
        return people.pop() if len(people) == 1 else None

    def in_doubt(self, key: str, time: int) -> bool:
        day = (time + ZONE) // DAY
        known = [one.compromised for keys in self.keys.values() for one in keys if one.name == key]
        return any(since is not None and day >= since for since in known)


@dataclass(frozen=True)
class Said:
    """A statement on a set (``document`` empty) or a text, by digest; ``verified``: the key knew its user."""

    sha: str
    document: str
    content: str
    predecessor: str | None
    person: str
    signer: str
    role: str
    key: str
    verified: bool = False


@dataclass(frozen=True)
class Text:
    """A text of a document: digest, number, and who brought it."""

    content: str
    number: int
    author: str


@dataclass(frozen=True)
class Tree:
    """What a commit of the mainline holds: the set's digest, texts, and the statements rightly signed."""

    time: int
    protected: str
    texts: Mapping[str, Text]
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Entered:
    """A statement that was judged."""

    said: Said
    step: int
    time: int
    valid: bool


@dataclass(frozen=True)
class Approved:
    """A revision that was approved, and under which rules."""

    text: Text
    step: int
    predecessor: str | None
    rules: Rules
    writers: frozenset[str]


@dataclass
class Model:
    """S(n). ``held``: settings and people stay those of the old tip, whatever is adopted."""

    sets: Mapping[str, Protected]
    held: bool = False
    number: int = -1
    time: int = 0
    adopted: str = ""
    before: str | None = None
    since: int = 0
    recovered: bool = False
    governs: str = ""
    entered: dict[str, Entered] = field(default_factory=dict)
    approved: dict[str, list[Approved]] = field(default_factory=dict)
    authors: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def hold(self) -> Model:
        return replace(
            self,
            held=True,
            entered=dict(self.entered),
            approved={name: list(all_) for name, all_ in self.approved.items()},
            authors={name: list(all_) for name, all_ in self.authors.items()},
        )

    def advance(self, tree: Tree) -> None:
        self.number, self.time = self.number + 1, max(self.time, tree.time)
        if not self.adopted:
            self.adopted = self.governs = tree.protected
        for name, text in tree.texts.items():
            if (text.content, text.author) not in self.authors.setdefault(name, []):
                self.authors[name].append((text.content, text.author))
        governing = self.sets[self.governs]
        known = {name: {one.text.content: one for one in all_} for name, all_ in self.approved.items()}
        for said in tree.said:
            if said.sha not in self.entered and self._is_here(said, tree, known):
                valid = self._is_right(said, governing) and self._fits(said, tree, known)
                self.entered[said.sha] = Entered(said, self.number, self.time, valid)
        for name, text in tree.texts.items():
            if text.content not in known.get(name, {}):
                self._approve(name, text, governing.rules)
        self._adopt(tree, governing.rules)

    def _is_here(self, said: Said, tree: Tree, known: Mapping[str, Mapping[str, Approved]]) -> bool:
        if not said.document:
            return said.content == tree.protected
        text = tree.texts.get(said.document)
        return said.content in known.get(said.document, {}) or (
            text is not None and text.content == said.content
        )

    def _is_right(self, said: Said, by: Protected) -> bool:
        """The key is the signer's, the role the person's, and the signer that person or a deputy."""
        if by.holder(said.key, self.time) != said.signer or not by.holds(said.person, said.role, self.time):
            return False
        if said.signer == said.person:
            return True
        recovers = not said.document and said.role == BOSS
        return not recovers and by.stands_in(said.signer, said.role, self.time)

    def _fits(self, said: Said, tree: Tree, known: Mapping[str, Mapping[str, Approved]]) -> bool:
        if not said.document:
            asked = {QM} | ({BOSS} if self.sets[self.governs].rules.recovery else set())
            again = said.content == self.adopted
            return said.role in asked and said.predecessor == (self.before if again else self.adopted)
        old = known.get(said.document, {}).get(said.content)
        if old is not None:
            return said.predecessor == old.predecessor and not {said.person, said.signer} & old.writers
        last = self.approved.get(said.document, [])
        numbers = [one.text.number for one in last]
        writers = self._writers(said.document)
        return (
            said.predecessor == (last[-1].text.content if last else None)
            and all(tree.texts[said.document].number > number for number in numbers)
            and not {said.person, said.signer} & writers
        )

    def _writers(self, name: str) -> frozenset[str]:
        """Who brought a text since the last approved one."""
        brought = [content for content, _ in self.authors[name]]
        last = [brought.index(one.text.content) for one in self.approved.get(name, [])[-1:]]
        return frozenset(author for _, author in self.authors[name][(last[0] + 1 if last else 0) :])

    def _standing(self, name: str, text: Text, predecessor: str | None) -> list[Entered]:
        return [
            one
            for one in self.entered.values()
            if one.valid and (one.said.document, one.said.content) == (name, text.content)
            and one.said.predecessor == predecessor
        ]  # fmt: skip

    def _approve(self, name: str, text: Text, rules: Rules) -> None:
        last = self.approved.get(name, [])
        predecessor = last[-1].text.content if last else None
        standing = self._standing(name, text, predecessor)
        if any(one.step == self.number for one in standing) and satisfied(
            rules, (one.said for one in standing)
        ):
            made = Approved(text, self.number, predecessor, rules, self._writers(name))
            self.approved.setdefault(name, []).append(made)

    def _adopt(self, tree: Tree, rules: Rules) -> None:
        if tree.protected == self.adopted or not self.sets[tree.protected].readable:
            return
        mine = [
            one.said
            for one in self.entered.values()
            if one.valid and not one.said.document and one.step > self.since
            and (one.said.content, one.said.predecessor) == (tree.protected, self.adopted)
            and (one.said.verified or not rules.verified)
        ]  # fmt: skip
        usual = is_quorum(rules.quorum, [one for one in mine if one.role == QM])
        if usual or (rules.recovery and is_quorum(rules.recovery, [one for one in mine if one.role == BOSS])):
            self.before, self.adopted, self.since = self.adopted, tree.protected, self.number
            self.recovered = not usual
            self.governs = self.governs if self.held else tree.protected

    def challenged(self, name: str, one: Approved) -> bool:
        """Whether without the keys that are in doubt today the revision would lack a signature."""
        by = self.sets[self.governs]
        sound = [
            item.said
            for item in self._standing(name, one.text, one.predecessor)
            if not by.in_doubt(item.said.key, item.time)
        ]
        return not satisfied(one.rules, sound)


def satisfied(rules: Rules, said: Iterable[Said]) -> bool:
    """One signature from each role; where people must differ, no signer and no person twice."""
    here = list(said)
    choices = [[one for one in here if one.role == role] for role in rules.roles]
    return any(not rules.distinct or apart(chosen) for chosen in product(*choices))


def is_quorum(asked: int, said: list[Said]) -> bool:
    """Whether so many people signed, each counted as signer and as the one signed for."""
    return any(apart(chosen) for chosen in combinations(said, asked))


def apart(chosen: Iterable[Said]) -> bool:
    """No signer and no person twice."""
    here = list(chosen)
    return len({one.signer for one in here}) == len({one.person for one in here}) == len(here)
