"""The house (DESIGN, section 6): arrows point down, there is no cycle, and what is pure stays pure.

Imports are read from the sources. What stands under ``TYPE_CHECKING`` never runs: it must point down too,
but makes no cycle and takes no purity away.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SOURCES = {"isodocs": ROOT / "isodocs", "mkdocs_isodocs": ROOT / "plugins" / "mkdocs_isodocs"}

# From the ground up. Rooms on one floor do not see each other.
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"isodocs"}),
    frozenset({"isodocs.core"}),
    frozenset({"isodocs.registers"}),
    frozenset({"isodocs.standards"}),
    frozenset({"isodocs.rules"}),
    frozenset({"isodocs.writing", "isodocs.workers"}),
    frozenset({"isodocs.git", "isodocs.signing"}),
    frozenset({"isodocs.workspace"}),
    frozenset({"isodocs.reports"}),
    frozenset({"isodocs.edition", "isodocs.demo"}),
    frozenset({"isodocs.gates"}),
    frozenset({"isodocs.commands", "mkdocs_isodocs"}),
    frozenset({"isodocs.cli"}),
    frozenset({"isodocs.__main__"}),
)
PURE = ("isodocs.core", "isodocs.registers", "isodocs.standards", "isodocs.rules")
BESIDE_PURE = ("isodocs.writing", "isodocs.git", "isodocs.signing")  # lower, yet not for the pure rooms

# fmt: off
OUTSIDE = frozenset({
    "asyncio", "click", "concurrent", "cryptography", "ftplib", "getpass", "git", "glob", "http",
    "importlib.resources", "locale", "logging", "mkdocs", "multiprocessing", "os", "platform", "random",
    "rich", "secrets", "select", "shutil", "signal", "smtplib", "socket", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib.request", "uuid"
})
# fmt: on
PURE_PATHS = frozenset({"PurePath", "PurePosixPath", "PureWindowsPath"})
OUTSIDE_CALLS = frozenset({"open", "print", "input", "eval", "exec", "__import__"})
CLOCK_CALLS = frozenset({"now", "today", "utcnow"})

MODULE_LINES = 400
FUNCTION_LINES = 60


@dataclass(frozen=True)
class Import:
    """One imported name: where, what, and whether it only serves the type checker."""

    module: str
    name: str
    line: int
    typing_only: bool


@dataclass(frozen=True)
class Module:
    """One source file of ours."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")


@cache
def modules() -> dict[str, Module]:
    """All modules of the wheel by dotted name."""
    found = {}
    for package, folder in SOURCES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = [package, *path.relative_to(folder).with_suffix("").parts]
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path, ast.parse(path.read_text("utf-8"), str(path)))
    return found


