"""Tampering that keeps every byte readable: what somebody signs, files, pushes or edits to be believed.

Played with real git and judged by the command line, as the scenarios are: the gate's verdict on the push, and
the status had it been let in. Nothing may ever be in force that its policy's people did not sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scenarios import product
from tamper import (
    cases_history,
    cases_people,
    cases_settings,
    cases_signatures,
    cases_statements,
    cases_texts,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tamper.case import Case

TABLES = (
    cases_statements, cases_signatures, cases_people, cases_settings, cases_texts, cases_history,
)  # fmt: skip
CASES = tuple(case for table in TABLES for case in table.CASES)
LEAST = 60


def test_there_are_more_than_sixty_cases_each_told_in_a_sentence() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > LEAST
    assert all((case.play.__doc__ or "").endswith(".") for case in CASES)


def parameter(number: int, case: Case) -> object:
    """A case as a parameter; every other one is played in the full run only."""
    return pytest.param(case, id=case.name, marks=[pytest.mark.slow] if number % 2 else [])


@pytest.mark.parametrize("case", [parameter(*one) for one in enumerate(CASES)])
def test_case(case: Case, tmp_path: Path) -> None:
    play = case.play(tmp_path / "qms")
    outcome = product.judge(play.repo, play.old, play.new, play.judged_at())
    assert outcome.codes("error") == case.errors, outcome
    assert outcome.status == (1 if case.errors else 0), outcome
    assert case.warnings <= outcome.codes("warning"), outcome
    assert case.errors or case.warnings, "somebody must be told"
    assert product.status(play.repo, play.as_of or play.judged_at()) == case.status


def test_nobody_is_shown_to_have_signed_but_who_did(tmp_path: Path) -> None:
    play = cases_settings.false_name(tmp_path / "qms")
    for command in ("history", "verify", "status"):
        told = product.ask(play.repo, command, "WI-001", "--as-of", play.judged_at())
        assert "by Bob (signed as Jane)" in " ".join(told.output.split()), told
