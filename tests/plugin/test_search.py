"""The search index: what is in it, and how much."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from support import editions, sites

from mkdocs_isodocs import search

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    '{"config":{"lang":["en"]},"docs":[{"location":"","title":"Home","text":""},'
    '{"location":"a/","title":"A \\u00e9","text":"<p>x</p>","boost":2},'
    '{"location":"a/#one","title":"One","text":"<p>\\"]}\\"</p>"},{"location":"b/","title":"B","text":"y"}]}'
)


def entries(built: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((built / search.INDEX).read_text("utf-8"))["docs"]
    return found


def test_what_is_put_together_again_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    index = search.Index.parse(TEXT)
    index.write(str(tmp_path), ["", "a/", "b/"])
    assert (tmp_path / search.INDEX).read_text("utf-8") == TEXT
    index.write(str(tmp_path), ["b/"])
    assert entries(tmp_path) == [{"location": "b/", "title": "B", "text": "y"}]
    index.write(str(tmp_path), [])
    assert entries(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    ["", "{}", TEXT[:-1], TEXT[:-1] + ',"index":{}}', '{"docs":[1]}', '{"docs":[{}]}', '{"docs":[', "[]"],
)
def test_what_is_laid_out_otherwise_is_not_believed(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        search.Index.parse(text)


def test_a_site_without_search_has_no_index(tmp_path: Path) -> None:
    assert search.Index.read(str(tmp_path)) is None


def test_an_index_of_another_kind_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(search, "_DOCS", '"pages":[')
    with caplog.at_level(logging.INFO):
        built = sites.build(tmp_path, monkeypatch, editions.company())
    assert "the search index stays as it is" in caplog.text
    assert len(entries(built)) > 10


def test_lists_and_headings_of_every_page_are_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = sites.build(tmp_path, monkeypatch, editions.company())
    found = entries(built)
    assert not [each for each in found if each["title"] == "Revision history"]
    assert [each["location"] for each in found if "Gauge calibration" in each["title"] + each["text"]] == [
        "wi/WI-001/"
    ]
    assert [each["location"] for each in found if "Fax orders" in each["text"]] == ["register/withdrawn/"]
    assert b"data-search-exclude" not in b"".join(sites.tree(built).values())


def test_a_heading_of_the_author_that_is_called_so_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "# T\n\n## Revision history\n\nHow we keep it.\n"
    found = entries(sites.build(tmp_path, monkeypatch, editions.edition(editions.document(body=body))))
    assert [each["text"] for each in found if each["title"] == "Revision history"] == [
        "<p>How we keep it.</p>"
    ]


def test_a_very_large_manual_is_searched_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    small = entries(sites.build(tmp_path / "small", monkeypatch, editions.company()))
    monkeypatch.setattr(search, "MOST_SECTIONS", len(small) - 1)
    with caplog.at_level(logging.INFO):
        large = entries(sites.build(tmp_path / "large", monkeypatch, editions.company()))
    assert "searched by page" in caplog.text
    assert [each["location"] for each in large] == list(
        dict.fromkeys(each["location"].partition("#")[0] for each in small)
    )
    words = {each["location"]: each["text"] for each in large}
    for each in small:
        assert each["text"] in words[each["location"].partition("#")[0]]
    records = next(each for each in large if each["location"] == "sop/SOP-002/")
    assert records["title"] == "SOP-002 Records"
    assert records["text"] == "<p>Keeping</p><p>Six years.</p>"
