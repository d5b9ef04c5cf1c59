"""What may happen to the files of one commit: edits, moves, swaps, copies, deletions, pictures, modes."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from history import paper
from history.objects import Entry

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from history.world import World

PICTURES = ("documents/img/one.png", "documents/img/two.png", "documents/a/one.png", "documents/one.png")
OUTSIDE = ("shared/logo.png", "logo.png")
FOLDERS = ("", "a/", "a/b/", "ä/", "A/", "deep/er/", "line\u2028end/", "img/")
SUBMODULE = "5f3c" * 16
LINK, SUB, FILE, PROGRAM = "120000", "160000", "100644", "100755"


class Draft:
    """The files of the next commit."""

    def __init__(self, files: dict[str, Entry], world: World) -> None:
        self.files = files
        self.world = world

    def put(self, path: str, data: bytes, mode: str = FILE) -> None:
        """Write a file."""
        self.set(path, Entry(mode, self.world.keep(data)))

    def set(self, path: str, entry: Entry) -> None:
        """Let an entry stand at a path; what is in its way goes: a file as folder, a folder as file."""
        for other in list(self.files):
            if other.startswith(f"{path}/") or path.startswith(f"{other}/"):
                del self.files[other]
        self.files[path] = entry

    def drop(self, path: str) -> None:
        """Remove a file, if it is there."""
        self.files.pop(path, None)

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self.world.blob(self.files[path].oid)

    def documents(self) -> list[str]:
        """The paths of the files that could be documents."""
        return [
            path
            for path, entry in self.files.items()
            if path.startswith("documents/") and path.endswith(".md") and entry.mode in (FILE, PROGRAM)
        ]


def change(draft: Draft, dice: random.Random) -> None:
    """One act, chosen by chance."""
    acts: list[Callable[[Draft, random.Random], None]] = [
        *[edit] * 7,
        *[move] * 4,
        *[delete] * 2,
        *[come_back] * 2,
        *[picture] * 4,
        *[embed] * 3,
        swap,
        copy,
        create,
        change_mode,
        break_it,
        take_id,
        statements,
        folder_for_file,
        move_folder,
    ]
    dice.choice(acts)(draft, dice)


def edit(draft: Draft, dice: random.Random) -> None:
    """Words, heavy rewrites, white space, front matter, line ends."""
    path = _some(draft, dice)
    if path is None:
        return
    kinds = [
        paper.with_words,
        paper.with_words,
        paper.rewritten,
        paper.respaced,
        paper.retitled,
        paper.line_ends,
    ]
    data = dice.choice(kinds)(draft.read(path), dice)
    draft.put(path, data, draft.files[path].mode)


def move(draft: Draft, dice: random.Random) -> None:
    """To another name, another folder, or another case; now and then rewritten on the way."""
    path = _some(draft, dice)
    if path is None:
        return
    name = posixpath.basename(path)
    target = dice.choice(
        [
            f"documents/{dice.choice(FOLDERS)}{name}",
            f"documents/{dice.choice(FOLDERS)}{name}",
            posixpath.join(posixpath.dirname(path), f"new {name}" if len(name) < 30 else name[4:]),
            path[: -len(name)] + name.swapcase().replace(".MD", ".md"),
            f"elsewhere/{name}",
        ]
    )
    entry = draft.files.pop(path)
    draft.set(target, entry)
    if dice.random() < 0.3:
        draft.put(target, paper.rewritten(draft.read(target), dice), entry.mode)


def delete(draft: Draft, dice: random.Random) -> None:
    """A document goes; its text is kept for its return."""
    path = _some(draft, dice)
    if path is not None and len(draft.documents()) > 1:
        draft.world.attic.setdefault(path, []).append(draft.read(path))
        draft.drop(path)


def come_back(draft: Draft, dice: random.Random) -> None:
    """What was deleted stands again: the same text or another, at its place or elsewhere."""
    attic = draft.world.attic
    if not attic:
        return
    path = dice.choice(sorted(attic))
    data = dice.choice(attic[path])
    if dice.random() < 0.4:
        data = paper.with_words(data, dice)
    draft.put(path if dice.random() < 0.6 else f"documents/back/{posixpath.basename(path)}", data)


def swap(draft: Draft, dice: random.Random) -> None:
    """Two files change places."""
    paths = draft.documents() if dice.random() < 0.7 else [one for one in draft.files if one.endswith(".png")]
    if len(paths) > 1:
        one, two = dice.sample(sorted(paths), k=2)
        draft.files[one], draft.files[two] = draft.files[two], draft.files[one]


def copy(draft: Draft, dice: random.Random) -> None:
    """A second file with the same id, or outside of the documents, where it does not count."""
    path = _some(draft, dice)
    if path is not None:
        folder = dice.choice(["documents/copies/", "elsewhere/", "documents/"])
        draft.set(f"{folder}copy-{posixpath.basename(path)}", draft.files[path])


def create(draft: Draft, dice: random.Random) -> None:
    """A new document, or a new text for an id that is there already."""
    name = dice.choice(["SOP-001", "SOP-004", "WI-001", "WI-003", "FRM-002", "XX-001"])
    shown = dice.sample(["one.png", "img/one.png", "../one.png", "img/two.png"], k=dice.choice([0, 1, 2]))
    draft.put(f"documents/{dice.choice(FOLDERS)}{name}.md", paper.document(name, dice, shown))


def picture(draft: Draft, dice: random.Random) -> None:
    """A picture comes, changes, moves, goes, or becomes a link."""
    path = dice.choice(draft.world.pictures)
    kind = dice.choice(["put", "put", "put", "drop", "link", "move", "program"])
    if kind == "drop":
        draft.drop(path)
    elif kind == "move" and path in draft.files:
        draft.set(dice.choice(draft.world.pictures), draft.files.pop(path))
    else:
        mode = {"link": LINK, "program": PROGRAM}.get(kind, FILE)
        draft.put(path, b"picture %d" % dice.randrange(4), mode)


def embed(draft: Draft, dice: random.Random) -> None:
    """A document shows one more file, or none any more."""
    path = _some(draft, dice)
    if path is None:
        return
    target = posixpath.relpath(dice.choice(draft.world.pictures), posixpath.dirname(path))
    if dice.random() < 0.1:
        target = dice.choice(
            ["../../../out.png", "/one.png", "https://example.org/a.png", path.rpartition("/")[2]]
        )
    data = draft.read(path)
    draft.put(
        path,
        paper.with_picture(data, target.replace(" ", "%20"))
        if dice.random() < 0.75
        else paper.without_pictures(data),
    )


def change_mode(draft: Draft, dice: random.Random) -> None:
    """A document becomes a program, a link or a submodule, or a file again."""
    paths = [path for path in draft.files if path.startswith("documents/")]
    if not paths:
        return
    path = dice.choice(sorted(paths))
    mode = dice.choice([FILE, PROGRAM, LINK, SUB])
    if mode == SUB:
        draft.set(path, Entry(SUB, SUBMODULE))
    elif draft.files[path].mode != SUB:
        draft.set(path, Entry(mode, draft.files[path].oid))
    else:
        draft.put(path, b"no submodule any more", mode)


def break_it(draft: Draft, dice: random.Random) -> None:
    """A document cannot be read any more; the next edit may find it in the attic."""
    path = _some(draft, dice)
    if path is not None:
        draft.world.attic.setdefault(path, []).append(draft.read(path))
        draft.put(path, paper.broken(draft.read(path)))


def take_id(draft: Draft, dice: random.Random) -> None:
    """A document takes another id, which may be in use."""
    path = _some(draft, dice)
    if path is not None:
        draft.put(
            path, paper.renamed(draft.read(path), dice.choice(["SOP-001", "SOP-002", "WI-001", "SOP-009"]))
        )


def statements(draft: Draft, dice: random.Random) -> None:
    """A statement or signature goes, or moves."""
    paths = sorted(path for path in draft.files if path.startswith("signatures/"))
    if not paths:
        return
    path = dice.choice(paths)
    entry = draft.files.pop(path)
    if dice.random() < 0.5:
        draft.set(f"signatures/moved/{posixpath.basename(path)}", entry)


def folder_for_file(draft: Draft, dice: random.Random) -> None:
    """Where a file was there is a folder."""
    path = _some(draft, dice)
    if path is not None:
        draft.world.attic.setdefault(path, []).append(draft.read(path))
        draft.set(f"{path}/{posixpath.basename(path)}", draft.files[path])


def move_folder(draft: Draft, dice: random.Random) -> None:
    """All files of a folder move along, pictures and all."""
    old, new = dice.sample(["documents/a/", "documents/A/", "documents/img/", "documents/z/a/"], k=2)
    for path in sorted(draft.files):
        if path.startswith(old):
            draft.set(new + path.removeprefix(old), draft.files.pop(path))


def _some(draft: Draft, dice: random.Random) -> str | None:
    paths = draft.documents()
    return dice.choice(sorted(paths)) if paths else None
