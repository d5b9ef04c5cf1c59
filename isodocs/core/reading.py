"""Reading the files people write into models: documents in full, settings, the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import document, frontmatter
from isodocs.core.authority import Register
from isodocs.core.library import Reading
from isodocs.core.nodes import Mapping, Scalar
from isodocs.core.problem import START, Problem
from isodocs.core.settings import REGISTER_FILE, SETTINGS_FILE, Settings
from isodocs.core.statement import FORMAT, sha256
from isodocs.core.validate import validate

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TypeVar

    from pydantic import BaseModel

    M = TypeVar("M", bound=BaseModel)


def read_document(path: str, data: bytes, declared: Collection[str] = ()) -> Reading:
    """Read one document file in full.

    Args:
        path: in the repository.
        data: the exact bytes of the blob.
        declared: front matter keys that the settings add.
    """
    parsed = frontmatter.parse(data)
    front, problems = None, parsed.problems
    if parsed.front is not None:
        front, more = validate(
            parsed.front, document.FrontMatter, extra=declared, allow_x=True, span=parsed.front.span
        )
        problems += more
    found = tuple(problem.at(path) for problem in problems)
    return Reading(path, len(data), sha256(data), parsed, front, found)


def read_settings(data: bytes, path: str = SETTINGS_FILE) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Read ``isodocs.yml``; None with the problems where it cannot be used."""
    return _read(data, path, Settings)


def read_register(data: bytes, path: str = REGISTER_FILE) -> tuple[Register | None, tuple[Problem, ...]]:
    """Read ``people.yml``; None with the problems where it cannot be used."""
    return _read(data, path, Register)


def _read(data: bytes, path: str, model: type[M]) -> tuple[M | None, tuple[Problem, ...]]:
    node, problems = frontmatter.parse_yaml(data, path)
    if not isinstance(node, Mapping):
        fault = Problem("FM102", "This is not a table of keys and values.", path=path, span=START)
        return None, problems or (fault,)
    if later := _later_format(node):
        return None, (later.at(path),)
    value, found = validate(node, model, span=node.span)
    problems += tuple(problem.at(path) for problem in found)
    return (None if problems else value), problems


def _later_format(node: Mapping) -> Problem | None:
    """What to say of a file that a newer isodocs wrote: nothing else in it can be judged."""
    stated = node.get("format")
    if not isinstance(stated, Scalar) or not stated.text.isdecimal() or int(stated.text) <= FORMAT:
        return None
    return Problem(
        "FM105",
        f"This file has format {stated.text}; this isodocs reads format {FORMAT}.",
        f"Use a newer isodocs, one that reads format {stated.text}.",
        span=stated.span,
    )
