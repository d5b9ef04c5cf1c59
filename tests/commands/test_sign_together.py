"""Several people, or several windows, signing in one work tree at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.office import Office

NAMES = ("WI-002", "WI-003", "WI-004", "WI-005")


def started(office: Office, *words: str) -> subprocess.Popen[str]:
    env = {**office.env("jane"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-m", "isodocs", *words],
        cwd=office.root,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ends(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, err = process.communicate(timeout=120)
    return process.returncode, err


def test_all_succeed_and_nothing_is_lost(office: Office) -> None:
    office.play.branch("b")
    for name in NAMES:
        office.play.revise(name, "1")
    processes = [started(office, "approve", name, "--yes") for name in NAMES]
    assert [ends(process) for process in processes] == [(0, "")] * len(NAMES)
    assert [path.split("/")[1] for path in office.staged()] == [name for name in NAMES for _ in range(2)]
    processes = [started(office, "undo", name, "--yes") for name in NAMES]
    assert [ends(process) for process in processes] == [(0, "")] * len(NAMES)
    assert office.status() == ""
