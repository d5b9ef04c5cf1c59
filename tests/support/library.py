"""Libraries for the tests of rules and reports: a small mainline of plain values, folded without git.

A signature here is a file that says whose key made it; ``forged`` ones do not verify. A key called
``jane+uv`` is jane's, and says that it knew its user.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from support.company import Register, Settings, usual_register
from support.statements import canonical, content_digest, content_of, sha256, statement_path
from support.statements import statement as statement_value

from isodocs.core import authority, lifecycle, reading, settings, status
from isodocs.core.document import is_document, read
from isodocs.core.history import ABSENT_MODE, Change, Commit, Entry, Identity, Step
from isodocs.core.library import Judged, Library, Push
from isodocs.core.life import Evidence
from isodocs.core.lineage import Lineage
from isodocs.core.problem import Profile
from isodocs.core.tree import StatementFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isodocs.core.life import State

FORGED = "forged"
MODE, LINK = "100644", "120000"
Text = str | bytes | None


@cache
def _settings(data: bytes) -> settings.Settings | None:
    return reading.read_settings(data)[0]


@cache
def _register(data: bytes) -> authority.Register | None:
    return reading.read_register(data)[0]


@dataclass(frozen=True)
class Verdict:
    """What the check of a signature said."""

    ok: bool
    key: str
    fingerprint: str = "SHA256:test"
    why: str = "it is not over these bytes"
    user_verified: bool = False


def seconds(when: str) -> int:
    """A day (nine o'clock) or a full UTC time, in seconds since 1970."""
    full = when if "T" in when else f"{when}T09:00:00Z"
    return int(datetime.strptime(full, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def oid(data: bytes) -> str:
    """The name of a blob."""
    return sha256(data)[:40]


def nobody(name: str) -> Identity:
    """A person of the example company as git knows him."""
    return Identity(name.title(), f"{name}@ex.org")


@dataclass
class Mainline:
    """A mainline that grows commit by commit, as the company of ``support.company``."""

    settings: Settings = field(default_factory=Settings)
    register: Register = field(default_factory=usual_register)
    day: str = "2026-01-05"
    extra_settings: str = ""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, Text] = field(default_factory=dict)

    def write(self, files: Mapping[str, Text]) -> Mainline:
        """Change files; the next commit takes them."""
        self.waiting.update(files)
        return self

    def company(self) -> Mainline:
        """Write settings and register."""
        text = self.settings.text() + self.extra_settings
        return self.write({"isodocs.yml": text, "people.yml": self.register.text()})

    def sign(
        self,
        name: str,
        person: str,
        *,
        path: str = "",
        meaning: str = "approved",
        role: str | None = "quality-manager",
        revision: str = "1",
        writers: Iterable[str] = ("max",),
        predecessor: str | None = None,
        key: str | None = None,
        embedded: Mapping[str, str] | None = None,
        **more: str,
    ) -> str:
        """Sign what stands at ``path``, committed or not; the digest of its content."""
        data = self._data(path or f"documents/{name}.md")
        pictures = {target: self._data(place) for target, place in (embedded or {}).items()}
        content = content_of(data, pictures)
        value = statement_value(
            content=content,
            identity=name,
            revision=revision,
            meaning=meaning,
            person=person,
            role=role,
            time="2026-02-02T09:00:00Z",
            predecessor=predecessor if predecessor is not None else self.known.get(name),
            writers=list(writers),
            **more,
        )
        self._put(value, key or more.get("signer") or person)
        return content_digest(content)

    def sign_authority(
        self,
        person: str,
        *,
        predecessor: str | None,
        role: str = "quality-manager",
        signer: str | None = None,
        key: str | None = None,
    ) -> str:
        """Sign settings and people as they stand; the digest of the set."""
        names = ("isodocs.yml", "people.yml")
        content = content_of(None, {name: self._data(name) for name in names})
        value = statement_value(
            content=content,
            identity=None,
            revision=None,
            meaning="authority",
            person=person,
            role=role,
            time="2026-02-02T09:00:00Z",
            predecessor=predecessor,
            signer=signer,
        )
        self._put(value, key or signer or person)
        return content_digest(content)

    def authority(self) -> str:
        """The digest of settings and people as they stand."""
        names = ("isodocs.yml", "people.yml")
        return content_digest(content_of(None, {name: self._data(name) for name in names}))

    def _put(self, value: dict[str, object], key: str) -> None:
        path = statement_path(value)
        self.waiting[path] = canonical(value)
        if value["assurance"] == "signed":
            self.waiting[f"{path}.sig"] = f"signed by {key}".encode()

    def _data(self, path: str) -> bytes:
        found = self.waiting.get(path)
        if found is None:
            return self.files[path][1]
        return found.encode() if isinstance(found, str) else found

    def commit(
        self,
        files: Mapping[str, Text] | None = None,
        *,
        who: str = "max",
        day: str = "",
        links: Iterable[str] = (),
    ) -> Mainline:
        """One commit on the mainline with what was written, removed (None) and signed."""
        self.write(files or {})
        self.day = day or self.day
        before = {path: Entry(mode, oid(data)) for path, (mode, data) in self.files.items()}
        for path, text in self.waiting.items():
            if text is None:
                self.files.pop(path, None)
                continue
            data = text.encode() if isinstance(text, str) else text
            self.files[path] = (LINK if path in set(links) else MODE, data)
            self.blobs[oid(data)] = data
        self.waiting = {}
        after = {path: Entry(mode, oid(data)) for path, (mode, data) in self.files.items()}
        number = len(self.steps)
        parents = (f"{number - 1:040x}",) if number else ()
        commit = Commit(
            f"{number:040x}",
            parents,
            nobody(who),
            nobody(who),
            seconds(self.day),
            diffs=(changes(before, after),),
        )
        self.steps.append(Step(commit, (commit,)))
        return self

    def approve(self, name: str, text: str, *people: str, revision: str = "1", day: str = "") -> Mainline:
        """Commit a text with the signatures of quality managers (anna signs as process owner)."""
        self.write({f"documents/{name}.md": text})
        digests = [
            self.sign(
                name,
                person,
                revision=revision,
                role="process-owner" if person == "anna" else "quality-manager",
            )
            for person in people
        ]
        self.known[name] = digests[-1]
        return self.commit(day=day)

    def evidence(self) -> Evidence:
        """All that stands in the blobs."""
        documents = {name: read(data) for name, data in self.blobs.items()}
        digests = {name: sha256(data) for name, data in self.blobs.items()}
        return Evidence(
            documents,
            digests,
            {name: StatementFile.from_bytes(data) for name, data in self.blobs.items()},
            {name: _settings(data) for name, data in self.blobs.items()},
            {name: _register(data) for name, data in self.blobs.items()},
            self._check,
            Lineage(self.steps, documents, digests),
        )

    def _check(self, statement: str, signature: str) -> Verdict:
        name, _, verified = self.blobs[signature].decode().removeprefix("signed by ").partition("+")
        line = next(
            (held.line() for who, one in self.register.people.items() if who == name for held in one.keys), ""
        )
        key = line.partition("key: ")[2].partition(",")[0] if line else "ssh-ed25519 STRANGER"
        return Verdict(ok=name != FORGED and statement in self.blobs, key=key, user_verified=bool(verified))

    def library(
        self,
        judged: Judged = Judged.PUSH,
        *,
        base: int | None = -2,
        profile: Profile = Profile.RELEASE,
        moment: str = "",
    ) -> Library:
        """What is judged: the steps after ``base`` (an index; -2: all but the last; None: everything)."""
        evidence, total = self.evidence(), len(self.steps)
        last = None if base is None else base if base >= 0 else total + base
        state, before = lifecycle.start(evidence), None
        for number, step in enumerate(self.steps):
            lifecycle.advance(state, step, evidence, snapshot=judged is Judged.SNAPSHOT)
            if number == last:
                before = state.fork()
                state.changed = set()  # as of a state that was kept there and taken up again
        held = before.fork(hold_authority=True) if before is not None and judged is Judged.PUSH else None
        if held is not None:
            for step in self.steps[held.number + 1 :]:
                lifecycle.advance(held, step, evidence)
        return self._build(judged, profile, evidence, state, before, held, seconds(moment or self.day))

    def _build(
        self,
        judged: Judged,
        profile: Profile,
        evidence: Evidence,
        state: State,
        before: State | None,
        held: State | None,
        moment: int,
    ) -> Library:
        governing = (before or state).authority or state.authority
        assert governing is not None
        old = before.tree.files if before is not None else {}
        pushed = self.steps[(before.number + 1 if before is not None else 0) :]
        push = Push(
            before.commit if before is not None else None,
            state.commit,
            turned=False,
            commits=tuple(step.commit for step in pushed),
        )
        readings = {
            path: reading.read_document(path, data, governing.settings.fields)
            for path, (mode, data) in sorted(self.files.items())
            if is_document(path) and mode == MODE
        }
        return Library(
            judged=judged,
            profile=profile,
            moment=moment,
            settings=governing.settings,
            register=governing.register,
            state=state,
            evidence=evidence,
            readings=readings,
            views={one.id: one for one in status.view(state, evidence, moment)},
            base=before,
            held=held,
            base_views={one.id: one for one in status.view(before, evidence, moment)} if before else {},
            changes=changes(old, state.tree.files),
            push=push if judged is Judged.PUSH else None,
            commit=state.commit,
            blobs=self._by_digest,
        )

    def _by_digest(self, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = set(digests)
        for data in self.blobs.values():
            if sha256(data) in wanted:
                yield sha256(data), data


def changes(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> tuple[Change, ...]:
    """What differs between two trees."""
    absent = Entry(ABSENT_MODE, "")
    return tuple(
        Change(path, old.mode, new.mode, old.oid, new.oid)
        for path in sorted(before.keys() | after.keys())
        if (old := before.get(path, absent)) != (new := after.get(path, absent))
    )


def founded(**settings: object) -> Mainline:
    """A mainline whose root holds SOP-001 and WI-001, both approved."""
    line = Mainline(Settings(**settings)) if settings else Mainline()  # type: ignore[arg-type]
    line.company()
    line.write({"documents/SOP-001.md": text("SOP-001")})
    line.sign("SOP-001", "anna", role="process-owner")
    line.known["SOP-001"] = line.sign("SOP-001", "jane")
    line.write({"documents/WI-001.md": text("WI-001")})
    line.known["WI-001"] = line.sign("WI-001", "jane")
    return line.commit()


def text(name: str, revision: str = "1", words: str = "We do it.", **front: str | None) -> str:
    """A small document of the company."""
    keys: dict[str, str | None] = {
        "id": name,
        "title": f"Document {name}",
        "type": name.partition("-")[0],
        "owner": "process-owner",
        "revision": revision,
        "review_date": "2027-12-31",
        "change": None if revision == "1" else f"Reason of revision {revision}",
        **front,
    }
    head = "".join(f"{key}: {value}\n" for key, value in keys.items() if value is not None)
    return f"---\n{head}---\n\n# Document {name}\n\n{words}\n"


def snapshot(
    files: Mapping[str, str | bytes], *, profile: Profile = Profile.RELEASE, moment: str = "2026-02-02"
) -> Library:
    """A tree judged by itself, as ``--snapshot`` does it; ``files`` must hold settings and register."""
    line = Mainline(day=moment)
    line.commit(files)
    return line.library(Judged.SNAPSHOT, base=None, profile=profile)
