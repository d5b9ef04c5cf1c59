"""What is judged that is no push: branches, pull requests, roots to be, and what lies before a root."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scenarios import product
from scenarios.flows_shapes import QM, merged, r2_signed, unrelated
from support.play import NOBODY, Play, founded, who
from workspace.test_insider import gate, now

if TYPE_CHECKING:
    from pathlib import Path


def test_an_old_clock_does_not_hide_the_branch(tmp_path: Path) -> None:
    """Asked as of a day before the mainline's last step, who wrote on the branch still counts."""
    p = founded(tmp_path / "qms")
    unrelated(p)
    p.push()
    p.branch("b")
    p.revise("WI-001", "2", by="jane")
    p.signs("WI-001", "jane", writers=[])
    asked = product.ask(p.repo, "check", "--profile", "release", "--as-of", "2026-01-10", "--format", "json")
    assert {"AP101", "AP104"} <= asked.codes("error"), asked


def test_a_pull_request_judged_as_of_a_day_is_not_ahead_of_it(tmp_path: Path) -> None:
    """The day ends earlier in Berlin than in UTC, by which the merge to be was dated."""
    p = founded(tmp_path / "qms")
    r2_signed(p)
    outcome = product.judge_branch(p.repo, "main", "2026-02-02")
    assert outcome.codes("error") == frozenset(), outcome


def test_a_branch_without_a_mainline_is_the_root_to_be(tmp_path: Path) -> None:
    """Git named the first branch otherwise than the settings do."""
    p = founded(tmp_path / "qms")
    p.repo.git("branch", "-m", "main", "trunk")
    outcome = product.ask(p.repo, "check", "--profile", "release", "--as-of", p.now, "--format", "json")
    assert (outcome.status, outcome.codes("error")) == (0, frozenset()), outcome
    p.doc("WI-001", "2")
    p.repo.git("add", "-A")
    outcome = product.ask(p.repo, "check", "--profile", "release", "--as-of", p.now, "--format", "json")
    assert outcome.codes("error") == {"AP101"}, outcome


def test_a_pinned_root_is_not_replaced_by_the_tree(tmp_path: Path) -> None:
    """A branch with a history of its own, and its own people: it would be its own judge."""
    p = founded(tmp_path / "qms")
    root = p.tip()
    p.repo.git("checkout", "-q", "--orphan", "fresh")
    p.configure(register=p.register.granting("max", QM))
    p.commit("max")
    outcome = product.ask(p.repo, "check", "--trust-root", root, "--profile", "release")
    assert outcome.status == 2, outcome
    assert root[:12] in outcome.errors
    pinned = product.ask(p.repo, "check", "--base", NOBODY, "--tip", "HEAD", "--trust-root", root)
    assert pinned.status == 2, pinned


def test_what_lies_before_the_trust_root_stops_nobody(tmp_path: Path) -> None:
    """An old repository with a commit from a machine whose clock was wrong."""
    p = Play(tmp_path / "qms")
    p.write("isodocs.yml", None)
    p.write("people.yml", None)
    p.write("README.md", "Before.\n")
    p.commit("max", date="2099-01-05T08:00:00Z")
    p.configure()
    p.doc("WI-001", "1")
    p.sign("WI-001", "jane")
    p.commit("max")
    p.push()
    p.clock = p.now
    assert gate(p) == frozenset()
    assert "WI-001 effective 1" in now(p)
    unrelated(p)
    p.push()
    p.clock = p.now
    assert gate(p) == frozenset()


def test_the_root_may_be_pushed_late(tmp_path: Path) -> None:
    """An existing mainline; the first signed set was committed weeks before it is pushed."""
    p = Play(tmp_path / "qms")
    p.write("isodocs.yml", None)
    p.write("people.yml", None)
    p.write("README.md", "Before.\n")
    p.commit("max")
    p.push()
    p.configure()
    p.doc("WI-001", "1")
    p.sign("WI-001", "jane")
    p.commit("max")
    p.push()
    p.clock = "2026-03-01T10:00:00Z"
    assert gate(p) == frozenset()


def test_a_text_that_is_not_committed_yet_is_the_users(tmp_path: Path) -> None:
    """Jane's own words, staged on top of what max wrote and she signed beforehand."""
    p = founded(tmp_path / "qms")
    p.repo.git("config", "user.name", "Jane")
    p.repo.git("config", "user.email", "jane@ex.org")
    p.branch("b")
    p.doc("WI-001", "2")
    p.sign("WI-001", "jane")
    p.repo.git("add", "-A")
    asked = product.ask(
        p.repo, "check", "--staged", "--profile", "release", "--as-of", p.now, "--format", "json"
    )
    assert {"AP101", "AP104"} <= asked.codes("error"), asked


def test_a_document_moved_and_revised_on_a_branch_that_took_in_the_mainline(tmp_path: Path) -> None:
    p = founded(tmp_path / "qms")
    p.branch("b")
    p.move("documents/WI-001-text.md", "documents/shop/WI-001-text.md")
    p.paths["WI-001"] = "documents/shop/WI-001-text.md"
    p.revise("WI-001", "2")
    p.on("main")
    unrelated(p, by="jane")
    p.push()
    p.on("b")
    p.repo.merge("main", author=("Jane", "jane@ex.org"))
    p.signs("WI-001", "jane")
    merged(p)
    assert gate(p) == frozenset()
    assert "WI-001 effective 2" in now(p)


def replaced(p: Play, path: str, mode: str) -> None:
    """A protected file or a whole folder becomes a link or a submodule, past every hook."""
    p.repo.git("rm", "-rq", path)
    if mode == "160000":
        p.repo.git("update-index", "--add", "--cacheinfo", f"160000,{p.tip()},{path}")
        p.repo.commit("A submodule\n", author=who("max"))
    else:
        (p.repo.path / path).symlink_to("elsewhere")
        p.commit("max")
    p.push()


@pytest.mark.parametrize("mode", ["120000", "160000"])
@pytest.mark.parametrize(
    ("path", "code"),
    [("documents", "HX101"), ("signatures", "HX105"), ("isodocs.yml", "AU101"), ("people.yml", "AU101")],
)
def test_links_and_submodules_in_place_of_what_counts(
    path: str, code: str, mode: str, tmp_path: Path
) -> None:
    """The gate refuses; were it bypassed, what was in force still is."""
    p = founded(tmp_path / "qms")
    replaced(p, path, mode)
    assert gate(p) == {code}
    assert now(p) == {"SOP-001 effective 1", "WI-001 effective 1"}
    if path.endswith(".yml"):
        here = product.ask(p.repo, "check")
        assert here.status == 2
        assert f"{path} is a link or a submodule here" in here.errors
