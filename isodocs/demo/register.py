"""Edits of ``people.yml`` by its lines: keys and roles of a person, with everything around left as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_register
from isodocs.core.settings import REGISTER_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from isodocs.core.authority import Register

_INDENT = 4


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key of a person, as it stands in the register.

    Attributes:
        key: kind and base64.
        since: from which day it counts, which is also the day of its enrolment.
        until: until which day, exclusive.
        checked_by: who checked the person's identity.
        proof: the signature over the challenge of enrolment; empty where there is none.
    """

    key: str
    since: date
    until: date | None = None
    checked_by: str = ""
    proof: str = ""

    def lines(self) -> list[str]:
        """Its lines in ``people.yml``."""
        lines = [f"      - key: {self.key}", f"        from: {self.since}"]
        if self.until:
            lines.append(f"        until: {self.until}")
        if self.proof:
            lines += ["        enrolled:", f"          on: {self.since}"]
            lines += [f"          checked_by: {self.checked_by}"] if self.checked_by else []
            lines += ["          proof: |", *(f"            {line}" for line in self.proof.splitlines())]
        return lines


def with_keys(text: str, person: str, entries: Sequence[KeyEntry]) -> str:
    """The register in which a person has exactly these keys.

    Raises:
        CannotRun: the person is not there, or the result could not be read.
    """
    lines = text.splitlines()
    start, end = _part(lines, person, "keys")
    new = [line for entry in entries for line in entry.lines()]
    lines[start:end] = ["    keys:", *new] if entries else ["    keys: []"]
    return _read_again(lines, person, keys=len(entries))


def with_role(text: str, person: str, role: str, since: date, until: date | None = None) -> str:
    """The register in which a person holds one role more.

    Raises:
        CannotRun: the person is not there, or the result could not be read.
    """
    lines = text.splitlines()
    _, end = _part(lines, person, "roles")
    ends = f", until: {until}" if until else ""
    lines.insert(end, f"      - {{role: {role}, from: {since}{ends}}}")
    return _read_again(lines, person)


def _part(lines: list[str], person: str, key: str) -> tuple[int, int]:
    """First and last line (exclusive) of one key of a person."""
    begin = _find(lines, rf"  {re.escape(person)}:(\s|$)", 0, len(lines), person)
    after = _end(lines, begin, _INDENT - 2)
    start = _find(lines, rf"    {key}:(\s|$)", begin + 1, after, person)
    return start, _end(lines, start, _INDENT)


def _find(lines: list[str], pattern: str, start: int, end: int, person: str) -> int:
    for number in range(start, end):
        if re.match(pattern, lines[number]):
            return number
    raise CannotRun(f"{REGISTER_FILE} has no entry of {person} that can be changed line by line.")


def _end(lines: list[str], start: int, indent: int) -> int:
    """The line after a part: behind its last line, before the next that is indented as little as its head."""
    end = start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return end
        end = number + 1 if line.strip() else end
    return end


def _read_again(lines: list[str], person: str, keys: int | None = None) -> str:
    text = "\n".join(lines) + "\n"
    entry = _register(text).people[person]
    if keys is not None and len(entry.keys) != keys:
        raise CannotRun(f"The keys of {person} in {REGISTER_FILE} cannot be changed line by line.")
    return text


def _register(text: str) -> Register:
    register, problems = read_register(text.encode())
    if register is None:
        raise CannotRun(f"{REGISTER_FILE} would be unreadable afterwards: {problems[0].message}.")
    return register
