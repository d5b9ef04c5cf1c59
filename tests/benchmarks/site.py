"""The manual: built beside bare MkDocs and its git plugins, built again after a change, and how it grows.

A bare build is MkDocs with Material on the exported tree, with the features of the theme, the extensions of
Markdown and the neighbours in the navigation that our plugin brings; else each page would show all documents.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import yaml

from benchmarks import lines
from benchmarks.generator import Shape, generate
from benchmarks.measure import Command, least, seconds
from benchmarks.place import Place
from benchmarks.rows import Bound, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

SIZES = (1000, 2000, 5000, 10_000)
MEGA = 1_000_000
FEATURES = ["navigation.indexes", "navigation.prune", "navigation.top", "search.highlight", "toc.follow"]
EXTENSIONS: list[Any] = [
    "admonition",
    "def_list",
    "footnotes",
    "tables",
    {"toc": {"permalink": True}},
    "pymdownx.superfences",
]
PEERS = ("git-revision-date-localized", "git-authors")
PEER_MODULES = ("mkdocs_git_revision_date_localized_plugin", "mkdocs_git_authors_plugin")
HOOK = '''\
"""A page shows its neighbours, as with the plugin."""
from mkdocs_isodocs import content, navigation

SITE = content.Site()


def on_nav(nav, config, files):
    navigation.number_pages(nav, SITE)
    return nav


def on_page_context(context, page, config, nav):
    context["nav"] = navigation.around(page, nav, SITE)
    return context
'''
BUILD = "mkdocs build, bare, of the exported tree"
LINES = frozenset(
    {
        *((key, lines.USUAL) for key in ("manual", "manual-peers", "manual-again")),
        *((f"manual-{size}", lines.USUAL) for size in SIZES),
        *((key, lines.LARGE) for key in ("manual", "manual-again")),
    }
)
"""The lines that are measured here, by key and scale."""
KNOWN: frozenset[tuple[str, str]] = LINES
"""Those of them whose results are kept and stand in the README."""


def rows(
    place: Place, scale: str, *, busy: bool = False, only: Collection[str] | None = None
) -> Iterator[Row]:
    """The lines of the manual for one repository, or those with these keys."""
    site = Site(place)
    taking: dict[str, Callable[[], list[Row]]] = {
        "manual": lambda: [_manual(site, scale)],
        "manual-peers": lambda: _peers(site, scale),
        "manual-again": lambda: [_again(site, scale)],
    }
    for number in SIZES if scale == lines.USUAL else ():
        taking[f"manual-{number}"] = partial(_grown, place, number, scale)
    for key, take in taking.items():
        if only is None or key in only:
            yield from (replace(row, busy=busy) for row in take())


def _grown(place: Place, documents: int, scale: str) -> list[Row]:
    return [growth(place, documents, scale)]


@dataclass(frozen=True)
class Site:
    """How the manual of a repository is built."""

    place: Place

    def build(self, name: str, **settings: object) -> Command:
        """A build into a folder of that name, by settings beside those that all have."""
        folder = self.place.scratch / "sites"
        folder.mkdir(exist_ok=True)
        (folder / "neighbours.py").write_text(HOOK, encoding="utf-8")
        made = {"site_name": "Benchmark", "theme": {"name": "material", "font": False}, **settings}
        config = folder / f"{name}.yml"
        config.write_text(yaml.safe_dump(made), encoding="utf-8")
        words = (sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(folder / name))
        return Command(words, folder, self.place.environ)

    def ours(self, name: str, repository: Path, **options: str) -> Command:
        """With our plugin."""
        plugin = {"isodocs": {"repository": str(repository), **options}}
        return self.build(name, docs_dir=str(repository / "documents"), plugins=["search", plugin])

    def bare(self, name: str, documents: Path, *plugins: str) -> Command:
        """Without it."""
        return self.build(
            name,
            docs_dir=str(documents),
            theme={"name": "material", "font": False, "features": FEATURES},
            markdown_extensions=EXTENSIONS,
            plugins=["search", *plugins],
            hooks=["neighbours.py"],
            nav=navigation(documents),
        )

    def exported(self) -> Path:
        """The exported tree."""
        staged = self.place.scratch / "staged"
        if not staged.exists():
            self.place.isodocs("export", str(staged))()
        return staged

    def size(self, name: str) -> str:
        """How large a built site is, and its search index."""
        folder = self.place.scratch / "sites" / name
        total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        index = (folder / "search" / "search_index.json").stat().st_size
        return f"site {total / MEGA:,.0f} MB, search index {index / MEGA:,.1f} MB"


def navigation(documents: Path) -> list[Any]:
    """A section for each folder."""
    pages = sorted(path.relative_to(documents) for path in documents.rglob("*.md"))
    sections: dict[str, list[str]] = {}
    for page in pages:
        sections.setdefault(page.parts[0] if len(page.parts) > 1 else "", []).append(page.as_posix())
    top: list[Any] = [*sections.pop("", [])]
    for name, found in sections.items():
        top.append({name: sorted(found, key=lambda path: (not path.endswith("index.md"), path))})
    return top


def forget_pages(repository: Path) -> None:
    """Let every page be rendered again; what is known of the history stays."""
    for folder in repository.glob(".git/isodocs/cache/*/site-*"):
        shutil.rmtree(folder)


def _manual(site: Site, scale: str) -> Row:
    """Every page rendered, with what is known of the history, beside a bare build."""
    place = site.place
    ours, bare = site.ours("ours", place.path), site.bare("bare", site.exported())
    ours()
    taken, other = least(
        (lambda: forget_pages(place.path), ours), (None, bare), repeats=min(2, place.repeats)
    )
    forget_pages(place.path)
    return Row(
        key="manual",
        work="manual, every page rendered",
        scale=scale,
        ours=taken,
        beside=BUILD,
        other=other,
        memory=ours.peak(),
        bound=Bound(ratio=1.1) if scale == lines.USUAL else None,
        note=site.size("ours"),
    )


def _peers(site: Site, scale: str) -> list[Row]:
    """The same beside the plugins that put dates and authors from git on each page."""
    if scale == lines.LARGE or not all(map(find_spec, PEER_MODULES)):
        return []
    place = site.place
    ours, peer = site.ours("ours", place.path), site.bare("peers", place.path / "documents", *PEERS)
    taken, other = least((lambda: forget_pages(place.path), ours), (None, peer), repeats=1)
    name = f"mkdocs with {' and '.join(PEERS)}"
    return [Row("manual-peers", "manual, every page rendered", scale, taken, name, other)]


def _again(site: Site, scale: str) -> Row:
    """The whole build after one document changed, beside a clean one; both must give the same bytes."""
    place = site.place
    repository, old, new = _with_a_revision(place)
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"  # pages name it, to the minute
    ours = site.ours("again", repository, as_of=moment)

    def before() -> None:
        shutil.rmtree(repository / ".git" / "isodocs", ignore_errors=True)
        _at(place, repository, old)
        ours()
        _at(place, repository, new)

    def clean() -> None:
        without = {**place.environ, "ISODOCS_NO_CACHE": "1"}
        made = site.ours("clean", repository, as_of=moment)
        Command(made.words, made.folder, without)()

    taken, other = least(
        (before, ours), (None, clean), repeats=1 if scale == lines.LARGE else min(2, place.repeats)
    )
    if _tree(place.scratch / "sites/again") != _tree(place.scratch / "sites/clean"):
        raise RuntimeError("The build after a change differs from a clean one.")
    before()
    return Row(
        key="manual-again",
        work="manual after one document changed, the same to the byte as a clean build",
        scale=scale,
        ours=taken,
        beside="a build that takes nothing over",
        other=other,
        memory=ours.peak(),
        bound=Bound(seconds=3) if scale == lines.USUAL else None,
    )


def _with_a_revision(place: Place) -> tuple[Path, str, str]:
    """A copy of the repository, and the commits before and after one approved revision."""
    old, new, _ = place.push.words.decode().split(" ")
    copy = place.scratch / "again"
    if not copy.exists():
        Command(("git", "clone", "-q", str(place.push.server), str(copy)), place.scratch, place.environ)()
        Command(("git", "remote", "remove", "origin"), copy, place.environ)()
    return copy, old, new


def _at(place: Place, repository: Path, commit: str) -> None:
    Command(("git", "reset", "-q", "--hard", commit), repository, place.environ)()


def _tree(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def growth(place: Place, documents: int, scale: str) -> Row:
    """One build of a manual of so many documents, all of one type, two revisions each; nothing is kept."""
    scratch = place.scratch / f"of-{documents}"
    scratch.mkdir()
    other = Place(scratch / "qms", Shape(documents=documents, revisions=2), scratch)
    generate(other.path, other.shape)
    site = Site(other)
    ours = site.ours("ours", other.path)
    most: list[int] = []
    taken = seconds(lambda: most.append(ours.peak()))
    row = Row(
        key=f"manual-{documents}",
        work=f"manual of {documents:,} documents, history and all",
        scale=scale,
        ours=taken,
        memory=most[0],
        note=f"{taken.cpu * 1000 / documents:.1f} s of processors for a thousand; {site.size('ours')}",
    )
    shutil.rmtree(scratch)
    return row
