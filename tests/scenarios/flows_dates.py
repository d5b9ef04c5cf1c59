"""Flows of the third table: dates, review, withdrawal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scenarios.flows_shapes import drafting, merged, r2_signed, unrelated
from support.play import Play, founded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def approved(play: Play, revision: str, **front: str) -> None:
    """WI-001 in this revision by max, signed by jane, merged and pushed."""
    play.branch(f"r{revision}")
    play.revise("WI-001", revision, **front)
    play.signs("WI-001", "jane")
    merged(play, f"r{revision}")


def reaffirmed(play: Play, day: str, until: str) -> None:
    """The text in the tree reaffirmed by jane on a day, pushed."""
    play.day(day)
    play.sign("WI-001", "jane", meaning="reaffirmed", next_review=until)
    play.commit("jane")
    play.push()


def withdraw(play: Play) -> None:
    """The text in the tree withdrawn by jane; nothing is committed."""
    play.sign("WI-001", "jane", meaning="withdrawn", writers=[])


def gone(play: Play) -> None:
    """The file removed and everything committed by jane."""
    play.write(play.place("WI-001"), None)
    play.commit("jane")


def future(path: Path, day: str) -> Play:
    p = founded(path)
    approved(p, "2", effective_date="2026-06-01")
    p.day("2026-03-01")
    approved(p, "3", effective_date="2026-04-15")
    p.as_of = day
    return p


def midnight(path: Path, moment: str) -> Play:
    p = founded(path)
    approved(p, "2", effective_date="2026-06-01")
    p.as_of = moment
    return p


def fut_wd(path: Path) -> Play:
    p = founded(path)
    approved(p, "2", effective_date="2026-06-01")
    p.day("2026-04-01")
    withdraw(p)
    p.commit("jane")
    p.push()
    p.as_of = "2026-06-02"
    return p


def re_ok(path: Path) -> Play:
    p = founded(path)
    approved(p, "2", review_date="2026-12-31")
    reaffirmed(p, "2026-12-01", "2028-06-01")
    p.as_of = "2027-02-01"
    return p


def re_cap(path: Path) -> Play:
    p = founded(path)
    approved(p, "2", review_date="2026-12-31")
    reaffirmed(p, "2026-12-01", "2031-01-01")
    p.as_of = "2029-01-01"
    return p


def overdue(path: Path) -> Play:
    """WI-001 r2 was to be reviewed by the end of 2026; it is 1 Feb 2027."""
    p = founded(path)
    approved(p, "2", review_date="2026-12-31")
    p.day("2027-02-01")
    return p


def re_late(path: Path) -> Play:
    p = overdue(path)
    p.branch("b")
    p.revise("WI-002", "1", review_date="2028-12-31")
    p.signs("WI-002", "jane")
    return merged(p)


def re_mend(path: Path) -> Play:
    p = overdue(path)
    reaffirmed(p, "2027-02-01", "2028-06-01")
    return p


def re_draft(path: Path) -> Play:
    p = drafting(path)
    approved(p, "2")
    text = p.content("WI-001")
    p.revise("WI-001", "3")
    p.push()
    p.sign("WI-001", "jane", meaning="reaffirmed", next_review="2027-12-31", content=text, revision="2")
    p.commit("jane")
    p.push()
    return p


def re_next(path: Path) -> Play:
    p = founded(path)
    approved(p, "2", review_date="2026-12-31")
    reaffirmed(p, "2026-12-01", "2028-06-01")
    p.day("2027-01-10")
    approved(p, "3", review_date="2027-06-30")
    p.as_of = "2027-08-01"
    return p


def wd(path: Path) -> Play:
    p = founded(path)
    withdraw(p)
    p.commit("jane")
    p.push()
    gone(p)
    p.push()
    return p


def wd_one(path: Path) -> Play:
    p = founded(path)
    withdraw(p)
    gone(p)
    p.push()
    return p


def wd_push(path: Path) -> Play:
    p = founded(path)
    withdraw(p)
    p.commit("jane")
    gone(p)
    p.push()
    return p


def wd_draft(path: Path) -> Play:
    p = drafting(path)
    text = p.content("WI-001")
    p.revise("WI-001", "2")
    p.push()
    p.sign("WI-001", "jane", meaning="withdrawn", writers=[], content=text, revision="1")
    p.commit("jane")
    p.push()
    return p


def wd_stay(path: Path) -> Play:
    p = founded(path)
    withdraw(p)
    p.commit("jane")
    p.push()
    p.day("2026-02-03")
    unrelated(p)
    p.push()
    return p


def race(path: Path, first: str, second: str) -> Play:
    """Branch a withdraws r1, branch b approves r2; one is merged and pushed, then the other."""
    p = founded(path)
    p.branch("a")
    withdraw(p)
    p.commit("jane")
    r2_signed(p, "b")
    merged(p, first)
    return merged(p, second)


def withdrawn_and_gone(path: Path) -> Play:
    """WI-001 r1 withdrawn, its file deleted, pushed; a branch is open."""
    p = founded(path)
    withdraw(p)
    gone(p)
    p.push()
    p.branch("b")
    return p


def reinst(path: Path) -> Play:
    p = withdrawn_and_gone(path)
    p.revise("WI-001", "2")
    p.signs("WI-001", "jane", after="withdrawn")
    return merged(p)


def reuse(path: Path) -> Play:
    p = withdrawn_and_gone(path)
    p.revise("WI-001", "1", "Something else altogether.")
    p.signs("WI-001", "jane", after="withdrawn")
    return merged(p)


FLOWS: dict[str, Callable[[Path], Play]] = {
    "future-2026-03-02": partial(future, day="2026-03-02"),
    "future-2026-04-15": partial(future, day="2026-04-15"),
    "future-2026-06-02": partial(future, day="2026-06-02"),
    "tz-21": partial(midnight, moment="2026-05-31T21:59:59Z"),
    "tz-22": partial(midnight, moment="2026-05-31T22:00:00Z"),
    "fut-wd": fut_wd, "re-ok": re_ok, "re-cap": re_cap, "re-late": re_late, "re-mend": re_mend,
    "re-draft": re_draft, "re-next": re_next, "wd": wd, "wd-one": wd_one, "wd-push": wd_push,
    "wd-draft": wd_draft, "wd-stay": wd_stay,
    "wd-race": partial(race, first="a", second="b"),
    "wd-race2": partial(race, first="b", second="a"),
    "reinst": reinst, "reuse": reuse,
}  # fmt: skip
