"""A mainline commit dated in the future stops everything, until the quorum signed a correction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from scenarios import product
from scenarios.flows_history import FAR, fut_poison
from scenarios.flows_shapes import merged, r2_approved, r2_signed, unrelated
from support.company import Held, Settings, usual_register
from support.office import Office
from support.play import Play, founded, iso

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.product import Outcome

READERS = (["list"], ["status"], ["history", "WI-001"], ["check"], ["verify"], ["allowed-signers"])
MADE = "2026-02-02T09:10:00Z"


def corrections(*pairs: tuple[str, str]) -> str:
    """The settings with corrections: commit and time of each."""
    lines = [
        f"- {{commit: {commit}, time: '{time}', reason: A clock was wrong.}}\n" for commit, time in pairs
    ]
    return Settings().text() + "corrections:\n" + "".join(lines)


def poison(play: Play) -> str:
    """The commit of the mainline that is dated 2099."""
    found = [
        line.split()[0]
        for line in play.repo.git("log", "--first-parent", "--format=%H %cI", "main").splitlines()
        if line.split()[1].startswith("2099")
    ]
    assert len(found) == 1
    return found[0]


def corrected(play: Play, *pairs: tuple[str, str], by: str = "jane", sign: bool = True) -> None:
    """A branch that corrects dates, merged by its signer."""
    play.branch("clock")
    play.write("isodocs.yml", corrections(*pairs))
    play.commit(by)
    if sign:
        play.authorise(by)
        play.commit(by)
    play.merge("clock", by=by)
    play.push()
    play.clock = play.now


def gate(play: Play) -> Outcome:
    return product.judge(play.repo, play.old, play.new, play.judged_at())


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """The mainline of the scenario: a commit of 2099, and an honest approval on it the next day."""
    found = fut_poison(tmp_path / "qms")
    found.day("2026-02-04")
    return found


def test_the_refusal_names_commit_and_cure(play: Play) -> None:
    for words in READERS:
        outcome = product.ask(play.repo, *words)
        assert outcome.status == 2, words
        assert f"dated {FAR}" in outcome.errors
        assert "isodocs authorise" in outcome.errors
        assert f"corrections: [{{commit: {poison(play)}, time: 2026-01-05T" in outcome.errors


def test_a_signed_correction_heals(play: Play) -> None:
    """Jane's key ends in 2027: what was signed since the poison counts only with the corrected time."""
    wrong = poison(play)
    corrected(play, (wrong, MADE))
    outcome = gate(play)
    assert outcome.status == 0, outcome
    for words in READERS:
        found = product.ask(play.repo, *words)
        assert found.status == 0, (words, found)
        assert f"Commit {wrong[:12]} is dated {FAR}; by the signed settings it counts as made at {MADE}" in (
            found.errors
        ), words
    assert product.status(play.repo, play.now) == {"WI-001 effective 2", "SOP-001 effective 1"}
    history = product.ask(play.repo, "history", "WI-001", "--format", "json").items
    entered = {item["revision"]: item["entered"] for item in history}
    assert entered["2"].startswith("2026-02-03")


def test_days_before_the_correction_are_told_with_it(play: Play) -> None:
    corrected(play, (poison(play), MADE))
    assert product.status(play.repo, "2026-02-02T23:00:00Z") == {"WI-001 effective 1", "SOP-001 effective 1"}


def test_later_pushes_are_judged_as_ever(play: Play) -> None:
    corrected(play, (poison(play), MADE))
    play.day("2026-02-06")
    play.clock = ""
    unrelated(play)
    play.push()
    play.clock = play.now
    assert gate(play).status == 0
    play.doc("WI-001", "3")
    play.commit("max")
    play.push()
    play.clock = play.now
    assert gate(play).codes("error") == {"AP101"}


