"""The naive model: DESIGN section 4 computed another way, from whole trees, without looking at the product.

Every step reads its whole tree again, ancestors are plain sets, distinct people are found by trying all.
What it may be trusted with: small repositories in tests. Where the documents leave a choice, the choice made
is told by a comment that begins with "Choice:".
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations, product
from typing import TYPE_CHECKING

from model.reading import (
    Authority,
    Statement,
    Text,
    digest,
    encode,
    months_later,
    read_authority,
    read_document,
    read_statement,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from model.objects import Commit, Source

LEVELS = ("unsigned", "witnessed", "signed")
NEED_NO_ROLE = ("authored", "acknowledged")
UPON_APPROVED = ("withdrawn", "reaffirmed", "acknowledged")


@dataclass(frozen=True)
class Verdict:
    """What became of a statement, at which step; no code means it is valid.

    Choice: what is `weak`, below the assurance asked when it entered, counts for nothing: it bars nothing,
    lifts nothing, names no writers and sets off no approval. Anybody can write an unsigned statement.
    """

    statement: Statement
    code: str
    step: int
    time: int
    weak: bool = False

    @property
    def valid(self) -> bool:
        """Whether it stands."""
        return not self.code


@dataclass(frozen=True)
class Approved:
    """A revision that was approved."""

    number: str
    content: str
    text: Text
    step: int
    time: int
    start: int
    rules: Authority
    predecessor: frozenset[str]
    writers: frozenset[str]


@dataclass(frozen=True)
class Withdrawn:
    """A withdrawal that took effect, by its statements."""

    step: int
    time: int
    statements: frozenset[str]


@dataclass(frozen=True)
class Reaffirmed:
    """A periodic review that took effect."""

    step: int
    time: int
    content: str
    due: date
    statements: frozenset[str]


@dataclass
class Life:
    """What happened to one id, in order."""

    approved: list[Approved] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    reaffirmed: list[Reaffirmed] = field(default_factory=list)

    @property
    def ended(self) -> Withdrawn | None:
        """The withdrawal after which nothing was approved."""
        last = self.withdrawn[-1] if self.withdrawn else None
        return last if last and last.step >= self.approved[-1].step else None

    @property
    def before(self) -> frozenset[str]:
        """What the next statement must name as its predecessor: one of these; "" stands for null."""
        if self.ended:
            return self.ended.statements
        return frozenset({self.approved[-1].content if self.approved else ""})

    @property
    def since(self) -> int | None:
        """The step of the last approval or withdrawal."""
        return max([one.step for one in self.approved] + [one.step for one in self.withdrawn], default=None)

    def naming(self, content: str) -> Approved | None:
        """The approved revision with this content."""
        return next((one for one in self.approved if one.content == content), None)

    def in_force(self, moment: int) -> Approved | None:
        """The revision in force, from what has been approved so far."""
        if self.ended:
            return None
        last = self.withdrawn[-1].step if self.withdrawn else -1
        return next((one for one in self.approved[::-1] if one.step > last and one.start <= moment), None)


@dataclass(frozen=True)
class Draft:
    """A text of the tree that is not the last approved one."""

    revision: str
    path: str
    status: str


@dataclass(frozen=True)
class Tree:
    """One commit's files, read whole."""

    objects: Source
    commit: Commit

    def read(self, path: str) -> bytes | None:
        """A regular file's bytes."""
        entry = self.objects.files(self.commit.tree).get(path)
        return self.objects.blob(entry.blob) if entry and entry.regular else None

    @cached_property
    def texts(self) -> dict[str, list[Text]]:
        """The readable documents by id."""
        found: dict[str, list[Text]] = {}
        for path in self.objects.files(self.commit.tree):
            if (
                path.startswith("documents/")
                and path.endswith(".md")
                and (data := self.read(path)) is not None
            ):
                text = read_document(path, data)
                if text is not None:
                    found.setdefault(text.said("id"), []).append(text)
        return found

    def only(self, identity: str) -> Text | None:
        """The one file with this id; None if there are several or none."""
        texts = self.texts.get(identity, [])
        return texts[0] if len(texts) == 1 else None

    def embedded(self, text: Text) -> dict[str, str] | None:
        """Digests of what a document embeds; None where something is missing."""
        found = {}
        for name in text.embeds:
            data = self.read(posixpath.normpath(posixpath.join(posixpath.dirname(text.path), name)))
            if data is None:
                return None
            found[name] = digest(data)
        return found

    def content(self, identity: str) -> str | None:
        """The digest of what could be signed of this id."""
        text = self.only(identity)
        embedded = self.embedded(text) if text else None
        if text is None or embedded is None:
            return None
        return digest(encode({"document": text.document, "embedded": embedded}))

    def written(self, identity: str) -> frozenset[str]:
        """Digests of all that stands under an id, signable or not: for asking who wrote it."""
        # Choice: a missing picture and a second file do not hide what somebody wrote.
        found = set()
        for text in self.texts.get(identity, []):
            places = {
                name: posixpath.normpath(f"{posixpath.dirname(text.path)}/{name}") for name in text.embeds
            }
            pictures = {name: self.read(place) for name, place in places.items()}
            digests = {name: None if data is None else digest(data) for name, data in pictures.items()}
            found.add(digest(encode({"document": text.document, "embedded": digests})))
        return frozenset(found)

    @cached_property
    def statements(self) -> dict[str, tuple[Statement, bytes]]:
        """The statements of the tree by digest, each with the bytes of its `.sig`."""
        found = {}
        for path in sorted(self.objects.files(self.commit.tree)):
            if path.startswith("signatures/") and path.endswith(".json"):
                data, proof = self.read(path), self.read(f"{path}.sig") or b""
                if data is not None:
                    statement = read_statement(data, proof)
                    found[statement.sha] = (statement, proof)
        return found

    def at(self, path: str) -> list[Statement]:
        """The statement at a path, if one is there."""
        data = self.read(path)
        return [] if data is None else [read_statement(data)]

    def bytes_of(self, sha: str) -> bytes:
        """The canonical bytes of a readable statement."""
        return encode(self.statements[sha][0].says)

    @cached_property
    def authority(self) -> Authority | None:
        """Settings and register, where both can be read."""
        settings, people = self.read("isodocs.yml"), self.read("people.yml")
        return None if settings is None or people is None else read_authority(settings, people)

    def protected(self, patterns: Iterable[str]) -> str:
        """The digest of the protected set under these patterns."""
        whole = re.compile("|".join(map(_glob, ("isodocs.yml", "people.yml", *patterns))))
        found = {}
        for path in self.objects.files(self.commit.tree):
            data = self.read(path) if whole.fullmatch(path) else None
            if data is not None:
                found[path] = digest(data)
        return digest(encode({"document": None, "embedded": found}))


