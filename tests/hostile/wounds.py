"""Ways in which history can be cut, rewritten or broken below the commits' own names.

Each wound is done to a copy of the company's repository, or makes a clone of it. ``refused`` says whether
every command that rests on history must refuse; else the true answer is as good.
"""

from __future__ import annotations

import hashlib
import shutil
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.gitrepo import JANE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hostile.calls import Company


@dataclass(frozen=True)
class Wound:
    """What is done, whether it must be refused, and a word of the sentence that says how to mend it."""

    strike: Callable[[Company], None]
    refused: bool
    cure: str = ""


def git(company: Company, *words: str, stdin: bytes = b"") -> str:
    """Plain git in the work tree."""
    signature = company.office.play.repo.signature(JANE, None, None, None)
    return company.office.play.repo.git(*words, stdin=stdin, env=signature)


def objects(company: Company) -> Path:
    """The folder of the work tree's objects."""
    return company.root / ".git" / "objects"


def loose(company: Company, name: str) -> Path:
    """Where an object lies by itself."""
    place = objects(company) / name[:2] / name[2:]
    if not place.exists():
        for pack in [*(objects(company) / "pack").glob("*.pack")]:
            data = pack.read_bytes()
            for file in pack.parent.glob(f"{pack.stem}.*"):
                file.unlink()
            git(company, "unpack-objects", "-q", stdin=data)
    place.chmod(0o644)
    return place


def put(company: Company, name: str, kind: str, content: bytes) -> None:
    """Other bytes under the name of an object."""
    place = loose(company, name)
    place.write_bytes(zlib.compress(b"%s %d\0" % (kind.encode(), len(content)) + content))


# --- cut ---------------------------------------------------------------------------------------------


def shallow(company: Company) -> None:
    """As ``git clone --depth`` leaves it."""
    parent = git(company, "rev-parse", "main~2")
    (company.root / ".git" / "shallow").write_text(f"{parent}\n")


def partial(what: str, *, remote: bool) -> Callable[[Company], None]:
    """A clone without some objects, whose remote is there or gone."""

    def strike(company: Company) -> None:
        origin = company.folder / "origin.git"
        git(company, "clone", "-q", "--bare", ".", str(origin))
        git(company, "-C", str(origin), "config", "uploadpack.allowFilter", "true")
        clone = company.folder / "partial"
        url = origin.as_uri()
        git(company, "clone", "-q", "--bare", f"--filter={what}", url, str(clone))
        shutil.rmtree(objects(company))
        shutil.copytree(clone / "objects", objects(company))
        git(company, "config", "core.repositoryFormatVersion", "1")
        git(company, "config", "extensions.partialClone", "origin")
        git(company, "config", "remote.origin.promisor", "true")
        git(company, "config", "remote.origin.url", url)
        if not remote:
            shutil.rmtree(origin)

    return strike


def alternates_gone(company: Company) -> None:
    """Objects are borrowed from a place that is not there any more."""
    away = company.folder / "away"
    git(company, "repack", "-adq")
    (objects(company) / "pack").rename(away)
    (objects(company) / "pack").mkdir()
    (objects(company) / "info" / "alternates").write_text(f"{company.folder}/nowhere\n")


def object_gone(what: str) -> Callable[[Company], None]:
    """One object is missing, as after a crash or a copy that was broken off."""

    def strike(company: Company) -> None:
        loose(company, git(company, "rev-parse", what)).unlink()

    return strike


def single_branch(company: Company) -> None:
    """A clone that was made of a draft branch alone."""
    draft = git(company, "rev-parse", "draft")
    git(company, "config", "remote.origin.url", "/nonexistent")
    git(company, "config", "remote.origin.fetch", "+refs/heads/draft:refs/remotes/origin/draft")
    git(company, "update-ref", "refs/remotes/origin/draft", draft)
    for branch in ("main", "second"):
        git(company, "update-ref", "-d", f"refs/heads/{branch}")


