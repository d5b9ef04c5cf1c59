"""Random lives of a company: what its people might do, sensibly or not, drawn from a seed.

Each act changes the files of a branch; some acts are right, some nearly right, some plainly wrong. The
naive model runs along, so that enough of the signatures name what they should.
"""

from __future__ import annotations

import posixpath
import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from model.fold import Fold
from model.reading import read_document
from model.world import PLAIN, World
from support.company import Held, Kind, Settings, document_text, usual_register
from support.play import who
from support.statements import Key, canonical, content_digest, content_of, statement, statement_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.world import File, Files
    from support.company import Register
    from support.gitrepo import Who

START = 1_609_833_600  # 5 Jan 2021, 8:00 UTC: long past, so that no clock is behind it
YEAR = 2021
SINCE = "2020-01-01"
HOUR, DAY = 3600, 86_400
PEOPLE = ("max", "tom", "jane", "bob", "anna")
WRITERS = ("max", "max", "tom", "tom", "jane", "anna", "eve")
SIGNERS = {"quality-manager": ("jane", "bob"), "process-owner": ("anna",)}
WORDS = tuple(f"Turn the screw {number} times.\nThen rest." for number in range(1, 6))
PICTURES = (b"one picture", b"another picture", b"a third picture")
DIRECTOR = "top-management"
DEPUTIES = {"deputy_qm": "quality-manager", "deputy_po": "process-owner"}
POLICIES = (
    ("quality-manager",),
    ("process-owner", "quality-manager"),
    ("owner",),
    ("owner", "quality-manager"),
)
PROTECTED = ("isodocs.yml", "people.yml", "mkdocs.yml", ".gitattributes", "theme/", "templates/")
REVISION = re.compile(rb"^revision: (\S+)\r?$", re.MULTILINE)


