"""The company's settings, ``isodocs.yml``: document types, policies of approval, authority, intervals."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from isodocs.core.identity import zone
from isodocs.core.problem import Severity
from isodocs.core.statement import Assurance, Meaning

SETTINGS_FILE = "isodocs.yml"
REGISTER_FILE = "people.yml"
ALWAYS_PROTECTED = (SETTINGS_FILE, REGISTER_FILE)
OWNER = "owner"
NAME_PATTERN = r"^[a-z0-9-]+$"
UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

Name = Annotated[str, Field(pattern=NAME_PATTERN)]


class Model(BaseModel):
    """A part of a file people write: no unknown keys, and unchanging once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_zone(name: str) -> str:
    """Ask for this one zone: a list of all of them takes longer than the rest of a small check."""
    try:
        zone(name)
    except ValueError:
        known = False
    else:
        known = not name.startswith(("posix", "right/"))  # variants of the files, no names of zones
    if not known:
        raise ValueError("is no time zone of the tz database, such as Europe/Berlin")
    return name


class Policy(Model):
    """Who must sign for one meaning: one signature from each role, each at least of this assurance."""

    assurance: Assurance = Assurance.SIGNED
    roles: tuple[Name, ...] = Field(min_length=1)


class AuthorityPolicy(Model):
    """Who may change settings, people and the protected files."""

    role: Name
    quorum: int = Field(default=1, ge=1)
    protects: tuple[str, ...] = ALWAYS_PROTECTED


class DocumentType(Model):
    """One type of document, named by the prefix of its ids."""

    title: str
    revision: Literal["integer", "major.minor", "letter"] = "integer"
    review_months: int | None = Field(default=None, ge=1, le=600)
    template: str | None = None
    sections: tuple[str, ...] = ()
    independence: Literal["any-editor", "substantive-author", "none"] = "any-editor"
    distinct_people: bool = False
    prepared: Literal["unsigned", "signed"] = "unsigned"
    approved: Policy
    authored: Policy | None = None
    reviewed: Policy | None = None
    returned: Policy | None = None
    reaffirmed: Policy | None = None
    acknowledged: Policy | None = None
    withdrawn: Policy | None = None

    def policy(self, meaning: Meaning) -> Policy:
        """The policy of a meaning; one without its own takes that of ``approved``."""
        own: Policy | None = getattr(self, meaning.value, None)
        return own or self.approved


class ExtraField(Model):
    """A front matter key that the company adds."""

    about: str


class ReviewSettings(Model):
    """When a review is announced, and how long an overdue one is let pass."""

    due_soon_days: int = Field(default=60, ge=0)
    grace_days: int = Field(default=0, ge=0)


class ContentSettings(Model):
    """Words that should not stand in an approved document."""

    placeholders: tuple[str, ...] = ("TODO", "TBD", "FIXME", "<…>")
    vague: tuple[str, ...] = ("as appropriate", "if necessary")


class Waiver(Model):
    """A rule set aside for one document until a day, with its reason."""

    rule: str
    id: str
    until: date
    reason: str = Field(min_length=1)


class RuleLevels(Model):
    """Severities of one rule that differ from its own."""

    draft: Severity | None = None
    release: Severity | None = None


class Settings(Model):
    """The whole of ``isodocs.yml``."""

    format: Literal[1, "1"] = 1
    qms: str = Field(pattern=UUID_PATTERN)
    title: str
    mainline: str = "main"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    drafts_on_mainline: bool = False
    unknown_writers: Literal["refuse", "say"] = "refuse"
    standards: tuple[str, ...] = ()
    authority: AuthorityPolicy
    types: dict[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")], DocumentType]
    fields: dict[str, ExtraField] = Field(default_factory=dict)
    review: ReviewSettings = ReviewSettings()
    content: ContentSettings = ContentSettings()
    waivers: tuple[Waiver, ...] = ()
    rules: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}\d{3}$")], RuleLevels] = Field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone, in which a date means 00:00."""
        return ZoneInfo(self.timezone)

    @cached_property
    def _protected(self) -> re.Pattern[str]:
        return globs(self.authority.protects)

    def protects(self, path: str) -> bool:
        """Whether a change of this file asks for an ``authority`` statement."""
        return path in ALWAYS_PROTECTED or self._protected.fullmatch(path) is not None


def globs(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for several globs: ``*`` and ``?`` within a folder, ``**`` over any depth."""
    return re.compile("|".join(_glob(pattern) for pattern in patterns) or r"(?!)", re.DOTALL)


def _glob(pattern: str) -> str:
    pattern = re.sub(r"\*\*(?=\*{4})", "", pattern)  # stars repeated mean the same and take for ever
    pattern = re.sub(r"(\*\*/)+", "**/", pattern)
    if pattern.endswith("/**"):  # the folder itself too: a link or a submodule in its place
        return f"{_glob(pattern.removesuffix('/**'))}(?:/.*)?"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(meaning.get(part) or re.escape(part) for part in parts)


def built_in(title: str = "Documents without settings") -> dict[str, Any]:
    """The settings under which a repository without ``isodocs.yml`` can be read with ``--snapshot``."""
    return {
        "qms": "00000000-0000-0000-0000-000000000000",
        "title": title,
        "drafts_on_mainline": True,
        "authority": {"role": "quality-manager"},
        "types": {},
    }
