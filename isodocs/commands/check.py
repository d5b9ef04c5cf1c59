"""Judging: ``check`` for the person who writes, ``gate`` for what is pushed, ``rules`` and ``explain``."""

from __future__ import annotations

import os
import textwrap
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click
from click.shell_completion import CompletionItem

from isodocs.commands.options import (
    as_of_option,
    format_option,
    mainline_option,
    profile_option,
    snapshot_option,
    start,
    trust_root_option,
    within_start,
)
from isodocs.commands.output import colourful, envelope, remark, say, say_json, width
from isodocs.commands.progress import Progress
from isodocs.commands.sharing import (
    deliver_part,
    merge_option,
    merged_check,
    refuse_more,
    refuse_rest,
    require_moment,
    shard_option,
)
from isodocs.core.problem import CannotRun, Severity
from isodocs.core.settings import SETTINGS_FILE
from isodocs.core.suggest import closest
from isodocs.git.mainline import HEADS
from isodocs.git.repository import Repository
from isodocs.reports import problems as report
from isodocs.rules import engine
from isodocs.rules.registry import RULES
from isodocs.workspace import mainline_name, open_library

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from isodocs.core.library import Library
    from isodocs.core.problem import Problem, Profile
    from isodocs.core.shard import Shard
    from isodocs.reports.frame import Frame
    from isodocs.rules.base import Example, Rule

FORMATS = ("text", "json", "github")
_COLUMNS = 100


class GateOptions(TypedDict):
    """What the options say of what is judged; the words are those of ``open_library``."""

    profile: Profile | None
    base: str | None
    tip: str | None
    as_of: str | None
    mainline: str | None
    trust_root: str | None


class CheckOptions(GateOptions):
    """The same, with what ``check`` can look at besides."""

    staged: bool
    snapshot: bool
    share: Shard | None


