"""The navigation of a page grows with nothing but the number of types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support import editions, sites

from mkdocs_isodocs import content, navigation

if TYPE_CHECKING:
    from pathlib import Path

MANY = 80


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("large")
    documents = [
        editions.document(f"SOP-{number:03}", title=f"Title {number}") for number in range(1, MANY + 1)
    ]
    documents.append(editions.document("WI-001"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        return sites.tree(sites.build(folder, monkeypatch, editions.edition(*documents)))


def links(page: bytes) -> list[str]:
    """Titles of the links in the primary navigation."""
    sidebar = page.decode().partition('data-md-type="navigation"')[2].partition('data-md-type="toc"')[0]
    found = re.findall(r'<a href="[^"]*" class="md-nav__link[^"]*">(.*?)</a>', sidebar, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", "", text).split()) for text in found]


def test_types_come_in_the_order_of_the_settings(tmp_path: Path) -> None:
    del tmp_path
    nav = navigation.as_config(content.Site(edition=editions.company()))
    assert nav[0] == "index.md"
    assert [next(iter(item)) for item in nav[1:]] == [
        "Policy",
        "Procedure",
        "Work instruction",
        "Form",
        "Registers",
    ]
    assert nav[2] == {"Procedure": ["sop/index.md", "sop/SOP-001.md", "sop/SOP-002.md"]}
    assert nav[-1] == {"Registers": ["register/master-list.md", "register/withdrawn.md", "rules.md"]}


def test_a_title_of_a_type_is_escaped() -> None:
    edition = editions.edition(editions.document(type_title="<img src=x onerror=alert(1)>"))
    nav = navigation.as_config(content.Site(edition=edition))
    assert next(iter(nav[1])) == "&lt;img src=x onerror=alert(1)&gt;"


def test_no_edition_no_navigation() -> None:
    assert navigation.as_config(content.Site()) == []


@pytest.mark.parametrize(("number", "first", "last"), [(1, 1, 25), (40, 28, 52), (80, 56, 80)])
def test_a_page_shows_its_neighbours(large: dict[str, bytes], number: int, first: int, last: int) -> None:
    shown = [text for text in links(large[f"sop/SOP-{number:03}/index.html"]) if text.startswith("SOP-")]
    # The page's own link stands twice: once as its title, once for narrow screens.
    assert list(dict.fromkeys(shown)) == [f"SOP-{each:03} Title {each}" for each in range(first, last + 1)]


def test_a_page_leads_to_home_every_type_and_the_registers(large: dict[str, bytes]) -> None:
    shown = links(large["sop/SOP-040/index.html"])
    for title in ("Home", "Procedure", "Work instruction", "Registers"):
        assert title in shown


def test_other_sections_show_no_documents(large: dict[str, bytes]) -> None:
    assert not [text for text in links(large["wi/WI-001/index.html"]) if text.startswith("SOP-")]
    assert not [text for text in links(large["index.html"]) if text.startswith(("SOP-", "WI-"))]


def test_the_page_of_a_type_lists_all_its_documents(large: dict[str, bytes]) -> None:
    page = large["sop/index.html"].decode()
    assert all(f'href="SOP-{number:03}/"' in page for number in range(1, MANY + 1))


def test_the_navigation_stays_small(large: dict[str, bytes]) -> None:
    assert len(links(large["sop/SOP-040/index.html"])) < 40
