"""Plays the life of a small company into a real git repository.

The verbs are those of SCENARIOS.md: somebody revises a document on a branch, somebody signs it, it is
merged, the mainline is pushed. `Play.old` and `Play.new` are the tips of the last push, which a gate judges.
"""

from __future__ import annotations

import posixpath
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from support.company import (
    ADDRESSES,
    MAIN_ROLE,
    OUTSIDERS,
    Register,
    Settings,
    document_text,
    usual_register,
)
from support.gitrepo import Repo, Who, seconds
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
PROTECTED = ("isodocs.yml", "people.yml", "mkdocs.yml", ".gitattributes", "theme/", "templates/")
ROOT_DAY = "2026-01-05T08:00:00Z"
FIRST_DAY = "2026-02-02"
NOBODY = "0" * 40


def who(name: str, address: int = 0) -> Who:
    """The git identity of a person of the company, or of an outsider."""
    email = OUTSIDERS[name] if name in OUTSIDERS else ADDRESSES[name][address]
    return (name.title(), email)


def iso(moment: int) -> str:
    """A time as statements write it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Play:
    """A company's repository, and what was pushed last.

    Attributes:
        repo: the repository; its work tree is where everybody works.
        settings: the settings last written.
        register: the register last written.
        old: the mainline's tip before the last push; forty zeros before the first.
        new: the mainline's tip after the last push.
        known: digest of the content last signed, by id and revision; of a withdrawal, by id and "withdrawn".
        keys: the name of the key a person now signs with, where it is not the person's own name.
        clock: the gate's clock, when it is not the time of the mainline's latest commit.
        as_of: when the status is asked, when it is not the gate's day.
    """

    def __init__(
        self, path: Path, settings: Settings | None = None, register: Register | None = None
    ) -> None:
        """An empty repository whose work tree holds settings and register."""
        self.repo = Repo(path)
        self.settings = settings or Settings()
        self.register = register or usual_register()
        self.old = self.new = NOBODY
        self.known: dict[tuple[str, str], str] = {}
        self.paths: dict[str, str] = {}
        self.last_path = ""
        self.keys: dict[str, str] = {}
        self.clock = ""
        self.as_of = ""
        self.day(ROOT_DAY)
        self.configure()

    # --- the calendar -------------------------------------------------------------------------

    def day(self, when: str) -> None:
        """Set the clock: a day (nine o'clock, UTC) or a full time."""
        self.repo.clock = seconds(when if "T" in when else f"{when}T09:00:00Z")

    @property
    def now(self) -> str:
        """The clock, as statements write it."""
        return iso(self.repo.clock)

    # --- files --------------------------------------------------------------------------------

    def write(self, path: str, text: str | bytes | None) -> None:
        """Write or (None) remove a file of the work tree."""
        self.repo.write({path: text})

    def read(self, path: str) -> bytes:
        """The bytes of a file of the work tree."""
        return (self.repo.path / path).read_bytes()

    def move(self, old: str, new: str) -> None:
        """Move a file of the work tree, also in the index."""
        (self.repo.path / new).parent.mkdir(parents=True, exist_ok=True)
        self.repo.git("mv", old, new)

    def configure(self, settings: Settings | None = None, register: Register | None = None) -> None:
        """Write settings and register as they stand, or changed."""
        self.settings = settings or self.settings
        self.register = register or self.register
        self.repo.write({"isodocs.yml": self.settings.text(), "people.yml": self.register.text()})

    def place(self, identity: str) -> str:
        """Where the document lies, or would be put."""
        return self.paths.get(identity, f"documents/{identity}-text.md")

    def doc(self, identity: str, revision: str, words: str = "", path: str = "", **front: str) -> str:
        """Write a document; its words follow from its revision unless given."""
        place = path or self.place(identity)
        self.paths[identity] = place
        words = words or f"This is the text of revision {revision}."
        self.write(place, document_text(identity, revision, words, **front))
        return place

    # --- commits ------------------------------------------------------------------------------

    def commit(
        self,
        by: str,
        *,
        committer: str | None = None,
        address: int = 0,
        also: Iterable[Who] = (),
        date: str | None = None,
        amend: bool = False,
    ) -> str:
        """Commit the whole work tree."""
        self.repo.git("add", "-A")
        trailers = "".join(f"Co-authored-by: {name} <{email}>\n" for name, email in also)
        message = f"Change by {by}\n" + (f"\n{trailers}" if trailers else "")
        options = ["--amend"] if amend else []
        return self.repo.commit(
            message,
            author=who(by, address),
            committer=who(committer) if committer else None,
            date=date,
            options=options,
        )

    def branch(self, name: str, start: str = "main") -> None:
        """Make a branch and work on it."""
        self.repo.branch(name, start)

    def on(self, name: str) -> None:
        """Work on this branch."""
        self.repo.switch(name)

    def revise(self, identity: str, revision: str, words: str = "", by: str = "max", **front: str) -> str:
        """Write a revision and commit it; returns the commit."""
        self.doc(identity, revision, words, **front)
        return self.commit(by)

    def merge(self, *names: str, by: str = "jane", options: Sequence[str] = ("--no-ff",)) -> str:
        """Merge branches into the mainline by a merge commit; returns it."""
        self.on("main")
        return self.repo.merge(*names, author=who(by), options=options)

    def forward(self, name: str) -> None:
        """Bring the mainline forward to a branch, without a commit of its own."""
        self.on("main")
        self.repo.git("merge", "-q", "--ff-only", name)

    def squash(
        self, name: str, by: str = "max", committer: str | None = None, also: Iterable[Who] = ()
    ) -> str:
        """One commit on the mainline with all that a branch brings; returns it."""
        self.on("main")
        self.repo.git("merge", "-q", "--squash", name)
        return self.commit(by, committer=committer, also=also)

    def push(self) -> None:
        """The mainline is pushed as it stands."""
        self.old, self.new = self.new, self.tip()

    def judged_at(self) -> str:
        """The gate's clock: as told, else the latest committer time of the mainline."""
        times = self.repo.git("log", "--first-parent", "--format=%ct", self.new).split()
        return self.clock or iso(max(map(int, times)))

    def tip(self, name: str = "main") -> str:
        """The commit a branch stands on."""
        return self.repo.git("rev-parse", "--verify", f"refs/heads/{name}")

    # --- signatures ---------------------------------------------------------------------------

    def content(self, identity: str, missing: Mapping[str, bytes] | None = None) -> Content:
        """The content of a document in the work tree; `missing` supplies files that are not there."""
        path = self.place(identity)
        data = self.read(path)
        pictures = {
            name: self.read(posixpath.join(posixpath.dirname(path), name))
            for name in PICTURE.findall(data.decode())
            if name not in (missing or {})
        }
        return content_of(data, {**pictures, **(missing or {})})

    def sign(
        self,
        identity: str,
        by: str,
        *,
        writers: Sequence[str] = ("max",),
        after: str | None = "",
        meaning: str = "approved",
        role: str | None = "",
        content: Mapping[str, object] | None = None,
        revision: str = "",
        next_review: str | None = None,
        signer: str | None = None,
        assurance: str = "signed",
    ) -> str:
        """Write a statement and its signature; returns the statement's path.

        Args:
            identity: the document.
            by: the person named.
            writers: frozen into the statement.
            after: the revision named as predecessor, a digest, or None; the one before, when empty.
            meaning: approved, returned, …
            role: the one everybody knows the person by, when empty; None writes null.
            content: what is signed; the work tree's, when None.
            revision: its number; the work tree's, when empty.
            next_review: for a reaffirmation.
            signer: whose key signs, when not the person's.
            assurance: signed, or unsigned (no `.sig` is written).
        """
        content = content or self.content(identity)
        revision = revision or self.revision(identity)
        value = statement(
            content=content,
            identity=identity,
            revision=revision,
            meaning=meaning,
            person=by,
            role=MAIN_ROLE.get(by) if role == "" else role,
            time=self._tick(),
            predecessor=self._predecessor(identity, revision, after),
            writers=writers,
            next_review=next_review,
            reason="No longer needed." if meaning == "withdrawn" else None,
            signer=signer,
            assurance=assurance,
            register=sha256(self.register.text().encode()),
        )
        if meaning == "approved":
            self.known[identity, revision] = content_digest(content)
        if meaning == "withdrawn":
            self.known[identity, meaning] = sha256(canonical(value))
        return self._put(value, None if assurance == "unsigned" else signer or by)

    def signs(self, identity: str, by: str, writers: Sequence[str] = ("max",), after: str | None = "") -> str:
        """Approve and commit the statement; returns its path."""
        path = self.sign(identity, by, writers=writers, after=after)
        self.commit(by)
        return path

    def authorise(
        self, by: str, after: str | None = "", role: str = "quality-manager", signer: str | None = None
    ) -> str:
        """Sign the protected files of the work tree; the set before is that of the mainline, when empty."""
        before = self.set_digest("main") if after == "" else after
        value = statement(
            content=content_of(None, self.protected()),
            identity=None,
            revision=None,
            meaning="authority",
            person=by,
            role=role,
            time=self._tick(),
            predecessor=before,
            signer=signer,
            register=sha256(self.register.text().encode()),
        )
        return self._put(value, signer or by)

    def set_digest(self, commit: str = "") -> str:
        """The digest of the protected set of the work tree, or of a commit."""
        return content_digest(content_of(None, self.protected(commit)))

    def protected(self, commit: str = "") -> dict[str, bytes]:
        """The protected files of the work tree, or of a commit."""
        names = (
            self.repo.git("ls-tree", "-r", "--name-only", commit)
            if commit
            else self.repo.git("ls-files", "--cached", "--others")
        )
        found = [name for name in names.splitlines() if name.startswith(PROTECTED)]
        if commit:
            return {name: self.repo.run("cat-file", "blob", f"{commit}:{name}").stdout for name in found}
        return {name: self.read(name) for name in found if (self.repo.path / name).is_file()}

    def signatures(self, identity: str, revision: str) -> list[str]:
        """The statements of a revision in the work tree, by path."""
        folder = self.repo.path / "signatures" / identity / revision
        return sorted(str(path.relative_to(self.repo.path)) for path in folder.glob("*.json"))

    def revision(self, identity: str) -> str:
        """The revision number a document of the work tree states."""
        text = self.read(self.place(identity)).decode()
        found = re.search(r"^revision: (\S+)$", text, re.MULTILINE)
        assert found, text
        return found[1]

    def _predecessor(self, identity: str, revision: str, after: str | None) -> str | None:
        if after == "":
            after = str(int(revision) - 1) if revision.isdecimal() and int(revision) > 1 else None
        if after is None or len(after) == len(NOBODY) + 24:
            return after
        return self.known[identity, after]

    def _put(self, value: Mapping[str, object], key: str | None) -> str:
        path = statement_path(value)
        data = canonical(value)
        self.last_path = path
        self.write(path, data)
        if key is not None:
            self.write(f"{path}.sig", Key(self.keys.get(key, key)).sign(data))
        return path

    def _tick(self) -> str:
        self.repo.clock += 60
        return self.now


def founded(path: Path, settings: Settings | None = None, register: Register | None = None) -> Play:
    """The company of SCENARIOS.md on 2 Feb 2026: SOP-001 r1 and WI-001 r1 signed, the root pushed."""
    play = Play(path, settings, register)
    found(play)
    return play


def found(play: Play) -> None:
    """Write and push the root, with whatever else lies in the work tree already."""
    signers = {role: name for name, role in reversed(MAIN_ROLE.items())}
    for identity in ("SOP-001", "WI-001"):
        play.doc(identity, "1")
        for role in play.settings.kinds[identity.split("-")[0]].approved:
            play.sign(identity, signers[role])
    play.commit("max")
    play.push()
    play.day(FIRST_DAY)
