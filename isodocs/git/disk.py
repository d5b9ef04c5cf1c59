"""Files on disk as git would store them: modes, object names, bytes. Links are never followed."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isodocs.core.history import Entry
from isodocs.core.problem import CannotRun
from isodocs.git.names import to_bytes, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from isodocs.git.eol import LineEnds

CHUNK = 1 << 20
_PLAINLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass
class Disk:
    """The files below a folder.

    Attributes:
        root: the folder; paths are relative to it, with ``/``.
        object_format: ``sha1`` or ``sha256``, for object names.
        line_ends: how git would store line ends; None: files stay as they are.
    """

    root: Path
    object_format: str = "sha1"
    line_ends: LineEnds | None = None
    _folders: dict[str, bool] = field(default_factory=dict)
    _converted: set[str] = field(default_factory=set)

    @staticmethod
    def blob_id(content: bytes, object_format: str) -> str:
        """The name git gives to these bytes: the digest of ``blob <size>``, NUL and the bytes."""
        digest = hashlib.new(object_format, b"blob %d\0" % len(content), usedforsecurity=False)
        digest.update(content)
        return digest.hexdigest()

    def listing(self, folder: str) -> list[tuple[str, bool]]:
        """What lies in a folder (``""`` or ending with ``/``), sorted: names, and whether each is a folder.

        Raises:
            CannotRun: the folder cannot be read.
        """
        try:
            with os.scandir(self._place(folder)) as items:
                return sorted((to_text(item.name), item.is_dir(follow_symlinks=False)) for item in items)
        except OSError as error:
            raise CannotRun(f"The folder {self.root / folder} cannot be read: {error.strerror}.") from None

    def entries(self, paths: Mapping[str, Entry | None]) -> dict[str, Entry]:
        """The entries of these paths; those not there, or neither file nor link, are left out.

        The index's entry, where there is one, says what this file system cannot: a submodule, and with
        ``core.fileMode=false`` the mode.

        Raises:
            CannotRun: a file cannot be read.
        """
        found: dict[str, Entry] = {}
        crlf: list[str] = []
        for path, known in paths.items():
            entry, mixed = self._entry(path, known)
            if entry is not None:
                found[path] = entry
            if mixed:
                crlf.append(path)
        if self.line_ends is not None and crlf:
            self._converted = self.line_ends.converted({path: paths[path] for path in crlf}, self._content)
        for path in self._converted:
            stored = self._content(path).replace(b"\r\n", b"\n")
            found[path] = Entry(found[path].mode, self.blob_id(stored, self.object_format))
        return found

    def read(self, wanted: Iterable[tuple[str, Entry]]) -> Iterator[bytes]:
        """The bytes of each in turn, as git would store them.

        Raises:
            CannotRun: a file is not any more what its entry says.
        """
        for path, entry in wanted:
            content = self._content(path)
            if path in self._converted:
                content = content.replace(b"\r\n", b"\n")
            if self.blob_id(content, self.object_format) != entry.oid:
                raise CannotRun(f"{path} changed while it was read; run the command again.")
            yield content

    def standing(self, path: str, entry: Entry) -> bytes | None:
        """The bytes of an ordinary file as they stand, if they are those that its entry names; else None."""
        try:
            handle = os.open(self._place(path), _PLAINLY)
        except OSError:
            return None
        try:
            status = os.fstat(handle)
            small = stat.S_ISREG(status.st_mode) and status.st_size < CHUNK
            content = os.read(handle, CHUNK) if small else b""
        except OSError:
            return None
        finally:
            os.close(handle)
        return content if self.blob_id(content, self.object_format) == entry.oid else None

    def _entry(self, path: str, known: Entry | None) -> tuple[Entry | None, bool]:
        """The entry of a path as it stands, and whether it has CR LF line ends."""
        status = self._status(path)
        if status is None:
            return None, False
        if stat.S_ISLNK(status.st_mode):
            return Entry("120000", self.blob_id(self._content(path), self.object_format)), False
        if stat.S_ISDIR(status.st_mode):
            return (known if known is not None and known.mode == "160000" else None), False
        if not stat.S_ISREG(status.st_mode):
            return None, False
        oid, crlf = self._digest(path, status.st_size)
        return Entry(self._mode(status, known), oid), crlf

    def _mode(self, status: os.stat_result, known: Entry | None) -> str:
        if self.line_ends is not None and not self.line_ends.modes_count:
            return known.mode if known is not None and known.regular else "100644"
        return "100755" if status.st_mode & stat.S_IXUSR else "100644"

    def _status(self, path: str) -> os.stat_result | None:
        """What a path is itself; None when it is not there, or only behind a link."""
        if not self._real_folder(path.rpartition("/")[0]):
            return None
        try:
            return os.lstat(self._place(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unreadable(path, error) from None

    def _real_folder(self, folder: str) -> bool:
        """Whether neither the folder nor one above it, up to the root, is a link; there may be thousands."""
        waiting = []
        while folder and folder not in self._folders:
            waiting.append(folder)
            folder = folder.rpartition("/")[0]
        real = self._folders[folder] if folder else True
        for each in reversed(waiting):
            place = self._place(each)
            real = real and os.path.isdir(place) and not os.path.islink(place)  # noqa: PTH112, PTH114 - bytes
            self._folders[each] = real
        return real

    def _digest(self, path: str, size: int) -> tuple[str, bool]:
        """The object name of a file as it stands, and whether CR LF occurs in it, chunk by chunk."""
        digest = hashlib.new(self.object_format, b"blob %d\0" % size, usedforsecurity=False)
        crlf, last, length = False, b"", 0
        for chunk in self._chunks(path):
            digest.update(chunk)
            crlf = crlf or b"\r\n" in chunk or (last == b"\r" and chunk.startswith(b"\n"))
            last, length = chunk[-1:], length + len(chunk)
        if length != size:
            raise CannotRun(f"{path} changed while it was read; run the command again.")
        return digest.hexdigest(), crlf

    def _content(self, path: str) -> bytes:
        try:
            if os.path.islink(self._place(path)):  # noqa: PTH114 - bytes
                return os.readlink(self._place(path))  # noqa: PTH115 - bytes
        except OSError as error:
            raise self._unreadable(path, error) from None
        return b"".join(self._chunks(path))

    def _chunks(self, path: str) -> Iterator[bytes]:
        try:
            handle = os.open(self._place(path), _PLAINLY)
        except OSError as error:
            raise self._unreadable(path, error) from None
        with os.fdopen(handle, "rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def _place(self, path: str) -> bytes:
        return os.fsencode(self.root) + b"/" + to_bytes(path)

    def _unreadable(self, path: str, error: OSError) -> CannotRun:
        return CannotRun(f"{path} cannot be read: {error.strerror}.")
