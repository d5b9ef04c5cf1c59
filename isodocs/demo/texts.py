"""The texts of the story, made from the example company's files by exact edits. Nothing is read here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isodocs.core import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.demo.story import Calendar, Edit, Story, TextSpec

_HEAD = re.compile(r"(---\n.*?\n---\n)(.*)", re.DOTALL)
_AFTER = "review_date"


class MisfittingEdit(ValueError):
    """An edit does not fit its text: the story and the example company have drifted apart."""


def edited(text: str, edits: Iterable[Edit], where: str) -> str:
    """A text after edits, each at the one place it names.

    Raises:
        MisfittingEdit: a place is not there, there twice, or touched by two edits.
    """
    spans = []
    for edit in edits:
        if text.count(edit.old) != 1:
            raise MisfittingEdit(f"{where}: {text.count(edit.old)} times in the text: {edit.old!r}")
        start = text.index(edit.old)
        spans.append((start, start + len(edit.old), edit.new))
    parts, position = [], 0
    for start, end, new in sorted(spans):
        if start < position:
            raise MisfittingEdit(f"{where}: two edits touch one place: {text[start:end]!r}")
        parts += [text[position:start], new]
        position = end
    return "".join([*parts, text[position:]])


class Texts:
    """Every text of the story, by its name such as ``SOP-001@2``.

    Args:
        story: what differs from the example.
        example: the example company's files, by path.
        calendar: what the days mean.
    """

    def __init__(self, story: Story, example: Mapping[str, bytes], calendar: Calendar) -> None:
        self._story = story
        self._example = example
        self._calendar = calendar
        self._paths = {
            name: path
            for path in example
            if document.is_document(path) and (name := document.read(example[path]).id)
        }

    def path(self, name: str) -> str:
        """Where the document of a text lies."""
        return self._story.texts[name].path or self._paths[name.partition("@")[0]]

    def files(self, name: str) -> dict[str, bytes]:
        """The document's text and the files it embeds, by path."""
        spec, path = self._story.texts[name], self.path(name)
        text = edited(spec.text or self._example[path].decode(), spec.replace, name)
        data = self._with_front(text, spec, name).encode()
        found = {path: data}
        for target in document.read(data).embeds:
            place = document.resolve(path, target)
            if place is None:
                raise MisfittingEdit(f"{name} embeds {target}, outside of the example")
            beside = self._example[place].decode()
            found[place] = edited(beside, spec.files.get(place, ()), f"{name}, {place}").encode()
        return found

    def _with_front(self, text: str, spec: TextSpec, where: str) -> str:
        parts = _HEAD.fullmatch(text)
        if parts is None:
            raise MisfittingEdit(f"{where}: no front matter")
        head = parts[1]
        for key, value in spec.front.items():
            head = self._set(head, key, value, where)
        return head + parts[2]

    def _set(self, head: str, key: str, value: int | str | None, where: str) -> str:
        line = re.compile(rf"^{key}: .*\n", re.MULTILINE)
        if key.endswith("_date") and isinstance(value, int):
            value = self._calendar.day(value).isoformat()
        new = "" if value is None else f"{key}: {value}\n"
        if line.search(head):
            return line.sub(lambda _: new, head, count=1)
        place = re.search(rf"^{_AFTER}: .*\n", head, re.MULTILINE)
        if value is None or place is None:
            raise MisfittingEdit(f"{where}: there is no {key} to change")
        return head[: place.end()] + new + head[place.end() :]
