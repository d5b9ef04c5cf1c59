"""Putting the gate in place: what is written, what is never touched, and how to undo it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from gates.conftest import Server
from gates.world import MAIN, Company, renaming
from support.gitrepo import Repo
from support.office import run

from isodocs.gates import install

if TYPE_CHECKING:
    from pathlib import Path

FOREIGN = "#!/bin/sh\nexit 0\n"


def put(server: Server, name: str, text: str = FOREIGN) -> Path:
    """A hook that somebody else wrote."""
    path = server.bare.path / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


# --- what is written ---


def test_both_hooks_are_in_place_and_executable(empty: Server) -> None:
    said = empty.install()
    assert "judges every push of main from now on" in said
    for name in ("pre-receive", "post-receive"):
        path = empty.bare.path / "hooks" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o755
        last = path.read_text().splitlines()[-1]
        assert last.startswith(f"exec {sys.executable} -I ")
        assert "--mainline main" in last
    assert [one.name for one in (empty.bare.path / "hooks").iterdir() if one.name.startswith(".")] == []


def test_the_full_name_of_the_branch_is_understood(server: Server) -> None:
    assert "judges every push of main from now on" in server.install("--mainline", MAIN)


def test_again_it_changes_nothing(server: Server) -> None:
    hooks, config = server.hooks(), (server.bare.path / "config").read_bytes()
    assert "is set" not in server.install()
    assert server.hooks() == hooks
    assert (server.bare.path / "config").read_bytes() == config


def test_the_trust_root_is_pinned_after_the_first_push(empty: Server) -> None:
    play = empty.company
    assert "the first push brings the trust root" in empty.install()
    assert "--trust-root" not in empty.hooks()["pre-receive"].decode()
    empty.takes(f"{play.base}:{MAIN}")
    assert f"The trust root is {play.root}." in empty.install()
    for name in ("pre-receive", "post-receive"):
        assert f"--trust-root {play.root}" in empty.hooks()[name].decode()


def test_what_was_pinned_stays_pinned(server: Server) -> None:
    """Also where another commit would be found without the pin."""
    play = server.company
    server.install("--trust-root", play.granted)
    assert f"The trust root is {play.granted}." in server.install()
    assert f"The trust root is {play.root}." in server.install("--trust-root", play.root[:10])


def test_the_trust_root_comes_from_the_environment_too(empty: Server) -> None:
    env = {**empty.bare.env, "ISODOCS_TRUST_ROOT": empty.company.root}
    ended = run("receive", "--install", env=env, cwd=empty.bare.path)
    assert ended.status == 0, ended
    assert f"--trust-root {empty.company.root}" in empty.hooks()["pre-receive"].decode()


def test_every_command_holds_to_the_trust_root_of_the_environment(server: Server) -> None:
    play = server.company
    for root, status in ((play.root, 0), ("1" * 40, 2)):
        ended = run("list", env={**play.repo.env, "ISODOCS_TRUST_ROOT": root}, cwd=play.repo.path)
        assert ended.status == status, ended
    words = ("list", "--trust-root", play.root)
    ended = run(*words, env={**play.repo.env, "ISODOCS_TRUST_ROOT": "1" * 40}, cwd=play.repo.path)
    assert ended.status == 0, ended


def test_the_help_names_the_servers_and_what_is_not_judged(empty: Server) -> None:
    ended = run("receive", "--help", env=empty.bare.env, cwd=empty.bare.path)
    for word in ("sshd", "http-backend", "gitolite3", "without being judged", "ISODOCS_TRUST_ROOT"):
        assert word in " ".join(ended.out.split())


def test_settings_of_the_server_are_said_and_those_of_the_administrator_kept(empty: Server) -> None:
    empty.bare.git("config", "receive.fsckObjects", "false")
    empty.bare.git("config", "receive.certNonceSeed", "own")
    said = empty.install()
    assert "receive.fsckObjects" not in said
    assert "receive.certNonceSlop is set" in said
    assert empty.bare.git("config", "receive.fsckObjects") == "false"
    assert empty.bare.git("config", "receive.certNonceSeed") == "own"


def test_every_server_gets_a_seed_of_its_own(empty: Server, tmp_path: Path, company: Company) -> None:
    other = Server(tmp_path / "other.git", company)
    for one in (empty, other):
        one.install()
    seeds = [one.bare.git("config", "receive.certNonceSeed") for one in (empty, other)]
    assert seeds[0] != seeds[1]
    assert all(len(seed) == 64 for seed in seeds)


def test_names_that_a_shell_would_read(empty: Server) -> None:
    name = "ma'in;$(touch${IFS}x)"
    empty.install("--mainline", name)
    put_back = subprocess.run(
        [str(empty.bare.path / "hooks" / "pre-receive")],
        cwd=empty.bare.path, env={**empty.bare.env, "GIT_DIR": "."}, input=f"{'0' * 40} {'1' * 40} {MAIN}\n",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert name in " ".join((put_back.stdout + put_back.stderr).split())
    assert not (empty.bare.path / "x").exists()
    assert name in empty.install()


def test_a_signed_new_name_is_followed(server: Server) -> None:
    tip = server.company.attempt(renaming)
    server.takes(f"{tip}:{MAIN}")
    server.takes(f"{tip}:refs/heads/trunk")
    assert "judges every push of trunk" in server.install()
    assert "HX103" in server.refuses(f"+{server.company.base}:refs/heads/trunk")


def test_the_folder_of_hooks_that_the_repository_names(empty: Server) -> None:
    empty.bare.git("config", "core.hooksPath", "gate/hooks")
    empty.install()
    assert (empty.bare.path / "gate" / "hooks" / "pre-receive").is_file()
    assert empty.hooks() == {}
    empty.takes(f"{empty.company.base}:{MAIN}")
    assert "would delete main" in empty.refuses(f":{MAIN}")


# --- what is refused ---


def test_a_foreign_hook_is_never_touched(empty: Server) -> None:
    put(empty, "pre-receive")
    said = empty.refused_to_install()
    assert "is there already, and it is not ours" in said
    assert f"{sys.executable} -I " in said
    assert empty.hooks() == {"pre-receive": FOREIGN.encode()}


def test_a_link_is_never_replaced(empty: Server, tmp_path: Path) -> None:
    empty.install()
    path = empty.bare.path / "hooks" / "pre-receive"
    path.rename(tmp_path / "common")
    path.symlink_to(tmp_path / "common")
    assert "is a link to" in empty.refused_to_install()
    assert path.is_symlink()


def test_a_foreign_post_receive_stays_and_the_gate_stands(empty: Server) -> None:
    put(empty, "post-receive")
    said = empty.install()
    assert "certificates of signed pushes are not kept" in said
    assert "--witness" in said
    assert empty.hooks()["post-receive"] == FOREIGN.encode()
    assert b"receive --mainline main" in empty.hooks()["pre-receive"]


@pytest.mark.parametrize("place", ["", ".git"])
def test_a_repository_with_a_work_tree(place: str, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "clone")
    ended = run("receive", "--install", env=repo.env, cwd=repo.path / place)
    assert ended.status == 2
    assert "has a work tree" in ended.sentence
    assert not (repo.path / ".git" / "hooks" / "pre-receive").exists()


def test_no_repository_at_all(tmp_path: Path, empty: Server) -> None:
    ended = run("receive", "--install", env=empty.bare.env, cwd=tmp_path)
    assert ended.status == 2


def test_hooks_that_all_repositories_share(empty: Server, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    empty.bare.git("config", "--global", "core.hooksPath", str(tmp_path / "shared"))
    said = empty.refused_to_install()
    assert "global setting core.hooksPath" in said
    assert list((tmp_path / "shared").iterdir()) == []
    empty.bare.git("config", "core.hooksPath", "hooks")
    empty.install()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--trust-root", "main~1^{tree}"), "names no commit here"),
        (("--trust-root", "abc123"), "names no commit here"),
        (("--mainline", "a..b"), "cannot be the name of a branch"),
        (("--mainline", "-x y"), "cannot be the name of a branch"),
        (("--mainline", "nowhere"), "There is no branch nowhere here, but main"),
    ],
)
def test_pins_that_cannot_hold(server: Server, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in server.refused_to_install(*words)


def test_a_trust_root_that_is_not_on_the_mainline(server: Server, attempts: dict[str, str]) -> None:
    assert "is not on the mainline" in server.refused_to_install("--trust-root", "1" * 40)
    server.takes(f"{attempts['forced']}:refs/heads/draft")
    assert "is not on the mainline" in server.refused_to_install("--trust-root", attempts["forced"])


def test_a_python_that_is_isolated_must_find_isodocs(empty: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_ISOLATED", ("-I", "-S", "-m", "isodocs", "receive"))
    assert "does not find isodocs" in empty.refused_to_install()


def test_a_repository_of_another_user(empty: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the administrator forgets to become the user under whom git runs."""
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert f"belongs to another user (number {os.getuid()})" in empty.refused_to_install()


