"""Keys made by ssh-keygen, once a run, and an environment without anybody's own keys."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from signing import forge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nobodys_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    for name in ("SSH_AUTH_SOCK", "SSH_ASKPASS", "DISPLAY", "SSH_SK_PROVIDER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One key file of every kind that ssh-keygen makes without a device."""
    folder = tmp_path_factory.mktemp("keys")
    return {name: forge.keygen(folder / name, kind, bits) for name, (kind, bits) in forge.KINDS.items()}


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A real ssh-agent without keys; ended by its process, nothing else."""
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    for _ in range(500):
        if socket.exists():
            break
        time.sleep(0.01)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    yield socket
    process.terminate()
    process.wait()


def add_to_agent(key: Path) -> None:
    """Hand a key to the running agent."""
    subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
