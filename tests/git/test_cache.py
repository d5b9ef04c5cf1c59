"""The cache finds what was put there by the same user and program, and nothing else."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from isodocs.git import cache as module
from isodocs.git import user_secret
from isodocs.git.cache import Cache, clear, sizes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home")}


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    return folder


def filled(shared: Path, home: dict[str, str], **entries: bytes) -> Cache:
    made = Cache.beside(shared, home)
    for name, data in entries.items():
        made.put("state", name.encode(), data)
    made.flush()
    return made


def segments(shared: Path) -> list[Path]:
    return sorted(shared.glob("isodocs/cache/*/*/*.segment"))


def test_what_was_put_is_found_by_the_next_run(shared: Path, home: dict[str, str]) -> None:
    filled(shared, home, a=b"one", b=b"")
    again = Cache.beside(shared, home)
    assert again.get("state", b"a") == b"one"
    assert again.get("state", b"b") == b""
    assert again.get("state", b"c") is None
    assert again.get("pages", b"a") is None


def test_what_was_put_is_found_before_it_is_written(shared: Path, home: dict[str, str]) -> None:
    made = Cache.beside(shared, home)
    made.put("state", b"a", b"one")
    assert made.get("state", b"a") == b"one"
    assert segments(shared) == []


def test_another_user_finds_nothing(shared: Path, home: dict[str, str], tmp_path: Path) -> None:
    filled(shared, home, a=b"one")
    assert Cache.beside(shared, {"HOME": str(tmp_path / "other")}).get("state", b"a") is None


def test_another_version_finds_nothing(
    shared: Path, home: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(shared, home, a=b"one")
    monkeypatch.setattr(module, "program", lambda: b"another")
    assert Cache.beside(shared, home).get("state", b"a") is None


@pytest.mark.parametrize("place", range(0, 120, 3))
def test_a_changed_byte_is_never_believed(shared: Path, home: dict[str, str], place: int) -> None:
    filled(shared, home, a=b"one", b=b"two")
    (segment,) = segments(shared)
    data = bytearray(segment.read_bytes())
    data[place % len(data)] ^= 1
    segment.write_bytes(data)
    again = Cache.beside(shared, home)
    assert again.get("state", b"a") in {b"one", None}
    assert again.get("state", b"b") in {b"two", None}


def test_a_segment_cut_anywhere_is_never_believed(shared: Path, home: dict[str, str]) -> None:
    filled(shared, home, a=b"one", b=b"two")
    (segment,) = segments(shared)
    data = segment.read_bytes()
    for length in range(len(data)):
        segment.write_bytes(data[:length])
        assert Cache.beside(shared, home).get("state", b"a") is None


def test_an_entry_of_another_question_is_not_believed(shared: Path, home: dict[str, str]) -> None:
    """Entries of equal size exchanged in the file: the names stand where they stood."""
    filled(shared, home, a=b"one", b=b"two")
    (segment,) = segments(shared)
    data = segment.read_bytes()
    first, second = data[:19], data[19:38]
    segment.write_bytes(second + first + data[38:])
    again = Cache.beside(shared, home)
    assert (again.get("state", b"a"), again.get("state", b"b")) == (None, None)


def test_many_runs_end_in_few_files_and_nothing_is_lost(shared: Path, home: dict[str, str]) -> None:
    for number in range(40):
        made = Cache.beside(shared, home)
        made.get("state", b"0")
        made.put("state", str(number).encode(), b"x%d" % number)
        made.flush()
    assert len(segments(shared)) <= module.MOST_SEGMENTS
    again = Cache.beside(shared, home)
    assert [again.get("state", str(one).encode()) for one in range(40)] == [b"x%d" % one for one in range(40)]


def test_what_is_not_wanted_any_more_goes(shared: Path, home: dict[str, str]) -> None:
    made = filled(shared, home, a=b"one", b=b"two")
    made.keep_only("state", [b"b"])
    again = Cache.beside(shared, home)
    assert (again.get("state", b"a"), again.get("state", b"b")) == (None, b"two")
    assert again.size("state") < 120


def test_runs_at_once_do_not_disturb_each_other(shared: Path, home: dict[str, str]) -> None:
    def work(number: int) -> bool:
        made = Cache.beside(shared, home)
        for turn in range(20):
            made.put("state", b"%d %d" % (number, turn), b"%d" % turn)
            made.flush()
        return all(made.get("state", b"%d %d" % (number, turn)) == b"%d" % turn for turn in range(20))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
    again = Cache.beside(shared, home)
    found = [again.get("state", b"%d %d" % (one, turn)) for one in range(8) for turn in range(20)]
    assert found == [b"%d" % (place % 20) for place in range(160)]


def test_links_are_not_followed(shared: Path, home: dict[str, str], tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (shared / "isodocs").symlink_to(elsewhere)
    made = filled(shared, home, a=b"one")
    assert not made.kept
    assert list(elsewhere.iterdir()) == []
    assert clear(shared) == 0


def test_a_folder_that_cannot_be_written_is_no_fault(
    shared: Path, home: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (shared / "isodocs").mkdir()
    (shared / "isodocs" / "cache").write_text("a file", encoding="utf-8")
    made = filled(shared, home, a=b"one")
    assert made.get("state", b"a") is None
    monkeypatch.setattr(user_secret, "_read", lambda _path: b"k" * 32)
    assert Cache.beside(shared, home).get("state", b"a") is None


def test_it_can_be_switched_off(shared: Path, home: dict[str, str]) -> None:
    made = filled(shared, home | {module.OFF: "1"}, a=b"one")
    assert not made.kept
    assert list(shared.iterdir()) == []


def test_its_size_is_told_and_it_can_be_cleared(shared: Path, home: dict[str, str]) -> None:
    filled(shared, home, a=b"one", b=b"two")
    (shared / "isodocs" / "cache" / "mine.txt").write_text("kept", encoding="utf-8")
    (size,) = sizes(shared)
    assert (size.kind, size.entries, size.files) == ("state", 2, 1)
    assert clear(shared) == size.size
    assert sizes(shared) == []
    assert (shared / "isodocs" / "cache" / "mine.txt").exists()


def test_a_secret_that_others_can_read_is_made_anew(home: dict[str, str]) -> None:
    first = user_secret.secret_of(home)
    assert first is not None
    assert user_secret.secret_of(home) == first
    path = next((os.path.join(folder, names[0]) for folder, _, names in os.walk(home["HOME"]) if names))  # noqa: PTH118
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600  # noqa: PTH116
    os.chmod(path, 0o644)  # noqa: PTH101
    second = user_secret.secret_of(home)
    assert second not in {None, first}
