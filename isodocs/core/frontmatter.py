"""The front matter of a document: the keys between two lines of ``---`` at its top, and the body below.

Reading never fails: what is wrong comes as problems beside what could be read. A document with a problem
here is not readable for whatever counts (approval, status); what was read serves to go on checking.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass

from isodocs.core import text as texts
from isodocs.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from isodocs.core.problem import Problem, Span
from isodocs.core.yaml_reader import MAX_DEPTH, read
from isodocs.core.yaml_writer import as_block, as_quoted

__all__ = [
    "MAX_DEPTH",
    "MAX_FRONT",
    "MAX_SETTINGS",
    "Entry",
    "Mapping",
    "Node",
    "Parsed",
    "Scalar",
    "Sequence",
    "insert_key",
    "parse",
    "parse_yaml",
    "replace_scalar",
]

SYNTAX, ENCODING, LIMIT = "FM102", "FM107", "FM108"
MAX_FRONT = 64 * 1024
MAX_SETTINGS = 1024 * 1024
_OPEN = re.compile(r"---[ \t]*(?:\r\n?|\n|\Z)")
_CLOSE = re.compile(r"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)")
_LOOKS_LIKE_KEY = re.compile(r"[A-Za-z_][\w-]*:(?:[ \t]|$)", re.MULTILINE)
_INVISIBLE = re.compile("[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, taken apart.

    Attributes:
        front: the front matter; None where nothing of it could be read.
        body: the text below it, line ends as they are; the whole text where there is no front matter.
        body_line: the file's line at which the body begins.
        problems: FM101, FM102, FM103, FM107, FM108, in the order of the file.
    """

    front: Mapping | None
    body: str
    body_line: int
    problems: tuple[Problem, ...]


def parse(data: bytes) -> Parsed:
    """Take a document apart."""
    text, problems = texts.decode(data)
    opened = _OPEN.match(text)
    if not opened:
        return Parsed(None, text, 1, (*problems, _missing(text)))
    closed = _close(text, opened.end())
    if not closed:
        return Parsed(None, text, 1, (*problems, _unclosed(text)))
    inner = text[opened.end() : closed.start()]
    body_line = texts.place(text, closed.end())[0]
    if closed.end() == len(text) and not text.endswith(("\n", "\r")):
        body_line += 1
    front, found = _front(inner)
    everything = sorted([*problems, *found], key=lambda problem: problem.span)
    return Parsed(front, text[closed.end() :], body_line, tuple(everything))


def parse_yaml(data: bytes, path: str = "") -> tuple[Node | None, tuple[Problem, ...]]:
    """A settings or register file, read as strictly as front matter; at most 1 MiB.

    Whoever reads settings refuses them if there is any problem. None stands for an empty file too.
    """
    if len(data) > MAX_SETTINGS:
        message = f"The file is larger than {MAX_SETTINGS // 1024} KiB."
        return None, (Problem(LIMIT, message, "Make it shorter.", path),)
    text, problems = texts.decode(data)
    node, found = read(texts.without_controls(text))
    everything = sorted([*problems, *_invisible(text, 0), *found], key=lambda problem: problem.span)
    return node, tuple(problem.at(path) for problem in everything)


def _close(text: str, start: int) -> re.Match[str] | None:
    return _CLOSE.search(text, start)


def _front(inner: str) -> tuple[Mapping | None, list[Problem]]:
    """Read what stands between the two lines; its first line is the file's second."""
    size = len(inner.encode("utf-8", "replace"))
    if size > MAX_FRONT:
        message = f"The front matter is larger than {MAX_FRONT // 1024} KiB."
        return None, [Problem(LIMIT, message, "Move long texts into the body.")]
    node, problems = read(texts.without_controls(inner), 2)
    problems.extend(_invisible(inner, 1))
    if isinstance(node, Mapping):
        return node, problems
    if node is None:
        return Mapping((), Span(2, 1, 2, 1)) if not problems else None, problems
    message = "The front matter is no list of keys with values."
    problems.append(Problem(SYNTAX, message, "Write each line as `key: value`.", span=node.span))
    return None, problems


def _invisible(text: str, lines_above: int) -> list[Problem]:
    """The first character that breaks lines or turns the reading direction unseen, as a problem."""
    found = _INVISIBLE.search(text)
    if not found:
        return []
    span = texts.span_at(text, found.start())
    span = span._replace(line=span.line + lines_above, end_line=span.end_line + lines_above)
    message = f"Here stands the invisible character U+{ord(found[0]):04X}, which changes how the text reads."
    return [Problem(ENCODING, message, "Remove it.", span=span)]


def _missing(text: str) -> Problem:
    """FM101, with the reason if we can see one."""
    first = text[:200].lstrip()
    if text.startswith("+++"):
        message = "The front matter is TOML (`+++`); isodocs reads YAML."
        fix = "Write it between two lines of `---`, each line as `key: value`."
    elif text.startswith("{"):
        message = "The front matter is JSON; isodocs reads YAML."
        fix = "Write it between two lines of `---`, each line as `key: value`."
    elif not first:
        message, fix = "The document is empty.", "Begin it with front matter between two lines of `---`."
    elif text.startswith("--- "):
        message = "The line `---` that opens the front matter holds something more."
        fix = "Leave only the three hyphens in it."
    elif _OPEN.match(first):
        message = "The line `---` that opens the front matter is not at the very beginning."
        fix = "Remove what stands above or before it."
    elif _LOOKS_LIKE_KEY.match(first):
        message = "The front matter has no opening line."
        fix = "Put a line `---` above it."
    else:
        message = "The document has no front matter."
        fix = "Begin it with a line `---`, the keys, and another line `---`."
    return Problem("FM101", message, fix)


