"""What a rule is, and the few things every rule needs.

A rule is a file. Its docstring is its manual page, in four parts that begin with ``What:``, ``Why:``,
``Good:`` and ``Bad:``; ``rule`` takes it apart. What the rule finds are problems; the engine weighs them.

What follows from one document file and the settings alone, a rule finds in ``examine``: it can be kept in the
file's sheet. What needs more is found in ``check``, which goes by sheets (``judged_sheets``) and asks
``library.index`` for what is out of the ordinary: in a hook nothing goes through all documents.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from isodocs.core import sheet
from isodocs.core.document import is_document
from isodocs.core.identity import id_in_filename
from isodocs.core.library import Judged, Library, Reading
from isodocs.core.problem import START, Problem, Profile, Severity, Span
from isodocs.core.sheet import id_of, span_of, text_of
from isodocs.rules.premises import Premises, premises_of

if TYPE_CHECKING:
    from isodocs.core.life import Judged as JudgedStatement
    from isodocs.core.sheet import Sheet
    from isodocs.core.status import DocumentView

T = TypeVar("T")
Check: TypeAlias = Callable[[Library], Iterator[Problem]]
Examine: TypeAlias = Callable[[Reading, Premises], Iterator[Problem]]

__all__ = [
    "BROKEN_FRONT", "ERROR", "INFO", "OFF", "UNREADABLE", "WARNING", "Check", "Examine", "Example", "Family",
    "Rule", "entered_now", "found", "id_at", "id_of", "judged_now", "judged_readings",
    "judged_sheets", "level", "manual_page", "number_before", "quote_list", "remembered", "rule", "sheet_at",
    "span_at", "span_of", "text_of", "views_of",
]  # fmt: skip

ERROR, WARNING, INFO, OFF = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.OFF
UNREADABLE: Final = ("FM101", "FM102", "FM103", "FM107", "FM108")
BROKEN_FRONT: Final = (*UNREADABLE, "FM105", "FM106")
_PARTS = re.compile(r"^(What|Why|Good|Bad): ", re.MULTILINE)


class Family(StrEnum):
    """What a rule is about; the value is the title of its chapter in the manual."""

    FRONT_MATTER = "front matter"
    IDENTITY = "identity"
    REVISION = "revision"
    APPROVAL = "approval"
    REVIEW = "review"
    LINKS = "links"
    CONTENT = "content"
    HISTORY = "history"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Example:
    """A case in which a rule reports something, or does not.

    Attributes:
        about: the case in words.
        files: a small tree, path to text, that shows it; empty where only a history can show it.
    """

    about: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        code: stable, such as ``FM104``.
        name: stable, in small letters with hyphens.
        family: its chapter.
        draft: severity on working branches.
        release: severity on the mainline and at gates.
        what: what it reports.
        why: why that matters.
        good: a case that passes.
        bad: a case that it reports.
        requires: codes of rules; where one of them reports a document or a file, this one keeps silent.
        everywhere: whether it blocks also where the change does not touch what it reports.
        alone: whether nothing else is worth saying once it reports.
        check: yields the problems. A severity that it sets on a problem is the highest it can get.
        examine: yields those that follow from one document file and the settings alone; ``check`` hands them
            on by ``found``.
    """

    code: str
    name: str
    family: Family
    draft: Severity
    release: Severity
    what: str
    why: str
    good: Example
    bad: Example
    check: Check
    requires: tuple[str, ...] = ()
    everywhere: bool = False
    alone: bool = False
    examine: Examine | None = None


def rule(
    page: str | None,
    code: str,
    name: str,
    family: Family,
    check: Check | None = None,
    *,
    examine: Examine | None = None,
    draft: Severity = ERROR,
    release: Severity = ERROR,
    good: Mapping[str, str] | None = None,
    bad: Mapping[str, str] | None = None,
    requires: tuple[str, ...] = (),
    everywhere: bool = False,
    alone: bool = False,
) -> Rule:
    """A rule from its module's docstring and the rest of its facts.

    Args:
        page: the module's ``__doc__``.
        code: as in ``Rule``, and so on.
        name: its name.
        family: its chapter.
        check: what yields the problems; without it, what ``examine`` finds is all.
        examine: as in ``Rule``.
        draft: severity on working branches.
        release: severity on the mainline.
        good: files of the good example.
        bad: files of the bad one.
        requires: rules that silence this one.
        everywhere: as in ``Rule``.
        alone: as in ``Rule``.
    """

    def only_found(library: Library) -> Iterator[Problem]:
        yield from found(library, made)

    parts = manual_page(page or "")
    made = Rule(
        code,
        name,
        family,
        draft,
        release,
        what=parts.get("What", ""),
        why=parts.get("Why", ""),
        good=Example(parts.get("Good", ""), good or {}),
        bad=Example(parts.get("Bad", ""), bad or {}),
        check=check or only_found,
        examine=examine,
        requires=requires,
        everywhere=everywhere,
        alone=alone,
    )
    return made


def manual_page(page: str) -> dict[str, str]:
    """The parts of a rule's docstring by their name, each as one paragraph."""
    pieces = _PARTS.split(page)[1:]
    return {name: " ".join(text.split()) for name, text in zip(pieces[::2], pieces[1::2], strict=True)}


def remembered(owner: object, make: Callable[[Any], T]) -> T:
    """What several rules ask of one library or reading, worked out once.

    It is kept in the value itself, as ``functools.cached_property`` does, and goes with it.
    """
    kept = vars(owner)
    key = f"{make.__module__}.{make.__qualname__}"
    if key not in kept:
        kept[key] = make(owner)
    found: T = kept[key]
    return found


