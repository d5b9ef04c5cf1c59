"""A throw-away git repository for tests: own home, own configuration, fixed names and dates.

    repo = Repo(tmp_path / "repo")
    first = repo.commit("first", {"documents/SOP-001.md": "text", "old.md": None})
    repo.branch("draft")
    repo.commit("change", {"documents/SOP-001.md": "new"}, author=MAX)
    repo.switch("main")
    repo.merge("draft", author=JANE)

Real git does everything; nothing of the caller's own configuration is seen. ``repo.env`` is the whole
environment; hand it to whatever else a test runs.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from isodocs.git.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

Files = Mapping[str, str | bytes | None]
Who = tuple[str, str]
When = int | str | datetime

JANE: Who = ("Jane Doe", "jane@example.org")
MAX: Who = ("Max Roe", "max@example.org")
START = int(datetime(2026, 1, 5, 8, 0, tzinfo=UTC).timestamp())
MINUTE = 60


def seconds(when: When) -> int:
    """Seconds since 1970: of such a number, a ``datetime`` or ISO text; UTC where the zone is silent."""
    if isinstance(when, int):
        return when
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def environment(home: Path) -> dict[str, str]:
    """The environment of a stranger's machine: no configuration, no user, no prompt, no editor."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "false",
        "GIT_PAGER": "cat",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


class Repo:
    """A repository in a temporary folder.

    Attributes:
        path: the work tree, or the bare repository.
        env: the environment of every command; change it to make a case.
        clock: seconds since 1970 of the next commit; each commit moves it on by a minute.
    """

    def __init__(
        self,
        path: Path,
        *,
        branch: str = "main",
        bare: bool = False,
        object_format: str = "sha1",
        create: bool = True,
    ) -> None:
        """Make the repository at ``path``, or with ``create=False`` take the one that is there."""
        self.path = path
        self.env = environment(path.parent / f"{path.name}.home")
        self.clock = START
        if create:
            path.mkdir(parents=True, exist_ok=True)
            kind = ["--bare"] if bare else []
            self.git("init", "-q", "-b", branch, f"--object-format={object_format}", *kind)

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        check: bool = True,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run any git command; a failure raises with git's own words unless ``check`` is off."""
        done = subprocess.run(
            ["git", *args],
            cwd=cwd or self.path,
            env={**self.env, **(env or {})},
            input=stdin,
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(
                f"git {args} ended with {done.returncode}: {done.stderr.decode(errors='replace')}"
            )
        return done

    def git(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """What a git command printed, without the last line end; it must succeed."""
        return self.run(*args, stdin=stdin, env=env).stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def write(self, files: Files) -> None:
        """Write files below the work tree, or remove them where the value is None."""
        for name, content in files.items():
            place = self.path / name
            if content is None:
                place.unlink(missing_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)

    def stage(self, files: Files) -> None:
        """Write the files and put exactly these into the index, removals included."""
        self.write(files)
        names = b"".join(os.fsencode(name) + b"\0" for name in files)
        self.git("update-index", "--add", "--remove", "--replace", "-z", "--stdin", stdin=names)

    def commit(
        self,
        message: str = "change",
        files: Files | None = None,
        *,
        author: Who = JANE,
        committer: Who | None = None,
        date: When | None = None,
        author_date: When | None = None,
        options: Sequence[str] = (),
    ) -> str:
        """Commit the index after staging ``files`` and return the commit's id. Empty commits are fine.

        The committer is the author unless given; both dates are ``date``, else the clock's. Hooks run.
        """
        if files:
            self.stage(files)
        env = self.signature(author, committer, date, author_date)
        self.run("commit", "-q", "--allow-empty", "--cleanup=verbatim", "--allow-empty-message", *options,
                 "-F", "-", stdin=message.encode("utf-8", "surrogateescape"), env=env)  # fmt: skip
        return self.head()

    def merge(
        self,
        *others: str,
        message: str = "merge",
        files: Files | None = None,
        author: Who = JANE,
        committer: Who | None = None,
        date: When | None = None,
        options: Sequence[str] = ("--no-ff",),
    ) -> str:
        """Merge one branch or several into the present one; ``files`` lie over the result."""
        env = self.signature(author, committer, date, None)
        if files is None:
            self.run("merge", "-q", *options, "-m", message, *others, env=env)
            return self.head()
        self.run("merge", "-q", *options, "--no-commit", *others, env=env, check=False)
        self.stage(files)
        self.run("commit", "-q", "--no-edit", "-m", message, env=env)
        return self.head()

    def signature(
        self, author: Who, committer: Who | None, date: When | None, author_date: When | None
    ) -> dict[str, str]:
        """The variables that name author, committer and times; moves the clock on when no date is given."""
        if date is None:
            self.clock += MINUTE
        moment = seconds(self.clock if date is None else date)
        name, email = committer or author
        return {
            "GIT_AUTHOR_NAME": author[0],
            "GIT_AUTHOR_EMAIL": author[1],
            "GIT_AUTHOR_DATE": f"@{moment if author_date is None else seconds(author_date)} +0000",
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": email,
            "GIT_COMMITTER_DATE": f"@{moment} +0000",
        }

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch at ``start`` and switch to it."""
        self.git("checkout", "-q", "--no-track", "-b", name, start)

    def orphan(self, name: str) -> None:
        """Switch to a new branch without history, with an empty index and work tree."""
        self.git("checkout", "-q", "--orphan", name)
        self.git("rm", "-rqf", "--ignore-unmatch", "--", ".")

    def switch(self, name: str) -> None:
        """Switch to a branch, or to a commit with a detached HEAD."""
        self.git("checkout", "-q", name, "--")

    def head(self) -> str:
        """The commit HEAD stands on."""
        return self.git("rev-parse", "HEAD")

    def clone(self, path: Path, *options: str) -> Repo:
        """A clone with this one as ``origin`` and the same configuration, at ``path``."""
        self.git("clone", "-q", *options, self.path.as_uri(), str(path))
        copy = Repo(path, create=False)
        copy.env, copy.clock = dict(self.env), self.clock
        return copy


def opened(repo: Repo) -> Repository:
    """The same as the product sees it."""
    return Repository.open(repo.path, repo.env)
