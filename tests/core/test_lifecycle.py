"""The fold: approvals over several steps, reviews and withdrawals, keys over time, snapshots."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from core.test_judging import DOC, QM, approved, folded, revised, verdicts
from core.test_judging_weight import prepared
from support.company import Held, Kind, Settings, usual_register
from support.library import Mainline, founded, seconds, text

from isodocs.core import claims, lifecycle
from isodocs.core.library import Judged

if TYPE_CHECKING:
    from isodocs.core.life import State

BERLIN_JUNE = seconds("2026-05-31T22:00:00Z")


def authorised(line: Mainline, day: str, *, by: tuple[str, ...] = ("jane",), before: str = "") -> Mainline:
    """Settings and register as they stand now, signed on the set before."""
    before = before or line.authority()
    line.company()
    for person in by:
        line.sign_authority(person, predecessor=before)
    return line.commit(day=day)


# --- approvals ---


def test_roles_may_sign_step_by_step() -> None:
    line = founded(drafts=True)
    line.commit({"documents/SOP-001.md": text("SOP-001", "2")}, day="2026-02-01")
    line.sign("SOP-001", "anna", role="process-owner", revision="2")
    line.commit(day="2026-02-02")
    assert approved(line, "SOP-001") == ["1"]
    line.sign("SOP-001", "jane", revision="2")
    line.commit(day="2026-02-03")
    assert folded(line).life("SOP-001").approvals[-1].step == 3


def test_a_change_of_policy_alone_approves_nothing() -> None:
    line = founded(drafts=True)
    line.write({"documents/SOP-001.md": text("SOP-001", "2")})
    line.sign("SOP-001", "jane", revision="2")
    line.commit(day="2026-02-01")
    line.settings = line.settings.kind("SOP", Kind((QM,)))
    authorised(line, "2026-02-02")
    line.commit({"README.md": "x"}, day="2026-02-03")
    assert approved(line, "SOP-001") == ["1"]


def test_approvers_in_the_front_matter_are_added() -> None:
    line = founded()
    line.write({DOC: text("WI-001", "2", approvers="[anna, process-owner]")})
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-01")
    assert approved(line) == ["1"]
    line.sign("WI-001", "anna", role="anna", revision="2")
    line.commit(day="2026-02-02")
    assert approved(line) == ["1"]
    line.sign("WI-001", "anna", role="process-owner", revision="2")
    line.commit(day="2026-02-03")
    assert approved(line) == ["1", "2"]


def test_the_owner_is_the_one_the_new_text_names() -> None:
    kinds = {"SOP": Kind((QM,)), "WI": Kind(("owner",))}
    line = founded(kinds=kinds)
    line.known.pop("WI-001")  # nothing of it is approved yet: jane is no process owner
    line.write({DOC: text("WI-001", "2", owner="tom")})
    line.sign("WI-001", "anna", role="process-owner", revision="2")
    line.sign("WI-001", "jane", role="tom", revision="2")
    line.commit(day="2026-02-01")
    assert ("jane", "approved", "2", "AP103") in verdicts(line)
    assert "2" not in approved(line)
    line.sign("WI-001", "tom", role="tom", revision="2")
    line.commit(day="2026-02-02")
    assert "2" in approved(line)


@pytest.mark.parametrize(
    ("day", "begins"),
    [("2026-06-01", BERLIN_JUNE), ("2020-01-01", seconds("2026-02-02")), ("soon", seconds("2026-02-02"))],
)
def test_effective_dates(day: str, begins: int) -> None:
    line = founded()
    line.approve("WI-001", text("WI-001", "2", effective_date=day), "jane", revision="2", day="2026-02-02")
    assert folded(line).life("WI-001").approvals[-1].effective_from == begins


def test_writers_must_have_signed_where_the_type_asks() -> None:
    line = prepared()
    line.write({DOC: text("WI-001", "3")})
    line.sign("WI-001", "jane", revision="3", predecessor=folded(line).life("WI-001").predecessor)
    line.commit(day="2026-02-03")
    assert approved(line) == ["1", "2"]


def test_a_number_of_another_scheme_is_not_compared() -> None:
    line = founded()
    line.settings = line.settings.kind("WI", Kind(revision="letter"))
    authorised(line, "2026-02-01")
    line.write({DOC: text("WI-001", "A", change="New numbers.")})
    line.sign("WI-001", "jane", revision="A")
    line.commit(day="2026-02-02")
    assert approved(line) == ["1", "A"]


# --- reviews ---


def reaffirmed(
    line: Mainline, person: str, day: str, role: str = QM, next_review: str | None = None
) -> Mainline:
    line.known.pop("WI-001", None)
    more = {"next_review": next_review} if next_review else {}
    line.sign("WI-001", person, meaning="reaffirmed", role=role, embedded=None, **more)
    return line.commit(day=day)


def test_a_reaffirmation_takes_the_earliest_date_of_those_who_count() -> None:
    kinds = {"SOP": Kind((QM,)), "WI": Kind(("process-owner", QM))}
    line = Mainline(Settings(kinds=kinds)).company()
    line.write({DOC: text("WI-001")})
    line.sign("WI-001", "jane")
    line.sign("WI-001", "anna", role="process-owner")
    line.commit()
    reaffirmed(line, "jane", "2026-03-01", next_review="2027-05-01")
    assert not folded(line).life("WI-001").reaffirmations
    reaffirmed(line, "anna", "2026-03-02", "process-owner", next_review="2027-04-01")
    (done,) = folded(line).life("WI-001").reaffirmations
    assert (done.step, done.due) == (2, date(2027, 4, 1))
    reaffirmed(line, "jane", "2026-03-03", next_review="2027-06-01")
    assert len(folded(line).life("WI-001").reaffirmations) == 1


@pytest.mark.parametrize(("written", "due"), [("2031-01-01", date(2028, 3, 1)), (None, date(2028, 3, 1))])
def test_a_reaffirmation_is_capped_at_the_interval(written: str | None, due: date) -> None:
    line = founded()
    reaffirmed(line, "jane", "2026-03-01", next_review=written)
    assert folded(line).life("WI-001").reaffirmations[0].due == due


def test_a_type_without_interval_caps_nothing() -> None:
    line = founded()
    settings = folded(line).authority
    assert settings is not None
    assert lifecycle.capped(None, "XX", 0, settings.settings) is None
    assert lifecycle.capped(date(2031, 1, 1), "XX", 0, settings.settings) == date(2031, 1, 1)


# --- withdrawals ---


def withdrawn(line: Mainline, person: str, day: str, role: str = QM, assurance: str = "signed") -> Mainline:
    line.known.pop("WI-001", None)
    line.sign(
        "WI-001", person, meaning="withdrawn", role=role, reason="No longer needed.", assurance=assurance
    )
    return line.commit(day=day)


def test_a_withdrawal_needs_its_policy() -> None:
    kinds = {"SOP": Kind((QM,)), "WI": Kind(withdrawn=("process-owner", QM))}
    line = founded(kinds=kinds)
    withdrawn(line, "jane", "2026-03-01")
    assert not folded(line).life("WI-001").withdrawn
    withdrawn(line, "anna", "2026-03-02", "process-owner")
    life = folded(line).life("WI-001")
    assert life.withdrawn
    assert life.predecessor in life.predecessors
    assert len(life.predecessors) == 2


def test_an_unsigned_withdrawal_ends_nothing() -> None:
    line = withdrawn(founded(), "jane", "2026-03-01", assurance="unsigned")
    assert not folded(line).life("WI-001").withdrawn


def test_a_second_withdrawal_is_valid_and_changes_nothing() -> None:
    line = withdrawn(founded(), "jane", "2026-03-01")
    first = folded(line).life("WI-001").predecessor
    withdrawn(line, "bob", "2026-03-02")
    life = folded(line).life("WI-001")
    assert [item.code for item in life.judged] == ["", "", ""]
    assert (life.predecessor, len(life.withdrawals)) == (first, 1)


def test_withdrawn_brought_back_and_withdrawn_again() -> None:
    line = withdrawn(founded(), "jane", "2026-03-01")
    line.known["WI-001"] = folded(line).life("WI-001").predecessor or ""
    line.approve("WI-001", text("WI-001", "2"), "jane", revision="2", day="2026-03-02")
    life = folded(line).life("WI-001")
    assert [one.revision for one in life.approvals[life.ended :]] == ["2"]
    line.sign("WI-001", "bob", meaning="withdrawn", revision="2", predecessor=life.approvals[1].predecessor)
    line.commit(day="2026-03-03")
    again = folded(line).life("WI-001")
    assert [one.ended for one in again.withdrawals] == [1, 2]
    assert again.in_force(seconds("2026-03-04")) is None


# --- keys over time ---


@pytest.mark.parametrize(
    ("until", "code"), [("2026-02-02", "AP106"), ("2026-02-03", ""), ("2026-02-01", "AP106")]
)
def test_a_key_counts_until_its_last_day_begins(until: str, code: str) -> None:
    line = founded()
    line.register = usual_register().with_keys("jane", Held("jane", until=until))
    authorised(line, "2026-01-10", by=("bob",))
    line.write({DOC: text("WI-001", "2")})
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    assert verdicts(line)[-1][3] == code


def test_a_clock_turned_back_does_not_revive_a_key() -> None:
    line = founded()
    line.register = usual_register().with_keys("jane", Held("jane", until="2026-02-01"))
    authorised(line, "2026-02-02", by=("bob",))
    line.write({DOC: text("WI-001", "2")})
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-01-20")
    assert verdicts(line)[-1][3] == "AP106"


# --- snapshots ---


def snapshot(line: Mainline) -> State:
    """The line's only commit as a tree that is judged by itself, then once more for what had to wait."""
    line.commit(day=line.day).commit()
    evidence = line.evidence()
    state = lifecycle.start(evidence)
    for step in line.steps:
        lifecycle.advance(state, step, evidence, snapshot=True)
    claims.date_by_claims(state)
    return state


