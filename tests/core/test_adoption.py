"""Who may change settings and people: quorums with deputies, recovery of a lost quorum, a new trust root."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from core.test_judging import DOC, QM, approved, folded
from core.test_lifecycle_root import held
from core.test_warrant import staff
from pydantic import ValidationError
from support.company import Person, Register, Settings, usual_register
from support.library import Mainline, text
from support.statements import statement

from isodocs.core import adoption, lifecycle
from isodocs.core.settings import AuthorityPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isodocs.core.life import Adoption, State

BOSS = "top-management"
RECOVERY = (BOSS, 2)
Said = tuple[str, str, str]
"""Person, signer, role."""


def directors(register: Register) -> Register:
    """Anna, tom and max are top management too."""
    for name in ("anna", "tom", "max"):
        register = register.granting(name, BOSS)
    return replace(register, roles=(*register.roles, BOSS))


def company(register: Register | None = None, **settings: object) -> Mainline:
    """A mainline with its root; deputies and directors in the register."""
    line = Mainline(Settings(**settings), register or directors(staff()))  # type: ignore[arg-type]
    line.company().write({DOC: text("WI-001")})
    line.known["WI-001"] = line.sign("WI-001", "jane")
    return line.commit()


def change(line: Mainline, *said: Said, day: str = "2026-02-01", newcomer: str = "eve") -> Mainline:
    """Somebody more in the register, signed by these people."""
    before = line.authority()
    line.register = line.register.but(**{newcomer: Person((f"{newcomer}@other.example",))})
    line.company()
    for person, signer, role in said:
        line.sign_authority(person, predecessor=before, role=role, signer=signer)
    return line.commit(day=day)


def own(*people: str, role: str = QM) -> list[Said]:
    """Each for himself."""
    return [(name, name, role) for name in people]


def last_adoption(line: Mainline) -> Adoption:
    return folded(line).adoptions[-1]


def codes(line: Mainline) -> list[str]:
    """Of the statements on settings and people, in the order of signer and role."""
    items = sorted(folded(line).authority_log, key=lambda item: (item.statement.signer, item.statement.role))
    return [item.code for item in items]


def governs(state: State) -> set[str]:
    """The people of the register that governs."""
    assert state.authority is not None
    return set(state.authority.register.people)


# --- the log of adopted sets ---


def test_the_trust_root_is_the_first_adoption_without_signatures() -> None:
    line = company()
    (root,) = folded(line).adoptions
    assert (root.step, root.commit, root.digest) == (0, line.steps[0].commit.oid, line.authority())
    assert (root.predecessor, root.statements, root.role, root.quorum, root.reached) == (None, (), "", 0, 0)
    assert not root.recovered
    assert {path for path, _ in root.content.embedded} == {"isodocs.yml", "people.yml"}
    assert root.signed == root.digest


def test_each_adoption_tells_by_whom_and_what_was_before() -> None:
    line = change(company(quorum=2), *own("jane", "bob"))
    state = folded(line)
    root, one = state.adoptions
    assert (one.step, one.commit) == (1, line.steps[1].commit.oid)
    assert one.time == line.steps[1].commit.time
    assert (one.predecessor, one.digest) == (root.digest, line.authority())
    assert (one.role, one.quorum, one.reached, one.recovered) == (QM, 2, 2, False)
    assert {state.judged[digest].statement.person for digest in one.statements} == {"jane", "bob"}
    assert state.authority is not None
    assert (state.authority.digest, state.authority.recovered) == (one.digest, False)


def test_more_may_sign_than_are_asked() -> None:
    one = last_adoption(change(company(), *own("jane", "bob")))
    assert (one.quorum, one.reached, len(one.statements)) == (1, 2, 2)


def test_the_set_signed_may_be_larger_than_the_set_adopted() -> None:
    """The old settings protected the theme; the new ones no more: what is signed names it still."""
    line = company()
    before = line.authority()
    assert '"theme/**", ' in line.settings.text()
    line.write({"isodocs.yml": line.settings.text().replace('"theme/**", ', ""), "theme/a.html": "x"})
    state = folded(line.commit(day="2026-01-20"))
    assert state.protected is not None
    content = {"document": None, "embedded": dict(state.protected.embedded)}
    line._put(_said(content, before), "jane")
    one = last_adoption(line.commit(day="2026-02-01"))
    assert one.signed == state.protected.digest != one.digest
    assert "theme/a.html" not in dict(one.content.embedded)


def _said(content: Mapping[str, object], before: str) -> dict[str, object]:
    return statement(
        content=content,
        identity=None,
        revision=None,
        meaning="authority",
        person="jane",
        role=QM,
        time="2026-02-02T09:00:00Z",
        predecessor=before,
    )


def test_what_is_not_adopted_is_not_on_record() -> None:
    assert len(folded(change(company(quorum=2), *own("jane"))).adoptions) == 1


def test_signatures_on_two_proposals_are_not_added_up() -> None:
    """Jane signed one newcomer, bob another: neither set has two."""
    line = company(quorum=2)
    before, register = line.authority(), line.register
    for newcomer, person in (("eve", "jane"), ("zoe", "bob")):
        line.register = register.but(**{newcomer: Person((f"{newcomer}@other.example",))})
        line.company()
        line.sign_authority(person, predecessor=before)
        line.commit(day="2026-02-01")
    assert codes(line) == ["", ""]
    assert len(folded(line).adoptions) == 1


def test_what_was_signed_before_the_set_that_governs_counts_no_more() -> None:
    """A to B with two, back to A with two; then B again, for which jane alone signs anew."""
    line = company(quorum=2)
    plain = line.register
    change(line, *own("jane", "bob"))
    before, line.register = folded(line).adoptions[-1].digest, plain
    line.company()
    for person in ("jane", "bob"):
        line.sign_authority(person, predecessor=before)
    line.commit(day="2026-02-02")
    assert len(folded(line).adoptions) == 3
    change(line, *own("jane"), day="2026-02-03")
    assert len(folded(line).adoptions) == 3


# --- deputies in a quorum ---


@pytest.mark.parametrize(
    ("said", "adopted"),
    [
        ([("jane", "tom", QM), ("bob", "bob", QM)], True),
        ([("jane", "tom", QM), ("bob", "tom", QM)], False),
        ([("jane", "tom", QM), ("jane", "jane", QM)], False),
        ([("jane", "tom", QM), ("bob", "tom", QM), ("jane", "jane", QM)], True),
        ([("jane", "max", QM), ("bob", "bob", QM)], False),
    ],
    ids=["two", "one deputy twice", "one person twice", "two of three", "no deputy"],
)
def test_a_quorum_counts_signers_and_persons(said: list[Said], *, adopted: bool) -> None:
    line = change(company(quorum=2), *said)
    assert len(folded(line).adoptions) == 1 + adopted


def test_deputies_reach_it_as_often_as_there_are_people() -> None:
    """Tom for jane and max for bob are two and two."""
    register = directors(staff().granting("max", "deputy-qm"))
    line = change(company(register, quorum=2), ("jane", "tom", QM), ("bob", "max", QM))
    assert last_adoption(line).reached == 2


# --- recovery ---


def test_recovery_adopts_where_the_usual_quorum_is_lost() -> None:
    line = change(company(quorum=2, recovery=RECOVERY), *own("anna", "tom", role=BOSS))
    state = folded(line)
    one = state.adoptions[-1]
    assert (one.role, one.quorum, one.reached, one.recovered) == (BOSS, 2, 2, True)
    assert state.authority is not None
    assert state.authority.recovered
    assert "eve" in governs(state)


@pytest.mark.parametrize(
    "said",
    [
        own("anna", role=BOSS),
        [*own("anna", role=BOSS), *own("jane")],
        [*own("anna", "anna", role=BOSS)],
    ],
    ids=["too few", "not mixed", "one person"],
)
def test_recovery_needs_its_own_quorum(said: list[Said]) -> None:
    line = change(company(quorum=2, recovery=RECOVERY), *said)
    assert set(codes(line)) == {""}
    assert len(folded(line).adoptions) == 1


def test_the_usual_quorum_goes_before_recovery() -> None:
    said = [*own("anna", "tom", role=BOSS), *own("jane", "bob")]
    one = last_adoption(change(company(quorum=2, recovery=RECOVERY), *said))
    assert (one.role, one.recovered, len(one.statements)) == (QM, False, 2)


def test_recovery_stays_on_record_when_the_usual_quorum_governs_again() -> None:
    line = change(company(recovery=RECOVERY), *own("anna", "tom", role=BOSS))
    change(line, *own("jane"), day="2026-03-01", newcomer="zoe")
    state = folded(line)
    assert [one.recovered for one in state.adoptions] == [False, True, False]
    assert state.authority is not None
    assert not state.authority.recovered


def test_without_a_recovery_role_top_management_changes_nothing() -> None:
    line = change(company(quorum=2), *own("anna", "tom", role=BOSS))
    assert codes(line) == ["AP103", "AP103"]
    assert len(folded(line).adoptions) == 1


def test_recovery_knows_no_deputies() -> None:
    register = directors(staff().with_deputies(deputy_boss=BOSS).granting("bob", "deputy-boss"))
    line = company(register, quorum=2, recovery=RECOVERY)
    change(line, ("tom", "bob", BOSS), *own("anna", role=BOSS))
    assert codes(line) == ["", "AP103"]
    item = next(item for item in folded(line).authority_log if item.code)
    assert item.why == "bob signed for tom, but recovery knows no deputies"
    assert len(folded(line).adoptions) == 1


def test_who_recovers_must_hold_the_role_when_it_enters() -> None:
    line = change(company(recovery=(BOSS, 1)), *own("jane", role=BOSS))
    assert codes(line) == ["AP103"]


def test_recovery_in_the_push_that_brings_it_counts_only_by_itself() -> None:
    """Jane alone adopts settings with a recovery role of one; max uses it in the same push."""
    line = company()
    before, line.settings = line.authority(), replace(line.settings, recovery=(BOSS, 1))
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-01")
    change(line, *own("max", role=BOSS), day="2026-02-02")
    assert "eve" in governs(folded(line))
    assert len(held(line, 0).adoptions) == 2
    assert len(held(line, 1).adoptions) == 3


def test_held_authority_notes_what_it_adopts_by_recovery() -> None:
    line = change(company(recovery=RECOVERY), *own("anna", "tom", role=BOSS))
    state = held(line, 0)
    assert state.authority is not None
    assert state.authority.recovered
    assert "eve" not in governs(state)


def test_a_deputy_s_grant_cannot_be_used_in_the_push_that_brings_it() -> None:
    line = company(directors(usual_register()), quorum=1)
    before, line.register = line.authority(), directors(staff())
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-01")
    change(line, ("jane", "tom", QM), day="2026-02-02")
    assert len(folded(line).adoptions) == 3
    assert len(held(line, 0).adoptions) == 2


def test_how_far_each_role_has_come() -> None:
    line = change(company(quorum=2, recovery=RECOVERY), *own("jane"), *own("anna", role=BOSS))
    state = folded(line)
    assert state.authority is not None
    assert state.protected is not None
    found = adoption.quorums(state, state.authority, state.protected)
    assert [(one.role, one.asked, one.reached, one.recovery) for one in found] == [
        (QM, 2, 1, False),
        (BOSS, 2, 1, True),
    ]
    assert adoption.enough(state, state.authority, state.protected) is None


# --- what recovery cannot help: a new trust root ---


def lost() -> Mainline:
    """Both quality managers are gone, and what top management signs counts for nothing."""
    line = change(company(quorum=2), *own("anna", "tom", role=BOSS))
    return line.commit({"README.md": "Found anew.\n"}, day="2026-03-01")


def pinned(line: Mainline, number: int) -> State:
    """S of the last step with another trust root."""
    evidence = line.evidence()
    state = lifecycle.start(evidence)
    for step in line.steps:
        lifecycle.advance(state, step, evidence, root=line.steps[number].commit.oid)
    return state


def test_a_quorum_lost_for_ever_takes_a_new_trust_root() -> None:
    """Everybody pins the new root; what came before it is not judged, so everything is approved anew."""
    line = lost()
    assert "eve" not in governs(folded(line))
    state = pinned(line, 2)
    assert "eve" in governs(state)
    assert [(one.step, one.predecessor, one.recovered) for one in state.adoptions] == [(2, None, False)]
    assert state.root == line.steps[2].commit.oid


def test_signatures_in_the_new_root_are_judged_by_its_own_register() -> None:
    line = lost()
    assert [one.revision for one in pinned(line, 2).life("WI-001").approvals] == ["1"]
    assert pinned(line, 2).life("WI-001").approvals[0].step == 2
    assert approved(line) == ["1"]


# --- the settings ---


def policy(**more: object) -> AuthorityPolicy:
    return AuthorityPolicy.model_validate({"role": QM, **more})


@pytest.mark.parametrize(
    ("recovery", "told"),
    [
        ({"role": QM, "quorum": "2"}, "recovery.role is quality-manager again; it must be another role"),
        ({"role": BOSS, "quorum": "0"}, "greater than or equal to 1"),
        ({"quorum": "2"}, "Field required"),
        ({"role": BOSS, "quorum": "2", "protects": []}, "Extra inputs"),
    ],
)
def test_recovery_is_read_strictly(recovery: object, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        policy(recovery=recovery)


def test_recovery_may_be_left_out() -> None:
    assert policy().recovery is None
    read = policy(recovery={"role": BOSS, "quorum": "2"}).recovery
    assert read is not None
    assert (read.role, read.quorum) == (BOSS, 2)
    state = folded(company())
    assert state.authority is not None
    assert state.protected is not None
    (only,) = adoption.quorums(state, state.authority, state.protected)
    assert (only.role, only.recovery) == (QM, False)
