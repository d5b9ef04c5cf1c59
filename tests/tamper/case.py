"""A semantic case: what somebody does to be believed, and what gate and status must say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenarios.flows_shapes import r2_signed
from scenarios.table import CODE
from support.play import Play
from support.statements import Key, canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT = "documents/WI-001-text.md"
QM = "quality-manager"
Tampering = Callable[[Path], Play]


@dataclass(frozen=True)
class Case:
    """One line of the tables.

    Attributes:
        name: of the case, and of the test.
        play: plays it into git; its docstring says what somebody tries.
        expected: ``refuse CODES · status``, as in SCENARIOS.md; the status if the push had been let in. Of
            what is not named, revision 1 is effective; ``nothing`` is nothing at all.
    """

    name: str
    play: Tampering
    expected: str

    @property
    def errors(self) -> frozenset[str]:
        """The codes with which the gate refuses the push."""
        gate, _, _ = self.expected.partition(" · ")
        return frozenset(CODE.findall(gate)) if gate.startswith("refuse ") else frozenset()

    @property
    def warnings(self) -> frozenset[str]:
        """The codes of warnings, where the push is let in because it changes nothing."""
        gate, _, _ = self.expected.partition(" · ")
        return frozenset(CODE.findall(gate)) if gate.startswith("accept") else frozenset()

    @property
    def status(self) -> frozenset[str]:
        """The status of every document."""
        _, _, text = self.expected.partition(" · ")
        if text == "nothing":
            return frozenset()
        told = {line.split()[0]: line for line in text.split(" · ") if line}
        usual = {name: f"{name} effective 1" for name in ("SOP-001", "WI-001")}
        return frozenset({**usual, **told}.values())


def merged(play: Play, branch: str = "b", by: str = "max") -> Play:
    """The branch merged and pushed."""
    play.merge(branch, by=by)
    play.push()
    return play


def pushed(play: Play, by: str = "max") -> Play:
    """The work tree committed to the mainline and pushed."""
    play.commit(by)
    play.push()
    return play


def drafted(play: Play, by: str = "max") -> Play:
    """Revision 2 of WI-001 on branch b, not signed yet."""
    play.branch("b")
    play.revise("WI-001", "2", by=by)
    return play


def honestly_signed(play: Play) -> str:
    """Revision 2 of WI-001 on branch b, signed by jane; the path of her statement."""
    r2_signed(play)
    return play.last_path


def value_of(play: Play, path: str) -> dict[str, Any]:
    """What a statement says."""
    found = json.loads(play.read(path))
    assert isinstance(found, dict)
    return found


def say(play: Play, path: str, **changes: object) -> None:
    """A statement rewritten in place; its signature stays as it was."""
    play.write(path, canonical({**value_of(play, path), **changes}))


def forge(play: Play, data: bytes, by: str = "jane") -> None:
    """The last statement's bytes replaced, and signed by a key over just these bytes."""
    play.write(play.last_path, data)
    play.write(f"{play.last_path}.sig", Key(by).sign(data))


def lying(play: Play, by: str = "jane", key: str = "", **changes: object) -> Play:
    """Revision 2 with a statement that says something else than an honest one would, properly signed."""
    drafted(play)
    play.sign("WI-001", by)
    value = {**value_of(play, play.last_path), **changes}
    drop(play, play.last_path)
    play._put(value, key or by)
    play.commit("max")
    return merged(play)


def drop(play: Play, *paths: str) -> None:
    """Statements taken out of the work tree, with their signatures."""
    for path in paths:
        play.write(path, None)
        play.write(f"{path}.sig", None)


def replaced(play: Play, path: str, texts: Mapping[str, str]) -> None:
    """Words of a file exchanged."""
    data = play.read(path)
    for old, new in texts.items():
        assert old.encode() in data, (old, data)
        data = data.replace(old.encode(), new.encode())
    play.write(path, data)