def _unclosed(text: str) -> Problem:
    """FM101 for front matter without an end; says where the end seems to be missing."""
    last = 1
    for number, line in enumerate(text[:MAX_FRONT].splitlines()[1:], 2):
        if not line.strip() or not (_LOOKS_LIKE_KEY.match(line) or line[0] in " -#\t"):
            break
        last = number
    message = "The front matter is opened here but never closed."
    return Problem("FM101", message, f"Put a line `---` below line {last}.", span=Span(1, 1, 1, 4))


def replace_scalar(data: bytes, key: str, new_text: str) -> bytes:
    """The document with another text under a key of the top level; everything else stays as it is.

    The manner of writing stays too (plain, quoted, block) where the new text can be written so. The result
    is read again, to prove that it says what is asked and nothing else changed.

    Raises:
        ValueError: the document has problems, the key is missing, its value is no text, or the text cannot
            be written there.
    """
    before = _sound(data)
    entry = before.front.entry(key) if before.front else None
    if entry is None:
        raise ValueError(f"the front matter has no key {key!r}")
    value = entry.value
    if not isinstance(value, Scalar):
        raise ValueError(f"the value of {key!r} is a list or a group of keys, not a text")  # noqa: TRY004 - callers expect one kind
    text = data.removeprefix(BOM_UTF8).decode("utf-8")
    start, end = texts.offset(text, value.span, end=False), texts.offset(text, value.span, end=True)
    old = text[start:end]
    gap = " " if not old and text[start - 1 : start] not in {" ", "\t"} else ""
    for new in _manners(old, new_text, texts.line_end(text)):
        result = (text[:start] + gap + new + text[end:]).encode()
        if _proved(before, result, key, new_text, [*_keys(before)]):
            return result
    raise ValueError(f"{new_text!r} cannot be written as the value of {key!r}")


def insert_key(data: bytes, key: str, text: str, after: str | None = None) -> bytes:
    """The document with a new key of the top level, below ``after`` or, without it, as the last one.

    Raises:
        ValueError: the document has problems, the key is there already, or it cannot be written.
    """
    before = _sound(data)
    keys = _keys(before)
    if key in keys:
        raise ValueError(f"the front matter has the key {key!r} already")
    if after is not None and after not in keys:
        raise ValueError(f"the front matter has no key {after!r}")
    whole = data.removeprefix(BOM_UTF8).decode("utf-8")
    place = keys.index(after) + 1 if after is not None else len(keys)
    start = _line_below(whole, before, place)
    expected = [*keys[:place], key, *keys[place:]]
    line_end = texts.line_end(whole)
    for new in _manners("", text, line_end):
        result = (whole[:start] + f"{key}: {new}{line_end}" + whole[start:]).encode()
        if _proved(before, result, key, text, expected):
            return result
    raise ValueError(f"{text!r} cannot be written under the key {key!r}")


def _sound(data: bytes) -> Parsed:
    """The document, taken apart; it must be without problems.

    Raises:
        ValueError: it is not.
    """
    parsed = parse(data)
    if parsed.problems:
        first = parsed.problems[0]
        raise ValueError(f"line {first.span.line}: {first.message}")
    return parsed


def _keys(parsed: Parsed) -> list[str]:
    return list(parsed.front.keys()) if parsed.front else []


def _line_below(text: str, parsed: Parsed, place: int) -> int:
    """The offset of the line above which the entry number ``place`` goes."""
    front = parsed.front
    if front is None or not front.entries or place == 0:
        return texts.line_start(text, 2)
    if place == len(front.entries):
        closing = parsed.body_line - 1
        return texts.line_start(text, closing)
    return texts.line_start(text, front.entries[place - 1].value.span.end_line + 1)


def _manners(old: str, new: str, line_end: str) -> list[str]:
    """The ways in which a text can be written in place of ``old``, the most alike first."""
    if any("\ud800" <= character <= "\udfff" for character in new):
        return []  # half a character, which no file can hold
    ways = [as_quoted(new, '"'), as_quoted(new, "'")]
    if old[:1] == "'":
        ways.reverse()
    elif old[:1] in {"|", ">"}:
        ways.insert(0, as_block(new, line_end, old))
    elif old[:1] != '"' and new and new == new.strip() and new.isprintable():
        ways.insert(0, new)
    return [way for way in ways if way is not None]


def _proved(before: Parsed, result: bytes, key: str, text: str, keys: list[str]) -> bool:
    """Whether the new document is sound, says ``text`` under ``key``, and differs in nothing else."""
    after = parse(result)
    if after.problems or before.front is None or after.front is None or _keys(after) != keys:
        return False
    value = after.front.get(key)
    if not isinstance(value, Scalar) or value.text != text or after.body != before.body:
        return False
    old, new = _others(before.front, key), _others(after.front, key)
    return old == new


def _others(front: Mapping, key: str) -> dict[str, object]:
    """The values under all other keys, without their places."""
    return {entry.key.text: bare(entry.value) for entry in front.entries if entry.key.text != key}


def bare(node: Node | None) -> object:
    """A node without its places, as strings, lists and dictionaries; to compare two."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [bare(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key.text: bare(entry.value) for entry in node.entries}
    return None