class Company:
    """One random life.

    Attributes:
        world: every commit.
        fold: the naive model's view of the mainline so far.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 — a seed that can be repeated is wanted
        self.world, self.now = World(), START
        self.devices = self.chance(20)
        self.fold = Fold(self.world)
        self.settings = Settings().kind("WI", self._kind()).kind("SOP", self._kind())
        self.settings = replace(
            self.settings,
            unknown_writers=self.random.choice(("refuse", "refuse", "say")),
            quorum=self.random.choice((1, 1, 1, 2)),
            recovery=(DIRECTOR, self.random.choice((1, 2))) if self.chance(60) else None,
            verified=self.devices and self.chance(30),
        )
        self.register = self._staff()
        self.keys = {name: name for name in PEOPLE}
        self.files: Files = {}
        self.place, self.author = "main", "max"
        self._found()

    # --- small things ---------------------------------------------------------------------------

    def chance(self, percent: int) -> bool:
        """Whether something happens that happens so often."""
        return self.random.randrange(100) < percent

    def _kind(self) -> Kind:
        some = self.random.choice
        return Kind(
            approved=some(POLICIES),
            independence=some(("any-editor", "any-editor", "substantive-author", "none")),
            assurance=some(("signed", "signed", "signed", "unsigned")),
            distinct=self.chance(20),
            revision=some(("integer", "integer", "integer", "major.minor", "letter")),
            withdrawn=("quality-manager",),
            verified=self.devices and self.chance(50),
        )

    def _staff(self) -> Register:
        """The usual people; often some who may stand in for others, for a time, and two directors."""
        found = usual_register(SINCE)
        found = replace(found, roles=(*found.roles, DIRECTOR)).with_deputies(**DEPUTIES)
        for name in ("anna", "tom"):
            found = found.granting(name, DIRECTOR, SINCE)
        for name in self.random.sample(PEOPLE, self.random.choice((0, 1, 2, 3, 4))):
            until = f"{YEAR}-{self.random.randrange(2, 13):02}-01" if self.chance(40) else ""
            role = self.random.choice(("deputy-qm", "deputy-qm", "deputy-po"))
            found = found.granting(name, role, SINCE, until)
        if self.devices:
            for name in PEOPLE:
                found = found.with_keys(name, Held(name, SINCE), Held(f"sk-{name}", SINCE))
        return found

    def put(self, path: str, data: bytes, mode: str = PLAIN) -> None:
        """Write a file."""
        self.files[path] = (mode, data)

    def paths(self) -> list[str]:
        """The documents of the tree."""
        return sorted(path for path in self.files if path.startswith("documents/") and path.endswith(".md"))

    def some_path(self) -> str | None:
        """One of them."""
        return self.random.choice(self.paths()) if self.paths() else None

    def number(self, identity: str, step: int) -> str:
        """The number so many steps after the last approved one."""
        count = len(self.fold.life(identity).approved) + step
        scheme = self.settings.kinds[identity.partition("-")[0]].revision
        if scheme == "letter":
            return chr(ord("A") + max(0, count - 1))
        return f"1.{max(0, count - 1)}" if scheme == "major.minor" else str(max(1, count))

    def new_text(self, identity: str, number: str) -> bytes:
        """A document as somebody would write it."""
        front: dict[str, str] = {}
        day = self.random.randrange(1, 29)
        if self.chance(25):
            front["effective_date"] = f"{YEAR}-{self.random.randrange(1, 13):02}-{day:02}"
        if self.chance(40):
            front["review_date"] = (
                f"{YEAR + self.random.randrange(3)}-{self.random.randrange(1, 13):02}-{day:02}"
            )
        if self.chance(10):
            front["owner"] = self.random.choice(("anna", "jane", "quality-manager"))
        if self.chance(10):
            front["approvers"] = self.random.choice(("[bob]", "[process-owner]", "[quality-manager, anna]"))
        words = self.random.choice(WORDS)
        if self.chance(25):
            words += "\n\n![The machine](img/a.png)"
        return document_text(identity, number, words, **front).encode()

    # --- committing -----------------------------------------------------------------------------

    def _found(self) -> None:
        if self.chance(20):
            self.put("README.md", b"Before the settings came.\n")
            self.commit()
        self.write_settings()
        self.put("documents/img/a.png", PICTURES[0])
        for identity in ("WI-001", "SOP-001"):
            self.put(f"documents/{identity}-text.md", self.new_text(identity, self.number(identity, 1)))
            if self.chance(80):
                self.sign_all(f"documents/{identity}-text.md")
        self.commit()

    def write_settings(self) -> None:
        """Settings and register as they should now be."""
        self.put("isodocs.yml", self.settings.text().encode())
        self.put("people.yml", self.register.text().encode())

    def someone(self, name: str) -> Who:
        """A git identity, by one of the person's addresses."""
        if name in ("jane", "max") and self.chance(25):
            return who(name, 1)
        return who(name)

    def commit(self, *others: str, committer: str = "", also: tuple[Who, ...] = ()) -> None:
        """Commit the files on the present branch; `others` are further parents."""
        self.now += self.random.choice((60, HOUR, HOUR, DAY, 3 * DAY, 20 * DAY))
        time = self.now - (2 * DAY if self.chance(5) else 0)
        tip = self.world.branches.get(self.place)
        parents = (*((tip,) if tip else ()), *others)
        author = self.someone(self.author)
        by = self.someone(committer or self.author)
        self.to(self.world.commit(self.files, parents, author, by, time, also))

    def to(self, name: str) -> None:
        """Move the present branch to a commit; the mainline's step is folded."""
        self.world.branches[self.place] = name
        if self.place == "main":
            self.fold.go(self.world.commits[name])

    def on(self, place: str) -> None:
        """Work on another branch, which begins at the mainline if it is new."""
        main = self.world.branches["main"]
        self.place = place
        self.files = dict(self.world.trees[self.world.branches.setdefault(place, main)])

    # --- signing --------------------------------------------------------------------------------

    def content(self, path: str) -> dict[str, object] | None:
        """What could be signed of a document; None where it cannot be read or a picture is missing."""
        text = read_document(path, self.files[path][1])
        if text is None:
            return None
        places = {name: posixpath.normpath(f"{posixpath.dirname(path)}/{name}") for name in text.embeds}
        if not all(place in self.files for place in places.values()):
            return None
        pictures = {name: self.files[place][1] for name, place in places.items()}
        return content_of(self.files[path][1], pictures)

    def before(self, identity: str) -> str | None:
        """What the next statement should name as predecessor; now and then something else."""
        life = self.fold.life(identity)
        if self.chance(6):
            return self.random.choice([None, "0" * 64, *[one.content for one in life.approved]])
        return min(life.before) or None

    def put_statement(self, value: dict[str, object], key: str) -> None:
        """Write a statement and its signature, rarely a broken one."""
        path, data = statement_path(value), canonical(value)
        self.put(path, data)
        if value["assurance"] != "unsigned" and not self.chance(2):
            if self.devices and not self.chance(15):
                key = f"sk-{key}" + ("" if self.chance(15) else "+uv")
            proof = Key(key).sign(data)
            self.put(f"{path}.sig", proof.replace(b"\n", b"\r\n") if self.chance(3) else proof)

    def sign(self, path: str, person: str, role: str | None, meaning: str = "approved") -> None:
        """One statement about the text at a path."""
        text, content = read_document(path, self.files[path][1]), self.content(path)
        if text is None or content is None:
            return
        identity = text.said("id")
        writers = self.random.choice(([self.author], ["max"], ["tom"], ["max", "tom"], ["jane"]))
        deputy = self.deputy(person, role)
        value = statement(
            content=content,
            identity=identity,
            revision=text.said("revision") if not self.chance(2) else "9",
            meaning=meaning,
            person=person,
            role=role,
            time=self.claimed(),
            predecessor=self.before(identity),
            writers=writers,
            assurance="unsigned" if self.chance(4) else "signed",
            signer="bob" if self.chance(1) else deputy,
        )
        self.put_statement(value, self.keys[deputy or person])

    def deputy(self, person: str, role: str | None) -> str | None:
        """Who signs for a person now and then, mostly one whose role stands in for the role."""
        if not self.chance(18):
            return None
        staff = [
            name
            for name, entry in self.register.people.items()
            if name != person and any(self.register.deputies.get(held) == role for held, *_ in entry.roles)
        ]
        return self.random.choice(staff if staff and self.chance(90) else PEOPLE)

    def claimed(self) -> str:
        """The time a signer claims."""
        self.now += 60
        return f"{YEAR}-01-01T{self.now // HOUR % 24:02}:{self.now // 60 % 60:02}:{self.now % 60:02}Z"

    def sign_all(self, path: str) -> None:
        """Everybody signs whom the policy asks, as far as the signer knows."""
        text = read_document(path, self.files[path][1])
        kind = self.settings.kinds.get(text.said("type")) if text else None
        if text is None or kind is None:
            return
        extra = text.front.get("approvers")
        for role in (*kind.approved, *(extra if isinstance(extra, list) else [])):
            wanted = text.said("owner") if role == "owner" else role
            person = self.random.choice(SIGNERS.get(wanted, (wanted,)))
            self.sign(path, person, wanted)

    def sign_known(self, meaning: str) -> None:
        """A statement about a revision that was approved, whatever the tree shows."""
        lives = [(name, life) for name, life in self.fold.lives.items() if life.approved]
        if not lives:
            return
        identity, life = self.random.choice(lives)
        one = life.approved[-1] if self.chance(85) else self.random.choice(life.approved)
        tree = self.fold.tree(self.fold.steps[one.step].id)
        content = {"document": one.text.document, "embedded": tree.embedded(one.text)}
        person = self.random.choice(("jane", "bob", "anna", "jane", "max"))
        role = "process-owner" if person == "anna" else "quality-manager"
        deputy = self.deputy(person, role)
        value = statement(
            content=content,
            identity=identity,
            revision=one.number,
            meaning=meaning,
            person=person,
            role=None if meaning == "acknowledged" else role,
            time=self.claimed(),
            predecessor=(min(one.predecessor) or None) if not self.chance(5) else self.before(identity),
            next_review=f"{YEAR + self.random.randrange(4)}-06-30" if meaning == "reaffirmed" else None,
            signer=deputy,
        )
        self.put_statement(value, self.keys[deputy or person])

    def authorise(self) -> None:
        """A statement for the protected files of the tree."""
        found = {path: data for path, (_, data) in self.files.items() if path.startswith(PROTECTED)}
        if self.chance(30):
            for person in self.random.sample(("anna", "tom", "jane"), self.random.choice((1, 2))):
                self._authorise(found, person, DIRECTOR)
            return
        for person in self.random.sample(("jane", "bob"), min(2, self.settings.quorum)):
            self._authorise(found, person, "quality-manager")
        if self.chance(25):
            person = self.random.choice(("anna", "max", "jane", "bob"))
            self._authorise(found, person, "process-owner" if person == "anna" else "quality-manager")

    def _authorise(self, found: Mapping[str, bytes], person: str, role: str) -> None:
        deputy = self.deputy(person, role)
        value = statement(
            content=content_of(None, found),
            identity=None,
            revision=None,
            meaning="authority",
            person=person,
            role=role,
            time=self.claimed(),
            predecessor=self.fold.set if not self.chance(6) else self.fold.set_before or None,
            signer=deputy,
        )
        self.put_statement(value, self.keys[deputy or person])

    def choose(self, one: File, two: File) -> File:
        """What stands after a conflict."""
        return self.random.choice((one, two))

    def digest(self, path: str) -> str:
        """The digest of a document's content; empty where there is none."""
        content = self.content(path)
        return content_digest(content) if content else ""
