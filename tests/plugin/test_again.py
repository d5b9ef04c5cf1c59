"""A signed repository is built again after each kind of change, and the site is that of a clean build."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from support import sites
from support.company import Held, Settings, usual_register
from support.play import founded

from isodocs.edition.shelf import Shelf
from isodocs.git.cache import OFF
from mkdocs_isodocs import earlier, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.play import Play

    from isodocs.edition.model import Edition
    from mkdocs_isodocs.search import Index

MANY = 12
LINKS = "See [it](WI-002-text.md#part) and [by id](isodocs:WI-003).\n\n![a](img/a.png)"


@dataclass
class Company:
    """Its repository, how its manual is built, and how much the last build took over."""

    play: Play
    as_of: str = "2026-12-23"
    more: str = ""
    program: bytes = b"this one"
    taken: list[int] = field(default_factory=list)

    @property
    def config(self) -> str:
        """Of the manual."""
        return (
            "site_name: Example\ndocs_dir: documents\ntheme: {name: material, font: false}\n"
            f"plugins:\n  - search\n  - isodocs: {{as_of: '{self.as_of}'}}\n{self.more}"
        )

    def build(self, site: Path, *, kept: bool) -> dict[str, bytes]:
        """The site, by this process."""
        self.play.write("mkdocs.yml", self.config)
        made = load_config(str(self.play.repo.path / "mkdocs.yml"), site_dir=str(site))
        with patch.dict(os.environ, {} if kept else {OFF: "1"}):
            made.plugins.on_startup(command="build", dirty=False)
            build(made)
        return sites.tree(site)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A company with some signed instructions; a table of a few rows is a long one there."""
    made = Company(written(tmp_path / "qms"))
    sites.register_plugin(tmp_path, monkeypatch)
    monkeypatch.setattr(tables, "WORTH_IT", 3)
    monkeypatch.setattr("isodocs.git.cache.program", lambda: made.program)
    finish = earlier.EarlierPages.finish

    def counting(self: earlier.EarlierPages, index: Index | None) -> None:
        made.taken.append(self.taken)
        finish(self, index)

    monkeypatch.setattr(earlier.EarlierPages, "finish", counting)
    return made


def written(path: Path) -> Play:
    play = founded(path, Settings(drafts=True))
    play.write("documents/img/a.png", b"one")
    for number in range(2, MANY):
        play.doc(f"WI-{number:03}", "1", LINKS)
        play.sign(f"WI-{number:03}", "jane")
    play.commit("max")
    return play


def turns(company: Company) -> dict[str, Callable[[], object]]:
    """What happens one after the other."""
    play = company.play

    def signed(identity: str, *people: str, **how: str) -> None:
        for one in people:
            play.sign(identity, one, **how)  # type: ignore[arg-type] # words are words

    def revised(identity: str, revision: str, words: str, **front: str) -> None:
        play.doc(identity, revision, words, **front)
        signed(identity, "jane")

    def replaced(name: str, old: str, new: str) -> None:
        text = play.read(name).decode()
        assert old in text
        play.write(name, text.replace(old, new))
        play.authorise("jane")

    lost = Held("bob", revoked=("2026-02-14", "2026-01-01"))
    return {
        "nothing": lambda: None,
        "a new revision": lambda: revised("WI-004", "2", LINKS + "\n\nMore."),
        "a withdrawn document": lambda: signed("WI-003", "jane", meaning="withdrawn"),
        "a draft": lambda: play.doc("WI-005", "2", LINKS + "\n\nNot yet."),
        "a new picture": lambda: play.write("documents/img/a.png", b"two"),
        "a revision with it": lambda: revised("WI-006", "2", LINKS),
        "a new document": lambda: revised("WI-100", "1", "Text.", title="First of all"),
        "a renamed file": lambda: play.move(play.place("WI-007"), "documents/else/WI-007-other.md"),
        "a revision for later": lambda: revised("WI-008", "2", LINKS, effective_date="2026-12-24"),
        "another day": lambda: setattr(company, "as_of", "2026-12-25"),
        "a day when all is overdue": lambda: setattr(company, "as_of", "2029-12-25"),
        "an earlier day": lambda: setattr(company, "as_of", "2026-12-24"),
        "another title of a type": lambda: replaced("isodocs.yml", "Type WI", "Instruction"),
        "another time zone": lambda: replaced("isodocs.yml", "timezone: ", "timezone: Pacific/Auckland #"),
        "another name": lambda: replaced("people.yml", "name: Jane", "name: J. Roe"),
        "a lost key": lambda: play.configure(
            register=usual_register().with_keys("bob", lost, Held("bob-new"))
        ),
        "other people": lambda: play.authorise("jane"),
        "another theme": lambda: setattr(
            company, "more", "extra: {generator: false}\nextra_css: [own.css]\n"
        ),
        "another program": lambda: setattr(company, "program", b"a later one"),
    }


