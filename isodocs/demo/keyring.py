"""The signing keys of the story's people: made fresh, kept in one folder, enrolled with proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.demo.register import KeyEntry
from isodocs.signing import enrol
from isodocs.signing.keyfile import KeyFile, generate

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from isodocs.demo.story import Story

OLD = ".old"


class Keyring:
    """Key files by person, and what the register says of them.

    Args:
        folder: where the private keys lie, each readable by its owner only.
        story: says who checks whose identity.
        qms: the management system for which they are enrolled.
    """

    def __init__(self, folder: Path, story: Story, qms: str) -> None:
        self.folder = folder
        self.entries: dict[str, tuple[KeyEntry, ...]] = {}
        self._story = story
        self._qms = qms
        self._files: dict[str, KeyFile] = {}
        folder.mkdir(mode=0o700)

    def enrol(self, person: str, email: str, since: date, old_until: date | None = None) -> None:
        """Make a new key for a person; an old one counts until a day, and its file is put aside."""
        path = self.folder / person
        if person in self._files:
            path.rename(self.folder / f"{person}{OLD}")
            (self.folder / f"{person}.pub").rename(self.folder / f"{person}{OLD}.pub")
        line = generate(path, email).line()
        self._files[person] = KeyFile(path)
        proof = self.sign(person, enrol.challenge(self._qms, person, line, since.isoformat()))
        new = KeyEntry(line, since, checked_by=self._story.checker(person), proof=proof.decode("ascii"))
        before = tuple(replace(entry, until=old_until) for entry in self.entries.get(person, ()))
        self.entries[person] = (*before, new)

    def sign(self, person: str, message: bytes) -> bytes:
        """The signature file for a message, with the person's newest key."""
        return self._files[person].sign(message)
