"""What people of the fixture company write and sign, as files: texts, statements, signatures."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from support.company import MAIN_ROLE, document_text
from support.play import PICTURE, PROTECTED, iso
from support.statements import Key, canonical, content_digest, content_of, sha256, statement, statement_path

if TYPE_CHECKING:
    from collections.abc import Mapping

Files = dict[str, bytes]


def place(name: str) -> str:
    """Where a document lies."""
    return f"documents/{name}-text.md"


def document(name: str, revision: str, words: str = "", **front: str) -> Files:
    """A text of a document."""
    text = document_text(name, revision, words or f"This is the text of revision {revision}.", **front)
    return {place(name): text.encode()}


def approved(
    tree: Mapping[str, bytes], name: str, by: str, predecessor: str | None = None, **more: object
) -> Files:
    """An approval of the text that a tree holds, and its signature."""
    data = tree[place(name)]
    folder = posixpath.dirname(place(name))
    pictures = {one: tree[posixpath.join(folder, one)] for one in PICTURE.findall(data.decode())}
    revision = next(line for line in data.decode().splitlines() if line.startswith("revision: "))
    values: dict[str, object] = {
        "content": content_of(data, pictures),
        "identity": name,
        "revision": revision.partition(": ")[2],
        "meaning": "approved",
        "person": by,
        "role": MAIN_ROLE.get(by),
        "time": "2026-02-02T09:00:00Z",
        "predecessor": predecessor,
        "writers": ("max",),
        "register": sha256(tree.get("people.yml", b"")),
    }
    return signed({**values, **more}, by)


def authorised(tree: Mapping[str, bytes], by: str, predecessor: str, **more: object) -> Files:
    """An ``authority`` statement on the protected files that a tree holds, and its signature."""
    values: dict[str, object] = {
        "content": content_of(None, protected(tree)),
        "identity": None,
        "revision": None,
        "meaning": "authority",
        "person": by,
        "role": "quality-manager",
        "time": "2026-02-02T09:00:00Z",
        "predecessor": predecessor,
        "register": sha256(tree["people.yml"]),
    }
    return signed({**values, **more}, by)


def protected(tree: Mapping[str, bytes]) -> Files:
    """The protected files of a tree."""
    return {path: data for path, data in tree.items() if path.startswith(PROTECTED)}


def set_digest(tree: Mapping[str, bytes]) -> str:
    """The digest of the protected files of a tree."""
    return content_digest(content_of(None, protected(tree)))


def signed(values: Mapping[str, object], key: str) -> Files:
    """A statement with these values and the signature of a key over it."""
    value = statement(**values)  # type: ignore[arg-type]  # the callers' tables hold what it asks for
    data, path = canonical(value), statement_path(value)
    return {path: data, f"{path}.sig": Key(key).sign(data)}


def day(seconds: int) -> str:
    """The UTC day of a time."""
    return iso(seconds)[:10]


def moment(seconds: int) -> str:
    """A time as statements write it."""
    return iso(seconds)
