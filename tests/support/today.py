"""The fixture company at its desks today: people who change their register, and the words that they type.

Keys, roles and signing commands go by the real clock, so what is played here happens about now. Days have a
margin, so that midnight may pass.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from support.statements import Key

if TYPE_CHECKING:
    from datetime import date

    from support.office import Office

PEOPLE = "people.yml"
FROM = "from: 2025-01-01"


def day(days: int = 0) -> date:
    """A day of the company's calendar, counted from today."""
    return datetime.now(ZoneInfo("Europe/Berlin")).date() + timedelta(days=days)


@dataclass
class Company:
    """The company of SCENARIOS.md, today: its repository and the words that people type."""

    office: Office
    branches: int = 0

    def begin(self) -> str:
        """A branch for the next change."""
        self.branches += 1
        name = f"change-{self.branches}"
        self.office.play.branch(name)
        return name

    def edit(self, old: str, new: str, path: str = PEOPLE) -> None:
        """Change one place of a file, as with an editor."""
        text = self.office.play.read(path).decode()
        assert text.count(old) == 1, (text, old)
        self.office.play.write(path, text.replace(old, new))

    def key_of(self, person: str, more: str) -> None:
        """Add something to the entry of a person's key."""
        line = f"{{key: {Key(person).public}, {FROM}"
        self.edit(f"{line}}}", f"{line}, {more}}}")

    def renew(self, person: str) -> None:
        """A new key, made and entered by the person himself; without a passphrase."""
        new = self.office.key(f"{person}-2")
        self.office.ok(
            "enrol", person, "--new", new, "--from", str(day(-2)), "--yes", by=person, stdin="\n\n"
        )

    def authorised(self, *signers: str, words: tuple[str, ...] = ()) -> str:
        """Commit, sign and merge the change of this branch; what the last signing said."""
        said = ""
        self.office.play.commit("max")
        for signer in signers:
            said = self.office.ok("authorise", *words, "--yes", by=signer)
            self.office.commit(signer)
        self.office.play.merge(f"change-{self.branches}")
        return said

    def revise(self, identity: str, revision: str) -> str:
        """A revision by max on a branch of its own."""
        name = self.begin()
        self.office.play.revise(identity, revision)
        return name

    def approved(self, identity: str, *signers: str) -> None:
        """Approve what this branch holds, and merge it."""
        for signer in signers:
            self.office.ok("approve", identity, "--yes", by=signer)
            self.office.commit(signer)
        self.office.play.merge(f"change-{self.branches}")

    def row(self, identity: str, *words: str) -> dict[str, Any]:
        """One line of the master document list."""
        items = json.loads(self.office.ok("list", "--format", "json", *words))["items"]
        return next(item for item in items if item["id"] == identity)

    def in_force(self, identity: str, *words: str) -> str:
        """The revision of a document that is in force."""
        row = self.row(identity, *words)
        return str(row["revision"]) if row["status"] == "effective" else ""

    def sound(self) -> None:
        """Nothing on the mainline is wrong."""
        ended = self.office.run("check")
        assert ended.status == 0, ended


def today(office: Office) -> Company:
    """The same company two hours ago."""
    office.play.repo.clock = int((datetime.now(UTC) - timedelta(hours=2)).timestamp())
    return Company(office)
