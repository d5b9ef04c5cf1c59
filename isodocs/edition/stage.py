"""The edition as files: which there are, and how they come into a folder without doing harm there.

The staged tree starts from nothing and holds what is in force, so any site generator can build it. It
depends on the edition alone: the same edition gives the same bytes, whatever the clock, the locale or
the machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from isodocs.core.identity import is_id
from isodocs.core.problem import CannotRun
from isodocs.edition import registers
from isodocs.edition.links import Resolver, attachment_path, page_path
from isodocs.edition.pages import document_page, has_diagram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from isodocs.edition.model import Attachment, Edition, PublishedDocument

MANIFEST: Final = ".isodocs-edition.json"
_MANY: Final = 200
_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LITTER: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is asked of a page that nobody needs to read: its SHA-256, and whether it has diagrams."""

    digest: str
    diagrams: bool

    @classmethod
    def of(cls, data: bytes) -> PageFacts:
        """The facts of a page that was read."""
        return cls(sha256(data).hexdigest(), has_diagram(data))


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of the staged tree.

    Attributes:
        path: in the tree, with ``/``.
        read: gives the bytes; raises CannotRun if they are not what was signed.
        document: the document whose page it is.
        facts: what is known of the bytes without reading them; None: nothing.
    """

    path: str
    read: Callable[[], bytes]
    document: PublishedDocument | None = None
    facts: PageFacts | None = None


def document_file(document: PublishedDocument, resolver: Resolver) -> StagedFile:
    """The page of a document in force."""
    return page_file(page_path(document), document_page(document, resolver), document)


def files(
    edition: Edition, page: Callable[[PublishedDocument, Resolver], StagedFile] = document_file
) -> Iterator[StagedFile]:
    """Every file of the staged tree, in a fixed order.

    Args:
        edition: it.
        page: gives the page of a document in force.

    Raises:
        CannotRun: two documents of the edition share an id, or one has none that could name a file.
    """
    for each in edition.documents:
        if not is_id(each.id) or not _TYPE.fullmatch(each.type):
            raise CannotRun(
                f"{each.path} has no id that a page could be named by, so it cannot be published."
            )
    documents = {each.id: each for each in edition.documents}
    if len({name.casefold() for name in documents}) != len(edition.documents):
        raise CannotRun("Two documents of this edition share an id, so it cannot be published.")
    resolver = Resolver(documents)
    yield page_file(registers.HOME, registers.home(edition))
    for type_id, title, rows in registers.by_type(edition):
        yield page_file(registers.type_page_path(type_id), registers.type_page(type_id, title, rows))
        for each in rows:
            yield page(each, resolver)
    yield page_file(registers.MASTER_LIST, registers.master_list(edition))
    if edition.withdrawn:
        yield page_file(registers.WITHDRAWN, registers.withdrawn(edition))
    if edition.rules:
        yield page_file(registers.RULES, registers.rules(edition))
    yield page_file(registers.FACTS, registers.facts(edition))
    yield from attachments(edition.documents)


def attachments(documents: tuple[PublishedDocument, ...]) -> Iterator[StagedFile]:
    """The embedded files of documents, each once, by digest and name."""
    found: dict[str, Attachment] = {}
    for document in documents:
        for reference, attachment in document.embedded.items():
            found.setdefault(attachment_path(reference, attachment), attachment)
    for path in sorted(found):
        yield StagedFile(path, _checked(path, found[path]))


def page_file(path: str, text: str, document: PublishedDocument | None = None) -> StagedFile:
    """A page of the staged tree, from its text."""
    data = text.encode("utf-8")
    return StagedFile(path, lambda: data, document)


def _checked(path: str, attachment: Attachment) -> Callable[[], bytes]:
    def read() -> bytes:
        data = attachment.read()
        if sha256(data).hexdigest() != attachment.digest:
            raise CannotRun(f"The file for {path} is not the one that was signed.")
        return data

    return read


def stage(edition: Edition, target: Path) -> int:
    """Write the staged tree into ``target`` and give the number of its files.

    The folder must be absent, empty or made by an earlier call and not touched since. It is replaced as
    a whole: whoever reads it sees one edition or the other.

    Raises:
        CannotRun: the folder holds something that is not ours, or cannot be written.
    """
    target = Path(os.path.realpath(target))
    _refuse_foreign(target)
    try:
        _remove_leftovers(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.isodocs-new-{os.getpid()}")
        try:
            count = _write(edition, fresh)
            _swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise CannotRun(f"{target} cannot be written: {error.strerror or error}.") from error
    return count


def _write(edition: Edition, folder: Path) -> int:
    digests: dict[str, str] = {}
    folder.mkdir()
    for file in files(edition):
        data = file.read()
        _write_file(folder / file.path, data)
        digests[file.path] = sha256(data).hexdigest()
    manifest = {"format": 1, "made_by": "isodocs export", "files": digests}
    _write_file(folder / MANIFEST, (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode("ascii"))
    _settle(folder, [*digests, MANIFEST])
    return len(digests)


def _write_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        stream.write(data)


def _settle(folder: Path, names: Iterable[str]) -> None:
    """Wait until the disk holds what was written, before the folder gets its name.

    A file at a time, or, where there are many, once for all the machine has to write: some thousand waits
    take minutes on a slow disk, and one wait may take long on a busy machine.
    """
    paths = [folder / name for name in names]
    if len(paths) > _MANY and hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())


def _swap(fresh: Path, target: Path) -> None:
    """Put the new folder in the place of the old one."""
    if not target.exists():
        fresh.rename(target)
        return
    old = target.with_name(f".{target.name}.isodocs-old-{os.getpid()}")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)


def _remove_leftovers(target: Path) -> None:
    """Remove what a killed run left beside the folder; a run that is alive keeps its own."""
    for kind in ("new", "old"):
        prefix = f".{target.name}.isodocs-{kind}-"
        for path in target.parent.glob(f"{_escaped(prefix)}*"):
            number = path.name.removeprefix(prefix)
            if number.isdecimal() and (int(number) == os.getpid() or not _is_alive(int(number))):
                shutil.rmtree(path)


def _escaped(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _refuse_foreign(target: Path) -> None:
    """Refuse a folder with anything in it that an earlier call did not write."""
    if not target.exists():
        return
    if not target.is_dir():
        raise CannotRun(f"{target} is a file. Name a folder for the edition.")
    found = sorted(_files_in(target))
    if not found:
        return
    manifest = _manifest(target / MANIFEST)
    if manifest is None:
        raise CannotRun(
            f"{target} is not empty, and isodocs did not make it. Name another folder, or an empty one.",
        )
    for path in found:
        name = path.relative_to(target).as_posix()
        if name != MANIFEST and not _is_ours(path, manifest.get(name)):
            raise CannotRun(
                f"{path} was added or changed by hand, so the folder is not written again. "
                "Move it elsewhere, or remove the folder.",
            )


def _files_in(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in [*names, *links] if name not in _LITTER)


def _manifest(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    listed = value.get("files") if isinstance(value, dict) and value.get("format") == 1 else None
    return listed if isinstance(listed, dict) else None


def _is_ours(path: Path, digest: object) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    return sha256(path.read_bytes()).hexdigest() == digest