def _judging(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is judged, passed on as one dict."""
    for option in (
        trust_root_option,
        mainline_option,
        as_of_option,
        click.option(
            "--tip", metavar="REV", help="Judge this commit. Default: the work tree, or HEAD at a gate."
        ),
        click.option("--base", metavar="REV", help="Judge against this commit. Default: by the situation."),
        profile_option,
    ):
        command = option(command)
    return command


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_judging
@click.option("--staged", is_flag=True, help="Judge the index: what the next commit would hold.")
@snapshot_option
@shard_option
@merge_option
@format_option(*FORMATS)
def check(paths: tuple[Path, ...], form: str, *, merge: bool, **options: Unpack[CheckOptions]) -> int:
    """Judge the documents and say how to mend what is wrong.

    On a branch the change against the mainline is judged, on the mainline what is about to be committed.
    PATHS (files or folders) restrict what is reported. Errors make the exit status 1; warnings do not.

    Several machines can share the work on a very large repository: each writes the result of its part, and
    --merge prints what one run would print, with its exit status. A result is worth what the machine is worth
    that wrote it, and whoever could change it on its way.

    \b
    isodocs check                                  the work tree
    isodocs check --staged                         what the next commit would hold
    isodocs check documents/SOP-001-purchasing.md  one document
    isodocs check --base main --tip HEAD --profile release
    isodocs check --snapshot manual/               a tree without its history
    isodocs check --shard 2/4 --as-of 2026-03-31 > part-2.json
    isodocs check --merge part-*.json              the verdict of all parts
    """  # noqa: D301 - click reads the \b
    place, wanted, share = start(), [within_start(path) for path in paths], options["share"]
    if merge:
        refuse_more(("merge", "form"), "a merge is told by the results what was judged.")
        return _deliver("check", *merged_check(wanted), form)
    if options["snapshot"] and len(wanted) == 1 and _is_tree(wanted[0], place):
        place, wanted = wanted[0], []
    if share is not None:
        require_moment(share, options["as_of"])
        refuse_rest(wanted)
    with Progress("Reading the history"):
        library = open_library(place, **options)
    assert library is not None  # noqa: S101 - only a gate may find nothing to judge
    if share is not None:
        return deliver_part(library, share)
    found = engine.run(library)
    if wanted:
        found = restricted(found, library, {_inside(path, _root(place)) for path in wanted})
    return _deliver("check", found, library, form)


@click.command()
@_judging
@format_option(*FORMATS)
def gate(form: str, **options: Unpack[GateOptions]) -> int:
    """Judge what is about to be pushed, or what stands on the mainline.

    Under pre-commit or prek at pre-push, the pushed commits are judged: as a release where they go to the
    mainline, as a draft elsewhere. (Of several branches in one push, both tell of the first only.) By hand
    and in CI, HEAD is judged as a release; of a branch, the merge it would become.

    \b
    isodocs gate                        HEAD, as a release
    isodocs gate --base main            a pull request against main
    isodocs gate --base OLD --tip NEW   a range, as a server would see it
    """  # noqa: D301 - click reads the \b
    pushed_to = os.environ.get("PRE_COMMIT_REMOTE_BRANCH", HEADS)
    if not pushed_to.startswith(HEADS):
        remark(f"{pushed_to} is no branch: there is nothing to judge.")
        return 0
    with Progress("Reading the history"):
        library = open_library(start(), gate=True, **options)
    if library is None:
        return _deletion(pushed_to.removeprefix(HEADS), options["mainline"])
    return _deliver("gate", engine.run(library), library, form)


def _deletion(branch: str, mainline: str | None) -> int:
    """What a gate says of a push that deletes a branch."""
    if branch == (mainline or mainline_name(Repository.open(start()))):
        raise CannotRun(f"This push deletes {branch}, the mainline that says what is in force.")
    remark(f"The push deletes {branch}: there is nothing to judge.")
    return 0


def _deliver(command: str, found: tuple[Problem, ...], library: Library | Frame, form: str) -> int:
    """Write the problems in the format asked for; the exit status follows from the worst."""
    if form == "text":
        for note in library.notes:
            remark(note)
        say(report.text(found, library, colour=colourful()))
    elif form == "json":
        say(report.to_json(found, library, command=command))
    else:
        say(report.github(found, library))
    return int(any(problem.severity is Severity.ERROR for problem in found))


def restricted(found: tuple[Problem, ...], library: Library, wanted: Collection[str]) -> tuple[Problem, ...]:
    """The problems in these files and folders, of the documents that lie there, and of no file at all.

    Args:
        found: all problems.
        library: what was judged.
        wanted: paths in the repository; "." is everything.

    Raises:
        CannotRun: one of the paths names nothing that was judged.
    """
    known = {*library.files, *library.touched_paths, *(problem.path for problem in found)}
    for path in sorted(wanted):
        if not any(_lies_in(one, path) for one in known):
            raise CannotRun(f"{path} is not among the files that were judged; is it ignored, or misspelt?")
    ids = {
        reading.id
        for path, reading in library.readings.items()
        if reading.id and any(_lies_in(path, place) for place in wanted)
    }
    return tuple(
        problem
        for problem in found
        if not problem.path or problem.id in ids or any(_lies_in(problem.path, place) for place in wanted)
    )


def _lies_in(path: str, place: str) -> bool:
    return place in {".", path} or path.startswith(f"{place}/")


def _is_tree(path: Path, place: Path) -> bool:
    """Whether ``check --snapshot PATH`` means a tree of its own, and not a part of the one around."""
    if not path.is_dir():
        return False
    part = (place / SETTINGS_FILE).exists() and path.resolve().is_relative_to(place.resolve())
    return not part or (path / SETTINGS_FILE).exists()


def _root(place: Path) -> Path:
    """The folder from which paths in the repository count."""
    try:
        return Repository.open(place).root or place
    except CannotRun:
        return place


def _inside(path: Path, root: Path) -> str:
    """A path on disk as a path in the repository; the file itself may be gone, or be a link."""
    whole = path.parent.resolve() / path.name if path.name not in {"", ".."} else path.resolve()
    try:
        return whole.relative_to(root.resolve()).as_posix()
    except ValueError:
        raise CannotRun(f"{path} lies outside of {root}.") from None


def _codes(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem[str]]:
    """Shell completion: rule codes with their names."""
    return [
        CompletionItem(rule.code, help=rule.name) for rule in RULES if rule.code.startswith(typed.upper())
    ]


@click.command()
@click.argument("names", metavar="CODE...", nargs=-1, required=True, shell_complete=_codes)
@format_option("text", "json")
def explain(names: tuple[str, ...], form: str) -> int:
    """Say what a rule asks and why, with a good and a bad example.

    CODE is a rule's code, such as RV101, or its name.
    """
    found = [rule_called(name) for name in names]
    if form == "json":
        say_json(envelope("explain", None, map(rule_facts, found)))
    else:
        say("\n\n".join(_page(rule) for rule in found))
    return 0


@click.command()
@format_option("text", "json")
def rules(form: str) -> int:
    """List the rules, and how much each weighs on working branches (draft) and on the mainline (release)."""
    if form == "json":
        say_json(envelope("rules", None, map(rule_facts, RULES)))
        return 0
    longest = max(len(rule.name) for rule in RULES)
    lines = [f"{'':6}  {'':{longest}}  {'draft':7}  release"]
    for family, members in groupby(RULES, key=lambda rule: rule.family):
        lines += ["", f"{family.value}:"]
        lines += [f"{rule.code:6}  {rule.name:{longest}}  {rule.draft:7}  {rule.release}" for rule in members]
    say("\n".join([*lines, "", "isodocs explain CODE says what a rule asks, and why."]))
    return 0


def rule_called(name: str) -> Rule:
    """The rule with a code or a name.

    Raises:
        CannotRun: there is none; the text names the closest.
    """
    known = {word: rule for rule in RULES for word in (rule.code, rule.name)}
    rule = known.get(name.upper()) or known.get(name.lower())
    if rule is None:
        near = closest(name, known)
        hint = f"Did you mean {near}?" if near else "'isodocs rules' lists them all."
        raise CannotRun(f"There is no rule {name}. {hint}")
    return rule


def rule_facts(rule: Rule) -> dict[str, object]:
    """A rule as FORMATS.md has it for ``rules`` and ``explain``."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family.value,
        "severity": {"draft": rule.draft.value, "release": rule.release.value},
        "what": rule.what,
        "why": rule.why,
        "good": {"about": rule.good.about, "files": dict(rule.good.files)},
        "bad": {"about": rule.bad.about, "files": dict(rule.bad.files)},
    }


def _page(rule: Rule) -> str:
    columns = min(width() or _COLUMNS, _COLUMNS)
    title = click.style(f"{rule.code} {rule.name}", bold=True) if colourful() else f"{rule.code} {rule.name}"
    levels = f"{rule.draft} in drafts, {rule.release} in releases"
    paragraphs = (
        f"{title} ({rule.family.value})",
        levels,
        textwrap.fill(rule.what, columns),
        textwrap.fill(f"Why: {rule.why}", columns),
        *_example("Good", rule.good, columns),
        *_example("Bad", rule.bad, columns),
    )
    return "\n\n".join(paragraphs)


def _example(word: str, example: Example, columns: int) -> Iterator[str]:
    """An example: the case in words, and its files indented."""
    yield textwrap.fill(f"{word}: {example.about}", columns)
    for path, text in example.files.items():
        yield textwrap.indent(f"{path}\n\n{text.rstrip()}", "    ")
