"""What may stand in a published page: escaping of what people wrote, and the allow-list for raw HTML.

Text-level and table elements pass, with a few attributes that cannot act. Everything else is shown as
the text it is. The staged page must be harmless under any Markdown renderer, so nothing here trusts
that a renderer sees code where we see code.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from typing import Final

WORD_JOINER: Final = "\u2060"
_REMEMBERED: Final = 4096  # names, roles, dates and titles stand in many places
VOID: Final = frozenset({"br", "col", "hr", "img", "wbr"})
TEXT_LEVEL: Final = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo br cite code data del dfn em hr i img ins kbd mark q rp rt ruby s samp small span "
        "strong sub sup time u var wbr",
    ),
)
TABLE_LEVEL: Final = frozenset(
    {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"},
)
ALLOWED: Final = TEXT_LEVEL | TABLE_LEVEL
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "bdo": {"dir"},
    "col": {"span"},
    "colgroup": {"span"},
    "dfn": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan", "headers", "align"},
    "th": {"colspan", "rowspan", "headers", "align", "scope", "abbr"},
    "time": {"datetime"},
}
_EVERYWHERE: Final = frozenset({"id", "lang", "dir"})
_SAFE_ID: Final = re.compile(r"[A-Za-z][\w.:-]{0,63}")
# Elements that mean something to a browser. Other names, as in "<ID>", are inert without attributes.
_KNOWN: Final = frozenset(
    re.findall(
        r"\w+",
        "address animate applet area article aside audio base basefont bgsound blink blockquote body "
        "button canvas center command content datalist dd details dialog dir div dl dt element embed "
        "fieldset figcaption figure font footer foreignobject form frame frameset h1 h2 h3 h4 h5 h6 head "
        "header hgroup html iframe image input isindex keygen label legend li link listing main map "
        "marquee math menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object "
        "ol optgroup option output p param picture plaintext portal pre progress search script section "
        "select selectedcontent set shadow slot source spacer strike style summary svg template textarea "
        "title track tt ul use video xmp",
    ),
)
TAG: Final = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)"
    r"(?P<attributes>(?:\s+[A-Za-z][\w:-]*(?:\s*=\s*(?:\"[^\"<>`]*\"|'[^'<>`]*'|[^\s\"'=<>`]+))?)*)"
    r"\s*/?>",
)
_ATTRIBUTE: Final = re.compile(r"([A-Za-z][\w:-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_BARE_TAG: Final = re.compile(r"</?([A-Za-z][\w.-]*)\s*/?>")
AUTOLINK: Final = re.compile(r"<(?:(?:https?://|mailto:)[^\s<>\"'`=]*|[\w.+-]+@[\w.-]+)>", re.IGNORECASE)
_AUTOLINK_WITH_QUERY: Final = re.compile(r"<https?://(?:(?!/on\w*=)[^\s<>\"'`])*>", re.IGNORECASE)
_OPENS: Final = re.compile(r"<(?=[A-Za-z/!?<&])")
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]+")
_SPACES: Final = re.compile(r"\s+")
# Characters that are markup wherever they stand, or only before another one, or only at the start.
_MARKDOWN: Final = re.compile(
    r"[\[\]<>&*_`\\|{}~#^=$]|\+(?=\+)|(?<=\+)\+|:(?=[A-Za-z/])|-(?=-)|(?<=-)-|^[-+!:/]|(?<=^\d)[.)]|(?<=^\d\d)[.)]",
)
_NAMED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
SAFE_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED_IN_URLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028\u2029\u2060\ufeff\\\\]+")


@lru_cache(_REMEMBERED)
def one_line(value: str) -> str:
    """What somebody typed as one line of visible characters: no control or direction marks."""
    return _SPACES.sub(" ", _UNSEEN.sub(" ", value)).strip()


@lru_cache(_REMEMBERED)
def in_html(value: str) -> str:
    """Safe as text or as a quoted attribute value in HTML that stands in a Markdown file.

    Brackets, stars, underscores and backticks become entities too: some renderers look for Markdown
    between and even inside tags.
    """
    return re.sub(r"[\[\]*_`\\|{}~!]", _entity, escape(one_line(value)))


@lru_cache(_REMEMBERED)
def in_markdown(value: str) -> str:
    """Safe as running text in Markdown: nothing in it is markup of any kind."""
    return _MARKDOWN.sub(lambda found: _NAMED.get(found[0]) or _entity(found), one_line(value))


def in_title(value: str) -> str:
    """A title for places that may or may not escape what they put out.

    Themes put a page's title into HTML as it is. Characters that open tags or quotes are therefore
    entities; an ampersand only where it would be read as one.
    """
    text = one_line(value)
    if unescape(text) != text:
        text = text.replace("&", "&amp;")
    for character in "<>\"'":
        text = text.replace(character, escape(character))
    return text


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def scheme_of(target: str) -> str:
    """The scheme a browser would see in a link's target, in lower case; empty if it has none.

    Entities, percent signs before the colon, backslashes and invisible characters hide nothing.
    """
    text = target
    for _ in range(3):
        text = unescape(text)
    text = _IGNORED_IN_URLS.sub("", text).lstrip("<\"'( \xa0")
    found = _SCHEME.match(text)
    return found[1].lower() if found else ""


def is_safe_scheme(scheme: str) -> bool:
    """Whether a link with this scheme cannot run anything in the page."""
    return scheme in SAFE_SCHEMES


def attributes_of(tag: re.Match[str]) -> dict[str, str]:
    """The attributes of a tag that may stay, unescaped; links and sources still to be resolved."""
    name = tag["name"].lower()
    allowed = _ATTRIBUTES.get(name, set()) | _EVERYWHERE
    kept: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(tag["attributes"]):
        key = found[1].lower()
        value = unescape(found[2] or found[3] or found[4] or "")
        if key in allowed and (key != "id" or _SAFE_ID.fullmatch(value)):
            kept.setdefault(key, value)
    return kept


def tag(name: str, attributes: dict[str, str], *, close: bool = False) -> str:
    """A tag in one canonical form, every value quoted and escaped."""
    if close:
        return f"</{name}>"
    shown = "".join(f' {key}="{in_html(value)}"' for key, value in attributes.items())
    return f"<{name}{shown}>"


def is_autolink(text: str, at: int) -> re.Match[str] | None:
    """An address in angle brackets at this place that may stay a link."""
    return AUTOLINK.match(text, at) or _AUTOLINK_WITH_QUERY.match(text, at)


def harmless_code(text: str) -> str:
    """Code as it is, unless a renderer that takes it for HTML would run something or load something.

    Such a ``<`` gets an invisible word joiner behind it, which looks the same and opens no tag.
    """
    if "<" not in text:
        return text
    return _OPENS.sub(lambda found: found[0] + ("" if _is_inert(text, found.start()) else WORD_JOINER), text)


def _is_inert(text: str, at: int) -> bool:
    bare = _BARE_TAG.match(text, at)
    if bare:
        return bare[1].lower() not in _KNOWN
    return AUTOLINK.match(text, at) is not None
