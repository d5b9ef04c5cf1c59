"""A company whose repository has the hooks of a real runner, and its commits as people make them."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from support.company import usual_register
from support.play import Play, who

if TYPE_CHECKING:
    import subprocess

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CONFIG = ".pre-commit-config.yaml"
MANIFEST = ".pre-commit-hooks.yaml"
NOW = datetime.now(UTC).replace(microsecond=0)


def day(days: int) -> str:
    """A day before (negative) or after today, as front matter has it."""
    return (NOW + timedelta(days=days)).date().isoformat()


def hooks(language: str) -> list[dict[str, object]]:
    """The hooks that isodocs offers, run in another way."""
    offered = yaml.safe_load((ROOT / MANIFEST).read_text("utf-8"))
    return [{**hook, "language": language} for hook in offered]


def local_config() -> str:
    """A configuration whose hooks are the isodocs of this environment."""
    config = {
        "default_install_hook_types": ["pre-commit", "pre-merge-commit", "pre-push"],
        "repos": [{"repo": "local", "hooks": hooks("system")}],
    }
    return yaml.safe_dump(config)


class Ended:
    """How a git command ended that ran hooks."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.passed = done.returncode == 0
        self.text = (done.stdout + done.stderr).decode("utf-8", "replace")


class Company:
    """The company of the scenarios, founded 400 days ago; WI-002 may be overdue since ten days.

    Attributes:
        play: writes, signs and commits in the company.
        runner: ``pre-commit`` or ``prek``.
    """

    def __init__(self, folder: Path, runner: str, *, overdue: bool = False) -> None:
        """Found the company in a folder, without hooks as yet."""
        self.runner = runner
        self.play = Play(folder / "company", register=usual_register(day(-500)))
        self.play.repo.env |= {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "PREK_HOME": str(folder / "prek"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._found(-10 if overdue else 300)

    def _found(self, review_of_last: int) -> None:
        play = self.play
        play.day(f"{day(-400)}T08:00:00Z")
        for identity, review in (("SOP-001", 300), ("WI-001", 300), ("WI-002", review_of_last)):
            play.doc(identity, "1", review_date=day(review))
            play.sign(identity, "jane")
        play.sign("SOP-001", "anna")
        play.write(CONFIG, local_config())
        play.write("notes.txt", "Not a controlled document.\n")
        self.acts_as("max")
        play.commit("max")
        play.day((NOW - timedelta(hours=6)).isoformat().replace("+00:00", "Z"))

    def install(self) -> None:
        """Put the hooks in place as a user does."""
        self.program(self.runner, "install")

    def program(self, *words: str, check: bool = True) -> Ended:
        """Run a program of the environment in the repository."""
        # git runs it, so that it gets exactly the environment of the repository's other commands
        alias = f"alias.do=!{' '.join(words)}"
        done = self.play.repo.run("-c", alias, "do", check=check)
        return Ended(done)

    def acts_as(self, name: str) -> None:
        """Who sits at the keyboard, by git's configuration."""
        person, email = who(name)
        self.play.repo.git("config", "user.name", person)
        self.play.repo.git("config", "user.email", email)

    def git(self, *words: str, by: str = "max") -> Ended:
        """A git command with hooks, as somebody; it may fail."""
        self.acts_as(by)
        env = self.play.repo.signature(who(by), None, None, None)
        return Ended(self.play.repo.run(*words, env=env, check=False))

    def commit(self, *words: str, by: str = "max") -> Ended:
        """Stage everything and commit it, as somebody."""
        self.play.repo.git("add", "-A")
        return self.git("commit", "-m", "A change", *words, by=by)

    def bypassing(self, *words: str, by: str = "max") -> None:
        """Commit everything without the hooks; it must succeed."""
        ended = self.commit("--no-verify", *words, by=by)
        assert ended.passed, ended.text

    def merge(self, name: str, by: str = "jane") -> Ended:
        """Merge a branch into the mainline, as somebody."""
        self.play.on("main")
        return self.git("merge", "--no-ff", "-m", "Merge", name, by=by)

    def remote(self) -> Path:
        """A bare repository that has the mainline; the hooks do not see this first push."""
        place = self.play.repo.path.parent / "remote.git"
        self.play.repo.git("init", "-q", "--bare", "-b", "main", str(place))
        self.play.repo.git("remote", "add", "origin", str(place))
        self.play.repo.git("push", "-q", "--no-verify", "-u", "origin", "main")
        return place
