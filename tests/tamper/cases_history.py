"""Cases of the sixth table: merges, numbers, and the mainline itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.flows_shapes import r2_approved, unrelated
from support.company import Kind, Settings
from support.play import Play, founded, who
from support.statements import canonical
from tamper.case import QM, TEXT, Case, drafted, drop, honestly_signed, merged, pushed, replaced, value_of

if TYPE_CHECKING:
    from pathlib import Path

HONEST = "WI-001 effective 1 / draft 2"
IN_REVIEW = "WI-001 effective 1 / in review 2"
R1 = "WI-001 effective 1 / draft 1"


def evil_merge(path: Path) -> Play:
    """The merge holds a text that neither side has."""
    p = founded(path)
    honestly_signed(p)
    other = p.read(TEXT).replace(b"This is", b"That was")
    p.on("main")
    p.repo.merge("b", files={TEXT: other}, author=who("max"))
    p.push()
    return p


def evil_merge_of_people(path: Path) -> Play:
    """An honest merge of a signed text, with a role for max slipped in."""
    p = founded(path)
    honestly_signed(p)
    p.on("main")
    people = p.register.granting("max", QM).text()
    p.repo.merge("b", files={"people.yml": people}, author=who("max"))
    p.push()
    return p


def evil_merge_of_signatures(path: Path) -> Play:
    """An honest merge that loses another document's approval on its way."""
    p = founded(path)
    honestly_signed(p)
    p.on("main")
    lost = p.signatures("SOP-001", "1")[0]
    p.repo.merge("b", files={lost: None, f"{lost}.sig": None}, author=who("max"))
    p.push()
    return p


def merge_takes_ours(path: Path) -> Play:
    """A merge that keeps the old text and takes the new approval."""
    p = founded(path)
    honestly_signed(p)
    p.on("main")
    p.repo.merge("b", files={TEXT: p.repo.run("cat-file", "blob", f"main:{TEXT}").stdout}, author=who("max"))
    p.push()
    return p


def cherry_picked(path: Path) -> Play:
    """Jane's statement is picked onto a branch with another revision 2."""
    p = founded(path)
    honestly_signed(p)
    signing = p.tip("b")
    p.branch("c")
    p.revise("WI-001", "2", "Another text altogether.", by="tom")
    p.repo.git("-c", "user.name=Max", "-c", "user.email=max@ex.org", "cherry-pick", signing)
    return merged(p, "c")


def squashed_by_approver(path: Path) -> Play:
    """Jane, the only approver, squashes max's branch in her own name."""
    p = founded(path)
    honestly_signed(p)
    p.squash("b", by="jane")
    p.push()
    return p


def carried_alone(path: Path) -> Play:
    """Jane writes, signs that max wrote it, and commits both at once."""
    p = founded(path)
    p.doc("WI-001", "2")
    p.sign("WI-001", "jane")
    return pushed(p, "jane")


def carried_by_unknown(path: Path) -> Play:
    """Somebody whom nobody knows commits text and approval at once."""
    p = founded(path)
    p.doc("WI-001", "2")
    p.sign("WI-001", "jane")
    return pushed(p, "eve")


def trailer_on_carrier(path: Path) -> Play:
    """Jane writes text and approval; her name stands only in the trailer, max's in the statement by max."""
    p = founded(path)
    p.doc("WI-001", "2")
    p.sign("WI-001", "jane", writers=["jane"])
    p.commit("max", also=[("Jane", "jane@ex.org")])
    p.push()
    return p


def weak_excuse(path: Path) -> Play:
    """Jane squashes, and an unsigned `authored` of max's that she made herself is to excuse her."""
    p = founded(path)
    honestly_signed(p)
    p.on("main")
    p.repo.git("merge", "-q", "--squash", "b")
    p.sign("WI-001", "max", meaning="authored", role=None, assurance="unsigned")
    p.commit("jane")
    p.push()
    return p


def under_his_name(path: Path) -> Play:
    """Jane writes under max's name; where writers must sign, that does not help her."""
    text = (
        Settings()
        .text()
        .replace("    independence: any-editor\n", "    independence: any-editor\n    prepared: signed\n")
    )
    p = Play(path)
    p.write("isodocs.yml", text)
    for name, people in (("SOP-001", ("anna", "jane")), ("WI-001", ("jane",))):
        p.doc(name, "1")
        p.sign(name, "max", meaning="authored", role=None)
        for one in people:
            p.sign(name, one)
    p.commit("max")
    p.push()
    p.day("2026-02-02")
    p.branch("b")
    p.doc("WI-001", "2")
    p.commit("max", committer="jane")
    p.signs("WI-001", "jane")
    return merged(p, by="jane")


