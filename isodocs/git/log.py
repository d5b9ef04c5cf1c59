r"""From the bytes of one ``git log`` to commits, as a stream and without asking git anything.

The raw format (git-log(1), PRETTY FORMATS) is read because a message cannot forge it: each message line is
indented by four spaces, no NUL can stand in a commit as git reads it, and it alone says against which
parent a merge was compared. With ``-z`` a commit looks like this::

    commit <id>[ (from <parent>)]\n<headers>\n\n    <message>\n\n
    :<modes, object names, letter>\0<path>\0:…\0<path>\0\0

A merge comes once for each parent it differs from; the parents it equals are left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from isodocs.core.history import ABSENT_MODE, Change, Commit, Identity
from isodocs.core.problem import CannotRun
from isodocs.git.names import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LAST_SECOND = 253402300799  # 9999-12-31T23:59:59Z, the last one a calendar date can be written for
_DIGITS = 15  # more than any such second has, and few enough for Python's own limit
NOBODY = Identity("", "")
_COAUTHOR = re.compile(r"co-authored-by\s*:(.*)", re.IGNORECASE)
# Encodings in which ASCII bytes mean ASCII; any other is read as UTF-8.
_ENCODING = re.compile(
    r"(iso-?8859|latin|windows-|cp125|koi8|euc[-_]|gb|big5|shift|utf-?8)[\w-]*", re.IGNORECASE
)


def arguments(tip: str, *, without: str | None = None) -> list[str]:
    """The ``git log`` whose output ``parse`` reads: commits reachable from ``tip``, not from ``without``.

    Both are ids of commits. Children come before their parents. Whatever configuration could change in
    the output is fixed here.
    """
    options = (
        "--topo-order --root --diff-merges=separate --raw -z -r --no-abbrev --no-renames "
        "--ignore-submodules=none --no-relative --no-ext-diff --no-textconv -O/dev/null "
        "--pretty=raw --encoding=none --no-expand-tabs --no-decorate --no-notes --no-mailmap "
        "--no-show-signature --no-color"
    )
    limits = [] if without is None else [f"^{without}"]
    return ["log", *options.split(), "--end-of-options", tip, *limits, "--"]


def parse(chunks: Iterable[bytes]) -> Iterator[tuple[Commit, bytes]]:
    """The commits of a log in the order git printed them, children before parents.

    With each come its words, as ``said`` finds them in the commit itself.

    Raises:
        CannotRun: the bytes are not what the arguments above make git print.
    """
    try:
        yield from _parse(chunks)
    except (ValueError, IndexError) as fault:
        raise CannotRun(f"git log printed something unexpected ({fault}); run `git fsck`.") from None


def said(commit: bytes) -> bytes:
    """The words of a commit, one blank between two: the log indents its message and drops empty lines."""
    return b" ".join(commit.partition(b"\0")[0].split())


def _parse(chunks: Iterable[bytes]) -> Iterator[tuple[Commit, bytes]]:
    names: dict[str, str] = {}
    present: _Record | None = None
    diffs: dict[str, tuple[Change, ...]] = {}
    for record in _records(chunks, names):
        if present is not None and record.oid != present.oid:
            yield _told(present, diffs)
            diffs = {}
        if present is None or record.oid != present.oid:
            present = record
        diffs[record.parent] = record.changes
    if present is not None:
        yield _told(present, diffs)


def _told(record: _Record, diffs: dict[str, tuple[Change, ...]]) -> tuple[Commit, bytes]:
    return _commit(record.oid, record.text, diffs), said(record.text.partition(b"\n")[2])


class _Record(NamedTuple):
    """One record of the log: a commit against one parent, or against all of them when that says nothing."""

    oid: str
    parent: str
    text: bytes
    changes: tuple[Change, ...]


def _records(chunks: Iterable[bytes], names: dict[str, str]) -> Iterator[_Record]:
    tokens = _tokens(chunks)
    for token in tokens:
        if not token.startswith(b"commit "):
            raise CannotRun(f"git log printed something unexpected: {token[:80]!r}.")
        text, mark, meta = token.rpartition(b"\n\n:")
        first = token[: token.index(b"\n")].decode("ascii").split(" ")
        parent = first[3].rstrip(")") if len(first) > 3 else ""  # noqa: PLR2004 - commit ID (from PARENT)
        changes = tuple(_changes(meta, tokens, names)) if mark else ()
        yield _Record(first[1], parent, text if mark else token, changes)


def _tokens(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What stands between the NULs."""
    rest: list[bytes] = []
    for chunk in chunks:
        first, *others = chunk.split(b"\0")
        rest.append(first)
        if others:
            yield b"".join(rest)
            rest = [others.pop()]
            yield from others
    if last := b"".join(rest):
        yield last


