"""Policies that ask for hardware keys which knew their users: what is not so signed has no force.

No device is at hand in these tests: signatures are files that say what a device would (``jane+uv``), and in
``tests/model`` real ones, made in software as OpenSSH's PROTOCOL.u2f has them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from core.test_adoption import BOSS
from core.test_adoption import company as with_directors
from core.test_judging import DOC, QM, approved, folded, shown, verdicts
from core.test_warrant import staff
from support.company import Kind, Person
from support.company import Settings as Company
from support.library import Mainline, text

from isodocs.core import status
from isodocs.core.settings import Settings

VERIFIED = {"SOP": Kind((QM,)), "WI": Kind(verified=True)}


def company(**more: object) -> Mainline:
    """Revision 1 approved by a hardware key that knew jane; revision 2 in the work tree."""
    line = Mainline(Company(**more), staff()).company()  # type: ignore[arg-type]
    line.write({DOC: text("WI-001")})
    line.known["WI-001"] = line.sign("WI-001", "jane", key="jane+uv")
    return line.commit().write({DOC: text("WI-001", "2")})


def weak(line: Mainline) -> list[bool]:
    """Of the statements judged after the root."""
    return [item.weak for item in folded(line).life("WI-001").judged if item.step]


@pytest.mark.parametrize(
    ("key", "expected"), [("jane+uv", ["1", "2"]), ("jane", ["1"])], ids=["knew her", "did not"]
)
def test_only_a_device_that_knew_its_user_approves(key: str, expected: list[str]) -> None:
    line = company(kinds=VERIFIED)
    line.sign("WI-001", "jane", revision="2", key=key)
    line.commit(day="2026-02-02")
    assert verdicts(line) == [("jane", "approved", "2", "")]
    assert weak(line) == [key == "jane"]
    assert approved(line) == expected


def test_without_the_policy_any_key_will_do() -> None:
    line = company()
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    assert (weak(line), approved(line)) == ([False], ["1", "2"])


def test_a_deputy_s_own_device_must_have_known_him() -> None:
    for key, expected in (("tom+uv", ["1", "2"]), ("tom", ["1"])):
        line = company(kinds=VERIFIED)
        line.sign("WI-001", "jane", revision="2", signer="tom", key=key)
        assert approved(line.commit(day="2026-02-02")) == expected


def test_an_unsigned_statement_has_no_device() -> None:
    line = company(kinds={"SOP": Kind((QM,)), "WI": Kind(verified=True, assurance="unsigned")})
    line.sign("WI-001", "jane", revision="2", assurance="unsigned")
    line.commit(day="2026-02-02")
    assert (weak(line), approved(line)) == ([True], ["1"])


def test_a_weak_return_bars_nothing() -> None:
    line = company(kinds=VERIFIED)
    line.sign("WI-001", "bob", meaning="returned", revision="2")
    line.sign("WI-001", "jane", revision="2", key="jane+uv")
    line.commit(day="2026-02-02")
    assert approved(line) == ["1", "2"]


def test_a_weak_approval_lifts_no_return() -> None:
    line = company(kinds=VERIFIED)
    line.sign("WI-001", "jane", meaning="returned", revision="2", key="jane+uv")
    line.commit(day="2026-02-02")
    line.sign("WI-001", "jane", revision="2")
    line.sign("WI-001", "bob", revision="2", key="bob+uv")
    line.commit({DOC: text("WI-001", "2")}, day="2026-02-03")
    assert (approved(line), shown(line)) == (["1"], "returned")


def test_a_weak_statement_names_no_writers() -> None:
    line = company(kinds=VERIFIED)
    line.sign("WI-001", "bob", meaning="reviewed", revision="2", writers=["jane"])
    line.sign("WI-001", "jane", revision="2", key="jane+uv")
    assert approved(line.commit(day="2026-02-02")) == ["1", "2"]


@pytest.mark.parametrize("key", ["jane", "jane+uv"])
def test_reaffirmation_and_withdrawal_ask_for_it_too(key: str) -> None:
    line = company(kinds={"SOP": Kind((QM,)), "WI": Kind(verified=True, withdrawn=(QM,))})
    line.write({DOC: text("WI-001")})
    line.known.pop("WI-001")
    line.sign("WI-001", "jane", meaning="reaffirmed", key=key)
    line.commit(day="2026-02-02")
    line.sign("WI-001", "jane", meaning="withdrawn", key=key)
    life = folded(line.commit(day="2026-02-03")).life("WI-001")
    assert [bool(life.reaffirmations), life.withdrawn] == [key == "jane+uv"] * 2


def changed(line: Mainline, *, verified: bool) -> Mainline:
    """The policy asks for devices from now on, or no more; the text in the work tree stays there."""
    waiting = {name: line.waiting.pop(name) for name in list(line.waiting)}
    before = line.authority()
    line.settings = line.settings.kind("WI", replace(line.settings.kinds["WI"], verified=verified))
    line.company()
    line.sign_authority("jane", predecessor=before)
    return line.commit(day="2026-01-20").write(waiting)


def test_a_policy_that_comes_later_leaves_what_was_approved() -> None:
    """Nor is it challenged: an approved revision is held against the policy of its own day."""
    line = company()
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-01-10")
    changed(line, verified=True)
    state = folded(line)
    found = {one.id: one for one in status.view(state, line.evidence(), state.time)}
    assert (approved(line), found["WI-001"].challenged) == (["1", "2"], False)


def test_what_waits_is_held_against_the_policy_of_the_day_on_which_it_is_complete() -> None:
    """Anna signed before devices were asked for, jane after: anna's no longer counts."""
    kinds = {"SOP": Kind((QM,)), "WI": Kind(("process-owner", QM))}
    line = company(kinds=kinds, drafts=True)
    line.known.pop("WI-001")
    line.sign("WI-001", "anna", revision="2", role="process-owner")
    line.commit(day="2026-01-10")
    changed(line, verified=True)
    line.sign("WI-001", "jane", revision="2", key="jane+uv")
    assert approved(line.commit(day="2026-02-01")) == []
    line.sign("WI-001", "anna", revision="2", role="process-owner", key="anna+uv", writers=["max", "tom"])
    assert approved(line.commit(day="2026-02-02")) == ["2"]


