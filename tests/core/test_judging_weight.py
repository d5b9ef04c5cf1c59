"""What a statement weighs: returns, and what is too weak to count though it is valid."""

from __future__ import annotations

from core.test_judging import DOC, QM, approved, revised, shown, verdicts
from support.company import Kind
from support.library import Mainline, founded, text

# --- returns ---


def returned(assurance: str = "signed") -> Mainline:
    """Jane returns revision 2 on the mainline."""
    line = revised()
    line.sign("WI-001", "jane", revision="2", meaning="returned", assurance=assurance)
    return line.commit(day="2026-02-02")


def test_a_return_bars_what_another_approves() -> None:
    line = returned()
    line.sign("WI-001", "bob", revision="2")
    line.commit(day="2026-02-03")
    assert approved(line) == ["1"]
    assert shown(line) == "returned"


def test_who_returned_may_approve_after_all() -> None:
    line = returned()
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-03")
    assert approved(line) == ["1", "2"]


def test_an_unsigned_return_bars_nothing() -> None:
    """Anybody could write it in jane's name."""
    line = returned(assurance="unsigned")
    line.sign("WI-001", "bob", revision="2")
    line.commit(day="2026-02-03")
    assert approved(line) == ["1", "2"]


def test_an_unsigned_approval_lifts_no_return() -> None:
    """Max writes it in jane's name; bob's signature would then be enough."""
    line = returned()
    line.sign("WI-001", "jane", revision="2", assurance="unsigned")
    line.sign("WI-001", "bob", revision="2")
    line.commit(day="2026-02-03")
    assert approved(line) == ["1"]
    assert shown(line) == "returned"


def test_a_lifted_return_stays_lifted() -> None:
    """Jane returned revision 4, then approved it; revision 3 overtakes it, and its text comes back."""
    line = founded(drafts=True)
    fourth = {"documents/SOP-001.md": text("SOP-001", "4")}
    line.write(fourth)
    line.sign("SOP-001", "jane", revision="4", meaning="returned")
    line.commit(day="2026-02-02")
    line.sign("SOP-001", "jane", revision="4")
    line.commit(day="2026-02-03")
    assert shown(line, "SOP-001") == "in-review"
    line.approve("SOP-001", text("SOP-001", "3"), "anna", "jane", revision="3", day="2026-02-04")
    line.commit(fourth, day="2026-02-05")
    assert shown(line, "SOP-001") == "in-review"


# --- what is too weak to count ---


def test_an_unsigned_statement_names_no_writers() -> None:
    """Else anybody could keep jane from approving, by a statement in somebody's name."""
    line = revised()
    line.sign(
        "WI-001", "tom", meaning="authored", role=None, revision="2", writers=["jane"], assurance="unsigned"
    )
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    assert approved(line) == ["1", "2"]


def test_an_unsigned_authorship_excuses_no_squasher() -> None:
    """Jane writes, commits and signs alone; a statement that max never signed says he wrote it."""
    line = revised()
    line.sign("WI-001", "jane", revision="2")
    line.sign("WI-001", "max", meaning="authored", role=None, revision="2", assurance="unsigned")
    line.commit(who="jane", day="2026-02-02")
    assert approved(line) == ["1"]
    assert ("jane", "approved", "2", "AP104") in verdicts(line)


def test_a_signed_authorship_does() -> None:
    line = revised()
    line.sign("WI-001", "jane", revision="2")
    line.sign("WI-001", "max", meaning="authored", role=None, revision="2")
    line.commit(who="jane", day="2026-02-02")
    assert approved(line) == ["1", "2"]


def test_an_unsigned_statement_triggers_no_approval() -> None:
    """Revision 2 waits, half signed; the policy is relaxed; nobody has signed it under the new one."""
    line = founded(drafts=True, kinds={"SOP": Kind((QM,)), "WI": Kind(("process-owner", QM))})
    first = line.known.pop("WI-001")
    line.sign("WI-001", "anna", role="process-owner")
    line.commit(day="2026-02-01")
    line.known["WI-001"] = first
    assert approved(line) == ["1"]
    line.write({DOC: text("WI-001", "2")})
    line.sign("WI-001", "jane", revision="2")
    line.commit(day="2026-02-02")
    before = line.authority()
    line.settings = line.settings.kind("WI", Kind((QM,)))
    line.company()
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-03")
    line.sign("WI-001", "bob", revision="2", assurance="unsigned")
    line.commit(day="2026-02-04")
    assert approved(line) == ["1"]
    line.sign("WI-001", "bob", revision="2")
    line.commit(day="2026-02-05")
    assert approved(line) == ["1", "2"]


def prepared(assurance: str = "signed") -> Mainline:
    line = founded()
    before = line.authority()
    line.company()
    line.write({"isodocs.yml": _prepared(line)})
    line.sign_authority("jane", predecessor=before)
    line.commit(day="2026-02-01")
    line.write({DOC: text("WI-001", "2")})
    line.sign("WI-001", "max", meaning="authored", role=None, revision="2", assurance=assurance)
    line.sign("WI-001", "jane", revision="2")
    return line.commit(day="2026-02-02")


def _prepared(line: Mainline) -> str:
    return line.settings.text().replace(
        "    review_months: 24\n", "    review_months: 24\n    prepared: signed\n"
    )


def test_prepared_signed_asks_for_the_writers_signature() -> None:
    assert approved(prepared()) == ["1", "2"]
    assert approved(prepared(assurance="unsigned")) == ["1"]


def test_legacy_counts_for_nothing() -> None:
    line = revised()
    line.sign("WI-001", "jane", revision="2", assurance="legacy")
    line.commit(day="2026-02-02")
    assert verdicts(line) == [("jane", "approved", "2", "")]
    assert approved(line) == ["1"]
