"""Cut, rewritten and broken history × every command that rests on it.

A command refuses, with exit status 2 and the sentence that says how to mend it, or it gives the answer of
the whole history. A plausible wrong answer is the only failure. The ordinary run gives each wound to four
commands, ``--slow`` to all.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hostile.calls import Call, known
from hostile.conftest import truth
from hostile.wounds import WOUNDS, git, put

if TYPE_CHECKING:
    from pathlib import Path

    from hostile.calls import Company
    from hostile.wounds import Wound

    Truths = dict[Call, tuple[int, str, str]]

RECEIVE = next(call for call in known() if call.on == "bare" and call.stdin)
RESTING = [call for call in known() if call.history and call.on != "bare"]


def judge(wound: Wound, call: Call, answer: tuple[int, str, str], right: tuple[int, str, str]) -> None:
    """It refuses in the right words, or tells the truth."""
    status, said, _ = answer
    assert "Traceback" not in said
    assert "fault of isodocs" not in said
    if status == 2:
        if right[0] == 2:
            return
        assert not wound.refused or wound.cure in said or "There is no commit" in said, said
        assert said.count("isodocs: ") == 1, said
    else:
        assert not wound.refused, (call.label, said)
        assert answer[:2] == right[:2]


def some(number: int) -> list[Call]:
    """Four commands, others each time."""
    return [RESTING[(4 * number + turn) % len(RESTING)] for turn in range(4)]


def try_on(name: str, calls: list[Call], company: Company, truths: Truths, folder: Path) -> None:
    """Give command lines to the company with a wound."""
    wounded = company.copy(folder / "wounded")
    WOUNDS[name].strike(wounded)
    for number, call in enumerate(calls):
        copy = wounded.copy(folder / f"copy{number}")
        right = truth(call, company, truths, folder / f"clean{number}")
        judge(WOUNDS[name], call, copy.answer(call), right)


@pytest.mark.parametrize(("number", "name"), list(enumerate(WOUNDS)), ids=list(WOUNDS))
def test_no_command_is_led_astray(
    number: int, name: str, company: Company, truths: Truths, tmp_path: Path
) -> None:
    try_on(name, some(number), company, truths, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", WOUNDS)
def test_no_command_at_all_is_led_astray(name: str, company: Company, truths: Truths, tmp_path: Path) -> None:
    try_on(name, RESTING, company, truths, tmp_path)


@pytest.mark.parametrize("name", WOUNDS)
def test_no_server_is_led_astray(name: str, company: Company, truths: Truths, tmp_path: Path) -> None:
    """The same wounds on the server, where pushes are judged."""
    wounded = company.copy(tmp_path / "wounded")
    WOUNDS[name].strike(wounded)
    shutil.rmtree(wounded.bare.path)
    shutil.copytree(wounded.root / ".git", wounded.bare.path)
    wounded.bare.git("config", "core.bare", "true")
    (wounded.bare.path / "HEAD").write_text("ref: refs/heads/main\n")
    answer = wounded.answer(RECEIVE)
    right = truth(RECEIVE, company, truths, tmp_path / "clean")
    if answer[0] == 1 and right[0] == 1:
        assert answer[1] == right[1]
    else:
        assert answer[0] == 2, answer
        assert "fault of isodocs" not in answer[1]
    assert WOUNDS[name].refused <= (answer[0] == 2), answer


def test_an_intermediate_tree_is_found_out_by_verify(company: Company, tmp_path: Path) -> None:
    """The trees between, which only the log reads, are held against their names by ``verify`` alone."""
    forged = company.copy(tmp_path / "forged")
    put(forged, git(forged, "rev-parse", "main~2:signatures"), "tree", b"")
    status, said, _ = forged.answer(Call(("verify",)))
    assert status == 2
    assert "forged or damaged" in said
