"""Runs tests against a mutant, in a process of its own: `python -m mutation.run MODULE NUMBER TESTS…`.

The faulty source takes the module's place before anything imports it; no file is touched.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mutation.mutants import mutate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

ROOT = Path(__file__).parents[2]
KILLED, SURVIVED = 1, 0
LONGEST = 200  # seconds of processor; all these tests together need half of it


def path_of(module: str) -> Path:
    """Where a module's source lies."""
    return ROOT / f"{module.replace('.', '/')}.py"


class Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module with a fault instead of its source."""

    def __init__(self, module: str, number: int) -> None:
        self.module, self.number = module, number

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module, if it is the one."""
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the faulty source."""
        place = path_of(self.module)
        module.__file__ = str(place)
        code = compile(mutate(place.read_text("utf-8"), self.number), str(place), "exec")
        exec(code, module.__dict__)  # noqa: S102 - our own source, with one fault


def main(words: Sequence[str]) -> int:
    """1 if some test fails, 0 if none notices; what never ends is stopped, and so noticed."""
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
    module, number, *tests = words
    sys.meta_path.insert(0, Faulty(module, int(number)))
    options = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:randomly", "-W", "ignore"]
    return SURVIVED if pytest.main([*options, *tests]) is pytest.ExitCode.OK else KILLED


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
