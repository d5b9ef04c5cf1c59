"""Where references lead in an edition."""

from __future__ import annotations

import pytest
from support import editions

from isodocs.edition import links
from isodocs.edition.model import Attachment

PICTURE = Attachment.of(editions.PICTURE)
DOCUMENT = editions.document(
    "SOP-001",
    embedded={
        "../img/label.svg": PICTURE,
        "img/a b.png": Attachment.of(b"png"),
        "SOP-001-form.xlsx": Attachment.of(b"xlsx"),
    },
)
RESOLVER = links.Resolver({"SOP-001": DOCUMENT, "WI-001": editions.document("WI-001")})


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("WI-001-gauge.md", "../wi/WI-001.md"),
        ("../instructions/WI-001.md", "../wi/WI-001.md"),
        ("../moved/elsewhere/WI-001-other-name.md", "../wi/WI-001.md"),
        ("WI-001-gauge.md#Step%202", "../wi/WI-001.md#Step%202"),
        ("WI-001-gauge.md?x=1#a", "../wi/WI-001.md#a"),
        ("isodocs:WI-001", "../wi/WI-001.md"),
        ("isodocs:WI-001#a", "../wi/WI-001.md#a"),
        ("SOP-001-control.md#scope", "SOP-001.md#scope"),
        ("img/a%20b.png", f"../attachments/{Attachment.of(b'png').digest[:16]}/a-b.png"),
        ("SOP-001-form.xlsx", f"../attachments/{Attachment.of(b'xlsx').digest[:16]}/SOP-001-form.xlsx"),
        ("WI-001-form.xlsx", "../wi/WI-001.md"),
    ],
)
def test_links_lead_to_pages_and_attachments(target: str, address: str) -> None:
    assert RESOLVER.link(DOCUMENT, target) == links.Target(address)


@pytest.mark.parametrize(
    ("target", "mark"),
    [
        ("WI-002-gone.md", links.NOT_IN_FORCE),
        ("isodocs:WI-002", links.NOT_IN_FORCE),
        ("isodocs:nonsense", links.NOT_PUBLISHED),
        ("../people.yml", links.NOT_PUBLISHED),
        ("/etc/passwd", links.NOT_PUBLISHED),
        ("notes.md", links.NOT_PUBLISHED),
        ("javascript:alert(1)", links.UNSAFE),
        ("data:text/html,x", links.UNSAFE),
        ("file:///etc/passwd", links.UNSAFE),
    ],
)
def test_what_is_not_there_is_not_linked(target: str, mark: str) -> None:
    assert RESOLVER.link(DOCUMENT, target) == links.Target(mark=mark)


@pytest.mark.parametrize(
    "target", ["#scope", "https://x.example/a", "mailto:a@x.example", "tel:+49", "//x.example"]
)
def test_other_links_stay(target: str) -> None:
    assert RESOLVER.link(DOCUMENT, target) == links.KEEP


@pytest.mark.parametrize(
    ("target", "mark"),
    [
        ("https://x.example/a.png", links.ELSEWHERE),
        ("//x.example/a.png", links.ELSEWHERE),
        ("data:image/png;base64,AAAA", links.UNSAFE),
        ("img/missing.png", links.NOT_PUBLISHED),
        ("../../secret.png", links.NOT_PUBLISHED),
    ],
)
def test_only_signed_pictures_are_shown(target: str, mark: str) -> None:
    assert RESOLVER.picture(DOCUMENT, target) == links.Target(mark=mark)


def test_a_picture_stands_by_its_digest() -> None:
    target = RESOLVER.picture(DOCUMENT, "../img/./label.svg")
    assert target == links.Target(f"../attachments/{PICTURE.digest[:16]}/label.svg")


def test_two_versions_of_one_picture_stand_side_by_side() -> None:
    one = links.attachment_path("img/a.png", Attachment.of(b"1"))
    other = links.attachment_path("img/a.png", Attachment.of(b"2"))
    assert one != other


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("img/a.png", "a.png"),
        ("Über größe.png", "Über-größe.png"),
        ("<img src=x onerror=alert(1)>.png", "img-src-x-onerror-alert-1-.png"),
        ('"><script>.png', "script-.png"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("a" * 300 + ".png", "a" * 76 + ".png"),
        ("form.html", "form.html.txt"),
        ("page.XHTML", "page.XHTML.txt"),
        ("run.js", "run.js.txt"),
        ("notes.md", "notes.md.txt"),
        ("data.xml", "data.xml.txt"),
        ("a:b?c#d.png", "a-b-c-d.png"),
        ("__proto__.png", "-proto-.png".strip("-")),
    ],
)
def test_names_of_attachments_are_harmless(reference: str, name: str) -> None:
    assert links.attachment_name(reference, Attachment.of(b"x")) == name


@pytest.mark.parametrize(
    "content",
    [
        b"<svg><script>alert(1)</script></svg>",
        b"<svg onload='alert(1)'/>",
        b"<svg><a href='javascript:alert(1)'>x</a></svg>",
        b"<svg><a xlink:href='&#106;avascript:alert(1)'>x</a></svg>",
        b"<svg><image href='https://x.example/a.png'/></svg>",
        b"<svg><use xlink:href='//x.example/a.svg#b'/></svg>",
        b"<svg><style>@import 'x.css'</style></svg>",
        b"<svg><rect fill='url(https://x.example/a)'/></svg>",
        b"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg/>",
        b"<?xml-stylesheet href='x'?><svg/>",
        b"<svg><foreignObject><iframe src='x'/></foreignObject></svg>",
        b"<svg><set attributeName='href' to='javascript:x'/></svg>",
        b"\x1f\x8b compressed",
        "<svg onload='x'/>".encode("utf-16"),
    ],
)
def test_a_picture_that_could_act_is_only_a_text(content: bytes) -> None:
    attachment = Attachment.of(content)
    assert links.attachment_name("a.svg", attachment) == "a.svg.txt"
    document = editions.document(embedded={"a.svg": attachment})
    assert RESOLVER.picture(document, "a.svg") == links.Target(mark=links.ACTIVE_PICTURE)


@pytest.mark.parametrize(
    "content",
    [
        editions.PICTURE,
        b"<svg><foreignObject><div xmlns='http://www.w3.org/1999/xhtml'>Text</div></foreignObject></svg>",
        b"<svg><a href='https://x.example/help'>Text</a></svg>",
        b"<svg><use href='#a'/><image href='data:image/png;base64,AA'/><rect fill='url(#b)'/></svg>",
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/svg11.dtd'><svg/>",
        b"<svg><text>online = on</text></svg>",
    ],
)
def test_a_drawing_is_shown(content: bytes) -> None:
    assert links.attachment_name("a.svg", Attachment.of(content)) == "a.svg"


@pytest.mark.parametrize("type_id", ["ASSETS", "ATTACHMENTS", "REGISTER", "SEARCH", "DRAFTS"])
def test_a_type_never_takes_a_folder_that_is_needed(type_id: str) -> None:
    assert links.folder(type_id) == f"type-{type_id.lower()}"


def test_a_draft_has_its_own_folder_and_links_from_there() -> None:
    resolver = links.Resolver({"WI-001": editions.document("WI-001")}, "drafts")
    assert resolver.link(DOCUMENT, "WI-001-x.md") == links.Target("../wi/WI-001.md")
    assert resolver.place(DOCUMENT) == "drafts/SOP-001.md"
