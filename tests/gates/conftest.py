"""The company, founded once, and bare repositories with the gate in place."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from gates.world import MAIN, REFUSED, Company, rightful
from support.gitrepo import Repo
from support.office import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company's clone. Tests push from it and leave it as it is."""
    return Company(tmp_path_factory.mktemp("company") / "qms")


@pytest.fixture(scope="session")
def attempts(company: Company) -> dict[str, str]:
    """The tips of what is refused, by name, and the rightful one under ``rightful``."""
    ways = {name: way for name, (way, _) in REFUSED.items()}
    return {name: company.attempt(way) for name, way in {**ways, "rightful": rightful}.items()}


class Server:
    """A bare repository, reached by its path unless a real server says otherwise.

    Attributes:
        bare: the repository on the server.
        url: where people push to.
        env: what their git needs for that.
        lines: what the server said to the last push, as people see it behind ``remote:``.
    """

    def __init__(self, path: Path, company: Company) -> None:
        self.bare = Repo(path, create=False) if path.exists() else Repo(path, bare=True)
        self.company = company
        self.env: dict[str, str] = {}
        self.lines: list[str] = []
        self.url = str(path)

    def install(self, *words: str) -> str:
        """Put the gate in place."""
        ended = run("receive", "--install", *words, env=self.bare.env, cwd=self.bare.path)
        assert ended.status == 0, ended
        return ended.out

    def refused_to_install(self, *words: str) -> str:
        """What is said when the gate cannot be put in place; no hook was written."""
        before = self.hooks()
        ended = run("receive", "--install", *words, env=self.bare.env, cwd=self.bare.path)
        assert ended.status == 2, ended
        assert self.hooks() == before
        return ended.sentence

    def hooks(self) -> dict[str, bytes]:
        """The hooks in place."""
        found = (self.bare.path / "hooks").glob("*")
        return {one.name: one.read_bytes() for one in found if one.is_file() and one.suffix != ".sample"}

    def push(self, *specs: str, env: dict[str, str] | None = None) -> tuple[bool, str]:
        """Whether a push from the company's clone went in, and what the server said, on one line."""
        told = {**self.env, **(env or {})}
        done = self.company.repo.run("push", self.url, *specs, env=told, check=False)
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        said = [line.removeprefix("remote: ").rstrip() for line in lines if line.startswith("remote:")]
        assert not any("Traceback" in line or "fault of isodocs" in line for line in said), said
        self.lines = said
        return done.returncode == 0, " ".join(" ".join(said).split())

    def refs(self) -> dict[str, str]:
        """Where every ref of the server points."""
        rows = self.bare.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return {name: oid for name, _, oid in (row.partition(" ") for row in rows)}

    def broken(self) -> str:
        """What git finds broken here; objects that nothing names are no damage."""
        done = self.bare.run("fsck", "--full", "--strict", "--no-dangling", "--no-progress", check=False)
        rows = (done.stdout + done.stderr).decode(errors="replace").splitlines()
        return "\n".join(row for row in rows if not row.startswith("notice: HEAD points to an unborn"))

    def refuses(self, *specs: str, env: dict[str, str] | None = None) -> str:
        """What the server says when it refuses; no ref moved, and nothing is broken."""
        before = self.refs()
        accepted, said = self.push(*specs, env=env)
        assert not accepted, said
        assert self.refs() == before
        return said

    def takes(self, *specs: str, env: dict[str, str] | None = None) -> str:
        """What the server says when it takes a push in."""
        accepted, said = self.push(*specs, env=env)
        assert accepted, said
        return said


@pytest.fixture(scope="session")
def founded(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository that got the company's mainline through the gate, and pins its root."""
    server = Server(tmp_path_factory.mktemp("server") / "qms.git", company)
    server.install()
    server.takes(f"{company.base}:{MAIN}")
    server.install()
    return server.bare.path


@pytest.fixture
def server(founded: Path, company: Company, tmp_path: Path) -> Server:
    """A copy of it, reached by its path."""
    shutil.copytree(founded, tmp_path / "qms.git", symlinks=True)
    return Server(tmp_path / "qms.git", company)


@pytest.fixture
def empty(company: Company, tmp_path: Path) -> Server:
    """A bare repository to which nothing was pushed yet, and without the gate."""
    return Server(tmp_path / "empty.git", company)
