"""Flows of the first table: bootstrap, shapes of a merge, independence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.company import Kind, Settings, usual_register
from support.play import Play, founded, who

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QM = "quality-manager"


def drafting(path: Path) -> Play:
    """The company that allows drafts on its mainline."""
    return founded(path, Settings(drafts=True))


def r2_signed(play: Play, branch: str = "b") -> None:
    """WI-001 r2 by max on a branch, signed there by jane."""
    play.branch(branch)
    play.revise("WI-001", "2")
    play.signs("WI-001", "jane")


def r2_approved(play: Play) -> str:
    """WI-001 r2 merged and pushed; returns the merge."""
    r2_signed(play, "r2")
    merge = play.merge("r2")
    play.push()
    return merge


def merged(play: Play, branch: str = "b") -> Play:
    """The branch merged by jane and pushed."""
    play.merge(branch)
    play.push()
    return play


def unrelated(play: Play, by: str = "max") -> None:
    """A commit on the mainline that touches no document."""
    play.on("main")
    play.write("README.md", f"Of {play.now}\n")
    play.commit(by)


def boot(path: Path) -> Play:
    return founded(path)


def boot_self(path: Path) -> Play:
    p = Play(path)
    p.doc("WI-001", "1")
    p.sign("WI-001", "jane", writers=["jane"])
    p.commit("jane")
    p.push()
    return p


def existing(path: Path) -> Play:
    p = Play(path)
    p.write("isodocs.yml", None)
    p.write("people.yml", None)
    for number, by in enumerate(("max", "tom", "max")):
        p.write("documents/WI-001-text.md", f"# An old text, version {number}\n")
        p.commit(by)
    p.push()
    p.configure()
    p.doc("WI-001", "1")
    p.sign("WI-001", "jane")
    p.commit("max")
    p.push()
    return p


def onecommit(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.doc("SOP-001", "2")
    p.sign("SOP-001", "anna")
    p.sign("SOP-001", "jane")
    p.commit("max")
    return merged(p)


def later(path: Path) -> Play:
    p = drafting(path)
    p.revise("SOP-001", "2")
    p.push()
    p.day("2026-02-03")
    p.sign("SOP-001", "anna")
    p.sign("SOP-001", "jane")
    p.commit("jane")
    p.push()
    return p


def later2(path: Path) -> Play:
    """The push of the content alone is the one judged; the signature's push of the next day never comes."""
    p = founded(path)
    p.revise("WI-001", "2")
    p.push()
    return p


def parallel(path: Path, order: str) -> Play:
    p = drafting(path)
    p.revise("SOP-001", "2")
    p.push()
    for name in ("anna", "jane"):
        p.branch(name[0])
        p.signs("SOP-001", name)
    for name in order:
        p.merge(name)
    p.push()
    return p


def par_aj(path: Path) -> Play:
    return parallel(path, "aj")


def par_ja(path: Path) -> Play:
    return parallel(path, "ja")


