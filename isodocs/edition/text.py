"""The signed text of a document as the text of its page: references rewritten, raw HTML let through a list.

The text is edited by slice; what needs no change stays as its author wrote it. The scanner is not a
Markdown parser. It finds what any parser could make markup of, and where parsers may differ on what is
code it chooses a form that is harmless in both readings. What is taken out leaves an invisible word joiner,
so that the text on both sides does not become something new.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from isodocs.edition import html
from isodocs.edition.links import UNSAFE
from isodocs.edition.scan import (
    IN_ADDRESSES,
    MARK,
    Edit,
    Scan,
    apply,
    code,
    leads_astray,
    marked,
    show_as_text,
    stretches,
)
from isodocs.edition.tags import comment, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.edition.links import Resolver, Target
    from isodocs.edition.model import PublishedDocument

_FRONT_MATTER: Final = re.compile(r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_DEFINITION: Final = re.compile(
    r"^[ \t>]*\[(?P<label>(?!\^)[^\[\]<`\n]+)\]:[ \t]*\n?[ \t>]*(?P<target><[^<>\n]*>|[^\s<]+)"
    r"(?P<title>[ \t]*(?:\n[ \t>]*)?(?:\"[^\"<\n]*\"|'[^'<\n]*'|\([^()<\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
# Each branch begins with one plain character: only so does the search skip what begins none, much faster.
_TOKEN: Final = re.compile(r"\\[\s\S]|``*|<!--|<(?![\s\d=-])|!\[|\[|\]|\{|///+|--8<--")
_DESTINATION: Final = re.compile(
    r"\(\s*+(?P<target><[^<>\n]*>|(?:[^\s()\\<]|\\[^<\n]|\((?:[^\s()\\<]|\\[^<\n])*\))*)"
    r"(?P<title>\s++(?:\"[^\"<]*\"|'[^'<]*'|\([^()<]*\)))?\s*+\)",
)
_LABEL: Final = re.compile(r"[ ]?\n?\[([^\[\]]*)\]")
_ATTRIBUTE_LIST: Final = re.compile(r"\{:?(?P<items>[^}\n]{0,1000})(?P<end>\}|\n|\Z)")
_HARMLESS_LIST: Final = re.compile(
    r"\s*(?:(?:#[A-Za-z][\w-]*|\.(?!isodocs|md-|__)[A-Za-z][\w-]*|(?:width|height|align|start|title|loading)="
    r"(?:\"[\w %.,-]*\"|'[\w %.,-]*'|[\w%.-]+)|[\w-]+)(?:\s+|\Z))*+",
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f]+")
_SPACES: Final = re.compile(r"\s*+")
_BLANK: Final = re.compile(r"\n[ \t>]*\n")
_HEADING: Final = re.compile(r"\s*?^(?:#[ \t]+[^\n]*|(?![#>*+-])[^\n]+\n=+[ \t]*)(?:\n|\Z)", re.MULTILINE)


def body_of(source: bytes) -> str:
    """The text of a document without its front matter, lines ending in LF."""
    text = source.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    return text[front.end() :] if front else text


def split_heading(body: str) -> tuple[str, str]:
    """The heading of level one that the text begins with, else nothing, and the rest."""
    found = _HEADING.match(body)
    return (body[: found.end()], body[found.end() :]) if found else ("", body)


def publish(body: str, document: PublishedDocument, resolver: Resolver) -> str:
    """The text of a document as it may stand in its page, between what the edition adds."""
    text = _CONTROLS.sub("", body)
    scan = Scan(
        text,
        lambda target: resolver.link(document, target),
        lambda target: resolver.picture(document, target),
    )
    parts = list(stretches(text))
    prose = [list(_define(scan, start, end)) for start, end, is_code in parts if not is_code]
    for start, end, is_code in parts:
        if is_code:
            code(scan, start, end)
        else:
            for part in prose.pop(0):
                _prose(scan, *part)
    for waiting in scan.tags:
        show_as_text(scan, waiting)
    return apply(text, scan.edits)


def _define(scan: Scan, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Resolve the definitions of reference links, and give the prose between them.

    A definition that leads nowhere is taken out.
    """
    at = start
    for found in _DEFINITION.finditer(scan.text, start, end) if "]:" in scan.text[start:end] else ():
        yield at, found.start()
        at = found.end()
        raw = found["target"]
        target = scan.link(_plain_target(raw))
        if target.mark:
            shown = scan.picture(_plain_target(raw))
            target = target if shown.mark else shown
        scan.definitions.setdefault(_fold(found["label"]), target)
        if target.same or target.address is not None:
            _readdress(scan, found, target)
        else:
            scan.edits.append(Edit(found.start(), found.end(), ""))
    yield at, end


def _readdress(scan: Scan, found: re.Match[str], target: Target) -> None:
    """Write the new address; one that stays loses its angle brackets, which may look like a tag."""
    raw = found["target"]
    address = target.address
    if target.same and raw.startswith("<"):
        address = quote(_plain_target(raw), safe=IN_ADDRESSES)
    if address is not None and address != raw:
        scan.edits.append(Edit(*found.span("target"), address))


