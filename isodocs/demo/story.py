"""The story of the example company, ``story.yml``, as a model. Days count from today; negative is past."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, model_validator

from isodocs.core.settings import Model
from isodocs.core.statement import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

STORY_FILE = Path(__file__).parent / "story.yml"


class Edit(Model):
    """One place of a file, named by the text that stands there exactly once, and what stands there then."""

    old: str = Field(min_length=1)
    new: str


class TextSpec(Model):
    """How a revision's text differs from the one in the example, or the whole text with its path."""

    front: dict[str, int | str | None]
    replace: tuple[Edit, ...] = ()
    files: dict[str, tuple[Edit, ...]] = Field(default_factory=dict)
    path: str | None = None
    text: str | None = None


class Signing(Model):
    """One statement: what it means, about which text, in which role."""

    meaning: Meaning
    text: str | None = None
    role: str | None = None
    reason: str | None = None
    next_review: int | None = None

    @property
    def document(self) -> str | None:
        """The id of the document it is about; None for settings and people."""
        return self.text.partition("@")[0] if self.text else None


class RegisterChange(Model):
    """A change of the register: a new key for a person (or ``everybody``), or a role for a time."""

    key: str | None = None
    old_until: int | None = None
    grant: str | None = None
    role: str | None = None
    from_: int = Field(alias="from")
    until: int | None = None


class When(Model):
    """Somebody does something on a day at a time of the company's clock."""

    by: str
    day: int
    time: str = Field(pattern=r"^\d\d:\d\d$")


class CommitStep(When):
    """A commit, and what goes into it."""

    message: str
    write: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    edit: dict[str, tuple[Edit, ...]] = Field(default_factory=dict)
    people: tuple[RegisterChange, ...] = ()
    delete: tuple[str, ...] = ()
    sign: tuple[Signing, ...] = ()


class MergeStep(When):
    """The event's branch goes into main: by a merge commit, as a squash, or by fast-forward."""

    kind: Literal["merge", "squash", "ff"]
    message: str = ""
    author: str | None = None
    co_authored_by: tuple[str, ...] = ()


class Step(Model):
    """One of the two."""

    commit: CommitStep | None = None
    merge: MergeStep | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.commit is None) == (self.merge is None):
            raise ValueError("is either a commit or a merge")
        return self

    @property
    def when(self) -> When:
        """Who does it, and when."""
        return self.commit or self.merge  # type: ignore[return-value] # one of them is there


class Event(Model):
    """One thread of what happened."""

    name: str
    about: str
    branch: str | None = None
    keep_open: bool = False
    steps: tuple[Step, ...]


class Expected(Model):
    """What must be true on main at the end."""

    effective: dict[str, int]
    upcoming: dict[str, int]
    withdrawn: tuple[str, ...]
    overdue: tuple[str, ...]
    due_soon: tuple[str, ...]
    open_branches: dict[str, str]


class Story(Model):
    """The whole of ``story.yml``. ``identity_checked_by``: who sees people when their keys are enrolled."""

    format: Literal[1]
    today: date
    timezone: str
    identity_checked_by: tuple[str, str]
    visitor: str
    texts: dict[str, TextSpec]
    events: tuple[Event, ...]
    expected: Expected

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)

    def steps(self) -> Iterator[Step]:
        """All steps, in the order of time."""
        for event in self.events:
            yield from event.steps

    def authors(self, name: str) -> tuple[str, ...]:
        """Who wrote a revision's text, its first goes included, sorted. ``name``: ``SOP-012@2``."""
        return tuple(
            sorted(
                {
                    step.commit.by
                    for step in self.steps()
                    if step.commit
                    for text in step.commit.write
                    if text == name or text.startswith(f"{name}-")
                }
            )
        )

    def checker(self, person: str) -> str:
        """Who checked a person's identity."""
        first, second = self.identity_checked_by
        return second if person == first else first


def read_story() -> Story:
    """The story that is shipped."""
    return Story.model_validate(yaml.safe_load(STORY_FILE.read_text("utf-8")))


class Calendar:
    """The story's days on a real calendar."""

    def __init__(self, today: date, zone: ZoneInfo) -> None:
        self.today = today
        self.zone = zone

    def day(self, number: int) -> date:
        """A day, counted from today."""
        return self.today + timedelta(days=number)

    def moment(self, when: When) -> int:
        """When something happens, in seconds since 1970."""
        hour, minute = (int(part) for part in when.time.split(":"))
        day = self.day(when.day)
        return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).timestamp())

    def git_date(self, moment: int) -> str:
        """A time as git's variables take it: seconds, and how far the company's clock is from UTC."""
        offset = datetime.fromtimestamp(moment, self.zone).strftime("%z")
        return f"@{moment} {offset}"
