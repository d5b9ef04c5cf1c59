"""Makes a repository of any size, signed as a real one is, through ``git fast-import``.

Each document goes through its revisions; each revision is approved by two people. A revision reaches the
mainline as one squash commit, or as a branch (text, two statements) that is merged.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from isodocs.core.identity import format_time
from isodocs.core.statement import Assurance, Content, Meaning, Statement, encode, file_name, sha256
from isodocs.signing import sshsig
from isodocs.signing.keys import parse_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

QMS = "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10"
START = int(datetime(2020, 1, 6, 8, tzinfo=UTC).timestamp())
STEP = 600
SECTIONS = ("Purpose", "Scope", "Responsibilities", "Procedure", "Records")
SENTENCE = (
    "the operator measures each part before it leaves the station and writes the value down with the serial "
    "number of the gauge so that anybody can see later which gauge was used and if it was in calibration"
)
WORDS = tuple(SENTENCE.split(" "))
SETTINGS = f"""\
format: 1
qms: {QMS}
title: Benchmark
mainline: main
timezone: Europe/Berlin
authority: {{role: quality-manager, quorum: 1}}
types:
  SOP:
    title: Procedure
    review_months: 120
    approved: {{roles: [owner, quality-manager]}}
"""


@dataclass
class Person:
    """Somebody of the benchmark's company, with a key of the moment."""

    id: str
    role: str | None = None
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def line(self) -> str:
        """The public key."""
        raw = self.private.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        return raw.decode("ascii")

    def sign(self, message: bytes) -> bytes:
        """An OpenSSH signature over the message."""
        blob = parse_line(self.line).blob
        signature = self.private.sign(sshsig.signed_data("isodocs", "sha512", message))
        return sshsig.write(sshsig.Signature(blob, "isodocs", "sha512", "ssh-ed25519", signature))

    @property
    def ident(self) -> str:
        """Name and address, as commits have them."""
        return f"{self.id.title()} <{self.id}@example.org>"


@dataclass
class Shape:
    """How large, and of what kind.

    Attributes:
        documents: how many.
        revisions: of each.
        merges: every revision comes by a merged branch of three commits instead of a squash.
        rename_every: each so many revisions the file moves to another folder; 0: never.
        size: of a document, in bytes, about.
        sections: folders below ``documents``.
        seed: of the order in which documents are revised.
    """

    documents: int = 100
    revisions: int = 10
    merges: bool = False
    rename_every: int = 0
    size: int = 5000
    sections: int = 4
    seed: int = 1


