"""Faults at the very system calls of a command: killed, disk full, disk broken; in isodocs and in its git.

strace (``-e inject``) makes them. First the command runs once and every call that could change a file is
noted; then one of these calls is struck. The kernel counts for each process by itself, so a git process is
reached through a wrapper on PATH that lets strace start the one that is meant.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FAULTS = ("KILL", "ENOSPC", "EIO")
CALLS = (
    *("open", "openat", "creat", "write", "pwrite64", "writev", "fsync", "fdatasync", "sync"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "link", "linkat", "symlink"),
    *("symlinkat", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat", "ftruncate", "truncate"),
)
_LINE = re.compile(r"(?P<pid>\d+) +(?P<call>\w+)\((?P<rest>.*)")
_OPENS = ("open", "openat")
_FLAGS = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC)")
_WRAPPER = """\
#!/bin/sh
printf x >> "$FAULT_COUNT"
read -r seen < "$FAULT_COUNT"
if [ "${{#seen}}" = "$FAULT_AT" ]; then
  exec {strace} -qq -o /dev/null -e "trace=$FAULT_CALL" -e "inject=$FAULT_CALL:$FAULT_WHAT" {git} "$@"
fi
exec {git} "$@"
"""


@dataclass(frozen=True)
class Point:
    """One system call of a command.

    Attributes:
        process: 0 for isodocs itself, else the number of the git process.
        call: its name.
        number: which of the calls of this name in this process, from 1.
        what: the file it is about, for people.
    """

    process: int
    call: str
    number: int
    what: str

    def __str__(self) -> str:
        where = "isodocs" if self.process == 0 else f"git{self.process}"
        return f"{where}-{self.call}-{self.number}-{self.what}"

    @property
    def says(self) -> bool:
        """Whether it only tells the person something."""
        return self.what in {"stdout", "stderr"}

    @property
    def tells(self) -> bool:
        """Whether it only passes something on from one process to the other."""
        return self.what == "pipe"


def isodocs(*words: str) -> list[str]:
    """The command line that runs isodocs as a process of its own."""
    return [sys.executable, "-m", "isodocs", *words]


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """The environment of such a process: always the same order of things, nothing written beside."""
    return {
        **env,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def points(
    words: Sequence[str], env: Mapping[str, str], cwd: Path, *, within: Sequence[Path], stdin: str = ""
) -> list[Point]:
    """Every call of a command that could change a file below ``within``, or that says something.

    What its git processes tell it through pipes is among them. The command runs to its end; it must succeed.
    """
    log = cwd.parent / "strace.log"
    done = subprocess.run(
        [
            "strace",
            "-f",
            "-y",
            "-qq",
            "-s",
            "0",
            "-o",
            log,
            "-e",
            f"trace=execve,{_known()}",
            *isodocs(*words),
        ],
        cwd=cwd,
        env=environment(env),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done
    return list(_read(log.read_text("utf-8", "replace"), [str(path.resolve()) for path in within]))


def _known() -> str:
    return ",".join(f"?{call}" for call in CALLS)


def _read(log: str, within: Sequence[str]) -> Iterator[Point]:
    git, processes, counts = shutil.which("git"), dict[str, int](), dict[tuple[str, str], int]()
    for line in log.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        pid, call, rest = found["pid"], found["call"], found["rest"]
        if not processes:
            processes[pid] = 0
        if call == "execve":
            if rest.startswith(f'"{git}"') and rest.endswith("= 0"):
                processes[pid] = max(processes.values()) + 1
            continue
        counts[pid, call] = number = counts.get((pid, call), 0) + 1
        what = _about(call, rest, within, says=processes.get(pid) == 0)
        if what and pid in processes and "= -1 " not in rest:
            yield Point(processes[pid], call, number, what)


def _about(call: str, rest: str, within: Sequence[str], *, says: bool) -> str:
    """The file that a call would change, shortened; empty if it changes none of those meant."""
    if call in _OPENS and not _FLAGS.search(rest):
        return ""
    if call == "write" and says and rest.startswith(("1<", "2<")):
        return "stdout" if rest.startswith("1<") else "stderr"
    if call in {"write", "writev", "pwrite64", "fsync", "fdatasync", "fchmod", "ftruncate"}:
        name = rest.partition("<")[2].partition(">")[0]
    else:
        name = rest.rpartition(" = ")[0].partition('"')[2].partition('"')[0]
    if name.startswith("pipe:"):
        return "pipe"
    inside = name.startswith(tuple(within)) or (name != "" and not name.startswith("/"))
    return _short(name) if inside else ""


def _short(name: str) -> str:
    """The last part of a path, without what is made by chance or from a time."""
    leaf = name.rpartition("/")[2]
    leaf = re.sub(r"[0-9a-f]{12,}", "H", leaf)
    return re.sub(r"(\.isodocs-(?:tmp-)?|tmp_obj_|\.fresh\.)\w+", r"\1x", leaf) or "."


def strike(
    point: Point, fault: str, words: Sequence[str], env: Mapping[str, str], cwd: Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command with one fault at one call."""
    what = f"{'signal=KILL' if fault == 'KILL' else f'error={fault}'}:when={point.number}"
    command, told = isodocs(*words), environment(env)
    if point.process == 0:
        trace = ["strace", "-qq", "-o", os.devnull, "-e", f"trace={point.call}"]
        command = [*trace, "-e", f"inject={point.call}:{what}", *command]
    else:
        told |= _through_wrapper(cwd.parent / "wrapper", told["PATH"], point, what)
    return subprocess.run(
        command, cwd=cwd, env=told, input=stdin, capture_output=True, text=True, check=False
    )


def _through_wrapper(folder: Path, path: str, point: Point, what: str) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    wrapper = folder / "git"
    wrapper.write_text(_WRAPPER.format(strace=shutil.which("strace"), git=shutil.which("git")))
    wrapper.chmod(0o755)
    count = folder / "count"
    count.write_bytes(b"")
    return {
        "PATH": f"{folder}{os.pathsep}{path}",
        "FAULT_COUNT": str(count),
        "FAULT_AT": str(point.process),
        "FAULT_CALL": point.call,
        "FAULT_WHAT": what,
    }
