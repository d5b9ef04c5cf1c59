"""Repositories that pretend to lie elsewhere, belong to others, or lead out of themselves."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hostile.calls import Call
from hostile.conftest import truth
from hostile.wounds import ambiguous, git
from support.gitrepo import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from hostile.calls import Company

    Truths = dict[Call, tuple[int, str, str]]

LIST = Call(("list",))
STATUS = Call(("status",))
APPROVE = Call(("approve", "WI-001", "--yes"))
SOMEBODY = 65534


@pytest.fixture
def copy(company: Company, tmp_path: Path) -> Company:
    """The company, to be changed."""
    return company.copy(tmp_path / "copy")


def refusal(company: Company, call: Call, cwd: Path | None = None) -> str:
    """The one sentence with which a call is refused."""
    ended = company.run(call, cwd)
    assert ended.status == 2, ended
    assert ended.err.count("isodocs: ") == 1
    assert "fault of isodocs" not in ended.err
    return ended.sentence


class TestElsewhere:
    def test_a_bare_repository_among_the_files(self, copy: Company) -> None:
        """A folder with HEAD, objects, refs and a configuration can be committed like any other."""
        planted = copy.root / "documents" / "manual"
        shutil.copytree(copy.bare.path, planted)
        said = refusal(copy, LIST, planted)
        assert "bare repository inside the files of" in said
        assert copy.run(LIST).status == 0

    def test_a_server_repository_by_itself_is_read(self, copy: Company) -> None:
        assert copy.run(LIST, copy.bare.path).status == 0

    def test_a_work_tree_elsewhere(self, copy: Company) -> None:
        """``core.worktree`` must not make a command write into another project, such as the one around."""
        victim = Repo(copy.folder)
        victim.commit("first", {"README.md": "Hello."})
        git(copy, "config", "core.worktree", str(victim.path))
        assert "core.worktree" in refusal(copy, APPROVE)
        assert not (victim.path / "signatures").exists()

    def test_a_work_tree_far_away(self, copy: Company, tmp_path: Path) -> None:
        (tmp_path / "victim").mkdir()
        git(copy, "config", "core.worktree", str(tmp_path / "victim"))
        assert "bare" in refusal(copy, APPROVE)
        assert list((tmp_path / "victim").iterdir()) == []

    def test_a_git_file_that_points_to_the_repository(
        self, copy: Company, company: Company, truths: Truths, tmp_path: Path
    ) -> None:
        (copy.root / ".git").rename(tmp_path / "store")
        (copy.root / ".git").write_text(f"gitdir: {tmp_path / 'store'}\n")
        right = truth(LIST, company, truths, tmp_path / "clean")
        assert copy.run(Call(LIST.words, on=""), copy.root).out.strip() == right[1].strip()

    def test_a_git_folder_that_is_a_link(self, copy: Company, tmp_path: Path) -> None:
        (copy.root / ".git").rename(tmp_path / "store")
        (copy.root / ".git").symlink_to(tmp_path / "store")
        assert copy.run(LIST, copy.root).status == 0
        assert copy.run(APPROVE, copy.root).status == 0

    @pytest.mark.parametrize("text", ["gitdir: /nonexistent\n", "gitdir: .\n", "", "nonsense\n"])
    def test_a_git_file_that_points_nowhere(self, copy: Company, tmp_path: Path, text: str) -> None:
        (copy.root / ".git").rename(tmp_path / "store")
        (copy.root / ".git").write_text(text)
        refusal(copy, LIST, copy.root)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
    def test_a_repository_of_somebody_else(self, copy: Company) -> None:
        for place in (copy.root, copy.root / ".git"):
            os.chown(place, SOMEBODY, SOMEBODY)
        assert "safe.directory" in refusal(copy, STATUS, copy.root)


class TestLinks:
    def test_documents_that_are_links(self, copy: Company, tmp_path: Path) -> None:
        """What lies behind a link is never read, shown or signed."""
        (tmp_path / "secret").write_text("the secret\n")
        (copy.root / "documents" / "WI-009-link.md").symlink_to(tmp_path / "secret")
        (copy.root / "documents" / "loop").symlink_to("..")
        for words in (("check",), ("status",), ("check", "--snapshot"), ("verify",)):
            ended = copy.run(Call(words))
            assert ended.status in {0, 1}
            assert "the secret" not in ended.out + ended.err

    @pytest.mark.parametrize("folder", ["signatures", "signatures/WI-001", "signatures/WI-001/3"])
    def test_signatures_that_would_lie_behind_a_link(
        self, copy: Company, tmp_path: Path, folder: str
    ) -> None:
        (tmp_path / "away").mkdir()
        copy.run(LIST)
        place = copy.root / folder
        if place.exists():
            shutil.move(place, tmp_path / "kept")
        place.symlink_to(tmp_path / "away")
        ended = copy.run(APPROVE, copy.root)
        assert ended.status == 2
        assert list((tmp_path / "away").iterdir()) == []

    def test_a_pipe_among_the_documents_stops_nobody(self, copy: Company) -> None:
        os.mkfifo(copy.root / "documents" / "WI-008-pipe.md")
        assert copy.run(Call(("check",))).status in {0, 1}


class TestNames:
    def test_a_tag_that_is_called_like_the_mainline(
        self, copy: Company, company: Company, truths: Truths, tmp_path: Path
    ) -> None:
        ambiguous(copy)
        assert copy.answer(LIST) == truth(LIST, company, truths, tmp_path / "clean")
        check = Call(("check", "--base", "main~1", "--tip", "main"))
        assert "means several things" in refusal(copy, check)

    def test_a_tag_that_is_called_like_the_pinned_root(self, copy: Company) -> None:
        root = git(copy, "rev-list", "--max-parents=0", "main")
        pinned = Call(("list", "--trust-root", root[:8]))
        assert copy.run(pinned).status == 0
        git(copy, "update-ref", f"refs/tags/{root[:8]}", "main~1")
        assert "means several things" in refusal(copy, pinned)
        assert copy.run(Call(("list", "--trust-root", root))).status == 0
        git(copy, "update-ref", f"refs/heads/{root}", "main~1")
        assert copy.run(Call(("list", "--trust-root", root))).status == 0

    @pytest.mark.parametrize(
        "name", ["-n1", "--output=hit", "--exec=touch hit", "-", "@{-1}", ":/x", "^main"]
    )
    def test_revisions_that_look_like_options(self, copy: Company, name: str) -> None:
        for option in ("--trust-root", "--mainline"):
            ended = copy.run(Call(("list", option, name)))
            assert ended.status in {0, 2}
            assert "fault of isodocs" not in ended.err
        assert not (copy.root / "hit").exists()

    @pytest.mark.parametrize(
        "name",
        ["../../../etc/passwd", "..", "/etc/passwd", "WI-001/../../x", "WI-001\n", "-x", "WI-００１"],
    )
    def test_ids_that_lead_elsewhere(self, copy: Company, name: str) -> None:
        for verb in ("approve", "status", "history", "show", "acknowledge", "withdraw", "return"):
            more = ("--reason", "x") if verb in {"withdraw", "return"} else ()
            ended = copy.run(Call((verb, *more, "--", name)))
            assert ended.status == 2, (verb, ended)
            assert "fault of isodocs" not in ended.err
        assert "signatures" not in copy.office.status()

    @pytest.mark.parametrize("revision", ["../../../x", "..", "a/b", "/tmp/x", ".", "-1", "3\\x", "１"])
    def test_revisions_that_lead_elsewhere(self, copy: Company, revision: str) -> None:
        """The revision is a folder in the path of a statement."""
        copy.run(LIST)
        place = copy.root / "documents" / "WI-001-text.md"
        place.write_text(place.read_text().replace("revision: 3", f"revision: {revision}"))
        copy.office.play.repo.git("add", "-A")
        copy.office.commit("max")
        before = sorted(copy.folder.rglob("*.json"))
        for verb in ("approve", "review", "author"):
            ended = copy.run(Call((verb, "WI-001", "--yes")), copy.root)
            assert ended.status == 2, ended
            assert "fault of isodocs" not in ended.err
        assert sorted(copy.folder.rglob("*.json")) == before


class TestSigningKey:
    """The repository's own configuration may name a key file, never a program."""

    @pytest.mark.parametrize(
        "key",
        [
            "-f/etc/passwd",
            "--help",
            "-Y",
            "!touch hit",
            "| touch hit",
            "$(touch hit)",
            "`touch hit`",
            "key::ssh-ed25519 AAAA",
            "key::-oProxyCommand=touch hit",
            "sk-ssh-ed25519@openssh.com AAAA",
            "/dev/zero",
            "/dev/stdin",
            "pipe",
            ".",
            "~nobody-at-all/key",
            "\\0",
        ],
    )
    def test_keys_that_are_none(self, copy: Company, key: str) -> None:
        os.mkfifo(copy.root / "pipe")
        git(copy, "config", "user.signingkey", key)
        git(copy, "config", "gpg.format", "ssh")
        copy.extra["GIT_CONFIG_COUNT"] = "0"
        ended = copy.run(APPROVE)
        assert ended.status == 2, ended
        assert "fault of isodocs" not in ended.err
        assert not (copy.root / "hit").exists()
        assert "signatures" not in copy.office.status()

    def test_a_key_that_the_repository_brings_signs_as_its_owner(self, copy: Company) -> None:
        """It can name a key of its own; whoever's that is, the statement says, and it is shown before."""
        git(copy, "config", "user.signingkey", copy.office.key("bob"))
        git(copy, "config", "gpg.format", "ssh")
        copy.extra["GIT_CONFIG_COUNT"] = "0"
        ended = copy.run(APPROVE)
        assert "Bob (bob)" in ended.out
        assert list(copy.root.glob("signatures/WI-001/3/approved.bob.*.json"))

    def test_a_program_named_beside_the_key_never_runs(self, copy: Company) -> None:
        for name in ("gpg.program", "gpg.ssh.program", "gpg.ssh.defaultKeyCommand"):
            git(copy, "config", name, "touch hit; false")
        git(copy, "config", "gpg.format", "ssh")
        copy.extra["GIT_CONFIG_COUNT"] = "0"
        assert "No signing key is known" in refusal(copy, APPROVE)
        assert not (copy.root / "hit").exists()
