"""The hooks in place, under pre-commit and prek: what is let through, what is stopped, and what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.hooked import Company, Ended, day

if TYPE_CHECKING:
    from pathlib import Path

WI = "documents/WI-001-text.md"


def passed(ended: Ended) -> None:
    assert ended.passed, ended.text


def stopped(ended: Ended, *codes: str) -> None:
    """The command was stopped, by a problem of each code, with its place, and by no fault of ours."""
    assert not ended.passed, ended.text
    for code in codes:
        assert re.search(rf"\S+:\d+:\d+: (\w+ )?{code}\b|\b{code}\b", ended.text), ended.text
    assert "Traceback" not in ended.text
    assert "fault of isodocs" not in ended.text


def revised(company: Company, by: str = "max", **front: str) -> None:
    """Branch ``draft`` with revision 2 of WI-001, committed through the hook."""
    company.play.branch("draft")
    company.play.doc("WI-001", "2", **front)
    passed(company.commit(by=by))


def approved(company: Company) -> None:
    """The right signature for WI-001 as it stands, committed through the hook."""
    company.play.sign("WI-001", "jane")
    passed(company.commit(by="jane"))


class TestOnABranch:
    def test_a_draft_passes(self, company: Company) -> None:
        revised(company)

    def test_a_new_document_passes(self, company: Company) -> None:
        company.play.branch("new")
        company.play.doc("WI-003", "1")
        passed(company.commit())

    def test_an_edit_without_a_new_revision_is_stopped_with_place_and_way_out(self, company: Company) -> None:
        company.play.branch("edit")
        company.play.doc("WI-001", "1", "Other words.")
        ended = company.commit()
        stopped(ended, "RV101")
        assert re.search(rf"{WI}:\d+:\d+: .*RV101", ended.text)
        assert "revision" in ended.text

    def test_a_deleted_document_is_stopped(self, company: Company) -> None:
        company.play.branch("delete")
        company.play.repo.git("rm", "-q", WI)
        stopped(company.git("commit", "-m", "Delete"), "HX101")

    def test_a_moved_document_passes(self, company: Company) -> None:
        company.play.branch("move")
        company.play.move(WI, "documents/shop/WI-001-text.md")
        passed(company.commit())

    def test_a_change_that_isodocs_does_not_know_passes(self, company: Company) -> None:
        company.play.branch("notes")
        company.play.write("notes.txt", "Other notes.\n")
        passed(company.commit())


class TestPartialCommits:
    """``git commit FILE`` makes an index of its own; that one is judged."""

    @pytest.fixture
    def both(self, company: Company) -> Company:
        company.play.branch("both")
        company.play.doc("WI-001", "1", "Other words.")
        company.play.write("notes.txt", "Other notes.\n")
        company.play.repo.git("add", "-A")
        return company

    def test_the_good_file_alone_passes(self, both: Company) -> None:
        passed(both.git("commit", "-m", "Notes", "notes.txt"))

    def test_the_bad_file_alone_is_stopped(self, both: Company) -> None:
        stopped(both.git("commit", "-m", "Words", WI), "RV101")

    def test_what_is_not_staged_is_not_judged(self, company: Company) -> None:
        company.play.branch("unstaged")
        company.play.doc("WI-001", "1", "Other words.")
        company.play.write("notes.txt", "Other notes.\n")
        company.play.repo.git("add", "notes.txt")
        passed(company.git("commit", "-m", "Notes"))
        assert "Other words." in company.play.read(WI).decode()


class TestOnTheMainline:
    def test_an_unapproved_revision_is_stopped_and_says_who_must_sign(self, company: Company) -> None:
        company.play.doc("WI-001", "2")
        ended = company.commit()
        stopped(ended, "AP101")
        assert "quality-manager" in ended.text
        assert "isodocs approve WI-001" in ended.text

    def test_a_commit_that_touches_the_overdue_document_and_leaves_it_so_is_stopped(
        self, late: Company
    ) -> None:
        late.play.doc("WI-002", "2", review_date=day(-5))
        late.play.sign("WI-002", "jane")
        stopped(late.commit(), "RD101")

    def test_the_one_that_mends_it_passes(self, late: Company) -> None:
        late.play.branch("mend")
        late.play.doc("WI-002", "2", review_date=day(300))
        passed(late.commit())
        late.play.sign("WI-002", "jane")
        passed(late.commit(by="jane"))
        passed(late.merge("mend"))

    def test_the_author_that_git_names_is_the_writer_whoever_sits_at_the_keyboard(
        self, company: Company
    ) -> None:
        company.play.doc("WI-001", "2")
        company.play.sign("WI-001", "jane")
        stopped(company.commit(by="jane"), "AP104")
        passed(company.commit("--author", "Max <max@ex.org>", by="jane"))

    def test_a_commit_elsewhere_passes_while_a_document_is_overdue(self, late: Company) -> None:
        late.play.write("notes.txt", "Other notes.\n")
        passed(late.commit())

    def test_a_deleted_document_is_stopped(self, company: Company) -> None:
        company.play.repo.git("rm", "-q", WI)
        stopped(company.git("commit", "-m", "Delete"), "HX101")


class TestMerges:
    """pre-merge-commit sees the index of the merge before it is made."""

    def test_what_the_rightful_person_approved_goes_through(self, company: Company) -> None:
        revised(company)
        approved(company)
        passed(company.merge("draft"))

    def test_what_nobody_approved_is_stopped(self, company: Company) -> None:
        revised(company)
        stopped(company.merge("draft"), "AP101")

    @pytest.mark.parametrize(
        ("writer", "signer", "code"), [("jane", "jane", "AP104"), ("max", "tom", "AP103")]
    )
    def test_neither_its_author_nor_a_person_without_the_role_can_approve(
        self, company: Company, writer: str, signer: str, code: str
    ) -> None:
        revised(company, by=writer)
        company.play.sign("WI-001", signer, writers=(writer,), role="quality-manager")
        stopped(company.commit(by=signer), code)
        company.bypassing(by=signer)
        stopped(company.merge("draft"), "AP101", code)

    def test_one_more_edit_after_approval_voids_it(self, company: Company) -> None:
        revised(company)
        approved(company)
        company.play.doc("WI-001", "2", "One more word.")
        passed(company.commit())
        stopped(company.merge("draft"), "AP101")


class TestPushes:
    def test_an_approved_revision_goes_out(self, company: Company) -> None:
        company.remote()
        revised(company)
        approved(company)
        passed(company.merge("draft"))
        passed(company.git("push", "origin", "main"))

    def test_the_first_push_of_all_goes_out(self, company: Company, tmp_path: Path) -> None:
        company.play.repo.git("init", "-q", "--bare", "-b", "main", str(tmp_path / "new.git"))
        company.play.repo.git("remote", "add", "origin", str(tmp_path / "new.git"))
        passed(company.git("push", "-u", "origin", "main"))

    def test_a_draft_goes_to_its_branch(self, company: Company) -> None:
        company.remote()
        revised(company)
        passed(company.git("push", "-u", "origin", "draft"))

    def test_a_draft_does_not_go_to_the_mainline(self, company: Company) -> None:
        company.remote()
        revised(company)
        stopped(company.git("push", "origin", "draft:main"), "AP101")

    def test_a_fast_forward_runs_no_commit_hook_but_is_stopped_here(self, company: Company) -> None:
        company.remote()
        revised(company)
        company.play.forward("draft")
        stopped(company.git("push", "origin", "main"), "AP101")

    def test_what_bypassed_the_commit_hook_is_stopped_here(self, company: Company) -> None:
        company.remote()
        company.play.doc("WI-001", "1", "Other words.")
        company.bypassing()
        stopped(company.git("push", "origin", "main"), "RV101")

    def test_a_deleted_branch_is_not_judged(self, company: Company) -> None:
        company.remote()
        revised(company)
        passed(company.git("push", "-u", "origin", "draft"))
        passed(company.git("push", "origin", ":draft"))

    def test_a_tag_is_not_judged(self, company: Company) -> None:
        company.remote()
        company.play.doc("WI-001", "1", "Other words.")
        company.bypassing()
        company.play.repo.git("tag", "look")
        passed(company.git("push", "origin", "look"))

    def test_a_mainline_turned_around_by_git_pull_is_refused(self, company: Company) -> None:
        remote = company.remote()
        revised(company)
        approved(company)
        passed(company.merge("draft"))
        passed(company.git("push", "origin", "main"))
        # Somebody who stands on the state before commits and pulls: his side becomes the first parent.
        company.play.repo.git("reset", "-q", "--hard", "HEAD~1")
        company.play.write("notes.txt", "Other notes.\n")
        passed(company.commit(by="tom"))
        company.play.repo.git("fetch", "-q", str(remote))
        passed(company.git("pull", "--no-rebase", "--no-edit", "-q", "origin", "main", by="tom"))
        stopped(company.git("push", "origin", "main", by="tom"), "HX103")


class TestByHand:
    def test_the_gate_judges_head_as_a_release(self, company: Company) -> None:
        stage = "--hook-stage" if company.runner == "pre-commit" else "--stage"
        run = (company.runner, "run", stage, "manual", "--all-files", "isodocs-gate")
        passed(company.program(*run, check=False))
        company.play.doc("WI-001", "2")
        company.bypassing()
        stopped(company.program(*run, check=False), "AP101")