def test_a_snapshot_dates_by_what_is_claimed() -> None:
    line = founded()
    line.steps.clear()
    line.day = "2027-06-01"
    line.sign("WI-001", "bob", revision="1", predecessor="1" * 64, assurance="unsigned")
    line.sign("WI-001", "jane", meaning="reaffirmed", predecessor="2" * 64)
    line.sign("SOP-001", "jane", meaning="withdrawn", predecessor="3" * 64)
    line.sign("SOP-001", "anna", meaning="withdrawn", role="process-owner", predecessor="3" * 64)
    state = snapshot(line.write(_all(line)))
    claimed = seconds("2026-02-02")
    life = state.life("WI-001")
    assert (life.approvals[0].time, life.approvals[0].effective_from) == (claimed, claimed)
    assert [(one.time, one.due) for one in life.reaffirmations] == [(claimed, date(2028, 2, 2))]
    assert [one.time for one in state.life("SOP-001").withdrawals] == [claimed]


def _all(line: Mainline) -> dict[str, str | bytes | None]:
    """Every file of the line, to be committed as one tree."""
    files: dict[str, str | bytes | None] = {path: data for path, (_, data) in line.files.items()}
    line.files.clear()
    return {**files, **line.waiting}


def test_a_snapshot_of_what_comes_into_force_later() -> None:
    line = Mainline(day="2026-03-01").company()
    line.write({DOC: text("WI-001", effective_date="2026-06-01")})
    line.sign("WI-001", "jane")
    line.sign("WI-001", "jane", meaning="reaffirmed")
    line.commit()
    state = snapshot(line)
    assert state.life("WI-001").approvals[0].effective_from == BERLIN_JUNE
    assert not state.life("WI-001").reaffirmations


def test_a_snapshot_without_settings_is_left_alone() -> None:
    line = Mainline().commit({"README.md": "x"})
    state = lifecycle.start(line.evidence())
    claims.date_by_claims(state)
    assert state.lives == {}


def test_a_push_is_judged_like_the_fold() -> None:
    """The support library and the fold agree on what entered."""
    line = revised()
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    library = line.library(Judged.PUSH)
    assert library.state.lives == folded(line).lives
