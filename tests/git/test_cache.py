"""The cache finds what was put there by the same user and program, and nothing else."""

from __future__ import annotations

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from isodocs.git import cache as module
from isodocs.git import upkeep, user_secret
from isodocs.git.cache import Cache
from isodocs.git.upkeep import clear, sizes

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


def test_what_is_large_is_not_written_again_for_a_little_more(shared: Path, home: dict[str, str]) -> None:
    filled(shared, home, large=b"x" * 100_000)
    (large,) = segments(shared)
    for number in range(60):
        made = filled(shared, home, **{f"s{number}": b"y"})
        assert made.size("state") < 200_000
        assert len(segments(shared)) <= module.MOST_SEGMENTS
    assert large in segments(shared)
    assert all(Cache.beside(shared, home).get("state", b"s%d" % number) == b"y" for number in range(60))


def test_a_limit_forgets_what_was_written_first(shared: Path, home: dict[str, str]) -> None:
    for number in range(6):
        made = Cache.beside(shared, home)
        made.limit("state", 3_500)
        made.put("state", b"%d" % number, b"x" * 1_000)
        made.flush()
        os.utime(segments(shared)[0], (0, 0)) if number == 0 else None
        for one in segments(shared):
            os.utime(one, (number, number)) if one.stat().st_mtime > 1_000 else None
    again = Cache.beside(shared, home)
    kept = [number for number in range(6) if again.get("state", b"%d" % number) is not None]
    assert kept == [3, 4, 5]
    again.limit("state", 10)
    again.put("state", b"6", b"x" * 1_000)
    again.flush()
    assert again.get("state", b"6") is not None
    assert len(segments(shared)) == 1


def left(shared: Path, home: dict[str, str], program: str, days: float) -> Path:
    """What another version of the program left, which was used last so many days ago."""
    with patch.object(module, "program", program.encode):
        place = filled(shared, home, a=b"one").place
    assert place is not None
    aged(place, days)
    return place


def aged(path: Path, days: float) -> None:
    then = time.time() - days * upkeep.DAY
    os.utime(path, (then, then))


def test_what_other_versions_left_goes_when_it_is_used_no_more(shared: Path, home: dict[str, str]) -> None:
    fresh, old = left(shared, home, "fresh", 6), left(shared, home, "old", 8)
    own = filled(shared, home, a=b"one").place
    assert own is not None
    assert fresh.exists()
    assert not old.exists()
    older = left(shared, home, "older", 8)
    assert Cache.beside(shared, home).get("state", b"a") == b"one"
    assert older.exists(), "said to be tidy once a day"
    aged(own, 2)
    assert Cache.beside(shared, home).get("state", b"a") == b"one"
    assert not older.exists()
    assert own.stat().st_mtime > time.time() - upkeep.DAY


def test_of_many_versions_those_used_last_are_kept(shared: Path, home: dict[str, str]) -> None:
    places = [left(shared, home, f"version {number}", 5 - number / 2) for number in range(6)]
    own = filled(shared, home, a=b"one").place
    assert own is not None
    assert own.exists()
    assert [one.exists() for one in places] == [False] * (6 - upkeep.SPARE) + [True] * upkeep.SPARE


def test_what_others_left_is_not_ours_to_count(
    shared: Path, home: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [left(shared, home, f"version {number}", 0) for number in range(3)]
    for one in places:
        aged(one, 20)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    monkeypatch.setattr(user_secret, "_read", lambda _path: b"k" * 32)
    filled(shared, home, a=b"one")
    assert all(one.exists() for one in places)


def test_what_a_killed_run_left_goes(shared: Path, home: dict[str, str]) -> None:
    place = filled(shared, home, a=b"one").place
    assert place is not None
    for name, days in (("a" * 32, 3), ("b" * 32, 0)):
        (place / "state" / f"{name}.new").write_bytes(b"half")
        aged(place / "state" / f"{name}.new", days)
    (segment,) = segments(shared)
    aged(segment, 300)
    aged(place, 2)
    assert Cache.beside(shared, home).get("state", b"a") == b"one"
    assert sorted(one.name for one in (place / "state").iterdir()) == sorted(
        [f"{'b' * 32}.new", segment.name]
    )


def test_tidying_does_not_follow_links(shared: Path, home: dict[str, str], tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "state").mkdir(parents=True)
    kept = elsewhere / "state" / f"{'a' * 32}.segment"
    kept.write_bytes(b"x")
    aged(kept, 300)
    aged(elsewhere, 300)
    top = shared / "isodocs" / "cache"
    top.mkdir(parents=True)
    (top / "linked").symlink_to(elsewhere)
    filled(shared, home, a=b"one")
    assert kept.exists()


def test_runs_at_once_may_tidy(shared: Path, home: dict[str, str]) -> None:
    """Others write where one clears away: nobody stops, and the folder in use is whole."""

    def work(number: int) -> bool:
        secret = user_secret.secret_of(home)
        assert secret is not None
        mine = Cache(shared / "isodocs" / "cache" / f"{number % 6:016x}", secret)
        for turn in range(30):
            mine.put("state", b"%d %d" % (number, turn), b"x")
            mine.flush()
            assert mine.place is not None
            upkeep.tidy(mine.place)
        return mine.get("state", b"%d 29" % number) in {b"x", None}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(12)))


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
