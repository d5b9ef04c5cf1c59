"""Raw HTML in a document: tags of the list in one canonical form, anything else as the text it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from isodocs.edition import html
from isodocs.edition.scan import IN_ADDRESSES, Edit, Open, Scan, marked, show_as_text, shown

if TYPE_CHECKING:
    import re

    from isodocs.edition.links import Target


def comment(scan: Scan, found: re.Match[str], end: int) -> int:
    """A comment is not published; one without an end is text."""
    close = -1
    if scan.no_comment_end < end:
        close = scan.text.find("-->", found.end(), end)
    if close < 0:
        scan.no_comment_end = end
        shown(scan, found.start())
        return found.end()
    line = scan.text.rfind("\n", 0, found.start()) + 1
    alone = scan.text[line : found.start()].isspace() or line == found.start()
    alone = alone and scan.text[close + 3 : close + 4] in {"", "\n"}
    scan.edits.append(Edit(found.start(), close + 3, "" if alone else html.WORD_JOINER))
    return close + 3


def tag(scan: Scan, at: int, end: int) -> int:
    """A raw tag of the list in its canonical form, anything else as text."""
    address = html.is_autolink(scan.text, at)
    if address and address.end() <= end:
        if "=" in address[0]:
            _spell_out(scan, address)
        return address.end()
    found = html.TAG.match(scan.text, at, end)
    name = found["name"].lower() if found else ""
    if found is None or name not in html.ALLOWED or "\n\n" in found[0]:
        shown(scan, at)
        return at + 1
    if found["close"]:
        _close_tag(scan, name, found)
    elif name == "img":
        _picture_tag(scan, found)
    elif name in html.VOID:
        scan.edits.append(Edit(at, found.end(), html.tag(name, html.attributes_of(found))))
    else:
        _open_tag(scan, name, found)
    return found.end()


def _spell_out(scan: Scan, address: re.Match[str]) -> None:
    """An address with a query, in angle brackets, looks like a tag with attributes: write it as a link."""
    plain = address[0][1:-1]
    safe = quote(plain, safe=IN_ADDRESSES)
    scan.edits.append(Edit(address.start(), address.end(), f"[{html.in_markdown(plain)}]({safe})"))


def _open_tag(scan: Scan, name: str, found: re.Match[str]) -> None:
    attributes = html.attributes_of(found)
    target = None
    if name == "a" and "href" in attributes:
        href = attributes.pop("href")
        target = scan.link(href)
        if target.same:
            attributes = {"href": href, **attributes}
            target = None
    scan.open_names[name] += 1
    scan.tags.append(Open(name, len(scan.edits), found.start(), found.end(), target))
    scan.edits.append(Edit(found.start(), found.end(), html.tag(name, attributes)))


def _close_tag(scan: Scan, name: str, found: re.Match[str]) -> None:
    """Pair an end with its beginning; beginnings in between that never end are shown as text."""
    if not scan.open_names[name]:
        shown(scan, found.start())
        return
    while (waiting := scan.tags.pop()).name != name:
        scan.open_names[waiting.name] -= 1
        show_as_text(scan, waiting)
    scan.open_names[name] -= 1
    text = html.tag(name, {}, close=True)
    if waiting.target is not None:
        text = _end_of_link(scan, waiting, waiting.target)
    scan.edits.append(Edit(found.start(), found.end(), text))


def _end_of_link(scan: Scan, waiting: Open, target: Target) -> str:
    """A raw link to a file of the edition becomes a Markdown link, which every generator resolves."""
    if target.address is None:
        scan.edits[waiting.edit] = Edit(waiting.start, waiting.end, html.WORD_JOINER)
        return marked(target)
    if _in_table(scan):
        scan.edits[waiting.edit] = Edit(waiting.start, waiting.end, _raw("a", "href", target.address))
        return "</a>"
    scan.edits[waiting.edit] = Edit(waiting.start, waiting.end, "[")
    return f"]({target.address})"


def _picture_tag(scan: Scan, found: re.Match[str]) -> None:
    attributes = html.attributes_of(found)
    target = scan.picture(attributes.pop("src", ""))
    words = html.in_markdown(attributes.get("alt", ""))
    if target.address is None:
        text = f"{html.WORD_JOINER}{words}{marked(target)}"
    elif _in_table(scan):
        text = _raw("img", "src", target.address, attributes)
    else:
        text = f"![{words}]({target.address})"
    scan.edits.append(Edit(found.start(), found.end(), text))


def _raw(name: str, key: str, address: str, attributes: dict[str, str] | None = None) -> str:
    """A raw tag with an address relative to the staged file; generators that move pages must adapt it."""
    return html.tag(name, {key: address, **(attributes or {}), "data-isodocs": "relative"})


def _in_table(scan: Scan) -> bool:
    return any(scan.open_names[name] for name in html.TABLE_LEVEL)
