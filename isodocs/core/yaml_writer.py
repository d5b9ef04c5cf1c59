"""Ways to write one text as a YAML value. Whoever uses them reads the result again."""

from __future__ import annotations

import re

_NEEDS_ESCAPE = re.compile('[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff"\\\\]')
_SHORT = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def as_quoted(text: str, mark: str) -> str | None:
    """The text in single or double quotes, on one line; None where single quotes cannot hold it."""
    if mark == '"':
        return '"' + _NEEDS_ESCAPE.sub(lambda found: _escaped(found[0]), text) + '"'
    if not text.isprintable():
        return None
    return "'" + text.replace("'", "''") + "'"


def as_block(text: str, line_end: str, old: str) -> str | None:
    """The text as a literal block, indented like the block ``old``; None if it cannot be written so.

    The header says ``|`` or ``|-`` as the text ends with a line break or not.
    """
    lines = text.removesuffix("\n").split("\n")
    if not lines[0] or lines[0][0] in " \t" or not lines[-1] or "\r" in text:
        return None
    found = re.search(r"[\r\n]+([ ]+)\S", old)
    indent = found[1] if found else "  "
    header = "|" if text.endswith("\n") else "|-"
    return line_end.join([header, *(indent + line if line else "" for line in lines)])


def _escaped(character: str) -> str:
    return _SHORT.get(character) or (
        f"\\x{ord(character):02x}" if character < "\xff" else f"\\u{ord(character):04x}"
    )
