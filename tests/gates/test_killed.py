"""A push that is cut off or killed, at the client's end or the server's: no ref moves, nothing is broken."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from gates.conftest import Server
from gates.world import MAIN
from support.servers import PATIENCE, HttpBackend, Sshd

from isodocs.core.problem import CannotRun
from isodocs.gates.receive import Gate
from isodocs.gates.updates import Update
from isodocs.git.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Callable

    from gates.world import Company

# Hands so many bytes of what git sends to ssh, says so, and then nothing more.
CUT = """\
import os, subprocess, sys, time
size, marker, *command = sys.argv[1:]
ssh = subprocess.Popen(command, stdin=subprocess.PIPE)
left = int(size)
while left > 0 and (piece := os.read(0, left)):
    ssh.stdin.write(piece)
    ssh.stdin.flush()
    left -= len(piece)
open(marker, "w").close()
time.sleep(600)
"""
# Stands before the gate: says who it is, and waits until it may go on.
WAITING = """\
#!/bin/sh
echo $$ $PPID >waiting.tmp && mv waiting.tmp waiting
while [ ! -e go ]; do sleep 0.02; done
exec hooks/gate
"""


def until(condition: Callable[[], object]) -> None:
    """Wait for something that is to happen soon."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def pushing(server: Server, tip: str, **env: str) -> subprocess.Popen[bytes]:
    """A push that is under way, in a group of its own."""
    repo = server.company.repo
    return subprocess.Popen(
        ["git", "push", "-q", server.url, f"{tip}:{MAIN}"],
        cwd=repo.path,
        env={**repo.env, **server.env, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def waiting(server: Server) -> None:
    """Let the gate wait before it judges."""
    hooks = server.bare.path / "hooks"
    (hooks / "pre-receive").rename(hooks / "gate")
    (hooks / "pre-receive").write_text(WAITING)
    (hooks / "pre-receive").chmod(0o755)


def go_on(server: Server) -> None:
    """Let the gate judge from now on."""
    (server.bare.path / "go").touch()


def busy(server: Server) -> bool:
    """Whether a process still works in the server's repository."""
    return any(place == str(server.bare.path) for place in map(_place, Path("/proc").glob("[0-9]*/cwd")))


def _place(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # it ended meanwhile, or is none of our business
        return ""


@pytest.mark.server
@pytest.mark.parametrize("size", [60, 900])
def test_the_client_is_killed_while_it_sends(
    size: int, tmp_path: Path, company: Company, attempts: dict[str, str], founded: Path
) -> None:
    """Within the list of refs, and within the pack."""
    shutil.copytree(founded, tmp_path / "qms.git")
    (tmp_path / "cut.py").write_text(CUT)
    with Sshd(tmp_path) as sshd:
        server = Server(tmp_path / "qms.git", company)
        server.url, server.env = sshd.url(server.bare.path), sshd.env
        before, marker = server.refs(), tmp_path / "marker"
        ssh = f"{sys.executable} {tmp_path}/cut.py {size} {marker} {sshd.env['GIT_SSH_COMMAND']}"
        process = pushing(server, attempts["rightful"], GIT_SSH_COMMAND=ssh, GIT_SSH_VARIANT="ssh")
        until(marker.exists)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        until(lambda: not busy(server))
        assert server.refs() == before
        assert server.broken() == ""
        server.takes(f"{attempts['rightful']}:{MAIN}")


def request(company: Company, tip: str) -> bytes:
    """What a client's git sends over HTTP to push the mainline (gitprotocol-pack(5))."""
    command = f"{company.base} {tip} {MAIN}\0 report-status".encode()
    wanted = f"{tip}\n^{company.base}\n".encode()
    pack = company.repo.run("pack-objects", "--revs", "--stdout", "-q", stdin=wanted).stdout
    return b"%04x" % (len(command) + 4) + command + b"0000" + pack


def post(url: str, body: bytes, size: int) -> bytes:
    """Send so much of the request and break off; or all of it, and give the answer."""
    place = urlsplit(url)
    assert place.hostname
    connection = HTTPConnection(place.hostname, place.port, timeout=PATIENCE)
    connection.putrequest("POST", f"{place.path}/git-receive-pack")
    connection.putheader("Content-Type", "application/x-git-receive-pack-request")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:size])
    answer = connection.getresponse().read() if size == len(body) else b""
    connection.close()
    return answer


def test_a_client_over_http_breaks_off(
    tmp_path: Path, company: Company, attempts: dict[str, str], founded: Path
) -> None:
    """Within the list of refs, within the pack, and one byte before its end."""
    shutil.copytree(founded, tmp_path / "qms.git")
    body = request(company, attempts["rightful"])
    with HttpBackend(tmp_path, tmp_path) as front:
        server = Server(tmp_path / "qms.git", company)
        before, url = server.refs(), front.url(server.bare.path)
        for size in (60, 900, len(body) - 1):
            post(url, body, size)
            until(lambda: not busy(server))
            assert server.refs() == before
            assert server.broken() == ""
        assert b"ok refs/heads/main" in post(url, body, len(body))
        assert server.refs()[MAIN] == attempts["rightful"]


@pytest.mark.parametrize("victim", ["hook", "receive-pack"])
def test_the_server_is_killed_while_it_judges(victim: str, server: Server, attempts: dict[str, str]) -> None:
    waiting(server)
    before = server.refs()
    process = pushing(server, attempts["rightful"])
    until((server.bare.path / "waiting").exists)
    hook, receive_pack = map(int, (server.bare.path / "waiting").read_text().split())
    os.kill(hook if victim == "hook" else receive_pack, signal.SIGKILL)
    go_on(server)
    assert process.wait(PATIENCE) != 0
    if victim == "receive-pack":
        until(lambda: not alive(hook))
    assert server.refs() == before
    assert server.broken() == ""
    server.takes(f"{attempts['rightful']}:{MAIN}")


def test_the_gate_is_killed_at_one_moment_after_another(server: Server, attempts: dict[str, str]) -> None:
    """Whenever it dies, the ref has moved only if it had said yes."""
    waiting(server)
    go_on(server)
    for delay in (0.0, 0.05, 0.15, 0.3):
        (server.bare.path / "waiting").unlink(missing_ok=True)
        before = server.refs()
        process = pushing(server, attempts["rightful"])
        until((server.bare.path / "waiting").exists)
        time.sleep(delay)
        hook = int((server.bare.path / "waiting").read_text().split()[0])
        if alive(hook):
            os.kill(hook, signal.SIGKILL)
        went_in = process.wait(PATIENCE) == 0
        assert (server.refs() != before) == went_in
        assert server.broken() == ""
        if went_in:
            break


def test_the_client_is_killed_while_the_server_judges(server: Server, attempts: dict[str, str]) -> None:
    """All was sent, so the server may go on: the push is in whole or not at all; a bad one never is."""
    waiting(server)
    before = server.refs()
    for name in ("unapproved", "rightful"):
        for mark in ("waiting", "go"):
            (server.bare.path / mark).unlink(missing_ok=True)
        process = pushing(server, attempts[name])
        until((server.bare.path / "waiting").exists)
        receive_pack = int((server.bare.path / "waiting").read_text().split()[1])
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        go_on(server)
        until(lambda pid=receive_pack: not alive(pid))  # type: ignore[misc]
        assert server.refs() in (before, {**before, MAIN: attempts["rightful"]})
        assert name == "rightful" or server.refs() == before
        assert server.broken() == ""


def test_git_dies_under_the_gate(server: Server, attempts: dict[str, str], tmp_path: Path) -> None:
    """Whichever git process dies in the middle of judging, there is no yes."""
    server.takes(f"{attempts['rightful']}:refs/heads/draft")
    count, programs = tmp_path / "count", tmp_path / "bin"
    programs.mkdir()
    fake = programs / "git"
    fake.write_text(
        f"""\
#!/bin/sh
case "$*" in *" -C "*) exec {shutil.which("git")} "$@" ;; esac  # looks around the repository, not into it
echo >>{count}
[ $(wc -l <{count}) = "$DIES" ] && kill -9 $$
exec {shutil.which("git")} "$@"
"""
    )
    fake.chmod(0o755)
    update = Update(MAIN, server.company.base, attempts["rightful"])
    env = {**server.bare.env, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    answers: list[bool] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", env["PATH"])
        while len(answers) < 40 and not any(answers):
            count.unlink(missing_ok=True)
            answers.append(says_yes(server.bare.path, {**env, "DIES": str(len(answers) + 1)}, update))
    assert len(answers) > 8
    assert answers[-1]


def says_yes(bare: Path, env: dict[str, str], update: Update) -> bool:
    """Whether the gate lets a push in; it may not be able to say."""
    try:
        repository = Repository.open(bare, env)
        return Gate(repository, (update,), int(time.time()), "main").judge().accepted
    except CannotRun:
        return False


def alive(pid: int) -> bool:
    """Whether a process runs that is not ours to wait for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123 - a file of the kernel
        return stat.read().rpartition(b")")[2].split()[0] != b"Z"
