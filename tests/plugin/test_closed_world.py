"""The site holds the edition and nothing that merely lay beside it."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import editions, sites

from isodocs.core.problem import CannotRun
from isodocs.edition.model import Attachment

if TYPE_CHECKING:
    from isodocs.edition.model import Edition

CANARIES = 500
PAGES = {
    "index.html",
    "404.html",
    "rules/index.html",
    "register/master-list/index.html",
    "register/withdrawn/index.html",
    "pol/index.html",
    "pol/POL-001/index.html",
    "sop/index.html",
    "sop/SOP-001/index.html",
    "sop/SOP-002/index.html",
    "wi/index.html",
    "wi/WI-001/index.html",
    "frm/index.html",
    "frm/FRM-001/index.html",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as monkeypatch:
        return sites.tree(sites.build(folder, monkeypatch, editions.company()))


def test_the_pages_are_those_of_the_edition(site: dict[str, bytes]) -> None:
    assert {path for path in site if path.endswith(".html")} == PAGES


def test_beside_pages_there_are_attachments_registers_and_the_theme(site: dict[str, bytes]) -> None:
    others = {path for path in site if not path.endswith(".html") and not path.startswith("assets/")}
    assert {path for path in others if not path.startswith("attachments/")} == {
        "edition.json",
        "search/search_index.json",
        "sitemap.xml",
        "sitemap.xml.gz",
    }
    assert sorted(Path(path).name for path in others if path.startswith("attachments/")) == [
        "FRM-001.xlsx",
        "label.svg",
    ]


def test_nothing_of_the_documents_folder_is_there(site: dict[str, bytes]) -> None:
    assert [path for path, data in site.items() if b"anary" in data] == []


def test_a_file_beside_the_documents_cannot_replace_one_of_the_theme(site: dict[str, bytes]) -> None:
    assert b"@font-face" in site["assets/isodocs/isodocs.css"]


def test_there_are_no_source_maps(site: dict[str, bytes]) -> None:
    assert [path for path in site if path.endswith(".map")] == []


def test_the_search_index_knows_the_pages_alone(site: dict[str, bytes]) -> None:
    index = json.loads(site["search/search_index.json"])
    places = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert {f"{place}index.html" for place in places} == PAGES - {"404.html"}
    assert "WI-001 Gauge calibration" in {entry["title"] for entry in index["docs"]}


def test_headers_and_histories_are_no_search_results(site: dict[str, bytes]) -> None:
    entries = json.loads(site["search/search_index.json"])["docs"]
    text = "".join(entry["text"] for entry in entries if entry["location"].startswith("sop/SOP-001/"))
    assert "See records" in text
    assert "Clearer limits" not in text
    assert "SHA256:" not in text
    assert b"data-search-exclude" not in site["sop/SOP-001/index.html"]


def test_the_sitemap_takes_its_dates_from_the_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = f"{sites.CONFIG}site_url: https://manual.example/\n"
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.company(), config))
    sitemap = built["sitemap.xml"].decode()
    assert set(re.findall("<lastmod>(.*?)</lastmod>", sitemap)) == {"2026-03-09", "2026-11-23"}
    assert gzip.decompress(built["sitemap.xml.gz"]).decode() == sitemap


def canaries() -> Edition:
    """An edition beside which drafts lie around."""
    return editions.edition(*(editions.document(f"SOP-{number:03}") for number in range(3)))


def test_five_hundred_drafts_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sites.project(tmp_path)
    for number in range(CANARIES):
        name = f"SOP-{number:03}-canary-title-{number}.md"
        folder = tmp_path / "documents" / f"canary-folder-{number % 7}"
        folder.mkdir(exist_ok=True)
        text = f"---\nid: SOP-{number:03}\ntitle: Canary {number}\ntags: [canary-{number}]\n---\n# Canary\n"
        (folder / name).write_text(text)
        (folder / f"canary-{number}.png").write_bytes(b"canary")
    built = sites.tree(sites.build(tmp_path, monkeypatch, canaries()))
    found = [
        path
        for path, data in built.items()
        if b"anary" in (gzip.decompress(data) if path.endswith(".gz") else data) or "anary" in path
    ]
    assert found == []


def test_an_earlier_build_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sites.build(tmp_path, monkeypatch, editions.company())
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.edition(editions.document("WI-001"))))
    assert not any("SOP-00" in path or "attachments" in path for path in built)
    assert not any(b"SOP-002" in data for path, data in built.items() if path.endswith((".html", ".json")))


def test_patterns_of_mkdocs_hide_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = f"{sites.CONFIG}exclude_docs: 'sop/'\ndraft_docs: 'wi/'\nnot_in_nav: '*'\n"
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.company(), config))
    assert {path for path in built if path.endswith(".html")} == PAGES


def test_a_navigation_of_mkdocs_yml_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = f"{sites.CONFIG}nav: [index.md, SOP-099-draft.md]\n"
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.company(), config))
    assert {path for path in built if path.endswith(".html")} == PAGES


def test_large_files_are_read_only_when_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    data = b"large"

    def reading() -> bytes:
        read.append("now")
        return data

    attachment = Attachment(Attachment.of(data).digest, reading)
    document = editions.document(embedded={"a.bin": attachment})
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.edition(document)))
    assert read == ["now"]
    assert built[f"attachments/{attachment.digest[:16]}/a.bin"] == data


def test_a_forged_attachment_ends_the_build_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = Attachment("0" * 64, lambda: b"other")
    with pytest.raises(CannotRun, match="not the one that was signed"):
        sites.build(tmp_path, monkeypatch, editions.edition(editions.document(embedded={"a.bin": forged})))
