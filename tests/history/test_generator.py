"""The generated histories hold what they are made for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from history.brute import Graph, Shelf, is_document
from history.fold import Fold
from history.generator import make

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from history.generator import Made
    from history.objects import Entry

SEEDS = 60
WANTED = (
    "merge",
    "octopus",
    "several merge bases",
    "merge that differs from all parents",
    "merge that equals one parent",
    "one parent twice",
    "parent behind another parent",
    "second root",
    "mainline turned",
    "sha256",
    "dates backwards",
    "dates equal",
    "empty commit",
    "moved",
    "moved to another folder",
    "case only",
    "returned",
    "id twice",
    "one picture in two documents",
    "picture moved",
    "mode changed",
    "link",
    "submodule",
    "folder for file",
    "CRLF",
    "mixed line ends",
    "co-author",
    "another committer",
    "approved",
    "approved again",
    "carried",
    "withdrawn",
    "signed",
    "register adopted",
    "commits before the root of trust",
)


@pytest.fixture(scope="module")
def held() -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in range(SEEDS):
        found.update(kinds(make(seed)))
    return found


@pytest.mark.parametrize("kind", WANTED)
def test_some_history_holds(kind: str, held: Counter[str]) -> None:
    assert held[kind] > 1


def test_a_seed_makes_the_same_history_again() -> None:
    one, two = make(7), make(7)
    assert one.world.commits == two.world.commits
    assert one.tips == two.tips


def test_fewer_commits_are_the_beginning_of_more() -> None:
    long, short = make(7).world.commits, make(7, 9).world.commits
    assert list(long.items())[: len(short)] == list(short.items())


def kinds(made: Made) -> Iterator[str]:
    """What a history holds."""
    graph = Graph(made.world.commits)
    if made.object_format == "sha256":
        yield "sha256"
    if any(one not in graph.chain(made.tips[-1]) for one in made.tips):
        yield "mainline turned"
    for oid in made.world.commits:
        yield from _of_graph(made, graph, oid)
        yield from _of_files(made, oid)
        yield from _of_text(made, oid)
    yield from _of_fold(made, graph)


def _of_graph(made: Made, graph: Graph, oid: str) -> Iterator[str]:
    one = made.world.commits[oid]
    parents = [made.world.commits[parent] for parent in one.parents]
    if len(parents) > 1:
        yield "merge"
        both = graph.members(graph.reach[one.parents[0]] & graph.reach[one.parents[1]])
        if len([tip for tip in both if not any(graph.before(tip, more) for more in both)]) > 1:
            yield "several merge bases"
    if len(parents) > 2:
        yield "octopus"
    if len(set(one.parents)) < len(one.parents):
        yield "one parent twice"
    if any(graph.before(two, other) for two in one.parents for other in one.parents):
        yield "parent behind another parent"
    yield from _of_saying(made, oid)


def _of_saying(made: Made, oid: str) -> Iterator[str]:
    one = made.world.commits[oid]
    parents = [made.world.commits[parent] for parent in one.parents]
    if not parents and oid != "c1":
        yield "second root"
    if any(parent.time > one.time for parent in parents):
        yield "dates backwards"
    if any(parent.time == one.time for parent in parents):
        yield "dates equal"
    if one.helpers:
        yield "co-author"
    if one.committer != one.author:
        yield "another committer"


def _of_files(made: Made, oid: str) -> Iterator[str]:
    parents = made.world.commits[oid].parents
    here = made.world.files(oid)
    before = [made.world.files(parent) for parent in parents]
    if len(parents) > 1:
        own = [path for path, entry in here.items() if all(entry != one.get(path) for one in before)]
        yield "merge that differs from all parents" if own else "merge"
        yield "merge that equals one parent" if here in before else "merge"
    modes = {entry.mode for path, entry in here.items() if path.startswith("documents/")}
    yield from (name for mode, name in (("120000", "link"), ("160000", "submodule")) if mode in modes)
    if not before:
        return
    if here == before[0]:
        yield "empty commit"
    gone = {path: entry for path, entry in before[0].items() if path not in here}
    come = {path: entry for path, entry in here.items() if path not in before[0]}
    yield from _of_moves(gone, come)
    if any(before[0][path].mode != here[path].mode for path in before[0].keys() & here.keys()):
        yield "mode changed"
    if any(new.startswith(f"{old}/") for new in come for old in gone):
        yield "folder for file"
    older = [made.world.files(one) for one in list(made.world.commits)[: int(oid[1:]) - 1]]
    if any(
        is_document(path) and any(one.get(path) == entry for one in older) for path, entry in come.items()
    ):
        yield "returned"


def _of_moves(gone: Mapping[str, Entry], come: Mapping[str, Entry]) -> Iterator[str]:
    for old, entry in gone.items():
        for new, other in come.items():
            if entry == other and is_document(old) and is_document(new):
                yield "moved"
                if old.rpartition("/")[0] != new.rpartition("/")[0]:
                    yield "moved to another folder"
                if old.lower() == new.lower():
                    yield "case only"
            if entry == other and old.endswith(".png"):
                yield "picture moved"


def _of_text(made: Made, oid: str) -> Iterator[str]:
    shelf = Shelf(made.world.files(oid), made.blobs)
    if any(len(texts) > 1 for texts in shelf.texts.values()):
        yield "id twice"
    places = Counter(place for place, _ in set(shelf.embeds()))
    if any(count > 1 for count in places.values()):
        yield "one picture in two documents"
    for path, entry in shelf.files.items():
        if is_document(path) and entry.regular:
            data = made.world.blob(entry.oid)
            crlf, every = data.count(b"\r\n"), data.count(b"\n")
            if crlf:
                yield "CRLF" if crlf == every else "mixed line ends"


def _of_fold(made: Made, graph: Graph) -> Iterator[str]:
    fold = Fold(made.world)
    for oid in graph.chain(made.tips[-1]):
        fold.go(oid)
    if fold.adopted and fold.adopted[0] > 0:
        yield "commits before the root of trust"
    yield from ["register adopted"] * (len(fold.adopted) - 1)
    for life in fold.lives.values():
        yield from ["approved"] * len(life.approvals[:1]) + ["approved again"] * len(life.approvals[1:])
        yield from ["carried" for one in life.approvals if one.writers.carried]
        yield from ["withdrawn"] * len(life.withdrawals)
    for verdict in fold.verdicts.values():
        if verdict.statement.said("assurance") == "signed" and not verdict.code:
            yield "signed"
