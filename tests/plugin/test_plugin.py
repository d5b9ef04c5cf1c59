"""Configuration and hooks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, PluginError
from support import editions, sites

from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from pathlib import Path


def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> object:
    config = f"{sites.PLAIN}plugins:\n  - isodocs: {written}\n"
    made = sites.configured(tmp_path, monkeypatch, editions.company(), config)
    return made.plugins["isodocs"].config


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{}", None),
        ("{as_of: 2026-03-31}", "2026-03-31"),
        ("{as_of: '2026-03-31'}", "2026-03-31"),
        ("{as_of: 2026-03-31T12:00:00Z}", "2026-03-31T12:00:00Z"),
        ("{as_of: '2026-03-31T12:00:00Z'}", "2026-03-31T12:00:00Z"),
    ],
)
def test_the_moment_means_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, value: str | None
) -> None:
    assert settings(tmp_path, monkeypatch, written)["as_of"] == value  # type: ignore[index] # a mapping of MkDocs


@pytest.mark.parametrize(
    "written",
    [
        "{as_of: 3}",
        "{as_of: 2026-03-31 12:00:00}",
        "{preview: maybe}",
        "{unknown: 1}",
        "{snapshot: 'no'}",
        "{as_of: ''}",
    ],
)
def test_a_wrong_setting_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    sites.register_plugin(tmp_path, monkeypatch)
    config = f"{sites.PLAIN}strict: true\nplugins:\n  - isodocs: {written}\n"
    path = sites.project(tmp_path, config)
    with pytest.raises(Abort):
        load_config(str(path), strict=True)


def test_a_dirty_build_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sites.configured(tmp_path, monkeypatch, editions.company())
    with pytest.raises(PluginError, match="no longer in force"):
        made.plugins.on_startup(command="build", dirty=True)


@pytest.mark.parametrize("command", ["build", "gh-deploy"])
def test_preview_in_a_build_shows_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, command: str
) -> None:
    config = f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{preview: true}}\n"
    with caplog.at_level(logging.INFO):
        built = sites.build(
            tmp_path, monkeypatch, editions.company(), config, previews=(editions.draft(),), command=command
        )
    assert "drafts never come into a build" in caplog.text
    assert not any(b"New text" in data for data in sites.tree(built).values())
    assert not (built / "drafts").exists()


def test_preview_under_serve_shows_drafts_unmistakably(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{preview: true}}\n"
    previews = (editions.draft(), editions.draft("WI-007", "# New\n\n[x](SOP-001.md) [y](WI-001.md)\n"))
    built = sites.build(tmp_path, monkeypatch, editions.company(), config, previews=previews, command="serve")
    page = (built / "drafts/SOP-001/index.html").read_text("utf-8")
    assert page.count("Draft, not in force.") >= 2
    assert "isodocs-page--draft" in page
    assert "New text." in page
    other = (built / "drafts/WI-007/index.html").read_text("utf-8")
    assert 'href="../../sop/SOP-001/"' in other
    effective = (built / "sop/SOP-001/index.html").read_text("utf-8")
    assert "New text." not in effective
    assert "isodocs-page--draft" not in effective


def test_without_the_setting_serve_shows_no_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = sites.build(
        tmp_path, monkeypatch, editions.company(), previews=(editions.draft(),), command="serve"
    )
    assert not (built / "drafts").exists()


def test_a_repository_that_cannot_be_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = sites.configured(tmp_path, monkeypatch, editions.company())

    def unreadable(*_: object) -> None:
        raise CannotRun("The history is cut short.")

    monkeypatch.setattr("mkdocs_isodocs.plugin.edition_for", unreadable)
    with pytest.raises(Abort):
        build(made)


def test_the_plugin_lives_through_several_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sites.tree(sites.build(tmp_path, monkeypatch, editions.company()))
    second = sites.tree(sites.build(tmp_path, monkeypatch, editions.company()))
    assert first == second