def _changes(meta: bytes, tokens: Iterator[bytes], names: dict[str, str]) -> Iterator[Change]:
    """The changes from ``meta`` on, up to the empty token that ends them or the end of the log.

    A log tells the newest first, so what came with a commit was named before if anything followed it.
    """
    keep, known = names.setdefault, names.get
    while meta:
        old_mode, new_mode, old, new, _ = meta.decode("ascii").split(" ")
        path = to_text(next(tokens, b""))
        path = known(path, path) if old_mode == ABSENT_MODE else keep(path, path)
        yield Change(
            path, keep(old_mode, old_mode), keep(new_mode, new_mode), keep(old, old), known(new, new)
        )
        meta = next(tokens, b"")[1:]


def _commit(oid: str, text: bytes, diffs: dict[str, tuple[Change, ...]]) -> Commit:
    head, _, body = text.partition(b"\n\n")
    headers = _plain_headers(head) or _any_headers(head)
    parents, author, committer, time, encoding = headers
    message = [line[4:].rstrip() for line in body.decode(encoding, "replace").split("\n")]
    subject, last = _paragraphs(message)
    everything = diffs.get("", ())
    return Commit(
        oid=oid,
        parents=parents,
        author=author,
        committer=committer,
        time=time,
        coauthors=tuple(_coauthors(last)),
        subject=" ".join(subject),
        diffs=tuple(diffs.get(parent, everything) for parent in parents) or (everything,),
    )


_Headers = tuple[tuple[str, ...], Identity, Identity, int, str]
"""Parents, author, committer, the committer's time, and the encoding of the message."""

_PERSON = rb"([^<>\n]*)<([^<>\n]*)> ([0-9]{1,15}) [+-][0-9]{4}"
_PLAIN = re.compile(
    rb"commit [^\n]*\ntree [0-9a-f]+\n((?:parent [0-9a-f]+\n)*)author " + _PERSON + rb"\ncommitter " + _PERSON
)


def _plain_headers(head: bytes) -> _Headers | None:
    """The headers of a commit that has no others and nothing odd in these: nearly every one."""
    found = _PLAIN.fullmatch(head)
    if found is None:
        return None
    parents, name, email, _, committer, address, time = found.groups()
    return (
        tuple(parents.decode("ascii").split()[1::2]),
        _person(name, email, "utf-8"),
        _person(committer, address, "utf-8"),
        min(int(time), LAST_SECOND),
        "utf-8",
    )


def _any_headers(head: bytes) -> _Headers:
    headers = [line.partition(b" ")[::2] for line in head.split(b"\n")[1:]]
    # as git does, take parents from the lines right after the tree only
    parents = tuple(value.decode("ascii") for _, value in takewhile(_is_parent, headers[1:]))
    values = dict(reversed(headers))
    encoding = _encoding(values.get(b"encoding", b""))
    author, _ = _signature(values.get(b"author", b""), encoding)
    committer, time = _signature(values.get(b"committer", b""), encoding)
    return parents, author, committer, time, encoding


def _is_parent(header: tuple[bytes, bytes]) -> bool:
    return header[0] == b"parent"


def _encoding(name: bytes) -> str:
    """The encoding a commit names, if it is one that leaves ASCII alone and that Python knows."""
    text = name.decode("ascii", "replace")
    if not _ENCODING.fullmatch(text):
        return "utf-8"
    try:
        b"".decode(text)
    except LookupError:
        return "utf-8"
    return text


@lru_cache(maxsize=4096)
def _person(name: bytes, email: bytes, encoding: str) -> Identity:
    return Identity(*(part.decode(encoding, "replace").strip() for part in (name, email)))


def _signature(value: bytes, encoding: str) -> tuple[Identity, int]:
    """``Name <mail> seconds zone``, cut as git cuts it: the first ``<`` and the first ``>`` after it."""
    name, _, rest = value.partition(b"<")
    email, _, _ = rest.partition(b">")
    digits = value.rpartition(b">")[2].split()
    seconds = int(digits[0][:_DIGITS]) if digits and digits[0].isdigit() else 0
    return _person(name, email, encoding), min(seconds, LAST_SECOND)


def _paragraphs(lines: list[str]) -> tuple[list[str], list[str]]:
    """The first and the last paragraph of a message; they can be the same one."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    full = [paragraph for paragraph in paragraphs if paragraph]
    return (full[0], full[-1]) if full else ([], [])


def _coauthors(lines: list[str]) -> Iterator[Identity]:
    """The people of the ``Co-authored-by`` lines; a line that begins with a blank continues the last one."""
    text = "\n".join(lines)
    if "authored-by" not in text.lower():
        return
    for line in re.sub(r"\n[ \t]+", " ", text).split("\n"):
        found = _COAUTHOR.fullmatch(line)
        for person in found[1].split(">")[:-1] if found else ():
            name, mark, email = person.rpartition("<")
            if mark:
                yield Identity(name.strip(" \t,"), email.strip())