@pytest.mark.parametrize("dates", [("2098-01-01", "2099-02-01"), ("2099-02-01", "2098-01-01")])
def test_two_commits_of_one_wrong_clock(tmp_path: Path, dates: tuple[str, str]) -> None:
    play = founded(tmp_path / "qms")
    wrong = []
    for date in dates:
        play.write("README.md", f"From {date}.\n")
        wrong.append(play.commit("max", date=f"{date}T09:00:00Z"))
    play.push()
    play.day("2026-02-03")
    corrected(play, (wrong[0], "2026-02-02T09:10:00Z"), (wrong[1], "2026-02-02T09:20:00Z"))
    assert gate(play).status == 0, gate(play)
    found = product.ask(play.repo, "list")
    assert found.status == 0, found
    assert "count only by the date" not in found.errors


def test_once_its_date_has_come_it_must_stay(tmp_path: Path) -> None:
    """Else a tidy-up of the settings would give all that came after it another date."""
    play = founded(tmp_path / "qms")
    play.write("README.md", "From March.\n")
    wrong = play.commit("max", date="2026-03-20T09:00:00Z")
    play.push()
    play.day("2026-02-03")
    corrected(play, (wrong, "2026-02-01T09:00:00Z"))
    play.day("2026-04-10")
    play.clock = ""
    play.branch("tidy")
    play.write("isodocs.yml", Settings().text())
    play.commit("jane")
    play.authorise("jane")
    play.commit("jane")
    assert product.judge_branch(play.repo, "main", play.now).codes("error") == {"HX104"}
    play.merge("tidy")
    play.push()
    play.clock = play.now
    outcome = gate(play)
    assert outcome.codes("error") == {"HX104"}
    assert "no longer correct the date" in outcome.output


