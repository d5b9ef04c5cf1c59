"""Theme, extensions and what the templates are told."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any

import pytest
from support import editions, sites

from isodocs.edition.model import Attachment
from mkdocs_isodocs import content, presentation

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig


def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str = sites.CONFIG) -> MkDocsConfig:
    made = sites.configured(tmp_path, monkeypatch, editions.company(), config)
    return made.plugins.on_config(made)


def test_the_default_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = prepared(tmp_path, monkeypatch)
    assert config.theme["font"] is False
    assert [each["scheme"] for each in config.theme["palette"]] == ["default", "slate"]
    assert config.theme.dirs[0] == str(presentation.THEME)
    assert config.extra["generator"] is False


def test_a_palette_of_the_company_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = sites.CONFIG.replace("{name: material}", "{name: material, palette: {scheme: slate}}")
    assert prepared(tmp_path, monkeypatch, text).theme["palette"] == {"scheme": "slate"}


def test_a_custom_folder_of_the_company_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theme").mkdir()
    text = sites.CONFIG.replace("{name: material}", "{name: material, custom_dir: theme}")
    config = prepared(tmp_path, monkeypatch, text)
    assert config.theme.dirs[0] == str(tmp_path / "theme")
    assert config.theme.dirs[1] == str(presentation.THEME)


def test_features_that_need_inline_scripts_or_every_page_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = "[navigation.sections, navigation.instant.prefetch, search.share, content.code.copy]"
    text = sites.CONFIG.replace("{name: material}", f"{{name: material, features: {wanted}}}")
    features = prepared(tmp_path, monkeypatch, text).theme["features"]
    assert "content.code.copy" in features
    assert "navigation.prune" in features
    assert not [each for each in features if each.startswith(("navigation.instant", "search.share"))]


def test_extensions_are_added_and_settings_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{sites.CONFIG}markdown_extensions: [{{toc: {{permalink: '#'}}}}, attr_list]\n"
    config = prepared(tmp_path, monkeypatch, text)
    assert {"admonition", "tables", "pymdownx.superfences", "attr_list"} <= set(config.markdown_extensions)
    assert config.mdx_configs["toc"]["permalink"] == "#"
    assert [each["name"] for each in config.mdx_configs["pymdownx.superfences"]["custom_fences"]] == [
        "mermaid"
    ]


def test_preparing_twice_adds_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = prepared(tmp_path, monkeypatch)
    again = config.plugins.on_config(config)
    assert again.theme.dirs.count(str(presentation.THEME)) == 1
    assert len(again.mdx_configs["pymdownx.superfences"]["custom_fences"]) == 1
    assert len(again.markdown_extensions) == len(set(again.markdown_extensions))


def test_links_to_edit_or_to_a_forge_are_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{sites.CONFIG}repo_url: https://github.com/a/b\nedit_uri: edit/main/\n"
    config = prepared(tmp_path, monkeypatch, text)
    assert not config.repo_url
    assert not config.edit_uri


def test_what_comes_from_elsewhere_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    text = f"{sites.CONFIG}extra_css: [own.css, 'https://x.example/a.css']\n"
    with caplog.at_level(logging.WARNING):
        config = prepared(tmp_path, monkeypatch, text)
    assert config.extra_css == ["own.css"]
    assert "extra_css names another host" in caplog.text


def test_another_theme_is_told_what_it_misses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    text = "site_name: x\ndocs_dir: documents\ntheme: {name: mkdocs}\nplugins: [isodocs]\n"
    with caplog.at_level(logging.WARNING):
        built = sites.build(tmp_path, monkeypatch, editions.company(), text)
    assert "only the theme `material`" in caplog.text
    assert (built / "sop/SOP-001/index.html").exists()


def test_serving_allows_the_script_of_the_server_and_a_build_does_not() -> None:
    assert "'unsafe-inline'; style" in presentation.site_facts(content.Site(), serving=True)["policy"]
    assert "script-src 'self' file:;" in presentation.site_facts(content.Site(), serving=False)["policy"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as monkeypatch:
        built = sites.tree(sites.build(folder, monkeypatch, editions.company()))
    return {path: data.decode("utf-8", "replace") for path, data in built.items()}


def test_a_document_page_has_header_history_and_the_notice_for_paper(site: dict[str, str]) -> None:
    page = site["sop/SOP-001/index.html"]
    for part in (
        'class="isodocs-card"',
        'class="isodocs-history"',
        "Uncontrolled when printed.",
        "SOP-001 \u00b7 revision 2 \u00b7 effective from 2026-03-09",
        "data-isodocs-stale",
    ):
        assert part in page
    assert "md-source-file" not in page
    assert page.count("<h1") == 1


def test_the_stamp_of_the_edition_stands_in_a_file_of_its_own(site: dict[str, str]) -> None:
    stamp = site["assets/isodocs/edition.js"]
    assert stamp == (
        'window.isodocsEdition = {"asOf": "2026-11-23 06:30 (Europe/Berlin)", "commit": "8f1f0b5f9f0d", '
        '"nextChange": 1890000000};\n'
    )
    assert "8f1f0b5f9f0d" not in site["sop/SOP-001/index.html"]


def test_a_stamp_cannot_end_its_script() -> None:
    staged = content._stamp(editions.edition(as_of="</script><script>alert(1)"))
    assert b"<" not in staged.read()


def test_raw_addresses_follow_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "# T\n\n<table><tr><td><img src='a.png' alt='x'><a href='WI-001.md#s'>x</a></td></tr></table>\n"
    picture = Attachment.of(b"png")
    edition = editions.edition(
        editions.document(body=body, embedded={"a.png": picture}), editions.document("WI-001")
    )
    built = sites.tree(sites.build(tmp_path, monkeypatch, edition))
    page = built["sop/SOP-001/index.html"].decode()
    assert f'src="../../attachments/{picture.digest[:16]}/a.png"' in page
    assert 'href="../../wi/WI-001/#s"' in page
    assert "data-isodocs=" not in page


def test_the_notice_on_paper_holds_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile: dict[str, Any] = {"revision": '2"}</style><script>alert(1)</script>\\'}
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.edition(editions.document(**hostile))))
    page = built["sop/SOP-001/index.html"].decode()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    assert "script" not in style[1].replace("descript", "") or "<" not in style[1]
    assert "<script>alert" not in page


def test_an_offline_site_needs_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{offline: true}}\n"
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.company(), text))
    assert built["search/search_index.js"].startswith(b'var __index = {"config"')
    assert b'src="../assets/isodocs/iframe-worker.js"' in built["sop/SOP-001.html"]


def test_a_document_is_found_by_its_id_and_keeps_its_anchor(site: dict[str, str]) -> None:
    heading = re.search(r"<h1[^>]*>.*?</h1>", site["sop/SOP-002/index.html"], re.DOTALL)
    assert heading is not None
    assert heading[0].startswith('<h1 id="records"><span class="isodocs-id">SOP-002</span> Records')
    titles = {entry["title"] for entry in json.loads(site["search/search_index.json"])["docs"]}
    assert "SOP-002 Records" in titles


def test_emoji_come_as_characters_and_not_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = f"{sites.CONFIG}markdown_extensions: [pymdownx.emoji]\n"
    edition = editions.edition(editions.document(body="# T\n\nWell :smile:\n"))
    page = sites.tree(sites.build(tmp_path, monkeypatch, edition, config))["sop/SOP-001/index.html"].decode()
    assert "Well \U0001f604" in page
