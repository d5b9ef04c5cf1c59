"""What the example's documents, the README and CONTRIBUTING tell people to type, isodocs understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from isodocs.cli import program
from isodocs.demo.files import example_folder

TOP = Path(__file__).parents[2]
PAGES = [*sorted((example_folder() / "documents").rglob("*.md")), TOP / "README.md", TOP / "CONTRIBUTING.md"]
CODE = re.compile(r"^ *```.*?\n(.*?)^ *```$|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
TYPED = re.compile(r"(?:^ *\$ |^|&& |bin/|run: )isodocs ([a-z][^\n&|>#]*)", re.MULTILINE)
TEXTS = {page.name: page.read_text("utf-8") for page in PAGES}


def typed(text: str) -> list[str]:
    """The command lines of isodocs in code blocks and in code within sentences."""
    code = "\n".join(block or words for block, words in CODE.findall(text))
    return sorted({line.strip() for line in TYPED.findall(code)})


CASES = [(name, line) for name, text in TEXTS.items() for line in typed(text)]


@pytest.mark.parametrize(("page", "line"), CASES)
def test_verb_and_options_are_there(page: str, line: str) -> None:
    assert page
    verb, *words = shlex.split(line.replace("…", "X"))
    command = program.get_command(click.Context(program), verb)
    assert command is not None, line
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    assert {word for word in words if word.startswith("-")} <= known


def test_there_is_much_to_type() -> None:
    assert len(CASES) >= 60
    assert {"WI-008-approve-a-document.md", "WI-012-keys-and-people.md", "README.md"} <= {
        name for name, _ in CASES
    }
