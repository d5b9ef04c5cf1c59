"""A repository that names programs wherever git reads such a name: none may run, no answer may change."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from support.gitrepo import JANE, Repo, opened

from isodocs.core.problem import CannotRun
from isodocs.git.log import arguments, parse
from isodocs.git.situation import stand
from isodocs.git.tree import Tree, commit_tree, directory_tree, index_tree, work_tree
from isodocs.git.walk import between, mainline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from isodocs.git.repository import Repository

HOOKS = (
    "post-index-change",
    "pre-commit",
    "post-commit",
    "pre-merge-commit",
    "post-merge",
    "post-checkout",
    "pre-push",
    "pre-auto-gc",
    "reference-transaction",
    "fsmonitor-watchman",
)
# Each names a program in the configuration of a repository.
PROGRAMS = {
    "core.fsmonitor": "{}",
    "core.hooksPath": "{hooks}",
    "core.pager": "{}",
    "core.editor": "{}",
    "core.sshCommand": "{}",
    "core.askPass": "{}",
    "core.gitProxy": "{}",
    "core.alternateRefsCommand": "{}",
    "credential.helper": "!{}",
    "diff.external": "{}",
    "diff.evil.command": "{}",
    "diff.evil.textconv": "{}",
    "filter.evil.clean": "{}",
    "filter.evil.smudge": "{}",
    "filter.evil.process": "{}",
    "filter.evil.required": "true",
    "merge.evil.driver": "{} %O %A %B",
    "merge.renormalize": "true",
    "gpg.program": "{}",
    "gpg.ssh.program": "{}",
    "gpg.ssh.defaultKeyCommand": "{}",
    "gpg.ssh.allowedSignersFile": "/dev/null",
    "log.showSignature": "true",
    "pager.log": "{}",
    "pager.ls-tree": "{}",
    "pager.config": "{}",
    "alias.log": "!{}",
    "alias.ls-files": "!{}",
    "alias.cat-file": "!{}",
    "interactive.diffFilter": "{}",
    "sequence.editor": "{}",
    "uploadpack.packObjectsHook": "{}",
    "trailer.co-authored-by.command": "{}",
    "trailer.co-authored-by.cmd": "{}",
    "remote.origin.url": "ext::{}",
    "remote.origin.vcs": "evil",
    "remote.origin.promisor": "true",
    "remote.origin.uploadpack": "{}",
    "extensions.partialClone": "origin",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
    "submodule.sub.update": "!{}",
    "include.path": "{include}",
}
# Each changes what git prints.
PRINTS = {
    "color.ui": "always",
    "core.abbrev": "4",
    "core.quotePath": "true",
    "core.commitGraph": "true",
    "core.logAllRefUpdates": "always",
    "diff.dirstat": "lines",
    "diff.ignoreSubmodules": "all",
    "diff.mnemonicPrefix": "true",
    "diff.noprefix": "true",
    "diff.orderFile": "{order}",
    "diff.relative": "true",
    "diff.renames": "copies",
    "diff.submodule": "log",
    "format.pretty": "oneline",
    "format.notes": "*",
    "i18n.logOutputEncoding": "UTF-16",
    "log.abbrevCommit": "true",
    "log.date": "relative",
    "log.decorate": "full",
    "log.diffMerges": "off",
    "log.excludeDecoration": "x",
    "log.follow": "true",
    "log.mailmap": "true",
    "log.showRoot": "false",
    "notes.displayRef": "refs/notes/*",
    "status.showUntrackedFiles": "no",
    "submodule.sub.ignore": "all",
}
ATTRIBUTES = "*.md filter=evil diff=evil merge=evil ident\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with a merge, a branch that needs a merge of one file, a submodule and a signed commit."""
    repo = Repo(tmp_path / "repo")
    repo.commit("root", {"a.md": "".join(f"{line}\n" for line in range(20)), "moved.md": "text\n" * 50})
    repo.branch("side")
    repo.commit("side", {"s.md": "1", "moved.md": None, "folder/moved.md": "text\n" * 50})
    repo.switch("main")
    repo.commit("main", {"b.md": "1"})
    tip = repo.merge("side")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{tip},sub")
    repo.commit("submodule", {".mailmap": "Evil <evil@example.org> <jane@example.org>\n"})
    tree = repo.git("rev-parse", "HEAD^{tree}")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    people = "author J <jane@example.org> 1767000000 +0000\ncommitter J <jane@example.org> 1767000000 +0000"
    text = f"tree {tree}\nparent {repo.head()}\n{people}\n{signature}\n\nsigned\n"
    repo.git(
        "reset", "-q", "--hard", repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode())
    )
    repo.git("notes", "add", "-m", "a note", env=repo.signature(JANE, None, None, None))
    repo.branch("draft", "HEAD~1")
    repo.commit("draft", {"d.md": "1"})
    repo.write({"new.md": "crlf\r\n"})
    return repo


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "marker"


