"""What several machines find in their parts is, put together, what one finds that judges everything."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from model.deeds import life
from support.broken import FAULTS, WHEN, Broken
from support.gitrepo import Repo, environment

from isodocs.core.problem import Profile
from isodocs.core.shard import Shard
from isodocs.git.cache import OFF
from isodocs.git.repository import Repository
from isodocs.git.walk import first_parents
from isodocs.rules import engine
from isodocs.workspace import open_library, shares

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from isodocs.core.library import Library

FIRST = int(os.environ.get("ISODOCS_PARTS_FROM", "0"))
COUNT = int(os.environ.get("ISODOCS_PARTS_SEEDS", "4"))
EVENTS = 50
COUNTS = (2, 3, 7)


@pytest.fixture(params=["one process", "several"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A history is folded by one process, as a short one is, or by several."""
    monkeypatch.setattr(shares, "LONG", 0 if request.param == "several" else 1 << 30)


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's machine, on which nothing is kept."""
    for key, value in {**environment(tmp_path / "home"), OFF: "1"}.items():
        monkeypatch.setenv(key, value)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """The company in which much is wrong; nobody may change it."""
    return Broken(tmp_path_factory.mktemp("broken") / "qms")


def opened(path: Path, share: Shard | None = None, **options: Any) -> Library:
    library = open_library(path, share=share, **options)
    assert library is not None
    return library


def same(
    path: Path, *, counts: tuple[int, ...] = COUNTS, narrowed: bool | None = None, **options: Any
) -> None:
    """All parts together, of 2, 3 and 7, find what is found at once."""
    whole = opened(path, **options)
    told = engine.run(whole)
    for count in counts:
        found = []
        for number in range(1, count + 1):
            part = opened(path, Shard(number, count), **options)
            assert part.index.count == whole.index.count
            if narrowed is not None:
                assert part.share is not None
                assert part.share.narrowed is narrowed
            found += engine.find(part)
        assert engine.settled(found, foreign=whole.defaults) == told, (count, options)


def ways(tip: str, old: str) -> Iterator[tuple[bool | None, dict[str, Any]]]:
    """Whether signatures of other parts are left out, and what is judged."""
    yield True, {"as_of": "2026-12-31T00:00:00Z"}
    yield True, {"profile": Profile.RELEASE, "as_of": "2026-12-31T00:00:00Z"}
    yield False, {"base": old, "tip": tip, "profile": Profile.RELEASE}
    yield False, {"tip": tip, "profile": Profile.RELEASE}
    yield None, {"snapshot": True, "as_of": "2026-12-31"}


def upset(repo: Repo, dice: random.Random) -> None:
    """Change, move and remove some files of the work tree."""
    found = [path for folder in ("documents", "signatures") for path in (repo.path / folder).rglob("*.*")]
    files = sorted(path for path in found if path.is_file())
    for path in dice.sample(files, min(4, len(files))):
        data = path.read_bytes()
        match dice.randrange(4):
            case 0:
                path.unlink()
            case 1:
                path.write_bytes(data + b"\n[x](SOP-002-x.md), [z](isodocs:SOP-009)\n")
            case 2:
                path.write_bytes(data.replace(b"title: ", b"titel: "))
            case _:
                (path.parent / f"SOP-00{dice.randrange(9)}-copy{path.suffix}").write_bytes(data)
                place = repo.path / "signatures" / f"SOP-00{dice.randrange(6)}" / "1" / path.name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)


@pytest.mark.usefixtures("how")
@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_in_the_lives_of_companies(seed: int, tmp_path: Path) -> None:
    """With void and foreign statements, withdrawals, signatures in wrong places, and lost files."""
    company = life(seed, EVENTS)
    repo, written = company.world.write(tmp_path / "qms", company.world.branches["main"])
    tip = written[company.world.branches["main"]]
    repo.git("reset", "-q", "--hard", tip)
    dice = random.Random(seed)  # noqa: S311 - no secret
    old = dice.choice(list(first_parents(Repository.open(repo.path), tip))[1:])
    upset(repo, dice)
    for narrowed, options in ways(tip, old):
        same(repo.path, counts=(dice.choice(COUNTS),), narrowed=narrowed, **options)
    repo.git("checkout", "-q", "-f", "-b", "draft", old)
    repo.git("add", "-A")
    for staged in (True, False):
        same(repo.path, counts=(3,), narrowed=True, staged=staged)
    repo.commit("draft")
    same(repo.path, counts=(2,), gate=True, profile=Profile.RELEASE)


class TestWhereMuchIsWrong:
    def test_much_is_found(self, broken: Broken) -> None:
        assert {one.code for one in engine.run(opened(broken.path, as_of=WHEN[1]))} >= FAULTS

    @pytest.mark.usefixtures("how")
    @pytest.mark.parametrize("profile", list(Profile))
    def test_all_of_it_is_found_in_parts(self, broken: Broken, profile: Profile) -> None:
        same(broken.path, narrowed=True, profile=profile, as_of=WHEN[1])

    def test_where_everything_is_overdue(self, broken: Broken) -> None:
        same(broken.path, narrowed=True, as_of="2075-01-01")

    def test_without_history(self, broken: Broken) -> None:
        same(broken.path, snapshot=True, as_of=WHEN[1])

    def test_where_something_was_kept(
        self, broken: Broken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A part goes on from what a whole run kept, and keeps nothing that is not whole."""
        monkeypatch.delenv(OFF)
        clone = Repo(tmp_path / "clone", create=False)
        broken.repo.git("clone", "-q", str(broken.path), str(clone.path))
        opened(clone.path, Shard(1, 3))
        assert not list((clone.path / ".git").glob("isodocs/cache/*/state"))
        same(clone.path, narrowed=None, as_of=WHEN[1])
        assert list((clone.path / ".git").glob("isodocs/cache/*/state"))
        same(clone.path, narrowed=False, as_of=WHEN[1])


def test_nothing_is_left_out_where_settings_protect_signatures(tmp_path: Path) -> None:
    company = life(3, EVENTS)
    repo, written = company.world.write(tmp_path / "qms", company.world.branches["main"])
    repo.git("reset", "-q", "--hard", written[company.world.branches["main"]])
    settings = repo.path / "isodocs.yml"
    text = settings.read_text("utf-8")
    assert '"theme/**"' in text
    settings.write_text(text.replace('"theme/**"', '"sign*/**"'), "utf-8")
    same(repo.path, narrowed=False, profile=Profile.RELEASE)


def test_without_settings(tmp_path: Path) -> None:
    """Files that were written for another program: one note for all of them is one note."""
    for number in range(9):
        (tmp_path / f"page-{number}.md").write_text(f"# Page\n\n[next](page-{number + 1}.md)\n")
    same(tmp_path, snapshot=True, as_of="2026-12-31")
