"""What the fold knows: the life of each document, the authority that governs, and S(n) as a whole.

Plain values. ``isodocs.core.lifecycle`` makes them, ``isodocs.core.status`` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from isodocs.core.lazy import copied, loaded
from isodocs.core.statement import AUTHORITY_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from isodocs.core.authority import Register
    from isodocs.core.document import Document
    from isodocs.core.lineage import Lineage
    from isodocs.core.policy import Requirement
    from isodocs.core.settings import Settings
    from isodocs.core.statement import Content, Meaning, Statement
    from isodocs.core.tree import StatementFile, TreeIndex


class Verdict(Protocol):
    """What a check of a signature said; ``isodocs.signing.verify.Verdict`` is one."""

    @property
    def ok(self) -> bool:
        """Whether the signature verifies over the bytes, by the key it carries."""

    @property
    def key(self) -> str:
        """The key it carries: kind and base64."""

    @property
    def fingerprint(self) -> str:
        """Its fingerprint, ``SHA256:…``."""

    @property
    def why(self) -> str:
        """Why it does not verify."""

    @property
    def user_verified(self) -> bool:
        """Whether a hardware key says that it knew its user."""


class SignatureCheck(Protocol):
    """Checks the signature in one blob over the statement in another; both by object name."""

    def __call__(self, statement: str, signature: str) -> Verdict:
        """The verdict; never raises."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that stands in the blobs of a history, by object name.

    ``named`` gives the object name for the SHA-256 of an approved text, or of a file that one embeds, where
    an earlier run has read them; None where all were read now.
    """

    documents: Mapping[str, Document]
    digests: Mapping[str, str]
    statements: Mapping[str, StatementFile]
    settings: Mapping[str, Settings | None]
    registers: Mapping[str, Register | None]
    check: SignatureCheck
    lineage: Lineage
    named: Callable[[str], str | None] | None = None

    def object_of(self, digest: str) -> str:
        """The object name of a blob by its SHA-256; empty where it was not read, now or earlier."""
        known = next((oid for oid, one in loaded(self.digests).items() if one == digest), None)
        return known or (self.named(digest) if self.named is not None else None) or ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement that was judged, and the step at which it was. ``code`` is empty if it is valid.

    ``weak``: its assurance was below what the policy asked then, so it speaks for nobody. ``user_verified``:
    it was signed with a hardware key that says it knew its user.
    """

    digest: str
    statement: Statement
    step: int
    commit: str
    time: int
    code: str = ""
    why: str = ""
    key: str = ""
    fingerprint: str = ""
    weak: bool = False
    user_verified: bool = False

    @property
    def valid(self) -> bool:
        """Whether it entered for good."""
        return not self.code

    @property
    def people(self) -> frozenset[str]:
        """Who signed it, and for whom: one person, or two where a deputy signed."""
        return frozenset({self.statement.person, self.statement.signer})


@dataclass(frozen=True, slots=True)
class Approval:
    """A revision that was approved. ``time`` is t(n); ``effective_from`` is not before it.

    ``predecessors`` is what a statement on it may name; more than one where a withdrawal came before.
    """

    revision: str
    content: Content
    document: Document
    path: str
    step: int
    commit: str
    time: int
    effective_from: int
    predecessor: str | None
    requirement: Requirement
    predecessors: frozenset[str | None] = frozenset()
    seen_writers: frozenset[str] = frozenset()
    carried: bool = False
    independence: str = "any-editor"


