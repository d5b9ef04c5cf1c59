"""The example's WI-011 as an auditor walks it, and the insider who tampers with what the auditor is shown."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

from support.demo import git
from support.gitrepo import Repo, environment
from support.statements import canonical, statement_path

from isodocs.demo.files import example_folder

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.demo.player import Played

PAGE = "documents/work-instructions/WI-011-verify-an-approval-without-isodocs.md"
WORDS = (example_folder() / PAGE).read_text("utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", WORDS, re.DOTALL | re.MULTILINE)
TOOLS = "bash cat cut dirname git grep head mktemp sed sha256sum ssh-keygen tee tr"
MALLORY = ("Mallory", "mallory@evil.example")


class Auditor:
    """Somebody with a shell, a copy of the page and a trust root known from elsewhere."""

    def __init__(self, tools: Path, home: Path, repository: Path, root: str) -> None:
        self.env = {"PATH": str(tools), "HOME": str(home), "TMPDIR": str(home)}
        self.filled = {"repository": str(repository), "root": root}

    def walk(self, **filled: str) -> str:
        """What the steps of the page print, one after the other in one shell."""
        first = BLOCKS[0]
        for name, value in {**self.filled, **filled}.items():
            first, found = re.subn(rf"\b{name}=\S*", f"{name}={value}", first)
            assert found == 1, name
        done = subprocess.run(
            ["bash", "-c", "".join([first, *BLOCKS[1:]])],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    def stops(self, **filled: str) -> list[str]:
        """The places at which the page says to stop."""
        return [line for line in self.walk(**filled).splitlines() if line.startswith("STOP: ")]


def root_of(repository: Path) -> str:
    return git(repository, "rev-list", "--first-parent", "main").splitlines()[-1]


class Insider:
    """A clone of the company in which somebody changes what must not be changed."""

    def __init__(self, played: Played, folder: Path) -> None:
        self.keys = played.keys
        self.repo = Repo(folder, create=False)
        subprocess.run(
            ["git", "clone", "-q", "--branch", "main", str(played.root), str(folder)],
            env=environment(folder.parent / "insider"),
            check=True,
        )
        self.repo.clock = int(self.repo.git("log", "-1", "--format=%ct"))

    def statement(self, identity: str, revision: str, person: str) -> str:
        """The path of a person's approval."""
        folder = self.repo.path / "signatures" / identity / revision
        (path,) = folder.glob(f"approved.{person}.*.json")
        return str(path.relative_to(self.repo.path))

    def read(self, path: str) -> bytes:
        return (self.repo.path / path).read_bytes()

    def change(self, path: str, old: bytes, new: bytes, by: tuple[str, str] = MALLORY) -> None:
        """Exchange one place of a file, on the mainline."""
        data = self.read(path)
        assert data.count(old) >= 1
        self.repo.commit("change", {path: data.replace(old, new, 1)}, author=by)

    def signed(self, value: dict[str, Any], key: Path) -> dict[str, bytes]:
        """A statement and its signature, as files."""
        data, path = canonical(value), statement_path(value)
        done = subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-n", "isodocs", "-f", str(key), "-"],
            input=data,
            capture_output=True,
            check=True,
        )
        return {path: data, f"{path}.sig": done.stdout}
