"""What a reader finds: search, diagrams, lists, notices and paper, without any other host."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from support import browser as browsers
from support import editions, sites

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}


def test_no_request_leaves_the_origin_and_nothing_complains(
    browser: Browser, origin: str, built: Path
) -> None:
    page, record = browsers.recorded(browser)
    paths = sorted(path.relative_to(built).as_posix() for path in built.rglob("*.html"))
    for path in paths:
        page.goto(f"{origin}{path.removesuffix('index.html')}", wait_until="load")
    page.wait_for_timeout(300)
    assert record.elsewhere(origin) == []
    assert record.complaints == []
    assert len(record.requests) > len(paths)


def test_a_diagram_is_drawn_by_the_mermaid_that_ships(browser: Browser, origin: str) -> None:
    page, record = browsers.recorded(browser)
    page.goto(f"{origin}pol/POL-001/")
    page.wait_for_function("document.querySelector('article div.mermaid') !== null", timeout=20_000)
    assert page.locator("article pre.mermaid").count() == 0
    height = page.locator("article div.mermaid").bounding_box()
    assert height is not None
    assert height["height"] > 20
    assert record.elsewhere(origin) == []
    assert record.complaints == []


def test_search_finds_a_document_by_number_and_by_word(browser: Browser, origin: str) -> None:
    page, record = browsers.recorded(browser, viewport=WIDE)
    page.goto(origin)
    for words, found in (("SOP-002", "sop/SOP-002/"), ("Gauge", "wi/WI-001/")):
        page.click("[data-md-component=search-query]")
        page.keyboard.press("Control+A")
        page.keyboard.type(words, delay=20)
        page.wait_for_selector(f".md-search-result__item a[href*='{found}']", timeout=20_000)
    assert record.elsewhere(origin) == []


def test_the_policy_stops_what_would_get_through(browser: Browser, origin: str) -> None:
    page, record = browsers.recorded(browser)
    page.goto(f"{origin}sop/SOP-001/")
    page.evaluate(
        """() => {
          const box = document.createElement("div");
          box.innerHTML = "<img src=x onerror=pwned(1)>";
          document.querySelector("article").append(box);
          const far = new Image();
          far.src = "https://other.example/a.png";
          fetch("https://other.example/").catch(() => {});
        }""",
    )
    page.wait_for_timeout(300)
    assert browsers.fired(page) == []
    assert any("Content Security Policy" in text for text in record.complaints)


def test_the_master_list_sorts_and_filters(browser: Browser, origin: str) -> None:
    page, _ = browsers.recorded(browser, viewport=WIDE)
    page.goto(f"{origin}register/master-list/")
    first = "article tbody tr:visible td:first-child"
    assert page.locator(first).all_inner_texts()[0] == "POL-001"
    page.get_by_role("button", name="Title").click()
    titles = page.locator("article tbody td:nth-child(2)").all_inner_texts()
    assert titles == sorted(titles)
    page.get_by_role("button", name="Title").click()
    assert page.locator("article tbody td:nth-child(2)").all_inner_texts() == titles[::-1]
    assert page.locator("th[aria-sort=descending]").inner_text().strip().startswith("Title")


def test_a_long_list_has_a_filter(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [editions.document(f"SOP-{number:03}", title=f"Title {number}") for number in range(1, 21)]
    built = sites.build(tmp_path, monkeypatch, editions.edition(*documents))
    with browsers.served(built) as origin:
        page, _ = browsers.recorded(browser, viewport=WIDE)
        page.goto(f"{origin}register/master-list/")
        page.get_by_label("Filter this list").fill("sop-01 quality")
        assert page.locator("article tbody tr:visible").count() == 10
        page.get_by_label("Filter this list").fill("")
        assert page.locator("article tbody tr:visible").count() == 20


def test_a_very_long_list_shows_its_beginning_and_all_of_it_on_request(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [editions.document(f"SOP-{number:03}", title=f"Title {number}") for number in range(1, 216)]
    built = sites.build(tmp_path, monkeypatch, editions.edition(*documents))
    rows = "article tbody tr:visible"
    with browsers.served(built) as origin:
        page, record = browsers.recorded(browser, viewport=WIDE)
        page.goto(f"{origin}register/master-list/")
        assert page.locator(rows).count() == 200
        assert "200 of 215 rows." in page.locator("article").inner_text()
        page.get_by_label("Filter this list").fill("sop-21")
        assert page.locator(rows).count() == 6
        assert not page.get_by_role("button", name="Show all").is_visible()
        page.get_by_label("Filter this list").fill("")
        page.get_by_role("button", name="Document").click()
        page.get_by_role("button", name="Document").click()
        assert page.locator(rows).first.inner_text().startswith("SOP-215")
        page.get_by_role("button", name="Show all 215").click()
        assert page.locator(rows).count() == 215
        assert record.complaints == []


def test_on_paper_a_list_is_whole(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [editions.document(f"SOP-{number:03}") for number in range(1, 216)]
    built = sites.build(tmp_path, monkeypatch, editions.edition(*documents))
    with browsers.served(built) as origin:
        page, _ = browsers.recorded(browser)
        page.goto(f"{origin}register/master-list/")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.locator("article tbody tr:visible").count() == 215
        assert not page.get_by_label("Filter this list").is_visible()


def test_a_page_past_its_next_change_warns(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = int(time.time())
    built = sites.build(tmp_path, monkeypatch, editions.edition(editions.document(), next_change=now - 60))
    with browsers.served(built) as origin:
        page, _ = browsers.recorded(browser)
        page.goto(f"{origin}sop/SOP-001/")
        assert page.locator("[data-isodocs-stale]").is_visible()
        assert "out of date" in page.locator("[data-isodocs-stale]").inner_text()


def test_a_page_warns_at_the_moment_of_the_change(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = sites.build(
        tmp_path, monkeypatch, editions.edition(editions.document(), next_change=1_900_000_000)
    )
    with browsers.served(built) as origin:
        page, _ = browsers.recorded(browser)
        page.clock.install(time=datetime.fromtimestamp(1_900_000_000 - 30, tz=UTC))
        page.goto(f"{origin}sop/SOP-001/")
        assert not page.locator("[data-isodocs-stale]").is_visible()
        page.clock.run_for(40_000)
        assert page.locator("[data-isodocs-stale]").is_visible()


@pytest.mark.parametrize("change", [None, 4_000_000_000])
def test_a_current_page_does_not_warn(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: int | None
) -> None:
    built = sites.build(tmp_path, monkeypatch, editions.edition(editions.document(), next_change=change))
    with browsers.served(built) as origin:
        page, _ = browsers.recorded(browser)
        page.goto(f"{origin}sop/SOP-001/")
        page.wait_for_timeout(100)
        assert not page.locator("[data-isodocs-stale]").is_visible()


def test_the_edition_is_named_on_every_page(browser: Browser, origin: str) -> None:
    page, _ = browsers.recorded(browser)
    for path in ("sop/SOP-001/", "register/master-list/", "404.html"):
        page.goto(f"{origin}{path}")
        text = page.locator(".md-copyright [data-isodocs-edition]").inner_text()
        assert text == "Edition as of 2026-11-23 06:30 (Europe/Berlin), commit 8f1f0b5f9f0d"


def test_paper_says_that_it_is_uncontrolled(browser: Browser, origin: str) -> None:
    page, _ = browsers.recorded(browser)
    page.goto(f"{origin}sop/SOP-001/")
    assert not page.locator(".isodocs-print").is_visible()
    page.emulate_media(media="print")
    notice = page.locator(".isodocs-print").inner_text()
    assert "Uncontrolled when printed." in notice
    assert "SOP-001, revision 2, effective from 2026-03-09." in notice
    assert re.search(r"printed \d{4}-\d\d-\d\d", notice)
    assert not page.locator(".md-header").is_visible()
    assert not page.locator(".md-sidebar--primary").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_a_draft_on_paper_says_draft(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{preview: true}}\n"
    previews = (editions.draft(),)
    built = sites.build(tmp_path, monkeypatch, editions.company(), config, previews=previews, command="serve")
    with browsers.served(built) as origin:
        page, _ = browsers.recorded(browser)
        page.goto(f"{origin}drafts/SOP-001/")
        assert page.locator("p.isodocs-draft").first.is_visible()
        page.emulate_media(media="print")
        assert "Draft, not in force." in page.locator(".isodocs-print").inner_text()


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_no_page_is_wider_than_the_screen(
    browser: Browser, origin: str, built: Path, viewport: dict[str, int]
) -> None:
    page, _ = browsers.recorded(browser, viewport=viewport)
    for path in built.rglob("index.html"):
        page.goto(f"{origin}{path.relative_to(built).as_posix()}")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path


@pytest.mark.parametrize(("scheme", "expected"), [("light", "default"), ("dark", "slate")])
def test_the_palette_follows_the_reader(browser: Browser, origin: str, scheme: str, expected: str) -> None:
    page, _ = browsers.recorded(browser, color_scheme=scheme)
    page.goto(f"{origin}sop/SOP-001/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == expected


def test_the_palette_can_be_changed_and_is_remembered(browser: Browser, origin: str) -> None:
    page, _ = browsers.recorded(browser, color_scheme="light", viewport=WIDE)
    page.goto(f"{origin}sop/SOP-001/")
    page.get_by_title("Switch to dark mode").click()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.goto(f"{origin}sop/SOP-002/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"


def test_a_site_on_a_disk_needs_no_server(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{offline: true}}\n"
    built = sites.build(tmp_path, monkeypatch, editions.company(), config)
    page, record = browsers.recorded(browser, viewport=WIDE)
    page.goto((built / "index.html").as_uri())
    page.click("[data-md-component=search-query]")
    page.keyboard.type("Gauge", delay=20)
    page.wait_for_selector(".md-search-result__item a[href*='wi/WI-001.html']", timeout=20_000)
    page.goto((built / "pol/POL-001.html").as_uri())
    page.wait_for_function("document.querySelector('article div.mermaid') !== null", timeout=20_000)
    assert [
        address
        for address in record.requests
        if not address.startswith(("file:", "data:", "about:", "blob:"))
    ] == []


def test_without_scripts_everything_can_be_read(browser: Browser, origin: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{origin}sop/SOP-001/")
    text = page.locator("article").inner_text()
    for words in ("Approved by", "Jane Doe", "claimed", "Revision history", "Clearer limits"):
        assert words in text
    assert not page.locator("[data-isodocs-stale]").is_visible()
