"""Reads SCENARIOS.md (kept here as `table.md`) and names the few lines where we differ from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LINE = re.compile(r"^\| (?P<id>[a-z][a-z0-9-]*)(?P<later> ◦)? \| (?P<flow>.+?) \| (?P<expected>.+?) +\|$")
CODE = re.compile(r"\b[A-Z]{2}[0-9]{3}\b")

# Lines of the table that the documents themselves contradict, with the verdict expected instead.
DEVIATIONS = {
    # After `-X theirs` the tree holds branch b's text, which nobody approved: as in `samenum`, a draft.
    "race-same": "refuse AP101+RV101+RV106 · WI-001 effective 2 / draft 2",
}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        id: the flow's name.
        later: whether the line comes with the approval issue (marked ◦).
        flow: what happens, in words.
        table: the expected verdict as the table has it.
    """

    id: str
    later: bool
    flow: str
    table: str

    @property
    def expected(self) -> str:
        """The verdict we hold the product to."""
        return DEVIATIONS.get(self.id, self.table)

    @property
    def accepted(self) -> bool:
        """Whether the gate lets the push in."""
        return self.expected.startswith("accept")

    @property
    def errors(self) -> frozenset[str]:
        """The codes that refuse the push."""
        gate = self.expected.split(" · ")[0]
        return frozenset() if self.accepted else frozenset(CODE.findall(gate))

    @property
    def warnings(self) -> frozenset[str]:
        """The codes named as warnings."""
        return frozenset(re.findall(r"\b([A-Z]{2}[0-9]{3}) warning", self.expected))

    @property
    def status(self) -> frozenset[str]:
        """The status of each id named; empty where none is asked."""
        _, _, text = self.expected.partition(" · ")
        text = re.split(r" \(|;| — |, [A-Z]{2}[0-9]{3} warning", text)[0]
        parts = re.split(r", (?=[A-Z])", text) if text else []
        return frozenset(part.strip() for part in parts)


@cache
def rows() -> dict[str, Row]:
    """The table's lines by id, in its order."""
    text = (Path(__file__).parent / "table.md").read_text(encoding="utf-8")
    found = [match for line in text.splitlines() if (match := LINE.match(line)) and match["id"] != "id"]
    return {one["id"]: Row(one["id"], bool(one["later"]), one["flow"], one["expected"]) for one in found}
