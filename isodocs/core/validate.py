"""From what stands in a YAML text to a model, or to problems that say exactly where it does not fit.

One way for front matter, settings and register: unknown keys (FM104), values of a wrong kind (FM105) and
missing keys (FM106). Nothing is guessed: a date is written ``2026-12-31``, a number in digits, yes or no
``true`` or ``false``; a key with nothing behind it counts as left out.
"""

from __future__ import annotations

import re
import types
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from isodocs.core.identity import parse_date
from isodocs.core.nodes import Mapping, Node, Scalar, Sequence
from isodocs.core.problem import Problem, Span
from isodocs.core.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

UNKNOWN_KEY, WRONG_TYPE, MISSING_KEY = "FM104", "FM105", "FM106"
EXTENSION = "x-"
LONGEST_QUOTE = 60
MOST_GUESSES = 50
_KEY_MARK = "[key]"
_INTEGER = re.compile(r"-?[0-9]{1,12}")
_BOOLEANS = {"true": True, "false": False}

M = TypeVar("M", bound=BaseModel)
Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a value must look like: a kind, and what its parts look like.

    ``kind`` is ``text``, ``date``, ``integer``, ``boolean``, ``choice``, ``list``, ``table`` or ``model``.
    """

    kind: str
    part: _Shape | None = None
    choices: tuple[str, ...] = ()
    model: type[BaseModel] | None = None


def validate(
    node: Mapping, model: type[M], *, extra: Collection[str] = (), allow_x: bool = False, span: Span
) -> tuple[M | None, tuple[Problem, ...]]:
    """The model that the keys and values make, and what is wrong with them.

    Args:
        node: the keys with values, as read.
        model: what they must fit.
        extra: further keys that are allowed at the top level; their values are not looked at.
        allow_x: whether keys that begin with ``x-`` are allowed at the top level.
        span: where a missing key of the top level is reported.

    Returns:
        The model (None if a key is missing or a value does not fit; an unknown key alone does no harm to
        it), and the problems in the order of the file, without path.
    """
    reader = _Reader(node, span, frozenset(extra), allow_x=allow_x)
    data = reader.table_of(node, model, ())
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        value = None
        for detail in error.errors(include_url=False, include_context=False, include_input=False):
            reader.add(detail["type"], detail["loc"], detail["msg"])
    problems = tuple(sorted(reader.problems, key=lambda problem: problem.span))
    unfit = any(problem.code != UNKNOWN_KEY for problem in problems)
    return (None if unfit else value), problems


@dataclass(slots=True)
class _Reader:
    """Turns nodes into plain values as a model asks for them, and keeps what is wrong."""

    root: Mapping
    span: Span
    extra: frozenset[str]
    allow_x: bool
    problems: list[Problem] = field(default_factory=list)
    refused: set[Where] = field(default_factory=set)
    unknown: int = 0

    def table_of(self, node: Mapping, model: type[BaseModel], where: Where) -> dict[str, object]:
        """The values of a model's keys; what does not fit is left out and reported."""
        shapes = _shapes(model)
        data: dict[str, object] = {}
        for entry in node.entries:
            key = entry.key.text
            shape = shapes.get(key)
            if shape is None:
                self._unknown(entry.key, shapes, top=not where)
            elif not _is_blank(entry.value):
                self._put(data, key, entry.value, shape, (*where, key))
        return data

    def _put(self, data: dict[str, object], key: str, node: Node, shape: _Shape, where: Where) -> None:
        value = self._value(node, shape, where)
        if value is not None:
            data[key] = value

    def _value(self, node: Node, shape: _Shape, where: Where) -> object | None:
        """The plain value of a node; None if it does not fit."""
        if shape.kind == "list":
            return self._list(node, shape.part or _TEXT, where)
        if shape.kind in {"table", "model"}:
            return self._table(node, shape, where)
        if isinstance(node, Scalar):
            return self._scalar(node, shape, where)
        self._refuse(node, where, f"must be {_ASKED[shape.kind]}, not {_kind(node)}.", "")
        return None

    def _list(self, node: Node, part: _Shape, where: Where) -> list[object] | None:
        if not isinstance(node, Sequence):
            example = node.text if isinstance(node, Scalar) else "…"
            self._refuse(node, where, f"must be a list, not {_kind(node)}.", f"Write [{_short(example)}].")
            return None
        values = [self._value(item, part, (*where, index)) for index, item in enumerate(node.items)]
        return [value if value is not None else "" for value in values]

    def _table(self, node: Node, shape: _Shape, where: Where) -> dict[str, object] | None:
        if not isinstance(node, Mapping):
            fix = "Write it as `key: value`, indented below."
            self._refuse(node, where, f"must be keys with values, not {_kind(node)}.", fix)
            return None
        if shape.model is not None:
            return self.table_of(node, shape.model, where)
        data: dict[str, object] = {}
        for entry in node.entries:
            inner = (*where, entry.key.text)
            self._put(data, entry.key.text, entry.value, shape.part or _TEXT, inner)
        return data

    def _scalar(self, node: Scalar, shape: _Shape, where: Where) -> object | None:
        value = _CONVERT[shape.kind](node.text)
        if shape.kind == "choice" and node.text not in shape.choices:
            self._refuse(node, where, *_not_a_choice(node.text, shape.choices))
        elif value is None:
            message = f"must be {_ASKED[shape.kind]}, not `{_short(node.text)}`."
            self._refuse(node, where, message, _FIX[shape.kind])
        return value

    def _refuse(self, node: Node, where: Where, message: str, fix: str) -> None:
        self.refused.add(where)
        self.problems.append(Problem(WRONG_TYPE, f"`{_name(where)}` {message}", fix, span=node.span))

    def _unknown(self, key: Scalar, shapes: dict[str, _Shape], *, top: bool) -> None:
        allowed = self.extra if top else frozenset()
        if key.text in allowed or (top and self.allow_x and key.text.startswith(EXTENSION)):
            return
        self.unknown += 1
        near = closest(key.text, shapes.keys() | allowed) if self.unknown <= MOST_GUESSES else None
        message = f"The key `{_short(key.text)}` is not known."
        fix = f"Did you mean `{near}`?" if near else _way_out(key.text, shapes, top=top, x=self.allow_x)
        self.problems.append(Problem(UNKNOWN_KEY, message, fix, span=key.span))

    def add(self, kind: str, where: Where, message: str) -> None:
        """Take over what the model said, unless the value was refused before."""
        if any(where[: len(known)] == known for known in self.refused):
            return
        if kind == "missing":
            self.problems.append(self._missing(where))
            return
        of_key = bool(where) and where[-1] == _KEY_MARK
        place = where[:-1] if of_key else where
        span = self._span(place, of_key=of_key)
        text, fix = _say(kind, message)
        name = f"`{_name(place)}` " if place else ""
        self.problems.append(Problem(WRONG_TYPE, _sentence(f"{name}{text}"), fix, span=span))

    def _missing(self, where: Where) -> Problem:
        key, parent = where[-1], where[:-1]
        entry = self._find(parent)
        written = entry.entry(str(key)) if isinstance(entry, Mapping) else None
        if written is not None:
            message, fix = f"The key `{key}` has no value.", f"Write a value after `{key}:`."
            return Problem(MISSING_KEY, message, fix, span=written.key.span)
        of = f" of `{_name(parent)}`" if parent else ""
        span = self._span(parent, of_key=False) if parent else self.span
        return Problem(MISSING_KEY, f"The key `{key}`{of} is missing.", f"Add a line `{key}: …`.", span=span)

    def _find(self, where: Where) -> Node | None:
        node: Node | None = self.root
        for step in where:
            if isinstance(node, Mapping):
                node = node.get(str(step))
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return None
        return node

    def _span(self, where: Where, *, of_key: bool) -> Span:
        """Where the value stands (or its key); if the model names no place, where the file's keys begin."""
        parent = self._find(where[:-1]) if where else None
        entry = parent.entry(str(where[-1])) if isinstance(parent, Mapping) else None
        if entry is not None:
            return entry.key.span if of_key or _is_blank(entry.value) else entry.value.span
        node = self._find(where) if where else None
        return node.span if node is not None else self.span