# --- rewritten ---------------------------------------------------------------------------------------


def grafted(company: Company) -> None:
    """The old way to give a commit other parents."""
    tip, first = git(company, "rev-parse", "main"), git(company, "rev-list", "--max-parents=0", "main")
    (company.root / ".git" / "info" / "grafts").write_text(f"{tip} {first}\n")


def replaced(company: Company) -> None:
    """The new way; such refs can be pushed and fetched."""
    git(company, "replace", "--graft", "main", git(company, "rev-list", "--max-parents=0", "main"))


def replaced_document(company: Company) -> None:
    """The text of a document, replaced."""
    old, new = "main:documents/WI-001-text.md", "main~3:documents/WI-001-text.md"
    git(company, "replace", git(company, "rev-parse", old), git(company, "rev-parse", new))


def graph(*, chain: bool) -> Callable[[Company], None]:
    """A commit-graph file in which the tip has the first commit as its parent; checksum redone."""

    def strike(company: Company) -> None:
        tip, first = git(company, "rev-parse", "main"), git(company, "rev-list", "--max-parents=0", "main")
        git(company, "commit-graph", "write", "--reachable", *(["--split=no-merge"] if chain else []))
        info = objects(company) / "info"
        place = next((info / "commit-graphs").glob("*.graph")) if chain else info / "commit-graph"
        forge_graph(place, tip, first)
        if chain:
            _rename_graph(place)
        git(company, "config", "core.commitGraph", "true")

    return strike


def forge_graph(place: Path, child: str, parent: str) -> None:
    """Give a commit another parent in a commit-graph file, checksum included (gitformat-commit-graph(5))."""
    data = bytearray(place.read_bytes())
    chunks = {
        bytes(data[at : at + 4]): int.from_bytes(data[at + 4 : at + 12])
        for at in range(8, 8 + 12 * data[6], 12)
    }
    count = int.from_bytes(data[chunks[b"OIDF"] + 255 * 4 : chunks[b"OIDF"] + 256 * 4])
    names = [data[chunks[b"OIDL"] + 20 * at : chunks[b"OIDL"] + 20 * (at + 1)].hex() for at in range(count)]
    entry = chunks[b"CDAT"] + 36 * names.index(child)
    data[entry + 20 : entry + 24] = names.index(parent).to_bytes(4)
    _seal(place, data)


def _seal(place: Path, data: bytearray) -> None:
    """Write a file of git's that ends with the digest of what stands before."""
    data[-20:] = hashlib.sha1(data[:-20], usedforsecurity=False).digest()
    place.chmod(0o644)
    place.write_bytes(data)


def _rename_graph(place: Path) -> None:
    """A graph of a chain is called by its own digest, and the chain names it."""
    name = place.read_bytes()[-20:].hex()
    place.rename(place.with_name(f"graph-{name}.graph"))
    (place.parent / "commit-graph-chain").write_text(f"{name}\n")


def forged(what: str, by: str) -> Callable[[Company], None]:
    """The bytes of another object under the name of this one, as a loose object."""

    def strike(company: Company) -> None:
        kind = git(company, "cat-file", "-t", what)
        content = company.office.play.repo.run("cat-file", kind, by).stdout
        put(company, git(company, "rev-parse", what), kind, content)

    return strike


def forged_commit(company: Company) -> None:
    """The tip with the first commit as its only parent, under the tip's own name."""
    tip, first = git(company, "rev-parse", "main"), git(company, "rev-list", "--max-parents=0", "main")
    text = company.office.play.repo.run("cat-file", "commit", tip).stdout
    head, mark, rest = text.partition(b"\nauthor ")
    tree = head.partition(b"\n")[0]
    put(company, tip, "commit", tree + b"\nparent " + first.encode() + mark + rest)


