"""Cases of the second table: persons and signatures of statements, and their files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scenarios.flows_shapes import drafting
from support.play import founded
from support.statements import Key, canonical, content_of
from tamper.case import (
    QM,
    TEXT,
    Case,
    drafted,
    drop,
    honestly_signed,
    merged,
    pushed,
    value_of,
)
from tamper.cases_statements import drafted_company, rewritten

if TYPE_CHECKING:
    from pathlib import Path

    from support.play import Play

HONEST = "WI-001 effective 1 / draft 2"
IN_REVIEW = "WI-001 effective 1 / in review 2"


def homoglyph_person(path: Path) -> Play:
    """A person whose id looks like jane's: its second letter is Cyrillic."""
    return rewritten(path, '"person": "jane"', '"person": "j\\u0430ne"')


def capital_person(path: Path) -> Play:
    """A person whose id is jane's, but for the case."""
    return rewritten(path, '"person": "jane"', '"person": "Jane"')


def other_namespace(path: Path, namespace: str) -> Play:
    """Jane's key signed these bytes, for another purpose."""
    p = drafted_company(path)
    signed = p.sign("WI-001", "jane")
    p.write(f"{signed}.sig", Key("jane").sign(p.read(signed), namespace))
    p.commit("max")
    return merged(p)


def for_git(path: Path) -> Play:
    """Jane's key signed these bytes as a commit of git."""
    return other_namespace(path, "git")


def for_files(path: Path) -> Play:
    """Jane's key signed these bytes as a file."""
    return other_namespace(path, "file")


def over(path: Path, text: bytes, old: bytes) -> Play:
    """Jane's key signed the statement with something exchanged."""
    p = drafted_company(path)
    signed = p.sign("WI-001", "jane")
    p.write(f"{signed}.sig", Key("jane").sign(p.read(signed).replace(old, text)))
    p.commit("max")
    return merged(p)


def newline_too(path: Path) -> Play:
    """Jane's key signed the statement and one line end more."""
    return over(path, b"\n}\n\n", b"\n}\n")


def signed_as_crlf(path: Path) -> Play:
    """Jane's key signed the statement with the line ends of Windows."""
    return over(path, b"\r\n", b"\n")


def signed_compact(path: Path) -> Play:
    """Jane's key signed the same values, written another way."""
    p = drafted_company(path)
    signed = p.sign("WI-001", "jane")
    p.write(f"{signed}.sig", Key("jane").sign(json.dumps(value_of(p, signed)).encode()))
    p.commit("max")
    return merged(p)


def sig_of_another(path: Path) -> Play:
    """The signature of jane's statement on revision 1 lies beside that on revision 2."""
    p = drafted_company(path)
    (first,) = p.signatures("WI-001", "1")
    signed = p.sign("WI-001", "jane")
    p.write(f"{signed}.sig", p.read(f"{first}.sig"))
    p.commit("max")
    return merged(p)


def sigs_exchanged(path: Path) -> Play:
    """The signatures of anna and jane on one text are exchanged, long after."""
    p = founded(path)
    one, other = p.signatures("SOP-001", "1")
    first, second = p.read(f"{one}.sig"), p.read(f"{other}.sig")
    p.write(f"{one}.sig", second)
    p.write(f"{other}.sig", first)
    return pushed(p)


def sig_by_another_later(path: Path) -> Play:
    """Beside an entered statement of jane's, bob's good signature over its bytes takes the place of hers."""
    p = founded(path)
    (signed,) = p.signatures("WI-001", "1")
    p.write(f"{signed}.sig", Key("bob").sign(p.read(signed)))
    return pushed(p, "bob")


def sig_missing(path: Path) -> Play:
    """The signature never came."""
    p = founded(path)
    signed = honestly_signed(p)
    p.write(f"{signed}.sig", None)
    p.commit("max")
    return merged(p)


def sig_with_more(path: Path) -> Play:
    """A word stands after the end of the signature; ssh-keygen does not mind."""
    p = founded(path)
    signed = honestly_signed(p)
    p.write(f"{signed}.sig", p.read(f"{signed}.sig") + b"approved by bob too\n")
    p.commit("max")
    return merged(p)


def sig_deleted(path: Path) -> Play:
    """The signature of an approval that counts is deleted."""
    p = founded(path)
    (signed,) = p.signatures("WI-001", "1")
    p.write(f"{signed}.sig", None)
    return pushed(p)


def statement_deleted(path: Path) -> Play:
    """An approval that counts is deleted, its signature stays."""
    p = founded(path)
    (signed,) = p.signatures("WI-001", "1")
    p.write(signed, None)
    return pushed(p)


def both_deleted(path: Path) -> Play:
    """An approval that counts is deleted with its signature."""
    p = founded(path)
    drop(p, *p.signatures("WI-001", "1"))
    return pushed(p)


def deleted_on_the_way(path: Path) -> Play:
    """Statements that one commit of a push brings, the next takes away."""
    p = founded(path)
    drafted(p)
    p.sign("WI-001", "jane")
    p.commit("max")
    p.forward("b")
    drop(p, *p.signatures("WI-001", "2"))
    return pushed(p)


