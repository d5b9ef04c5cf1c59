"""Cases of the third table: roles, keys, deputies, writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.flows_keys import authorised, changed
from support.company import Held, Register, usual_register
from support.play import Play, founded
from tamper.case import QM, Case, drafted, lying, merged, pushed

if TYPE_CHECKING:
    from pathlib import Path

HONEST = "WI-001 effective 1 / draft 2"
IN_REVIEW = "WI-001 effective 1 / in review 2"
DEPUTY = "deputy-qm"


def signed_by(play: Play, by: str, **more: str) -> Play:
    """Revision 2 of WI-001 by max, signed by somebody as quality manager; merged and pushed."""
    drafted(play)
    play.sign("WI-001", by, role=QM, **more)  # type: ignore[arg-type]  # texts all
    play.commit("max")
    return merged(play)


def company(path: Path, register: Register) -> Play:
    """The company with this register in its root."""
    return founded(path, register=register)


def with_grant(since: str, until: str = "") -> Register:
    """The register in which tom is quality manager for a while."""
    return usual_register().granting("tom", QM, since, until)


def role_over(path: Path) -> Play:
    """Tom was quality manager until the day before."""
    return signed_by(company(path, with_grant("2025-01-01", "2026-02-02")), "tom")


def role_not_begun(path: Path) -> Play:
    """Tom will be quality manager tomorrow."""
    return signed_by(company(path, with_grant("2026-02-03")), "tom")


def role_in_same_push(path: Path) -> Play:
    """Jane makes max quality manager; the same push holds his first approval."""
    p = founded(path)
    authorised(p, p.register.granting("max", QM))
    p.doc("WI-001", "2")
    p.commit("tom")
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    return pushed(p)


def role_in_same_commit(path: Path) -> Play:
    """The same, in one commit."""
    p = founded(path)
    p.configure(register=p.register.granting("max", QM))
    p.authorise("jane")
    p.doc("WI-001", "2")
    p.sign("WI-001", "max", role=QM, writers=["tom"])
    return pushed(p, "tom")


def role_by_himself(path: Path) -> Play:
    """Tom makes himself quality manager and approves, unsigned."""
    p = founded(path)
    p.configure(register=p.register.granting("tom", QM))
    p.commit("tom")
    return signed_by(p, "tom")


def role_unheard_of(path: Path) -> Play:
    """Jane signs in a role that nobody asked for."""
    return lying(founded(path), role="process-owner")


def role_empty(path: Path) -> Play:
    """Jane signs in no role."""
    return lying(founded(path), role=None)


def role_like_her_id(path: Path) -> Play:
    """Jane signs in her own place, which nobody asked for."""
    return lying(founded(path), role="jane")


def key_window(path: Path, *held: Held) -> Play:
    """Jane's statement, under a register that gives her key a window."""
    p = founded(path)
    changed(p, p.register.with_keys("jane", *held))
    return signed_by(p, "jane")


def key_over(path: Path) -> Play:
    """Jane's key ended the day before."""
    p = founded(path)
    changed(p, p.register.with_keys("jane", Held("jane", until="2026-02-03")))
    p.day("2026-02-03")
    return signed_by(p, "jane")


def key_not_begun(path: Path) -> Play:
    """Jane's new key begins tomorrow."""
    p = founded(path)
    changed(p, p.register.with_keys("jane", Held("jane"), Held("jane-new", since="2026-02-03")))
    p.keys["jane"] = "jane-new"
    return signed_by(p, "jane")


def key_revoked(path: Path) -> Play:
    """Jane's key was taken back today."""
    p = founded(path)
    changed(p, p.register.with_keys("jane", Held("jane", revoked=("2026-02-02", "2026-01-30"))))
    return signed_by(p, "jane")


def key_of_stranger(path: Path) -> Play:
    """A statement of jane's, by a key that nobody knows."""
    return lying(founded(path), key="eve")


def key_of_other(path: Path) -> Play:
    """A statement of jane's, by bob's key."""
    return lying(founded(path), key="bob")


def key_of_two(path: Path) -> Play:
    """Max has jane's key entered as his own too; her signature then could be his."""
    p = founded(path)
    changed(p, p.register.with_keys("max", Held("max"), Held("jane")))
    return signed_by(p, "jane")


def key_of_two_enters(path: Path) -> Play:
    """The very change of the register that gives one key to two people."""
    p = founded(path)
    changed(p, p.register.with_keys("max", Held("max"), Held("jane")))
    return p


def key_added_by_himself(path: Path) -> Play:
    """Max enters a key of his as jane's and signs for her with it."""
    p = founded(path)
    p.configure(register=p.register.with_keys("jane", Held("jane"), Held("max-other")))
    p.commit("max")
    p.keys["jane"] = "max-other"
    return signed_by(p, "jane")


def window_widened(path: Path) -> Play:
    """A leaver takes the end of his key out of the register."""
    p = founded(path)
    changed(p, p.register.with_keys("bob", Held("bob", until="2026-02-02")))
    p.configure(register=p.register.with_keys("bob", Held("bob")))
    p.commit("bob")
    return signed_by(p, "bob")


def backdated_leaver(path: Path) -> Play:
    """Bob's key ended on 1 March; in May he dates his merge as of February."""
    p = founded(path)
    changed(p, p.register.with_keys("bob", Held("bob", until="2026-03-01")))
    drafted(p)
    p.day("2026-02-20")
    p.sign("WI-001", "bob")
    p.commit("bob")
    p.clock = "2026-05-04T10:00:00Z"
    return merged(p, by="bob")


