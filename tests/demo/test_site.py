"""The demonstration's manual is built, and served to this machine alone."""

from __future__ import annotations

import socket
import threading
import webbrowser
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from isodocs.core.problem import CannotRun
from isodocs.demo import site
from isodocs.demo.story import read_story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import ThreadingHTTPServer
    from pathlib import Path

EXPECTED = read_story().expected


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    (tmp_path / "index.html").write_text("<h1>Home</h1>")
    (tmp_path / "404.html").write_text("<h1>Not here</h1>")
    return tmp_path


@contextmanager
def served(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site.address(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def status(address: str) -> tuple[int, str]:
    try:
        with urlopen(address) as answer:  # noqa: S310 - our own server
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


class TestServer:
    def test_pages(self, pages: Path) -> None:
        with served(site.open_server(pages, 0)) as address:
            assert address.startswith("http://127.0.0.1:")
            assert status(address) == (200, "<h1>Home</h1>")

    @pytest.mark.parametrize("path", ["nothing.html", "empty/", "../secret", "%2e%2e/secret"])
    def test_what_is_not_there(self, pages: Path, path: str) -> None:
        (pages.parent / "secret").write_text("secret")
        with served(site.open_server(pages, 0)) as address:
            assert status(address + path) == (404, "<h1>Not here</h1>")

    def test_a_site_without_a_page_for_that(self, tmp_path: Path) -> None:
        with served(site.open_server(tmp_path, 0)) as address:
            assert status(address)[0] == 404

    def test_the_next_free_port(self, pages: Path) -> None:
        with site.open_server(pages) as first, site.open_server(pages) as second:
            assert first.server_port < second.server_port

    def test_a_port_that_is_taken(self, pages: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(CannotRun, match=f"Port {port} is taken"):
                site.open_server(pages, port)

    def test_ctrl_c_ends_it(self, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        said: list[str] = []
        opened: list[str] = []
        server = site.open_server(pages, 0)
        monkeypatch.setattr(webbrowser, "open", opened.append)
        monkeypatch.setattr(server, "serve_forever", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        site.serve(server, said.append, open_browser=True)
        assert said == [f"The manual is at {site.address(server)} (Ctrl-C ends)", "\nStopped."]
        assert opened == [site.address(server)]


class TestBuild:
    def test_it_holds_what_is_in_force(self, copy: Path) -> None:
        pytest.importorskip("material")
        built = site.build(copy)
        pages = {path: path.read_text("utf-8") for path in built.rglob("*.html")}
        for name in EXPECTED.effective:
            assert any(name.lower() in str(path).lower() for path in pages), name
        everything = "".join(pages.values())
        assert "walking to the red cage" not in everything
        assert "Fax order intake" not in "".join(
            text for path, text in pages.items() if "register" not in str(path)
        )
        assert "LIMITED USE" not in "".join(one.read_text("utf-8") for one in built.rglob("*.svg"))

    def test_mkdocs_is_missing(self, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(site, "_NEEDED", ("mkdocs", "no_such_package"))
        with pytest.raises(CannotRun, match=r"no_such_package.*isodocs\[site\]"):
            site.build(copy)

    def test_mkdocs_fails(self, copy: Path) -> None:
        pytest.importorskip("material")
        (copy / "mkdocs.yml").write_text("site_name: [")
        with pytest.raises(CannotRun, match="MkDocs could not build"):
            site.build(copy)