def extra(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    for name in ("jane", "bob"):
        p.branch(name, "b")
        p.signs("WI-001", name)
    merged(p, "jane")
    return merged(p, "bob")


def mg(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    return merged(p)


def squashed(path: Path, by: str, committer: str | None = None, *, trailer: bool = False) -> Play:
    p = founded(path)
    r2_signed(p)
    p.squash("b", by, committer, also=[who("jane")] if trailer else [])
    p.push()
    return p


def sq_forge(path: Path) -> Play:
    return squashed(path, "max", "web-flow")


def sq_trail(path: Path) -> Play:
    return squashed(path, "max", "web-flow", trailer=True)


def sq_appr(path: Path) -> Play:
    return squashed(path, "jane")


def sq_auth(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.sign("WI-001", "max", meaning="authored", role=None)
    p.commit("max")
    p.squash("b", "jane")
    p.push()
    return p


def sq_two(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("SOP-001", "2")
    p.signs("SOP-001", "anna")
    p.signs("SOP-001", "jane")
    p.squash("b", "jane")
    p.push()
    return p


def selfone(path: Path) -> Play:
    p = founded(path)
    p.doc("WI-001", "2")
    p.signs("WI-001", "jane")
    p.push()
    return p


def rb(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    unrelated(p)
    p.push()
    env = p.repo.signature(who("jane"), None, None, None)
    p.repo.git("rebase", "-q", "main", "b", env={k: v for k, v in env.items() if "COMMITTER" in k})
    p.forward("b")
    p.push()
    return p


def ffm(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.revise("WI-001", "2", "Said in other words.")
    p.signs("WI-001", "jane")
    p.forward("b")
    p.push()
    return p


def cherry2(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    p.on("main")
    env = p.repo.signature(who("jane"), None, None, None)
    p.repo.git("cherry-pick", "main..b", env={k: v for k, v in env.items() if "COMMITTER" in k})
    p.push()
    return p


def octo(path: Path) -> Play:
    p = founded(path)
    r2_signed(p, "a")
    p.branch("b")
    p.revise("WI-002", "1")
    p.signs("WI-002", "jane")
    p.merge("a", "b")
    p.push()
    return p


def subtree(path: Path) -> Play:
    p = founded(path)
    p.repo.orphan("b")
    p.revise("WI-009", "1", by="tom")
    p.signs("WI-009", "jane", writers=["tom"])
    p.merge("b", options=("--no-ff", "--allow-unrelated-histories"))
    p.push()
    return p


def merging(play: Play, branch: str = "b") -> None:
    """Begin a merge into the mainline that the caller will finish by a commit."""
    play.on("main")
    env = play.repo.signature(who("jane"), None, None, None)
    play.repo.git("merge", "-q", "--no-ff", "--no-commit", branch, env=env)


def evil(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    merging(p)
    p.revise("WI-001", "2", "Slipped in while merging.", by="jane")
    p.push()
    return p


def evil2(path: Path) -> Play:
    p = founded(path)
    r2_signed(p)
    merging(p)
    p.doc("WI-001", "2", "Slipped in while merging.")
    p.signs("WI-001", "jane")
    p.push()
    return p


def conflict(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2", "The other text of revision 2.")
    r2_approved(p)
    p.on("b")
    env = p.repo.signature(who("jane"), None, None, None)
    assert b"CONFLICT" in p.repo.run("merge", "main", check=False, env=env).stdout
    p.revise("WI-001", "3", "What jane made of both texts.", by="jane")
    p.signs("WI-001", "jane", after="2")
    return merged(p)


def twomail(path: Path) -> Play:
    p = founded(path, register=usual_register().granting("max", QM))
    p.branch("b")
    p.revise("WI-001", "2", "First words.")
    p.doc("WI-001", "2", "Second words.")
    p.commit("max", address=1)
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    p.commit("max")
    return merged(p)


def coauth(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.doc("WI-001", "2")
    p.commit("max", also=[who("jane", 1)])
    p.signs("WI-001", "jane")
    return merged(p)


def sugg(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2", "Turn the screw gently.")
    p.doc("WI-001", "2", "Turn the screw firmly.")
    p.commit("max", also=[who("jane")])
    p.signs("WI-001", "jane")
    return merged(p)


def subst(path: Path) -> Play:
    p = founded(path, Settings().kind("WI", Kind(independence="substantive-author")))
    p.branch("b")
    p.revise("WI-001", "2", "Words by max, in one line.")
    p.revise("WI-001", "2", "Words by max,\nin one line.", by="jane")
    p.revise("WI-001", "2", "Words by max,\nin one line.", by="jane", review_date="2027-11-30")
    p.signs("WI-001", "jane")
    return merged(p)


def outside(path: Path, committer: str) -> Play:
    p = founded(path)
    p.branch("b")
    p.doc("WI-001", "2")
    p.commit("eve", committer=committer)
    p.signs("WI-001", "jane")
    return merged(p)


def extcom(path: Path) -> Play:
    return outside(path, "max")


def ext(path: Path) -> Play:
    return outside(path, "web-flow")


def amend(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.doc("WI-001", "2", "Words of jane under the name of max.")
    p.commit("max", committer="jane", amend=True)
    p.signs("WI-001", "jane")
    return merged(p)


def restore(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2")
    p.write(p.place("WI-001"), None)
    p.commit("jane")
    p.revise("WI-001", "2", by="jane")
    p.signs("WI-001", "jane")
    return merged(p)


def tworoles(path: Path) -> Play:
    p = founded(path, register=usual_register().granting("jane", "process-owner"))
    p.branch("b")
    p.revise("SOP-001", "2")
    p.sign("SOP-001", "jane", role="process-owner")
    p.sign("SOP-001", "jane", role=QM)
    p.commit("jane")
    return merged(p)


FLOWS: dict[str, Callable[[Path], Play]] = {
    "boot": boot, "boot-self": boot_self, "existing": existing, "onecommit": onecommit, "later": later,
    "later2": later2, "par-aj": par_aj, "par-ja": par_ja, "extra": extra, "mg": mg, "sq-forge": sq_forge,
    "sq-trail": sq_trail, "sq-appr": sq_appr, "sq-auth": sq_auth, "sq-two": sq_two, "selfone": selfone,
    "rb": rb, "ffm": ffm, "cherry2": cherry2, "octo": octo, "subtree": subtree, "evil": evil, "evil2": evil2,
    "conflict": conflict, "twomail": twomail, "coauth": coauth, "sugg": sugg, "subst": subst,
    "extcom": extcom, "ext": ext, "amend": amend, "restore": restore, "tworoles": tworoles,
}  # fmt: skip
