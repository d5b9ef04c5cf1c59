"""Plays the story into a git repository: who writes, signs and merges, each in their own name and time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.core import proposal
from isodocs.core.history import Identity
from isodocs.core.identity import format_time, local_day
from isodocs.core.library import Judged
from isodocs.core.moment import AsOf
from isodocs.core.problem import CannotRun, Profile
from isodocs.core.reading import read_register, read_settings
from isodocs.core.settings import REGISTER_FILE, SETTINGS_FILE
from isodocs.core.statement import Statement, encode, file_name
from isodocs.demo.files import example_files, own_files
from isodocs.demo.keyring import Keyring
from isodocs.demo.register import with_keys, with_role
from isodocs.demo.story import Calendar, read_story
from isodocs.demo.texts import Texts, edited
from isodocs.demo.workplace import MAINLINE, Hand, Workplace
from isodocs.git.mainline import newest_contained
from isodocs.git.tree import commit_tree
from isodocs.workspace.change import NextStep, open_change
from isodocs.workspace.contents import now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from isodocs.core.authority import Person, Register
    from isodocs.core.library import Library
    from isodocs.demo.story import CommitStep, Event, MergeStep, RegisterChange, Signing, Story, When

KEYS = "demo-keys"
EVERYBODY = "everybody"
_READING = 120
_BETWEEN = 360
"""Seconds from a person's last signature to the commit, and between two signatures."""


@dataclass(frozen=True, slots=True)
class Played:
    """A repository in which the story was played.

    Attributes:
        root: the top of its work tree.
        keys: the folder with the people's private keys.
        story: what was played.
        people: the register's people by id.
    """

    root: Path
    keys: Path
    story: Story
    people: Mapping[str, Person]


def play(root: Path, today: date | None = None, watch: Callable[[str], None] | None = None) -> Played:
    """Play the story into a new repository.

    Args:
        root: a folder that does not exist yet, or is empty.
        today: the last day of the story; the real one where None.
        watch: is told of each thing that happens, in one line.

    Raises:
        CannotRun: the folder is not empty, git fails, or the story would end in the future.
    """
    story, clock = read_story(), now()
    calendar = Calendar(today or local_day(clock, story.timezone), story.zone)
    end = max(calendar.moment(step.when) for step in story.steps())
    if end > clock:
        raise CannotRun(
            f"With {calendar.today} as its last day the story would go on until {format_time(end)}, "
            "which is still to come, and isodocs refuses commits of the future. Name an earlier day."
        )
    player = Player(Workplace.create(root), story, calendar, watch or _say_nothing)
    for event in story.events:
        player.happen(event)
    player.leave()
    return Played(player.place.root, player.keys.folder, story, player.register.people)


def _say_nothing(_line: str) -> None:
    return


