"""Adding to a YAML file that people keep: by slice, so that all they wrote around it stays as it was.

Comments, order, quotes, indentation and line ends of the file are kept. Every result is read again, to prove
that it says what was asked and that nothing else changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import TypeAlias

from isodocs.core import text as texts
from isodocs.core.frontmatter import bare, parse_yaml
from isodocs.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from isodocs.core.yaml_writer import as_quoted

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

LONGEST_FLOW = 88
_INDENT = 2
_PLAIN = re.compile(r"[^\W_](?:[\w./@+=' -]*[\w./@+=])?")
_TYPED = re.compile(r"(?i:true|false|yes|no|on|off|null|y|n|[0-9][0-9_.e+]*|0x[0-9a-f]+)")


class CannotPlace(ValueError):
    """The file is written in a way in which we cannot add this; the text says what is in the way."""


def add_entry(data: bytes, where: tuple[str, ...], key: str, value: Value) -> bytes:
    """The file with a new key at the end of a group of keys.

    Args:
        data: the file.
        where: the keys that lead to the group; it may be empty, or have nothing behind its colon.
        key: the new key.
        value: its value.

    Raises:
        CannotPlace: there is no such group, it has the key, or the file has problems.
    """
    return _add(data, where, {key: value})


def add_item(data: bytes, where: tuple[str, ...], value: Value) -> bytes:
    """The file with a new item at the end of a list; else as ``add_entry``."""
    return _add(data, where, [value])


@dataclass(frozen=True, slots=True)
class _Place:
    """A group or list in the file, with its key; the file as a whole has none.

    ``in_flow``: brackets stand around it.
    """

    node: Node
    entry: Entry | None
    in_flow: bool

    @property
    def inner(self) -> int:
        """How far in a block below the key stands."""
        return self.entry.key.span.column - 1 + _INDENT if self.entry else 0


def _add(data: bytes, where: tuple[str, ...], added: dict[str, Value] | list[Value]) -> bytes:
    root, problems = parse_yaml(data)
    if problems or not isinstance(root, Mapping):
        line = f"line {problems[0].span.line}: {problems[0].message}" if problems else "it is empty"
        raise CannotPlace(f"the file cannot be read ({line})")
    text = data.decode("utf-8")
    place, expected = _find(root, where, text), _expected(bare(root), where, added)
    start, end, new = _edit(text, place, added)
    result = (text[:start] + new + text[end:]).encode("utf-8")
    after, problems = parse_yaml(result)
    if problems or bare(after) != expected:
        raise CannotPlace(f"the way in which '{'.'.join(where)}' is written leaves no safe place")
    return result


def _find(root: Mapping, where: tuple[str, ...], text: str) -> _Place:
    place = _Place(root, None, in_flow=False)
    for key in where:
        group = place.node
        entry = group.entry(key) if isinstance(group, Mapping) else None
        if entry is None:
            raise CannotPlace(f"there is no '{key}'")
        place = _Place(entry.value, entry, in_flow=place.in_flow or _is_flow(group, text))
    return place


def _is_flow(node: Node, text: str) -> bool:
    start = texts.offset(text, node.span, end=False)
    return not isinstance(node, Scalar) and text[start : start + 1] in {"{", "["}


def _expected(value: object, where: tuple[str, ...], added: dict[str, Value] | list[Value]) -> object:
    """What the file must say afterwards."""
    if where:
        if not isinstance(value, dict):
            raise CannotPlace(f"there is no '{where[0]}'")
        return {**value, where[0]: _expected(value.get(where[0]), where[1:], added)}
    if isinstance(added, dict):
        old = value if isinstance(value, dict) else {}
        if taken := old.keys() & added.keys():
            raise CannotPlace(f"'{taken.pop()}' is there already")
        return {**old, **added}
    return [*(value if isinstance(value, list) else []), *added]


def _edit(text: str, place: _Place, added: dict[str, Value] | list[Value]) -> tuple[int, int, str]:
    """From where to where, and what to write there instead."""
    node = place.node
    children = _children(node)
    flow = _is_flow(node, text)
    if isinstance(node, Scalar) and (node.text or node.quoted):
        raise CannotPlace(f"'{node.text[:40]}' stands there")
    if children and flow:
        end = texts.offset(text, children[-1].span, end=True)
        return end, end, f", {as_flow(added)[1:-1]}"
    if children:
        column = _column(node, text)
        return _below(text, children[-1].span.end_line, column, as_block(added, column - 1))
    if flow or place.in_flow:
        return _fill(text, place, added)
    start = texts.line_start(text, node.span.end_line + 1)
    return _insert(text, start, as_block(added, place.inner))


def _children(node: Node) -> list[Node]:
    if isinstance(node, Mapping):
        return [entry.value for entry in node.entries]
    return list(node.items) if isinstance(node, Sequence) else []


def _column(node: Node, text: str) -> int:
    """The column, from 1, in which the keys or hyphens of a group or list stand."""
    if isinstance(node, Mapping):
        return node.entries[0].key.span.column
    start = texts.offset(text, node.span, end=False)
    if text[start : start + 1] != "-":
        raise CannotPlace("the list has no hyphens to follow")
    return node.span.column


def _fill(text: str, place: _Place, added: dict[str, Value] | list[Value]) -> tuple[int, int, str]:
    """An empty pair of brackets becomes a block below its key, or is filled where others stand around it."""
    span = place.node.span
    start, end = texts.offset(text, span, end=False), texts.offset(text, span, end=True)
    if place.in_flow:
        gap = "" if text[start - 1 : start] == " " else " "
        return start, end, gap + as_flow(added)
    line_end = texts.line_start(text, span.end_line + 1)
    _, _, lines = _insert(text, line_end, as_block(added, place.inner))
    return len(text[:start].rstrip(" \t")), line_end, text[end:line_end] + lines


def _below(text: str, line: int, column: int, lines: list[str]) -> tuple[int, int, str]:
    """Below a line, and below the comments that follow it and stand further in than ``column``."""
    start = look = texts.line_start(text, line + 1)
    while look < len(text):
        following = look + texts.line_start(text[look:], 2)
        words = text[look:following].strip()
        indent = len(text[look:following]) - len(text[look:following].lstrip(" "))
        if words and not (words.startswith("#") and indent >= column):
            break
        start = following if words else start
        look = following
    return _insert(text, start, lines)


def _insert(text: str, start: int, lines: list[str]) -> tuple[int, int, str]:
    line_end = texts.line_end(text)
    before = line_end if start and text[start - 1 : start] not in {"\n", "\r"} else ""
    return start, start, before + "".join(line + line_end for line in lines)


def as_block(value: dict[str, Value] | list[Value], indent: int) -> list[str]:
    """Keys or items as lines, each group below its key, short lists in brackets."""
    if isinstance(value, list):
        return [line for item in value for line in _item(item, indent)]
    return [line for key, part in value.items() for line in _pair(key, part, indent)]


def _pair(key: str, part: Value, indent: int) -> list[str]:
    head = f"{' ' * indent}{_key(key)}:"
    if isinstance(part, str):
        first, *rest = _literal(part, indent)
        return [f"{head} {first}", *rest]
    flow = as_flow(part)
    if not part or (isinstance(part, list) and len(head) + len(flow) < LONGEST_FLOW):
        return [f"{head} {flow}"]
    return [head, *as_block(part, indent + _INDENT)]


def _item(item: Value, indent: int) -> list[str]:
    space = " " * indent
    if isinstance(item, dict) and item:
        first, *rest = as_block(item, indent + _INDENT)
        return [f"{space}- {first.lstrip()}", *rest]
    return [f"{space}- {as_flow(item)}"]


def _literal(text: str, indent: int) -> list[str]:
    """A text after a colon; one of several lines as a block below it."""
    lines = text.removesuffix("\n").split("\n")
    if text.endswith("\n") and all(line.isprintable() and line[:1].strip() for line in lines):
        return ["|", *(" " * (indent + _INDENT) + line for line in lines)]
    return [_scalar(text)]


def as_flow(value: Value) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, Table):
        return "{" + ", ".join(f"{_key(key)}: {as_flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(as_flow(part) for part in value) + "]"


def _scalar(text: str) -> str:
    """A text, plain where every reader of YAML would take it for that text, else in double quotes."""
    if _PLAIN.fullmatch(text) and not _TYPED.fullmatch(text):
        return text
    return as_quoted(text, '"') or '""'


def _key(text: str) -> str:
    """A key; words such as ``on`` stand plain, as people write them: no reader of ours gives them a type."""
    return text if _PLAIN.fullmatch(text) else _scalar(text)
