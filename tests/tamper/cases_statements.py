"""Cases of the first table: statements replayed, rewritten, and lying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.flows_shapes import r2_approved
from support.play import founded
from support.statements import content_of
from tamper.case import (
    TEXT,
    Case,
    drafted,
    drop,
    forge,
    honestly_signed,
    lying,
    merged,
    pushed,
    say,
)

if TYPE_CHECKING:
    from pathlib import Path

    from support.play import Play

HONEST = "WI-001 effective 1 / draft 2"
IN_REVIEW = "WI-001 effective 1 / in review 2"


def other_document(path: Path) -> Play:
    """The statement on WI-001 is copied to WI-002, which has the same words."""
    p = founded(path)
    (signed,) = p.signatures("WI-001", "1")
    p.doc("WI-002", "1", "This is the text of revision 1.")
    copy = signed.replace("WI-001", "WI-002")
    p.write(copy, p.read(signed))
    p.write(f"{copy}.sig", p.read(f"{signed}.sig"))
    return pushed(p)


def other_revision(path: Path) -> Play:
    """The statement on revision 1 is filed under revision 2."""
    p = drafted_company(path)
    (signed,) = p.signatures("WI-001", "1")
    copy = signed.replace("/1/", "/2/")
    p.write(copy, p.read(signed))
    p.write(f"{copy}.sig", p.read(f"{signed}.sig"))
    p.commit("max")
    return merged(p)


def drafted_company(path: Path) -> Play:
    """The company, with revision 2 on branch b."""
    p = founded(path)
    drafted(p)
    return p


def other_repository(path: Path) -> Play:
    """Jane signed this very text, in another company's repository."""
    return lying(founded(path), qms="11111111-2222-4333-8444-555555555555")


def later_revision(path: Path) -> Play:
    """A statement on these bytes that calls them revision 3."""
    return lying(founded(path), revision="3")


def old_withdrawal(path: Path) -> Play:
    """After a withdrawal and a reinstatement, the old withdrawal is filed a second time."""
    p = founded(path)
    old = p.sign("WI-001", "jane", meaning="withdrawn")
    pushed(p, "jane")
    p.branch("b")
    p.doc("WI-001", "2")
    p.sign("WI-001", "jane", after="withdrawn")
    p.commit("max")
    merged(p)
    copy = old.replace("/1/", "/2/")
    p.write(copy, p.read(old))
    p.write(f"{copy}.sig", p.read(f"{old}.sig"))
    return pushed(p)


def old_reaffirmation(path: Path) -> Play:
    """The reaffirmation of revision 1 is filed under revision 2."""
    p = founded(path)
    old = p.sign("WI-001", "jane", meaning="reaffirmed", next_review="2027-12-31")
    pushed(p, "jane")
    r2_approved(p)
    copy = old.replace("/1/", "/2/")
    p.write(copy, p.read(old))
    p.write(f"{copy}.sig", p.read(f"{old}.sig"))
    return pushed(p)


def returned_for_approved(path: Path) -> Play:
    """Jane returned the text; her words are changed to an approval, under her signature."""
    p = drafted_company(path)
    signed = p.sign("WI-001", "jane", meaning="returned")
    say(p, signed, meaning="approved")
    p.commit("max")
    return merged(p)


def authority_for_document(path: Path) -> Play:
    """Jane's signature on settings and people is laid beside a statement on a document."""
    p = drafted_company(path)
    signed = p.sign("WI-001", "jane")
    proof = p.authorise("jane")
    p.write(f"{signed}.sig", p.read(f"{proof}.sig"))
    drop(p, proof)
    p.commit("max")
    return merged(p)


def edited(path: Path, **changes: object) -> Play:
    """A signed statement rewritten under its signature."""
    p = founded(path)
    signed = honestly_signed(p)
    say(p, signed, **changes)
    p.commit("max")
    return merged(p)


def edited_writers(path: Path) -> Play:
    """The writers are struck out of a signed statement."""
    return edited(path, writers=[])


def edited_predecessor(path: Path) -> Play:
    """The predecessor in a signed statement is another."""
    return edited(path, predecessor="0" * 64)


def edited_register(path: Path) -> Play:
    """The digest of the register in a signed statement is another."""
    return edited(path, register="0" * 64)


