"""Flows of the fifth table: keys, roles, authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.flows_shapes import QM, merged, r2_signed
from support.company import Held, Kind, Person, Register, Settings
from support.play import Play, founded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD_KEY, NEW_KEY = Held("jane", until="2026-02-10"), Held("jane-new", since="2026-02-02")


def authorised(play: Play, register: Register | None = None, settings: Settings | None = None) -> None:
    """Settings or register changed on the mainline by jane and signed by her; not yet pushed."""
    play.on("main")
    play.configure(settings, register)
    play.authorise("jane")
    play.commit("jane")


def changed(play: Play, register: Register | None = None, settings: Settings | None = None) -> None:
    """As `authorised`, and pushed."""
    authorised(play, register, settings)
    play.push()


def rotated(path: Path) -> Play:
    """WI-001 r2 signed with jane's old key on branch b; then her key is rotated on the mainline."""
    p = founded(path)
    r2_signed(p)
    p.on("main")
    changed(p, p.register.with_keys("jane", OLD_KEY, NEW_KEY))
    p.keys["jane"] = "jane-new"
    p.on("b")
    return p


def rot(path: Path) -> Play:
    p = rotated(path)
    p.day("2026-02-12")
    return merged(p)


def rot_new(path: Path) -> Play:
    """The old statement is taken away; jane signs with her new key."""
    p = rotated(path)
    p.day("2026-02-12")
    old = p.signatures("WI-001", "2")[0]
    p.write(old, None)
    p.write(f"{old}.sig", None)
    p.signs("WI-001", "jane")
    return merged(p)


def rot_same(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.configure(register=p.register.with_keys("jane", OLD_KEY, NEW_KEY))
    p.authorise("jane")
    p.commit("jane")
    p.keys["jane"] = "jane-new"
    p.signs("WI-001", "jane")
    return merged(p)


def rot_branch(path: Path) -> Play:
    """The old statement stays beside the new one."""
    p = rotated(path)
    p.day("2026-02-11")
    p.signs("WI-001", "jane")
    p.day("2026-02-12")
    return merged(p)


def bob_leaves(path: Path) -> Play:
    """Bob's key ends on 1 Mar; on branch b waits WI-001 r2 by max."""
    p = founded(path)
    changed(p, p.register.with_keys("bob", Held("bob", until="2026-03-01")))
    p.branch("b")
    p.revise("WI-001", "2")
    return p


def backdate(path: Path) -> Play:
    p = bob_leaves(path)
    p.day("2026-02-25")
    p.signs("WI-001", "bob")
    p.clock = "2026-05-01T10:00:00Z"
    return merged(p)


def leaver(path: Path) -> Play:
    p = bob_leaves(path)
    p.day("2026-05-01")
    p.signs("WI-001", "bob")
    return merged(p)


def revoked(path: Path, since: str) -> Play:
    """WI-001 r2 signed by bob on 2 Feb; on 1 May his key is known to be lost since a day."""
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.signs("WI-001", "bob")
    merged(p)
    p.day("2026-05-01")
    changed(p, p.register.with_keys("bob", Held("bob", revoked=("2026-05-01", since))))
    return p


def revk(path: Path) -> Play:
    return revoked(path, "2026-01-01")


def revk2(path: Path) -> Play:
    return revoked(path, "2026-04-01")


def revk_mend(path: Path) -> Play:
    p = revoked(path, "2026-01-01")
    p.signs("WI-001", "jane")
    p.push()
    return p


def granting(path: Path) -> Play:
    """Jane's signed grant of her role to max lies in the work tree."""
    p = founded(path)
    p.configure(register=p.register.granting("max", QM))
    p.authorise("jane")
    return p


def grant_ff(path: Path) -> Play:
    p = granting(path)
    p.commit("jane")
    p.doc("WI-001", "2")
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    p.commit("tom")
    p.push()
    return p


def grant_sq(path: Path) -> Play:
    p = granting(path)
    p.doc("WI-001", "2")
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    p.commit("tom")
    p.push()
    return p


def grant_auth(path: Path) -> Play:
    p = founded(path)
    p.branch("a")
    p.configure(register=p.register.granting("max", QM))
    p.authorise("jane")
    p.commit("jane")
    p.merge("a")
    p.branch("b")
    p.configure(register=p.register.but(eve=Person(("eve@other.example",), ((QM, "2025-01-01"),))))
    p.authorise("max")
    p.commit("max")
    return merged(p)


def grant_un(path: Path) -> Play:
    p = founded(path)
    p.configure(register=p.register.granting("max", QM))
    p.commit("max")
    p.push()
    return p


def grant_un2(path: Path) -> Play:
    p = grant_un(path)
    p.branch("b")
    p.revise("WI-001", "2", by="tom")
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    p.commit("max")
    return merged(p)


def role_rm(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.signs("WI-001", "bob")
    p.on("main")
    changed(p, p.register.without_role("bob"))
    return merged(p)


def ppl(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.on("main")
    changed(p, p.register.but(eve=Person(("eve@other.example",))))
    return merged(p)


def strict(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.on("main")
    changed(p, settings=p.settings.kind("WI", Kind(("process-owner", QM))))
    return merged(p)


def newtype(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.configure(p.settings.kind("FRM", Kind()))
    p.authorise("jane")
    p.commit("jane")
    p.revise("FRM-001", "1")
    p.signs("FRM-001", "jane")
    return merged(p)


def titled(play: Play, title: str) -> Settings:
    """The settings under another title."""
    return Settings(title=title, drafts=play.settings.drafts)


def auth_late(path: Path) -> Play:
    p = founded(path)
    p.configure(titled(p, "Another title"))
    before = p.set_digest("main")
    p.commit("max")
    p.push()
    p.authorise("jane", after=before)
    p.commit("jane")
    p.push()
    return p


def auth_own(path: Path) -> Play:
    p = founded(path)
    changed(p, p.register.but(eve=Person(("eve@other.example",))))
    return p


def auth_race(path: Path) -> Play:
    p = founded(path)
    p.branch("a")
    p.configure(titled(p, "Another title"))
    p.authorise("jane")
    p.commit("jane")
    p.branch("b")
    p.configure(Settings(), p.register.but(eve=Person(("eve@other.example",))))
    p.authorise("bob")
    p.commit("bob")
    merged(p, "a")
    return merged(p)


def auth_two(path: Path) -> Play:
    p = founded(path)
    authorised(p, settings=titled(p, "Another title"))
    authorised(p, settings=titled(p, "A third title"))
    p.push()
    return p


def auth_replay(path: Path) -> Play:
    p = founded(path)
    before = p.register
    changed(p, before.granting("max", QM))
    granted = p.tip()
    changed(p, before)
    p.repo.git("checkout", granted, "--", "people.yml", "signatures/_authority")
    p.commit("max")
    p.push()
    return p


FLOWS: dict[str, Callable[[Path], Play]] = {
    "rot": rot, "rot-new": rot_new, "rot-same": rot_same, "rot-branch": rot_branch, "backdate": backdate,
    "leaver": leaver, "revk": revk, "revk2": revk2, "revk-mend": revk_mend, "grant-ff": grant_ff,
    "grant-sq": grant_sq, "grant-auth": grant_auth, "grant-un": grant_un, "grant-un2": grant_un2,
    "role-rm": role_rm, "ppl": ppl, "strict": strict, "newtype": newtype, "auth-late": auth_late,
    "auth-own": auth_own, "auth-race": auth_race, "auth-two": auth_two, "auth-replay": auth_replay,
}  # fmt: skip