@cache
def _shapes(model: type[BaseModel]) -> dict[str, _Shape]:
    """What each key of a model must look like, by the name under which it is written."""
    return {info.alias or name: _shape(info.annotation) for name, info in model.model_fields.items()}


def _shape(annotation: Any) -> _Shape:  # noqa: ANN401 - a type annotation can be anything
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0])
    if origin in {Union, types.UnionType}:
        return _shape(next(one for one in arguments if one is not type(None)))
    if origin is Literal:
        return _Shape("choice", choices=tuple(dict.fromkeys(str(one) for one in arguments)))
    if origin in {tuple, dict}:
        kind, part = ("list", arguments[0]) if origin is tuple else ("table", arguments[1])
        return _Shape(kind, _shape(part))
    if isinstance(annotation, type):
        return _shape_of_class(annotation)
    return _TEXT


def _shape_of_class(kind: type) -> _Shape:
    if issubclass(kind, BaseModel):
        return _Shape("model", model=kind)
    if issubclass(kind, Enum):
        return _Shape("choice", choices=tuple(str(one.value) for one in kind))
    return {bool: _Shape("boolean"), int: _Shape("integer"), date: _Shape("date")}.get(kind, _TEXT)


_TEXT = _Shape("text")
_CONVERT: dict[str, Callable[[str], object | None]] = {
    "text": str,
    "choice": str,
    "date": parse_date,
    "boolean": _BOOLEANS.get,
    "integer": lambda text: int(text) if _INTEGER.fullmatch(text) else None,
}
_ASKED = {
    "text": "a text",
    "choice": "one word",
    "date": "a date",
    "boolean": "true or false",
    "integer": "a whole number",
}
_FIX = {
    "text": "",
    "choice": "",
    "date": "Write year, month and day as in 2026-12-31.",
    "boolean": "Write `true` or `false`.",
    "integer": "Write it in digits only.",
}
_PATTERNS = {
    "^[a-z0-9-]+$": ("is not an id of a person or role.", "Use small letters, digits and hyphens."),
    "^[0-9a-f]{8}-": (
        "is not a UUID.",
        "Take the one that `isodocs init` wrote, or make one with `uuidgen`.",
    ),
    "^[A-Z][A-Z0-9]*$": ("cannot name a document type.", "Use capital letters and digits, as in `SOP`."),
    r"^[A-Z]{2}\d{3}$": ("is not the code of a rule.", "`isodocs rules` lists them."),
}