def _glob(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return "".join(meaning.get(part, re.escape(part)) for part in parts)


def rank(number: str, scheme: str) -> tuple[int, ...] | None:
    """A revision number as something that can be compared; None if it is not of the scheme."""
    if scheme == "letter":
        return (len(number), *map(ord, number)) if re.fullmatch("[A-Z]+", number) else None
    pattern = r"[0-9]+\.[0-9]+" if scheme == "major.minor" else "[0-9]+"
    return tuple(map(int, number.split("."))) if re.fullmatch(pattern, number) else None


def required(rules: Authority, text: Text, meaning: str) -> set[str] | None:
    """The roles and people who must sign; None where the type, and so the policy, is unknown."""
    kind = rules.kind(text.said("type"))
    if kind is None:
        return None
    policy = kind.get(meaning) or kind["approved"]
    assert isinstance(policy, dict)
    wanted = {text.said("owner") if role == "owner" else role for role in policy["roles"]}
    # Choice: `approvers` are added where a revision is approved, not where it is reviewed or withdrawn.
    if meaning != "approved":
        return wanted
    extra = text.front.get("approvers")
    return wanted | set(extra if isinstance(extra, list) else [])


def counts(rules: Authority, text: Text, meaning: str, statement: Statement) -> bool:
    """Whether the statement's assurance is what the policy asks."""
    kind = rules.kind(text.said("type")) or {}
    policy = kind.get(meaning) or kind.get("approved") or {}
    assert isinstance(policy, dict)
    return strong(policy, statement)


def strong(policy: dict[str, object], statement: Statement) -> bool:
    """Whether a statement is as strong as a policy asks: its assurance, and a device that knew its user."""
    asked = str(policy.get("assurance", "signed"))
    if policy.get("user_verification") == "true" and not statement.knew_user:
        return False
    return LEVELS.index(statement.said("assurance")) >= LEVELS.index(asked)


def apart(statements: Sequence[Statement]) -> bool:
    """Whether nobody signed two of them, and no two were signed for one person."""
    signers, persons = ({one.said(key) for one in statements} for key in ("signer", "person"))
    return len(signers) == len(persons) == len(statements)


def serves(rules: Authority, text: Text, meaning: str, statement: Statement) -> bool:
    """Whether the policy asks for the statement's role and its assurance is enough."""
    asked = required(rules, text, meaning) or set()
    return statement.said("role") in asked and counts(rules, text, meaning, statement)


def satisfied(rules: Authority, text: Text, meaning: str, statements: Iterable[Statement]) -> bool:
    """Whether these statements are all that the policy for this document asks."""
    wanted = required(rules, text, meaning)
    if wanted is None:
        return False
    good = [one for one in statements if counts(rules, text, meaning, one)]
    by_role = [_different(one for one in good if one.said("role") == role) for role in sorted(wanted)]
    if (rules.kind(text.said("type")) or {}).get("distinct_people") != "true":
        return all(by_role)
    return any(map(apart, product(*by_role)))


def _different(statements: Iterable[Statement]) -> list[Statement]:
    """One statement for each signer and person: more of them change no answer, and trying takes long."""
    return list({(one.said("signer"), one.said("person")): one for one in statements}.values())


def reaches(statements: Iterable[Statement], quorum: int) -> bool:
    """Whether so many can be chosen that nobody signed twice or is signed for twice."""
    return any(map(apart, combinations(_different(statements), quorum)))


def capped(rules: Authority, text: Text, wanted: str, moment: int) -> date:
    """A review date, at most the type's interval after the local day of its entry."""
    kind = rules.kind(text.said("type")) or {}
    latest = months_later(rules.local_day(moment), int(str(kind.get("review_months", "24"))))
    return min(latest, date.fromisoformat(wanted)) if wanted else latest
