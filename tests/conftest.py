"""What holds for all tests: what they may need, what is left out for want of it, and no trace left behind.

A test marked ``browser`` needs chromium and playwright, one marked ``server`` needs sshd, one marked
``gitolite`` needs gitolite3, one marked ``faults`` needs strace. Without them it is left out, and the last
lines of the run say so. Under ``ISODOCS_CI=1`` leaving out is a failure. Tests marked ``slow`` run with
``--slow`` only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
STRICT = "ISODOCS_CI"
LEFT_OUT = "left out: "


def missing_for_browser() -> str:
    """What a browser test lacks here; empty if nothing."""
    lacking = [] if find_spec("playwright") else ["the Python package playwright"]
    if not any(map(shutil.which, CHROMIUM)):
        lacking.append("chromium")
    return " and ".join(lacking)


def missing_for_server() -> str:
    """What a server test lacks here; empty if nothing."""
    return "" if shutil.which("sshd") or os.access("/usr/sbin/sshd", os.X_OK) else "sshd"


def missing_for_gitolite() -> str:
    """What a test with gitolite lacks here; empty if nothing."""
    return "" if shutil.which("gitolite") else "gitolite3"


def missing_for_faults() -> str:
    """What a test that strikes system calls lacks here; empty if nothing."""
    if not shutil.which("strace"):
        return "strace"
    done = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "the right to trace processes"


NEEDS: Mapping[str, Callable[[], str]] = {
    "browser": missing_for_browser,
    "server": missing_for_server,
    "gitolite": missing_for_gitolite,
    "faults": missing_for_faults,
}


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser, for playwright's ``executable_path``; for tests marked ``browser``."""
    return next(filter(None, map(shutil.which, CHROMIUM)))


def strict() -> bool:
    """Whether a test that cannot run is a failure."""
    return os.environ.get(STRICT, "") not in {"", "0"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the full figures too (marked slow)")


def pytest_configure(config: pytest.Config) -> None:
    if find_spec("hypothesis"):
        from hypothesis import settings  # noqa: PLC0415 - only where it is installed

        settings.register_profile("isodocs", deadline=None, database=None, derandomize=True)
        settings.load_profile("isodocs")
    config.addinivalue_line("markers", "slow: the full figures, run with --slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, question in NEEDS.items():
        if item.get_closest_marker(marker) and (lacking := question()):
            if strict():
                pytest.fail(f"{lacking} is not installed, and {STRICT} lets no test be left out")
            pytest.skip(f"{LEFT_OUT}{lacking}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were left out for want of a browser or a server."""
    reasons: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
        if LEFT_OUT in reason:
            reasons.setdefault(reason.partition(LEFT_OUT)[2], []).append(report.nodeid)
    if not reasons:
        return
    terminalreporter.section("left out for want of a browser or a server")
    for reason, names in sorted(reasons.items()):
        terminalreporter.line(f"{len(names)} for want of {reason}:")
        for name, count in sorted(Counter(one.partition("[")[0] for one in names).items()):
            terminalreporter.line(f"  {name}" + (f" ({count} cases)" if count > 1 else ""))
