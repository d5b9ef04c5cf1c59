"""The fold: where it begins, and who governs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from core.test_judging import DOC, QM, approved, folded
from core.test_lifecycle import authorised
from support.company import Person, usual_register
from support.library import LINK, Mainline, founded, seconds, text

from isodocs.core import lifecycle

if TYPE_CHECKING:
    from isodocs.core.life import State


def held(line: Mainline, base: int) -> State:
    """S of the last step with authority held at step ``base``."""
    evidence = line.evidence()
    state = lifecycle.start(evidence)
    for number, step in enumerate(line.steps):
        lifecycle.advance(state, step, evidence)
        if number == base:
            state = state.fork(hold_authority=True)
    return state


# --- the trust root ---


def late() -> Mainline:
    """Two commits, the second dated in 2099, before settings and people arrive."""
    line = Mainline()
    line.commit({"README.md": "a"}, day="2026-01-01")
    line.commit({"isodocs.yml": "format: 7\n", "people.yml": line.register.text()}, day="2099-01-01")
    line.company()
    line.write({DOC: text("WI-001")})
    line.sign("WI-001", "jane")
    return line.commit(day="2026-01-05")


def test_the_root_is_the_first_commit_with_readable_settings_and_people() -> None:
    line = late()
    assert lifecycle.find_root(line.steps, line.evidence()) == 2
    state = folded(line)
    assert state.root == line.steps[2].commit.oid
    assert approved(line) == ["1"]


def test_time_begins_at_the_root() -> None:
    line = late()
    assert folded(line).time == seconds("2026-01-05")
    line.commit({"README.md": "b"}, day="2026-01-03")
    assert folded(line).time == seconds("2026-01-05")


def test_a_pinned_root_is_the_root() -> None:
    line = founded().commit({"README.md": "x"}, day="2026-02-02")
    evidence, pinned = line.evidence(), line.steps[1].commit.oid
    assert lifecycle.find_root(line.steps, evidence, pinned) == 1
    state = lifecycle.start(evidence)
    lifecycle.advance(state, line.steps[0], evidence, root=pinned)
    assert (state.authority, state.lives) == (None, {})
    lifecycle.advance(state, line.steps[1], evidence, root=pinned)
    assert state.root == pinned
    assert state.life("WI-001").approvals[0].step == 1


def test_there_may_be_no_root() -> None:
    line = Mainline().commit({"README.md": "x"})
    assert lifecycle.find_root(line.steps, line.evidence()) is None
    assert folded(line).authority is None
    assert lifecycle.find_root(line.steps, line.evidence(), "0" * 40) is None


def test_settings_behind_a_link_are_no_settings() -> None:
    line = Mainline().company()
    line.commit(links=["isodocs.yml"])
    assert folded(line).authority is None


# --- authority ---


def test_an_unsigned_change_governs_nothing() -> None:
    line = founded()
    line.register = usual_register().granting("max", QM)
    line.company().commit(day="2026-02-01")
    state = folded(line)
    assert state.authority is not None
    assert state.authority.step == 0
    assert state.protected is not None
    assert state.protected.digest != state.authority.digest


def test_unreadable_settings_leave_the_old_ones() -> None:
    line = founded()
    before = line.authority()
    line.write({"people.yml": "nonsense: [\n"})
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-01")
    state = folded(line)
    assert state.authority is not None
    assert state.authority.digest == before
    assert lifecycle.readable_authority(state.tree, line.evidence()) is None


@pytest.mark.parametrize(("by", "step"), [(("jane",), 0), (("jane", "jane"), 0), (("jane", "bob"), 1)])
def test_a_quorum_counts_people(by: tuple[str, ...], step: int) -> None:
    line = founded(quorum=2)
    line.register = usual_register().but(eve=Person(("eve@other.example",)))
    authorised(line, "2026-02-01", by=by)
    state = folded(line)
    assert state.authority is not None
    assert state.authority.step == step


def test_a_quorum_may_come_step_by_step() -> None:
    line = founded(quorum=2)
    before = line.authority()
    line.register = usual_register().but(eve=Person(("eve@other.example",)))
    authorised(line, "2026-02-01")
    line.sign_authority("bob", predecessor=before)
    line.commit(day="2026-02-02")
    state = folded(line)
    assert state.authority is not None
    assert (state.authority.step, state.authority.predecessor) == (2, before)


def test_a_second_signature_on_an_adopted_set_is_valid() -> None:
    line = founded()
    before = line.authority()
    line.register = usual_register().but(eve=Person(("eve@other.example",)))
    authorised(line, "2026-02-01")
    line.sign_authority("bob", predecessor=before)
    line.commit(day="2026-02-02")
    assert [item.code for item in folded(line).authority_log] == ["", ""]


@pytest.mark.parametrize(
    ("person", "role", "right", "code"),
    [
        ("jane", QM, False, "RV106"),
        ("anna", "process-owner", True, "AP103"),
        ("anna", QM, True, "AP103"),
        ("zoe", QM, True, "AP106"),
    ],
)
def test_void_signatures_on_settings(person: str, role: str, right: bool, code: str) -> None:  # noqa: FBT001 - a case
    line = founded()
    before = line.authority()
    line.register = usual_register().but(eve=Person(("eve@other.example",)))
    line.company()
    line.sign_authority(person, predecessor=before if right else "0" * 64, role=role)
    line.commit(day="2026-02-01")
    assert [item.code for item in folded(line).authority_log] == [code]


def test_a_damaged_signature_on_settings_waits() -> None:
    line = founded()
    before = line.authority()
    line.register = usual_register().but(eve=Person(("eve@other.example",)))
    line.company()
    line.sign_authority("jane", predecessor=before)
    proof = next(path for path in line.waiting if path.endswith(".sig"))
    good = line.waiting[proof]
    line.commit({proof: "signed by forged"}, day="2026-02-01")
    assert not folded(line).authority_log
    line.commit({proof: good}, day="2026-02-02")
    assert [item.code for item in folded(line).authority_log] == [""]


def test_a_signature_on_other_settings_waits() -> None:
    line = founded()
    before = line.authority()
    line.register = usual_register().but(eve=Person(("eve@other.example",)))
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.register = usual_register()
    line.company().commit(day="2026-02-01")
    assert not folded(line).authority_log


def test_a_set_turned_back_needs_new_signatures() -> None:
    """A to B, back to A, then the files of B again with the signature of then."""
    line = founded()
    plain, more = usual_register(), usual_register().granting("max", QM)
    line.register = more
    authorised(line, "2026-02-01")
    line.register = plain
    authorised(line, "2026-02-02")
    line.register = more
    line.company().commit(day="2026-02-03")
    state = folded(line)
    assert state.authority is not None
    assert state.authority.step == 2


def test_held_authority_adopts_sets_but_not_what_they_say() -> None:
    line = founded()
    line.register = usual_register().granting("max", QM)
    authorised(line, "2026-02-01")
    state = held(line, 0)
    assert state.authority is not None
    assert state.authority.step == 1
    assert [grant.role for grant in state.authority.register.people["max"].roles] == []


def test_held_authority_before_the_root_holds_nothing() -> None:
    line = Mainline().commit({"README.md": "x"})
    line.company().commit()
    state = held(line, 0)
    assert state.authority is not None
    assert not state.authority.held


def test_a_link_among_the_protected_files_is_no_file() -> None:
    line = Mainline().company()
    line.commit({"theme/a.html": "documents/x"})
    same = folded(line)
    line.commit({"theme/a.html": "documents/x"}, links=["theme/a.html"])
    assert line.files["theme/a.html"][0] == LINK
    after = folded(line)
    assert same.protected is not None
    assert after.protected is not None
    assert same.protected.digest != after.protected.digest
