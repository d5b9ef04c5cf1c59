"""Nothing that people type runs in a reader's browser, wherever they type it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import browser as browsers
from support import editions, sites

from isodocs.edition.model import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from isodocs.edition.model import Edition, PublishedDocument

pytestmark = pytest.mark.browser
PAYLOADS: list[str] = json.loads(Path(__file__).with_name("payloads.json").read_text("utf-8"))
TRY_EVERYTHING = Path(__file__).with_name("try_everything.js").read_text("utf-8")
NO_POLICY = "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'"


def hostile(number: int, payload: str) -> PublishedDocument:
    """A document in which every field that somebody types holds the payload."""
    digest_of = f"{payload}.png"
    name = f"SOP-{number:03}"
    body = (
        f"# {payload}\n\n{payload}\n\n- {payload}\n\n> {payload}\n\n![{payload}](a.png)\n\n"
        f"<table><tr><td>{payload}</td></tr></table>\n"
    )
    return editions.document(
        name,
        body,
        title=payload,
        owner=payload,
        type_title="Procedure",
        classification=payload,
        clauses=(payload,),
        audience=(payload,),
        mark_notes=(payload,),
        path=f"documents/{name}-{payload}.md",
        embedded={digest_of: Attachment.of(f"{number}".encode()), "a.png": Attachment.of(editions.PICTURE)},
        payload=digest_of,
        approvals=(editions.approval(payload, role=payload, meaning="approved", assurance=payload),),
        history=(
            editions.history("2", reason=payload, approved_by=(payload,), writers=(payload,), commit=payload),
        ),
        overdue=number % 2 == 0,
    )


def edition() -> Edition:
    """Every payload in every place."""
    made = editions.edition(*(hostile(number, payload) for number, payload in enumerate(PAYLOADS, start=1)))
    gone = tuple(
        editions.withdrawn(f"WI-{number:03}", title=payload, reason=payload)
        for number, payload in enumerate(PAYLOADS, start=1)
    )
    return replace(made, title=PAYLOADS[7], notes=tuple(PAYLOADS), withdrawn=gone, as_of=PAYLOADS[0])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    extensions = "markdown_extensions: [attr_list, md_in_html, pymdownx.details, pymdownx.tabbed, abbr]\n"
    with pytest.MonkeyPatch.context() as monkeypatch:
        # The security policy is the second wall; here the first one stands alone.
        monkeypatch.setattr("mkdocs_isodocs.presentation.POLICY", NO_POLICY)
        config = f"{sites.CONFIG}{extensions}"
        folder = sites.build(tmp_path_factory.mktemp("hostile"), monkeypatch, edition(), config)
    with browsers.served(folder) as served:
        yield served


@pytest.fixture(scope="module")
def watched(browser: Browser, address: str) -> tuple[Page, browsers.Record, str]:
    page, record = browsers.recorded(browser)
    return page, record, address


def check(watched: tuple[Page, browsers.Record, str], path: str) -> None:
    """Open a page, touch everything on it, and see that nothing came of it."""
    page, record, origin = watched
    page.goto(f"{origin}{path}", wait_until="load")
    page.evaluate(TRY_EVERYTHING)
    page.wait_for_timeout(30)
    assert browsers.fired(page) == []
    assert record.dialogs == []
    assert record.elsewhere(origin) == []
    assert page.url.startswith(origin)


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1))
def test_no_payload_fires_on_its_page(watched: tuple[Page, browsers.Record, str], number: int) -> None:
    check(watched, f"sop/SOP-{number:03}/")


@pytest.mark.parametrize("path", ["", "sop/", "register/master-list/", "register/withdrawn/", "404.html"])
def test_no_payload_fires_in_a_register(watched: tuple[Page, browsers.Record, str], path: str) -> None:
    check(watched, path)


def test_no_payload_fires_in_search_results(watched: tuple[Page, browsers.Record, str]) -> None:
    page, record, origin = watched
    page.goto(origin)
    for words in ("pwned", "script", "img"):
        page.click("[data-md-component=search-query]")
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
        page.wait_for_selector(".md-search-result__item", state="attached", timeout=20_000)
        page.evaluate(TRY_EVERYTHING)
    assert browsers.fired(page) == []
    assert record.dialogs == []
    assert record.elsewhere(origin) == []


def test_the_alarm_goes_off_where_something_fires(browser: Browser) -> None:
    page, _ = browsers.recorded(browser)
    page.goto("about:blank")
    page.set_content("<article><img src=x onerror=pwned(1)><a href='javascript:pwned(1)'>x</a></article>")
    page.wait_for_timeout(100)
    page.evaluate(TRY_EVERYTHING)
    assert "pwned" in browsers.fired(page)
    assert any("javascript:" in each for each in browsers.fired(page))