def forged_author(company: Company) -> None:
    """A writer of a draft becomes somebody else, so that the approver seems independent."""
    tip = git(company, "rev-parse", "draft")
    text = company.office.play.repo.run("cat-file", "commit", tip).stdout
    put(company, tip, "commit", text.replace(b"author Max <max@ex.org>", b"author Tom <tom@ex.org>"))


def index_of_pack(*, multi: bool) -> Callable[[Company], None]:
    """The index of a pack, or a multi-pack-index, with two documents exchanged."""

    def strike(company: Company) -> None:
        git(company, "repack", "-adfq", "--depth=0", "--window=0")
        if multi:
            git(company, "multi-pack-index", "write")
            git(company, "config", "core.multiPackIndex", "true")
        one = bytes.fromhex(git(company, "rev-parse", "main:documents/WI-001-text.md"))
        other = bytes.fromhex(git(company, "rev-parse", "draft:documents/WI-001-text.md"))
        pack = objects(company) / "pack"
        if multi:
            place = pack / "multi-pack-index"
            data = bytearray(place.read_bytes())
            chunks = {
                bytes(data[at : at + 4]): int.from_bytes(data[at + 4 : at + 12])
                for at in range(12, 12 + 12 * data[6], 12)
            }
            _exchange(data, chunks[b"OIDF"], chunks[b"OIDL"], chunks[b"OOFF"], 8, one, other)
        else:
            place = next(pack.glob("*.idx"))
            data = bytearray(place.read_bytes())
            count = int.from_bytes(data[8 + 255 * 4 : 8 + 256 * 4])
            names = 8 + 256 * 4
            _exchange(data, 8, names, names + 24 * count, 4, one, other)
        _seal(place, data)

    return strike


def _exchange(data: bytearray, fanout: int, names: int, places: int, width: int, *two: bytes) -> None:
    """Exchange where two objects lie (gitformat-pack(5))."""
    count = int.from_bytes(data[fanout + 255 * 4 : fanout + 256 * 4])
    listed = [bytes(data[names + 20 * at : names + 20 * (at + 1)]) for at in range(count)]
    first, second = (places + width * listed.index(name) for name in two)
    kept = data[first : first + width]
    data[first : first + width] = data[second : second + width]
    data[second : second + width] = kept


def bitmaps(company: Company) -> None:
    """Bitmaps and a reverse index full of nonsense, their checksums redone."""
    git(company, "-c", "pack.writeReverseIndex=true", "repack", "-adbq")
    for kind in ("bitmap", "rev"):
        for place in (objects(company) / "pack").glob(f"*.{kind}"):
            data = bytearray(place.read_bytes())
            data[40:-40] = bytes(len(data) - 80)
            _seal(place, data)


# --- broken ------------------------------------------------------------------------------------------


def corrupt_object(company: Company) -> None:
    """A document's object ends in the middle."""
    place = loose(company, git(company, "rev-parse", "main:documents/WI-001-text.md"))
    place.write_bytes(place.read_bytes()[:20])


def corrupt_pack(company: Company) -> None:
    """A pack in which some bytes were lost."""
    git(company, "repack", "-adq")
    place = next((objects(company) / "pack").glob("*.pack"))
    place.chmod(0o644)
    data = bytearray(place.read_bytes())
    data[60:-30] = bytes(len(data) - 90)
    place.write_bytes(data)


def broken_ref(company: Company) -> None:
    """The mainline's ref was being written when the machine lost its power."""
    (company.root / ".git" / "refs" / "heads" / "main").write_text("")


def dangling_ref(company: Company) -> None:
    """The mainline's ref names a commit that is not there."""
    (company.root / ".git" / "refs" / "heads" / "main").write_text("1" * 40 + "\n")


def dangling_head(company: Company) -> None:
    """The branch that is checked out names a commit that is not there."""
    for branch in ("draft", "main", "settings"):
        (company.root / ".git" / "refs" / "heads" / branch).write_text("2" * 40 + "\n")


