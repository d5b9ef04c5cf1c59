"""The part of an edition that one machine made (``export --shard``), as a file, and the parts put together.

A part is a ZIP file. ``part.json`` in it is ``format: 1``; ``files/`` holds the signed texts and what they
embed, each under its SHA-256. Pages are not in it: making one takes less than a millisecond, and whether a
link leads anywhere only all parts together tell. So whoever puts them together makes them, with all that
makes them harmless. What is in force a part says without proof: it is worth what the machine and the way are
worth on which it came.

::

    {"format": 1, "command": "export", "shard": "2/4", "program",
     "of": {"title", "qms", "as_of", "epoch", "day", "commit", "mainline", "timezone", "snapshot", "types",
            "due_soon_days", "notes", "tree", "remarks"},
     "next_change", "documents": [{…}, …], "withdrawn": [{…}, …]}

``of`` must be the same in all parts; ``tree`` is the ``tree`` of a check's part. Documents and withdrawn ones
have the keys of ``PublishedDocument`` and ``WithdrawnRow``, with digests in the place of bytes.
"""

from __future__ import annotations

import json
import lzma
import struct
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final

from isodocs.core.problem import CannotRun
from isodocs.core.shard import Shard
from isodocs.core.text import visible
from isodocs.edition.model import Edition, PublishedDocument, WithdrawnRow
from isodocs.edition.selection import rule_pages
from isodocs.edition.values import Reader, hints_of, to_json
from isodocs.reports.fields import Fields, read_object
from isodocs.reports.program import program
from isodocs.reports.together import MOST_BYTES, Piece, require_together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT: Final = 1
_INDEX: Final = "part.json"
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_OF: Final = (
    "title", "qms", "as_of", "epoch", "day", "commit", "mainline", "timezone", "snapshot", "types",
    "due_soon_days", "notes",
)  # fmt: skip
_DAMAGED: Final = (
    ValueError, KeyError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error,
    lzma.LZMAError, struct.error,
)  # fmt: skip
_KEYS: Final = ("format", "command", "shard", "program", "of", "next_change", "documents", "withdrawn")


def written(edition: Edition, share: Shard, tree: str, remarks: Sequence[str] = ()) -> bytes:
    """The file of a part: of an edition with the documents of this part only.

    Args:
        edition: it.
        share: the part.
        tree: a digest of what the edition follows from.
        remarks: sentences for the user.
    """
    blobs: dict[str, bytes] = {}
    value = {
        "format": FORMAT,
        "command": "export",
        "shard": str(share),
        "program": program(),
        "of": {
            **{key: to_json(getattr(edition, key), blobs) for key in _OF},
            "tree": tree,
            "remarks": list(remarks),
        },
        "next_change": edition.next_change,
        "documents": [to_json(one, blobs) for one in edition.documents],
        "withdrawn": [to_json(one, blobs) for one in edition.withdrawn],
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, _INDEX, json.dumps(value, indent=1, ensure_ascii=True).encode("ascii"))
        for digest, data in sorted(blobs.items()):
            _add(archive, f"files/{digest}", data)
    return stream.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


class _Part:
    """The file of a part, opened.

    Args:
        path: where it lies.
    """

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        value = read_object(self._read(_INDEX, MOST_BYTES))
        later = value.get("format")
        if isinstance(later, int) and later > FORMAT:
            raise CannotRun(
                f"{path.name} was written by a later isodocs (format {later}): merge with that one."
            )
        top = Fields(value, "the file", _KEYS)
        if top.number("format", 0) != FORMAT or top.text("command") != "export":
            raise ValueError("it has another format or comes from another command")
        share = Shard.read(top.text("shard"))
        said = Fields(value["of"], "'of'", (*_OF, "tree", "remarks"))
        self.remarks = [visible(one) for one in said.texts("remarks")]
        self.piece = Piece(path.name, share, top.text("program"), said.value)
        made, hints = Reader(self._blob), hints_of(Edition)
        self.head = {key: made.made(hints[key], said.value[key]) for key in _OF}
        self.documents = made.all_of(PublishedDocument, value["documents"])
        self.withdrawn = made.all_of(WithdrawnRow, value["withdrawn"])
        self.next_change: int | None = made.made(hints["next_change"], value["next_change"])
        for name in [*(one.id for one in self.documents), *(one.id for one in self.withdrawn)]:
            if not share.has(name):
                raise ValueError(f"{name} belongs to another part")

    def _read(self, name: str, most: int) -> bytes:
        """A file of the archive, and never more than that many bytes of it."""
        with self._archive.open(name) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise ValueError(f"{name} is larger than anything that belongs there")
        return data

    def _blob(self, digest: str) -> bytes:
        try:
            data = self._read(f"files/{digest}", MOST_BYTES)
        except (OSError, *_DAMAGED):
            raise CannotRun(f"{self.piece.name} lacks the file with the SHA-256 {digest}.") from None
        if sha256(data).hexdigest() != digest:
            raise CannotRun(f"{self.piece.name} holds another file than the one with the SHA-256 {digest}.")
        return data


def merged(paths: Sequence[Path]) -> tuple[Edition, Sequence[str]]:
    """The edition of all parts, and what the user should know.

    Raises:
        CannotRun: one is missing, there twice, or no part; or they do not belong together.
    """
    parts = [_opened(path) for path in paths]
    require_together([part.piece for part in parts])
    changes = [part.next_change for part in parts if part.next_change is not None]
    edition = Edition(
        **parts[0].head,
        documents=tuple(sorted((one for part in parts for one in part.documents), key=lambda one: one.id)),
        withdrawn=tuple(sorted((one for part in parts for one in part.withdrawn), key=lambda one: one.id)),
        rules=rule_pages(),
        next_change=min(changes, default=None),
    )
    return edition, parts[0].remarks


def _opened(path: Path) -> _Part:
    try:
        return _Part(path)
    except (OSError, *_DAMAGED) as error:
        if isinstance(error, OSError) and error.filename is not None:  # the file itself, not what is in it
            raise
        why = visible(" ".join(str(error).split()))
        raise CannotRun(f"{path.name} is no part of 'isodocs export --shard': {why}.") from None
