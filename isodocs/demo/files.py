"""The files of the example company, and those that only its demonstration has."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

from isodocs.core.problem import CannotRun
from isodocs.core.settings import SETTINGS_FILE

EXAMPLE = "example-qms"
HOOKS_FILE = ".pre-commit-config.yaml"
IGNORE_FILE = ".gitignore"
SITE = "site"
_NOT_OF_THE_TEXT = ("signatures/", f"{SITE}/")


def example_folder() -> Path:
    """Where the example company lies: in the installed package, or in the checkout it is edited in.

    Raises:
        CannotRun: it is in neither.
    """
    here = Path(__file__).resolve()
    for folder in (here.parent / EXAMPLE, here.parents[2] / EXAMPLE):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise CannotRun("The example company is not part of this installation; install isodocs anew.")


def example_files() -> dict[str, bytes]:
    """The example company's files by path, without what is made from them."""
    folder = example_folder()
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {path: data for path, data in found.items() if not path.startswith(_NOT_OF_THE_TEXT)}


def own_files() -> dict[str, bytes]:
    """The files that only the demonstration has: its hooks run the isodocs that plays it."""
    return {HOOKS_FILE: _hooks().encode(), IGNORE_FILE: f"/{SITE}/\n".encode()}


def command() -> str:
    """How a hook calls the isodocs that runs now, whatever PATH says and whatever lies in the repository."""
    return f"{shlex.quote(sys.executable)} -P -m isodocs"


def _hooks() -> str:
    check, gate = (json.dumps(f"{command()} {words}") for words in ("check --staged", "gate"))
    return f"""\
# Put them in place with: pre-commit install
# They run the isodocs that made this demonstration.
default_install_hook_types: [pre-commit, pre-merge-commit, pre-push]
repos:
  - repo: local
    hooks:
      - id: isodocs-check
        name: isodocs check
        entry: {check}
        language: system
        stages: [pre-commit, pre-merge-commit]
        always_run: true
        pass_filenames: false
        require_serial: true
      - id: isodocs-gate
        name: isodocs gate
        entry: {gate}
        language: system
        stages: [pre-push, manual]
        always_run: true
        pass_filenames: false
        require_serial: true
"""
