"""The company's settings, ``isodocs.yml``: document types, policies of approval, authority, intervals."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from isodocs.core.identity import parse_time, zone
from isodocs.core.problem import Severity
from isodocs.core.statement import Assurance, Meaning

SETTINGS_FILE = "isodocs.yml"
REGISTER_FILE = "people.yml"
ALWAYS_PROTECTED = (SETTINGS_FILE, REGISTER_FILE)
GUARDIANS = frozenset({"AP105", "AP108", "AU101", "HX102", "HX103", "HX104", "HX105"})
"""Rules on which all others stand: without them history and signatures prove nothing."""
OWNER = "owner"
NAME_PATTERN = r"^[a-z0-9-]+$"
LONGEST_GLOB = 500
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
    user_verification: bool = False


class Recovery(Model):
    """Who may change settings, people and the protected files where the usual quorum is lost."""

    role: Name
    quorum: int = Field(default=2, ge=1)


def _plain_glob(pattern: str) -> str:
    """A glob that can be matched in little time, whatever the path."""
    if len(pattern) > LONGEST_GLOB:
        raise ValueError(f"is longer than {LONGEST_GLOB} characters")
    if re.search(r"[^/]\*\*/", re.sub(r"(\*\*/)+", "**/", pattern)):
        raise ValueError("has ** beside other characters: write it between slashes, such as theme/**/x.css")
    return pattern


class AuthorityPolicy(Model):
    """Who may change settings, people and the protected files."""

    role: Name
    quorum: int = Field(default=1, ge=1)
    protects: tuple[Annotated[str, AfterValidator(_plain_glob)], ...] = ALWAYS_PROTECTED
    recovery: Recovery | None = None
    user_verification: bool = False

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.recovery is not None and self.recovery.role == self.role:
            raise ValueError(f"recovery.role is {self.role} again; it must be another role")
        return self


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


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("says nothing; write why")
    return text


def _may_be_set_aside(code: str) -> str:
    if code in GUARDIANS:
        raise ValueError(f"{code} guards history and signatures, so no settings can weaken it")
    return code


class Waiver(Model):
    """A rule set aside for one document until a day, with its reason."""

    rule: Annotated[str, AfterValidator(_may_be_set_aside)]
    id: str = Field(min_length=1)
    until: date
    reason: Annotated[str, AfterValidator(_words)]


def _utc_time(text: str) -> str:
    if parse_time(text) is None:
        raise ValueError("is no UTC time such as 2026-03-01T10:15:00Z")
    return text


class Correction(Model):
    """The time that a commit of the mainline should have, whose own date lies in the future."""

    commit: str = Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")
    time: Annotated[str, AfterValidator(_utc_time)]
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
    corrections: tuple[Correction, ...] = ()
    rules: dict[
        Annotated[str, Field(pattern=r"^[A-Z]{2}\d{3}$"), AfterValidator(_may_be_set_aside)], RuleLevels
    ] = Field(default_factory=dict)

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
    """One glob. What stands between stars is taken where it first fits, for good: no path takes for ever."""
    pattern = re.sub(r"\*\*(?=\*{4})", "", pattern)  # stars repeated mean the same
    pattern = re.sub(r"(\*\*/)+", "**/", pattern)
    below = ""
    while pattern.endswith("/**"):  # the folder itself too: a link or a submodule in its place
        pattern, below = pattern.removesuffix("/**"), "(?:/.*)?"
    first, *rest = re.split(r"(\*\*/|\*\*)", pattern)
    depths = list(zip(rest[::2], rest[1::2], strict=True))
    done = [_within_folder(first, last=not depths)]
    for number, (stars, text) in enumerate(depths, 1):
        last = number == len(depths)
        way = {"**": ".*", "**/": "(?:.*/)?"} if last else {"**": ".*?", "**/": "(?:.*?/)??"}
        part = way[stars] + _within_folder(text, last=last)
        done.append(part if last else f"(?>{part})")
    return "".join(done) + below


def _within_folder(text: str, *, last: bool) -> str:
    """A part of a glob without ``**``; the last part must end where the path does."""
    first, *rest = (re.escape(part).replace(r"\?", "[^/]") for part in text.split("*"))
    parts = [f"(?>[^/]*?{part})" for part in rest]
    if last and rest:
        parts[-1] = f"[^/]*{rest[-1]}"
    return first + "".join(parts)


def built_in(title: str = "Documents without settings") -> dict[str, Any]:
    """The settings under which a repository without ``isodocs.yml`` can be read with ``--snapshot``."""
    return {
        "qms": "00000000-0000-0000-0000-000000000000",
        "title": title,
        "drafts_on_mainline": True,
        "authority": {"role": "quality-manager"},
        "types": {},
    }