def reverted(path: Path) -> Play:
    """The merge that approved revision 2 is reverted."""
    p = founded(path)
    merge = r2_approved(p)
    p.repo.git("-c", "user.name=Max", "-c", "user.email=max@ex.org", "revert", "--no-edit", "-m", "1", merge)
    p.push()
    return p


def put_back(path: Path) -> Play:
    """The text of revision 1 and its approval are put back over revision 2."""
    p = founded(path)
    root = p.tip()
    r2_approved(p)
    p.repo.git("checkout", root, "--", TEXT, "signatures/WI-001/1")
    return pushed(p)


def number_reused(path: Path) -> Play:
    """After revision 2 another text under the same number is signed by jane."""
    p = founded(path)
    r2_approved(p)
    p.branch("c")
    p.doc("WI-001", "2", "Another text.")
    p.signs("WI-001", "jane", after="2")
    return merged(p, "c")


def number_below(path: Path) -> Play:
    """After revision 3 a revision 2 is signed by jane."""
    p = founded(path)
    p.branch("b")
    p.doc("WI-001", "3")
    p.sign("WI-001", "jane", after="1")
    p.commit("max")
    merged(p)
    p.branch("c")
    p.doc("WI-001", "2")
    p.sign("WI-001", "jane", after="3")
    p.commit("max")
    return merged(p, "c")


def born_again(path: Path) -> Play:
    """Withdrawn and gone; a new text takes the id and starts at 1."""
    p = founded(path)
    p.sign("WI-001", "jane", meaning="withdrawn")
    pushed(p, "jane")
    p.write(TEXT, None)
    pushed(p, "jane")
    p.branch("b")
    p.doc("WI-001", "1", "Quite another text.")
    p.sign("WI-001", "jane", after=None)
    p.commit("max")
    return merged(p)


def barred(path: Path) -> Play:
    """Jane returned the text; bob's approval does not lift her word."""
    p = founded(path)
    drafted(p)
    p.sign("WI-001", "jane", meaning="returned")
    p.commit("jane")
    p.signs("WI-001", "bob")
    return merged(p)


def own_return_undone(path: Path) -> Play:
    """An approval of jane's, older than her return of the same text, is to lift it."""
    p = founded(path)
    drafted(p)
    p.sign("WI-001", "jane", meaning="returned")
    value = {**value_of(p, p.last_path), "meaning": "approved", "time": "2026-02-02T07:00:00Z"}
    p._put(value, "jane")
    p.commit("jane")
    return merged(p)


def retroactive(path: Path) -> Play:
    """Revision 2 says that it was in force for a year already; it is since its approval."""
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2", effective_date="2025-01-01")
    p.signs("WI-001", "jane")
    merged(p)
    p.as_of = "2026-02-01"
    replaced(p, TEXT, {"This is": "That was"})
    return pushed(p)


def future(path: Path) -> Play:
    """The merge is dated next year."""
    p = founded(path)
    honestly_signed(p)
    p.clock = p.now
    p.day("2027-02-02")
    p.merge("b", by="max")
    p.push()
    p.as_of = "2027-02-03"
    return p


def backdated(path: Path) -> Play:
    """The merge is dated a month back, so that the revision seems to have been in force then."""
    p = founded(path)
    drafted(p)
    p.day("2026-02-10")
    p.sign("WI-001", "jane")
    p.commit("jane")
    p.clock = "2026-03-10T09:00:00Z"
    p.forward("b")
    p.push()
    return p


def turned(path: Path) -> Play:
    """The mainline is merged into max's branch, and that is pushed as the mainline."""
    p = founded(path)
    p.branch("b")
    unrelated_here(p)
    p.on("main")
    r2_approved(p)
    p.on("b")
    p.repo.merge("main", author=who("max"))
    p.repo.git("branch", "-f", "main", "b")
    p.push()
    return p


def unrelated_here(play: Play) -> None:
    """A commit on this branch that touches no document."""
    play.write("README.md", f"Of {play.now}\n")
    play.commit("max")


def forced(path: Path) -> Play:
    """The mainline is pushed without the approval of revision 2."""
    p = founded(path)
    root = p.tip()
    r2_approved(p)
    p.repo.git("reset", "-q", "--hard", root)
    unrelated(p)
    p.push()
    return p


