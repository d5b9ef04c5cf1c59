"""A company of 64 documents in which much is wrong, for what must find all of it: see ``FAULTS``.

The history is that of the benchmarks' generator, with merges and pictures; the faults come in a commit on the
mainline and in its work tree.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from benchmarks.generator import Shape, generate
from support.gitrepo import Repo

if TYPE_CHECKING:
    from pathlib import Path

FAULTS = frozenset({
    "AP101", "AP105", "AP108", "AP109", "AU101", "CT101", "FM101", "FM102", "FM104", "FM106", "HX101",
    "ID101", "ID102", "ID103", "LN101", "LN102", "LN105", "LN106", "RV101", "RV103",
})  # fmt: skip
"""Codes of which each must be found, or the company is not as broken as it should be."""

WHEN = ("--as-of", "2031-03-31")
SHAPE = Shape(documents=64, revisions=2, merges=0.2, pictures=0.2, renames=0.1, sections=4, seed=7)


class Broken:
    """The company's repository.

    Attributes:
        repo: it, on the mainline, with a work tree that is not committed.
    """

    def __init__(self, path: Path) -> None:
        generate(path, SHAPE)
        self.repo = Repo(path, create=False)
        self.path = path
        self.files = sorted(self._below("documents", ".md"))
        self._commit_faults()
        self._spoil()

    def _below(self, folder: str, ending: str) -> list[str]:
        found = (self.path / folder).rglob(f"*{ending}")
        return [path.relative_to(self.path).as_posix() for path in found]

    def document(self, number: int) -> Path:
        """The file of a document, by its place in the alphabet."""
        return self.path / self.files[number]

    def name(self, number: int) -> str:
        """Its id."""
        found = re.search(r"^id: (\S+)$", self.document(number).read_text("utf-8"), re.MULTILINE)
        assert found
        return found[1]

    def statements(self, number: int) -> list[Path]:
        """The statements about it in the work tree."""
        return sorted((self.path / "signatures" / self.name(number)).rglob("*.json"))

    def edit(self, number: int, old: str, new: str) -> None:
        """Change a place of its text."""
        text = self.document(number).read_text("utf-8")
        assert old in text
        self.document(number).write_text(text.replace(old, new, 1), "utf-8")

    def add(self, number: int, words: str) -> None:
        """Add a paragraph."""
        self.document(number).write_text(self.document(number).read_text("utf-8") + f"\n{words}\n", "utf-8")

    def _commit_faults(self) -> None:
        """What is wrong in the past: bad and misplaced signatures, files that are gone."""
        self.statements(10)[0].with_suffix(".json.sig").write_text("no signature\n")
        (moved,) = self.statements(11)[:1]
        elsewhere = self.path / "signatures" / self.name(12) / "9" / moved.name
        elsewhere.parent.mkdir(parents=True)
        moved.rename(elsewhere)
        moved.with_suffix(".json.sig").rename(elsewhere.with_suffix(".json.sig"))
        self.document(13).unlink()
        (self.path / "signatures" / "notes.txt").write_text("what is this?\n")
        self.repo.git("add", "-A")
        self.repo.commit("Faults")

    def _spoil(self) -> None:
        """What is wrong in the work tree."""
        copy = self.document(20).with_name(f"{self.name(20)}-copy.md")
        copy.write_bytes(self.document(20).read_bytes())
        self.document(21).with_name(self.document(21).name.upper().replace(".MD", ".md")).write_text("# x\n")
        self.edit(22, f"id: {self.name(22)}", f"id: {self.name(22).lower()}")
        self.edit(23, "title:", "titel:")
        self.edit(24, "title:", "title: [")
        self.add(
            25, f"See [a](SOP-9999-gone.md), [b]({self.document(13).name}), [c](isodocs:{self.name(26)}#no)."
        )
        self.add(26, f"See [d](../old/{self.name(27)}-old-name.md) and [e](../../people.yml).")
        self.add(28, "<<<<<<< ours")
        self.add(29, f"See [f](../../signatures/{self.name(30)}/1/x.json), [g](nothing-here.md).")
        self.statements(31)[0].write_text(json.dumps({"format": 1}))
        self.statements(32)[0].unlink()
        self.statements(33)[0].with_suffix(".json.sig").unlink()
        self.document(34).unlink()
        self.document(35).unlink()
        self.document(35).symlink_to(self.document(36).name)
        self.edit(37, "revision: 2", "revision: 3")
        self.edit(38, "revision: 2", "revision: 9")
        settings = self.path / "isodocs.yml"
        settings.write_text(
            settings.read_text("utf-8").replace("review_months: 600", "review_months: 60"), "utf-8"
        )
