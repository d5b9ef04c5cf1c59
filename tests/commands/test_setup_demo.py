"""``isodocs demo``: what it prints can be done as printed, and what it serves is the company's manual."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from support.demo import LONG_AGO
from support.gitrepo import environment

from isodocs.cli import main, program
from isodocs.demo import site

if TYPE_CHECKING:
    from pathlib import Path

SHIM = """\
#!/bin/sh
case "$1" in approve) set -- "$@" --yes ;; esac
exec '{python}' -P -m isodocs "$@"
"""


def tool(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def pre_commit() -> str:
    """Where the hook runner is, beside this Python or on the path."""
    beside = os.path.dirname(sys.executable)  # noqa: PTH120 - a search path is text
    return shutil.which("pre-commit", path=f"{beside}{os.pathsep}{os.environ['PATH']}") or ""


class TestPrinted:
    def test_every_line_can_be_done(self, tmp_path: Path) -> None:
        """With the hooks in place: the edit is stopped, the author refused, the approval goes through."""
        if not pre_commit():
            pytest.skip("left out: no pre-commit")
        tools = tmp_path / "tools"
        tool(tools, "isodocs", SHIM.format(python=sys.executable))
        tool(tools, "pre-commit", f"#!/bin/sh\nexec '{pre_commit()}' \"$@\"\n")
        variables = environment(tmp_path / "home")
        variables["PATH"] = f"{tools}{os.pathsep}{variables['PATH']}"
        printed = run(["isodocs", "demo", "demo"], tmp_path, variables)
        assert "git as PERSON" in printed.stdout
        assert "Set up the quality management system" in printed.stderr
        steps = "\n".join(line for line in printed.stdout.splitlines() if line.startswith("  "))
        done = run(["sh", "-xc", steps], tmp_path, variables)
        assert "RV101" in done.stderr + done.stdout
        assert "Hanna Sjöberg holds no role" in done.stderr
        listed = run(["isodocs", "list", "--format", "json"], tmp_path / "demo", variables)
        row = next(row for row in json.loads(listed.stdout)["items"] if row["id"] == "SOP-004")
        assert (row["revision"], row["status"], row["draft"]) == ("3", "effective", None)
        status = run(["git", "status", "--porcelain"], tmp_path / "demo", variables)
        assert status.stdout == ""
        log = run(["git", "log", "--all", "--format=%s"], tmp_path / "demo", variables)
        assert "Try to change the policy" not in log.stdout


def run(words: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=folder, env=variables, capture_output=True, text=True, check=False)


class TestServed:
    def test_the_manual_is_there_until_ctrl_c(self, tmp_path: Path) -> None:
        pytest.importorskip("material")
        words = ["demo", "here", "--serve", "--port", "0", "--today", LONG_AGO.isoformat()]
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "isodocs", *words],
            cwd=tmp_path,
            env=environment(tmp_path / "home"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        line = next(line for line in process.stdout if "The manual is at" in line)
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urlopen(address) as answer:  # noqa: S310 - our own server
            assert b"Norrvik Instruments" in answer.read()
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert rest.endswith("Stopped.\n")


class TestRefusals:
    def test_mkdocs_is_missing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(site, "_NEEDED", ("no_such_package",))
        assert main(["demo", str(tmp_path / "new"), "--build"]) == 2
        assert "isodocs[site]" in capsys.readouterr().err
        assert not (tmp_path / "new").exists()

    def test_a_folder_with_something_in_it(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "mine.txt").write_text("mine")
        assert main(["demo", str(tmp_path)]) == 2
        assert "is not empty" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_a_day_to_come(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["demo", str(tmp_path / "new"), "--today", "2999-01-01"]) == 2
        assert "still to come" in capsys.readouterr().err

    @pytest.mark.parametrize("day", ["yesterday", "2026-2-1", "2026-02-30"])
    def test_no_day(self, tmp_path: Path, day: str) -> None:
        done = CliRunner().invoke(program, ["demo", str(tmp_path / "new"), "--today", day])
        assert done.exit_code == 2
        assert "is no date" in done.output

    def test_a_port_that_is_taken(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pytest.importorskip("material")
        with site.open_server(tmp_path, 0) as server:
            port = str(server.server_port)
            assert main(["demo", str(tmp_path / "new"), "--serve", "--port", port]) == 2
        assert f"Port {port} is taken" in capsys.readouterr().err
        assert not (tmp_path / "new").exists()
