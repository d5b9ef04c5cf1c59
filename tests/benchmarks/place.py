"""A repository that is measured: how isodocs and git are run in it, and how it is brought into a state."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from benchmarks.measure import REPEATS, Command, environment
from benchmarks.pushing import Push, prepare, raised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.generator import Shape

PLAIN = ("log", "--raw", "-z", "-c", "--no-abbrev", "main")
"""The pass of plain git that the fold rests on: every commit, beside all its parents."""
# What the hook cannot do without: its imports, and git's word on what is staged.
IMPORTS = "import click, yaml; from isodocs.core import settings, authority, document"
STAGED = "import subprocess; subprocess.run(['git', 'diff', '--cached', '--name-only'], stdout=-3)"


@dataclass
class Place:
    """A repository made by the generator.

    Attributes:
        path: its work tree.
        shape: what it was made of.
        scratch: a folder for what is made beside it.
        repeats: how often everything is run; what is slow, twice at most.
        environ: what commands see.
    """

    path: Path
    shape: Shape
    scratch: Path
    repeats: int = REPEATS
    environ: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.environ = environment(self.scratch / "home")

    def git(self, *words: str) -> Command:
        """A git command."""
        return Command(("git", *words), self.path, self.environ)

    def ask(self, *words: str) -> str:
        """What a git command says."""
        done = subprocess.run(
            ["git", *words], cwd=self.path, env=self.environ, check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode().strip()

    def isodocs(self, *words: str, expected: tuple[int, ...] = (0,)) -> Command:
        """A command of ours."""
        return Command((sys.executable, "-m", "isodocs", *words), self.path, self.environ, b"", expected)

    def python(self, code: str) -> Command:
        """A line of Python."""
        return Command((sys.executable, "-c", code), self.path, self.environ)

    @property
    def floor(self) -> Command:
        """A Python that imports what the hook needs and asks git for the staged names."""
        return self.python(f"{IMPORTS}; {STAGED}")

    def forget(self) -> None:
        """Make what follows a cold run; what the system keeps of the work tree in memory is there again."""
        shutil.rmtree(self.path / ".git" / "isodocs", ignore_errors=True)
        self.git("status", "--porcelain")()

    @cached_property
    def push(self) -> Push:
        """A bare copy, as a server has it, and a signed revision that is about to be pushed there."""
        return prepare(self.path, self.scratch / "server.git", self.shape, self.environ)

    @contextmanager
    def changed(self) -> Iterator[None]:
        """On a branch with one changed document in the index, as an author has it before the commit."""
        self.git("switch", "-q", "-c", "draft-of-one")()
        name = self.ask("ls-files", "documents/**/*.md").partition("\n")[0]
        document = self.path / name
        document.write_bytes(raised(document.read_bytes(), self.shape.revisions))
        self.git("add", name)()
        try:
            yield
        finally:
            self.git("reset", "-q", "--hard")()
            self.git("switch", "-q", "main")()
            self.git("branch", "-q", "-D", "draft-of-one")()
