"""Flows of the sixth table: shape of history, clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenarios.flows_shapes import merged, r2_approved, r2_signed, unrelated
from support.company import Held, usual_register
from support.play import Play, founded, who

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAR = "2099-01-01T09:00:00Z"


def pushed_as(play: Play, tip: str) -> Play:
    """Somebody pushes `tip` onto the mainline, by force if need be."""
    play.repo.git("checkout", "-q", "-B", "main", tip)
    play.push()
    return play


def turned(path: Path) -> Play:
    """Tom has a commit of his own on main, pulls what others pushed there, and pushes."""
    p = founded(path)
    root = p.tip()
    r2_approved(p)
    p.branch("local", root)
    p.write("README.md", "Tom's own file.\n")
    p.commit("tom")
    env = p.repo.signature(who("tom"), None, None, None)
    p.repo.git("pull", "-q", "--no-rebase", "--no-edit", ".", "main", env=env)
    return pushed_as(p, "local")


def updated(path: Path) -> Play:
    """Branch b with WI-001 r2 signed has merged the mainline, which had moved on, into itself."""
    p = founded(path)
    r2_signed(p)
    unrelated(p)
    p.push()
    p.on("b")
    p.repo.merge("main", author=who("max"))
    return p


def upd_ff(path: Path) -> Play:
    p = updated(path)
    p.forward("b")
    p.push()
    return p


def upd_noff(path: Path) -> Play:
    return merged(updated(path))


def pr_upd(path: Path) -> Play:
    """Left on the branch, unmerged: the check judges the merge it would become."""
    return updated(path)


def pr_race(path: Path) -> Play:
    """Left on the branch, unmerged."""
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2", "What the other branch says.")
    p.signs("WI-001", "jane")
    r2_approved(p)
    p.on("b")
    return p


def force(path: Path) -> Play:
    p = founded(path)
    root = p.tip()
    r2_approved(p)
    p.repo.git("checkout", "-q", "-B", "main", root)
    unrelated(p)
    p.push()
    return p


def subroot(path: Path) -> Play:
    p = founded(path)
    p.repo.orphan("strange")
    p.write("README.md", "Another root.\n")
    p.commit("tom")
    p.repo.merge("main", author=who("tom"), options=("--no-ff", "--allow-unrelated-histories"))
    return pushed_as(p, "strange")


def shallow(path: Path) -> Play:
    """Three steps deep; the runner makes the shallow clone."""
    p = founded(path)
    r2_approved(p)
    unrelated(p)
    p.push()
    return p


def back(path: Path) -> Play:
    p = founded(path)
    p.day("2026-02-10")
    unrelated(p)
    p.push()
    p.day("2026-02-05")
    r2_signed(p)
    return merged(p)


def poisoned(path: Path) -> Play:
    """A commit of 2099 is pushed on 2 Feb 2026."""
    p = founded(path)
    p.clock = "2026-02-02T09:30:00Z"
    p.write("README.md", "From the future.\n")
    p.commit("max", date=FAR)
    p.push()
    return p


def fut_poison(path: Path) -> Play:
    """The next day, an honest approval; jane's key counts until 2027."""
    register = usual_register()
    jane = replace(register.people["jane"], keys=(Held("jane", until="2027-01-01"),))
    p = founded(path, register=register.but(jane=jane))
    p.write("README.md", "From the future.\n")
    p.commit("max", date=FAR)
    p.push()
    p.day("2026-02-03")
    r2_signed(p)
    merged(p)
    p.clock = p.now
    return p


def ff_old(path: Path) -> Play:
    """Signed in February, pushed fast-forward in July."""
    p = founded(path)
    r2_signed(p)
    p.forward("b")
    p.push()
    p.clock = "2026-07-01T09:00:00Z"
    return p


FLOWS: dict[str, Callable[[Path], Play]] = {
    "turned": turned, "upd-ff": upd_ff, "upd-noff": upd_noff, "pr-upd": pr_upd, "pr-race": pr_race,
    "force": force, "subroot": subroot, "shallow": shallow, "back": back, "fut-c": poisoned,
    "fut-poison": fut_poison, "ff-old": ff_old,
}  # fmt: skip