def _say(kind: str, message: str) -> tuple[str, str]:
    """What a constraint of the model means, in words of ours, and the way out."""
    if kind == "string_pattern_mismatch":
        found = next((text for start, text in _PATTERNS.items() if f"'{start}" in message), None)
        return found or ("is not written as it must be.", "`isodocs schema` shows the form.")
    if kind in {"string_too_short", "too_short"}:
        return "must not be empty.", "Write something there."
    if kind == "greater_than_equal":
        return f"must be {message.rpartition(' ')[2]} or more.", ""
    if kind == "less_than_equal":
        return f"must be {message.rpartition(' ')[2]} or less.", ""
    return message.removeprefix("Value error, ").rstrip(".") + ".", ""


def _not_a_choice(text: str, choices: tuple[str, ...]) -> tuple[str, str]:
    allowed = ", ".join(f"`{one}`" for one in choices)
    near = closest(text, choices)
    fix = f"Did you mean `{near}`?" if near else "Write one of these."
    return f"must be {'one of ' if len(choices) > 1 else ''}{allowed}, not `{_short(text)}`.", fix


def _way_out(key: str, shapes: dict[str, _Shape], *, top: bool, x: bool) -> str:
    if top and x:
        return f"Remove it, declare it under `fields` in isodocs.yml, or call it `{EXTENSION}{_short(key)}`."
    return f"Known here: {', '.join(sorted(shapes))}."


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text and not node.quoted


def _kind(node: Node) -> str:
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "keys with values"
    return f"`{_short(node.text)}`" if node.text else "nothing"


def _name(where: Where) -> str:
    """How a user finds the place: ``types.SOP.approved``, ``roles[2].from``; list places count from 1."""
    text = ""
    for step in where:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{_short(step)}"
    return text.lstrip(".")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
