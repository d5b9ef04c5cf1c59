"""A site in a real browser: served from one origin, every request and every alarm on record."""

from __future__ import annotations

import functools
import http.server
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

# Set before any script of a page: whatever a payload calls, it leaves a trace.
ALARM = """
window.__fired = [];
for (const name of ["alert", "confirm", "prompt", "print", "pwned"]) {
  window[name] = () => { window.__fired.push(name); };
}
"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone; the address, with ``/`` at its end."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Record:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def elsewhere(self, origin: str) -> list[str]:
        """Requests that left the origin."""
        inside = (origin, "data:", "blob:", "about:")
        return [address for address in self.requests if not address.startswith(inside)]


def recorded(browser: Browser, **options: Any) -> tuple[Page, Record]:
    """A fresh page whose doings are on record."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.add_init_script(ALARM)
    record = Record()
    context.on("request", lambda request: record.requests.append(request.url))
    page.on("pageerror", lambda error: record.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            record.complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )

    def dismiss(dialog: Dialog) -> None:
        record.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    return page, record


def fired(page: Page) -> list[str]:
    """What payloads managed to call."""
    return list(page.evaluate("window.__fired || ['no record']"))
