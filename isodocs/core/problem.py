"""What a rule reports: a problem, where it stands, and how to mend it.

A user's mistake is a value, never an exception. Lines and columns count from 1, columns in code points.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a problem weighs in a profile. Only ``error`` blocks."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


class Profile(StrEnum):
    """Which severities apply: ``draft`` on working branches, ``release`` on the mainline and at gates."""

    DRAFT = "draft"
    RELEASE = "release"


class Span(NamedTuple):
    """A stretch of text, from 1; the end is exclusive in columns. A whole file is the default span."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


START = Span()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        code: the rule's stable code, such as ``FM104``.
        message: what is wrong, one sentence without the path.
        fix: how to mend it, an imperative sentence; empty where the message says it all.
        path: path in the repository, with ``/``; empty for a problem of the whole repository.
        span: where in the file.
        id: the document concerned, if one is.
        severity: set by the engine from rule, profile and settings; a rule leaves it alone.
    """

    code: str
    message: str
    fix: str = ""
    path: str = ""
    span: Span = field(default=START)
    id: str = ""
    severity: Severity = Severity.ERROR

    def at(self, path: str) -> Problem:
        """The same problem in the file ``path``."""
        return replace(self, path=path)


class CannotRun(Exception):
    """We could not go on; the text is one clear sentence for the user. Exit status 2."""
