"""What an earlier build rendered is put out again, and the site is the same to the byte as a clean build."""

from __future__ import annotations

import json
import logging
import subprocess
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from mkdocs.commands.build import build
from support import editions, sites

from isodocs.core.problem import CannotRun
from isodocs.edition.model import Attachment
from isodocs.git.cache import Cache
from mkdocs_isodocs import earlier
from mkdocs_isodocs.plugin import IsodocsPlugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from isodocs.edition.model import Edition, PreviewDocument, PublishedDocument
    from mkdocs_isodocs.search import Index

MANY = 60
PICTURED = "SOP-005"


def body(number: int) -> str:
    """A text with a link, an anchor of another page, a footnote, a table and raw HTML."""
    other = number % MANY + 1
    return (
        f"# Title {number}\n\nSee [other](SOP-{other:03}-x.md#part-{other}), [gone](SOP-900-x.md).[^1]\n\n"
        f"## Part {number}\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n[^1]: A note.\n\n"
        f"<table><tr><td><a href='SOP-{other:03}-x.md'>raw</a></td></tr></table>\n"
    )


def procedure(number: int, **changes: object) -> PublishedDocument:
    """One of many procedures."""
    facts: dict[str, object] = {"body": body(number), "title": f"Title {number}", **changes}
    name = f"SOP-{number:03}"
    if name == PICTURED:
        facts["body"] = f"{body(number)}\n![picture](a.png)\n"
        facts.setdefault("embedded", {"a.png": Attachment.of(b"first")})
    return editions.document(name, **facts)  # type: ignore[arg-type] # facts by name


def company(**changes: object) -> Edition:
    """Many procedures and two work instructions."""
    documents = [procedure(number) for number in range(1, MANY + 1)]
    documents += [editions.document(f"WI-00{number}") for number in (1, 2)]
    facts = {"rules": (editions.rule(),), "withdrawn": (editions.withdrawn(),), **changes}
    return editions.edition(*documents, **facts)


def with_document(changed: PublishedDocument) -> Edition:
    """The company with one document in another state, and the commit that brought it."""
    documents = [changed if each.id == changed.id else each for each in company().documents]
    return company_of(documents)


def company_of(documents: Iterable[PublishedDocument]) -> Edition:
    """The company with these documents."""
    return replace(company(), documents=tuple(documents), commit="f" * 40)


def moved() -> Edition:
    """A document whose file lies elsewhere now; its page stays, its evidence names the new place."""
    return with_document(procedure(30, path="documents/elsewhere/SOP-030-new-name.md"))


