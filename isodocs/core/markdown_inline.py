"""Links, pictures and tags within one stretch of Markdown, with their offsets.

It reads as Python-Markdown does, which makes the published site: blanks are allowed in a target, and an
underscore within a word is no emphasis. Code spans are left alone.
"""

from __future__ import annotations

import html
import re
from collections import deque
from typing import NamedTuple

from isodocs.core.anchors import attributes

TAG = re.compile(
    r"</?+[a-zA-Z][^\s\"'<>@]*+(?:\s+[^\s\"'=<>]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>]++))?+)*+\s*+/?>"
    r"|<!--(?:(?!<!--|-->).)*-->|<\?(?:(?!<\?|\?>).)*\?>",
    re.DOTALL,
)
REACH = 2000
LONGEST_HEADING = 300
_MASK = "\x1a"
_UNSEEN = frozenset({"picture", "tag", "note", "list"})
_ENDS_ELEMENT = frozenset(f"*_{_MASK}")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!])")
_TICKS = re.compile(r"`+")
_SHIELD = re.compile(r"\\[\\`*_{}\[\]()>#+\-.!]|`+", re.DOTALL)
_MARKS = re.compile(r"[\\`*_\[<&!{]")
_KEPT = re.compile("\x02([0-9]+)\x03")
_OPENING = re.compile(r"!?\[|<")
_BRACKET = re.compile(r"[\[\]]")
_TARGET = re.compile(
    r"""\(\s*+(?:<([^<>]*)>\s*+|((?:[^()]|\((?:[^()]|\([^()]*\))*\))*?))(?:"[^"]*"\s*+|'[^']*'\s*+)?\)""",
    re.DOTALL,
)
_LABEL = re.compile(r"\s?\[(?!\^)([^\]]*)\]")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*://[^<>]*)>")
_MAIL = re.compile(r"<([^<> !]+@[^@<> ]+)>")
_ATTRIBUTE_LIST = re.compile(r"\{:?[ ]*+([^{}\n ][^{}\n]*)\}")
_HTML_ATTRIBUTE = re.compile(r"""\s([^\s"'=<>/]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>]+))""")
_CODE = re.compile(r"<(script|style)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z0-9]+);")
_STAR = re.compile(r"(?<!\*)(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*])\1(?!\*)", re.DOTALL)
_UNDERSCORE = re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])(.+?)(?<=[^\s_])\1(?![\w_])", re.DOTALL)


class Piece(NamedTuple):
    """Something found in the text.

    Attributes:
        kind: ``link``, ``picture``, ``note`` (a footnote's mark), ``tag``, ``list`` (attributes in
            braces); ``anchor`` for an id in such a list, ``name`` for one in a tag (``target`` is the id).
        target: where a link or picture points, escapes and entities resolved.
        text: a link's text or a picture's alternative text, as written.
        start: where the whole construct begins; ``end`` where it ends.
        inner: where a link's own text ends, if it has one; what is around it are marks.
        at: where the target is written; ``until`` its end.
    """

    kind: str
    start: int
    end: int
    target: str = ""
    text: str = ""
    inner: int = 0
    at: int = 0
    until: int = 0


class Shield(NamedTuple):
    """A code span or an escaped character: it means itself."""

    start: int
    end: int
    text: str


def shields(text: str) -> list[Shield]:
    """The code spans and escaped characters of the text."""
    if "`" not in text and "\\" not in text:
        return []
    runs: dict[int, deque[int]] = {}
    for ticks in _TICKS.finditer(text):
        runs.setdefault(ticks.end() - ticks.start(), deque()).append(ticks.start())
    found: list[Shield] = []
    position = 0
    while match := _SHIELD.search(text, position):
        position = match.end()
        if match[0][0] == "\\":
            found.append(Shield(match.start(), position, match[0][1]))
            continue
        close = _after(runs.get(len(match[0])), match.start())
        if close is not None:
            inside = text[position:close].strip()
            position = close + len(match[0])
            found.append(Shield(match.start(), position, inside))
    return found