# Some change the navigation of every page, or what every page says.
EVERYTHING = {
    "a withdrawn document",
    "a day when all is overdue",
    "another title of a type",
    "another name",
    "another theme",
    "another program",
}


def test_after_each_change(tmp_path: Path, company: Company) -> None:
    company.build(tmp_path / "site", kept=True)
    for number, (name, turn) in enumerate(turns(company).items()):
        company.play.day(f"2026-02-{number + 3:02}")
        turn()
        company.play.commit("max")
        built = company.build(tmp_path / "site", kept=True)
        took = company.taken[-1]
        clean = company.build(tmp_path / "clean", kept=False)
        different = [path for path in built.keys() | clean.keys() if built.get(path) != clean.get(path)]
        assert different == [], name
        assert took > 0 or name in EVERYTHING, name
        assert took == 0 or name not in {"another theme", "another program"}, name
        assert company.taken[-1] == 0
        assert ("wi/WI-003/index.html" in built) == (number < 2), name
        assert b"Not yet." not in b"".join(built.values())


def test_documents_that_did_not_change_are_not_read(tmp_path: Path, company: Company) -> None:
    company.build(tmp_path / "site", kept=True)
    turns(company)["a new revision"]()
    company.play.commit("max")
    read: list[str] = []
    load = Shelf._read

    def noting(self: Shelf, name: str) -> object:
        read.append(name)
        return load(self, name)

    with patch.object(Shelf, "_read", noting):
        company.build(tmp_path / "site", kept=True)
    assert read == []


def test_many_pages_anew_of_kept_documents(tmp_path: Path, company: Company) -> None:
    """All pages are rendered, though no document changed; those are read a few at a time, or all."""
    company.build(tmp_path / "site", kept=True)
    for few in (2, 100):
        company.more = f"copyright: Copyright {few}\n"
        with patch("isodocs.edition.shelf.FEW", few):
            built = company.build(tmp_path / "site", kept=True)
        assert company.taken[-1] == 0
        assert built == company.build(tmp_path / "clean", kept=False)


def test_no_fact_of_an_edition_is_taken_where_that_is_switched_off(tmp_path: Path, company: Company) -> None:
    stores: list[object] = []
    select = Shelf.select

    def noting(self: Shelf, library: object) -> Edition:
        stores.append(self._store)
        return select(self, library)  # type: ignore[arg-type] # a library

    company.build(tmp_path / "site", kept=True)
    company.play.write("mkdocs.yml", "")
    with patch.object(Shelf, "select", noting), patch.object(Company, "config", _OFF):
        company.build(tmp_path / "site", kept=True)
    assert stores == [None]


_OFF = f"{sites.PLAIN}plugins:\n  - isodocs: {{incremental: false}}\n"


def test_by_the_other_generator(tmp_path: Path) -> None:
    company = Company(written(tmp_path / "qms"))
    environ = {
        **company.play.repo.env,
        "PYTHONPATH": os.pathsep.join([*sys.path, str(sites.metadata(tmp_path))]),
        "DISABLE_MKDOCS_2_WARNING": "true",
    }

    def built(name: str, **more: str) -> dict[str, bytes]:
        company.play.write("mkdocs.yml", company.config)
        words = ["build", "-q", "-f", "mkdocs.yml", "-d", str(tmp_path / name)]
        subprocess.run(
            [sys.executable, "-m", "properdocs", *words],
            cwd=company.play.repo.path,
            env=environ | more,
            check=True,
        )
        return sites.tree(tmp_path / name)

    built("site")
    chosen = turns(company)
    for name in ("a new revision", "a withdrawn document"):
        chosen[name]()
        company.play.commit("max")
        assert built("site") == built("clean", **{OFF: "1"}), name
