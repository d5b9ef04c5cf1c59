"""What is handed out: the wheel and the source archive, the hooks' manifest, the pinned versions."""

from __future__ import annotations

import re
import subprocess
import tarfile
import tomllib
import zipfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from isodocs import __version__
from isodocs.commands import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def names(requirements: Iterable[str]) -> set[str]:
    """The normalised names in requirements, without ourselves."""
    found = {re.split(r"[\[<>=!~; ]", one)[0] for one in requirements}
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found} - {"isodocs"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names of the files in a wheel of this checkout."""
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")))
    with zipfile.ZipFile(path) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names of the files in a source archive of this checkout, without its own folder."""
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("sdist")))
    with tarfile.open(path) as archive:
        return frozenset(name.partition("/")[2] for name in archive.getnames())


def sources(folder: Path) -> set[str]:
    """All files below a folder that belong into the wheel, relative to its parent."""
    return {
        path.relative_to(folder.parent).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("folder", ["isodocs", "plugins/mkdocs_isodocs"])
def test_the_wheel_holds_both_packages_with_their_data(folder: str, wheel: frozenset[str]) -> None:
    assert sources(ROOT / folder) <= wheel


def test_the_wheel_holds_nothing_else(wheel: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert tops == {"isodocs", "mkdocs_isodocs", f"isodocs-{__version__}.dist-info"}
    assert not {name for name in wheel if "__pycache__" in name or name.endswith(".pyc")}


def test_the_wheel_brings_licence_and_entry_points(wheel: frozenset[str]) -> None:
    assert f"isodocs-{__version__}.dist-info/licenses/LICENSE" in wheel
    assert f"isodocs-{__version__}.dist-info/entry_points.txt" in wheel


def test_the_source_archive_is_enough_to_build_and_to_test(sdist: frozenset[str]) -> None:
    wanted = {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "constraints.txt",
        ".pre-commit-hooks.yaml",
    }
    assert wanted <= sdist
    assert sources(ROOT / "isodocs") <= sdist
    assert {name for name in sources(ROOT / "tests") if ".hypothesis" not in name} <= sdist


def test_the_source_archive_holds_no_leftovers(sdist: frozenset[str]) -> None:
    leftovers = re.compile(r"(^|/)(\.git|\.venv|\.\w+_cache|__pycache__|\.hypothesis|site|node_modules)/")
    assert not {name for name in sdist if leftovers.search(name)}


def test_one_version() -> None:
    assert PROJECT["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


class TestConstraints:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

    def test_names_and_versions_only(self) -> None:
        assert self.lines == sorted(self.lines, key=lambda line: line.partition("=")[0])
        for line in self.lines:
            assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line), line

    def test_all_that_the_project_asks_for_is_pinned(self) -> None:
        extras = PROJECT["optional-dependencies"].values()
        asked = [*PROJECT["dependencies"], *chain.from_iterable(extras)]
        assert names(asked) <= names(self.lines)


class TestManifest:
    hooks: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

    def test_the_two_hooks(self) -> None:
        assert {hook["id"]: hook["entry"] for hook in self.hooks} == {
            "isodocs-check": "isodocs check --staged",
            "isodocs-gate": "isodocs gate",
        }

    def test_where_they_run(self) -> None:
        assert {hook["id"]: hook["stages"] for hook in self.hooks} == {
            "isodocs-check": ["pre-commit", "pre-merge-commit"],
            "isodocs-gate": ["pre-push", "manual"],
        }

    def test_they_see_deletions_and_do_not_run_beside_themselves(self) -> None:
        for hook in self.hooks:
            assert hook["always_run"] is True
            assert hook["pass_filenames"] is False
            assert hook["require_serial"] is True
            assert hook["language"] == "python"


def pieces(page: str) -> list[str]:
    """The code of a Markdown page: its fenced blocks, and what stands in backticks."""
    fenced = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return [*fenced.findall(page), *re.findall(r"`([^`\n]+)`", fenced.sub("", page))]


class TestFirstPages:
    """What somebody reads first must be true of this checkout."""

    README = (ROOT / "README.md").read_text("utf-8")

    def test_the_two_commands(self) -> None:
        install = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e"
        assert f"{install} '.[demo]' && .venv/bin/isodocs demo demo --build --serve\n" in self.README
        assert f"{install} '.[test]' && .venv/bin/pytest -q -n auto\n" in self.README

    @pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".github/SECURITY.md"])
    def test_links_to_files_hold(self, page: str) -> None:
        text = (ROOT / page).read_text("utf-8")
        targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        assert [one for one in targets if not ((ROOT / page).parent / one).exists()] == []

    @pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", ".github/SECURITY.md"])
    def test_commands_that_are_named_exist(self, page: str) -> None:
        text = (ROOT / page).read_text("utf-8")
        code = "\n".join(pieces(text))
        named = set(re.findall(r"(?:^|bin/)isodocs ([a-z][a-z-]+)", code, re.MULTILINE))
        assert named <= VERBS.keys()

    @pytest.mark.parametrize("script", [".ci/run", ".ci/check-example"])
    def test_the_scripts_can_be_run(self, script: str) -> None:
        assert (ROOT / script).stat().st_mode & 0o111
        subprocess.run(["bash", "-n", str(ROOT / script)], check=True)