def return_deleted(path: Path) -> Play:
    """Jane returned the text; max deletes her word, and bob approves."""
    p = drafting(path)
    p.doc("WI-001", "2")
    p.commit("max")
    returned = p.sign("WI-001", "jane", meaning="returned")
    pushed(p, "jane")
    drop(p, returned)
    p.sign("WI-001", "bob")
    return pushed(p)


def renamed(path: Path) -> Play:
    """A statement that counts is renamed to another person's."""
    p = founded(path)
    (signed,) = p.signatures("WI-001", "1")
    for end in ("", ".sig"):
        p.move(signed + end, signed.replace(".jane.", ".bob.") + end)
    return pushed(p)


def elsewhere(path: Path) -> Play:
    """A statement that counts is moved out of sight, below another document."""
    p = founded(path)
    (signed,) = p.signatures("WI-001", "1")
    for end in ("", ".sig"):
        p.move(signed + end, signed.replace("WI-001/1/", "SOP-001/1/") + end)
    return pushed(p)


def as_link(path: Path) -> Play:
    """The statement on revision 2 is a link to one that lies elsewhere in the tree."""
    p = founded(path)
    signed = honestly_signed(p)
    p.write("documents/aside.json", p.read(signed))
    (p.repo.path / signed).unlink()
    (p.repo.path / signed).symlink_to("../../../documents/aside.json")
    p.commit("max")
    return merged(p)


def stray_file(path: Path) -> Play:
    """A file among the signatures that could be taken for a proof."""
    p = founded(path)
    p.write("signatures/WI-001/1/approved.bob.pdf", b"%PDF approved by bob")
    return pushed(p)


def wrong_meaning_role(path: Path) -> Play:
    """A process owner withdraws what the quality manager must."""
    p = founded(path)
    p.sign("WI-001", "anna", meaning="withdrawn")
    p.commit("anna")
    p.write(TEXT, None)
    return pushed(p, "anna")


def false_reaffirmation(path: Path) -> Play:
    """Max reaffirms as quality manager, so that the review is not overdue."""
    p = founded(path)
    p.sign("WI-001", "max", meaning="reaffirmed", role=QM, next_review="2027-12-31")
    return pushed(p)


def of_another_set(path: Path) -> Play:
    """An authority statement made to name the set that max wants."""
    p = founded(path)
    p.configure(register=p.register.granting("max", QM))
    signed = p.authorise("jane")
    p.configure(register=p.register.granting("tom", QM))
    files = {name: data.decode() for name, data in p.protected().items()}
    value = value_of(p, signed)
    drop(p, signed)
    value["content"] = content_of(None, {name: text.encode() for name, text in files.items()})
    p.write(signed, canonical(value))
    p.write(f"{signed}.sig", Key("max").sign(canonical(value)))
    return pushed(p)


CASES = (
    Case("homoglyph-person", homoglyph_person, f"refuse AP101+AP108 · {HONEST}"),
    Case("capital-person", capital_person, f"refuse AP101+AP108 · {HONEST}"),
    Case("for-git", for_git, f"refuse AP101+AP105 · {HONEST}"),
    Case("for-files", for_files, f"refuse AP101+AP105 · {HONEST}"),
    Case("newline-too", newline_too, f"refuse AP101+AP105 · {HONEST}"),
    Case("signed-as-crlf", signed_as_crlf, f"refuse AP101+AP105 · {HONEST}"),
    Case("signed-compact", signed_compact, f"refuse AP101+AP105 · {HONEST}"),
    Case("sig-of-another", sig_of_another, f"refuse AP101+AP105 · {HONEST}"),
    Case("sigs-exchanged", sigs_exchanged, "refuse AP105 · "),
    Case("sig-by-another-later", sig_by_another_later, "refuse AP105 · "),
    Case("sig-missing", sig_missing, f"refuse AP101+AP105 · {HONEST}"),
    Case("sig-with-more", sig_with_more, f"refuse AP101+AP105 · {HONEST}"),
    Case("sig-deleted", sig_deleted, "refuse HX105 · "),
    Case("statement-deleted", statement_deleted, "refuse HX105+AP108 · "),
    Case("both-deleted", both_deleted, "refuse HX105 · "),
    Case("deleted-on-the-way", deleted_on_the_way, "refuse HX105 · WI-001 effective 2"),
    Case("return-deleted", return_deleted, "refuse HX105 · WI-001 effective 1 / returned 2"),
    Case("renamed", renamed, "accept AP109 warning · "),
    Case("elsewhere", elsewhere, "accept AP109 warning · "),
    Case("as-link", as_link, f"refuse AP101+AP108 · {HONEST}"),
    Case("stray-file", stray_file, "refuse AP108 · "),
    Case("wrong-meaning-role", wrong_meaning_role, "refuse HX101 · "),
    Case("false-reaffirmation", false_reaffirmation, "refuse AP103 · "),
    Case("of-another-set", of_another_set, "refuse AP103+AU101 · "),
)
