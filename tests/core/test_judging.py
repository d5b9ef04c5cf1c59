"""How statements are judged: the order of the checks, and what an insider might try with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.company import Held, Kind, usual_register
from support.library import FORGED, Mainline, founded, text

from isodocs.core import lifecycle, status
from isodocs.core.history import Identity, Step
from isodocs.core.statement import Meaning

if TYPE_CHECKING:
    from isodocs.core.life import State

DOC = "documents/WI-001.md"
QM = "quality-manager"


def folded(line: Mainline) -> State:
    evidence = line.evidence()
    state = lifecycle.start(evidence)
    for step in line.steps:
        lifecycle.advance(state, step, evidence)
    return state


def verdicts(line: Mainline, name: str = "WI-001") -> list[tuple[str, str, str, str]]:
    """Person, meaning, revision and code of what was judged after the root."""
    return [
        (item.statement.person, item.statement.meaning.value, item.statement.revision or "", item.code)
        for item in folded(line).life(name).judged
        if item.step
    ]


def last(line: Mainline) -> str:
    """The code of the statement judged last."""
    return verdicts(line)[-1][3]


def approved(line: Mainline, name: str = "WI-001") -> list[str]:
    return [one.revision for one in folded(line).life(name).approvals]


def shown(line: Mainline, name: str = "WI-001") -> str:
    """The status of the draft in the tree; empty if there is none."""
    state, evidence = folded(line), line.evidence()
    found = {one.id: one for one in status.view(state, evidence, state.time)}
    draft = found[name].draft
    return draft.status if draft else ""


def revised(revision: str = "2", **settings: object) -> Mainline:
    """The founded company with the next revision of WI-001 in the work tree."""
    line = founded(**settings)
    return line.write({DOC: text("WI-001", revision)})


def stranger() -> Mainline:
    line = revised()
    line.sign("WI-001", "jane", revision="2", key="stranger")
    return line


def key_before_person() -> Mainline:
    """Somebody who was taken out of the register whole: what fails first is the key."""
    line = revised()
    line.sign("WI-001", "zoe", revision="2", key="stranger")
    return line


def other_signer() -> Mainline:
    line = revised()
    line.sign("WI-001", "bob", revision="2", key="jane")
    return line


def deputy() -> Mainline:
    line = revised()
    line.sign("WI-001", "bob", revision="2", key="jane", signer="jane")
    return line


def nobody_unsigned() -> Mainline:
    line = revised(kinds={"SOP": Kind(("process-owner", QM)), "WI": Kind(assurance="unsigned")})
    line.sign("WI-001", "zoe", revision="2", assurance="unsigned")
    return line


def no_role() -> Mainline:
    line = revised()
    line.sign("WI-001", "jane", revision="2", role=None)
    return line


def role_not_held() -> Mainline:
    line = revised()
    line.sign("WI-001", "anna", revision="2")
    return line


def wrong_predecessor() -> Mainline:
    line = revised()
    line.sign("WI-001", "jane", revision="2", predecessor="0" * 64)
    return line


def wrong_number() -> Mainline:
    line = revised()
    line.sign("WI-001", "jane", revision="3")
    return line


def malformed_number() -> Mainline:
    line = revised("two")
    line.sign("WI-001", "jane", revision="two")
    return line


def number_not_above() -> Mainline:
    line = founded()
    line.write({DOC: text("WI-001", words="Other words.")})
    line.sign("WI-001", "jane")
    return line


def writer() -> Mainline:
    line = revised()
    line.sign("WI-001", "jane", revision="2", writers=["jane"])
    return line


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (stranger, "AP106"),
        (key_before_person, "AP106"),
        (other_signer, "AP103"),
        (deputy, "AP103"),
        (nobody_unsigned, "AP103"),
        (no_role, "AP103"),
        (role_not_held, "AP103"),
        (wrong_predecessor, "RV106"),
        (wrong_number, "RV102"),
        (malformed_number, "RV105"),
        (number_not_above, "RV102"),
        (writer, "AP104"),
    ],
)
def test_the_first_failure_is_the_code(made: object, code: str) -> None:
    assert callable(made)
    line = made()
    line.commit(day="2026-02-02")
    assert last(line) == code
    assert "2" not in approved(line)


def test_a_void_statement_stays_void() -> None:
    line = role_not_held()
    line.commit(day="2026-02-02")
    line.register = line.register.granting("anna", QM)
    line.company()
    line.sign_authority("jane", predecessor=founded().authority())
    line.commit(day="2026-02-03").commit({"README.md": "x"}, day="2026-02-04")
    assert verdicts(line) == [("anna", "approved", "2", "AP103")]


@pytest.mark.parametrize("broken", [FORGED, None])
def test_a_bad_or_missing_signature_waits_for_the_right_one(broken: str | None) -> None:
    line = revised()
    line.sign("WI-001", "jane", revision="2")
    proof = next(path for path in line.waiting if path.endswith(".sig"))
    good = line.waiting.pop(proof)
    line.commit({proof: f"signed by {broken}"} if broken else {}, day="2026-02-02")
    assert not verdicts(line)
    line.commit({proof: good}, day="2026-02-03")
    assert approved(line) == ["1", "2"]


def test_a_statement_of_another_company_does_not_enter() -> None:
    line = revised()
    line.sign("WI-001", "jane", revision="2", qms="00000000-0000-0000-0000-000000000000")
    line.commit(day="2026-02-02")
    assert not verdicts(line)


def test_a_copy_with_the_right_signature_lets_the_statement_enter() -> None:
    """Where a statement lies in two places, one good signature is enough."""
    line = revised()
    line.sign("WI-001", "jane", revision="2")
    path = next(path for path in line.waiting if path.endswith(".json"))
    line.write({"signatures/aside.json": line.waiting[path], "signatures/aside.json.sig": f"by {FORGED}"})
    line.commit(day="2026-02-02")
    assert approved(line) == ["1", "2"]


def test_the_type_must_be_known_before_its_document() -> None:
    """Valid, but no policy can be satisfied."""
    line = founded()
    line.write({"documents/FRM-001.md": text("FRM-001")})
    line.sign("FRM-001", "jane")
    line.commit(day="2026-02-02")
    assert verdicts(line, "FRM-001") == [("jane", "approved", "1", "")]
    assert not approved(line, "FRM-001")


# --- statements on approved revisions ---


def challenged() -> Mainline:
    """Revision 2 is approved by bob alone; max, who wrote it, is quality manager too."""
    line = founded()
    line.register = usual_register().granting("max", QM)
    before = line.authority()
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-01")
    line.write({DOC: text("WI-001", "2")})
    line.sign("WI-001", "bob", revision="2")
    return line.commit(day="2026-02-02")


def is_challenged(line: Mainline) -> bool:
    state = folded(line)
    found = {one.id: one for one in status.view(state, line.evidence(), state.time)}
    return found["WI-001"].challenged


def lost(line: Mainline) -> Mainline:
    before = line.authority()
    line.register = line.register.with_keys("bob", Held("bob", revoked=("2026-02-10", "2026-01-10")))
    line.company()
    line.sign_authority("jane", predecessor=before)
    return line.commit(day="2026-02-10")


def test_the_author_cannot_lift_a_challenge() -> None:
    line = lost(challenged())
    assert is_challenged(line)
    line.sign("WI-001", "max", revision="2", writers=["tom"])
    line.commit(day="2026-02-11")
    assert last(line) == "AP104"
    assert is_challenged(line)
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-12")
    assert not is_challenged(line)


def test_a_further_approval_may_not_come_from_whom_it_names_as_writer() -> None:
    line = challenged()
    line.sign("WI-001", "jane", revision="2", writers=["jane", "max"])
    line.commit(day="2026-02-11")
    assert last(line) == "AP104"


@pytest.mark.parametrize(("revision", "code"), [("2", ""), ("3", "RV102")])
def test_a_further_approval_bears_the_number_of_its_revision(revision: str, code: str) -> None:
    line = challenged()
    line.sign("WI-001", "jane", revision=revision)
    line.commit(day="2026-02-11")
    assert last(line) == code


def test_a_withdrawal_names_the_last_approved() -> None:
    line = founded()
    first = line.known.pop("WI-001")
    line.sign("WI-001", "jane", meaning="withdrawn", reason="Why")
    line.known["WI-001"] = first
    path = [name for name in line.waiting if "withdrawn" in name]
    held = {name: line.waiting.pop(name) for name in path}
    line.approve("WI-001", text("WI-001", "2"), "jane", revision="2", day="2026-02-02")
    line.commit(held, day="2026-02-03")
    assert last(line) == "RV106"


def test_reaffirmed_is_what_is_in_force() -> None:
    line = founded()
    line.approve(
        "WI-001", text("WI-001", "2", effective_date="2026-06-01"), "jane", revision="2", day="2026-02-02"
    )
    line.known["WI-001"] = folded(line).life("WI-001").approvals[1].predecessor or ""
    line.sign("WI-001", "jane", meaning="reaffirmed", revision="2")
    line.commit(day="2026-02-03")
    assert last(line) == "RV106"


def test_what_waits_for_an_approval_enters_at_the_next_step() -> None:
    """A withdrawal in the commit that brings its revision."""
    line = revised()
    line.sign("WI-001", "jane", revision="2")
    line.sign("WI-001", "jane", revision="2", meaning="withdrawn", reason="Why")
    line.commit(day="2026-02-02")
    assert not folded(line).life("WI-001").withdrawn
    line.commit({"README.md": "x"}, day="2026-02-03")
    assert folded(line).life("WI-001").withdrawn


def test_two_files_with_one_id_let_nothing_in() -> None:
    line = revised()
    line.sign("WI-001", "jane", revision="2")
    line.commit({"documents/WI-001-copy.md": text("WI-001", "2")}, day="2026-02-02")
    assert not verdicts(line)
    line.commit({"documents/WI-001-copy.md": None}, day="2026-02-03")
    assert approved(line) == ["1", "2"]


def test_unknown_writers_may_be_let_pass() -> None:
    for kind, expected in (("refuse", ["1"]), ("say", ["1", "2"])):
        line = revised(unknown_writers=kind)
        line.sign("WI-001", "jane", revision="2", writers=["?"])
        line.commit(who="eve", day="2026-02-02")
        assert approved(line) == expected


def test_independence_may_be_none() -> None:
    line = revised(kinds={"SOP": Kind((QM,)), "WI": Kind(independence="none")})
    line.sign("WI-001", "jane", revision="2", writers=["jane"])
    line.commit(who="jane", day="2026-02-02")
    assert approved(line) == ["1", "2"]
    line.sign("WI-001", "jane", revision="2", writers=["jane"], reason="Once more.")
    line.commit(who="jane", day="2026-02-03")
    assert last(line) == ""


@pytest.mark.parametrize("meaning", list(Meaning)[:3])
def test_a_text_whose_picture_misses_is_in_review_once_somebody_signed(meaning: Meaning) -> None:
    line = founded()
    line.write({DOC: text("WI-001", "2", "![Label](a.png)"), "documents/a.png": "picture"})
    role = None if meaning is Meaning.AUTHORED else QM
    person = "max" if meaning is Meaning.AUTHORED else "jane"
    line.sign(
        "WI-001", person, meaning=meaning, role=role, revision="2", embedded={"a.png": "documents/a.png"}
    )
    line.commit({"documents/a.png": None}, day="2026-02-02")
    assert shown(line) == "in-review"


def picture_missing(**more: str) -> Mainline:
    line = founded()
    line.write({DOC: text("WI-001", "2", "![Label](a.png) ![B](b.png)"), "documents/a.png": "picture"})
    line.sign("WI-001", "jane", revision="2", embedded={"a.png": "documents/a.png"}, **more)
    return line


@pytest.mark.parametrize(
    ("files", "more"),
    [
        ({"documents/a.png": "another picture"}, {}),
        ({DOC: text("WI-001", "2", "![Label](c.png)")}, {}),
        ({}, {"key": FORGED}),
        ({}, {"key": "stranger"}),
        ({}, {"meaning": "returned"}),
        ({}, {"qms": "00000000-0000-0000-0000-000000000000"}),
        ({"documents/WI-001-copy.md": text("WI-001", "2")}, {}),
    ],
)
def test_what_could_never_count_is_no_review(files: dict[str, str], more: dict[str, str]) -> None:
    line = picture_missing(**more)
    line.commit(files, day="2026-02-02")
    assert shown(line) in ("draft", "")


@pytest.mark.parametrize(
    ("email", "code"), [("JANE@Ex.Org", "AP104"), ("who@else.org", "AP104"), ("bob@ex.org", "")]
)
def test_co_authors_wrote_too(email: str, code: str) -> None:
    line = revised().commit(day="2026-02-01")
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    commit = replace(line.steps[1].commit, coauthors=(Identity("Somebody", email),))
    line.steps[1] = Step(commit, (commit,))
    assert last(line) == code