def amended(path: Path) -> Play:
    """The merge that approved revision 2 is made anew with another text."""
    p = founded(path)
    r2_approved(p)
    replaced(p, TEXT, {"This is": "That was"})
    p.repo.git("add", "-A")
    p.commit("max", amend=True)
    p.push()
    return p


def new_root(path: Path) -> Play:
    """A root of max's own becomes the mainline, the old one its second parent."""
    p = founded(path)
    p.repo.orphan("mine")
    p.configure(register=p.register.granting("max", QM))
    p.commit("max")
    p.repo.merge("main", author=who("max"), options=("--no-ff", "--allow-unrelated-histories", "-s", "ours"))
    p.repo.git("branch", "-f", "main", "mine")
    p.on("main")
    p.push()
    return p


def withdrawn_forged(path: Path) -> Play:
    """A withdrawal that bob signed for revision 1 is made to name revision 2."""
    p = founded(path)
    r2_approved(p)
    content = p.content("WI-001")
    p.sign("WI-001", "bob", meaning="withdrawn", after="1")
    value = {**value_of(p, p.last_path), "content": {"document": "ab" * 32, "embedded": {}}}
    drop(p, p.last_path)
    p.write(p.last_path, canonical({**value, "content": content}))
    return pushed(p, "bob")


def distinct(path: Path) -> Play:
    """One person signs in both roles where two people are asked."""
    kind = Kind(("process-owner", QM), distinct=True)
    register = Play(path.parent / "aside").register.granting("jane", "process-owner")
    p = founded(path, Settings(kinds={"SOP": Kind(("process-owner", QM)), "WI": kind}), register)
    drafted(p)
    p.sign("WI-001", "jane", role=QM)
    p.sign("WI-001", "jane", role="process-owner")
    p.commit("max")
    return merged(p)


CASES = (
    Case("evil-merge", evil_merge, f"refuse AP101 · {HONEST}"),
    Case("evil-merge-of-people", evil_merge_of_people, "refuse AU101 · WI-001 effective 2"),
    Case("evil-merge-of-signatures", evil_merge_of_signatures, "refuse HX105 · WI-001 effective 2"),
    Case("merge-takes-ours", merge_takes_ours, "accept AP109 warning · "),
    Case("cherry-picked", cherry_picked, f"refuse AP101 · {HONEST}"),
    Case("squashed-by-approver", squashed_by_approver, f"refuse AP101+AP104 · {HONEST}"),
    Case("carried-alone", carried_alone, f"refuse AP101+AP104 · {HONEST}"),
    Case("carried-by-unknown", carried_by_unknown, f"refuse AP101+AP104 · {HONEST}"),
    Case("trailer-on-carrier", trailer_on_carrier, f"refuse AP101+AP104 · {HONEST}"),
    Case("weak-excuse", weak_excuse, f"refuse AP101+AP104 · {IN_REVIEW}"),
    Case("under-his-name", under_his_name, f"refuse AP101 · {IN_REVIEW}"),
    Case("reverted", reverted, "refuse AP101+HX105+RV102 · WI-001 effective 2 / draft 1"),
    Case("put-back", put_back, "refuse AP101+RV102 · WI-001 effective 2 / draft 1"),
    Case("number-reused", number_reused, "refuse AP101+RV101+RV102 · WI-001 effective 2 / draft 2"),
    Case("number-below", number_below, "refuse AP101+RV102 · WI-001 effective 3 / draft 2"),
    Case("born-again", born_again, "refuse AP101+RV101+RV106 · WI-001 withdrawn / draft 1"),
    Case("barred", barred, "refuse AP101 · WI-001 effective 1 / returned 2"),
    Case("own-return-undone", own_return_undone, "refuse AP101 · WI-001 effective 1 / returned 2"),
    Case("retroactive", retroactive, "refuse AP101+RV101 · "),
    Case("future", future, "refuse HX104 · WI-001 effective 2"),
    Case("backdated", backdated, "refuse HX104 · WI-001 effective 2"),
    Case("turned", turned, "refuse HX103 · WI-001 effective 2"),
    Case("forced", forced, "refuse HX103 · "),
    Case("amended", amended, f"refuse HX103 · {HONEST}"),
    Case("new-root", new_root, "refuse HX103 · nothing"),
    Case("withdrawn-forged", withdrawn_forged, "refuse AP105 · WI-001 effective 2"),
    Case("distinct", distinct, f"refuse AP101 · {IN_REVIEW}"),
)