def test_a_folder_that_cannot_be_written(empty: Server) -> None:
    """Nothing is half done: the settings come before the hooks, the gate before the witness."""
    hooks = empty.bare.path / "hooks"
    for one in hooks.iterdir():
        one.unlink()
    hooks.rmdir()
    hooks.write_text("in the way")
    assert "cannot be written" in empty.refused_to_install()


# --- undone ---


def test_undone(server: Server, attempts: dict[str, str]) -> None:
    put(server, "update", FOREIGN)
    ended = run("receive", "--uninstall", env=server.bare.env, cwd=server.bare.path)
    assert ended.status == 0, ended
    assert "Pushes are not judged any more." in ended.out
    assert "receive.certNonceSeed" in ended.out
    assert list(server.hooks()) == ["update"]
    server.takes(f"{attempts['unapproved']}:{MAIN}")


def test_there_is_nothing_to_undo(empty: Server) -> None:
    put(empty, "pre-receive")
    ended = run("receive", "--uninstall", env=empty.bare.env, cwd=empty.bare.path)
    assert ended.status == 2
    assert "There is no hook of isodocs" in ended.sentence
    assert list(empty.hooks()) == ["pre-receive"]


def test_a_hook_under_another_umask(empty: Server) -> None:
    before = os.umask(0o077)
    try:
        empty.install()
    finally:
        os.umask(before)
    path = empty.bare.path / "hooks" / "pre-receive"
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
