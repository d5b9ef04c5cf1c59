"""PyYAML's event parser: libyaml's where it is there, else the one in Python. Slower, same events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import yaml.cyaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Callable


class EventParser(Protocol):
    """What gives one event after the other."""

    def get_event(self) -> Any:  # noqa: ANN401 - the parser's events carry no types
        """The next event; a ``YAMLError`` where the text is not YAML."""


class PlainParser(Reader, Scanner, Parser):
    """The parser in Python."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)


new_parser: Callable[[str], EventParser] = getattr(yaml.cyaml, "CParser", PlainParser)
