"""Files are written whole or not at all."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from isodocs.core.problem import CannotRun
from isodocs.writing import alone, clear_dead, create, scratch, take_back, write, write_new

ROOT = Path(__file__).parents[1]


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class TestWrite:
    def test_a_new_file_with_its_folders(self, tmp_path: Path) -> None:
        write(tmp_path / "a" / "b" / "c.json", b"text")
        assert files(tmp_path) == {"a/b/c.json": b"text"}

    def test_over_an_old_one_whose_mode_is_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_bytes(b"a longer text")
        path.chmod(0o640)
        write(path, b"text")
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"text", 0o640)

    def test_a_new_file_has_the_mode_of_the_umask(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            write(tmp_path / "a", b"")
        finally:
            os.umask(before)
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640

    def test_a_link_is_replaced_and_its_target_kept(self, tmp_path: Path) -> None:
        (tmp_path / "target").write_bytes(b"kept")
        (tmp_path / "link").symlink_to("target")
        write(tmp_path / "link", b"text")
        assert files(tmp_path) == {"target": b"kept", "link": b"text"}

    @pytest.mark.parametrize("name", ["file/below", "folder"])
    def test_where_nothing_can_be_written(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "file").write_bytes(b"kept")
        (tmp_path / "folder" / "full").mkdir(parents=True)
        with pytest.raises(CannotRun, match="cannot be written: "):
            write(tmp_path / name, b"text")
        assert files(tmp_path) == {"file": b"kept"}


class TestWriteNew:
    def test_all_of_them(self, tmp_path: Path) -> None:
        write_new(tmp_path, {"a/x.json": b"1", "a/x.json.sig": b"2"})
        assert files(tmp_path) == {"a/x.json": b"1", "a/x.json.sig": b"2"}

    @pytest.mark.parametrize("second", ["b", "broken"])
    def test_none_where_one_is_there(self, tmp_path: Path, second: str) -> None:
        (tmp_path / "b").write_bytes(b"kept")
        (tmp_path / "broken").symlink_to("nowhere")
        with pytest.raises(CannotRun, match=f"{second} exists already; nothing was written"):
            write_new(tmp_path, {"a": b"1", second: b"2"})
        assert files(tmp_path) == {"b": b"kept"}

    def test_none_where_a_later_one_fails(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"kept")
        with pytest.raises(CannotRun, match="cannot be written"):
            write_new(tmp_path, {"a": b"1", "b/c": b"2", "file/below": b"3"})
        assert files(tmp_path) == {"file": b"kept"}
        assert [path.name for path in tmp_path.iterdir()] == ["file"]

    def test_taken_back_with_the_folders_it_made(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "kept").write_bytes(b"1")
        write_new(tmp_path, {"a/b/c/new": b"2", "d/new": b"3"})
        take_back(tmp_path, ["a/b/c/new", "d/new", "never/there"])
        assert files(tmp_path) == {"a/kept": b"1"}
        assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "kept"]

    @pytest.mark.parametrize("name", ["link/x", "link/deep/x", "real/link/x"])
    def test_never_through_a_link(self, tmp_path: Path, name: str) -> None:
        outside = tmp_path / "outside"
        (outside / "deep").mkdir(parents=True)
        root = tmp_path / "root"
        (root / "real").mkdir(parents=True)
        (root / "link").symlink_to(outside)
        (root / "real" / "link").symlink_to(outside)
        with pytest.raises(CannotRun, match="link is a link to another place; nothing was written"):
            write_new(root, {name: b"1"})
        assert files(outside) == {}

    def test_the_root_itself_may_be_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "root").symlink_to("real")
        write_new(tmp_path / "root", {"a": b"1"})
        assert files(tmp_path / "real") == {"a": b"1"}


class TestLeftovers:
    def test_a_dead_writers_file_goes_with_the_next_write(self, tmp_path: Path) -> None:
        (tmp_path / ".isodocs-tmp-abcd1234").write_bytes(b"half")
        write(tmp_path / "a", b"text")
        assert files(tmp_path) == {"a": b"text"}

    def test_a_living_writers_file_stays(self, tmp_path: Path) -> None:
        path = tmp_path / ".isodocs-tmp-abcd1234"
        with path.open("wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            clear_dead(tmp_path)
            assert path.exists()
        clear_dead(tmp_path)
        assert not path.exists()

    @pytest.mark.parametrize(
        "name",
        [".isodocs-edition.json", ".isodocs", "isodocs-tmp-abcd1234", ".isodocs-tmp-A", ".isodocs-evidence"],
    )
    def test_other_names_are_nobodys_business(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(b"kept")
        clear_dead(tmp_path)
        assert files(tmp_path) == {name: b"kept"}

    def test_links_and_pipes_are_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "kept").write_bytes(b"kept")
        (tmp_path / ".isodocs-tmp-abcd1234").symlink_to("kept")
        os.mkfifo(tmp_path / ".isodocs-tmp-abcd1235")
        clear_dead(tmp_path)
        clear_dead(tmp_path / "nowhere")
        assert (tmp_path / "kept").read_bytes() == b"kept"
        assert len(list(tmp_path.iterdir())) == 3

    def test_a_writer_whose_file_was_taken_for_dead_begins_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Cleared away after it was made and before its writer held the lock."""
        real, seen = fcntl.flock, list[int]()

        def late(descriptor: int, kind: int) -> None:
            if not seen:
                for path in tmp_path.iterdir():
                    path.unlink()
            seen.append(descriptor)
            real(descriptor, kind)

        monkeypatch.setattr(fcntl, "flock", late)
        write(tmp_path / "a", b"text")
        assert files(tmp_path) == {"a": b"text"}
        assert len(seen) == 2

    def test_where_no_locks_are_known_nothing_is_cleared(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(_descriptor: int, _kind: int) -> None:
            raise OSError(38, "Function not implemented")

        monkeypatch.setattr(fcntl, "flock", unknown)
        (tmp_path / ".isodocs-tmp-abcd1234").write_bytes(b"perhaps alive")
        write(tmp_path / "a", b"text")
        assert files(tmp_path) == {"a": b"text", ".isodocs-tmp-abcd1234": b"perhaps alive"}
        with alone(tmp_path) as sure:
            assert not sure


class TestScratch:
    def test_a_folder_that_is_gone_afterwards(self, tmp_path: Path) -> None:
        with scratch(tmp_path) as place:
            (place / "a").write_bytes(b"1")
            assert place.parent == tmp_path
            clear_dead(tmp_path)
            assert (place / "a").exists()
        assert list(tmp_path.iterdir()) == []

    def test_one_of_a_dead_run_is_cleared_away(self, tmp_path: Path) -> None:
        (tmp_path / ".isodocs-tmp-abcd1234" / "a").mkdir(parents=True)
        clear_dead(tmp_path)
        assert list(tmp_path.iterdir()) == []


class TestAlone:
    def test_two_of_us_take_turns(self, tmp_path: Path) -> None:
        order: list[str] = []

        def second() -> None:
            with alone(tmp_path) as sure:
                order.append(f"second {sure}")

        with alone(tmp_path) as sure:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(0.2)
            order.append(f"first {sure}")
        thread.join()
        assert order == ["first True", "second True"]
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match="cannot be read"), alone(tmp_path / "nowhere"):
            pass