def judged_readings(library: Library) -> tuple[Reading, ...]:
    """The documents whose own text is judged, read in full, sorted by path.

    A commit hook and a server's gate read what the change touches; whole checks look at everything.
    """
    return tuple(library.readings[path] for path in remembered(library, _judged_paths))


def judged_sheets(library: Library) -> tuple[Sheet, ...]:
    """The same documents, as far as rules ask of them that look at other documents too.

    Of a whole library these are the documents that could be reported, where it is known which these are.
    """
    return remembered(library, _judged_sheets)


def _judged_sheets(library: Library) -> tuple[Sheet, ...]:
    sheets = library.sheets
    if sheets is not None and library.bundles is not None and not library.touched_only:
        return tuple(sheets[path] for path in library.bundles.suspects(library))
    if sheets is not None:
        return tuple(sheets[path] for path in remembered(library, _judged_paths))
    return tuple(remembered(reading, sheet.of) for reading in judged_readings(library))


def _judged_paths(library: Library) -> list[str]:
    share = library.share
    if library.touched_only:
        found: Iterable[str] = _touched_documents(library)
    elif share is not None and library.sheets is None:
        files = library.files.items()
        found = (path for path, entry in files if entry.regular and is_document(path))
    else:
        found = library.readings if library.sheets is None else library.sheets
    return sorted(found if share is None else filter(share.has_file, found))


def _touched_documents(library: Library) -> set[str]:
    """The document files that the change touches: themselves, or what belongs to their ids."""
    documents: Mapping[str, object] = library.readings if library.sheets is None else library.sheets
    touched = {path for path in library.touched_paths if path in documents}
    names = library.touched.union(id_at(library, path) for path in touched)
    beside = {path for name in names for path in library.state.tree.paths.get(name, ())}
    beside |= {path for path in library.index.unreadable if id_at(library, path) in names}
    return touched | {path for path in beside if path in documents}


def sheet_at(library: Library, path: str) -> Sheet | None:
    """What rules ask of the document file at a path; None if none is there."""
    if library.sheets is not None:
        return library.sheets.get(path)
    reading = library.readings.get(path)
    return remembered(reading, sheet.of) if reading is not None else None


def span_at(library: Library, path: str, key: str) -> Span:
    """Where the value of a key stands in the document file at a path; else the top of the file."""
    if library.sheets is None:
        return span_of(library.readings.get(path), key)
    found = library.sheets.get(path)
    return found.span(key) if found is not None else START


def found(library: Library, one: Rule) -> Iterator[Problem]:
    """What a rule finds that looks at one file only: in documents, and in reading settings and register."""
    if library.sheets is not None:
        yield from remembered(library, _by_code).get(one.code, ())
    elif one.examine is not None:
        premises = remembered(library, premises_of)
        for reading in judged_readings(library):
            yield from one.examine(reading, premises)
    yield from (problem for problem in library.texts if problem.code == one.code)


def _by_code(library: Library) -> Mapping[str, list[Problem]]:
    problems: defaultdict[str, list[Problem]] = defaultdict(list)
    for one in judged_sheets(library):
        for problem in one.problems:
            problems[problem.code].append(problem)
    return problems


def id_at(library: Library, path: str) -> str:
    """The id of the document at a path, as far as it can be told."""
    if library.sheets is not None:
        known = library.sheets.get(path)
        return known.called if known is not None else id_in_filename(path) or ""
    reading = library.readings.get(path)
    return id_of(reading) if reading is not None else id_in_filename(path) or ""


def number_before(library: Library) -> int | None:
    """The number of the step before the judged change; −1 before a root; None if no change is judged."""
    if library.base is not None:
        return library.base.number
    return None if library.judged in {Judged.SNAPSHOT, Judged.MAINLINE} else -1


def entered_now(library: Library, step: int) -> bool:
    """Whether what happened at this step happened in the judged change."""
    before = number_before(library)
    return before is not None and step > before


def judged_now(library: Library) -> tuple[JudgedStatement, ...]:
    """The statements that were judged in the judged change."""
    return remembered(library, _judged_now)


def _judged_now(library: Library) -> tuple[JudgedStatement, ...]:
    if number_before(library) is None:
        return ()
    logs = [library.state.life(name).judged for name in library.index.changed]
    return tuple(
        item
        for log in (*logs, library.state.authority_log)
        for item in log
        if entered_now(library, item.step)
    )


def views_of(
    library: Library, one: Rule, names: Callable[[], Iterable[str]]
) -> Iterator[tuple[str, DocumentView]]:
    """The documents at which a rule looks, by id.

    Args:
        library: what is judged.
        one: the rule.
        names: gives the ids of the documents that it could report. It is not asked in a hook in which the
            rule could block nothing: what lies outside of the change is not told then.
    """
    if library.hook and level(one, library) is not ERROR:
        found: Iterable[str] = library.touched.union(waiver.id for waiver in library.settings.waivers)
    else:
        found = names()
    for name in filter(library.judges, sorted(found)):
        view = library.views.get(name)
        if view is not None:
            yield name, view


def level(one: Rule, library: Library) -> Severity:
    """A rule's severity in the library's profile, as the settings have it."""
    own = library.settings.rules.get(one.code)
    if library.profile is Profile.DRAFT:
        return own.draft if own is not None and own.draft is not None else one.draft
    return own.release if own is not None and own.release is not None else one.release


def quote_list(words: tuple[str, ...] | list[str], joint: str = "and") -> str:
    """Words as a sentence lists them: ``a, b and c``."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no joint
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
