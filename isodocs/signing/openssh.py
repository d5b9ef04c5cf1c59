"""Running OpenSSH's own programs: for agents, hardware keys and second opinions."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from collections.abc import Iterator

_OLDEST = "9.1"
_TIMEOUT = 120  # seconds, for what no person is waited for


@lru_cache(maxsize=8)
def require(path_variable: str) -> None:
    """Make sure that ssh-keygen is there and new enough. Asked once for each value of PATH.

    There is no ``--version``; 9.1 is the first that reads a time with ``Z`` (its release notes).

    Raises:
        CannotRun: it is missing or too old.
    """
    arguments = ["-Y", "verify", "-n", "isodocs", "-I", "isodocs", "-f", os.devnull, "-s", os.devnull]
    done = _start(["ssh-keygen", *arguments, "-O", "verify-time=20200101000000Z"], b"", path_variable)
    complaint = done.stderr.lower()
    if b"verify-time" in complaint or b"option" in complaint:
        raise CannotRun(f"This ssh-keygen is too old: OpenSSH {_OLDEST} or later is needed here.")


def run(program: str, *arguments: str | Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run one of OpenSSH's programs with ``data`` as its input; the caller judges the exit status.

    Raises:
        CannotRun: the program is missing, too old, or gives no answer.
    """
    path_variable = _trusted_path()
    require(path_variable)
    return _start([program, *map(str, arguments)], data, path_variable)


def run_with_person(program: str, *arguments: str | Path, data: bytes) -> subprocess.CompletedProcess[bytes]:
    """As ``run``, but a person is asked things meanwhile: messages go to the terminal, and nothing hurries.

    Raises:
        CannotRun: the program is missing or too old.
    """
    path_variable = _trusted_path()
    require(path_variable)
    return _start([program, *map(str, arguments)], data, path_variable, person=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder of our own, gone afterwards.

    Raises:
        CannotRun: there is no room for temporary files.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="isodocs-") as name:
            yield Path(name)
    except OSError as fault:
        raise CannotRun(f"Temporary files cannot be written: {fault.strerror}.") from None


def last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    """The last line a program complained with, as plain text; empty if it did not."""
    lines = (done.stderr or b"").decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return "".join(filter(str.isprintable, said[-1]))[:200] if said else ""


def _trusted_path() -> str:
    """``PATH`` without the folders that change with the current one: a repository has its programs there."""
    found = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(one for one in found if os.path.isabs(one))  # noqa: PTH117 - text


def _start(
    command: list[str], data: bytes, path_variable: str, *, person: bool = False
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=None if person else subprocess.PIPE,
            env={**os.environ, "PATH": path_variable, "LC_ALL": "C"},
            timeout=None if person else _TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise CannotRun(
            f"{command[0]} is not installed: OpenSSH {_OLDEST} or later is needed for this."
        ) from None
    except OSError as fault:
        raise CannotRun(f"{command[0]} could not be started: {fault.strerror}.") from None
    except subprocess.TimeoutExpired:
        raise CannotRun(f"{command[0]} gave no answer for {_TIMEOUT} seconds.") from None
