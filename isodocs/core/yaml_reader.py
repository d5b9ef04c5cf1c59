"""YAML as isodocs reads it: the events of the parser become nodes with their places.

Only what a reader sees on the page is allowed. Anchors and aliases, tags, merge keys, keys given twice
and several documents are problems. Where a part cannot be read, the rest still is.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from isodocs.core.nodes import Entry, Mapping, Scalar, Sequence
from isodocs.core.problem import Problem, Span
from isodocs.core.text import place
from isodocs.core.yaml_advice import explain
from isodocs.core.yaml_parser import new_parser

if TYPE_CHECKING:
    from yaml.events import Event

    from isodocs.core.nodes import Node


SYNTAX, DUPLICATE, LIMIT = "FM102", "FM103", "FM108"
MAX_DEPTH = 8
MAX_PARTS = 500
MAX_FAULTS = 20
_TOP_LEVEL = re.compile(r"^(?=[^\s#\]})-]|-[^\s])", re.MULTILINE)
_SECOND, _NO_SECOND = "A second YAML document begins here.", "Remove the line `---`."
_NO_SPACE = re.compile(r"[A-Za-z_][\w-]*:(?=\S)")
_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")


class Fault(Exception):
    """Reading cannot go on; the problem says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read(text: str, line: int = 1) -> tuple[Node | None, list[Problem]]:
    """The one document in ``text``, whose first line is ``line`` of the file, and what is wrong with it.

    After a fault the entries of the top level that can be read are given, so that the check can go on.
    ``text`` holds no control characters.
    """
    text = _BREAKS.sub("\ufffd", text)
    reader = _Reader(line)
    try:
        return reader.document(text), reader.problems
    except Fault as fault:
        return _salvage(text, line, fault.problem)


def _salvage(text: str, line: int, first: Problem) -> tuple[Node | None, list[Problem]]:
    """Read each entry of the top level on its own.

    If none is at fault alone, the fault of the whole stands.
    """
    starts = [found.start() for found in _TOP_LEVEL.finditer(text)][:MAX_PARTS]
    entries: list[Entry] = []
    problems: list[Problem] = []
    faults: list[Problem] = []
    row, last = line, 0
    for start, end in pairwise([*starts, len(text)]):
        row, last = row + place(text[last:start], start - last)[0] - 1, start
        reader = _Reader(row)
        try:
            node = reader.document(text[start:end])
        except Fault as fault:
            faults.append(fault.problem)
            if len(faults) >= MAX_FAULTS:
                break
            continue
        if isinstance(node, Mapping):
            entries.extend(node.entries)
            problems.extend(reader.problems)
        elif node is not None:
            faults.append(_no_key(node, text[start:end], row))
    unique, repeated = _unique(entries)
    node = Mapping(unique, _around(unique)) if unique else None
    return node, sorted([*(faults or [first]), *problems, *repeated], key=lambda p: p.span)


