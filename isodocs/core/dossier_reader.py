"""The way back from what ``dossier_writer`` wrote to values of the fold."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from isodocs.core.document import Document
from isodocs.core.history import Commit, Identity
from isodocs.core.life import Adoption, Approval, Judged, Life, Reaffirmation, Withdrawal
from isodocs.core.lineage import Touch
from isodocs.core.policy import Requirement
from isodocs.core.statement import Assurance, Content, Meaning, Statement

if TYPE_CHECKING:
    from isodocs.core.lineage import Contents

Row = list[Any]


class Reader:
    """Turns what ``Writer`` wrote back into values.

    Attributes:
        row: what ``finished`` was given.
        documents: the facts of documents, by number.
    """

    def __init__(self, data: bytes) -> None:
        texts, contents, documents, requirements, self.row = json.loads(data)
        texts.append(None)  # what has the number −1
        self.text = texts.__getitem__
        text = self.text
        self._contents = [
            Content(text(one[0]), tuple(zip(map(text, one[1::2]), map(text, one[2::2]), strict=True)))
            for one in contents
        ]
        self.documents = [self._document(one) for one in documents]
        self._requirements = [
            Requirement(frozenset(map(text, roles)), Assurance(text(assurance)), distinct, devices)
            for roles, assurance, distinct, devices in requirements
        ]

    def content(self, number: int) -> Content:
        """A content."""
        return self._contents[number]

    def _document(self, row: Row) -> Document:
        text = self.text
        *words, approvers, embeds, supersedes = row
        sha256, name, title, revision, owner, change, body, effective, review = map(text, words)
        return Document(
            sha256,
            name,
            title,
            revision,
            owner,
            tuple(map(text, approvers)),
            _date(effective),
            _date(review),
            change,
            tuple(map(text, embeds)),
            body,
            tuple(map(text, supersedes)),
        )

    def life(self, row: Row) -> Life:
        """What happened to a document."""
        text, contents = self.text, self._contents
        approvals, reaffirmations, withdrawals, judged, snapshot = row
        return Life(
            tuple(map(self.approval, approvals)),
            tuple(
                Reaffirmation(contents[content], step, text(commit), time, _date(text(due)))
                for content, step, time, commit, due in reaffirmations
            ),
            tuple(map(self._withdrawal, withdrawals)),
            tuple(map(self.judged, judged)),
            snapshot,
        )

    def approval(self, row: Row) -> Approval:
        """A revision that was approved."""
        text = self.text
        revision, path, commit, predecessor, independence = map(text, row[:5])
        content, document, step, time, effective, requirement, predecessors, writers, carried = row[5:]
        return Approval(
            revision,
            self._contents[content],
            self.documents[document],
            path,
            step,
            commit,
            time,
            effective,
            predecessor,
            self._requirements[requirement],
            frozenset(map(text, predecessors)),
            frozenset(map(text, writers)),
            carried,
            independence,
        )

    def _withdrawal(self, row: Row) -> Withdrawal:
        digest, commit, reason = map(self.text, row[:3])
        ended, step, time, statements = row[3:]
        return Withdrawal(digest, frozenset(map(self.text, statements)), ended, step, commit, time, reason)

    def judged(self, row: Row) -> Judged:
        """A statement that was judged."""
        digest, commit, code, why, key, fingerprint = map(self.text, row[:6])
        statement, step, time, weak, verified = row[6:]
        said = self._statement(statement)
        return Judged(digest, said, step, commit, time, code, why, key, fingerprint, weak, verified)

    def _statement(self, row: Row) -> Statement:
        *words, content, writers, version = row
        assurance, name, meaning, *rest = map(self.text, words)
        printed, review, person, predecessor, qms, reason, register, revision, role, signer, source, time = (
            rest
        )
        return Statement(
            Assurance(assurance),
            self._contents[content],
            name,
            Meaning(meaning),
            printed,
            review,
            person,
            predecessor,
            qms,
            reason,
            register,
            revision,
            role,
            signer,
            source,
            time,
            tuple(map(self.text, writers)),
            version,
        )

    def adoption(self, row: Row) -> Adoption:
        """A protected set that began to govern."""
        commit, digest, signed, predecessor, role = map(self.text, row[:5])
        content, statements, step, time, quorum, reached, recovered = row[5:]
        named = tuple(map(self.text, statements))
        held = self._contents[content]
        return Adoption(
            step, commit, time, digest, held, signed, predecessor, named, role, quorum, reached, recovered
        )

    def touch(self, row: Row) -> Touch:
        """A commit that touches a document."""
        oid, author, mail, committer, its_mail, subject = map(self.text, row[:6])
        parents, coauthors, time, step, here, before, brought, after = row[6:]
        people = list(map(self.text, coauthors))
        commit = Commit(
            oid,
            tuple(map(self.text, parents)),
            Identity(author, mail),
            Identity(committer, its_mail),
            time,
            tuple(Identity(*pair) for pair in zip(people[::2], people[1::2], strict=True)),
            subject,
            ((),),
        )
        return Touch(
            commit,
            step,
            self._held(here),
            tuple(map(self._held, before)),
            frozenset(map(self.text, brought)),
            frozenset(map(self.text, after)),
        )

    def _held(self, rows: list[Row]) -> Contents:
        return frozenset((self._contents[content], self.text(body)) for content, body in rows)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
