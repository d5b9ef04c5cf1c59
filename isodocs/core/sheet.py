"""The sheet of a document file: all that rules ask of its text, so that the text need not be read again.

A sheet follows from the bytes of one file, its path and what the settings say of documents, and from nothing
else. So it can be kept, and found again by these three.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from isodocs.core import markdown
from isodocs.core.document import resolve
from isodocs.core.identity import id_in_filename, is_id
from isodocs.core.nodes import Scalar, Sequence
from isodocs.core.problem import START, Problem, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isodocs.core.library import Reading
    from isodocs.core.nodes import Node

FORMAT = 1
SCHEME = "isodocs:"
PEOPLE_IN = ("owner", "approvers", "audience")
NAMED_IN = ("related", "parent", "replaced_by", "translation_of")
PLACED = ("id", "type", "revision", "review_date", "valid_until", "payload")
_JSON = json.JSONEncoder(separators=(",", ":"), sort_keys=True)
Kind = Literal["id", "key", "page", "file"]


class Reference(NamedTuple):
    """Something in the document that points to a place of this repository.

    Attributes:
        kind: ``id``: a link that names an id; ``key``: an id in the front matter; ``page``: a link within the
            document; ``file``: a link to a file.
        written: the target as written; of an id without the scheme.
        place: the path in the repository; None if it lies outside, or for ``id`` and ``key``.
        anchor: the anchor asked for, if one is.
        span: where it is written.
    """

    kind: Kind
    written: str
    place: str | None
    anchor: str
    span: Span


class Embedded(NamedTuple):
    """A picture or payload: its path from the document, that in the repository, and where it is written."""

    target: str
    place: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document file.

    Attributes:
        path: in the repository.
        sha256: of its bytes.
        id: the document; empty if the file cannot be read as one.
        written: what stands under ``id``.
        called: the id it gives itself, also where it cannot be read; else the one in its name.
        spans: where the values of the keys ``PLACED`` stand, of those that are there.
        people: key, name and place of every role or person that is named.
        references: what points elsewhere.
        embedded: pictures and payload.
        anchors: what a link to it can ask for.
        supersedes: the ids it says it supersedes; none where its front matter does not fit.
        valid_until: the last day it can be in force, likewise.
        problems: what rules find that look at nothing but this file and the settings.
    """

    path: str
    sha256: str
    id: str
    written: str
    called: str
    spans: Mapping[str, Span]
    people: tuple[tuple[str, str, Span], ...]
    references: tuple[Reference, ...]
    embedded: tuple[Embedded, ...]
    anchors: frozenset[str]
    supersedes: tuple[str, ...] = ()
    valid_until: date | None = None
    problems: tuple[Problem, ...] = ()

    def span(self, key: str) -> Span:
        """Where the value of a key of ``PLACED`` stands; where there is none, the top of the file."""
        return self.spans.get(key, START)

    def with_problems(self, problems: Iterable[Problem]) -> Sheet:
        """The sheet with what the rules found."""
        return replace(self, problems=tuple(problems))

    def to_bytes(self) -> bytes:
        """As canonical JSON, without the path."""
        value = [
            FORMAT,
            self.sha256,
            self.id,
            self.written,
            self.called,
            self.spans,
            self.people,
            self.references,
            self.embedded,
            sorted(self.anchors),
            self.supersedes,
            self.valid_until.isoformat() if self.valid_until else None,
            [[one.code, one.message, one.fix, one.span, one.id, one.severity] for one in self.problems],
        ]
        return _JSON.encode(value).encode("ascii")

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Sheet:
        """The sheet of the file at a path.

        Raises:
            ValueError: these are not the bytes of a sheet of this format.
        """
        try:
            return cls._from_json(path, json.loads(data))
        except (TypeError, LookupError, AttributeError, RecursionError) as error:
            raise ValueError("this is no sheet of a document") from error

    @classmethod
    def _from_json(cls, path: str, value: Any) -> Sheet:  # noqa: ANN401 - what JSON gives
        form, digest, own, written, called, spans, people, references, embedded, *rest = value
        anchors, supersedes, until, problems = rest
        if form != FORMAT:
            raise ValueError(f"this is a sheet of format {form}")
        return cls(
            path,
            digest,
            own,
            written,
            called,
            {key: Span(*at) for key, at in spans.items()},
            tuple([(key, who, Span(*at)) for key, who, at in people]),
            tuple(
                [
                    Reference(kind, said, place, anchor, Span(*at))
                    for kind, said, place, anchor, at in references
                ]
            ),
            tuple([Embedded(target, place, Span(*at)) for target, place, at in embedded]),
            frozenset(anchors),
            tuple(supersedes),
            date.fromisoformat(until) if until else None,
            tuple(
                [
                    Problem(code, message, fix, path, Span(*at), concerned, Severity(severity))
                    for code, message, fix, at, concerned, severity in problems
                ]
            ),
        )


