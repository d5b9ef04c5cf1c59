"""The product as the tests ask it: by its command line, run in this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.gitrepo import Repo

    from isodocs.core.library import Library

FAMILIES = ("AP", "RV", "ID", "HX", "AU", "RD")
# Judged of a document by itself, whatever its past: `rename` keeps the file's name and so meets ID105.
OUTSIDE_THE_FOLD = ("ID105",)


@dataclass(frozen=True)
class Outcome:
    """What a command line answered.

    Attributes:
        status: the exit status.
        output: standard output.
        errors: standard error.
    """

    status: int
    output: str
    errors: str

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items of the JSON envelope; none where the command could not run."""
        if not self.output.startswith("{"):
            return []
        found = json.loads(self.output)["items"]
        assert isinstance(found, list)
        return found

    def codes(self, severity: str) -> frozenset[str]:
        """The codes of one severity, in the families that the scenarios speak of."""
        return frozenset(
            item["code"]
            for item in self.items
            if item["severity"] == severity
            and item["code"].startswith(FAMILIES)
            and item["code"] not in OUTSIDE_THE_FOLD
        )


def ask(repo: Repo, *words: str) -> Outcome:
    """Run `isodocs WORDS` in the repository, under its environment."""
    from isodocs.cli import main  # noqa: PLC0415 — the model's own tests do without the product

    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, repo.env, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = main(["-C", str(repo.path), *words])
    return Outcome(status, out.getvalue(), err.getvalue())


def judge(repo: Repo, old: str, new: str, clock: str) -> Outcome:
    """The release gate on a push of the mainline from `old` to `new`."""
    push = ("--base", old, "--tip", new, "--profile", "release", "--as-of", clock)
    return ask(repo, "check", *push, "--format", "json")


def library(repo: Repo, old: str, new: str, clock: str) -> Library | None:
    """What `judge` looks at; None where it cannot run."""
    from isodocs.core.problem import CannotRun, Profile  # noqa: PLC0415 - as above
    from isodocs.workspace import open_library  # noqa: PLC0415 - as above

    with patch.dict(os.environ, repo.env, clear=True):
        try:
            return open_library(repo.path, base=old, tip=new, profile=Profile.RELEASE, as_of=clock)
        except CannotRun:
            return None


def judge_branch(repo: Repo, base: str, clock: str) -> Outcome:
    """The gate on a pull request: the branch checked out, against its base."""
    return ask(repo, "check", "--profile", "release", "--base", base, "--as-of", clock, "--format", "json")


def listed(repo: Repo, when: str) -> Outcome:
    """The master document list of a day or a time."""
    return ask(repo, "list", "--as-of", when, "--format", "json")


def status(repo: Repo, when: str) -> frozenset[str]:
    """The status of every document in the notation of SCENARIOS.md."""
    outcome = listed(repo, when)
    assert outcome.status == 0, outcome
    return frozenset(map(rendered, outcome.items))


def rendered(item: Mapping[str, Any]) -> str:
    """One item of `list` in the notation of SCENARIOS.md."""
    identity, state = item["id"], item["status"]
    if state in ("draft", "in-review", "returned"):
        return f"{identity} {state.replace('-', ' ')} {item['revision']}"
    upcoming = ",".join(one["revision"] for one in item["upcoming"])
    if state == "approved":
        words = [f"{identity} approved {upcoming}"]
    else:
        words = [f"{identity} {state}" + (f" {item['revision']}" if state != "withdrawn" else "")]
        words += [f"approved {upcoming}"] if upcoming else []
    if item["draft"]:
        words.append(f"{item['draft']['status'].replace('-', ' ')} {item['draft']['revision']}")
    words += [mark for mark in ("overdue", "challenged") if item[mark]]
    return " / ".join(words)
