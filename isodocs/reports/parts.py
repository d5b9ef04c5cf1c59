"""What one machine found that judged a part (``check --shard``), as a file, and the parts put together.

A result is JSON, ``format: 1``. Nothing in it is signed: whoever may write it may also leave a problem out,
so it is worth what the machine and the way are worth on which it came. It is read strictly all the same.

::

    {"format": 1, "command": "check", "shard": "2/4",
     "of": {"program", "commit", "as_of", "mainline", "judged", "profile", "documents", "foreign", "notes",
            "tree"},
     "found": [{"rule", "waived", "text", "code", "severity", "path", "line", "column", "end_line",
                "end_column", "message", "fix", "id"}, …],
     "waiting": [{"id", "revision", "why", "fix", "roles": [["quality-manager", ["jane-doe"]], …]}, …]}

- ``of`` says what was judged, by which program and as of when; it must be the same in all parts. ``tree``
  is a SHA-256 over all else that a verdict follows from: the judged files, the commits they stand on, who
  commits.
- ``found`` holds every weighed problem, those too that follow from others: only all parts together tell which
  are left out. ``rule`` is the rule that found it, ``waived`` whether a waiver made it a note, ``text``
  whether an ordinary document stands at its path. A problem may be found in several parts.
- ``waiting`` is what the drafts of this part lack that are not approved and should be.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from isodocs.core.identity import is_id, parse_time
from isodocs.core.library import Judged
from isodocs.core.problem import CannotRun, Problem, Profile, Severity, Span
from isodocs.core.shard import Shard
from isodocs.core.text import visible
from isodocs.reports.fields import Fields, read_object
from isodocs.reports.frame import Frame, frame_of
from isodocs.reports.program import program
from isodocs.reports.together import Piece, require_together
from isodocs.rules import engine
from isodocs.rules.approval.outstanding import Outstanding
from isodocs.rules.registry import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isodocs.core.library import Library
    from isodocs.rules.engine import Found

FORMAT = 1
_SPAN = ("line", "column", "end_line", "end_column")
_SAID = ("commit", "as_of", "mainline", "judged", "profile", "documents", "foreign", "notes")
_OF = ("program", *_SAID, "tree")
_FOUND = ("rule", "waived", "text", "code", "severity", "path", *_SPAN, "message", "fix", "id")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one part.

    Attributes:
        name: what the file is called, for messages.
        share: which part it is.
        program: what made it.
        tree: the digest of what it judged.
        found: the problems.
        frame: what a report says around them, as far as this part knows it.
    """

    name: str
    share: Shard
    program: str
    tree: str
    found: tuple[Found, ...]
    frame: Frame


def written(found: Sequence[Found], library: Library, share: Shard) -> str:
    """The result of a part, as the text of its file."""
    frame = frame_of([one.problem for one in found], library)
    value = {
        "format": FORMAT,
        "command": "check",
        "shard": str(share),
        "of": {"program": program(), **{key: getattr(frame, key) for key in _SAID}, "tree": tree_of(library)},
        "found": [_item(one, frame) for one in found],
        "waiting": [
            {"id": one.id, "revision": one.revision, "why": one.why, "fix": one.fix, "roles": one.roles}
            for one in frame.waiting.values()
        ],
    }
    return json.dumps(value, indent=1, ensure_ascii=True)


def tree_of(library: Library) -> str:
    """SHA-256 of what a verdict follows from besides the commit that is named."""
    if library.commit is None:
        files = sorted(library.files.items())
        here = [[path, entry.mode, entry.oid] for path, entry in files]
    elif library.push is None:
        here = [[one.path, one.new_mode, one.new] for one in library.changes]
    else:
        here = []
    unborn = library.evidence.lineage.commits.get("")
    said = [
        library.settings.qms,
        library.state.root,
        library.base.commit if library.base is not None else None,
        [library.push.old, library.push.new] if library.push is not None else None,
        library.branch,
        [unborn.parents, unborn.author.name, unborn.author.email] if unborn is not None else None,
        here,
    ]
    return sha256(json.dumps(said, ensure_ascii=True).encode("ascii")).hexdigest()