class _Reader:
    """Turns the parser's events into nodes."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.problems: list[Problem] = []
        self.text = ""
        self._next: Any = None

    def document(self, text: str) -> Node | None:
        """The one document of the text; None if there is nothing in it."""
        self.text = text
        try:
            self._next = new_parser(text).get_event
            self._next()
            start = self._next()
            if type(start) is StreamEndEvent:
                return None
            node = self._node(self._next(), 1)
            while type(event := self._next()) is not StreamEndEvent:
                if type(event) is not DocumentEndEvent:
                    raise self._fault(event, _SECOND, _NO_SECOND)
        except MarkedYAMLError as error:
            raise Fault(explain(error, text, self.line)) from error
        except (YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
            raise Fault(
                Problem(SYNTAX, "This is not YAML.", span=Span(self.line, 1, self.line, 1))
            ) from error
        return None if isinstance(node, Scalar) and not node.text and not node.quoted else node

    def _node(self, event: Event, depth: int) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        if depth > MAX_DEPTH:
            message = f"Lists and keys are nested more than {MAX_DEPTH} deep here."
            raise self._fault(event, message, "Write it flatter.", LIMIT)
        self._plain(event)
        if kind is MappingStartEvent:
            return self._mapping(event, depth)
        if kind is SequenceStartEvent:
            return self._sequence(event, depth)
        raise self._fault(event, "This is not YAML.", "")

    def _scalar(self, event: Any) -> Scalar:  # noqa: ANN401 - the parser's events carry no types
        if event.anchor is not None or event.tag is not None:
            self._plain(event)
        style = event.style
        span = self._span(event.start_mark, event.end_mark)
        if style in {"|", ">"}:
            span = self._trimmed(event)
        return Scalar(event.value, span, bool(style))

    def _alias(self, event: Any) -> Scalar:  # noqa: ANN401 - as above
        span = self._span(event.start_mark, event.end_mark)
        message = f"`*{event.anchor}` refers to a value elsewhere (a YAML alias)."
        fix = f'Write the value out, or put it in quotes if the asterisk is meant: "*{event.anchor}".'
        self.problems.append(Problem(SYNTAX, message, fix, span=span))
        return Scalar(f"*{event.anchor}", span)

    def _plain(self, event: Any) -> None:  # noqa: ANN401 - as above
        """Report an anchor or a tag."""
        if event.anchor is not None:
            message, fix = f"`&{event.anchor}` names this value for use elsewhere (a YAML anchor).", "`&`"
        elif event.tag is not None:
            message, fix = "`!` gives this value a type of its own (a YAML tag).", "`!`"
        else:
            return
        fix = f"Remove it, or put the value in quotes if the {fix} is meant."
        self.problems.append(Problem(SYNTAX, message, fix, span=self._span(event.start_mark, event.end_mark)))

    def _sequence(self, start: Any, depth: int) -> Sequence:  # noqa: ANN401 - as above
        items = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return Sequence(tuple(items), self._stretch(start, event, items))

    def _mapping(self, start: Any, depth: int) -> Mapping:  # noqa: ANN401 - as above
        entries = []
        while type(event := self._next()) is not MappingEndEvent:
            key = self._key(event, depth)
            entries.append(Entry(key, self._node(self._next(), depth + 1)))
        unique, repeated = _unique(entries)
        self.problems.extend(repeated)
        return Mapping(unique, self._stretch(start, event, [entry.value for entry in entries]))

    def _key(self, event: Event, depth: int) -> Scalar:
        key = self._node(event, depth + 1)
        if not isinstance(key, Scalar):
            raise self._fault(
                event, "A list or a group of keys cannot be a key.", "Write a word before the colon."
            )
        if key.text == "<<" and not key.quoted:
            message = "`<<` takes over the keys of another value (a YAML merge key)."
            self.problems.append(Problem(SYNTAX, message, "Write the keys out.", span=key.span))
        return key

    def _stretch(self, start: Any, end: Any, children: list[Node]) -> Span:  # noqa: ANN401 - as above
        """From the first event to the closing bracket, or in block style to the end of the last child."""
        whole = self._span(start.start_mark, end.end_mark)
        if start.flow_style or not children:
            return whole
        last = children[-1].span
        return Span(whole.line, whole.column, last.end_line, last.end_column)

    def _span(self, start: Any, end: Any) -> Span:  # noqa: ANN401 - as above
        line = self.line
        return Span(line + start.line, start.column + 1, line + end.line, end.column + 1)

    def _trimmed(self, event: Any) -> Span:  # noqa: ANN401 - as above
        """A block's span without the empty lines that follow it."""
        start, end = event.start_mark, event.end_mark
        written = self.text[start.index : end.index].rstrip()
        rows, column = place(written, len(written))
        if rows == 1:
            column += start.column
        end_line = self.line + start.line + rows - 1
        return self._span(start, end)._replace(end_line=end_line, end_column=column)

    def _fault(self, event: Any, message: str, fix: str, code: str = SYNTAX) -> Fault:  # noqa: ANN401 - as above
        span = self._span(event.start_mark, event.end_mark)
        return Fault(Problem(code, message, fix, span=span))


def _unique(entries: list[Entry]) -> tuple[tuple[Entry, ...], list[Problem]]:
    """The entries without those whose key stands before, and a problem for each of these."""
    first: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in entries:
        known = first.setdefault(entry.key.text, entry)
        if known is not entry and len(problems) < MAX_FAULTS:
            where = known.key.span.line
            message = f"The key `{entry.key.text}` stands here a second time; the first is in line {where}."
            problems.append(Problem(DUPLICATE, message, "Keep one of them.", span=entry.key.span))
    return tuple(first.values()), problems


def _no_key(node: Node, text: str, row: int) -> Problem:
    """The problem of a line at the top level that is no key with a value."""
    close = _NO_SPACE.match(text)
    if close:
        column = close.end()
        message, fix = "A space is missing after this colon.", "Put one in."
        return Problem(SYNTAX, message, fix, span=Span(row, column, row, column + 1))
    if text.startswith("---"):
        return Problem(SYNTAX, _SECOND, _NO_SECOND, span=Span(row, 1, row, 4))
    message = "This line is neither a key with a colon nor part of a value."
    return Problem(SYNTAX, message, "Write it as `key: value`.", span=node.span)


def _around(entries: tuple[Entry, ...]) -> Span:
    start, end = entries[0].key.span, entries[-1].value.span
    return Span(start.line, start.column, end.end_line, end.end_column)
