"""Where the product and the brute reading differ: one sentence each; no sentence, no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from history.brute import Blobs, Shelf, folder_differences, tree_differences
from history.fold import PROTECTED, Fold
from history.product import Answer, Approved, At, Told, anew, folded, opened, plain, pushed, touched, walked
from history.writers import names_of
from model.reading import read_authority

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from history.brute import Difference, Graph
    from history.objects import Objects
    from history.product import History
    from history.whole import Whole


def walk(path: Path, objects: Objects, graph: Graph, tip: str, env: Mapping[str, str]) -> Iterator[str]:
    """Steps, arrivals and differences of the mainline; and each commit as it was written."""
    found = walked(opened(path, env), tip)
    chain = graph.chain(tip)
    if [oid for oid, _ in found] != chain:
        yield f"the chain of {tip} is {[oid for oid, _ in found]}, not {chain}"
        return
    for (oid, arrivals), expected in zip(found, graph.arrivals(tip), strict=True):
        yield from _range(f"step {oid}", arrivals, expected, objects)
        if arrivals[-1][0] != oid:
            yield f"the last arrival of {oid} is {arrivals[-1][0]}"


def between(
    path: Path, objects: Objects, graph: Graph, base: str | None, tip: str, env: Mapping[str, str]
) -> Iterator[str]:
    """The commits of a range."""
    found = pushed(opened(path, env), base, tip)
    yield from _range(f"range {base}..{tip}", found, graph.without(base, tip), objects)


def _range(name: str, found: list[tuple[str, Told]], expected: set[str], objects: Objects) -> Iterator[str]:
    names = [oid for oid, _ in found]
    if len(names) != len(set(names)) or set(names) != expected:
        yield f"{name} holds {sorted(names)}, not {sorted(expected)}"
        return
    place = {oid: number for number, oid in enumerate(names)}
    for oid, told in found:
        if any(place.get(parent, -1) > place[oid] for parent in objects.commits[oid].parents):
            yield f"{name}: {oid} comes before a parent of it"
        yield from commit(oid, told, objects)


def commit(oid: str, told: Told, objects: Objects) -> Iterator[str]:
    """What is said of one commit."""
    one = objects.commits[oid]
    said = (told.parents, told.author, told.committer, told.time, told.helpers)
    if said != (one.parents, one.author, one.committer, one.time, one.helpers):
        yield f"{oid} is {said}, not {one}"
    zero = "0" * len(oid)
    trees: list[str | None] = [objects.commits[parent].tree for parent in one.parents] or [None]
    if len(told.diffs) != len(trees):
        yield f"{oid} has {len(told.diffs)} differences, not one for each of {trees}"
        return
    for number, (diff, tree) in enumerate(zip(told.diffs, trees, strict=True)):
        expected = set(folder_differences(objects, tree, one.tree, zero))
        if len(set(diff)) != len(diff) or set(diff) != expected:
            yield f"{oid} against parent {number}: {_unlike(set(diff), expected)}"


def _unlike(found: set[Difference], expected: set[Difference]) -> str:
    return f"too many {sorted(found - expected)[:5]}, missing {sorted(expected - found)[:5]}"


def plain_differences(objects: Objects, oid: str) -> Iterator[str]:
    """The brute reading against itself: folders of one id left out, and whole trees side by side."""
    one, zero = objects.commits[oid], "0" * len(oid)
    for parent in one.parents:
        whole = tree_differences(objects.files(parent), objects.files(oid), zero)
        if whole != set(folder_differences(objects, objects.commits[parent].tree, one.tree, zero)):
            yield f"{oid}: folders and whole trees differ"


def mainline(path: Path, objects: Objects, tips: Sequence[str], env: Mapping[str, str]) -> Iterator[str]:
    """What the fold says at every tip, asked one after the other, and after every step of the last one."""
    yield from one_after_another(path, objects, tips, env)
    brute = Fold(objects)
    chain = brute.graph.chain(tips[-1])
    answer = anew(path, tips[-1], env, keep=chain)
    yield from _chain(tips[-1], answer, chain)
    if answer.first or set(answer.at) != set(chain):
        yield f"{tips[-1]} folded anew leaves out {sorted(set(chain) - set(answer.at))}"
    for oid in chain:
        brute.go(oid)
        if oid in answer.at:
            yield from _state(f"after {oid} (step {brute.step})", answer.at[oid], brute)
    yield from _state(f"at the tip {tips[-1]}, anew", answer.end, brute)
    yield from _embedders(answer, brute)


def one_after_another(
    path: Path, objects: Objects, tips: Sequence[str], env: Mapping[str, str], keep: Sequence[str] = ()
) -> Iterator[str]:
    """The fold of one tip after the other in one repository; with ``keep``, also after some steps before."""
    brute = Fold(objects)
    for tip, answer in zip(tips, folded(path, tips, env, keep=keep), strict=True):
        chain = brute.graph.chain(tip)
        yield from _chain(tip, answer, chain)
        if brute.chain != chain[: len(brute.chain)]:
            brute = Fold(objects)
        for oid in chain[len(brute.chain) :]:
            brute.go(oid)
            if oid in answer.at:
                yield from _state(f"after {oid} on the way to {tip}", answer.at[oid], brute)
        yield from _state(f"at the tip {tip}", answer.end, brute)
        yield from _embedders(answer, brute)


def _chain(tip: str, answer: Answer, chain: list[str]) -> Iterator[str]:
    if answer.chain != chain[answer.first :]:
        yield f"the chain of {tip} is {answer.chain} after {answer.first} steps, not {chain}"


def _state(where: str, found: At, brute: Fold) -> Iterator[str]:
    expected = expected_at(brute)
    for what in (
        "number",
        "time",
        "files",
        "paths",
        "contents",
        "approvals",
        "withdrawals",
        "verdicts",
        "adopted",
        "drafts",
    ):
        one, two = getattr(found, what), getattr(expected, what)
        if one != two:
            yield f"{where}, {what}: {_apart(one, two)}"


def _apart(found: object, expected: object) -> str:
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)]
        return "; ".join(f"{key}: {found.get(key)} and not {expected.get(key)}" for key in sorted(keys)[:4])
    return f"{found} and not {expected}"


def expected_at(brute: Fold) -> At:
    """What the brute fold says after its last step."""
    shelf = brute.shelf
    return At(
        number=brute.step,
        time=brute.times.get(brute.step),
        files=plain(shelf.files),
        paths={name: frozenset(path for path, _ in texts) for name, texts in shelf.texts.items()},
        contents=shelf.contents,
        approvals={
            name: tuple(
                Approved(
                    one.revision,
                    one.content,
                    one.path,
                    one.step,
                    tuple(sorted(one.writers.people)),
                    one.writers.carried,
                )
                for one in life.approvals
            )
            for name, life in brute.lives.items()
            if life.approvals
        },
        withdrawals={name: tuple(life.withdrawals) for name, life in brute.lives.items() if life.withdrawals},
        verdicts={sha: (one.code, one.step, one.weak) for sha, one in brute.verdicts.items()},
        adopted=tuple(brute.adopted),
        drafts=dict(_drafts(brute)),
    )


def _drafts(brute: Fold) -> Iterator[tuple[str, tuple[tuple[str, ...], bool]]]:
    for name in brute.shelf.texts if brute.rules else ():
        if brute.shelf.only(name):
            who = brute.writers(name)
            yield name, (tuple(sorted(who.people)), who.carried)


def _embedders(answer: Answer, brute: Fold) -> Iterator[str]:
    expected: dict[str, set[str]] = {}
    for oid in brute.graph.without(None, brute.chain[-1]):
        for place, name in brute.shelf_of(oid).embeds():
            expected.setdefault(place, set()).add(name)
    for place, names in expected.items():
        if answer.embedders(place) != names:
            yield f"embedders of {place}: {_sets(answer.embedders(place), names)}"


def looked_at(path: Path, objects: Objects, tip: str, env: Mapping[str, str]) -> Iterator[str]:
    """A step at which the content of a document changed, and at which the fold does not look at it."""
    brute = Fold(objects)
    before: dict[str, object] = {}
    for oid, names in touched(opened(path, env), tip):
        now: dict[str, object] = dict(brute.shelf_of(oid).contents)
        changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
        if not changed <= names:
            yield f"step {oid} changed {sorted(changed - names)}, which the fold did not look at"
        before = now


def kept_states(whole: Whole, asked: History, kept: Sequence[str]) -> Iterator[str]:
    """Files, paths and contents after some steps of a long history."""
    blobs = Blobs(whole.objects)
    for oid in kept:
        shelf = Shelf(whole.objects.files(oid), blobs)
        found = asked.at(oid)
        paths = {name: frozenset(path for path, _ in texts) for name, texts in shelf.texts.items()}
        expected = {"files": plain(shelf.files), "paths": paths, "contents": shelf.contents}
        for what, value in expected.items():
            if getattr(found, what) != value:
                yield f"after {oid}, {what}: {_apart(getattr(found, what), value)}"
        shown = {(name, *one) for name in shelf.texts for one in shelf.shown(name)}
        if shown != whole.shown(whole.objects.commits[oid].tree):
            yield f"the two brute readings of {oid} differ"


def ever_written(whole: Whole, asked: History) -> Iterator[str]:
    """What brought contents of every document, and who wrote it, since the beginning; what embeds what."""
    tip = whole.graph.names[-1]
    rules = read_authority(*(whole.objects.blob(whole.objects.files(tip)[path].oid) for path in PROTECTED))
    assert rules
    for name in sorted(whole.bringing):
        if asked.bringing(name) != set(whole.bringing[name]):
            yield f"{name}, bringing: {_sets(asked.bringing(name), set(whole.bringing[name]))}"
        for substantive in (False, True):
            found = asked.writing(name, -1, len(whole.objects.commits), None, substantive=substantive)
            expected = whole.writing(name, None, None, substantive=substantive)
            if found != expected:
                yield f"{name}, writing (substantive: {substantive}): {_sets(found, expected)}"
        people: set[str] = set()
        for oid in whole.writing(name, None, None, substantive=name.startswith("SUB")):
            people |= names_of(whole.objects.commits[oid], rules)
        if name in asked.alone and asked.writers(name) != people:
            yield f"{name}, people: {_sets(asked.writers(name), people)}"
    for path, names in whole.embedders.items():
        if asked.embedders(path) != names:
            yield f"{path}, embedders: {_sets(asked.embedders(path), names)}"


def written_between(
    whole: Whole, asked: History, name: str, chain: list[str], after: int, until: int
) -> Iterator[str]:
    """Who wrote a document between two steps, the content at the first being approved."""
    base = chain[after] if after >= 0 else None
    commits = whole.graph.without(base, chain[until])
    there = whole.shown(whole.objects.commits[base].tree) if base else frozenset()
    approved = min((content for one, content, _ in there if one == name), default=None)
    for substantive in (False, True):
        found = asked.writing(name, after, until, approved, substantive=substantive)
        expected = whole.writing(name, commits, approved, substantive=substantive)
        if found != expected:
            yield f"{name}, steps {after + 1} to {until}: {_sets(found, expected)}"


def _sets(found: set[str], expected: set[str]) -> str:
    return f"too many {sorted(found - expected)[:5]}, missing {sorted(expected - found)[:5]}"
