"""A repository in which the people of the story work: git itself, with their names and their times.

Nothing of the configuration, templates, hooks and variables of whoever plays the story is seen.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun
from isodocs.git.environment import cleaned
from isodocs.git.repository import Repository
from isodocs.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MAINLINE = "main"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does something in git, and when.

    Attributes:
        name: of the person.
        email: of the person.
        date: as git's variables take it.
    """

    name: str
    email: str
    date: str


class Workplace:
    """A new repository, and the git commands that the story needs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git_dir = root / ".git"

    @classmethod
    def create(cls, root: Path) -> Workplace:
        """Make a repository in a new or empty folder.

        Raises:
            CannotRun: there is something in it already, or it cannot be made.
        """
        try:
            root.mkdir(parents=True, exist_ok=True)
            filled = any(root.iterdir())
        except OSError as error:
            raise CannotRun(f"{root} cannot be used: {error.strerror}.") from error
        if filled:
            raise CannotRun(f"{root} is not empty; nothing in it was touched. Name a new folder.")
        place = cls(root.resolve())
        place.git("init", "--quiet", "--template=", f"--initial-branch={MAINLINE}")
        place.git("config", "core.autocrlf", "false")
        return place

    def environment(self) -> dict[str, str]:
        """The variables under which git runs here: those of a machine on which nothing was configured."""
        foreign = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        nowhere = str(self.git_dir / "nowhere")
        return cleaned(foreign, hook=False) | {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": nowhere,
            "XDG_CONFIG_HOME": nowhere,
        }

    def git(self, *args: str, hand: Hand | None = None, author: Hand | None = None, stdin: str = "") -> str:
        """What a git command printed, run as somebody.

        Raises:
            CannotRun: it failed.
        """
        environment = self.environment()
        if hand is not None:
            environment |= _as("COMMITTER", hand) | _as("AUTHOR", author or hand)
        done = Repository(self.root, environment).run(*args, stdin=stdin.encode())
        return done.decode("utf-8", "surrogateescape").strip()

    def repository(self) -> Repository:
        """The same repository for reading."""
        return Repository.open(self.root, self.environment())

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files below the root."""
        for path, data in files.items():
            write(self.root / path, data)

    def read(self, path: str) -> str:
        """The text of a file below the root."""
        return (self.root / path).read_text("utf-8")

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files below the root."""
        for path in paths:
            (self.root / path).unlink()

    def head(self) -> str:
        """The commit that is checked out."""
        return self.git("rev-parse", "--verify", "HEAD")

    def begin(self, branch: str) -> None:
        """Begin a branch on main."""
        self.git("switch", "--quiet", "--no-track", "--create", branch, MAINLINE)

    def to_mainline(self) -> None:
        """Go back to main."""
        self.git("switch", "--quiet", MAINLINE)

    def commit(self, hand: Hand, message: str, author: Hand | None = None) -> None:
        """Commit the work tree as it stands."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--file=-", hand=hand, author=author, stdin=message)

    def merge(self, branch: str, hand: Hand, message: str) -> None:
        """Merge a branch into main by a merge commit."""
        self.to_mainline()
        self.git("merge", "--quiet", "--no-ff", "-m", message, branch, hand=hand)
        self.git("branch", "--quiet", "--delete", branch)

    def fast_forward(self, branch: str) -> None:
        """Move main to the tip of a branch that stands on it."""
        self.to_mainline()
        self.git("merge", "--quiet", "--ff-only", branch)
        self.git("branch", "--quiet", "--delete", branch)

    def squash(self, branch: str, hand: Hand, message: str, author: Hand) -> None:
        """Bring what a branch changed to main as one commit, as a forge does it, and drop the branch."""
        self.to_mainline()
        self.git("merge", "--quiet", "--squash", branch)
        self.commit(hand, message, author)
        self.git("branch", "--quiet", "-D", branch)


def _as(part: str, hand: Hand) -> dict[str, str]:
    return {
        f"GIT_{part}_NAME": hand.name,
        f"GIT_{part}_EMAIL": hand.email,
        f"GIT_{part}_DATE": hand.date,
    }
