"""Statements that lie in the work tree or the index and that no branch has yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.document import SIGNATURES
from isodocs.core.problem import CannotRun
from isodocs.core.statement import Assurance, Statement, file_name
from isodocs.core.statement_reader import UnreadableStatement, read
from isodocs.core.tree import is_statement
from isodocs.git.names import to_text
from isodocs.git.tree import commit_tree, index_tree
from isodocs.signing import sshsig, verify
from isodocs.signing.keys import BadKey, parse_blob
from isodocs.signing.sshsig import BadSignature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from isodocs.git.repository import Repository

SIG = ".sig"
_HEADS = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """One statement with its signature, or one of the two, as the work tree and the index have them.

    Attributes:
        path: where the statement lies, or would lie; the signature beside it ends in ``.sig``.
        files: the bytes on disk, by path; what is not there is left out.
        staged: the bytes in the index, by path, likewise.
        statement: what it says; None if only the signature is left, or it is no longer what was written.
        key: the key that the signature carries, as ``kind base64``; empty if there is none to be read.
        changed: why it is not as isodocs wrote it, a clause; empty if it is.
    """

    path: str
    files: Mapping[str, bytes]
    staged: Mapping[str, bytes]
    statement: Statement | None = None
    key: str = ""
    changed: str = ""

    @property
    def id(self) -> str:
        """The document's id, or ``_authority``: the folder it lies in."""
        return self.path.removeprefix(SIGNATURES).partition("/")[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is there, statement first."""
        return tuple(sorted(self.files.keys() | self.staged.keys()))


def find(root: Path, repository: Repository) -> tuple[Uncommitted, ...]:
    """What lies under ``signatures/`` and is in no commit at the end of a branch or tag, sorted by path.

    Also what a merge that is under way brings counts as committed.

    Raises:
        CannotRun: the index or a file cannot be read.
    """
    on_disk = set(_on_disk(root))
    index = index_tree(repository)
    indexed = {path: entry for path, entry in index.entries.items() if path.startswith(SIGNATURES)}
    head = repository.head()
    known = commit_tree(repository, head).entries.keys() if head else frozenset()
    names = {_statement_of(path) for path in (on_disk | indexed.keys()) - known}
    names = _committed_nowhere(repository, {name for name in names if name and name not in known})
    found = []
    for name in sorted(names):
        pair = (name, name + SIG)
        files = {path: _bytes(root / path) for path in pair if path in on_disk and path not in known}
        staged = {path: index.read(path) for path in pair if path in indexed and path not in known}
        found.append(
            _examined(name, {path: data for path, data in files.items() if data is not None}, staged)
        )
    return tuple(one for one in found if one.paths)


def _bytes(place: Path) -> bytes | None:
    """What a file holds; None if somebody removed it just now."""
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotRun(f"{place} cannot be read: {error.strerror}.") from None


def _on_disk(root: Path) -> Iterator[str]:
    """The ordinary files under ``signatures/``; no link is followed."""
    folders = [root / SIGNATURES.rstrip("/")]
    while folders:
        folder = folders.pop()
        if folder.is_symlink() or not folder.is_dir():
            continue
        for place in _inside(folder):
            if place.is_symlink():
                continue
            if place.is_dir():
                folders.append(place)
            elif place.is_file():
                yield to_text(str(place.relative_to(root)).encode("utf-8", "surrogateescape"))


def _inside(folder: Path) -> list[Path]:
    """What lies in a folder; nothing if somebody removed it just now."""
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotRun(f"{folder} cannot be read: {error.strerror}.") from None


def _statement_of(path: str) -> str:
    """The statement that a file is, or is the signature of; empty if neither."""
    name = path.removesuffix(SIG)
    return name if is_statement(name) and name.isprintable() else ""


def _committed_nowhere(repository: Repository, names: Iterable[str]) -> set[str]:
    """Those of these paths that no branch or tag has, with or without ``.sig``, nor a merge under way."""
    left = set(names)
    tips = repository.run("for-each-ref", "--format=%(objectname)").decode("ascii").split()
    tips += [line.split()[0] for head in _HEADS for line in repository.note(head)]
    asked = [
        (name, f"{tip}:{path}\n") for name in sorted(left) for tip in set(tips) for path in (name, name + SIG)
    ]
    stdin = "".join(line for _, line in asked).encode("utf-8", "surrogateescape")
    answers = (
        repository.run("cat-file", "--batch-check=%(objecttype)", stdin=stdin).splitlines() if asked else []
    )
    for (name, _), answer in zip(asked, answers, strict=True):
        if answer == b"blob":
            left.discard(name)
    return left


def _examined(path: str, files: Mapping[str, bytes], staged: Mapping[str, bytes]) -> Uncommitted:
    """Whether it is as isodocs wrote it, and what it says."""
    there = {**staged, **files}
    data, armour = there.get(path), there.get(path + SIG)
    key = key_of(armour)
    statement, changed = _read(path, data, armour)
    if any(staged[name] != files[name] for name in staged.keys() & files.keys()):
        changed = "the index and the work tree differ"
    return Uncommitted(path, files, staged, statement, key, changed)


def _read(path: str, data: bytes | None, armour: bytes | None) -> tuple[Statement | None, str]:
    """What a pair of files says, and why it is not as isodocs wrote it."""
    if data is None:
        return None, "" if key_of(armour) else "it is no signature"
    try:
        statement = read(data)
    except UnreadableStatement as fault:
        return None, str(fault)
    if file_name(data, statement) != path:
        return None, "it is not the statement that its name tells"
    if armour is None:
        return statement, ""
    if statement.assurance is Assurance.UNSIGNED:
        return statement, "it is unsigned and has a .sig"
    return statement, "" if verify.check(data, armour).ok else "its .sig does not fit it"


def key_of(armour: bytes | None) -> str:
    """The key that a signature file carries; empty if it is none."""
    if armour is None:
        return ""
    try:
        return parse_blob(sshsig.read(armour).public_key).line()
    except (BadSignature, BadKey):
        return ""


def clear_orphans(root: Path, repository: Repository, files: Mapping[str, bytes]) -> None:
    """Remove signatures without statement that a killed run left where these files are about to be written.

    Only those of the same person, meaning and key, in the same folder, that git does not know. The caller
    makes sure that nobody else is writing there.

    Raises:
        CannotRun: one cannot be removed.
    """
    for path, data in files.items():
        if not path.endswith(SIG) or not (key := key_of(data)):
            continue
        folder, _, leaf = path.rpartition("/")
        start = ".".join(leaf.split(".")[:2]) + "."
        place = root / folder
        names = sorted(place.iterdir()) if place.is_dir() and not place.is_symlink() else []
        for one in names:
            lone = one.name.startswith(start) and one.name.endswith(f".json{SIG}")
            if lone and not _is_known(repository, f"{folder}/{one.name}"):
                clear_lone(one, key)


def clear_lone(place: Path, key: str) -> None:
    """Remove a signature by this key whose file is not there: what a run left that was killed midway.

    Raises:
        CannotRun: it cannot be removed.
    """
    if _is_orphan(place, key):
        _remove(place)


def _is_orphan(place: Path, key: str) -> bool:
    lone = (
        place.is_file()
        and not place.is_symlink()
        and not place.with_name(place.name.removesuffix(SIG)).exists()
    )
    return lone and key_of(place.read_bytes()) == key


def _is_known(repository: Repository, path: str) -> bool:
    """Whether the index or HEAD has a signature or its statement."""
    names = (path, path.removesuffix(SIG))
    if repository.run("ls-files", "-z", "--cached", "--", *names):
        return True
    head = repository.head()
    return head is not None and bool(repository.run("ls-tree", "-z", "--full-tree", head, "--", *names))


def _remove(place: Path) -> None:
    try:
        place.unlink()
    except OSError as error:
        raise CannotRun(f"{place} cannot be removed: {error.strerror}.") from None
