"""Cases of the fifth table: texts, the files in which they stand, and their pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.play import Play, founded, who
from tamper.case import TEXT, Case, honestly_signed, merged, pushed, replaced

if TYPE_CHECKING:
    from pathlib import Path

HONEST = "WI-001 effective 1 / draft 2"
IN_REVIEW = "WI-001 effective 1 / in review 2"
R1 = "WI-001 effective 1 / draft 1"


def after_signing(path: Path, old: str, new: str) -> Play:
    """Words exchanged on the branch after jane signed."""
    p = founded(path)
    honestly_signed(p)
    replaced(p, TEXT, {old: new})
    p.commit("max")
    return merged(p)


def word_after_signing(path: Path) -> Play:
    """Max changes a word after jane signed."""
    return after_signing(path, "text", "test")


def date_after_signing(path: Path) -> Play:
    """Max moves the review date after jane signed."""
    return after_signing(path, "2027-12-31", "2029-12-31")


def owner_after_signing(path: Path) -> Play:
    """Max makes another role the owner after jane signed."""
    return after_signing(path, "owner: process-owner", "owner: quality-manager")


def number_after_signing(path: Path) -> Play:
    """Max changes the number of the revision after jane signed."""
    return after_signing(path, "revision: 2", "revision: 3")


def blank_after_signing(path: Path) -> Play:
    """Max adds a blank at the end of a line."""
    return after_signing(path, "revision 2.\n", "revision 2. \n")


def homoglyph_after_signing(path: Path) -> Play:
    """Max puts a letter of another alphabet where nobody sees it."""
    return after_signing(path, "This is", "Th\u0456s is")


def invisible_after_signing(path: Path) -> Play:
    """Max adds a character of no width."""
    return after_signing(path, "This is", "This\u200b is")


def crlf_after_signing(path: Path) -> Play:
    """Max's editor writes the line ends of Windows after jane signed."""
    return after_signing(path, "\n", "\r\n")


def mark_after_signing(path: Path) -> Play:
    """A byte order mark comes before the text."""
    return after_signing(path, "---\nid:", "\ufeff---\nid:")


def edit_undone(path: Path) -> Play:
    """Tom edits and undoes his edit, after jane signed that max alone wrote."""
    p = founded(path)
    honestly_signed(p)
    text = p.read(TEXT)
    p.write(TEXT, text + b"More.\n")
    p.commit("tom")
    p.write(TEXT, text)
    p.commit("tom")
    return merged(p)


def in_force(path: Path, old: str, new: str) -> Play:
    """Words of the text in force exchanged, its number kept."""
    p = founded(path)
    replaced(p, TEXT, {old: new})
    return pushed(p)


def word_in_force(path: Path) -> Play:
    """A word of the text in force is changed."""
    return in_force(path, "text", "test")


def date_in_force(path: Path) -> Play:
    """The review date of the text in force is moved."""
    return in_force(path, "2027-12-31", "2029-12-31")


def typed_status(path: Path) -> Play:
    """The text says of itself that it is effective."""
    p = founded(path)
    p.doc("WI-002", "1", status="effective")
    return pushed(p)


def number_twice(path: Path) -> Play:
    """The number of the revision stands twice in the front matter."""
    return in_force(path, "revision: 1\n", "revision: 1\nrevision: 2\n")


def front_matter_broken(path: Path) -> Play:
    """The front matter of a text in force is broken, so that nothing reads it."""
    return in_force(path, "---\nid:", "--\nid:")


def other_id(path: Path, name: str) -> Play:
    """A document in force takes another id."""
    return in_force(path, "id: WI-001", f"id: {name}")


def id_in_small_letters(path: Path) -> Play:
    """The id in small letters."""
    return other_id(path, "wi-001")


def id_cyrillic(path: Path) -> Play:
    """The id with a letter of another alphabet."""
    return other_id(path, "W\u0406-001")


def id_fullwidth(path: Path) -> Play:
    """The id with digits of another alphabet."""
    return other_id(path, "WI-\uff10\uff10\uff11")


def second_file(path: Path) -> Play:
    """A second file with the same id, where readers may find it first."""
    p = founded(path)
    p.write("documents/a/WI-001-other.md", p.read(TEXT).replace(b"This is", b"That was"))
    return pushed(p)


def deleted(path: Path) -> Play:
    """The text in force is deleted."""
    p = founded(path)
    p.write(TEXT, None)
    return pushed(p)


def moved_out(path: Path) -> Play:
    """The text in force is moved to where nothing is controlled."""
    p = founded(path)
    p.move(TEXT, "archive/WI-001.md")
    return pushed(p)


def as_link(path: Path) -> Play:
    """The text in force becomes a link to its own bytes."""
    p = founded(path)
    p.write("documents/aside.txt", p.read(TEXT))
    (p.repo.path / TEXT).unlink()
    (p.repo.path / TEXT).symlink_to("aside.txt")
    return pushed(p)


def as_submodule(path: Path) -> Play:
    """The text in force becomes a submodule."""
    p = founded(path)
    p.repo.git("rm", "-q", "--cached", TEXT)
    p.repo.git("update-index", "--add", "--cacheinfo", f"160000,{p.tip()},{TEXT}")
    p.repo.commit("Change", author=who("max"))
    p.push()
    return p


