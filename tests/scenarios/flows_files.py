"""Flows of the fourth table: files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.flows_shapes import drafting, merged, merging, r2_approved, r2_signed
from support.company import document_text
from support.play import Play, found, founded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IMAGE = "documents/img/a.png"
PICTURED = "See the picture.\n\n![The machine](img/a.png)"


def pictured(play: Play, identity: str, revision: str, branch: str) -> None:
    """The document in this revision, with the picture as it lies there, signed on a branch."""
    play.branch(branch)
    play.revise(identity, revision, PICTURED)
    play.signs(identity, "jane")


def with_picture(path: Path) -> Play:
    """WI-001 r2, which shows a picture, is in force."""
    p = founded(path)
    p.write(IMAGE, b"first picture")
    pictured(p, "WI-001", "2", "picture")
    return merged(p, "picture")


def pushed(play: Play, by: str = "max") -> Play:
    """Everything committed on the mainline and pushed."""
    play.commit(by)
    play.push()
    return play


def move(path: Path) -> Play:
    p = founded(path)
    p.move("documents/WI-001-text.md", "documents/a/WI-001-text.md")
    return pushed(p, "jane")


def move_img(path: Path) -> Play:
    p = with_picture(path)
    p.move("documents/WI-001-text.md", "documents/a/WI-001-text.md")
    return pushed(p)


def rename(path: Path) -> Play:
    p = founded(path)
    p.doc("WI-100", "2", path="documents/WI-001-text.md")
    return pushed(p)


def copy(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-002", "1", by="tom")
    p.signs("WI-002", "jane", writers=["tom"])
    return merged(p)


def delete(path: Path) -> Play:
    p = founded(path)
    p.write("documents/WI-001-text.md", None)
    return pushed(p)


def delret(path: Path) -> Play:
    p = delete(path)
    p.doc("WI-001", "1")
    return pushed(p, "jane")


def dup(path: Path) -> Play:
    p = founded(path)
    r1 = p.read("documents/WI-001-text.md")
    r2_signed(p)
    merging(p)
    p.write("documents/WI-001-copy.md", r1)
    return pushed(p, "jane")


def dup2(path: Path) -> Play:
    p = dup(path)
    p.write("documents/WI-001-copy.md", None)
    return pushed(p)


def img_ch(path: Path) -> Play:
    p = with_picture(path)
    p.write(IMAGE, b"second picture")
    return pushed(p)


def img_sh(path: Path) -> Play:
    p = with_picture(path)
    p.branch("first")
    p.revise("WI-002", "1")
    p.signs("WI-002", "jane")
    merged(p, "first")
    pictured(p, "WI-002", "2", "second")
    merged(p, "second")
    p.branch("third")
    p.write(IMAGE, b"second picture")
    p.revise("WI-001", "3", PICTURED)
    p.signs("WI-001", "jane")
    return merged(p, "third")


def img_drift(path: Path) -> Play:
    p = founded(path)
    p.write(IMAGE, b"first picture")
    pictured(p, "WI-002", "1", "a")
    merged(p, "a")
    pictured(p, "WI-001", "2", "b")
    p.branch("c")
    p.write(IMAGE, b"second picture")
    p.revise("WI-002", "2", PICTURED)
    p.signs("WI-002", "jane")
    merged(p, "c")
    return merged(p, "b")


def img_miss(path: Path) -> Play:
    p = founded(path)
    p.branch("b")
    p.revise("WI-001", "2", PICTURED)
    p.sign("WI-001", "jane", content=p.content("WI-001", {"img/a.png": b"first picture"}))
    p.commit("jane")
    return merged(p)


def crlf(path: Path) -> Play:
    p = founded(path)
    place = "documents/WI-001-text.md"
    p.write(place, p.read(place).replace(b"\n", b"\r\n"))
    return pushed(p)


def eol(path: Path) -> Play:
    p = Play(path)
    p.write(".gitattributes", "documents/** text eol=lf\nsignatures/** -text\n")
    found(p)
    place = "documents/WI-001-text.md"
    p.branch("b")
    p.write(place, document_text("WI-001", "2", "Written on Windows.").replace("\n", "\r\n"))
    p.commit("max")
    (path / place).unlink()
    p.repo.git("checkout", "--", place)
    assert b"\r" not in p.read(place)
    p.signs("WI-001", "jane")
    return merged(p)


def gattr(path: Path) -> Play:
    p = founded(path)
    p.write(".gitattributes", "documents/** text eol=lf\n")
    return pushed(p)


def execb(path: Path) -> Play:
    p = founded(path)
    (path / "documents/WI-001-text.md").chmod(0o755)
    return pushed(p)


def sym(path: Path) -> Play:
    p = founded(path)
    place = path / "documents/WI-001-text.md"
    (path / "elsewhere.txt").write_bytes(place.read_bytes())
    place.unlink()
    place.symlink_to("../elsewhere.txt")
    return pushed(p)


def unread(path: Path) -> Play:
    p = founded(path)
    place = "documents/WI-001-text.md"
    p.write(place, p.read(place).replace(b"id: WI-001", b"id: [WI-001"))
    return pushed(p)


def st_edit(path: Path) -> Play:
    p = founded(path)
    r2_approved(p)
    p.write(p.last_path, p.read(p.last_path).replace(b'  "format": 1', b'  "format":  1'))
    return pushed(p)


def sig_del(path: Path) -> Play:
    p = founded(path)
    r2_approved(p)
    p.write(f"{p.last_path}.sig", None)
    return pushed(p)


def sig_fix(path: Path) -> Play:
    p = drafting(path)
    p.branch("b")
    p.revise("WI-001", "2")
    place = f"{p.sign('WI-001', 'jane')}.sig"
    right = p.read(place)
    p.write(place, right.replace(b"\n", b"\r\n"))
    p.commit("jane")
    merged(p)
    p.write(place, right)
    return pushed(p, "jane")


def prune(path: Path) -> Play:
    p = founded(path)
    r2_approved(p)
    p.repo.git("rm", "-q", "-r", "signatures/WI-001/1")
    return pushed(p)


FLOWS: dict[str, Callable[[Path], Play]] = {
    "move": move, "move-img": move_img, "rename": rename, "copy": copy, "delete": delete, "delret": delret,
    "dup": dup, "dup2": dup2, "img-ch": img_ch, "img-sh": img_sh, "img-drift": img_drift,
    "img-miss": img_miss, "crlf": crlf, "eol": eol, "gattr": gattr, "execb": execb, "sym": sym,
    "unread": unread, "st-edit": st_edit, "sig-del": sig_del, "sig-fix": sig_fix, "prune": prune,
}  # fmt: skip
