"""Libraries of which only single keys can be asked, as a hook must get along with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, TypeVar

from isodocs.reports import problems as report
from isodocs.rules import engine

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.life import State

K = TypeVar("K")
V = TypeVar("V")


class WentThrough(AssertionError):
    """Something went through all keys."""


class Keyed(Mapping[K, V]):
    """A mapping of which only single keys can be asked, and how many there are."""

    def __init__(self, whole: Mapping[K, V]) -> None:
        self.whole = whole

    def __getitem__(self, key: K) -> V:
        return self.whole[key]

    def __contains__(self, key: object) -> bool:
        return key in self.whole

    def __len__(self) -> int:
        return len(self.whole)

    def __iter__(self) -> Iterator[K]:
        raise WentThrough

    def keys(self) -> NoReturn:
        raise WentThrough

    def values(self) -> NoReturn:
        raise WentThrough

    def items(self) -> NoReturn:
        raise WentThrough


def keyed_state(state: State) -> State:
    """A state of which only single keys can be asked."""
    tree = state.tree.fork()
    for table in ("documents", "readings", "files", "paths", "statements", "about"):
        setattr(tree, table, Keyed(getattr(tree, table)))
    copy = replace(state, tree=tree)
    copy.lives, copy.judged = Keyed(state.lives), Keyed(state.judged)  # type: ignore[assignment]
    return copy


def keyed(library: Library) -> Library:
    """The library, of which only single keys can be asked; the index is that of the whole one."""
    evidence = library.evidence
    return replace(
        library,
        state=keyed_state(library.state),
        base=keyed_state(library.base) if library.base else None,
        evidence=replace(
            evidence,
            documents=Keyed(evidence.documents),
            digests=Keyed(evidence.digests),
            statements=Keyed(evidence.statements),
            settings=Keyed(evidence.settings),
            registers=Keyed(evidence.registers),
        ),
        readings=Keyed(library.readings),
        views=Keyed(library.views),
        base_views=Keyed(library.base_views),
        indexes=library.index,
    )


def answers(library: Library) -> str:
    """Every problem, and what is printed of them."""
    found = engine.run(library)
    return f"{found}\n{report.text(found, library, colour=False)}\n{report.to_json(found, library)}"