def _after(places: deque[int] | None, start: int) -> int | None:
    """The first of the sorted places beyond ``start``; forgets those before it."""
    while places and places[0] <= start:
        places.popleft()
    return places[0] if places else None


def masked(text: str) -> str:
    """The text with code spans and escaped characters blanked out; offsets stay."""
    return _edited(text, [(one.start, one.end, _MASK * (one.end - one.start)) for one in shields(text)])


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with stretches replaced; of stretches that overlap the first counts."""
    parts, position = [], 0
    for start, end, new in sorted(edits):
        if start >= position:
            parts += [text[position:start], new]
            position = end
    return "".join([*parts, text[position:]])


def pieces(text: str, references: dict[str, str]) -> list[Piece]:
    """Everything that points somewhere, or can be pointed to, in the order of the text."""
    if "[" not in text and "<" not in text and "{" not in text:
        return []
    bare = masked(text)
    partner = _partners(bare)
    found: list[Piece] = []
    skip: list[tuple[int, int]] = []
    position = 0
    while opening := _OPENING.search(bare, position):
        start = opening.start()
        while skip and skip[-1][0] < start:
            position = max(position, skip.pop()[1])
        if start < position:
            continue
        position = opening.end()
        if opening[0] == "<":
            more = _angle(text, bare, start)
            position = more[-1].end if more else position
            found.extend(more)
            continue
        close = partner.get(opening.end() - 1)
        piece = None if close is None else _bracket(text, bare, start, opening.end(), close, references)
        if piece and not (skip and piece.kind == "link"):
            found.append(piece)
            if piece.kind == "link":
                skip.append((piece.inner, piece.end))
            else:
                position = piece.end
    found.extend(_lists(bare, found))
    return found


def _partners(bare: str) -> dict[int, int]:
    """Each opening square bracket with the one that closes it."""
    partner: dict[int, int] = {}
    open_brackets: list[int] = []
    for found in _BRACKET.finditer(bare):
        if found[0] == "[":
            open_brackets.append(found.start())
        elif open_brackets:
            partner[open_brackets.pop()] = found.start()
    return partner


def _bracket(
    text: str, bare: str, start: int, inside: int, close: int, references: dict[str, str]
) -> Piece | None:
    """The link or picture whose text stands between ``inside`` and ``close``."""
    kind = "picture" if text[start] == "!" else "link"
    label = text[inside:close]
    found = _TARGET.match(bare, close + 1, close + REACH)
    if found:
        at, until = found.span(1 if found[1] is not None else 2)
        until = at + len(text[at:until].rstrip())
        return Piece(kind, start, found.end(), resolved(text[at:until].strip()), label, close, at, until)
    named = _LABEL.match(bare, close + 1)
    own = bare[inside:close]  # as on the site: code or an escape in a name matches no definition
    name, end = (named[1] or own, named.end()) if named else (own, close + 1)
    if label[:1] == "^" and label in references:
        return Piece("note", start, close + 1, references[label], label)
    target = references.get(reference_name(name))
    if target is None and named:
        target, end = references.get(reference_name(own)), close + 1
    if target is None:
        return None
    return Piece(kind, start, end, target, label, close, start, end)


def reference_name(label: str) -> str:
    """How a reference is looked up."""
    return " ".join(label.split()).lower()


def resolved(target: str) -> str:
    """A target as it is meant: without backslash escapes and entities."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), _ESCAPE.sub(r"\1", target))


def _angle(text: str, bare: str, start: int) -> list[Piece]:
    """What begins with ``<``: an address, a comment, or a tag with what it points to."""
    address = _AUTOLINK.match(bare, start) or _MAIL.match(bare, start)
    if address:
        at, until = address.span(1)
        target = address[1] if "://" in address[1] else f"mailto:{address[1]}"
        return [Piece("link", start, address.end(), target, address[1], until, at, until)]
    tag = TAG.match(bare, start)
    return [*_tag(text, tag.start(), tag.end()), Piece("tag", start, tag.end())] if tag else []