def of(reading: Reading) -> Sheet:
    """The sheet of a file that was read in full, without what rules find."""
    front = reading.front
    return Sheet(
        path=reading.path,
        sha256=reading.sha256,
        id=reading.id,
        written=text_of(reading, "id"),
        called=id_of(reading),
        spans={key: span for key in PLACED if (span := span_of(reading, key)) != START},
        people=tuple(_people(reading)),
        references=tuple(_references(reading)),
        embedded=tuple(_embedded(reading)),
        anchors=reading.outline.anchors,
        supersedes=front.supersedes if front else (),
        valid_until=front.valid_until if front else None,
    )


def _people(reading: Reading) -> Iterator[tuple[str, str, Span]]:
    for key in PEOPLE_IN:
        yield from ((key, one.text, one.span) for one in _scalars(_value(reading, key)) if one.text)


def id_of(reading: Reading) -> str:
    """The id a file gives itself, also where it cannot be read as a document; else the one in its name."""
    written = text_of(reading, "id")
    return reading.id or (written if is_id(written) else "") or id_in_filename(reading.path) or ""


def text_of(reading: Reading, key: str) -> str:
    """The text under a key of the front matter; empty if there is none."""
    node = _value(reading, key)
    return node.text if isinstance(node, Scalar) else ""


def span_of(reading: Reading | None, key: str) -> Span:
    """Where the value of a key stands; where there is none, the key, else the top of the file."""
    entry = reading.parsed.front.entry(key) if reading is not None and reading.parsed.front else None
    if entry is None:
        return START
    blank = isinstance(entry.value, Scalar) and not entry.value.text and not entry.value.quoted
    return entry.key.span if blank else entry.value.span


def _value(reading: Reading, key: str) -> Node | None:
    return reading.parsed.front.get(key) if reading.parsed.front else None


def _scalars(node: Node | None) -> Iterator[Scalar]:
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar):
            yield item


def _references(reading: Reading) -> Iterator[Reference]:
    for link in reading.outline.links:
        if link.target.startswith(SCHEME):
            written = link.target.removeprefix(SCHEME)
            yield Reference("id", written, None, written.partition("#")[2], link.span)
        elif (found := markdown.local_target(link.target)) is not None:
            path, anchor = found
            place = resolve(reading.path, path) if path else reading.path
            yield Reference("file" if path else "page", link.target, place, anchor, link.span)
    for key in NAMED_IN:
        for one in _scalars(_value(reading, key)):
            if one.text.strip():
                written = one.text.split()[0]
                yield Reference("key", written, None, written.partition("#")[2], one.span)


def _embedded(reading: Reading) -> Iterator[Embedded]:
    for picture in reading.outline.pictures:
        found = markdown.local_target(picture.target)
        if found and found[0]:
            yield Embedded(found[0], resolve(reading.path, found[0]), picture.span)
    payload = markdown.local_target(text_of(reading, "payload"))
    if payload and payload[0]:
        yield Embedded(payload[0], resolve(reading.path, payload[0]), span_of(reading, "payload"))
