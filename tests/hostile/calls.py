"""An example call of every command, and the company's repository in which each of them has work to do.

A verb without an example fails ``test_every_command_has_an_example``; so a new one is tried on all hostile
repositories from its first day on.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from support.gitrepo import JANE, Repo
from support.office import Ended, Office

from isodocs import cli
from isodocs.commands import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NOW = 1_772_000_000  # 2026-02-25, after all that the company did


@dataclass(frozen=True)
class Call:
    """A command line, who gives it, and where.

    Attributes:
        words: what stands behind ``isodocs``.
        by: the person.
        on: the branch that is checked out; ``bare``: the server's repository instead.
        stdin: what is typed, or what git tells a hook.
        history: whether the answer rests on the history.
        steady: whether the same repository gives the same words each time.
    """

    words: tuple[str, ...]
    by: str = "jane"
    on: str = "draft"
    stdin: str = ""
    history: bool = True
    steady: bool = True

    @property
    def label(self) -> str:
        """A short name for the test's report."""
        return " ".join(self.words)[:50]


def _call(words: str, *more: str, **about: object) -> Call:
    return Call((*words.split(), *more), **about)  # type: ignore[arg-type] # the fields of Call


EXAMPLES: dict[str, tuple[Call, ...]] = {
    "explain": (_call("explain RV101", history=False),),
    "schema": (_call("schema document", history=False),),
    "rules": (_call("rules", history=False),),
    "completion": (_call("completion bash", history=False),),
    "cache": (
        _call("cache", history=False, steady=False),
        _call("cache --clear", history=False, steady=False),
    ),
    "approve": (_call("approve WI-001 --yes"), _call("approve SOP-001 --dry-run")),
    "review": (_call("review SOP-001 --yes", by="anna"),),
    "author": (_call("author WI-001 --yes", by="max"),),
    "return": (_call("return WI-001 --yes --reason", "Not yet."),),
    "reaffirm": (_call("reaffirm WI-001 --yes --next 2027-01-01 --reason", "Still so.", on="main"),),
    "acknowledge": (_call("acknowledge WI-001 --yes", by="max", on="main"),),
    "withdraw": (_call("withdraw WI-001 --yes --reason", "Not needed.", on="main"),),
    "authorise": (_call("authorise --yes", on="settings"),),
    "enrol": (_call("enrol max --yes --key", "{home}/eve"),),
    "undo": (_call("undo --yes --all", history=False),),
    "check": (
        _call("check"),
        _call("check --staged --format json"),
        _call("check --format github"),
        _call("check --base main~1 --tip main --profile release"),
        _call("check --snapshot", history=False),
        _call("check --shard 1/2 --as-of 2026-02-24"),
        _call("check --merge people.yml", history=False),
    ),
    "gate": (_call("gate --base main"), _call("gate", on="main")),
    "list": (_call("list"), _call("list --as-of 2026-02-03 --format json")),
    "status": (_call("status"), _call("status WI-001 --format json")),
    "history": (_call("history WI-001"), _call("history WI-001 --format json")),
    "show": (_call("show WI-001"), _call("show WI-001 --revision 1")),
    "export": (_call("export out"), _call("export --shard 1/2 --as-of 2026-02-24 part.zip")),
    "verify": (
        _call("verify"),
        _call("verify WI-001 --format json"),
        _call("verify --with-ssh-keygen"),
        _call("verify --chain", on="main"),
        _call("verify WI-001 --chain --with-ssh-keygen", on="main"),
    ),
    "allowed-signers": (_call("allowed-signers"),),
    "init": (
        _call(
            "init --yes --email jane@ex.org --person jane --timezone UTC --key {home}/jane --name",
            "Jane",
            on="nothing",
            history=False,
            steady=False,
        ),
    ),
    "demo": (_call("demo demo --today 2026-02-20", history=False, steady=False),),
    "receive": (
        _call("receive --mainline main", on="bare", stdin="{old} {new} refs/heads/main\n"),
        _call("receive --mainline main --install", on="bare", steady=False),  # tells what was set before
        _call("receive --certificates", on="bare"),
    ),
    "waivers": (_call("waivers"),),
    "seal": (_call("seal --output ../seal.json", on="main"),),
}
CALLS = tuple(call for calls in EXAMPLES.values() for call in calls)


def known() -> list[Call]:
    """The example calls of the verbs that there are."""
    return [call for call in CALLS if call.words[0] in VERBS]


