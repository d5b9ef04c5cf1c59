"""Building the demonstration's manual, and serving it on this machine alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun
from isodocs.demo.files import SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from http import HTTPStatus
    from pathlib import Path

HOST = "127.0.0.1"
PORT = 8000
TRIES = 100
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
_NEEDED = ("mkdocs", "material", "mkdocs_isodocs")


def require_mkdocs() -> None:
    """Make sure that a site can be built here.

    Raises:
        CannotRun: MkDocs is missing; the text names what to install.
    """
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise CannotRun(
            f"Building the manual needs {missing[0]}; install it with: "
            f"{sys.executable} -m pip install 'isodocs[site]'"
        )


def build(root: Path) -> Path:
    """Build the manual of a repository; the folder it is in.

    Raises:
        CannotRun: MkDocs is missing, or fails; the text holds its own words.
    """
    require_mkdocs()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OF_HOOKS)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mkdocs", "build", "--quiet", "--site-dir", SITE],
        cwd=root,
        env=environment | {"NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise CannotRun(f"MkDocs could not build the manual:\n{(done.stderr or done.stdout).strip()}")
    return root / SITE


class _Pages(SimpleHTTPRequestHandler):
    """Files of the site, without a word for each of them, and no lists of folders."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: whoever watches wants the address to stay on the screen."""

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """A folder without a page is not found.

        Args:
            path: the folder.
        """
        del path
        self.send_error(404)

    def send_error(
        self, code: int | HTTPStatus, message: str | None = None, explain: str | None = None
    ) -> None:
        """Show the site's own page for what is not there."""
        page = os.path.join(self.directory, "404.html")  # noqa: PTH118 - the handler's folder is text
        if code != 404 or not os.path.isfile(page):  # noqa: PLR2004, PTH113 - HTTP's own number; as above
            super().send_error(code, message, explain)
            return
        with open(page, "rb") as file:  # noqa: PTH123 - as above
            text = file.read()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)


def open_server(site: Path, port: int | None = None) -> ThreadingHTTPServer:
    """A server for a built site, on the loopback address only.

    Args:
        site: the folder to serve.
        port: this one and no other; where None, 8000 or the next that is free.

    Raises:
        CannotRun: no port is free.
    """
    handler = partial(_Pages, directory=str(site))
    for number in [port] if port is not None else range(PORT, PORT + TRIES):
        try:
            return ThreadingHTTPServer((HOST, number), handler)
        except OSError:
            continue
    where = f"Port {port} is" if port is not None else f"The ports from {PORT} to {PORT + TRIES - 1} are"
    raise CannotRun(f"{where} taken or closed to you; name another with --port.")


def address(server: ThreadingHTTPServer) -> str:
    """What to type into a browser."""
    return f"http://{HOST}:{server.server_port}/"


def serve(server: ThreadingHTTPServer, say: Callable[[str], None], *, open_browser: bool) -> None:
    """Serve until Ctrl-C, also where a shell started us in the background and had us ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    say(f"The manual is at {address(server)} (Ctrl-C ends)")
    if open_browser:
        webbrowser.open(address(server))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        say("\nStopped.")
    finally:
        server.server_close()