def imports(tree: ast.AST, *, typing_only: bool = False) -> Iterator[Import]:
    """All imports of a module, wherever they stand."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "", node.lineno, typing_only) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: imports are absolute here"
            yield from (
                Import(node.module or "", alias.name, node.lineno, typing_only) for alias in node.names
            )
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for child in node.body:
                yield from imports(ast.Module([child], []), typing_only=True)
            for child in node.orelse:
                yield from imports(ast.Module([child], []), typing_only=typing_only)
        else:
            yield from imports(node, typing_only=typing_only)


def imported(one: Import) -> str:
    """The module of ours that an import reaches: ``from isodocs.core import markdown`` is that one."""
    whole = f"{one.module}.{one.name}"
    return whole if whole in modules() else one.module


def room(module: str) -> str:
    """The room a module belongs to: its package, or the file that is a room of its own."""
    parts = module.split(".")
    return "mkdocs_isodocs" if parts[0] == "mkdocs_isodocs" else ".".join(parts[:2])


def floor(module: str) -> int:
    """How high a module stands."""
    found = [number for number, rooms in enumerate(FLOORS) if room(module) in rooms]
    assert found, f"{module}: say in DESIGN and here on which floor this room stands"
    return found[0]


def ours(module: str) -> bool:
    return module.partition(".")[0] in SOURCES


def arrows(module: Module, *, typing_only: bool | None = None) -> Iterator[tuple[str, Import]]:
    """What a module of ours imports from another of ours."""
    for one in imports(module.tree):
        if ours(one.module) and typing_only in {None, one.typing_only}:
            yield imported(one), one


def pure_modules() -> Iterator[Module]:
    """The modules of the pure rooms."""
    return (module for module in modules().values() if room(module.name) in PURE)


def test_arrows_point_down() -> None:
    climbing = [
        f"{module.path}:{one.line}: {target} stands higher"
        for module in modules().values()
        for target, one in arrows(module)
        if room(target) != room(module.name) and floor(target) >= floor(module.name)
    ]
    assert climbing == []


def test_pure_rooms_see_only_pure_rooms() -> None:
    seen = [
        f"{module.path}:{one.line}: {target}"
        for module in pure_modules()
        for target, one in arrows(module)
        if room(target) in BESIDE_PURE
    ]
    assert seen == []


def test_pure_rooms_touch_no_file_process_network_or_clock() -> None:
    found = [f"{module.path}:{fault}" for module in pure_modules() for fault in impurities(module.tree)]
    assert found == []


def impurities(tree: ast.Module) -> Iterator[str]:
    """Imports and calls through which a module could reach the world."""
    for one in imports(tree):
        whole = f"{one.module}.{one.name}"
        inside = one.module == "pathlib" and one.name in PURE_PATHS
        names = {one.module, one.module.partition(".")[0], whole}
        if not one.typing_only and not inside and (names & OUTSIDE or one.module == "pathlib"):
            yield f"{one.line}: imports {whole.rstrip('.')}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in OUTSIDE_CALLS:
            yield f"{node.lineno}: calls {node.func.id}"
        if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
            yield f"{node.lineno}: asks the clock by {node.func.attr}"


def test_there_is_no_cycle() -> None:
    graph = {
        name: {target for target, _ in arrows(module, typing_only=False) if target != name}
        for name, module in modules().items()
    }
    done: set[str] = set()
    for start in graph:
        assert (cycle := cycle_from(start, graph, done, ())) is None, " → ".join(cycle)


def cycle_from(
    name: str, graph: dict[str, set[str]], done: set[str], way: tuple[str, ...]
) -> tuple[str, ...] | None:
    """A way that comes back to itself, found from ``name`` on."""
    if name in way:
        return (*way[way.index(name) :], name)
    if name in done:
        return None
    for target in sorted(graph.get(name, ())):
        if found := cycle_from(target, graph, done, (*way, name)):
            return found
    done.add(name)
    return None


def test_a_room_is_a_file_of_readable_size() -> None:
    """When something grows, a concept is missing a name."""
    sizes = {module.path: len(module.text.splitlines()) for module in modules().values()}
    assert {str(path): lines for path, lines in sizes.items() if lines > MODULE_LINES} == {}


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{module.path}:{node.lineno}: {node.name}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_lives_there() -> None:
    silent = [
        str(module.path)
        for module in modules().values()
        if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert silent == []


def test_no_module_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "common", "manager", "misc"}
    assert [str(module.path) for module in modules().values() if module.path.stem in vague] == []


def test_every_package_says_so() -> None:
    for folder in SOURCES.values():
        for path in folder.rglob("*.py"):
            assert (path.parent / "__init__.py").is_file(), f"{path.parent} is no package"


class TestTheTestItself:
    """The reading of imports is itself held by examples."""

    def test_typing_only_imports_are_told_apart(self) -> None:
        tree = ast.parse(
            "if TYPE_CHECKING:\n    import os\nelse:\n    import sys\ndef f():\n    import time\n"
        )
        assert [(one.module, one.typing_only) for one in imports(tree)] == [
            ("os", True),
            ("sys", False),
            ("time", False),
        ]

    @pytest.mark.parametrize(
        "source",
        [
            "import os",
            "import os.path",
            "from os import environ",
            "from pathlib import Path",
            "from importlib import resources",
            "import urllib.request",
            "open('x')",
            "datetime.now(UTC)",
            "date.today()",
            "def f():\n    import subprocess",
        ],
    )
    def test_impure(self, source: str) -> None:
        assert list(impurities(ast.parse(source)))

    @pytest.mark.parametrize(
        "source",
        [
            "import posixpath",
            "from pathlib import PurePosixPath",
            "import urllib.parse",
            "if TYPE_CHECKING:\n    from pathlib import Path",
            "library.today",
        ],
    )
    def test_pure(self, source: str) -> None:
        assert not list(impurities(ast.parse(source)))

    def test_a_cycle_is_found(self) -> None:
        graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}}
        assert cycle_from("a", graph, set(), ()) == ("b", "c", "b")
