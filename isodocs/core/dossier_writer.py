"""Values of the fold as bytes: JSON of lists.

Texts, contents, facts of texts and policies are written once and then named by number: most of them occur
many times in the life of a document.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from isodocs.core.document import Document
    from isodocs.core.history import Identity
    from isodocs.core.life import Adoption, Approval, Judged, Life, Withdrawal
    from isodocs.core.lineage import Contents, Touch
    from isodocs.core.policy import Requirement
    from isodocs.core.statement import Content, Statement

Row = list[Any]


_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)


class _Numbers(dict[str | None, int]):
    """The numbers of texts, in the order in which they were first asked for; −1 for None."""

    def __missing__(self, text: str | None) -> int:
        number = self[text] = len(self) - 1
        return number


class Writer:
    """Turns values of the fold into rows; what occurs again is named by its number."""

    def __init__(self) -> None:
        self._texts = _Numbers({None: -1})
        self._contents: dict[Content, int] = {}
        self._documents: dict[Document, int] = {}
        self._requirements: dict[Requirement, int] = {}
        self._content_rows: list[Row] = []
        self._document_rows: list[Row] = []
        self._requirement_rows: list[Row] = []

    def finished(self, row: Row) -> bytes:
        """The row with all that it names, as bytes."""
        _, *texts = self._texts
        tables = [texts, self._content_rows, self._document_rows, self._requirement_rows, row]
        return _ENCODER.encode(tables).encode("ascii")

    def text(self, value: str | None) -> int:
        """A text's number; −1 for None."""
        return self._texts[value]

    def texts(self, values: Iterable[str | None]) -> list[int]:
        """The numbers of texts."""
        return list(map(self._texts.__getitem__, values))

    def content(self, value: Content) -> int:
        """The number of a content."""
        known = self._contents.get(value)
        if known is None:
            pairs = [part for pair in value.embedded for part in pair]
            self._content_rows.append([self.text(value.document), *self.texts(pairs)])
            known = self._contents[value] = len(self._contents)
        return known

    def document(self, one: Document) -> int:
        """The number of a document's facts."""
        known = self._documents.get(one)
        if known is None:
            plain = (one.sha256, one.id, one.title, one.revision, one.owner, one.change, one.body_digest)
            days = (_day(one.effective_date), _day(one.review_date))
            lists = (one.approvers, one.embeds, one.supersedes)
            self._document_rows.append([*self.texts((*plain, *days)), *map(self.texts, lists)])
            known = self._documents[one] = len(self._documents)
        return known

    def requirement(self, one: Requirement) -> int:
        """The number of what a policy asked."""
        known = self._requirements.get(one)
        if known is None:
            flags = [one.distinct_people, one.user_verification]
            self._requirement_rows.append([self.texts(sorted(one.roles)), self.text(one.assurance), *flags])
            known = self._requirements[one] = len(self._requirements)
        return known

    def life(self, life: Life) -> Row:
        """What happened to a document."""
        return [
            [self.approval(one) for one in life.approvals],
            [
                [self.content(one.content), one.step, one.time, *self.texts((one.commit, _day(one.due)))]
                for one in life.reaffirmations
            ],
            [self._withdrawal(one) for one in life.withdrawals],
            [self.judged(one) for one in life.judged],
            life.snapshot,
        ]

    def approval(self, one: Approval) -> Row:
        """A revision that was approved."""
        return [
            *self.texts((one.revision, one.path, one.commit, one.predecessor, one.independence)),
            self.content(one.content),
            self.document(one.document),
            one.step,
            one.time,
            one.effective_from,
            self.requirement(one.requirement),
            self.texts(sorted(one.predecessors, key=str)),
            self.texts(sorted(one.seen_writers)),
            one.carried,
        ]

    def _withdrawal(self, one: Withdrawal) -> Row:
        statements = self.texts(sorted(one.statements))
        numbers = [one.ended, one.step, one.time]
        return [*self.texts((one.digest, one.commit, one.reason)), *numbers, statements]

    def judged(self, one: Judged) -> Row:
        """A statement that was judged."""
        return [
            *self.texts((one.digest, one.commit, one.code, one.why, one.key, one.fingerprint)),
            self._statement(one.statement),
            one.step,
            one.time,
            one.weak,
            one.user_verified,
        ]

    def _statement(self, one: Statement) -> Row:
        return [
            *self.texts(
                (
                    one.assurance,
                    one.id,
                    one.meaning,
                    one.name,
                    one.next_review,
                    one.person,
                    one.predecessor,
                    one.qms,
                    one.reason,
                    one.register,
                    one.revision,
                    one.role,
                    one.signer,
                    one.source,
                    one.time,
                )
            ),
            self.content(one.content),
            self.texts(one.writers),
            one.format,
        ]

    def adoption(self, one: Adoption) -> Row:
        """A protected set that began to govern."""
        return [
            *self.texts((one.commit, one.digest, one.signed, one.predecessor, one.role)),
            self.content(one.content),
            self.texts(one.statements),
            one.step,
            one.time,
            one.quorum,
            one.reached,
            one.recovered,
        ]

    def touch(self, one: Touch) -> Row:
        """A commit that touches a document."""
        commit = one.commit
        return [
            *self.texts((commit.oid, *_words(commit.author), *_words(commit.committer), commit.subject)),
            self.texts(commit.parents),
            self.texts(word for person in commit.coauthors for word in _words(person)),
            commit.time,
            one.step,
            self._held(one.here),
            [self._held(contents) for contents in one.before],
            self.texts(sorted(one.brought or ())),
            self.texts(sorted(one.after)),
        ]

    def _held(self, contents: Contents) -> list[Row]:
        rows = [[self.content(content), self.text(body)] for content, body in contents]
        return sorted(rows)


def _words(person: Identity) -> tuple[str, str]:
    return person.name, person.email


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