def test_an_approved_revision_keeps_what_was_asked_of_it() -> None:
    line = company(kinds=VERIFIED)
    line.sign("WI-001", "jane", revision="2", key="jane+uv")
    line.commit(day="2026-02-02")
    (first, second) = folded(line).life("WI-001").approvals
    assert first.requirement.user_verification
    assert second.requirement.user_verification


# --- settings and people ---


@pytest.mark.parametrize(("key", "steps"), [("jane", [0]), ("jane+uv", [0, 1])])
def test_settings_and_people_may_ask_for_it(key: str, steps: list[int]) -> None:
    line = company(verified=True)
    line.waiting.clear()
    before = line.authority()
    line.register = line.register.but(eve=Person(("eve@other.example",)))
    line.company()
    line.sign_authority("jane", predecessor=before, key=key)
    state = folded(line.commit(day="2026-02-02"))
    assert [one.step for one in state.adoptions] == steps
    assert [(item.code, item.weak) for item in state.authority_log] == [("", key == "jane")]


def test_recovery_asks_for_it_too() -> None:
    line = with_directors(verified=True, recovery=(BOSS, 2))
    before = line.authority()
    line.register = line.register.but(eve=Person(("eve@other.example",)))
    line.company()
    line.sign_authority("anna", predecessor=before, role=BOSS, key="anna+uv")
    line.sign_authority("tom", predecessor=before, role=BOSS)
    assert [one.recovered for one in folded(line.commit(day="2026-02-03")).adoptions] == [False]
    line.sign_authority("max", predecessor=before, role=BOSS, key="max+uv")
    assert [one.recovered for one in folded(line.commit(day="2026-02-04")).adoptions] == [False, True]


def test_the_settings_are_read_as_words() -> None:
    line = company(verified=True, kinds=VERIFIED)
    assert line.settings.text().count("user_verification: true") == 2
    read = Settings.model_validate(
        {
            "qms": "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10",
            "title": "T",
            "authority": {"role": QM, "user_verification": "true"},
            "types": {
                "WI": {"title": "W", "approved": {"roles": [QM], "user_verification": "true"}},
                "SOP": {"title": "S", "approved": {"roles": [QM], "user_verification": "false"}},
            },
        }
    )
    assert read.authority.user_verification
    assert [kind.approved.user_verification for kind in read.types.values()] == [True, False]
