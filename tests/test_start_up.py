"""What a hook costs before it does anything: the modules it loads, and the git processes it starts.

Both lists are written down here. A hook runs at each commit of each author, and what is loaded there by the
way is paid for every time (DESIGN, section 7).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.play import Play, founded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAY = "2026-02-03"
HOOK = ("check", "--staged", "--as-of", DAY)
# A program that says at its end what it has loaded; its words are those of the command line.
TELLING = """
import atexit, json, runpy, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
runpy.run_module("isodocs", run_name="__main__")
"""

# Packages that are neither Python's nor ours. ``tzdata`` comes in where the system has no time zones; PyYAML
# with its C parser brings ``cython_runtime``, which is no file.
FOREIGN = {
    "annotated_types", "click", "cython_runtime", "pydantic", "pydantic_core", "typing_extensions",
    "typing_inspection", "tzdata", "yaml",
}  # fmt: skip
# Python's own that take long, and that nothing here needs.
DEAR = {
    "asyncio", "concurrent", "ctypes", "http", "multiprocessing", "sqlite3", "ssl", "unittest", "xml",
}  # fmt: skip
# Our own. Of the families of rules (a package without a list) all are needed.
OURS = {
    "isodocs": "cli commands core git reports rules workers workspace",
    "isodocs.commands": "check options output progress sharing",
    "isodocs.core": (
        "adoption anchors authority corrections document dossier dossier_reader dossier_writer frontmatter "
        "history identity index judging kept_index lazy library life lifecycle lineage markdown "
        "markdown_blocks markdown_inline markdown_plain moment nodes plain_front policy problem reading "
        "settings sheet statement statement_reader status suggest survey text tree validate warrant writing "
        "yaml_advice yaml_parser yaml_reader yaml_writer"
    ),
    "isodocs.git": (
        "aside asking cache complaints configured cut delta disk environment eol genuine log mainline merge "
        "names objects pipes places repository segments situation tree user_secret walk work_tree"
    ),
    "isodocs.reports": "frame problems",
    "isodocs.rules": (
        "approval authority base candidates content engine examples front_matter history identity "
        "links premises registry review revision sheets"
    ),
    "isodocs.workspace": (
        "change contents evidence folding head mainline memory opening past pieces sheets snapshot"
    ),
}
# What single commands may load besides click: packages of ours and of others.
COARSE = {
    "--help": "cli commands core",
    "--version": "cli commands core",
    "list": "cli commands core git registers reports rules workers workspace",
}
LIST_FOREIGN = FOREIGN | {"rich"}

GIT = ("rev-parse", "cat-file", "config", "for-each-ref", "symbolic-ref", "diff-index")
"""What a warm hook asks git, in this order: where the repository is; single objects, by one process for all
of them; user and remotes; the mainline and replaced objects; the branch; what is staged."""
SHIM = """#!/bin/sh
printf '%s\\n' "$*" >> '{log}'
exec '{git}' "$@"
"""


@pytest.fixture
def staged(tmp_path: Path) -> Play:
    """A company with a kept state, and a new revision in the index of a branch."""
    play = founded(tmp_path / "company")
    play.branch("draft")
    play.doc("WI-001", "2")
    play.repo.git("add", "-A")
    run(play, HOOK)
    return play


def run(play: Play, words: Sequence[str]) -> set[str]:
    """Run a command line in a fresh process; the modules that it had loaded in the end."""
    done = subprocess.run(
        [sys.executable, "-c", TELLING, *words],
        cwd=play.repo.path,
        env=play.repo.env,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def tops(modules: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def foreign(modules: set[str]) -> set[str]:
    """The packages among them that are neither Python's nor ours."""
    found = tops(modules) - sys.stdlib_module_names - {"isodocs", "sitecustomize", "usercustomize"}
    return {name for name in found if not name.startswith("_")}


def ours(modules: set[str]) -> set[str]:
    """Our modules among them, of the families of rules only the families."""
    found = {name for name in modules if name.startswith("isodocs.")}
    return {name for name in found if name.rpartition(".")[0] in OURS}


def listed() -> set[str]:
    return {f"{package}.{name}" for package, names in OURS.items() for name in names.split()}


def complaint(what: str, new: Iterable[str]) -> str:
    return (
        f"{what} now loads {', '.join(sorted(new))}. Load it where it is needed (an import in the function), "
        f"or show that nothing gets slower and write it into the list in {Path(__file__).name}."
    )


def test_what_the_hook_loads_of_others(staged: Play) -> None:
    loaded = run(staged, HOOK)
    assert "click" in loaded
    new = foreign(loaded) - FOREIGN
    assert not new, complaint("The hook", new)
    dear = tops(loaded) & DEAR
    assert not dear, complaint("The hook", dear)


def test_what_the_hook_loads_of_ours(staged: Play) -> None:
    loaded = ours(run(staged, HOOK))
    new = loaded - listed()
    assert not new, complaint("The hook", new)
    gone = listed() - loaded
    assert not gone, f"The hook loads {', '.join(sorted(gone))} no longer: take it off the list."


@pytest.mark.parametrize("command", COARSE)
def test_what_other_commands_load(staged: Play, command: str) -> None:
    words = (command, "--as-of", DAY) if command == "list" else (command,)
    run(staged, words)
    loaded = run(staged, words)
    new = foreign(loaded) - (LIST_FOREIGN if command == "list" else {"click"})
    new |= {name for name in ours(loaded) if name.count(".") == 1} - {
        f"isodocs.{name}" for name in COARSE[command].split()
    }
    new |= tops(loaded) & DEAR if command != "list" else set()
    assert not new, complaint(f"isodocs {command}", new)


def test_what_the_hook_asks_git(staged: Play, tmp_path: Path) -> None:
    log, real = tmp_path / "asked", subprocess.check_output(["which", "git"], text=True).strip()
    shim = tmp_path / "bin" / "git"
    shim.parent.mkdir()
    shim.write_text(SHIM.format(log=log, git=real))
    shim.chmod(0o755)
    staged.repo.env["PATH"] = f"{shim.parent}:{staged.repo.env['PATH']}"
    run(staged, HOOK)  # which asks for the version of a git that it has not seen before
    log.unlink()
    run(staged, HOOK)
    asked = [re.sub(r"^--no-pager( -c \S*)*", "", line).split()[0] for line in log.read_text().splitlines()]
    assert asked == list(GIT), f"The hook asked git {len(asked)} times: {' '.join(asked)}."