def generate(path: Path, shape: Shape) -> None:
    """Make the repository at ``path``, with its work tree checked out."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    with subprocess.Popen(
        ["git", "-C", str(path), "fast-import", "--quiet", "--done"], stdin=subprocess.PIPE
    ) as importer:
        assert importer.stdin is not None
        for chunk in _Stream(shape).chunks():
            importer.stdin.write(chunk)
        importer.stdin.close()
        assert importer.wait() == 0
    subprocess.run(["git", "-C", str(path), "reset", "-q", "--hard", "main"], check=True)
    subprocess.run(["git", "-C", str(path), "repack", "-q", "-a", "-d"], check=True)


class _Stream:
    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.random = random.Random(shape.seed)  # noqa: S311 - no secret
        self.people = {
            one.id: one
            for one in (Person("max"), Person("anna", "process-owner"), Person("jane", "quality-manager"))
        }
        self.register = self._register().encode()
        self.clock = START
        self.places: dict[int, str] = {}
        self.predecessors: dict[int, str | None] = {}

    def _register(self) -> str:
        lines = ["format: 1", "roles:"]
        lines += [f"  {role}: {{title: {role}}}" for role in ("process-owner", "quality-manager")]
        lines.append("people:")
        for person in self.people.values():
            roles = f"[{{role: {person.role}, from: 2019-01-01}}]" if person.role else "[]"
            lines += [
                f"  {person.id}:",
                f"    name: {person.id.title()}",
                f"    emails: [{person.id}@example.org]",
                f"    roles: {roles}",
                f"    keys: [{{key: '{person.line}', from: 2019-01-01}}]",
            ]
        return "\n".join(lines) + "\n"

    def chunks(self) -> Iterator[bytes]:
        """The whole stream."""
        files = {"isodocs.yml": SETTINGS.encode(), "people.yml": self.register}
        yield self._commit("main", "max", "Settings and people", files)
        turns = [number for number in range(self.shape.documents) for _ in range(self.shape.revisions)]
        self.random.shuffle(turns)
        revisions = dict.fromkeys(range(self.shape.documents), 0)
        for number in turns:
            revisions[number] += 1
            yield from self._revision(number, revisions[number])
        yield b"done\n"

    def _revision(self, number: int, revision: int) -> Iterator[bytes]:
        name = f"SOP-{number + 1:05d}"
        removed: dict[str, bytes | None] = {}
        every = self.shape.rename_every
        place = self.places.get(number, f"documents/s{number % self.shape.sections}/{name}-procedure.md")
        if every and revision % every == 0:
            removed[place] = None
            place = f"documents/moved{revision}/{name}-procedure.md"
        self.places[number] = place
        text = self._text(name, number, revision)
        statements = self._statements(name, number, revision, text)
        subject = f"{name} revision {revision}"
        if not self.shape.merges:
            files = {**removed, place: text, **statements["anna"], **statements["jane"]}
            yield self._commit("main", "max", subject, files)
            return
        yield self._commit("side", "max", subject, {**removed, place: text}, start="main")
        yield self._commit("side", "anna", f"Approve {subject}", statements["anna"])
        files = {**removed, place: text, **statements["anna"], **statements["jane"]}
        yield self._commit("side", "jane", f"Approve {subject}", statements["jane"])
        yield self._commit("main", "jane", f"Merge {subject}", files, merge="side")

    def _text(self, name: str, number: int, revision: int) -> bytes:
        source = random.Random(f"{number}")  # noqa: S311 - no secret
        other = (number * 7 + 1) % self.shape.documents + 1
        parts = [
            "---",
            f"id: {name}",
            f"title: Procedure number {number + 1}",
            "type: SOP",
            "owner: process-owner",
            f"revision: {revision}",
            "review_date: 2027-12-31",
            *([f"change: Step {revision} was made clearer."] if revision > 1 else []),
            'clauses: ["7.5", "8.5.1"]',
            "---",
            "",
            f"# Procedure number {number + 1}",
            "",
        ]
        body = ""
        while len(body) < self.shape.size:
            section = SECTIONS[body.count("## ") % len(SECTIONS)]
            words = " ".join(source.choices(WORDS, k=70))
            body += f"## {section} {body.count('## ') + 1}\n\n{words}.\n\n"
            body += f"1. {words[:80]}.\n2. {words[80:160]}.\n\n"
        note = f"Revision {revision}. See [the other one](SOP-{other:05d}-procedure.md).\n"
        return ("\n".join(parts) + body + note).encode()

    def _statements(
        self, name: str, number: int, revision: int, text: bytes
    ) -> dict[str, dict[str, bytes | None]]:
        content = Content(sha256(text))
        predecessor = self.predecessors.get(number)
        self.predecessors[number] = content.digest
        found: dict[str, dict[str, bytes | None]] = {}
        for person in (self.people["anna"], self.people["jane"]):
            made = Statement(
                assurance=Assurance.SIGNED,
                content=content,
                id=name,
                meaning=Meaning.APPROVED,
                name=person.id.title(),
                next_review=None,
                person=person.id,
                predecessor=predecessor,
                qms=QMS,
                reason=None,
                register=sha256(self.register),
                revision=str(revision),
                role=person.role,
                signer=person.id,
                source=None,
                time=format_time(self.clock),
                writers=("max",),
            )
            data = encode(made)
            path = file_name(data, made)
            found[person.id] = {path: data, f"{path}.sig": person.sign(data)}
        return found

    def _commit(
        self,
        branch: str,
        person: str,
        subject: str,
        files: Mapping[str, bytes | None],
        *,
        start: str | None = None,
        merge: str | None = None,
    ) -> bytes:
        self.clock += STEP
        who = self.people[person].ident
        lines = [
            f"commit refs/heads/{branch}",
            f"author {who} {self.clock} +0000",
            f"committer {who} {self.clock} +0000",
            f"data {len(subject.encode())}",
            subject,
        ]
        if start:
            lines.append(f"from refs/heads/{start}")
        if merge:
            lines.append(f"merge refs/heads/{merge}")
        parts = [("\n".join(lines) + "\n").encode()]
        for path, data in files.items():
            if data is None:
                parts.append(f"D {path}\n".encode())
            else:
                parts.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
        return b"".join(parts)