class TestCreate:
    def test_whole_with_its_mode(self, tmp_path: Path) -> None:
        create(tmp_path / "key", b"text", 0o600)
        assert files(tmp_path) == {"key": b"text"}
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600

    def test_it_replaces_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "key").write_bytes(b"kept")
        with pytest.raises(FileExistsError):
            create(tmp_path / "key", b"text", 0o600)
        assert files(tmp_path) == {"key": b"kept"}


# A program that kills itself as soon as the call with this number is made, whichever of these calls it is.
KILLED = """
    import os, pathlib, signal, sys
    left = int(sys.argv[1])
    def deadly(call):
        def counted(*words, **more):
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*words, **more)
        return counted
    os.fsync = deadly(os.fsync)
    pathlib.Path.replace = deadly(pathlib.Path.replace)
    pathlib.Path.chmod = deadly(pathlib.Path.chmod)
    from isodocs.writing import write_new
    write_new(pathlib.Path(sys.argv[2]), {"x.json.sig": b"signature", "x.json": b"statement"})
"""


@pytest.mark.parametrize("calls", range(7))
def test_killed_at_any_moment_nothing_is_torn(tmp_path: Path, calls: int) -> None:
    """Each file is whole or not there, and the statement, which comes last, never without its signature."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(calls), str(tmp_path)],
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == (-signal.SIGKILL if calls < 6 else 0)
    left = {name: data for name, data in files(tmp_path).items() if not name.startswith(".isodocs-")}
    whole = {"x.json.sig": b"signature", "x.json": b"statement"}
    assert left.items() <= whole.items()
    assert "x.json" not in left or "x.json.sig" in left
    leftovers = [path for path in tmp_path.iterdir() if path.name.startswith(".isodocs-")]
    for path in leftovers:
        path.unlink()
    for name in left:
        (tmp_path / name).unlink()
    write_new(tmp_path, whole)
    assert files(tmp_path) == whole