def with_picture(path: Path) -> Play:
    """WI-001 r2 with a picture, approved and pushed."""
    p = founded(path)
    p.branch("b")
    p.write("documents/img/a.png", b"the picture that jane saw")
    p.revise("WI-001", "2", "As here: ![a](img/a.png)")
    p.signs("WI-001", "jane")
    return merged(p)


def picture_swapped(path: Path) -> Play:
    """The picture of a text in force is another."""
    p = with_picture(path)
    p.write("documents/img/a.png", b"another picture")
    return pushed(p)


def picture_deleted(path: Path) -> Play:
    """The picture of a text in force is gone."""
    p = with_picture(path)
    p.write("documents/img/a.png", None)
    return pushed(p)


def picture_linked(path: Path) -> Play:
    """The picture of a text in force is a link to its own bytes."""
    p = with_picture(path)
    p.write("documents/img/b.png", p.read("documents/img/a.png"))
    (p.repo.path / "documents/img/a.png").unlink()
    (p.repo.path / "documents/img/a.png").symlink_to("b.png")
    return pushed(p)


def picture_after_signing(path: Path) -> Play:
    """The picture is exchanged on the branch after jane signed."""
    p = founded(path)
    p.branch("b")
    p.write("documents/img/a.png", b"the picture that jane saw")
    p.revise("WI-001", "2", "As here: ![a](img/a.png)")
    p.signs("WI-001", "jane")
    p.write("documents/img/a.png", b"another picture")
    p.commit("max")
    return merged(p)


def picture_in_merge(path: Path) -> Play:
    """The merge itself brings another picture than the branch."""
    p = founded(path)
    p.branch("b")
    p.write("documents/img/a.png", b"the picture that jane saw")
    p.revise("WI-001", "2", "As here: ![a](img/a.png)")
    p.signs("WI-001", "jane")
    p.on("main")
    p.repo.merge("b", files={"documents/img/a.png": b"another picture"}, author=who("max"))
    p.push()
    return p


def folder_moved(path: Path) -> Play:
    """The text in force moves to a folder where another picture has the same name."""
    p = with_picture(path)
    p.write("documents/x/img/a.png", b"another picture")
    p.move(TEXT, "documents/x/WI-001-text.md")
    return pushed(p)


CASES = (
    Case("word-after-signing", word_after_signing, f"refuse AP101 · {HONEST}"),
    Case("date-after-signing", date_after_signing, f"refuse AP101+RD104 · {HONEST}"),
    Case("owner-after-signing", owner_after_signing, f"refuse AP101 · {HONEST}"),
    Case("number-after-signing", number_after_signing, "refuse AP101+RV103 · WI-001 effective 1 / draft 3"),
    Case("blank-after-signing", blank_after_signing, f"refuse AP101 · {HONEST}"),
    Case("homoglyph-after-signing", homoglyph_after_signing, f"refuse AP101 · {HONEST}"),
    Case("invisible-after-signing", invisible_after_signing, f"refuse AP101 · {HONEST}"),
    Case("crlf-after-signing", crlf_after_signing, f"refuse AP101 · {HONEST}"),
    Case("mark-after-signing", mark_after_signing, "refuse HX101 · "),
    Case("edit-undone", edit_undone, "refuse AP104 · WI-001 effective 2"),
    Case("word-in-force", word_in_force, f"refuse AP101+RV101 · {R1}"),
    Case("date-in-force", date_in_force, f"refuse AP101+RD104+RV101 · {R1}"),
    Case("typed-status", typed_status, "refuse AP101 · WI-002 draft 1"),
    Case("number-twice", number_twice, "refuse HX101 · "),
    Case("front-matter-broken", front_matter_broken, "refuse HX101 · "),
    Case("id-in-small-letters", id_in_small_letters, "refuse HX101+ID101+ID103 · "),
    Case("id-cyrillic", id_cyrillic, "refuse HX101+ID101 · "),
    Case("id-fullwidth", id_fullwidth, "refuse HX101+ID101 · "),
    Case("second-file", second_file, "refuse ID102 · "),
    Case("deleted", deleted, "refuse HX101 · "),
    Case("moved-out", moved_out, "refuse HX101 · "),
    Case("text-as-link", as_link, "refuse HX101 · "),
    Case("text-as-submodule", as_submodule, "refuse HX101 · "),
    Case("picture-swapped", picture_swapped, "refuse AP101+RV101 · WI-001 effective 2 / draft 2"),
    Case("picture-deleted", picture_deleted, "refuse AP101+RV101 · WI-001 effective 2 / draft 2"),
    Case("picture-linked", picture_linked, "refuse AP101+RV101 · WI-001 effective 2 / draft 2"),
    Case("picture-after-signing", picture_after_signing, f"refuse AP101 · {HONEST}"),
    Case("picture-in-merge", picture_in_merge, f"refuse AP101 · {HONEST}"),
    Case("folder-moved", folder_moved, "refuse AP101+RV101 · WI-001 effective 2 / draft 2"),
)
