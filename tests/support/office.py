"""The fixture company at its desks: people who run isodocs in their repository, each with his own key.

    office.max.edits("WI-001", "2")            # on a branch
    office.run("approve", "WI-001", "--yes")   # by jane, unless told otherwise
    office.commit("jane")

The command line runs in this process, with a stranger's machine around it: no environment but the
repository's own, and what it prints is kept.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support.company import ADDRESSES
from support.gitrepo import Repo, environment
from support.play import Play, founded
from support.statements import Key

from isodocs import cli
from isodocs.workspace import open_desk, open_reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.company import Register, Settings

    from isodocs.core.library import Library
    from isodocs.workspace import Desk


@dataclass(frozen=True)
class Ended:
    """How a command line ended."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What it complained about, without the name of the program."""
        return self.err.strip().splitlines()[-1].removeprefix("isodocs: ") if self.err.strip() else ""


class Office:
    """The company's repository, and the machine of whoever works in it.

    Attributes:
        play: what happens in git.
        root: the work tree.
        home: the machine's home, with a key file for each person.
    """

    def __init__(self, play: Play) -> None:
        self.play = play
        self.root = play.repo.path
        self.home = self.root.parent / f"{self.root.name}.home"
        for name in (*ADDRESSES, "eve"):
            write_key(self.home / name, Key(name))

    @classmethod
    def founded(
        cls, path: Path, settings: Settings | None = None, register: Register | None = None
    ) -> Office:
        """The company of SCENARIOS.md, its root pushed."""
        return cls(founded(path, settings, register))

    def copy(self, path: Path) -> Office:
        """The same company elsewhere, so that one is founded for many tests."""
        shutil.copytree(self.root, path, symlinks=True)
        play = Play.__new__(Play)
        play.__dict__.update(self.play.__dict__)
        play.repo = Repo(path, create=False)
        play.repo.clock = self.play.repo.clock
        play.known, play.paths, play.keys = dict(play.known), dict(play.paths), dict(play.keys)
        return Office(play)

    def key(self, name: str) -> str:
        """The path of a person's key file."""
        return str(self.home / name)

    def env(self, by: str) -> dict[str, str]:
        """The environment of a person's machine."""
        pairs = {
            "user.name": by.title(),
            "user.email": f"{by}@ex.org",
            "user.signingkey": self.key(by),
            "gpg.format": "ssh",
        }
        numbered = list(enumerate(pairs.items()))
        return {
            **environment(self.home),
            "GIT_CONFIG_COUNT": str(len(pairs)),
            **{f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in numbered},
            **{f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in numbered},
        }

    def run(self, *words: str, by: str = "jane", stdin: str = "", cwd: Path | None = None) -> Ended:
        """Run isodocs in the work tree."""
        return run(*words, env=self.env(by), cwd=cwd or self.root, stdin=stdin)

    def ok(self, *words: str, by: str = "jane", stdin: str = "") -> str:
        """What isodocs printed; it must succeed."""
        ended = self.run(*words, by=by, stdin=stdin)
        assert ended.status == 0, ended
        return ended.out

    def library(self, **options: Any) -> Library:
        """What a reading command would look at, the branch included unless told otherwise."""
        with _environment(self.env("jane")), contextlib.chdir(self.root):
            found = open_reading(self.root, **{"with_branch": True, **options})
        assert found is not None
        return found

    def desk(self, by: str = "jane") -> Desk:
        """What a signing command would look at."""
        with _environment(self.env(by)), contextlib.chdir(self.root):
            return open_desk(self.root)

    def status(self) -> str:
        """What git says has changed and is not committed."""
        return self.play.repo.git("status", "--porcelain", "--untracked-files=all")

    def staged(self) -> list[str]:
        """The files that the next commit would add."""
        return self.play.repo.git("diff", "--cached", "--name-only").splitlines()

    def commit(self, by: str = "jane") -> str:
        """Commit what is staged."""
        return self.play.repo.commit(f"By {by}", author=(by.title(), f"{by}@ex.org"))


def refused(office: Office, *words: str, by: str = "jane", stdin: str = "") -> str:
    """The sentence with which a command line is refused; nothing was written."""
    before = office.status()
    ended = office.run(*words, by=by, stdin=stdin)
    assert ended.status == 2, ended
    assert office.status() == before
    return one_sentence(ended)


def one_sentence(ended: Ended) -> str:
    """The complaint: one line, by name, with an end."""
    lines = ended.err.strip().splitlines()
    assert "Traceback" not in ended.err
    assert "fault of isodocs" not in ended.err
    complaint = [line for line in lines if "isodocs: " in line]
    assert len(complaint) == 1, ended
    return complaint[0].partition("isodocs: ")[2]


def write_key(path: Path, key: Key) -> None:
    """A private key file as OpenSSH writes it, for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(key._private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    path.chmod(0o600)


def run(*words: str, env: dict[str, str], cwd: Path, stdin: str = "") -> Ended:
    """Run one command line of isodocs in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with (
        _environment(env),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        _input(stdin),
    ):
        status = cli.main(list(words))
    return Ended(status, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@contextlib.contextmanager
def _environment(env: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _input(text: str) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
