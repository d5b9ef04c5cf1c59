"""Real servers to push to, on this machine's loopback and gone after the test: sshd, http-backend, gitolite3.

with Sshd(folder) as server:
    repo.run("push", server.url(bare), "main", env=server.env)
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final

from support.gitrepo import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO, Self

LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 60  # seconds for what is to happen soon, on a machine that has much else to do
SBIN: Final = "/usr/sbin"


def find(program: str) -> str | None:
    """The absolute path of a program, also where only administrators look for it."""
    return shutil.which(program) or shutil.which(program, path=SBIN)


def server_environment(home: Path) -> dict[str, str]:
    """What programs on the server see: a home of their own and no configuration of this machine."""
    return {**environment(home), "PATH": f"{os.environ['PATH']}:{SBIN}"}


def keygen(path: Path) -> Path:
    """A new key pair for ssh; the path of its private half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)], check=True
    )
    return path


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        return int(found.getsockname()[1])


class Sshd:
    """A real sshd that lets the present user in, by one key.

    Attributes:
        folder: its files.
        home: the home that everybody has who logs in.
        env: what a client needs besides its own environment.
    """

    def __init__(self, folder: Path, home: Path | None = None) -> None:
        self.folder = folder
        self.home = home or folder / "home"
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.port = free_port()
        self.key = keygen(folder / "client")
        self.authorized = folder / "authorized_keys"
        if home is None:
            self.authorized.write_bytes((folder / "client.pub").read_bytes())
        self._host_key = keygen(folder / "host")
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, path: Path | str) -> str:
        """Where git finds a repository of this server."""
        return f"ssh://{self.user}@{LOOPBACK}:{self.port}{path}"

    @property
    def env(self) -> dict[str, str]:
        """How a client's git calls ssh."""
        return self.client(self.key)

    def client(self, key: Path) -> dict[str, str]:
        """The same with another key."""
        known = self.folder / "known_hosts"
        host = (self.folder / "host.pub").read_text().split()
        known.write_text(f"[{LOOPBACK}]:{self.port} {host[0]} {host[1]}\n")
        words = ["ssh", "-F", "none", "-i", str(key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]
        return {"GIT_SSH_COMMAND": " ".join([*words, "-o", f"UserKnownHostsFile={known}"])}

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd run by root asks for it
        config = self.folder / "sshd_config"
        config.write_text(self._config())
        log = (self.folder / "sshd.log").open("wb")
        program = find("sshd")
        assert program
        self._process = subprocess.Popen(
            [program, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        self._await()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait()

    def _config(self) -> str:
        told = {name: value for name, value in server_environment(self.home).items() if name != "LC_ALL"}
        sets = " ".join(f'"{name}={value}"' for name, value in told.items())
        return f"""
ListenAddress {LOOPBACK}:{self.port}
HostKey {self._host_key}
AuthorizedKeysFile {self.authorized}
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
SetEnv {sets}
"""

    def _await(self) -> None:
        assert self._process
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError((self.folder / "sshd.log").read_text())


class HttpBackend:
    """git's own http-backend (a CGI program) behind a small server of the standard library.

    Everybody may push: whoever is asked for a name is called "jane".
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.root = root
        env = server_environment(folder / "home")
        self._server = _CgiServer({**env, "GIT_PROJECT_ROOT": str(root), "GIT_HTTP_EXPORT_ALL": "1"})
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.env: dict[str, str] = {}

    def url(self, path: Path | str) -> str:
        """Where git finds a repository that lies below the root."""
        return f"http://{LOOPBACK}:{self._server.server_port}/{Path(path).relative_to(self.root)}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _CgiServer(ThreadingHTTPServer):
    """Hands every request to ``git http-backend``."""

    def __init__(self, env: dict[str, str]) -> None:
        super().__init__((LOOPBACK, 0), _Request)
        self.env = env


class _Request(BaseHTTPRequestHandler):
    """One request: the CGI program does everything (RFC 3875)."""

    protocol_version = "HTTP/1.1"
    server: _CgiServer

    def do_GET(self) -> None:
        self._run()

    def do_POST(self) -> None:
        self._run()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _run(self) -> None:
        with subprocess.Popen(
            ["git", "http-backend"],
            env={**self.server.env, **self._told()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdin
            assert process.stdout
            feeder = threading.Thread(target=self._feed, args=(process.stdin,), daemon=True)
            feeder.start()
            answer = process.stdout.read()
            feeder.join()
        self._answer(answer)

    def _told(self) -> dict[str, str]:
        """What CGI tells the program of the request."""
        path, _, query = self.path.partition("?")
        wanted = ("Content-Encoding", "Git-Protocol", "Accept-Encoding")
        headers = {name: self.headers[name] for name in wanted if name in self.headers}
        return {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "REMOTE_USER": "jane",
            "REMOTE_ADDR": LOOPBACK,
            "SERVER_PROTOCOL": self.request_version,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }

    def _feed(self, pipe: IO[bytes]) -> None:
        try:
            for piece in self._body():
                pipe.write(piece)
            pipe.close()
        except OSError:
            self.close_connection = True

    def _body(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        elif length := int(self.headers.get("Content-Length", "0")):
            yield self.rfile.read(length)

    def _answer(self, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        rows = [line.partition(": ") for line in head.decode("latin-1").split("\r\n")]
        status = next((value for name, _, value in rows if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, _, value in rows:
            if name not in {"Status", "Content-Length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Gitolite:
    """A real gitolite3 with one repository, behind a real sshd that runs nothing but gitolite's shell.

    It runs as the present user, with a home of its own.
    """

    def __init__(self, folder: Path, name: str = "qms") -> None:
        self.name = name
        self.home = folder / "git"
        self.home.mkdir(parents=True)
        self.admin = keygen(folder / "admin")
        self.jane = keygen(folder / "jane")
        self._env = server_environment(self.home)
        self.run("setup", "-pk", str(folder / "admin.pub"))
        self.sshd = Sshd(folder / "sshd", self.home)
        self.sshd.authorized = self.home / ".ssh" / "authorized_keys"

    @property
    def bare(self) -> Path:
        """Where the repository lies on the server."""
        return self.home / "repositories" / f"{self.name}.git"

    @property
    def env(self) -> dict[str, str]:
        """How jane's git calls ssh."""
        return self.sshd.client(self.jane)

    def url(self, name: str = "") -> str:
        """Where git finds the repository, or another one."""
        return self.sshd.url(f"/{name or self.name}")

    def run(self, *words: str) -> None:
        """Run gitolite as its administrator does on the server."""
        done = subprocess.run(
            ["gitolite", *words], env=self._env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done

    def administer(self, files: Mapping[str, str]) -> str:
        """Push files to gitolite's own repository, as its administrator does; what the push said."""
        env = {**self._env, **self.sshd.client(self.admin)}
        work = self.home.parent / "gitolite-admin"
        git = ["git", "-c", "user.name=Admin", "-c", "user.email=admin@ex.org"]
        if not work.exists():
            subprocess.run(
                [*git, "clone", "-q", self.sshd.url("/gitolite-admin"), str(work)], env=env, check=True
            )
        for path, text in files.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_text(text)
        subprocess.run([*git, "add", "-A"], cwd=work, env=env, check=True)
        subprocess.run([*git, "commit", "-q", "-m", "Change"], cwd=work, env=env, check=True)
        done = subprocess.run(
            [*git, "push", "-q"], cwd=work, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done
        return done.stderr

    def __enter__(self) -> Self:
        self.sshd.__enter__()
        rules = f"repo gitolite-admin\n    RW+ = admin\nrepo {self.name} other\n    RW+ = jane\n"
        key = self.jane.with_suffix(".pub").read_text()
        self.administer({"conf/gitolite.conf": rules, "keydir/jane.pub": key})
        return self

    def __exit__(self, *words: object) -> None:
        self.sshd.__exit__(*words)