def edited_time(path: Path) -> Play:
    """The claimed time in a signed statement is another."""
    return edited(path, time="2025-02-02T09:00:00Z")


def edited_name(path: Path) -> Play:
    """The printed name in a signed statement is another."""
    return edited(path, name="Bob")


def edited_role(path: Path) -> Play:
    """The role in a signed statement is another."""
    return edited(path, role="process-owner")


def unsigned_flip(path: Path) -> Play:
    """A statement is made to say that it is unsigned, and its signature taken away."""
    p = founded(path)
    signed = honestly_signed(p)
    say(p, signed, assurance="unsigned")
    p.write(f"{signed}.sig", None)
    p.commit("max")
    return merged(p)


def legacy_flip(path: Path) -> Play:
    """The same, as if it were taken over from an older system."""
    p = founded(path)
    signed = honestly_signed(p)
    say(p, signed, assurance="legacy")
    p.write(f"{signed}.sig", None)
    p.commit("max")
    return merged(p)


def witness_flip(path: Path) -> Play:
    """Jane's signed statement claims to be a forge review only."""
    return lying(founded(path), assurance="witnessed", source="https://forge.example/1")


def wrong_predecessor(path: Path) -> Play:
    """Signed by jane, on a revision that never was."""
    return lying(founded(path), predecessor="ab" * 32)


def no_predecessor(path: Path) -> Play:
    """Signed by jane, as if nothing had been approved before."""
    return lying(founded(path), predecessor=None)


def false_writers(path: Path) -> Play:
    """Jane wrote the text and says that max did."""
    p = founded(path)
    drafted(p, by="jane")
    p.signs("WI-001", "jane", writers=["max"])
    return merged(p)


def nobody_wrote(path: Path) -> Play:
    """The statement names no writer, so that the text seems to come from nowhere."""
    return lying(founded(path), writers=[])


def another_writer(path: Path) -> Play:
    """The statement names tom, who wrote nothing, beside max."""
    return lying(founded(path), writers=["max", "tom"])


def picture_unsaid(path: Path) -> Play:
    """The statement leaves out the picture that the text embeds."""
    p = founded(path)
    p.branch("b")
    p.write("documents/img/a.png", b"a picture")
    p.revise("WI-001", "2", "As here: ![a](img/a.png)")
    p.sign("WI-001", "jane", content=content_of(p.read(TEXT), {}))
    p.commit("max")
    return merged(p)


def picture_added(path: Path) -> Play:
    """The statement names a picture that the text does not embed."""
    p = drafted_company(path)
    p.write("documents/img/a.png", b"a picture")
    p.sign("WI-001", "jane", content=content_of(p.read(TEXT), {"img/a.png": b"a picture"}))
    p.commit("max")
    return merged(p)


def rewritten(path: Path, old: str, new: str) -> Play:
    """The bytes of a statement changed, and the changed bytes signed by jane's own key."""
    p = drafted_company(path)
    signed = p.sign("WI-001", "jane")
    text = p.read(signed).decode()
    assert old in text, text
    forge(p, text.replace(old, new).encode("utf-8"))
    p.commit("max")
    return merged(p)


def repeated_key(path: Path) -> Play:
    """One key stands twice: the first for who looks, the last for who reads."""
    return rewritten(path, '  "id": "WI-001"', '  "id": "WI-009",\n  "id": "WI-001"')


def not_a_number(path: Path) -> Play:
    """A number that JSON does not have."""
    return rewritten(path, '"format": 1', '"format": NaN')


def huge_number(path: Path) -> Play:
    """A number of five thousand digits."""
    return rewritten(path, '"format": 1', '"format": ' + "1" * 5000)


def number_like_one(path: Path) -> Play:
    """A format that only counts as 1."""
    return rewritten(path, '"format": 1', '"format": 1.0')


def true_for_one(path: Path) -> Play:
    """A format that python takes for 1."""
    return rewritten(path, '"format": 1', '"format": true')


def later_format(path: Path) -> Play:
    """A format that nobody knows yet."""
    return rewritten(path, '"format": 1', '"format": 2')


def extra_key(path: Path) -> Play:
    """A key that no statement has."""
    return rewritten(path, '  "id"', '  "also": "approved by bob",\n  "id"')


