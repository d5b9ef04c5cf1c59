"""Signs the example company anew: ``python -m isodocs.demo.sign_example``. Its private keys are thrown away.

Each document gets the approvals that its policy asks for, by the people whose roles they are, on one day.
Who wrote what, and what each revision follows, is taken from the story. Run it whenever a document, the
settings or the people of ``example-qms`` changed.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from isodocs.core import document, policy
from isodocs.core.authority import day_start
from isodocs.core.document import SIGNATURES
from isodocs.core.identity import format_time, local_day, parse_date, parse_time
from isodocs.core.problem import CannotRun
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.statement import Assurance, Content, Meaning, Statement, encode, file_name, sha256
from isodocs.demo.files import example_files, example_folder
from isodocs.demo.keyring import Keyring
from isodocs.demo.register import with_keys
from isodocs.demo.story import Calendar, Story, read_story
from isodocs.demo.texts import Texts
from isodocs.workspace import open_snapshot
from isodocs.workspace.contents import now
from isodocs.writing import write, write_new

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.authority import Register
    from isodocs.core.library import Library

BEGIN = time(7, 0)
PACE = 180
"""When the first person sits down to sign, and the seconds that each document takes."""


@dataclass(frozen=True, slots=True)
class Task:
    """One approval that the policy asks for."""

    person: str
    role: str
    document: str
    content: Content
    revision: str
    writers: tuple[str, ...]


def sign_example(folder: Path, day: date) -> list[str]:
    """Sign every document of the example company on one day; the paths of the new statements.

    Args:
        folder: the example company's tree, whose signatures and public keys are replaced.
        day: from which the new keys count, and on which everything is signed.

    Raises:
        CannotRun: the tree cannot be read, or nobody may sign a document.
    """
    story = read_story()
    library = open_snapshot(folder, moment=day_start(day, story.zone))
    with TemporaryDirectory() as place:
        keys = Keyring(Path(place) / "keys", story, library.settings.qms)
        text = (folder / REGISTER_FILE).read_text("utf-8")
        for person, entry in library.register.people.items():
            keys.enrol(person, entry.emails[0], day)
            text = with_keys(text, person, keys.entries[person])
        made = _statements(library, story, text, Calendar(day, story.zone))
        files: dict[str, bytes] = {}
        for one in made:
            data = encode(one)
            path = file_name(data, one)
            files |= {path: data, f"{path}.sig": keys.sign(one.person, data)}
    write(folder / REGISTER_FILE, text.encode())
    shutil.rmtree(folder / SIGNATURES, ignore_errors=True)
    write_new(folder, files)
    return [path for path in files if path.endswith(".json")]


def _statements(library: Library, story: Story, register: str, calendar: Calendar) -> list[Statement]:
    """The statements of all people, each person's one after the other."""
    tasks = sorted(_tasks(library, story), key=lambda task: (task.person, task.document))
    before = _Before(story, calendar)
    start = int(datetime.combine(calendar.today, BEGIN, calendar.zone).timestamp())
    made, signed = [], dict.fromkeys((task.person for task in tasks), 0)
    for task in tasks:
        signed[task.person] += 1
        moment = start + signed[task.person] * PACE
        made.append(
            Statement(
                assurance=Assurance.SIGNED,
                content=task.content,
                id=task.document,
                meaning=Meaning.APPROVED,
                name=library.register.people[task.person].name,
                next_review=None,
                person=task.person,
                predecessor=before.digest(task.document, task.revision),
                qms=library.settings.qms,
                reason=None,
                register=sha256(register.encode()),
                revision=task.revision,
                role=task.role,
                signer=task.person,
                source=None,
                time=format_time(moment),
                writers=task.writers,
            )
        )
    return made


def _tasks(library: Library, story: Story) -> Iterator[Task]:
    for name in sorted(library.by_id):
        about = library.by_id[name][0].document
        content = library.state.tree.content(name, library.evidence.digests)
        asked = policy.requirement(library.settings, about, Meaning.APPROVED)
        if content is None or asked is None:
            raise CannotRun(f"{name} cannot be signed: see 'isodocs check --snapshot'.")
        writers = story.authors(f"{name}@{about.revision}")
        for role in sorted(asked.roles):
            person = _holder(library.register, role, writers, library)
            yield Task(person, role, name, content, about.revision, writers)


def _holder(register: Register, role: str, writers: tuple[str, ...], library: Library) -> str:
    for person in register.holders(role, library.moment, library.settings.zone):
        if person not in writers:
            return person
    raise CannotRun(f"Nobody but its writers holds the role {role}.")


class _Before:
    """The revisions before those of the example, as the story has them."""

    def __init__(self, story: Story, calendar: Calendar) -> None:
        self._texts = Texts(story, example_files(), calendar)
        self._names = story.texts

    def digest(self, name: str, revision: str) -> str | None:
        """The digest of the content that a revision follows; None for a first one."""
        text = f"{name}@{int(revision) - 1}"
        if text not in self._names:
            return None
        files, path = self._texts.files(text), self._texts.path(text)
        embedded = {
            target: sha256(files[place])
            for target in document.read(files[path]).embeds
            if (place := document.resolve(path, target)) is not None
        }
        return Content(sha256(files[path]), tuple(sorted(embedded.items()))).digest


def signing_day(folder: Path) -> date:
    """The day on which the example company was signed, by its newest statement.

    Raises:
        CannotRun: it is not signed.
    """
    times = [
        parse_time(json.loads(path.read_text("ascii"))["time"]) or 0
        for path in (folder / SIGNATURES).rglob("*.json")
    ]
    if not times:
        raise CannotRun(f"{folder} is not signed.")
    return local_day(max(times), read_story().timezone)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.option("--today", metavar="DATE", help="The day on which everybody signs. Default: the real one.")
@click.option("--date", "ask", is_flag=True, help="Only print the day on which it was signed.")
def main(folder: Path | None, today: str | None, *, ask: bool) -> None:
    """Sign the example company anew with fresh keys, and throw the private ones away."""
    place = folder or example_folder()
    try:
        click.echo(signing_day(place).isoformat() if ask else _sign(place, today))
    except CannotRun as error:
        click.echo(f"sign_example: {error}", err=True)
        sys.exit(2)


def _sign(folder: Path, today: str | None) -> str:
    """Sign, and say how much of it there is."""
    day = parse_date(today) if today else local_day(now(), read_story().timezone)
    if day is None:
        raise CannotRun(f"'{today}' is no date such as 2026-11-23.")
    return f"{len(sign_example(folder, day))} statements of {day} in {folder}"


if __name__ == "__main__":
    main()
