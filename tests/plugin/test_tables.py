"""Rows of a long table, put together again, are to the byte what Python-Markdown makes of the whole page."""

from __future__ import annotations

import os
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from material.plugins.search.plugin import Parser  # type: ignore[import-untyped] # it has no stubs
from mkdocs.config import load_config
from mkdocs.structure.files import Files
from support import editions, sites

from isodocs.edition import registers
from isodocs.edition.links import page_path
from isodocs.edition.stage import page_file
from mkdocs_isodocs import tables
from mkdocs_isodocs.content import StagedSource
from mkdocs_isodocs.dependencies import _MARKDOWN, _PYMDOWNX
from mkdocs_isodocs.rendering import StagedPage
from mkdocs_isodocs.search import leave_out
from mkdocs_isodocs.tables import Table, Tables, with_rows, without_rows

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

    from isodocs.edition.model import PublishedDocument

EVERY = [
    *(name for name in _MARKDOWN if name not in {"legacy_attrs", "legacy_em", "extra", "codehilite"}),
    *(f"pymdownx.{name}" for name in _PYMDOWNX if name not in {"extra", "superfences"}),
]
SEEDS = int(os.environ.get("ISODOCS_TABLE_SEEDS", "1"))
USUAL = ["admonition", "def_list", "footnotes", "tables", "toc", "pymdownx.superfences"]
SETS = {
    "usual": USUAL,
    "every": [*EVERY, "pymdownx.superfences"],
    "old": ["extra", "codehilite", "legacy_attrs", "legacy_em", "smarty", "toc"],
    "pymdownx": [
        "tables",
        "pymdownx.extra",
        "pymdownx.critic",
        "pymdownx.smartsymbols",
        "pymdownx.magiclink",
    ],
}
# What means something to some extension, to a table, to HTML, or to what puts rows together.
BITS = (
    "Title", " ", "|", "`", "``", "*", "**", "_", "__", "[x]", "[x](y.md)", "[^1]", "[^1]: ", "<b>", "</tr>",
    "<tr>", "</tbody>", "</table>", "<!-- rows -->", "&amp;", "&", "\\", "\\|", "{++", "++}", "{: #id }",
    "{#id}", "::", ":smile:", "http://x.example/", "a@b.example", "$a$", "\\(a\\)", "==", "~~", "^", "++a++",
    "--", "---", "...", "'", '"', "(c)", "1/2", "*[HTML]: x", "HTML", "[TOC]", "- ", "1. ", "# ", "> ",
    "!!! ", "???", '=== "a"', "[=50%]", "\u00e4\u20ac", "\U0001f600", "\u2028", "\x0b", "\x85", "\x1c", "\t",
    ' data-search-x="y"', ' id="x"', " name=x", "](SOP-001.md)", "%20", "]",
)  # fmt: skip


def titles(number: int, seed: int) -> list[str]:
    dice = random.Random(seed)  # noqa: S311 - no secret
    return ["".join(dice.choices(BITS, k=dice.randint(1, 6))) for _ in range(number)]


def documents(names: list[str]) -> list[PublishedDocument]:
    return [
        editions.document(f"SOP-{number:03}", title=title, owner=title[:12], overdue=number % 7 == 0)
        for number, title in enumerate(names, 1)
    ]


def configured(folder: Path, extensions: list[str]) -> MkDocsConfig:
    path = folder / "mkdocs.yml"
    if not path.exists():
        sites.project(folder, f"{sites.PLAIN}markdown_extensions: [{', '.join(extensions)}]\n")
    return load_config(str(path), site_dir=str(folder / "site"), plugins=[])


def rendered(config: MkDocsConfig, shown: list[PublishedDocument], rows: Tables | None) -> StagedPage:
    edition = editions.edition(*shown)
    staged = [page_file(page_path(each), "# Title\n", each) for each in shown]
    register = page_file(registers.MASTER_LIST, registers.master_list(edition))
    files = Files([StagedSource.of(each, config) for each in [*staged, register]])
    page = StagedPage(None, files.src_uris[registers.MASTER_LIST], config)
    page.tables = rows
    page.read_source(config)
    page.render(config, files)
    return page


def facts(page: StagedPage) -> tuple[Any, ...]:
    assert page.lookups is not None
    return (
        page.content,
        page.title,
        [item.title for item in page.toc],
        page.present_anchor_ids,
        page.links_to_anchors,
        page.lookups.found,
    )


class Kept(dict[bytes, bytes]):
    """What was kept, and how often something was found."""

    found = 0

    def of(self, kind: str, question: bytes) -> bytes | None:
        assert kind == tables.KIND
        data = super().get(question)
        self.found += data is not None
        return data


