"""Where the plugin looks for its repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mkdocs.livereload import LiveReloadServer
from support import editions, sites

from mkdocs_isodocs import source

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "place"), [("{}", "."), ("{repository: qms}", "qms"), ("{repository: ..}", "..")]
)
def test_the_repository_is_beside_mkdocs_yml_or_where_it_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, place: str
) -> None:
    config = f"{sites.PLAIN}plugins:\n  - isodocs: {written}\n"
    made = sites.configured(tmp_path, monkeypatch, editions.company(), config)
    monkeypatch.chdir("/")
    settings = made.plugins["isodocs"].config
    assert source.repository_of(settings, made) == (tmp_path / place).resolve()


def test_serving_watches_what_the_edition_depends_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sites.configured(tmp_path, monkeypatch, editions.company())
    (tmp_path / "signatures").mkdir()
    (tmp_path / "people.yml").write_text("format: 1\n")
    server = LiveReloadServer(builder=lambda: None, host="127.0.0.1", port=0, root=str(tmp_path))
    made.plugins.on_serve(server, config=made, builder=lambda: None)
    watched = {str(path) for path in server._watched_paths}
    server.server_close()
    assert watched == {str(tmp_path / name) for name in ("documents", "signatures", "people.yml")}
