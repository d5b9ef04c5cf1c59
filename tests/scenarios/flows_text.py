"""Flows of the second table: text against signature."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scenarios.flows_shapes import QM, drafting, merged, r2_approved, r2_signed, unrelated
from support.company import Kind, Settings
from support.play import Play, founded, who

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

THEIRS = ("--no-ff", "-X", "theirs")


def edit_after(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.revise("WI-001", "2", "One more thought.")
    return merged(p)


def edit_revert(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.revise("WI-001", "2", "One more thought.", by="tom")
    p.revise("WI-001", "2", by="tom")
    return merged(p)


def resign(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.revise("WI-001", "2", "One more thought.")
    p.signs("WI-001", "jane")
    return merged(p)


def cherry(path: Path) -> Play:
    p = founded(path)
    r2_signed(p, "a")
    p.branch("b")
    p.revise("WI-001", "2", "Other words than on branch a.")
    p.repo.git("cherry-pick", "a", env=p.repo.signature(who("max"), None, None, None))
    return merged(p)


def replay(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.doc("WI-002", "1")
    for name in p.repo.git("ls-files", "signatures/WI-001").splitlines():
        p.write(f"signatures/WI-002/1/{PurePosixPath(name).name}", p.read(name))
    p.commit("max")
    return merged(p)


def other(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.sign("WI-001", "bob", signer="jane")
    p.commit("jane")
    return merged(p)


def unsig(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.sign("WI-001", "jane", assurance="unsigned")
    p.commit("jane")
    return merged(p)


def r2_while_r3(path: Path) -> Play:
    p = drafting(path)
    p.revise("SOP-001", "2")
    p.signs("SOP-001", "anna")
    p.push()
    p.branch("j")
    p.signs("SOP-001", "jane")
    p.on("main")
    p.revise("SOP-001", "3")
    p.push()
    return merged(p, "j")


def stale_pred(path: Path) -> Play:
    p = drafting(path)
    p.revise("SOP-001", "4")
    p.signs("SOP-001", "anna", after="1")
    p.push()
    p.revise("SOP-001", "3")
    p.signs("SOP-001", "anna", after="1")
    p.signs("SOP-001", "jane", after="1")
    p.push()
    p.revise("SOP-001", "4")
    p.signs("SOP-001", "jane", after="3")
    p.push()
    return p


def two_branches(path: Path, second: str) -> Play:
    """WI-001 r2 in branch a and another text under number `second` in branch b, both on r1; a is pushed."""
    p = founded(path)
    r2_signed(p, "a")
    p.branch("b")
    p.revise("WI-001", second, "What the other branch says.")
    p.sign("WI-001", "jane", after="1")
    p.commit("jane")
    return merged(p, "a")


def race_same(path: Path) -> Play:
    p = two_branches(path, "2")
    p.merge("b", options=THEIRS)
    p.push()
    return p


def race_next(path: Path) -> Play:
    p = two_branches(path, "3")
    p.merge("b", options=THEIRS)
    p.push()
    return p


def race_heal(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2", "What the other branch says.")
    p.signs("WI-001", "jane")
    r2_approved(p)
    p.on("b")
    p.repo.merge("main", author=who("max"), options=("--no-ff", "-X", "ours"))
    p.revise("WI-001", "3", "What the other branch says.")
    p.signs("WI-001", "jane", after="2")
    return merged(p)


def backwards(path: Path) -> Play:
    p = founded(path)
    p.branch("a")
    p.revise("WI-001", "3")
    p.signs("WI-001", "jane", after="1")
    merged(p, "a")
    p.branch("b")
    p.revise("WI-001", "2")
    p.signs("WI-001", "jane", after="3")
    return merged(p)


def samenum(path: Path) -> Play:
    p = founded(path)
    r2_approved(p)
    p.branch("b")
    p.revise("WI-001", "2", "Other words under the same number.")
    p.signs("WI-001", "jane", after="2")
    return merged(p)


def twopush(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.merge("b")
    p.branch("c")
    p.revise("WI-001", "3")
    p.signs("WI-001", "jane")
    return merged(p, "c")


def ap_draft(path: Path) -> Play:
    p = drafting(path)
    r2_signed(p)
    p.merge("b")
    p.revise("WI-001", "3")
    p.push()
    return p


def ret(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.sign("WI-001", "jane", meaning="returned")
    p.commit("jane")
    p.signs("WI-001", "bob")
    return merged(p)


def ret2(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.sign("WI-001", "jane", meaning="returned")
    p.commit("jane")
    p.revise("WI-001", "2", "Better words.")
    p.signs("WI-001", "jane")
    return merged(p)


def void(path: Path) -> Play:
    p = drafting(path)
    p.revise("WI-001", "2")
    p.sign("WI-001", "tom", role=QM)
    p.commit("tom")
    p.push()
    p.configure(register=p.register.granting("tom", QM))
    p.authorise("jane")
    p.commit("jane")
    p.push()
    unrelated(p)
    p.push()
    return p


def relax(path: Path) -> Play:
    p = founded(path, Settings(drafts=True).kind("WI", Kind(("process-owner", QM))))
    p.revise("WI-001", "2")
    p.signs("WI-001", "jane")
    p.push()
    p.configure(p.settings.kind("WI", Kind()))
    p.authorise("jane")
    p.commit("jane")
    p.push()
    unrelated(p)
    p.push()
    return p


def revert(path: Path) -> Play:
    p = founded(path)
    merge = r2_approved(p)
    p.repo.git("revert", "-m", "1", "--no-edit", merge, env=p.repo.signature(who("max"), None, None, None))
    p.push()
    return p


def back1(path: Path) -> Play:
    p = founded(path)
    r2_approved(p)
    p.repo.git("checkout", p.repo.git("rev-list", "--max-parents=0", "main"), "--", "signatures", "documents")
    p.commit("max")
    p.push()
    return p


FLOWS: dict[str, Callable[[Path], Play]] = {
    "edit-after": edit_after, "edit-revert": edit_revert, "resign": resign, "cherry": cherry,
    "replay": replay, "other": other, "unsig": unsig, "r2-while-r3": r2_while_r3, "stale-pred": stale_pred,
    "race-same": race_same, "race-next": race_next, "race-heal": race_heal, "backwards": backwards,
    "samenum": samenum, "twopush": twopush, "ap-draft": ap_draft, "ret": ret, "ret2": ret2, "void": void,
    "relax": relax, "revert": revert, "back1": back1,
}  # fmt: skip