class Player:
    """The story's people at work in one repository."""

    def __init__(
        self, place: Workplace, story: Story, calendar: Calendar, watch: Callable[[str], None]
    ) -> None:
        self.place = place
        self.story = story
        self.calendar = calendar
        self.watch = watch
        self.example = example_files()
        self.texts = Texts(story, self.example, calendar)
        self.register = _register(self.example[REGISTER_FILE])
        settings, _ = read_settings(self.example[SETTINGS_FILE])
        if settings is None:
            raise CannotRun("The settings of the example company cannot be read.")
        self.keys = Keyring(place.git_dir / KEYS, story, settings.qms)

    def happen(self, event: Event) -> None:
        """Play one thread of what happened."""
        if event.branch:
            self.place.begin(event.branch)
        for step in event.steps:
            if step.commit:
                self._commit(step.commit)
            if step.merge and event.branch:
                self._merge(step.merge, event.branch)
        last = event.steps[-1].when
        title = event.steps[-1].merge.message if event.steps[-1].merge else ""
        self.watch(f"{self.calendar.day(last.day)}  {_first_line(title) or _title(event)}")
        self.place.to_mainline()

    def leave(self) -> None:
        """Leave the repository to whoever tries it, in the name of one of the people."""
        for person, entry in self.register.people.items():
            self.place.git("config", f"demo.{person}.name", entry.name)
            self.place.git("config", f"demo.{person}.email", entry.emails[0])
        self.place.git("config", "gpg.format", "ssh")
        self.place.git("config", "commit.gpgSign", "false")
        self.place.git("config", "alias.as", _BECOME)
        self.place.git("as", self.story.visitor)

    def hand(self, person: str, moment: int) -> Hand:
        """A person at a time, as git knows them."""
        entry = self.register.people[person]
        return Hand(entry.name, entry.emails[0], self.calendar.git_date(moment))

    def _commit(self, step: CommitStep) -> None:
        moment = self.calendar.moment(step)
        signed = self._signed(step, moment) if step.sign else {}
        self._take(step)
        for name in step.write:
            self.place.write(self.texts.files(name))
        self.place.write(
            {path: edited(self.place.read(path), edits, path).encode() for path, edits in step.edit.items()}
        )
        for change in step.people:
            self._change_register(change)
        self.place.remove(step.delete)
        self.place.write(signed)
        self.place.commit(self.hand(step.by, moment), step.message)

    def _take(self, step: CommitStep) -> None:
        """Take files over from the example, and those of the demonstration alone."""
        wanted = step.plain
        self.place.write(
            {
                path: data
                for path, data in self.example.items()
                if path in wanted or any(path.startswith(one) for one in wanted if one.endswith("/"))
            }
        )
        own = own_files()
        self.place.write({path: own[path] for path in step.own})

    def _merge(self, step: MergeStep, branch: str) -> None:
        moment = self.calendar.moment(step)
        hand = self.hand(step.by, moment)
        if step.kind == "ff":
            self.place.fast_forward(branch)
        elif step.kind == "merge":
            self.place.merge(branch, hand, step.message)
        else:
            self.place.squash(branch, hand, self._trailed(step), self.hand(step.author or step.by, moment))

    def _trailed(self, step: MergeStep) -> str:
        """The message of a squash, with the trailers that forges add."""
        people = [self.register.people[person] for person in step.co_authored_by]
        trailers = [f"Co-authored-by: {one.name} <{one.emails[0]}>\n" for one in people]
        return "\n".join([step.message, *trailers])

    def _change_register(self, change: RegisterChange) -> None:
        since = self.calendar.day(change.from_)
        text = self.place.read(REGISTER_FILE)
        if change.grant and change.role:
            until = None if change.until is None else self.calendar.day(change.until)
            text = with_role(text, change.grant, change.role, since, until)
        if change.key == EVERYBODY:
            text = _begin_roles(text, since)
        everybody = self.register.people if change.key == EVERYBODY else ()
        for person in everybody or ([change.key] if change.key else []):
            ends = None if change.old_until is None else self.calendar.day(change.old_until)
            self.keys.enrol(person, self.register.people[person].emails[0], since, ends)
            text = with_keys(text, person, self.keys.entries[person])
        self.place.write({REGISTER_FILE: text.encode()})

    def _signed(self, step: CommitStep, moment: int) -> dict[str, bytes]:
        """The statements of a commit and their signatures, over what is committed before it."""
        library = self._library(step, moment)
        files: dict[str, bytes] = {}
        for number, signing in enumerate(reversed(step.sign)):
            claimed = moment - _READING - number * _BETWEEN
            data = encode(made := self._statement(replace(library, moment=claimed), signing, step.by))
            path = file_name(data, made)
            files |= {path: data, f"{path}.sig": self.keys.sign(step.by, data)}
        return files

    def _library(self, step: When, moment: int) -> Library:
        """What is committed where the repository stands, as the next step of main."""
        repository = self.place.repository()
        head = self.place.head()
        base = newest_contained(repository, repository.resolve(MAINLINE), (head,))
        entry = self.register.people[step.by]
        change = NextStep(
            Judged.TREE,
            commit_tree(repository, head),
            base,
            (head,),
            Identity(entry.name, entry.emails[0]),
        )
        clock = AsOf.read(format_time(moment), now())
        return open_change(repository, change, clock, profile=Profile.DRAFT)

    def _statement(self, library: Library, signing: Signing, person: str) -> Statement:
        if signing.document is None or signing.text is None:
            return proposal.authority_statement(library, person, signing.reason)
        revision = signing.text.partition("@")[2].partition("-")[0]
        about = proposal.subject(library, signing.document, signing.meaning, revision)
        days = signing.next_review
        return proposal.statement(
            library,
            about,
            signing.meaning,
            person,
            role=signing.role,
            reason=signing.reason,
            next_review=None if days is None else self.calendar.day(days).isoformat(),
        )


# One word to act as somebody: git as hanna-sjoberg
_BECOME = (
    "!f() { "
    'name=$(git config "demo.$1.name") || { echo "There is no ${1:-such person}. People:"; '
    "git config --get-regexp '^demo[.].*[.]name$' | sed 's/^demo[.]//; s/[.]name / /'; return 1; }; "
    'git config user.name "$name"; '
    'git config user.email "$(git config "demo.$1.email")"; '
    f'git config user.signingKey "$(git rev-parse --absolute-git-dir)/{KEYS}/$1"; '
    'echo "You are $name now."; }; f'
)


def _register(data: bytes) -> Register:
    register, _ = read_register(data)
    if register is None:
        raise CannotRun("The register of the example company cannot be read.")
    return register


def _begin_roles(text: str, since: date) -> str:
    """The register with no role that begins after its first keys: the story may be played long ago."""
    register = _register(text.encode())
    starts = {grant.from_ for person in register.people.values() for grant in person.roles}
    for start in starts:
        if start > since:
            text = text.replace(f"from: {start}", f"from: {since}")
    return text


def _first_line(message: str) -> str:
    return message.partition("\n")[0]


def _title(event: Event) -> str:
    """What an event is called: the first line of its last commit."""
    commit = event.steps[-1].commit or event.steps[-2].commit
    return _first_line(commit.message) if commit else event.name
