"""Pages rendered side by side are the same pages."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest
from markdown import Markdown  # type: ignore[import-untyped] # it has no stubs
from mkdocs.exceptions import Abort
from support import editions, sites

from isodocs.git.cache import Cache
from mkdocs_isodocs import workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from isodocs.edition.model import Edition

HERE = os.getpid()


@pytest.fixture
def side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORTH_IT", 1)
    monkeypatch.setattr(workers, "cores", lambda: 2)


def killed() -> str:
    os._exit(9)


def mistaken() -> str:
    raise ValueError("a fault")


def alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, edition: Edition, config: str = sites.CONFIG
) -> dict[str, bytes]:
    """The site as one process builds it."""
    with monkeypatch.context() as inner:
        inner.setattr(workers, "cores", lambda: 1)
        return sites.tree(sites.build(folder / "alone", monkeypatch, edition, config))


@pytest.mark.usefixtures("side_by_side")
def test_the_site_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    convert = Markdown.convert

    def noting(self: Markdown, source: str) -> str:
        rendered.append(source)
        return str(convert(self, source))

    monkeypatch.setattr(Markdown, "convert", noting)
    built = sites.tree(sites.build(tmp_path, monkeypatch, editions.company()))
    assert rendered == []
    assert built == alone(tmp_path, monkeypatch, editions.company())
    assert rendered != []


@pytest.mark.usefixtures("side_by_side")
@pytest.mark.parametrize(
    "plugins", ["[isodocs]", "[search, isodocs]", "[isodocs, search]", "[search: {enabled: false}, isodocs]"]
)
def test_with_any_order_of_plugins_and_with_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugins: str
) -> None:
    config = f"{sites.PLAIN}plugins: {plugins}\n"
    expected = alone(tmp_path, monkeypatch, editions.company(), config)
    environ = {"HOME": str(tmp_path)}
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(
        "mkdocs_isodocs.plugin.store_for", lambda *_: Cache.beside(tmp_path / "kept", environ)
    )
    for _ in range(2):
        assert sites.tree(sites.build(tmp_path, monkeypatch, editions.company(), config)) == expected


@pytest.mark.usefixtures("side_by_side")
@pytest.mark.parametrize("fault", [killed, mistaken])
def test_what_a_worker_cannot_do_the_build_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], str]
) -> None:
    expected = alone(tmp_path, monkeypatch, editions.company())
    convert = Markdown.convert

    def failing(self: Markdown, source: str) -> str:
        return str(convert(self, source)) if os.getpid() == HERE or "Records" not in source else fault()

    monkeypatch.setattr(Markdown, "convert", failing)
    assert sites.tree(sites.build(tmp_path, monkeypatch, editions.company())) == expected


@pytest.mark.usefixtures("side_by_side")
def test_what_a_worker_has_to_say_is_said_once_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    edition = editions.edition(editions.document(body="# T\n\n[x](///absolute)\n"))
    config = f"{sites.CONFIG}strict: true\nvalidation: {{absolute_links: warn}}\n"
    told: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    ear = Ear(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(ear)
    try:
        with pytest.raises(Abort, match="1 warning"):
            sites.build(tmp_path, monkeypatch, edition, config)
    finally:
        logging.getLogger("mkdocs").removeHandler(ear)
    assert len([each for each in told if "absolute link" in each]) == 1
    assert "absolute" not in "".join(capfd.readouterr())


def test_small_builds_and_single_cores_use_no_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "ProcessPoolExecutor", None)
    sites.build(tmp_path, monkeypatch, editions.company())
    monkeypatch.setattr(workers, "WORTH_IT", 1)
    monkeypatch.setattr(workers, "cores", lambda: 1)
    sites.build(tmp_path, monkeypatch, editions.company())
