"""Other tools that keep documents under control, on the same texts."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import yaml

from benchmarks.measure import Command

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.place import Place

SETTINGS = "settings:\n  digits: 5\n  prefix: SOP\n  sep: ''\n"


def doorstop(place: Place) -> Command | None:
    """Its default check of a project whose items are the documents of a place; None where it is missing."""
    if find_spec("doorstop") is None:
        return None
    folder = place.scratch / "doorstop"
    if not folder.exists():
        _project(folder, place)
    return Command((sys.executable, "-m", "doorstop.cli.main", "--quiet"), folder, place.environ)


def _project(folder: Path, place: Place) -> None:
    """A project with an item for each document, in git as doorstop wants it."""
    items = folder / "items"
    items.mkdir(parents=True)
    (items / ".doorstop.yml").write_text(SETTINGS, encoding="utf-8")
    for number, path in enumerate(sorted(place.path.glob("documents/**/*.md")), 1):
        text = path.read_text(encoding="utf-8").partition("\n---\n")[2]
        item = {
            "active": True,
            "derived": False,
            "header": "",
            "level": f"1.{number}",
            "links": [],
            "normative": True,
            "ref": "",
            "reviewed": None,
            "text": text.strip(),
        }
        (items / f"SOP{number:05d}.yml").write_text(yaml.safe_dump(item), encoding="utf-8")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Items")):
        Command(("git", *words), folder, place.environ)()