def _tag(text: str, start: int, end: int) -> list[Piece]:
    """What the attributes of an HTML tag point to, and its own name."""
    name = re.match(r"[a-z]*", text[start + 1 : start + 9].lower())
    kinds = {
        "href": "link" if name and name[0] in {"a", "area"} else "",
        "src": "",
        "id": "name",
        "name": "",
    }
    if name and name[0] == "img":
        kinds["src"] = "picture"
    if name and name[0] == "a":
        kinds["name"] = "name"
    found = []
    values = {m[1].lower(): m for m in reversed(list(_HTML_ATTRIBUTE.finditer(text, start, end)))}
    alt = values.get("alt")
    for key, match in values.items():
        if kinds.get(key):
            at, until = next(match.span(n) for n in (2, 3, 4) if match[n] is not None)
            label = text[slice(*next(alt.span(n) for n in (2, 3, 4) if alt[n] is not None))] if alt else ""
            value = html.unescape(text[at:until]).strip()
            found.append(Piece(kinds[key], start, end, value, label, 0, at, until))
    return found


def _lists(bare: str, found: list[Piece]) -> list[Piece]:
    """Anchors, and targets put in place of others, from attribute lists in braces."""
    pictures = {piece.end: piece for piece in found if piece.kind in {"picture", "link"}}
    more = []
    for match in _ATTRIBUTE_LIST.finditer(bare) if "{" in bare else ():
        before = pictures.get(match.start())
        if not before and not _is_placed(bare, match.start(), match.end()):
            continue
        values = attributes(match[1])
        more.append(Piece("list", match.start(), match.end()))
        if "id" in values:
            more.append(Piece("anchor", match.start(), match.end(), values["id"]))
        target = values.get("src" if before and before.kind == "picture" else "href")
        if before and target is not None:
            at, until = match.span(1)
            more.append(Piece(before.kind, at, until, resolved(target), before.text, 0, at, until))
    return more


def _is_placed(bare: str, start: int, end: int) -> bool:
    """Whether an attribute list stands where it counts: behind code or emphasis, or on the last line."""
    if bare[start - 1 : start] in _ENDS_ELEMENT:
        return True
    above = bare[max(0, start - REACH) : start].rstrip(" ")[-1:]
    below = bare[end : end + REACH].lstrip(" ")[:1]
    return (above == "\n" and below in {"", "\n"}) or (bare[start - 1 : start] == " " and below == "|")


def plain_text(text: str, references: dict[str, str]) -> str:
    """What a reader sees of one line of Markdown: no marks, link targets, pictures or tags."""
    if not _MARKS.search(text):
        return " ".join(text.split())
    edits: list[tuple[int, int, str]] = []
    for piece in pieces(text, references):
        if piece.kind == "link" and text[piece.start] in "[<" and piece.inner:
            edits += [(piece.start, piece.start + 1, ""), (piece.inner, piece.end, "")]
        elif piece.kind in _UNSEEN:
            edits.append((piece.start, piece.end, ""))
    kept: list[str] = []

    def keep(value: str) -> str:
        kept.append(value)
        return f"\x02{len(kept) - 1}\x03"

    edits += [(one.start, one.end, keep(one.text)) for one in shields(text)]
    bare = _ENTITY.sub(lambda found: keep(html.unescape(found[0])), _edited(text, edits))
    for mark in (_STAR, _UNDERSCORE) if len(bare) <= LONGEST_HEADING else ():
        bare = mark.sub(r"\2", mark.sub(r"\2", bare))
    return " ".join(_KEPT.sub(lambda found: kept[int(found[1])], bare).split())


def tags(text: str) -> list[Piece]:
    """What the tags of raw HTML point to, and their own names."""
    found = []
    position = 0
    while match := TAG.search(text, position):
        found += _tag(text, match.start(), match.end())
        position = match.end()
        code = _CODE.match(match[0])
        if code:
            close = re.compile(f"</{code[1]}", re.IGNORECASE).search(text, position)
            position = close.start() if close else len(text)
    return found