def interrupted(company: Company) -> None:
    """What a fetch leaves that was killed: nothing counts that is not named."""
    pack = objects(company) / "pack"
    pack.mkdir(exist_ok=True)
    (pack / "tmp_pack_a1b2c3").write_bytes(b"PACK\0\0\0\2\0\0\0\7half")
    (pack / "tmp_idx_a1b2c3").write_bytes(b"\xfftOc\0\0\0\2")
    (objects(company) / "12").mkdir(exist_ok=True)
    (objects(company) / "12" / "tmp_obj_xyz").write_bytes(b"x")
    (company.root / ".git" / "FETCH_HEAD").write_text("")


def ambiguous(company: Company) -> None:
    """Tags that are called like the mainline, and like the beginning of its id."""
    old = git(company, "rev-parse", "main~2")
    for name in ("main", "main~1", "HEAD", "heads/main", git(company, "rev-parse", "main")[:7]):
        if "~" not in name:
            git(company, "update-ref", f"refs/tags/{name}", old)


HX = "HX102"
FSCK = "clone it again"
WOUNDS: dict[str, Wound] = {
    "shallow": Wound(shallow, refused=True, cure="git fetch --unshallow"),
    "partial, no blobs, remote there": Wound(partial("blob:none", remote=True), refused=True, cure=HX),
    "partial, no blobs, remote gone": Wound(partial("blob:none", remote=False), refused=True, cure=HX),
    "partial, no trees, remote there": Wound(partial("tree:0", remote=True), refused=True, cure=HX),
    "partial, no trees, remote gone": Wound(partial("tree:0", remote=False), refused=True, cure=HX),
    "alternates gone": Wound(alternates_gone, refused=True, cure=FSCK),
    "a commit is missing": Wound(object_gone("main~2"), refused=True, cure=FSCK),
    "a tree is missing": Wound(object_gone("main~2^{tree}"), refused=True, cure=FSCK),
    "a document is missing": Wound(object_gone("main:documents/WI-001-text.md"), refused=True, cure=FSCK),
    "a clone without the mainline": Wound(single_branch, refused=True, cure="git fetch origin main"),
    "grafts": Wound(grafted, refused=True, cure="info/grafts"),
    "a replaced commit": Wound(replaced, refused=True, cure="git replace -d"),
    "a replaced document": Wound(replaced_document, refused=True, cure="git replace -d"),
    "a forged commit-graph": Wound(graph(chain=False), refused=False),
    "a forged chain of commit-graphs": Wound(graph(chain=True), refused=False),
    "a forged commit": Wound(forged_commit, refused=True, cure=FSCK),
    "a forged author": Wound(forged_author, refused=False, cure=FSCK),
    "a forged document": Wound(
        forged("main:documents/WI-001-text.md", "main^1:documents/SOP-001-text.md"),
        refused=True,
        cure=FSCK,
    ),
    "a forged tree of the tip": Wound(forged("main:documents", "draft:documents"), refused=False, cure=FSCK),
    "a forged pack index": Wound(index_of_pack(multi=False), refused=True, cure=FSCK),
    "a forged multi-pack-index": Wound(index_of_pack(multi=True), refused=False, cure=FSCK),
    "nonsense in bitmaps": Wound(bitmaps, refused=False),
    "a corrupt object": Wound(corrupt_object, refused=True, cure=FSCK),
    "a corrupt pack": Wound(corrupt_pack, refused=True, cure=FSCK),
    "a broken ref": Wound(broken_ref, refused=True, cure=FSCK),
    "a dangling mainline": Wound(dangling_ref, refused=True, cure=FSCK),
    "a dangling HEAD": Wound(dangling_head, refused=True, cure=FSCK),
    "an interrupted fetch": Wound(interrupted, refused=False),
    "names that mean two things": Wound(ambiguous, refused=False, cure="means several things"),
}
