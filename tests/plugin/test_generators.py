"""The same site from mkdocs and properdocs, from any machine, and from the exported tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from support import editions, sites

from isodocs.edition.stage import stage

if TYPE_CHECKING:
    from pathlib import Path

FACTORY = "support.editions:company"
ENVIRONMENTS = [
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "SOURCE_DATE_EPOCH": "86400"},
]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return sites.tree(sites.run("mkdocs", FACTORY, tmp_path_factory.mktemp("reference")))


def test_properdocs_builds_the_same_pages(reference: dict[str, bytes], tmp_path: Path) -> None:
    other = sites.tree(sites.run("properdocs", FACTORY, tmp_path))
    assert set(other) == set(reference)
    generator = re.compile(rb'<meta name="generator" content="[^"]*">')
    for path, data in reference.items():
        if path.endswith(".html"):
            assert generator.sub(b"", other[path]) == generator.sub(b"", data), path


@pytest.mark.parametrize(
    ("environment", "umask"), list(zip(ENVIRONMENTS, (0o022, 0o077, 0o002), strict=True))
)
def test_the_site_is_the_same_to_the_byte_everywhere(
    reference: dict[str, bytes], tmp_path: Path, environment: dict[str, str], umask: int
) -> None:
    other = sites.tree(sites.run("mkdocs", FACTORY, tmp_path, environment=environment, umask=umask))
    assert {path for path in reference if reference[path] != other.get(path)} == set()
    assert set(other) == set(reference)


def test_a_bare_mkdocs_builds_the_exported_tree(reference: dict[str, bytes], tmp_path: Path) -> None:
    stage(editions.company(), tmp_path / "documents")
    (tmp_path / "mkdocs.yml").write_text(f"{sites.PLAIN}plugins: [search]\n")
    config = load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=True)
    build(config)
    built = sites.tree(tmp_path / "site")
    pages = {path for path in reference if path.endswith(".html")}
    assert {path for path in built if path.endswith(".html")} == pages
    article = re.compile(rb'<article class="md-content__inner md-typeset">(.*?)</article>', re.DOTALL)
    for path in pages - {"404.html"}:
        found = article.search(built[path])
        assert found, path
        assert b"isodocs-card" in found[1] or b"isodocs-card" not in reference[path]