@dataclass
class Company:
    """The company's repository, and the server's.

    Attributes:
        office: the repository in which people work, a draft checked out.
        bare: the server's.
        folder: where both lie, and where what a vector plants may lie.
        trees: the files and the index of each branch.
        extra: variables of the environment that a vector adds.
        tips: where the mainline and the draft stand, for what git tells a hook.
    """

    office: Office
    bare: Repo
    folder: Path
    trees: Path
    extra: dict[str, str] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The work tree."""
        return self.office.root

    @property
    def git_dirs(self) -> tuple[Path, Path]:
        """The folders in which a repository's configuration lies."""
        return self.root / ".git", self.bare.path

    def copy(self, folder: Path) -> Company:
        """The same elsewhere."""
        folder.mkdir(parents=True)
        bare = folder / "server.git"
        shutil.copytree(self.bare.path, bare, symlinks=True)
        return Company(
            self.office.copy(folder / "repo"),
            Repo(bare, bare=True, create=False),
            folder,
            self.trees,
            tips=self.tips,
        )

    def run(self, call: Call, cwd: Path | None = None) -> Ended:
        """Give a command line, with the clock standing still."""
        place = cwd or (self.bare.path if call.on == "bare" else self.root)
        if call.on != "bare" and cwd is None:
            switch(self.root, self.trees / call.on)
        home = str(self.office.home)
        words = [word.replace("{home}", home) for word in call.words]
        env = {**self.office.env(call.by), "SSH_AUTH_SOCK": "/nonexistent", **self.extra}
        return run(words, env, place, call.stdin.format(**self.tips))

    def answer(self, call: Call) -> tuple[int, str, str]:
        """What a call led to: status, all that was said, and what the next commit would hold."""
        ended = self.run(call)
        said = f"{ended.out}\n{ended.err}".replace(str(self.folder), "…")
        if call.on == "bare":
            return ended.status, said if call.steady else "", ""
        return (ended.status, said, self._written()) if call.steady else (ended.status, "", "")

    def _written(self) -> str:
        """What lies in the index, and the files that a command made."""
        index = self.office.play.repo.run("-c", "core.fsmonitor=false", "ls-files", "-s").stdout.decode()
        made = [path for name in ("out", "../seal.json") for path in sorted((self.root / name).rglob("*"))]
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in made if path.is_file()]
        return "\n".join([index, *digests])


def switch(root: Path, stored: Path) -> None:
    """Check a branch out without asking git, whose hooks and filters are what is to be tried on isodocs."""
    head = root / ".git" / "HEAD"
    if head.read_text() == f"ref: refs/heads/{stored.name}\n":
        return
    for place in root.iterdir():
        if place.name in {".git", *PLANTED}:
            continue
        shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
    shutil.copytree(stored / "files", root, dirs_exist_ok=True, symlinks=True)
    shutil.copyfile(stored / "index", root / ".git" / "index")
    head.write_text(f"ref: refs/heads/{stored.name}\n")


PLANTED = frozenset({"git", "ssh-keygen", "ssh-add", "click.py", "yaml.py", "sitecustomize.py", "json.py"})


def run(words: list[str], env: Mapping[str, str], cwd: Path, stdin: str) -> Ended:
    """One command line in this process, as on a machine of its own."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with (
        _machine(env, stdin),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = cli.main(words)
    return Ended(status, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined] # a BytesIO
    return data.decode()


@contextlib.contextmanager
def _machine(env: Mapping[str, str], stdin: str) -> Iterator[None]:
    before, typed = dict(os.environ), sys.stdin
    os.environ.clear()
    os.environ.update(env)
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.stdin = typed


def make_company(folder: Path) -> Company:
    """A company with a merge, a push, drafts, changed settings, signed commits, odd names and a submodule."""
    office = Office.founded(folder / "repo")
    play = office.play
    play.branch("second")
    play.revise("WI-001", "2")
    play.signs("WI-001", "jane")
    play.merge("second")
    _odd_names(office)
    _signed_commits(office)
    play.push()
    play.branch("settings")
    play.configure(replace(play.settings, title="Another title"))
    play.commit("max")
    play.on("main")
    play.branch("clash")
    play.revise("WI-001", "3", "Quite another text.")
    play.on("main")
    play.branch("draft")
    play.revise("SOP-001", "2")
    play.doc("WI-001", "3")
    play.commit("max")
    bare = play.repo.clone(folder / "server.git", "--bare")
    _store_trees(office)
    return Company(office, bare, folder, folder / "trees", tips={"old": play.tip(), "new": play.tip("draft")})


def _odd_names(office: Office) -> None:
    """Files, branches and tags with names that look like something else."""
    office.play.write("notes/-x.md", "x")
    office.play.write("notes/:(glob)**", "x")
    office.play.write("notes/--output=hit", "x")
    office.play.write("notes/two\nlines.md", "x")
    (office.root / "notes" / "sub").mkdir()
    tip = office.play.tip()
    office.play.repo.git("update-index", "--add", "--cacheinfo", f"160000,{tip},notes/sub")
    office.play.commit("jane")
    for name in ("heads/-evil", "heads/--output=hit", "heads/--upload-pack=hit", "tags/-n1"):
        office.play.repo.git("update-ref", f"refs/{name}", tip)


def _signed_commits(office: Office) -> None:
    """Commits that carry signatures which git would hand to a program."""
    repo = office.play.repo
    for kind in ("PGP", "SSH"):
        people = repo.signature(JANE, None, None, None)
        when = people["GIT_COMMITTER_DATE"].removeprefix("@")
        lines = [
            f"tree {repo.git('rev-parse', 'HEAD^{tree}')}",
            f"parent {repo.head()}",
            f"author Jane <jane@ex.org> {when}",
            f"committer Jane <jane@ex.org> {when}",
            f"gpgsig -----BEGIN {kind} SIGNATURE-----",
            " ",
            " AAAA",
            f" -----END {kind} SIGNATURE-----",
            "",
            "Signed\n\nCo-authored-by: Max <max@ex.org>\n",
        ]
        made = repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin="\n".join(lines).encode())
        repo.git("reset", "-q", "--soft", made)


def _store_trees(office: Office) -> None:
    """Every branch's files and index, so that it can be checked out later without running git."""
    repo = office.play.repo
    repo.orphan("nothing")
    repo.commit("Something else", {"README.md": "Hello.\n"})
    for branch in ("nothing", "main", "settings", "draft"):
        repo.switch(branch)
        stored = repo.path.parent / "trees" / branch
        shutil.copytree(repo.path, stored / "files", symlinks=True, ignore=shutil.ignore_patterns(".git"))
        shutil.copyfile(repo.path / ".git" / "index", stored / "index")
