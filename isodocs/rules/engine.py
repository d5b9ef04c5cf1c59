"""Runs the rules over a library and weighs what they find.

A problem's severity comes from its rule and the profile, then from the settings, then from a waiver, and
last from where it lies: what the judged change does not touch is a warning. A rule is silent about a
document that a rule it requires reports at least as severely, so that one fault does not set off ten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.core.problem import Severity
from isodocs.rules.base import level, remembered
from isodocs.rules.registry import FOREIGN, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem
    from isodocs.core.settings import Waiver
    from isodocs.rules.base import Rule


_RANK = {Severity.OFF: 0, Severity.INFO: 1, Severity.WARNING: 2, Severity.ERROR: 3}


@dataclass(frozen=True, slots=True)
class Found:
    """A weighed problem with the rule it comes from."""

    rule: Rule
    problem: Problem


def run(library: Library, rules: Iterable[Rule] = RULES) -> tuple[Problem, ...]:
    """Every problem of the library, weighed, sorted by path, line, column and code."""
    return settled(find(library, rules), rules, foreign=library.defaults)


def find(library: Library, rules: Iterable[Rule] = RULES) -> list[Found]:
    """Every problem of the library, weighed, the consequences of others included."""
    return [
        Found(rule, weighed)
        for rule in _chosen(rules, foreign=library.defaults)
        for problem in rule.check(library)
        if (weighed := weigh(problem, rule, library)).severity is not Severity.OFF
    ]


def settled(
    found: Sequence[Found], rules: Iterable[Rule] = RULES, *, foreign: bool = False
) -> tuple[Problem, ...]:
    """What is told of the problems found: each once, without the consequences of others, sorted.

    Args:
        found: all of them; those of a library that several machines judged, put together.
        rules: the rules that were run.
        foreign: the documents were written for another program.
    """
    alone = [one for one in found if one.rule.alone]
    kept = alone or _without_echoes(found, {rule.code: rule for rule in _chosen(rules, foreign=foreign)})
    return tuple(sorted(dict.fromkeys(one.problem for one in kept), key=_place))


def _chosen(rules: Iterable[Rule], *, foreign: bool) -> list[Rule]:
    return [rule for rule in rules if not foreign or rule.code in FOREIGN]


def weigh(problem: Problem, rule: Rule, library: Library) -> Problem:
    """The problem with the severity it has here; what the rule set itself is the highest it can get."""
    highest = FOREIGN.get(rule.code, Severity.OFF) if library.defaults else Severity.ERROR
    severity = min(level(rule, library), problem.severity, highest, key=_RANK.__getitem__)
    waiver = _waiver(problem, library)
    if waiver is not None and _RANK[severity] > _RANK[Severity.INFO]:
        return replace(problem, severity=Severity.INFO, message=f"{problem.message} {_notice(waiver)}")
    if not rule.everywhere and not library.blocks(problem):
        severity = _elsewhere(severity, library)
    return replace(problem, severity=severity)


def _elsewhere(severity: Severity, library: Library) -> Severity:
    """What a problem weighs that the change does not touch; a hook is silent where nothing could block."""
    if severity is Severity.ERROR:
        return Severity.WARNING
    return Severity.OFF if library.hook else severity


def _notice(waiver: Waiver) -> str:
    return f"Waived until {waiver.until}: {waiver.reason.rstrip('.')}."


def is_waived(problem: Problem, library: Library) -> bool:
    """Whether a weighed problem is but a note since a waiver sets its rule aside."""
    waiver = _waiver(problem, library)
    return waiver is not None and problem.message.endswith(_notice(waiver))


def _waiver(problem: Problem, library: Library) -> Waiver | None:
    """The waiver that sets the rule aside for the document today."""
    return remembered(library, _waivers).get((problem.code, problem.id))


def _waivers(library: Library) -> dict[tuple[str, str], Waiver]:
    """Those of today, by rule and document; of several the first."""
    today = [waiver for waiver in library.settings.waivers if library.today < waiver.until]
    return {(waiver.rule, waiver.id): waiver for waiver in reversed(today)}


def _without_echoes(found: Sequence[Found], rules: Mapping[str, Rule]) -> list[Found]:
    """What is left when consequences of other problems are left out."""
    worst: dict[tuple[str, str], int] = {}
    for one in found:
        for place in _places(one.problem):
            key = (one.rule.code, place)
            worst[key] = max(worst.get(key, 0), _RANK[one.problem.severity])
    required = {code: _closure(code, rules) for code in {one.rule.code for one in found}}
    return [one for one in found if not _is_echo(one, required[one.rule.code], worst)]


def _is_echo(one: Found, required: frozenset[str], worst: Mapping[tuple[str, str], int]) -> bool:
    weight = _RANK[one.problem.severity]
    return any(worst.get((code, place), 0) >= weight for code in required for place in _places(one.problem))


def _places(problem: Problem) -> tuple[str, ...]:
    """What a problem is about: a document, a file, or both. An id is never a path."""
    return tuple(name for name in (problem.id, problem.path) if name)


def _closure(code: str, rules: Mapping[str, Rule]) -> frozenset[str]:
    """The codes that a rule requires, and those that these require."""
    waiting, closed = [code], set[str]()
    while waiting:
        for one in rules[code].requires if (code := waiting.pop()) in rules else ():
            if one not in closed:
                closed.add(one)
                waiting.append(one)
    return frozenset(closed)


def _place(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.path, problem.span.line, problem.span.column, problem.code, problem.message
