"""The gate on real servers: sshd, git's http-backend and gitolite3, each pushed to by a real git."""

from __future__ import annotations

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from gates.conftest import Server
from gates.world import MAIN, REFUSED
from support.servers import Gitolite, HttpBackend, Sshd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gates.world import Company

KINDS = (
    pytest.param("sshd", marks=pytest.mark.server),
    "http-backend",
    pytest.param("gitolite3", marks=(pytest.mark.server, pytest.mark.gitolite)),
)


@contextmanager
def served(kind: str, folder: Path, company: Company, founded: Path) -> Iterator[Server]:
    """The company's repository on a real server."""
    if kind == "gitolite3":
        with Gitolite(folder) as gitolite:
            server = Server(gitolite.bare, company)
            server.url, server.env = gitolite.url(), gitolite.env
            server.install("--mainline", "main", "--trust-root", company.root)
            server.takes(f"{company.base}:{MAIN}")
            yield server
        return
    bare = folder / "qms.git"
    shutil.copytree(founded, bare)
    with Sshd(folder) if kind == "sshd" else HttpBackend(folder, folder) as front:
        server = Server(bare, company)
        server.url, server.env = front.url(bare), front.env
        yield server


@pytest.mark.parametrize("kind", KINDS)
def test_each_attack_is_refused_with_its_reason_and_the_rightful_push_goes_in(
    kind: str, tmp_path: Path, company: Company, attempts: dict[str, str], founded: Path
) -> None:
    with served(kind, tmp_path, company, founded) as server:
        before = server.refs()

        def attack(name: str) -> tuple[bool, str]:
            return server.push(f"+{attempts[name]}:{MAIN}")

        with ThreadPoolExecutor(2) as people:
            answers = dict(zip(REFUSED, people.map(attack, REFUSED), strict=True))
        for name, (accepted, said) in answers.items():
            assert not accepted, name
            assert REFUSED[name][1] in said, (name, said)
        replacing = server.refuses(f"{company.base}:refs/replace/{company.root}")
        assert "would replace an object" in replacing
        assert "the mainline that says what is in force" in server.refuses(f":{MAIN}")
        assert server.refs() == before
        assert server.broken() == ""

        server.takes(f"{attempts['rightful']}:{MAIN}", f"{attempts['unapproved']}:refs/heads/draft")
        assert server.refs()[MAIN] == attempts["rightful"]
        assert server.broken() == ""


COMMON = """\
#!/bin/sh
case "$GL_REPO" in
  qms) {line} ;;
esac
"""


@pytest.mark.server
@pytest.mark.gitolite
def test_gitolites_common_hooks_judge_the_repositories_that_they_name(
    tmp_path: Path, company: Company, attempts: dict[str, str]
) -> None:
    """Gitolite's own repository, and others, stay as free as they were."""
    with Gitolite(tmp_path) as gitolite:
        server = Server(gitolite.bare, company)
        server.install("--mainline", "main", "--trust-root", company.root)
        hooks = server.bare.path / "hooks"
        line = (hooks / "pre-receive").read_text().splitlines()[-1]
        (hooks / "pre-receive").unlink()
        common = gitolite.home / ".gitolite" / "hooks" / "common" / "pre-receive"
        common.write_text(COMMON.format(line=line))
        common.chmod(0o755)
        gitolite.run("setup", "--hooks-only")
        assert (hooks / "pre-receive").is_symlink()

        server.url, server.env = gitolite.url(), gitolite.env
        server.takes(f"{company.base}:{MAIN}")
        assert "AP101" in server.refuses(f"{attempts['unapproved']}:{MAIN}")
        gitolite.administer(
            {
                "conf/gitolite.conf": (
                    "repo gitolite-admin\n    RW+ = admin\nrepo qms other more\n    RW+ = jane\n"
                )
            }
        )
        server.url = gitolite.url("other")
        server.takes(f"{attempts['unapproved']}:{MAIN}")


@pytest.mark.parametrize("kind", KINDS[:2])
def test_a_push_of_some_megabytes(kind: str, tmp_path: Path, company: Company, founded: Path) -> None:
    """Over HTTP git sends what is large in chunks."""

    def large(p: Company) -> str:
        p.write("attachment.bin", random.Random(1).randbytes(3 << 20))  # noqa: S311 - nothing secret
        return p.commit("max")

    with served(kind, tmp_path, company, founded) as server:
        server.takes(f"{company.attempt(large)}:{MAIN}")
        assert server.broken() == ""
