"""Undo: what was signed and not committed goes again, and nothing else is touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.office import Office, refused, run

from isodocs.commands import desk

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = "There is nothing to take back: what is committed stays. Answer it: isodocs return ID --reason …\n"


def state(office: Office) -> dict[str, object]:
    """All that must be as before: every file below the work tree, the index entry by entry, HEAD."""
    files = {
        str(path.relative_to(office.root)): path.read_bytes()
        for path in office.root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }
    folders = sorted(
        str(path) for path in office.root.rglob("*") if path.is_dir() and ".git" not in path.parts
    )
    git = office.play.repo.git
    index = git("ls-files", "--stage", "-v", "-z")
    return {"files": files, "folders": folders, "index": index, "head": git("rev-parse", "HEAD")}


class TestTakesBack:
    def test_what_approve_wrote_and_nothing_else(self, drafted: Office) -> None:
        before = state(drafted)
        drafted.ok("approve", "WI-001", "--yes")
        out = drafted.ok("undo", "--yes")
        assert "  WI-001 revision 2: approved by Jane, as quality-manager, 20" in out
        assert out.endswith("Taken back: WI-001 revision 2.\n")
        assert state(drafted) == before

    def test_beside_other_work_that_is_staged_or_not(self, drafted: Office) -> None:
        play = drafted.play
        play.repo.stage({"notes.txt": "staged"})
        play.write("notes.txt", "and changed again")
        play.write("documents/SOP-001-text.md", "changed")
        play.write("loose", "untracked")
        before = state(drafted)
        drafted.ok("approve", "WI-001", "--yes")
        drafted.ok("undo", "--yes")
        assert state(drafted) == before

    def test_it_shows_and_asks_first(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        (path, beside) = drafted.staged()
        ended = drafted.run("undo", stdin="y\n")
        assert ended.status == 0
        assert ended.err == "Take back this signature? [y/N]: "
        assert f"    {path}\n    {beside}\n" in ended.out

    @pytest.mark.parametrize("stdin", ["n\n", ""])
    def test_no_leaves_all_as_it_is(self, drafted: Office, stdin: str) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        before = state(drafted)
        assert "nothing was written" in refused(drafted, "undo", stdin=stdin)
        assert state(drafted) == before

    def test_a_dry_run(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        before = state(drafted)
        assert "Nothing was taken back" in drafted.run("undo", "--dry-run").err
        assert state(drafted) == before

    def test_that_is_not_staged_any_more(self, drafted: Office) -> None:
        before = state(drafted)
        drafted.ok("approve", "WI-001", "--yes")
        drafted.play.repo.git("reset", "-q")
        assert ".json (not staged)\n" in drafted.ok("undo", "--yes")
        assert state(drafted) == before

    def test_that_only_the_index_has_yet(self, drafted: Office) -> None:
        before = state(drafted)
        drafted.ok("approve", "WI-001", "--yes")
        for path in drafted.staged():
            (drafted.root / path).unlink()
        (drafted.root / "signatures" / "WI-001" / "2").rmdir()
        assert ".json (only in the index)\n" in drafted.ok("undo", "--yes")
        assert state(drafted) == before

    @pytest.mark.parametrize("where", ["index", "work tree"])
    def test_of_which_only_the_signature_is_left(self, drafted: Office, where: str) -> None:
        before = state(drafted)
        drafted.ok("approve", "WI-001", "--yes")
        (path, _) = drafted.staged()
        drafted.play.repo.git("rm", "-qf", "--", path)
        if where == "work tree":
            drafted.play.repo.git("reset", "-q")
        assert "a signature whose statement is gone" in drafted.ok("undo", "--yes")
        assert state(drafted) == before

    def test_of_which_only_the_statement_is_left(self, drafted: Office) -> None:
        before = state(drafted)
        drafted.ok("approve", "WI-001", "--yes")
        drafted.play.repo.git("rm", "-qf", "--", drafted.staged()[1])
        drafted.ok("undo", "--yes")
        assert state(drafted) == before

    def test_one_document_of_several(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        before = state(drafted)
        drafted.ok("approve", "SOP-001", "--yes")
        drafted.ok("undo", "SOP-001", "--yes")
        assert state(drafted) == before

    def test_several_in_one_go(self, drafted: Office) -> None:
        before = state(drafted)
        drafted.ok("approve", "WI-001", "SOP-001", "--yes")
        assert "Take back these 2 signatures?" in drafted.run("undo", stdin="y\n").err
        assert state(drafted) == before

    def test_settings_and_people(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("mkdocs.yml", "site_name: b\n")
        office.play.commit("max")
        before = state(office)
        office.ok("authorise", "--yes")
        assert "settings and people: authority by Jane" in office.ok("undo", "_authority", "--yes")
        assert state(office) == before

    def test_from_a_folder_below(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        ended = drafted.run("undo", "--yes", cwd=drafted.root / "documents")
        assert ended.status == 0
        assert drafted.status() == ""

    def test_before_the_first_commit(self, office: Office) -> None:
        office.play.repo.git("update-ref", "-d", "HEAD")
        office.play.repo.git("rm", "-rqf", "--cached", ".")
        out = office.ok("undo", "SOP-001", "--all", "--yes")
        assert "approved by Anna" in out
        assert office.play.signatures("SOP-001", "1") == []
        assert (office.root / "documents" / "SOP-001-text.md").exists()

    def test_what_was_committed_and_uncommitted_again(self, drafted: Office) -> None:
        before = state(drafted)
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        drafted.play.repo.git("reset", "-q", "--soft", "HEAD~1")
        drafted.ok("undo", "--yes")
        assert state(drafted) == before

    def test_then_it_can_be_signed_again(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.ok("undo", "--yes")
        assert "Signed and staged" in drafted.ok("approve", "WI-001", "--yes")


class TestLeaves:
    def test_what_is_committed_here(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        before = state(drafted)
        assert drafted.ok("undo", "--yes", "--all") == NOTHING
        sentence = refused(drafted, "undo", "WI-001", "--yes")
        assert sentence == (
            "No signature about WI-001 is here that is not committed; nothing was taken back."
        )
        assert state(drafted) == before

    def test_what_another_branch_has(self, drafted: Office) -> None:
        """Taken over from a branch, or by a merge that is not committed: it was committed there."""
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        drafted.play.branch("c", "HEAD~1")
        drafted.play.repo.git("checkout", "-q", "b", "--", "signatures")
        before = state(drafted)
        assert drafted.ok("undo", "--yes", "--all") == NOTHING
        assert state(drafted) == before

    def test_what_a_merge_under_way_brings(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.commit()
        tip = drafted.play.repo.head()
        drafted.play.on("main")
        drafted.play.repo.git("branch", "-D", "b")
        name = ("-c", "user.name=Jane", "-c", "user.email=jane@ex.org")
        drafted.play.repo.git(*name, "merge", "-q", "--no-ff", "--no-commit", tip)
        assert drafted.ok("undo", "--yes", "--all") == NOTHING

    def test_the_signature_of_a_committed_statement(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        (_, beside) = drafted.staged()
        drafted.play.repo.git("reset", "-q", "--", beside)
        drafted.commit()
        before = state(drafted)
        assert drafted.ok("undo", "--yes", "--all") == NOTHING
        assert state(drafted) == before

    def test_what_somebody_else_signed_here(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        before = state(drafted)
        ended = drafted.run("undo", "--yes", by="bob")
        assert ended.status == 0
        assert ended.out == NOTHING
        assert ended.err == "1 made by others stays; --all takes them back too.\n"
        assert state(drafted) == before
        assert "approved by Jane" in drafted.ok("undo", "--yes", "--all", by="bob")
        assert drafted.status() == ""

    def test_a_statement_that_was_changed_since(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        drafted.ok("approve", "SOP-001", "--yes")
        path = next(path for path in drafted.staged() if "WI-001" in path)
        (drafted.root / path).write_bytes((drafted.root / path).read_bytes() + b"\n")
        ended = drafted.run("undo", "--yes")
        assert ended.status == 1
        assert f"{path} stays as it is, since it is not as it was signed: " in ended.err
        assert "Taken back: SOP-001 revision 2." in ended.out
        assert [one for one in drafted.staged() if "SOP-001" in one] == []
        assert len(drafted.staged()) == 2

    @pytest.mark.parametrize("data", [b"", b"no signature", b"\xff\x00"])
    def test_a_signature_that_was_changed_since(self, drafted: Office, data: bytes) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        (drafted.root / drafted.staged()[1]).write_bytes(data)
        before = state(drafted)
        ended = drafted.run("undo", "WI-001", "--yes")
        assert (ended.status, ended.out) == (1, NOTHING)
        assert "the index and the work tree differ" in ended.err
        drafted.play.repo.git("add", "-A")
        assert "its .sig does not fit it" in drafted.run("undo", "WI-001", "--yes").err
        assert state(drafted)["files"] == before["files"]

    @pytest.mark.parametrize("name", ["notes.txt", "x.json", "approved.jane.0123456789ab.json"])
    def test_other_files_that_lie_there(self, drafted: Office, name: str) -> None:
        drafted.play.write(f"signatures/WI-001/2/{name}", "{}\n")
        drafted.ok("approve", "WI-001", "--yes")
        drafted.run("undo", "--yes")
        assert drafted.status() == f"?? signatures/WI-001/2/{name}"

    def test_links(self, drafted: Office, tmp_path: Path) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        (path, beside) = drafted.staged()
        outside = tmp_path / "outside"
        outside.mkdir()
        for one in (path, beside):
            (drafted.root / one).rename(outside / one.rpartition("/")[2])
        (drafted.root / "signatures" / "WI-001" / "2").rmdir()
        (drafted.root / "signatures" / "WI-001" / "2").symlink_to(outside)
        drafted.run("undo", "--yes", "--all")
        assert len(list(outside.iterdir())) == 2


class TestMeanwhile:
    """Between the question and the answer somebody else is at work."""

    meanwhile: Callable[[], object]

    @pytest.fixture
    def asked(self, drafted: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
        """While the question is asked, the statement is committed, or removed."""
        drafted.ok("approve", "WI-001", "--yes")
        self.meanwhile = drafted.commit
        monkeypatch.setattr(desk, "confirm", lambda *_words, **_more: self.meanwhile())
        return drafted

    def test_what_was_committed_stays(self, asked: Office) -> None:
        ended = asked.run("undo")
        assert ended.status == 2
        assert "Something else changed these files meanwhile; nothing was taken back." in ended.err
        assert asked.status() == ""
        assert len(asked.play.signatures("WI-001", "2")) == 1

    def test_a_file_that_cannot_be_removed(self, asked: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        """All or nothing: what was removed before it is put back."""
        self.meanwhile = lambda: ""
        before = state(asked)
        real, gone = Path.unlink, list[Path]()

        def stubborn(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - pathlib's own
            if path.name.endswith(".sig"):
                raise OSError(5, "Input/output error")
            gone.append(path)
            real(path, missing_ok=missing_ok)

        monkeypatch.setattr(Path, "unlink", stubborn)
        ended = asked.run("undo")
        assert ended.status == 2
        assert "cannot be removed: Input/output error." in ended.err
        assert gone
        assert state(asked) == before


class TestRefusals:
    def test_no_repository(self, tmp_path: Path, office: Office) -> None:
        assert run("undo", env=office.env("jane"), cwd=tmp_path).status == 2

    def test_a_bare_one(self, drafted: Office, tmp_path: Path) -> None:
        bare = drafted.play.repo.clone(tmp_path / "bare.git", "--bare")
        ended = run("undo", "--yes", env=drafted.env("jane"), cwd=bare.path)
        assert (ended.status, "is bare" in ended.err) == (2, True)

    def test_a_locked_index(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        (drafted.root / ".git" / "index.lock").write_text("")
        before = state(drafted)
        assert "If none is at work, remove that file and run this again." in drafted.run("undo", "--yes").err
        assert state(drafted) == before

    def test_without_a_key_the_address_says_who_one_is(self, drafted: Office) -> None:
        drafted.ok("approve", "WI-001", "--yes")
        env = {key: value for key, value in drafted.env("jane").items() if "GIT_CONFIG_" not in key}
        env |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        assert "stays" in run("undo", "--yes", env=env, cwd=drafted.root).err
        drafted.play.repo.git("config", "user.email", "jane@home.net")
        assert run("undo", "--yes", env=env, cwd=drafted.root).status == 0
        assert drafted.status() == ""


def test_what_was_only_announced_leaves_no_entry_behind(drafted: Office) -> None:
    """`git add -N` puts an empty entry into the index; that goes too."""
    drafted.ok("approve", "WI-001", "--yes")
    drafted.play.repo.git("reset", "-q")
    drafted.play.repo.git("add", "-N", "signatures")
    drafted.ok("undo", "--yes")
    assert drafted.status() == ""