def _item(one: Found, frame: Frame) -> dict[str, object]:
    problem, span = one.problem, one.problem.span
    return {
        "rule": one.rule.code,
        "waived": problem in frame.waived,
        "text": problem.path in frame.texts,
        "code": problem.code,
        "severity": str(problem.severity),
        "path": problem.path,
        **{key: getattr(span, key) for key in _SPAN},
        "message": problem.message,
        "fix": problem.fix,
        "id": problem.id,
    }


def read(name: str, data: bytes) -> Result:
    """The result that a file holds.

    Raises:
        CannotRun: it holds none, or one of a later format.
    """
    try:
        value = read_object(data)
        later = value.get("format")
        if isinstance(later, int) and later > FORMAT:
            raise CannotRun(f"{name} was written by a later isodocs (format {later}): merge with that one.")
        return _read(name, value)
    except ValueError as error:
        why = visible(str(error))
        raise CannotRun(f"{name} is no result of 'isodocs check --shard': {why}.") from None


def _read(name: str, value: dict[str, Any]) -> Result:
    top = Fields(value, "the file", ("format", "command", "shard", "of", "found", "waiting"))
    if top.number("format", 0) != FORMAT or top.text("command") != "check":
        raise ValueError("it has another format or comes from another command")
    of = Fields(value["of"], "'of'", _OF)
    program_, tree = of.text("program"), of.text("tree")
    found = [_found(one) for one in top.items("found", _FOUND)]
    waiting = [_outstanding(one) for one in top.items("waiting", ("id", "revision", "why", "fix", "roles"))]
    frame = Frame(
        commit=of.text("commit") if of.value["commit"] is not None else None,
        as_of=of.matching("as_of", lambda text: parse_time(text) is not None),
        mainline=of.text("mainline"),
        judged=of.among("judged", Judged),
        profile=of.among("profile", Profile),
        documents=of.number("documents", 0),
        foreign=of.flag("foreign"),
        notes=tuple(visible(note) for note in of.texts("notes")),
        waived=frozenset(one.problem for one, waived, _ in found if waived),
        texts=frozenset(one.problem.path for one, _, is_text in found if is_text),
        waiting={one.id: one for one in waiting},
    )
    share = Shard.read(top.text("shard"))
    return Result(name, share, program_, tree, tuple(one for one, _, _ in found), frame)


def _found(fields: Fields) -> tuple[Found, bool, bool]:
    problem = Problem(
        code=fields.matching("code", BY_CODE.__contains__),
        message=fields.text("message"),
        fix=fields.text("fix"),
        path=fields.text("path"),
        span=Span(*(fields.number(key, 1) for key in _SPAN)),
        id=fields.text("id"),
        severity=Severity(fields.among("severity", Severity)),
    )
    if problem.severity is Severity.OFF:
        raise ValueError("a problem that is off was not found")
    rule = BY_CODE[fields.matching("rule", BY_CODE.__contains__)]
    return engine.Found(rule, problem), fields.flag("waived"), fields.flag("text")


def _outstanding(fields: Fields) -> Outstanding:
    roles = tuple(fields.names("roles"))
    return Outstanding(
        fields.matching("id", is_id), fields.text("revision"), fields.text("why"), fields.text("fix"), roles
    )


def merged(results: Sequence[Result]) -> tuple[tuple[Problem, ...], Frame]:
    """What judging everything at once would have found, and the frame of its report.

    Raises:
        CannotRun: a part is missing, or there twice, or they do not belong together.
    """
    require_together([_piece(one) for one in results])
    first = results[0].frame
    found = [one for result in results for one in result.found]
    problems = engine.settled(found, foreign=first.foreign)
    frame = replace(
        first,
        waived=frozenset[Problem]().union(*(result.frame.waived for result in results)),
        texts=frozenset[str]().union(*(result.frame.texts for result in results)),
        waiting={name: one for result in results for name, one in result.frame.waiting.items()},
    )
    return problems, frame


def _piece(result: Result) -> Piece:
    said = {key: getattr(result.frame, key) for key in _SAID}
    return Piece(result.name, result.share, result.program, {**said, "tree": result.tree})
