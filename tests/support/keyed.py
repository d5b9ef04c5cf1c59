"""Libraries of which only single keys can be asked, as a hook must get along with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, TypeVar

from isodocs.reports import problems as report
from isodocs.rules import engine
from isodocs.rules.bundles import Bundle, Bundles, bundle
from isodocs.rules.premises import premises_of
from isodocs.rules.sheets import Sheets

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.life import State

K = TypeVar("K")
V = TypeVar("V")


class WentThrough(AssertionError):
    """Something went through all keys."""


class Keyed(Mapping[K, V]):
    """A mapping of which only single keys can be asked."""

    def __init__(self, whole: Mapping[K, V]) -> None:
        self.whole = whole

    def __getitem__(self, key: K) -> V:
        return self.whole[key]

    def __contains__(self, key: object) -> bool:
        return key in self.whole

    def __len__(self) -> NoReturn:
        raise WentThrough

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
    for table in ("documents", "readings", "files", "paths", "about"):
        setattr(tree, table, Keyed(getattr(tree, table)))
    copy = replace(state, tree=tree)
    copy.lives = Keyed(state.lives)  # type: ignore[assignment] # a Mapping that only answers
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
        sheets=Keyed(library.sheets) if library.sheets is not None else None,
        views=Keyed(library.views),
        base_views=Keyed(library.base_views),
        indexes=lambda _: library.index,
    )


def with_sheets(library: Library, kept: dict[tuple[str, str], bytes]) -> Library:
    """The library with kept sheets, and those that are made now kept for the next time.

    Args:
        library: what is judged.
        kept: sheets by path and what else they follow from.
    """
    premises = premises_of(library)

    def key(path: str) -> tuple[str, str]:
        return path, f"{library.files[path].oid} {premises.digest}"

    def keep(path: str, data: bytes) -> None:
        kept[key(path)] = data

    def known(path: str) -> bytes | None:
        entry = library.files.get(path)
        return kept.get(key(path)) if entry is not None and entry.regular else None

    sheets = Sheets(lambda: list(library.readings), library.readings.get, premises, known, keep)
    return replace(library, sheets=sheets)


def with_bundles(library: Library, kept: dict[tuple[str, str], bytes]) -> Library:
    """The same, with what the sheets ask of each other gathered, written down and read again."""
    sheeted = with_sheets(library, kept)
    assert sheeted.sheets is not None
    paths = sorted(sheeted.sheets)
    made = [bundle(sheeted.sheets[path] for path in paths[start::3]) for start in range(3)]
    return replace(sheeted, bundles=Bundles(Bundle.from_bytes(one.to_bytes()) for one in made))


def answers(library: Library) -> str:
    """Every problem, and what is printed of them."""
    found = engine.run(library)
    return f"{found}\n{report.text(found, library, colour=False)}\n{report.to_json(found, library)}"
