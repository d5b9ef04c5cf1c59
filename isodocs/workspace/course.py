"""What came with each step of a mainline, sorted by what has to be known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isodocs.core.document import DOCUMENTS, SIGNATURES, is_document
from isodocs.core.history import REGULAR_MODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from isodocs.core.history import Change, Step

_START = len(SIGNATURES)


@dataclass(slots=True)
class Course:
    """A mainline, looked through once.

    Every version of a file came with a commit in which it differs from what each parent has, so only such
    changes are looked at.

    Attributes:
        texts: the versions of documents, by object name: each with a path at which it stood.
        files: the other files below ``documents/``, likewise.
        documents: the changes below ``documents/`` from step to step, each with the step's number.
        folders: the numbers of the steps with which something came, by folder below ``signatures/``.
        others: the changes that lie in neither.
    """

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    documents: list[tuple[int, Change]] = field(default_factory=list)
    folders: dict[str, list[int]] = field(default_factory=dict)
    others: list[Change] = field(default_factory=list)

    @classmethod
    def of(cls, steps: Sequence[Step]) -> Course:
        """Of a mainline, from its very first commit on."""
        found = cls()
        for number, step in enumerate(steps):
            same = SIGNATURES  # the folder of the change before: most steps sign one document
            for change in brought(step):
                path = change.path
                if not path.startswith(SIGNATURES):
                    found._sort(change)
                elif same is SIGNATURES or not path.startswith(same):
                    folder = folder_of(path)
                    same = f"{SIGNATURES}{folder}/"
                    numbers = found.folders.setdefault(folder, [])
                    if not numbers or numbers[-1] != number:
                        numbers.append(number)
            for change in step.commit.diffs[0]:
                if change.path.startswith(DOCUMENTS):
                    found.documents.append((number, change))
        return found

    def _sort(self, change: Change) -> None:
        """Put a change beside the signatures where it belongs."""
        path = change.path
        if not path.startswith(DOCUMENTS):
            self.others.append(change)
        elif change.new_mode in REGULAR_MODES:
            (self.texts if is_document(path) else self.files).setdefault(change.new, path)


def brought(step: Step) -> Iterable[Change]:
    """What its own commit changes of the mainline, and what the others that came with it bring themselves."""
    return step.commit.diffs[0] if len(step.arrivals) == 1 else _brought(step)


def _brought(step: Step) -> Iterator[Change]:
    for commit in step.arrivals:
        yield from commit.diffs[0] if commit is step.commit else commit.combined


def folder_of(path: str) -> str:
    """The folder below ``signatures/`` in which a path lies: usually a document's id."""
    end = path.find("/", _START)
    return path[_START:] if end < 0 else path[_START:end]
