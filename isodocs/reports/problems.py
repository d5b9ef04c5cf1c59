"""Problems as people and machines read them: text, JSON, and annotations for GitHub."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from isodocs.core.problem import Severity
from isodocs.core.text import visible
from isodocs.reports.frame import NOT_APPROVED, frame_of
from isodocs.rules.registry import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem
    from isodocs.reports.frame import Frame
    from isodocs.rules.approval.outstanding import Outstanding

FORMAT = 1
SHOWN = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_COLOUR = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def text(problems: Iterable[Problem], library: Library | Frame, *, colour: bool) -> str:
    """Problems for people: one line each, the way out below it, counts, and what to do when blocked.

    Args:
        problems: as the engine gives them, sorted by path.
        library: what was judged, or the frame of what others judged.
        colour: whether the terminal shows colours.
    """
    found = tuple(problems)
    frame = frame_of(found, library)
    blocks = []
    for _, group in groupby(found, key=lambda problem: problem.path):
        blocks.append("\n".join(line for problem in group for line in _lines(problem, colour=colour)))
    blocks.append(_summary(found, frame, colour=colour))
    if recap := _recap(found, frame):
        blocks.append(recap)
    return "\n\n".join(blocks)


def _lines(problem: Problem, *, colour: bool) -> Iterator[str]:
    code = problem.code if problem.severity is Severity.ERROR else f"{problem.code} {problem.severity}:"
    tint = _COLOUR.get(problem.severity, "0")
    place = f"{_place(problem)}: " if problem.path else ""
    message = visible(problem.message)
    yield f"{_paint(place, '1', colour)}{_paint(code, tint, colour)} {message}"
    if problem.fix:
        yield f"    {visible(problem.fix)}"


def _place(problem: Problem) -> str:
    return f"{visible(problem.path)}:{problem.span.line}:{problem.span.column}"


def _paint(words: str, code: str, colour: bool) -> str:  # noqa: FBT001 - it is passed on as it came
    return f"\x1b[{code}m{words}\x1b[0m" if colour and words else words


def _summary(found: tuple[Problem, ...], frame: Frame, *, colour: bool) -> str:
    many, documents = counts(found), frame.documents
    judged = f"{documents} document{'s' * (documents != 1)} judged ({frame.judged}, {frame.profile})"
    if not any(many.values()):
        return _paint(f"No problems. {judged}.", "32", colour)
    parts = [_count(many[severity], severity) for severity in SHOWN if many[severity]]
    tint = next((_COLOUR[severity] for severity in SHOWN if many[severity]), "0")
    return f"{_paint(', '.join(parts), tint, colour)}; {judged}.{_waived(found, frame)}"


def _waived(found: tuple[Problem, ...], frame: Frame) -> str:
    """How many of the notes would weigh more without a waiver."""
    number = sum(problem in frame.waived for problem in found)
    return (
        f" {number} of the notes {'is' if number == 1 else 'are'} waived: isodocs waivers" if number else ""
    )


def _count(number: int, severity: Severity) -> str:
    noun = "note" if severity is Severity.INFO else severity.value
    return f"{number} {noun}{'s' * (number != 1)}"


def _recap(found: tuple[Problem, ...], frame: Frame) -> str:
    """What is still to be done, if something is blocked."""
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    if not errors or frame.foreign:
        return ""
    lines = ["Blocked. What comes next:"]
    names = dict.fromkeys(problem.id for problem in errors if problem.code == NOT_APPROVED)
    for item in (frame.waiting[name] for name in names if name in frame.waiting):
        own = [one for one in errors if one.id == item.id and one.path in frame.texts]
        lines += _still_to_sign(item, own)
    codes = sorted({problem.code for problem in errors if problem.code != NOT_APPROVED})
    if codes:
        lines.append("  Mend the errors above, and try again.")
        lines.append(f"  More about a code: isodocs explain {codes[0]}")
    return "\n".join(lines)


def _still_to_sign(item: Outstanding, errors: list[Problem]) -> Iterator[str]:
    """Who must sign, after what is wrong with the text itself is mended."""
    yield f"  {item.id} revision {visible(item.revision)}"
    fixes = dict.fromkeys(problem.fix for problem in errors if problem.code != NOT_APPROVED)
    yield from (f"    first: {visible(fix)}" for fix in fixes if fix)
    if not item.roles:
        yield f"    {visible(item.fix)}"
    for (role, people), command in zip(item.roles, item.commands, strict=True):
        if people:
            yield f"    {role}: {' or '.join(people)}"
            yield f"      {command}"
        else:
            yield f"    {role}: nobody who holds it and did not write the text; give somebody else the role"


def counts(problems: Iterable[Problem]) -> dict[Severity, int]:
    """How many problems there are of each severity."""
    many = Counter(problem.severity for problem in problems)
    return {severity: many[severity] for severity in SHOWN}


def to_json(problems: Iterable[Problem], library: Library | Frame, *, command: str = "check") -> str:
    """The envelope of FORMATS with one item a problem; ``counts`` and how many are ``waived`` beside them."""
    found = tuple(problems)
    frame = frame_of(found, library)
    value: dict[str, Any] = {
        "format": FORMAT,
        "command": command,
        "commit": frame.commit,
        "as_of": frame.as_of,
        "mainline": frame.mainline,
        "items": [item(problem) for problem in found],
        "counts": {str(severity): number for severity, number in counts(found).items()},
        "waived": sum(problem in frame.waived for problem in found),
    }
    return json.dumps(value, indent=2, ensure_ascii=True)


def item(problem: Problem) -> dict[str, Any]:
    """One problem as FORMATS has it."""
    rule = BY_CODE.get(problem.code)
    return {
        "code": problem.code,
        "name": rule.name if rule else None,
        "severity": str(problem.severity),
        "path": problem.path or None,
        "line": problem.span.line if problem.path else None,
        "column": problem.span.column if problem.path else None,
        "end_line": problem.span.end_line if problem.path else None,
        "end_column": problem.span.end_column if problem.path else None,
        "message": problem.message,
        "fix": problem.fix,
        "id": problem.id or None,
    }


def github(problems: Iterable[Problem], library: Library | Frame) -> str:
    """Annotations for GitHub Actions, one line a problem, and the recap as plain lines.

    Source: GitHub's documentation, "Workflow commands", and the runner's escaping of data and properties.
    """
    found = tuple(problems)
    frame = frame_of(found, library)
    lines = [_annotation(problem) for problem in found]
    lines.append(printable_lines(_summary(found, frame, colour=False)))
    if recap := _recap(found, frame):
        lines.append(printable_lines(recap))
    return "\n".join(lines)


def _annotation(problem: Problem) -> str:
    properties = [f"title={_property(_title(problem))}"]
    if problem.path:
        span = problem.span
        properties = [f"file={_property(problem.path)}", f"line={span.line}", *properties]
        if span.end_line == span.line:
            properties.insert(2, f"col={span.column}")
            if span.end_column > span.column:
                properties.insert(3, f"endColumn={span.end_column}")
        else:
            properties.insert(2, f"endLine={span.end_line}")
    words = f"{problem.message} {problem.fix}".strip()
    return f"::{_GITHUB.get(problem.severity, 'notice')} {','.join(properties)}::{_data(words)}"


def _title(problem: Problem) -> str:
    rule = BY_CODE.get(problem.code)
    return f"{problem.code} {rule.name}" if rule else problem.code


def printable_lines(words: str) -> str:
    """Lines that no runner takes for a command."""
    return "\n".join(line.replace("::", ": :") for line in words.splitlines())


def _data(words: str) -> str:
    escaped = words.replace("%", "%25").replace("\r", "%0D").split("\n")
    return "%0A".join(map(visible, escaped))  # the log is shown in terminals too


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")