@pytest.mark.parametrize("extensions", SETS)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_hostile_titles(tmp_path: Path, extensions: str, seed: int) -> None:
    config = configured(tmp_path, SETS[extensions])
    names = titles(120, seed)
    kept = Kept()
    others = titles(6, seed + 100)
    states = (
        names,
        names,
        [*names[:30], others[0], *names[31:]],
        [others[1], *names[:60]],
        [*names, *others],
    )
    for state in states:
        rows = Tables(kept.of, b"of the site")
        page = rendered(config, documents(state), rows)
        assert facts(page) == facts(rendered(config, documents(state), None))
        assert page.rows
        kept.update(rows.taken())
        search(page)
    assert kept.found > 2 * tables.PIECES


def search(page: StagedPage) -> None:
    """The search finds the same in a page without its rows, and takes the same out of it."""
    html = leave_out(page.content or "", path=registers.MASTER_LIST, is_document=False)
    page.content = html
    page.hide_rows()
    assert sections(page.content) == sections(html)
    page.content = stripped(page.content)
    page.show_rows()
    assert page.content == stripped(html)


def stripped(html: str) -> str:
    """As Material does, once it has read a page."""
    return re.sub(r"\s?data-search-\w+=\"[^\"]+\"", "", html)


def sections(html: str) -> list[tuple[Any, ...]]:
    parser = Parser()
    parser.feed(html)
    parser.close()
    return [(one.id, one.title, one.text, one.is_excluded()) for one in parser.data]


def test_only_rows_of_pieces_that_changed_are_rendered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, USUAL)
    names = [f"Title {number}" for number in range(1000)]
    rows = Tables(lambda *_: None, b"of the site")
    rendered(config, documents(names), rows)
    kept = rows.taken()
    assert len(kept) == tables.PIECES
    given: list[str] = []
    render = Table.render

    def noting(self: Table, lookups: Any, make: Any) -> Any:  # noqa: ANN401 - as it is
        def told(text: str) -> str:
            given.append(text)
            return str(make(text))

        return render(self, lookups, told)

    monkeypatch.setattr(Table, "render", noting)
    names[500] = "Another title"
    rows = Tables(lambda _, question: kept.get(question), b"of the site")
    rendered(config, documents(names), rows)
    assert 0 < given[0].count("\n| [") < 50
    assert len(rows.taken()) == 1


def test_nothing_is_taken_of_another_site(tmp_path: Path) -> None:
    config = configured(tmp_path, USUAL)
    shown = documents([f"Title {number}" for number in range(60)])
    rows = Tables(lambda *_: None, b"of the site")
    rendered(config, shown, rows)
    kept = Kept(rows.taken())
    rendered(config, shown, Tables(kept.of, b"another"))
    assert kept.found == 0
    plain = configured(tmp_path, USUAL)
    plain.use_directory_urls = False
    rendered(plain, shown, Tables(kept.of, b"of the site"))
    assert kept.found == 0
    rendered(config, shown, Tables(kept.of, b"of the site"))
    assert kept.found > 0


@pytest.mark.parametrize(
    "answer", [b"rubbish", b"[]", b"[[]]", b'[["x",{}]]', b'[["x",{"gone.md":"gone/"}]]', b"1"]
)
def test_what_is_no_answer_is_not_taken(tmp_path: Path, answer: bytes) -> None:
    config = configured(tmp_path, USUAL)
    shown = documents([f"Title {number}" for number in range(tables.PIECES * 4)])
    page = rendered(config, shown, Tables(lambda *_: answer, b"of the site"))
    assert facts(page) == facts(rendered(config, shown, None))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Title\n\n1 document.\n",
        "# Title\n\n1 document.\n\n| a | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * 10,
        "# Title\n\n*[HTML]: 1\n\n| a | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * 100,
        "# Title\n\n1 document.\n\n| a | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * 100 + "\nMore.\n",
        "# Title\n\n1 document.\n\n| a | b |\n| --- | --: |\n" + "| 1 | 2 |\n" * 100,
        "# Title\n\n1 document.\n\nMore.\n\n| a | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * 100,
    ],
)
def test_other_pages_are_rendered_whole(tmp_path: Path, text: str) -> None:
    config = configured(tmp_path, USUAL)
    file = StagedSource.of(page_file(registers.MASTER_LIST, text), config)
    assert Table.of(Tables(lambda *_: None, b""), file, text) is None


def test_rows_stay_where_the_search_reads_them() -> None:
    rows = "<tr>\n<td>1</td>\n</tr>"
    page = "<table{}>\n<tbody>\n{}\n</tbody>\n</table>"
    excluded = page.format(' data-search-exclude="true"', rows)
    hidden = without_rows(excluded, rows)
    assert hidden is not None
    assert rows not in hidden
    assert with_rows(hidden, rows) == excluded
    assert without_rows(page.format("", rows), rows) is None
    assert without_rows(excluded, "") is None
    assert without_rows(excluded, rows + "x") is None
