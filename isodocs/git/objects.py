"""Objects as ``git cat-file --batch`` prints them, each held against its name.

git does not look whether an object that it reads from its own folder is the one its name stands for. Who can
write there (a repository handed over as an archive, a folder that several people share) could put other
bytes under the name of a commit, a tree or a document, by a loose object, a pack's index or a
multi-pack-index. The name is the digest of the bytes, so it is computed again here.
"""

from __future__ import annotations

import hashlib
import re
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HEAD = re.compile(rb"([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d{1,18})\n", re.ASCII)
_LONGEST_HEAD = 200
_DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


class Found(NamedTuple):
    """An object: its name, its kind (``blob``, ``tree``, ``commit``, ``tag``) and its bytes."""

    oid: str
    kind: str
    content: bytes


class BadAnswer(Exception):
    """git has no such object, or did not print one; the text says what it printed."""


class Forged(Exception):
    """The bytes under a name are others than those it stands for; the text is the name."""


def name_of(kind: str, content: bytes, object_format: str) -> str:
    """The name git gives to an object: the digest of its kind, its size, NUL and its bytes."""
    digest = _DIGESTS[object_format](b"%s %d\0" % (kind.encode("ascii"), len(content)), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def file_by_file(paths: Mapping[str, str]) -> list[str]:
    """In which order git gives many versions of files with the least work.

    A pack holds most versions as differences from another one of the same file, in chains of up to fifty, and
    git remembers for a while what it built others upon, but not what it only handed out. Whoever asks in the
    order of history jumps from chain to chain, and each is unwound again and again: of 100,000 versions of
    10,000 documents that takes three times as long. Chains begin at either end of a file's history, according
    to who packed them. With both ends first, each is unwound once, and what lies between is remembered.

    Args:
        paths: the file of each version, by object name, in the order of history.

    Returns:
        The object names, those of one file together: its first version, then from the newest backwards.
    """
    versions: dict[str, list[str]] = {}
    for oid, path in paths.items():
        versions.setdefault(path, []).append(oid)
    return [oid for one in versions.values() for oid in (one[0], *one[:0:-1])]


def answers(stream: IO[bytes], object_format: str) -> Iterator[Found]:
    """What ``git cat-file --batch`` prints, to the end of the stream; raises as ``answer`` does."""
    while (found := answer(stream, object_format)) is not None:
        yield found


def answer(stream: IO[bytes], object_format: str) -> Found | None:
    """The next object that ``git cat-file --batch`` prints; None at the end of the stream.

    Raises:
        BadAnswer: it is missing, or the stream is not what git prints.
        Forged: its bytes are not those that its name stands for.
    """
    head = stream.readline(_LONGEST_HEAD)
    if not head:
        return None
    match = _HEAD.fullmatch(head)
    if match is None:
        words = head.decode("ascii", "replace").split()
        raise BadAnswer(f"object {words[0]} is missing" if words[1:] == ["missing"] else _odd(head))
    oid, kind, size = match[1].decode("ascii"), match[2].decode("ascii"), int(match[3])
    content = stream.read(size)
    if len(content) != size or stream.read(1) != b"\n":
        raise BadAnswer(f"object {oid} is corrupt: it ends too early")
    if name_of(kind, content, object_format) != oid:
        raise Forged(oid)
    return Found(oid, kind, content)


def _odd(head: bytes) -> str:
    return f"corrupt output of cat-file: {head[:60]!r}"