@dataclass(frozen=True, slots=True)
class Reaffirmation:
    """A periodic review without change that took effect; ``due`` is the next one, already capped."""

    content: Content
    step: int
    commit: str
    time: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The end of the first ``ended`` approvals, by ``statements``; ``digest`` completed it."""

    digest: str
    statements: frozenset[str]
    ended: int
    step: int
    commit: str
    time: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Life:
    """All that happened to one document on the mainline.

    ``snapshot``: only a tree is known, so nothing tells what its statements follow.
    """

    approvals: tuple[Approval, ...] = ()
    reaffirmations: tuple[Reaffirmation, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    judged: tuple[Judged, ...] = ()
    snapshot: bool = False

    @property
    def ended(self) -> int:
        """How many of the approvals a withdrawal has ended."""
        return self.withdrawals[-1].ended if self.withdrawals else 0

    @property
    def withdrawn(self) -> bool:
        """Whether the last thing that happened is a withdrawal."""
        return bool(self.withdrawals) and self.ended == len(self.approvals)

    @property
    def predecessor(self) -> str | None:
        """What a statement on the next revision must name."""
        if self.withdrawn:
            return self.withdrawals[-1].digest
        return self.approvals[-1].content.digest if self.approvals else None

    @property
    def predecessors(self) -> frozenset[str | None]:
        """What a statement on the next revision may name: after a withdrawal, any statement of it."""
        if self.withdrawn:
            return frozenset[str | None](self.withdrawals[-1].statements)
        return frozenset({self.predecessor})

    @property
    def last_event(self) -> int:
        """The step of the last approval or withdrawal; −1 if there is none."""
        events = [approval.step for approval in self.approvals[-1:]]
        events += [withdrawal.step for withdrawal in self.withdrawals[-1:]]
        return max(events, default=-1)

    def entered(self, judged: Iterable[Judged]) -> Life:
        """The same with more statements judged."""
        known = (*self.judged, *judged)
        return Life(self.approvals, self.reaffirmations, self.withdrawals, known, self.snapshot)

    def approved(self, content: Content) -> Approval | None:
        """The approval of this exact content."""
        document = content.document  # tells nearly all of them apart, and quickly
        for item in reversed(self.approvals):
            if item.content.document == document and item.content == content:
                return item
        return None

    def in_force(self, moment: int) -> Approval | None:
        """The approval in force at a time."""
        running = [item for item in self.approvals[self.ended :] if item.effective_from <= moment]
        return running[-1] if running else None

    def naming(self, content: Content) -> list[Judged]:
        """The valid statements of any meaning that name a content."""
        document = content.document  # tells nearly all of them apart, and quickly
        return [
            item
            for item in self.judged
            if item.statement.content.document == document
            and item.statement.content == content
            and not item.code
        ]

    def valid(self, meaning: Meaning, content: Content) -> list[Judged]:
        """The valid statements of a meaning that name a content."""
        return [item for item in self.naming(content) if item.statement.meaning is meaning]


@dataclass(frozen=True, slots=True)
class Authority:
    """The protected set that governs: settings, people, and the digest of all protected files.

    ``digest`` and ``scope`` (the settings that say which files are protected) move with each adopted set;
    ``settings`` and ``register`` too, unless authority is held. ``predecessor``: the digest before that.
    ``recovered``: the set was adopted by the recovery role, not by the role that usually changes it.
    ``sources``: the object names of ``settings``, ``register`` and ``scope``.
    """

    settings: Settings
    register: Register
    scope: Settings
    digest: str
    step: int
    commit: str
    held: bool = False
    predecessor: str | None = None
    recovered: bool = False
    sources: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class Adoption:
    """A protected set that began to govern: the trust root's, or one that had its quorum.

    Attributes:
        step: at which step of the mainline, and at which ``commit``; ``time`` is t(n).
        digest: of ``content``, the protected files by the settings adopted here.
        signed: digest of the set that the statements name: also files that these settings protect no more.
        predecessor: the digest of the set that governed before; None for the trust root.
        statements: digests of the statements that counted, in order; none for the trust root.
        role: whose quorum was reached; empty for the trust root.
        quorum: how many people it asked for; ``reached``: how many signed, each counted once.
        recovered: it was the quorum of the recovery role.
    """

    step: int
    commit: str
    time: int
    digest: str
    content: Content
    signed: str
    predecessor: str | None = None
    statements: tuple[str, ...] = ()
    role: str = ""
    quorum: int = 0
    reached: int = 0
    recovered: bool = False


@dataclass(slots=True)
class State:
    """S(n). ``authority`` is None before the trust root; ``adoptions`` begins with it, oldest first.

    ``changed`` are the ids whose text, statements or life changed since the state was begun or taken up.
    """

    tree: TreeIndex
    number: int = -1
    commit: str = ""
    time: int = 0
    root: str | None = None
    authority: Authority | None = None
    lives: dict[str, Life] = field(default_factory=dict)
    authority_log: tuple[Judged, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    protected: Content | None = None
    pending: frozenset[str] = frozenset()
    changed: set[str] = field(default_factory=set)
    _judged: tuple[int, dict[str, Judged]] | None = field(default=None, repr=False, compare=False)

    @property
    def judged(self) -> dict[str, Judged]:
        """Every statement that was judged, by digest. Dear: looks through all lives."""
        if self._judged is None or self._judged[0] != self.number:
            items = [item for life in self.lives.values() for item in life.judged]
            self._judged = self.number, {item.digest: item for item in (*items, *self.authority_log)}
        return self._judged[1]

    def judgement(self, name: str, digest: str) -> Judged | None:
        """What became of a statement about a document (or ``_authority``); None if it was not judged yet."""
        items = self.authority_log if name == AUTHORITY_ID else self.life(name).judged
        return next((item for item in items if item.digest == digest), None)

    def fork(self, *, hold_authority: bool = False) -> State:
        """An independent copy; with ``hold_authority`` no later change of settings or people governs."""
        copy = replace(self, tree=self.tree.fork(), lives=copied(self.lives), changed=set(self.changed))
        if hold_authority and copy.authority:
            copy.authority = replace(copy.authority, held=True)
        return copy

    def life(self, name: str) -> Life:
        """What happened to a document so far."""
        return self.lives.get(name, _NOTHING)


_NOTHING = Life()