def poison(repo: Repo, marker: Path, settings: dict[str, str]) -> None:
    """Put the settings into the repository; each program leaves its name in the marker."""
    home = marker.parent / "evil"
    home.mkdir()
    program = home / "program"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {marker}\n')
    include = home / "include"
    include.write_text(f"[core]\n\tfsmonitor = {program}\n\tpager = {program}\n")
    (home / "order").write_text("s.md\nb.md\n")
    for folder in (home / "hooks", repo.path / ".git" / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in HOOKS:
            (folder / name).write_text(program.read_text())
            (folder / name).chmod(0o755)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    config = repo.path / ".git" / "config"
    lines = [config.read_text()]
    for key, value in settings.items():
        section, _, name = key.rpartition(".")
        first, _, sub = section.partition(".")
        text = value.format(program, hooks=home / "hooks", include=include, order=home / "order")
        heading = f'{first} "{sub}"' if sub else first
        lines.append(f'[{heading}]\n\t{name} = "{text}"\n')
    config.write_text("".join(lines))
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "attributes").write_text(ATTRIBUTES)


def read(tree_of: Callable[[Repository], Tree]) -> Callable[[Repository], object]:
    """A function that gets a tree and reads all of its files."""

    def call(repository: Repository) -> object:
        tree = tree_of(repository)
        wanted = [path for path, entry in tree.entries.items() if entry.mode != "160000"]
        return tree.entries, list(tree.read_many(wanted))

    return call


def tip(repository: Repository) -> str:
    found = repository.resolve("main")
    assert found is not None
    return found


def missing(repository: Repository) -> None:
    """Ask for a blob that is not there, as in a partial clone."""
    with pytest.raises(CannotRun):
        list(repository.blobs(["1" * 40]))


CALLS: dict[str, Callable[[Repository], object]] = {
    "open": lambda found: (found.root, found.git_dir),
    "head": lambda found: (found.head(), found.branch(), found.resolve("main")),
    "complete": lambda found: found.require_complete(),
    "mainline": lambda found: mainline(found, tip(found)),
    "between": lambda found: between(found, found.resolve("main~2"), tip(found)),
    "parse": lambda found: list(parse(found.stream(*arguments(tip(found))))),
    "commit_tree": read(lambda found: commit_tree(found, tip(found))),
    "index_tree": read(index_tree),
    "work_tree": read(work_tree),
    "directory_tree": read(lambda found: directory_tree(found.root or found.git_dir)),
    "change": lambda found: stand(found, {}, "main"),
    "range": lambda found: stand(found, {}, "main", base="main~1", tip="main"),
    "push": lambda found: stand(found, {"PRE_COMMIT_TO_REF": "HEAD"}, "main", gate=True),
    "pull": lambda found: stand(found, {}, "main", base="main", when=1),
    "gate": lambda found: stand(found, {}, "main", gate=True, when=1),
    "missing": missing,
}


@pytest.mark.parametrize("name", CALLS)
def test_no_program_runs(repo: Repo, marker: Path, name: str) -> None:
    poison(repo, marker, PROGRAMS)
    (repo.path / "a.md").touch()
    CALLS[name](opened(repo))
    assert not marker.exists(), marker.read_text()


@pytest.mark.parametrize("name", CALLS)
def test_no_setting_changes_an_answer(repo: Repo, marker: Path, name: str) -> None:
    before = CALLS[name](opened(repo))
    poison(repo, marker, PROGRAMS | PRINTS)
    assert CALLS[name](opened(repo)) == before
    assert not marker.exists(), marker.read_text()


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("diff", "HEAD~1"),
        ("log", "-p", "main"),
        ("log", "--show-signature", "main"),
        ("add", "a.md"),
        ("checkout", "main"),
        ("cat-file", "-p", "1" * 40),
        ("fetch", "origin"),
    ],
)
def test_the_programs_do_run_for_plain_git(repo: Repo, marker: Path, command: tuple[str, ...]) -> None:
    poison(repo, marker, PROGRAMS)
    (repo.path / "a.md").write_text("changed")
    repo.env["GIT_CONFIG_COUNT"] = "0"
    repo.run(*command, check=False)
    assert marker.exists()


def test_a_merge_driver_is_a_conflict(repo: Repo, marker: Path) -> None:
    whole = (repo.path / "a.md").read_text()
    repo.commit("top", {"a.md": "top\n" + whole})
    repo.git("checkout", "-qf", "main")
    repo.commit("bottom", {"a.md": whole + "bottom\n"})
    repo.switch("draft")
    assert stand(opened(repo), {}, "main", base="main").tip
    poison(repo, marker, PROGRAMS)
    with pytest.raises(CannotRun, match="conflicts"):
        stand(opened(repo), {}, "main", base="main")
    assert not marker.exists()


def test_a_merge_driver_with_an_odd_name_is_refused(repo: Repo) -> None:
    repo.git("config", "merge.a=b.driver", "true")
    with pytest.raises(CannotRun, match="merge driver"):
        stand(opened(repo), {}, "main", base="main")


@pytest.mark.parametrize("name", ["-evil", "--output=x", "-n1", "--exec=x"])
def test_a_branch_may_be_called_like_an_option(repo: Repo, name: str) -> None:
    repo.git("update-ref", f"refs/heads/{name}", "main")
    found = opened(repo)
    assert found.resolve(name) == tip(found)
    assert stand(found, {}, name, base=name, tip=name).tip == tip(found)
    assert not (repo.path / "x").exists()