def _fold(label: str) -> str:
    return " ".join(label.split()).casefold()


def _plain_target(raw: str) -> str:
    """A link's target without angle brackets and backslashes."""
    raw = raw[1:-1] if raw.startswith("<") and raw.endswith(">") else raw
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", raw)


def _prose(scan: Scan, start: int, end: int) -> None:
    at = start
    scan.brackets.clear()
    while found := _TOKEN.search(scan.text, at, end):
        first = found[0][0]
        if first == "\\":
            at = _escape(scan, found)
        elif first == "`":
            at = _span(scan, found, end)
        elif first == "<":
            at = comment(scan, found, end) if found[0] == "<!--" else tag(scan, found.start(), end)
        elif first in "![":
            scan.brackets.append((found.start(), first == "!"))
            at = found.end()
        elif first == "]":
            at = _closing_bracket(scan, found.start(), end)
        else:
            at = _other(scan, found)


def _escape(scan: Scan, found: re.Match[str]) -> int:
    """A backslash guards the next character in Markdown, but not a ``<`` in HTML."""
    if found[0] == "\\<":
        scan.edits.append(Edit(found.start(), found.end(), "&lt;"))
    return found.end()


def _other(scan: Scan, found: re.Match[str]) -> int:
    """Attribute lists, blocks written with slashes and includes, as some extensions read them."""
    written = found[0]
    if written == "--8<--":
        scan.edits.append(Edit(found.start(), found.end(), "--8&lt;--"))
    elif written == "{":
        listed = _ATTRIBUTE_LIST.match(scan.text, found.start())
        if not listed or (listed["end"] == "}" and not _HARMLESS_LIST.fullmatch(listed["items"])):
            scan.edits.append(Edit(found.start(), found.end(), "&#123;"))
    elif not scan.text[scan.text.rfind("\n", 0, found.start()) + 1 : found.start()].strip(" \t>"):
        scan.edits.append(Edit(found.end() - 1, found.end(), "&#47;"))
    return found.end()


def _span(scan: Scan, found: re.Match[str], end: int) -> int:
    """A code span, or a run of backticks that nobody closes in its paragraph."""
    size = len(found[0])
    if scan.no_closing.get(size, -1) > found.start():
        return found.end()
    limit = _paragraph_end(scan, found.end(), end)
    closing = re.compile(rf"(?<!`)`{{{size}}}(?!`)").search(scan.text, found.end(), limit)
    if closing is None:
        scan.no_closing[size] = limit
        return found.end()
    code(scan, found.end(), closing.start())
    return closing.end()


def _paragraph_end(scan: Scan, at: int, end: int) -> int:
    if scan.paragraph_end < at or scan.paragraph_end > end:
        blank = _BLANK.search(scan.text, at, end)
        scan.paragraph_end = blank.start() if blank else end
    return scan.paragraph_end


def _closing_bracket(scan: Scan, at: int, end: int) -> int:
    """The end of a bracket: of a link, a picture, a reference, or of nothing."""
    if not scan.brackets or scan.text.startswith(":", at + 1):
        return _unmatched_bracket(scan, at, end)
    opening, picture = scan.brackets.pop()
    if scan.text.startswith("(", at + 1):
        destination = _DESTINATION.match(scan.text, at + 1, end)
        if destination is None:
            return _unmatched_bracket(scan, at, end)
        raw = _plain_target(destination["target"])
        target = scan.picture(raw) if picture else scan.link(raw)
        _rewrite(scan, opening, at, destination.end(), target, picture=picture)
        if target.same or target.address is not None:
            _readdress(scan, destination, target)
        return destination.end()
    return _reference(scan, opening, at, end, picture=picture)


def _rewrite(scan: Scan, opening: int, at: int, stop: int, target: Target, *, picture: bool) -> None:
    """Where a link or picture leads nowhere, its words stay, with a mark behind them."""
    if target.same or target.address is not None:
        return
    scan.edits.append(Edit(opening, opening + (2 if picture else 1), html.WORD_JOINER))
    scan.edits.append(Edit(at, stop, marked(target)))


def _unmatched_bracket(scan: Scan, at: int, end: int) -> int:
    """Some parsers still read a link or a definition here: an unsafe one is made unreadable to them."""
    following = scan.text[at + 1 : at + 2]
    if following and following in "(:":
        start = _SPACES.match(scan.text, at + 2, end)
        if leads_astray(scan.text, start.end() if start else at + 2):
            mark = f' <em class="{MARK}">({UNSAFE})</em> ' if following == "(" else ""
            scan.edits.append(Edit(at + 1, at + 2, f"{mark}&#{ord(following)};"))
    return at + 1


def _reference(scan: Scan, opening: int, at: int, end: int, *, picture: bool) -> int:
    """``[text][label]``, ``[text][]`` or ``[label]``: the definition has been rewritten already."""
    label = _LABEL.match(scan.text, at + 1, end)
    words = scan.text[opening + (2 if picture else 1) : at]
    named = (label[1] or words) if label else words
    target = scan.definitions.get(_fold(named))
    stop = label.end() if label and target else at + 1
    if target is not None:
        _rewrite(scan, opening, at, stop, target, picture=picture)
    return stop
