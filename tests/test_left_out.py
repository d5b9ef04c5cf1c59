"""The tests' own plugin: what cannot run here is left out and named, and in CI it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SOURCE = """
import pytest

@pytest.mark.browser
def test_looks(): pass

def test_reads(): pass

@pytest.mark.slow
def test_takes_long(): pass
"""


def run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest of its own, on a machine without a browser."""
    (folder / "test_it.py").write_text(SOURCE)
    command = [sys.executable, "-m", "pytest", "-q", "-ra", "-c", os.devnull, "--rootdir", str(folder)]
    return subprocess.run(
        [*command, "-p", "conftest", "-p", "no:cacheprovider", *words, str(folder / "test_it.py")],
        cwd=folder,
        env={"PATH": "/nonexistent", "PYTHONPATH": str(TESTS), "HOME": str(folder), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_needs_a_browser_is_left_out_and_named(tmp_path: Path) -> None:
    ended = run(tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert "left out for want of a browser or a server" in ended.stdout
    assert "1 for want of " in ended.stdout
    assert "chromium:\n  test_it.py::test_looks\n" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("1 passed, 1 skipped, 1 deselected")


def test_in_ci_it_is_a_failure(tmp_path: Path) -> None:
    ended = run(tmp_path, ISODOCS_CI="1")
    assert ended.returncode == 1
    assert "ISODOCS_CI lets no test be left out" in ended.stdout


@pytest.mark.parametrize(("words", "count"), [((), "1 deselected"), (("--slow",), "2 passed")])
def test_the_full_figures_run_when_asked_for(tmp_path: Path, words: tuple[str, ...], count: str) -> None:
    assert count in run(tmp_path, *words).stdout.splitlines()[-1]