def for_another(path: Path) -> Play:
    """Tom signs for jane; nobody made him her deputy."""
    return lying(founded(path), signer="tom", key="tom", name="Tom for Jane")


def deputies() -> Register:
    """The register in which tom is deputy quality manager."""
    return usual_register().with_deputies(deputy_qm=QM).granting("tom", DEPUTY)


def deputy_not_yet(path: Path) -> Play:
    """Tom signs for jane; he becomes her deputy tomorrow."""
    register = usual_register().with_deputies(deputy_qm=QM).granting("tom", DEPUTY, "2026-02-03")
    return lying(company(path, register), signer="tom", key="tom", name="Tom for Jane")


def deputy_of_nobody(path: Path) -> Play:
    """Tom signs for max, who is no quality manager himself."""
    return lying(company(path, deputies()), by="anna", person="anna", role=QM, signer="tom", key="tom")


def deputy_wrote(path: Path) -> Play:
    """Tom, deputy of jane, wrote the text that he signs for her."""
    p = company(path, deputies())
    drafted(p, by="tom")
    p.sign("WI-001", "jane", signer="tom", writers=["tom"])
    p.commit("max")
    return merged(p)


def deputised_wrote(path: Path) -> Play:
    """Jane wrote the text and has her deputy sign it for her."""
    p = company(path, deputies())
    drafted(p, by="jane")
    p.sign("WI-001", "jane", signer="tom", writers=["jane"])
    p.commit("max")
    return merged(p)


def squashed_for(path: Path, by: str) -> Play:
    """Tom signs max's text for jane, and one of the two squashes the branch in his own name."""
    p = company(path, deputies())
    drafted(p)
    p.sign("WI-001", "jane", signer="tom")
    p.commit("tom")
    p.squash("b", by=by)
    p.push()
    return p


def squashed_by_deputy(path: Path) -> Play:
    """Tom signs for jane and squashes: his own statement cannot say that he did not write."""
    return squashed_for(path, "tom")


def squashed_by_deputised(path: Path) -> Play:
    """Jane squashes what her deputy signed for her: the same."""
    return squashed_for(path, "jane")


def deputy_in_his_own_name(path: Path) -> Play:
    """Tom, deputy of jane, signs as quality manager in his own name."""
    return signed_by(company(path, deputies()), "tom")


def deputy_of_deputy(path: Path) -> Play:
    """A deputy's deputy signs for the quality manager."""
    register = deputies().with_deputies(deputy_2=DEPUTY).granting("max", "deputy-2")
    p = company(path, register)
    drafted(p, by="anna")
    p.sign("WI-001", "jane", signer="max", writers=["anna"])
    p.commit("anna")
    return merged(p)


CASES = (
    Case("role-over", role_over, f"refuse AP101+AP103 · {HONEST}"),
    Case("role-not-begun", role_not_begun, f"refuse AP101+AP103 · {HONEST}"),
    Case("role-in-same-push", role_in_same_push, "refuse AP103 · WI-001 effective 2"),
    Case("role-in-same-commit", role_in_same_commit, f"refuse AP101+AP103 · {HONEST}"),
    Case("role-by-himself", role_by_himself, f"refuse AP101+AP103+AU101 · {HONEST}"),
    Case("role-unheard-of", role_unheard_of, f"refuse AP101+AP103 · {HONEST}"),
    Case("role-empty", role_empty, f"refuse AP101+AP103 · {HONEST}"),
    Case("role-like-her-id", role_like_her_id, f"refuse AP101 · {IN_REVIEW}"),
    Case("key-over", key_over, f"refuse AP101+AP106 · {HONEST}"),
    Case("key-not-begun", key_not_begun, f"refuse AP101+AP106 · {HONEST}"),
    Case("key-revoked", key_revoked, f"refuse AP101+AP106 · {HONEST}"),
    Case("key-of-stranger", key_of_stranger, f"refuse AP101+AP106 · {HONEST}"),
    Case("key-of-other", key_of_other, f"refuse AP101+AP103 · {HONEST}"),
    Case("key-of-two", key_of_two, f"refuse AP101+AP106 · {HONEST}"),
    Case("key-of-two-enters", key_of_two_enters, "refuse AU102 · "),
    Case("key-added-by-himself", key_added_by_himself, f"refuse AP101+AP106+AU101 · {HONEST}"),
    Case("window-widened", window_widened, f"refuse AP101+AP106+AU101 · {HONEST}"),
    Case("backdated-leaver", backdated_leaver, "refuse HX104 · WI-001 effective 2"),
    Case("for-another", for_another, f"refuse AP101+AP103 · {HONEST}"),
    Case("deputy-not-yet", deputy_not_yet, f"refuse AP101+AP103 · {HONEST}"),
    Case("deputy-of-nobody", deputy_of_nobody, f"refuse AP101+AP103 · {HONEST}"),
    Case("deputy-wrote", deputy_wrote, f"refuse AP101+AP104 · {HONEST}"),
    Case("deputised-wrote", deputised_wrote, f"refuse AP101+AP104 · {HONEST}"),
    Case("squashed-by-deputy", squashed_by_deputy, f"refuse AP101+AP104 · {HONEST}"),
    Case("squashed-by-deputised", squashed_by_deputised, f"refuse AP101+AP104 · {HONEST}"),
    Case("deputy-in-his-own-name", deputy_in_his_own_name, f"refuse AP101+AP103 · {HONEST}"),
    Case("deputy-of-deputy", deputy_of_deputy, f"refuse AP101+AP103 · {HONEST}"),
)