def test_its_reason_may_be_written_better_later(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    play.write("README.md", "From March.\n")
    wrong = play.commit("max", date="2026-03-20T09:00:00Z")
    play.push()
    play.day("2026-02-03")
    corrected(play, (wrong, "2026-02-01T09:00:00Z"))
    play.day("2026-04-10")
    play.branch("words")
    play.write(
        "isodocs.yml", play.read("isodocs.yml").decode().replace("A clock was", "The clock of a laptop was")
    )
    play.commit("jane")
    play.authorise("jane")
    play.commit("jane")
    play.merge("words")
    play.push()
    play.clock = play.now
    assert gate(play).status == 0, gate(play)


def test_later_settings_must_keep_it(play: Play) -> None:
    """Settings that drop it, signed, bring the poison back; to put it back mends that."""
    wrong = poison(play)
    corrected(play, (wrong, MADE))
    text = play.read("isodocs.yml").decode()
    play.branch("drop")
    play.write("isodocs.yml", Settings().text())
    play.commit("jane")
    play.authorise("jane")
    play.commit("jane")
    play.merge("drop")
    play.push()
    assert product.ask(play.repo, "list").status == 2
    play.branch("again")
    play.write("isodocs.yml", text)
    play.commit("jane")
    play.authorise("jane")
    play.commit("jane")
    play.merge("again")
    play.push()
    assert product.ask(play.repo, "list").status == 0


def test_without_a_signature_it_heals_nothing(play: Play) -> None:
    corrected(play, (poison(play), MADE), sign=False)
    assert gate(play).status == 2
    assert product.ask(play.repo, "list").status == 2


def test_a_signature_of_somebody_else_heals_nothing(play: Play) -> None:
    """Anna holds no authority over the settings."""
    corrected(play, (poison(play), MADE), by="anna")
    assert gate(play).status == 2
    assert product.ask(play.repo, "list").status == 2


def test_unsigned_settings_on_top_do_not_undo_it(play: Play) -> None:
    wrong = poison(play)
    corrected(play, (wrong, MADE))
    play.on("main")
    play.write("isodocs.yml", corrections((wrong, "2026-01-06T09:00:00Z")))
    play.commit("max")
    play.push()
    play.clock = play.now
    assert gate(play).codes("error") == {"AU101"}
    assert product.status(play.repo, play.now) == {"WI-001 effective 2", "SOP-001 effective 1"}


def test_a_correction_forward_is_none(play: Play) -> None:
    corrected(play, (poison(play), "2099-06-01T09:00:00Z"))
    assert product.ask(play.repo, "list").status == 2


def test_what_is_past_cannot_be_corrected(tmp_path: Path) -> None:
    """A date that was merely old: gates refuse the correction, and nothing becomes older by it."""
    play = founded(tmp_path / "qms")
    wanted = r2_approved(play)
    play.day("2026-03-02")
    corrected(play, (wanted, "2026-01-06T09:00:00Z"))
    outcome = gate(play)
    assert outcome.codes("error") == {"HX104"}
    assert "does not lie in the future" in outcome.output
    entered = product.ask(play.repo, "history", "WI-001", "--format", "json").items[-1]["entered"]
    assert entered.startswith("2026-02-02")


@pytest.mark.parametrize("days", [("2026-06-01",), ("2026-05-10", "2026-06-01")])
def test_a_leaver_who_turns_time_back_is_refused_and_told(tmp_path: Path, days: tuple[str, ...]) -> None:
    """Bob's key ended in May; in June he dates a commit of his February and corrects what came since.

    History alone cannot tell this from a clock that was wrong. Gates refuse it, by theirs.
    """
    register = usual_register()
    bob = replace(register.people["bob"], keys=(Held("bob", until="2026-05-01"),))
    play = founded(tmp_path / "qms", register=register.but(bob=bob))
    later = []
    for day in days:
        play.day(day)
        unrelated(play)
        later.append(play.tip())
    play.push()
    play.day("2026-02-20")
    corrected(play, *((commit, "2026-02-10T09:00:00Z") for commit in later), by="bob")
    play.clock = "2026-06-02T09:00:00Z"
    assert "HX104" in gate(play).codes("error")
    told = product.ask(play.repo, "list").errors
    assert "The keys that signed this count only by the date that it corrects" in told


def test_the_quality_manager_does_it_with_the_command_line(tmp_path: Path) -> None:
    office = Office(fut_poison(tmp_path / "qms"))
    play = office.play
    wrong = poison(play)
    play.branch("clock")
    play.write("isodocs.yml", corrections((wrong, MADE)))
    play.commit("max")
    assert office.run("check").status == 2
    out = office.ok("authorise", "--yes")
    assert wrong in out
    office.commit()
    assert office.run("check").status == 0, office.run("check")
    play.merge("clock")
    assert office.run("list").status == 0


def test_bad_corrections_are_told(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    play.branch("clock")
    play.write("isodocs.yml", corrections(("1234", "yesterday")))
    play.commit("jane")
    outcome = product.ask(play.repo, "check")
    assert outcome.status == 2
    assert "is no UTC time such as 2026-03-01T10:15:00Z" in outcome.errors


def test_a_second_correction_keeps_the_first(play: Play) -> None:
    first = poison(play)
    corrected(play, (first, MADE))
    play.day("2026-02-09")
    play.on("main")
    play.write("README.md", "Again from the future.\n")
    second = play.commit("max", date="2098-01-01T09:00:00Z")
    play.push()
    assert product.ask(play.repo, "list").status == 2
    play.repo.git("branch", "-D", "clock")
    play.day("2026-02-10")
    corrected(play, (first, MADE), (second, "2026-02-09T09:10:00Z"))
    assert gate(play).status == 0
    assert product.ask(play.repo, "list").status == 0


def test_signing_on_a_branch_before_the_correction_is_merged(play: Play) -> None:
    """Nothing but the correction itself can be signed meanwhile: a document's branch does not have it."""
    play.branch("r3")
    play.doc("WI-001", "3")
    play.commit("max")
    office = Office(play)
    assert office.run("approve", "WI-001", "--yes").status == 2
    assert iso(play.repo.clock).startswith("2026-02-04")


def test_merging_a_signed_revision_after_it(play: Play) -> None:
    corrected(play, (poison(play), MADE))
    play.day("2026-02-06")
    play.clock = ""
    play.branch("r3")
    play.revise("WI-001", "3")
    play.signs("WI-001", "jane")
    merged(play, "r3")
    play.clock = play.now
    assert gate(play).status == 0
    assert "WI-001 effective 3" in product.status(play.repo, play.now)


def test_no_correction_no_note(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    r2_signed(play)
    merged(play)
    assert product.ask(play.repo, "list").errors == ""