CHANGES: dict[str, Callable[[], Edition]] = {
    "nothing": company,
    "text": lambda: with_document(procedure(30, body=body(30) + "\nMore.\n")),
    "anchor": lambda: with_document(procedure(30, body=body(30).replace("Part", "Chapter"))),
    "title": lambda: with_document(procedure(30, title="Another title")),
    "first title": lambda: with_document(procedure(1, title="Another first title")),
    "facts": lambda: with_document(procedure(30, revision="3", effective_from=date(2026, 11, 1))),
    "overdue": lambda: with_document(procedure(30, overdue=True)),
    "new": lambda: company_of([*company().documents, procedure(MANY + 1)]),
    "new, linked to": lambda: company_of([*company().documents, procedure(900)]),
    "new type": lambda: company_of([*company().documents, editions.document("POL-001")]),
    "withdrawn": lambda: replace(
        company_of(each for each in company().documents if each.id != "SOP-030"),
        withdrawn=(editions.withdrawn(), editions.withdrawn("SOP-030")),
    ),
    "first ever withdrawn": lambda: company(withdrawn=()),
    "type gone": lambda: company_of(each for each in company().documents if each.type == "SOP"),
    "moved": moved,
    "picture": lambda: with_document(procedure(5, embedded={"a.png": Attachment.of(b"second")})),
    "picture gone": lambda: with_document(procedure(5, embedded={})),
    "next day": lambda: company(day=date(2026, 11, 24), as_of="2026-11-24 06:30 (Europe/Berlin)"),
    "title of a type": lambda: company_of(
        replace(each, type_title="Standard procedure") if each.type == "SOP" else each
        for each in company().documents
    ),
    "empty": lambda: company_of([]),
}
# What every page shows in its navigation.
EVERYWHERE = {"empty", "title of a type", "type gone", "new type", "first ever withdrawn"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the cache that a first build has filled."""
    place = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as monkeypatch:
        store_in(place / "cache", monkeypatch)
        sites.build(place, monkeypatch, company())
    return place / "cache"


def store_in(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rendered pages there, as beside a repository."""
    place.mkdir(exist_ok=True)
    environ = {"HOME": str(place)}
    monkeypatch.setattr("mkdocs_isodocs.plugin.store_for", lambda *_: Cache.beside(place, environ))


def clean(
    folder: Path, monkeypatch: pytest.MonkeyPatch, edition: Edition, config: str = sites.CONFIG
) -> dict[str, bytes]:
    """The site of a build that takes nothing over."""
    monkeypatch.setattr("mkdocs_isodocs.plugin.store_for", lambda *_: None)
    return sites.tree(sites.build(folder / "clean", monkeypatch, edition, config))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pages each build took over."""
    numbers: list[int] = []
    finish = earlier.EarlierPages.finish

    def counting(self: earlier.EarlierPages, index: Index | None) -> None:
        numbers.append(self.taken)
        finish(self, index)

    monkeypatch.setattr(earlier.EarlierPages, "finish", counting)
    return numbers


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_site_is_that_of_a_clean_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled: Path, taken: list[int], change: str
) -> None:
    edition = CHANGES[change]()
    store_in(filled, monkeypatch)
    built = sites.tree(sites.build(tmp_path, monkeypatch, edition))
    assert taken[0] > 0 or change in EVERYWHERE
    assert differences(built, clean(tmp_path, monkeypatch, edition)) == []


def test_only_what_depends_on_a_change_is_rendered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: list[int]
) -> None:
    store_in(tmp_path / "cache", monkeypatch)
    sites.build(tmp_path, monkeypatch, company())
    sites.build(tmp_path, monkeypatch, company())
    sites.build(tmp_path, monkeypatch, CHANGES["text"]())
    pages = MANY + 2 + 6
    assert taken == [0, pages, pages - 2]  # its own page, and the home page, which names the commit


CONFIGURATIONS = {
    "name": sites.CONFIG.replace("Example manual", "Another manual"),
    "feature": sites.CONFIG.replace("material}", "material, features: [navigation.footer]}"),
    "language": sites.CONFIG.replace("material}", "material, language: de}"),
    "address": f"{sites.CONFIG}site_url: https://manual.example/\n",
    "extension": f"{sites.CONFIG}markdown_extensions: [pymdownx.tasklist, toc: {{permalink: '#'}}]\n",
    "no search": f"{sites.PLAIN}plugins: [isodocs]\n",
    "search separator": f"{sites.PLAIN}plugins:\n  - search: {{separator: '[ ]+'}}\n  - isodocs\n",
    "offline": f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{offline: true}}\n",
    "plain addresses": f"{sites.CONFIG}use_directory_urls: false\n",
    "style": f"{sites.CONFIG}extra_css: [own.css]\n",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_after_a_change_of_the_settings_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled: Path, taken: list[int], name: str
) -> None:
    config = CONFIGURATIONS[name]
    store_in(filled, monkeypatch)
    first = sites.tree(sites.build(tmp_path, monkeypatch, company(), config))
    second = sites.tree(sites.build(tmp_path, monkeypatch, CHANGES["text"](), config))
    assert taken[0] == 0
    assert taken[1] > 0
    assert differences(first, clean(tmp_path / "1", monkeypatch, company(), config)) == []
    assert differences(second, clean(tmp_path / "2", monkeypatch, CHANGES["text"](), config)) == []


UNKNOWN = {
    "template": sites.CONFIG.replace("material}", "material, custom_dir: theme}"),
    "hook": f"{sites.CONFIG}hooks: [hook.py]\n",
    "plugin": f"{sites.PLAIN}plugins: [search, tags, isodocs]\n",
    "extension": f"{sites.CONFIG}markdown_extensions: [pymdownx.snippets]\n",
    "theme": "site_name: x\ndocs_dir: documents\ntheme: {name: mkdocs}\nplugins: [isodocs]\n",
    "code": f"{sites.CONFIG}markdown_extensions: [{{toc: {{slugify: !!python/name:html.escape }}}}]\n",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_where_an_influence_cannot_be_known_every_page_is_rendered_and_that_is_told_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    taken: list[int],
    name: str,
) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/main.html").write_text("{% extends 'base.html' %}")
    (tmp_path / "hook.py").write_text("")
    sites.project(tmp_path, UNKNOWN[name])
    store_in(tmp_path / "cache", monkeypatch)
    with caplog.at_level(logging.INFO):
        made = sites.configured(tmp_path, monkeypatch, company())
        made.plugins.on_startup(command="build", dirty=False)
        for _ in range(2):
            build(made)
    assert taken == []
    assert caplog.text.count("every page is rendered anew") == 1


def test_a_folder_beside_the_theme_with_pictures_alone_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: list[int]
) -> None:
    icons = tmp_path / "theme/.icons/own"
    icons.mkdir(parents=True)
    (tmp_path / "theme/logo.svg").write_text("<svg/>")
    config = sites.CONFIG.replace("material}", "material, custom_dir: theme, icon: {logo: own/one}}")
    store_in(tmp_path / "cache", monkeypatch)
    for drawing in ("<svg><path d='M1'/></svg>", "<svg><path d='M2'/></svg>"):
        (icons / "one.svg").write_text(drawing)
        for _ in range(2):
            built = sites.build(tmp_path, monkeypatch, company(), config)
        assert drawing in (built / "sop/SOP-001/index.html").read_text("utf-8")
    assert [number > 0 for number in taken] == [False, True, False, True]


def test_it_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: list[int]) -> None:
    config = f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{incremental: false}}\n"
    store_in(tmp_path / "cache", monkeypatch)
    for _ in range(2):
        sites.build(tmp_path, monkeypatch, company(), config)
    assert taken == []
    assert not (tmp_path / "cache/isodocs").exists()


def test_drafts_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = f"{sites.PLAIN}plugins:\n  - search\n  - isodocs: {{preview: true}}\n"
    store_in(tmp_path / "cache", monkeypatch)

    def built(command: str, *previews: PreviewDocument) -> dict[str, bytes]:
        return sites.tree(
            sites.build(tmp_path, monkeypatch, company(), config, previews=previews, command=command)
        )

    first = built("build")
    served = built("serve", editions.draft("SOP-030"))
    assert "drafts/SOP-030/index.html" in served
    again = built("serve", editions.draft("SOP-030", "# Next\n\nOther text.\n"))
    assert b"Other text." in again["drafts/SOP-030/index.html"]
    assert b"New text." not in b"".join(again.values())
    assert differences(built("build"), first) == []


def test_what_was_said_while_rendering_is_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    edition = editions.edition(editions.document(body="# T\n\n[x](///absolute) [y](#nowhere)\n"))
    store_in(tmp_path / "cache", monkeypatch)
    told = []
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.INFO):
            sites.build(tmp_path, monkeypatch, edition)
        told.append(sorted(text for text in caplog.messages if "contains a" in text))
    assert len(told[0]) == 2
    assert told[1] == told[0]


class Broken:
    """A store that fails at one call, or gives back what was never kept."""

    def __init__(self, at: str, answer: bytes | None) -> None:
        self.at, self.answer = at, answer

    def get(self, kind: str, question: bytes, /) -> bytes | None:
        del kind, question
        self._fail("get")
        return self.answer

    def put(self, kind: str, question: bytes, answer: bytes, /) -> None:
        del kind, question, answer
        self._fail("put")

    def flush(self) -> None:
        self._fail("flush")

    def limit(self, kind: str, most: int, /) -> None:
        del kind, most
        self._fail("limit")

    def size(self, kind: str, /) -> int:
        del kind
        self._fail("size")
        return 1 << 62

    def keep_only(self, kind: str, questions: Iterable[bytes], /) -> None:
        del kind, questions
        self._fail("keep_only")

    def _fail(self, call: str) -> None:
        if call == self.at:
            raise OSError("No space left on device") if call != "get" else CannotRun("It is broken.")


@pytest.mark.parametrize("at", ["get", "put", "flush", "size", "keep_only", "nothing"])
@pytest.mark.parametrize("answer", [None, b"", b"rubbish\n", b'[[],{},{}]\n"x"'])
def test_a_broken_store_breaks_no_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, answer: bytes | None
) -> None:
    edition = editions.company()
    monkeypatch.setattr("mkdocs_isodocs.plugin.store_for", lambda *_: Broken(at, answer))
    built = sites.tree(sites.build(tmp_path, monkeypatch, edition))
    assert differences(built, clean(tmp_path, monkeypatch, edition)) == []


def test_a_store_that_grew_is_tidied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "_SPARE", 0)
    store_in(tmp_path / "cache", monkeypatch)
    small = editions.edition(editions.document())
    sites.build(tmp_path, monkeypatch, company())
    large = Cache.beside(tmp_path / "cache", {"HOME": str(tmp_path / "cache")}).size(earlier.PAGES)
    sites.build(tmp_path, monkeypatch, small)
    left = Cache.beside(tmp_path / "cache", {"HOME": str(tmp_path / "cache")}).size(earlier.PAGES)
    assert 0 < left < large / 5


@pytest.mark.parametrize("generator", ["mkdocs", "properdocs"])
def test_with_each_generator_beside_a_real_repository(tmp_path: Path, generator: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    place = tmp_path / "qms"
    place.mkdir()
    sites.project(place)
    subprocess.run(
        ["git", "init", "-q", str(place)], check=True, env={"PATH": "/usr/bin:/bin", "HOME": str(home)}
    )
    module = "plugin.test_earlier"
    environment = {"HOME": str(home)}
    sites.run(generator, f"{module}:company", place, environment=environment)
    assert (place / ".git/isodocs/cache").is_dir()
    for change in ("text_changed", "one_withdrawn"):
        built = sites.tree(sites.run(generator, f"{module}:{change}", place, environment=environment))
        other = sites.run(generator, f"{module}:{change}", tmp_path / change, environment=environment)
        assert differences(built, sites.tree(other)) == []


def text_changed() -> Edition:
    """For a build in a process of its own."""
    return CHANGES["text"]()


def one_withdrawn() -> Edition:
    """For a build in a process of its own."""
    return CHANGES["withdrawn"]()


def test_the_index_of_a_build_that_took_pages_over_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_in(tmp_path / "cache", monkeypatch)
    for _ in range(2):
        built = sites.build(tmp_path, monkeypatch, company())
    titles = [
        entry["title"] for entry in json.loads((built / "search/search_index.json").read_text())["docs"]
    ]
    assert "SOP-040 Title 40" in titles
    assert titles[0] == "Example company, quality management"


def test_the_plugin_keeps_nothing_of_a_build_for_the_next_but_the_store() -> None:
    assert IsodocsPlugin().earlier is None