def one_blank_more(path: Path) -> Play:
    """A blank where none belongs."""
    return rewritten(path, '"id": ', '"id":  ')


def no_last_line_end(path: Path) -> Play:
    """The last line has no end."""
    return rewritten(path, "\n}\n", "\n}")


def crlf(path: Path) -> Play:
    """The line ends of Windows."""
    return rewritten(path, "\n", "\r\n")


def byte_order_mark(path: Path) -> Play:
    """A byte order mark before the statement."""
    return rewritten(path, "{\n  ", "\ufeff{\n  ")


def deep(path: Path) -> Play:
    """So many brackets that a reader falls over."""
    return rewritten(path, '"reason": null', '"reason": ' + "[" * 2000 + "]" * 2000)


CASES = (
    Case("other-document", other_document, "refuse AP101 · WI-002 draft 1"),
    Case("other-revision", other_revision, f"refuse AP101 · {HONEST}"),
    Case("other-repository", other_repository, f"refuse AP101+AP108 · {HONEST}"),
    Case("later-revision", later_revision, f"refuse AP101+RV102 · {HONEST}"),
    Case("old-withdrawal", old_withdrawal, "accept AP109 warning · WI-001 effective 2"),
    Case("old-reaffirmation", old_reaffirmation, "accept AP109 warning · WI-001 effective 2"),
    Case("returned-for-approved", returned_for_approved, f"refuse AP101+AP105 · {HONEST}"),
    Case("authority-for-document", authority_for_document, f"refuse AP101+AP105 · {HONEST}"),
    Case("edited-writers", edited_writers, f"refuse AP101+AP105 · {HONEST}"),
    Case("edited-predecessor", edited_predecessor, f"refuse AP101+AP105 · {HONEST}"),
    Case("edited-register", edited_register, f"refuse AP101+AP105 · {HONEST}"),
    Case("edited-time", edited_time, f"refuse AP101+AP105 · {HONEST}"),
    Case("edited-name", edited_name, f"refuse AP101+AP105 · {HONEST}"),
    Case("edited-role", edited_role, f"refuse AP101+AP105 · {HONEST}"),
    Case("unsigned-flip", unsigned_flip, f"refuse AP101+AP107 · {IN_REVIEW}"),
    Case("legacy-flip", legacy_flip, f"refuse AP101+AP107 · {IN_REVIEW}"),
    Case("witness-flip", witness_flip, f"refuse AP101+AP107 · {IN_REVIEW}"),
    Case("wrong-predecessor", wrong_predecessor, f"refuse AP101+RV106 · {HONEST}"),
    Case("no-predecessor", no_predecessor, f"refuse AP101+RV106 · {HONEST}"),
    Case("false-writers", false_writers, f"refuse AP101+AP104 · {HONEST}"),
    Case("nobody-wrote", nobody_wrote, "refuse AP104 · WI-001 effective 2"),
    Case("another-writer", another_writer, "refuse AP104 · WI-001 effective 2"),
    Case("picture-unsaid", picture_unsaid, f"refuse AP101 · {HONEST}"),
    Case("picture-added", picture_added, f"refuse AP101 · {HONEST}"),
    Case("repeated-key", repeated_key, f"refuse AP101+AP108 · {HONEST}"),
    Case("not-a-number", not_a_number, f"refuse AP101+AP108 · {HONEST}"),
    Case("huge-number", huge_number, f"refuse AP101+AP108 · {HONEST}"),
    Case("number-like-one", number_like_one, f"refuse AP101+AP108 · {HONEST}"),
    Case("true-for-one", true_for_one, f"refuse AP101+AP108 · {HONEST}"),
    Case("later-format", later_format, f"refuse AP101+AP108 · {HONEST}"),
    Case("extra-key", extra_key, f"refuse AP101+AP108 · {HONEST}"),
    Case("one-blank-more", one_blank_more, f"refuse AP101+AP108 · {HONEST}"),
    Case("no-last-line-end", no_last_line_end, f"refuse AP101+AP108 · {HONEST}"),
    Case("crlf-statement", crlf, f"refuse AP101+AP108 · {HONEST}"),
    Case("byte-order-mark", byte_order_mark, f"refuse AP101+AP108 · {HONEST}"),
    Case("deep", deep, f"refuse AP101+AP108 · {HONEST}"),
)
