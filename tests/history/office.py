"""Who signs what in the generated histories: mostly well, sometimes too late or on something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from history import paper
from history.brute import Blobs, Shelf
from history.fold import Fold, named
from model.reading import digest, encode

if TYPE_CHECKING:
    import random

    from history.acts import Draft
    from history.brute import Content
    from history.world import World


class Office:
    """Puts statements into drafts.

    Attributes:
        mainline: the fold of the mainline, which says what a statement must follow.
    """

    def __init__(self, world: World, dice: random.Random) -> None:
        self.dice, self.blobs, self.mainline = dice, Blobs(world), Fold(world)

    def sign_all(self, draft: Draft, name: str) -> None:
        pair = self.dice.choice([("anna", "jane"), ("anna", "jane"), ("olga", "jane"), ("anna", "olga")])
        if self.dice.random() < 0.4:
            self.state(draft, name, "max", "authored")
        for person, role in zip(pair, ("process-owner", "quality-manager"), strict=True):
            self.state(draft, name, person, "approved", role)

    def state(
        self, draft: Draft, name: str, person: str, meaning: str | None = None, role: str | None = None
    ) -> None:
        """Put a statement on what stands in the draft, or on what was approved last."""
        dice, life = self.dice, self.mainline.life(name)
        given = meaning is not None
        meaning = meaning or dice.choice(["approved", "approved", "authored", "reviewed", "withdrawn"])
        content, revision = self._subject(draft, name, meaning)
        if content is None:
            return
        known = life.approved(named(content))
        before = min(known.predecessors if known else life.before)
        if not given and dice.random() < 0.15:
            before = dice.choice(["", digest(b"something else")])
        held = paper.PEOPLE[person] or ("process-owner",)
        role = role or (None if meaning == "authored" else dice.choice(held))
        strong = name.startswith("FRM") or dice.random() < 0.2
        data = paper.statement(
            meaning,
            person,
            role,
            paper.written(content),
            predecessor=before or None,
            time=f"2020-09-13T12:00:{dice.randrange(60):02}Z",
            name=name,
            revision=revision,
            writers=dice.choice([["max"], ["max"], ["max"], [], [], ["max", "olga"], ["?"]]),
            assurance="signed" if strong else "unsigned",
        )
        self._lay(draft, data, meaning, person, f"{name}/{revision}")

    def _subject(self, draft: Draft, name: str, meaning: str) -> tuple[Content | None, str]:
        life = self.mainline.life(name)
        shelf = Shelf(draft.files, self.blobs)
        found = shelf.only(name)
        if life.approvals and (meaning == "withdrawn" or self.dice.random() < 0.1):
            chosen = self.dice.choice([*[life.approvals[-1]] * 3, *life.approvals])
            return chosen.content, chosen.revision
        return shelf.content(name), found[1].revision if found else ""

    def _lay(self, draft: Draft, data: bytes, meaning: str, person: str, folder: str) -> None:
        """The statement, and its signature if it has one; some come without, or with that of another."""
        if self.dice.random() < 0.05:
            folder = "elsewhere"
        path = paper.file_name(data, meaning, person, folder)
        draft.put(path, data)
        if b'"assurance": "signed"' in data and self.dice.random() < 0.9:
            signer = person if self.dice.random() < 0.95 else "jane"
            draft.put(f"{path}.sig", paper.signature(signer, data))

    def change_register(self, draft: Draft) -> None:
        """The register changes, sometimes with the signature it needs, sometimes without."""
        draft.put("people.yml", paper.register(self._new_addresses()))
        if self.dice.random() < 0.1:
            draft.put("people.yml", paper.unreadable_register())
        if self.dice.random() < 0.8:
            self._authorise(draft)

    def _authorise(self, draft: Draft) -> None:
        files = {path: draft.files[path] for path in ("isodocs.yml", "people.yml") if path in draft.files}
        content: dict[str, object] = {
            "document": None,
            "embedded": {path: self.blobs.digest(entry.oid) for path, entry in files.items()},
        }
        data = paper.statement(
            "authority",
            "jane",
            "quality-manager",
            content,
            predecessor=self.mainline.set or None,
            time="2020-09-13T12:00:00Z",
            assurance="signed",
        )
        self._lay(draft, data, "authority", "jane", f"_authority/{digest(encode(content))[:16]}")

    def _new_addresses(self) -> dict[str, list[str]]:
        found = {person: [f"{person}@example.org"] for person in paper.PEOPLE}
        for _ in range(self.dice.choice([1, 2])):
            person = self.dice.choice(list(paper.PEOPLE))
            found[person].append(self.dice.choice([paper.SHARED, paper.STRANGER, f"{person}@home.example"]))
        if self.dice.random() < 0.3:
            found["max"], found["olga"] = found["olga"], found["max"]
        return found
